package period

import (
	"fmt"
	"time"
)

// secondsPerDay is the length of a civil day in seconds.
const secondsPerDay = 86400

// A Day is a civil date as the number of days since 1970-01-01.
type Day int32

// DayOfDate gives the day of a civil date; months and days out of their range
// carry over as in [time.Date].
func DayOfDate(year int, month time.Month, day int) Day {
	return Day(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), secondsPerDay))
}

// Date gives the civil date of d.
func (d Day) Date() (year int, month time.Month, day int) {
	return time.Unix(int64(d)*secondsPerDay, 0).UTC().Date()
}

// String is the date in the form 2006-01-02.
func (d Day) String() string {
	y, m, day := d.Date()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
}

// Start is the first instant that bears the date of d in loc. A date that loc
// leaves out begins, empty, where the next one does.
func (d Day) Start(loc *time.Location) int64 { return Local(int64(d)*secondsPerDay, loc) }

// Period is the whole of d in loc.
func (d Day) Period(loc *time.Location) Period {
	return Period{From: d.Start(loc), To: (d + 1).Start(loc)}
}

// DayOf gives the local day in loc that holds the instant t: the last day that
// has begun.
func DayOf(t int64, loc *time.Location) Day {
	_, offset := time.Unix(t, 0).In(loc).Zone()
	d := Day(floorDiv(t+int64(offset), secondsPerDay))
	for (d + 1).Start(loc) <= t {
		d++
	}
	return d
}

// Local gives the first instant at which clocks in loc show wall or a later
// reading, where wall is a local date and time counted as if it were UTC. A
// reading that a clock change skips gives the instant of the change; one that
// occurs twice gives its first occurrence.
func Local(wall int64, loc *time.Location) int64 {
	first, _ := occurrences(wall, loc)
	return first
}

// LocalLast is [Local], but gives the last occurrence of a reading that a clock
// change repeats.
func LocalLast(wall int64, loc *time.Location) int64 {
	_, last := occurrences(wall, loc)
	return last
}

// widestOffset is more than any zone has ever been away from UTC, in seconds.
const widestOffset = 26 * 3600

// occurrences walks the spans of constant offset around wall.
func occurrences(wall int64, loc *time.Location) (first, last int64) {
	found := false
	for t := wall - widestOffset; ; {
		at := time.Unix(t, 0).In(loc)
		_, offset := at.Zone()
		_, end := at.ZoneBounds()
		candidate := max(t, wall-int64(offset))
		inSpan := end.IsZero() || candidate < end.Unix()
		switch {
		case inSpan && !found:
			first, last, found = candidate, candidate, true
		case inSpan && candidate == wall-int64(offset):
			last = candidate
		}
		if end.IsZero() || end.Unix() > wall+widestOffset {
			return first, last
		}
		t = end.Unix()
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
