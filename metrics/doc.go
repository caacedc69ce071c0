// Package metrics shows one snapshot to Prometheus: every name and label that
// the program exports, and the constant metrics that follow from a snapshot and
// from the health of its sources. A scrape computes nothing: a page of metrics
// is made once for each snapshot, and what a snapshot does not have any more is
// not on the page.
//
// Base units are seconds, ratios and customers. Sums stand beside the ratios
// made of them, so that PromQL can pool any areas by sum()/sum(); sums never
// carry the class all or a group. Values can be restated, so they are gauges.
package metrics
