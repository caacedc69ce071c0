// Package cluster lets several processes share the work of one store in
// ClickHouse.
//
// Rows are read by whole allocation groups, in batches, by engines that live as
// long as their batch ([Counting], [Member]): memory does not grow with the rows.
// What an engine adds up of each group, its [engine.Share], is written to the
// cluster; the servers add up the newest shares of all groups; and whoever wants
// an answer composes an engine of the sums ([Answer]).
//
// Members agree on moments: instants at which what was told up to a sequence is
// counted. The member with the smallest name that is alive, the conductor, writes
// them. The slots of the store are shared out among the members that are alive;
// each brings the groups of its slots up to the newest moment, and once all slots
// are there every member composes the answer of exactly that moment. So all show
// the same. Nothing is wrong where two members think that they own one slot, or
// two that they conduct: work is done twice then, and counts once.
package cluster
