// Package metrics shows one snapshot to Prometheus: every name and label that
// the program exports, and the constant metrics that follow from a snapshot and
// from the health of its sources. A scrape computes nothing: a page of metrics
// is made once for each snapshot, and what a snapshot does not have any more is
// not on the page.
//
// Base units are seconds, ratios and customers. Sums stand beside the ratios
// made of them, so that PromQL can pool any areas by sum()/sum(); sums never
// carry the class all or a group. Values can be restated, so they are gauges.
//
// The number of series follows from the policy, not from the number of outages.
// At the shipped policy, if every nature occurs in every area and class, and with
// 20 causes and 20 feeders an area, 3 rules of repeat outages, 4 sources and 9
// writers, there are at most about 14 500 series; and 26 000 series in the weeks in which a year
// that is closed and not yet settled stands beside the running one. Projections and
// divided budgets are about 1 750 of these; the months of a budget, and what
// is scheduled, are of the running year only, as nobody steers by those of a closed
// one.
//
// [Handler] serves a [Page], which is encoded once, and [WriteHistory] writes how
// the main values developed, for Prometheus to load as blocks.
package metrics
