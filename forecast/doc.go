// Package forecast works out where a year will end: the customer-seconds without
// supply of a whole year as a distribution, from what has happened in it, what is
// scheduled, and what history says of the rest. It knows numbers only: no target,
// no policy, no clock.
//
// The way of a number, file by file:
//
//	history.go     days of strata, known or not, faults and pre-arranged outages apart; the origin; what is ahead
//	calendar.go    which year back a day lies in, and at what time of its year
//	rate.go        what is usual for a customer and day, own days and those of peers together
//	season.go      how that is spread over the year
//	level.go       levels of years that change a little from each to the next (Kalman filter and smoother)
//	part.go        the three together for one part
//	days.go        each day against what was usual for it, which is what is drawn from
//	source.go      which weeks of the past could come again in a week of the rest
//	tail.go        how large weeks of storms become when they come again (generalised Pareto)
//	model.go       futures of all strata together, drawn once
//	projection.go  questions about the year's end of some of them
//
// Futures are drawn for all strata at once: the same week of the past, the same
// storm, the same common level. Sums over strata so keep what hangs together. All
// draws follow from the seed, the day of the origin and the history before it.
package forecast
