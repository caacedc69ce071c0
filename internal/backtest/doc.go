// Package backtest judges forecasts by what came after: it puts itself at the
// month ends of years that are over, lets a forecast say from the days before
// where the year will end, and holds that against the end that the year had, and
// against what simple rules of thumb would have said: single numbers, and a range that is
// learnt from other series.
//
// A [Series] is a province, or a user's own data, day by day. [Run] makes a
// [Trial] of every series, evaluated year, month end and target; a [Score] adds
// trials up.
//
// All numbers are customer-seconds in thousandths, at the customers in service at
// the origin: what was still to come is scaled, stratum by stratum, from the
// customers who were there to those of the origin. A forecast is so judged by
// outages, not by how many customers joined later, as the hours of an average
// customer are.
package backtest
