// Package engine holds the state between events and sums.
//
// Rows arrive in deliveries ([Engine.Begin], [Load.Add], [Load.Commit]), or in
// parts of streams, many of them at once ([Engine.Open], [Load.Deliver],
// [Load.AddRows], [Load.CommitParts], [Engine.Tell]). The engine decides what
// each row is worth, accepted, rejected, a duplicate, superseded, cancelled or
// excluded, by the identity rules; keeps the rows in force by allocation group;
// and adds the pieces of every group into day sums up to the as-of instant. A
// later delivery takes out and puts back only the groups whose records it
// touches, and [Engine.Advance] only those in which something begins or ends:
// where outages just go on, their time is added. Indices of any window are
// divisions over what [Engine.Tally] adds up; [Engine.Explain] gives the pieces
// behind a number. What is asked of all rows again and again is kept as rows come
// and go, so that an answer after one more event does not look through all.
//
// Where one engine cannot hold all rows, each of several holds some groups, with
// those rows of others that have a say in them ([Load.AddForeign]), and gives what
// these add to any answer ([Engine.Shares]). A [Together] adds shares up and
// composes an engine of them, which answers what needs no rows: the rules are the
// same, and so are the answers.
//
// Groups are worked on in parallel. Sums are integers, so the answer is the
// same for any number of processors, any order of rows and any cut into
// deliveries that the identity rules allow.
package engine
