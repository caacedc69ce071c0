// Package period knows days, months, years and the same period of the year
// before, in a time zone.
//
// An instant is an integer count of UTC seconds since 1970-01-01T00:00:00Z and
// a period is half-open, [From, To). A local day begins at the first instant
// that bears its date: where a clock change removes midnight the day begins
// later, and where a clock change returns to the evening before, the day has
// begun once and for all. A date that a zone leaves out altogether is an empty
// day. Nothing here reads a clock.
package period
