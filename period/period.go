package period

import (
	"fmt"
	"time"
)

// A Period is the half-open span [From, To) in UTC seconds.
type Period struct{ From, To int64 }

// Seconds is the length of p, zero where it is empty.
func (p Period) Seconds() int64 { return max(0, p.To-p.From) }

// Holds says whether the instant t lies in p.
func (p Period) Holds(t int64) bool { return p.From <= t && t < p.To }

// Overlap is the part of p that lies in q; empty where they do not meet.
func (p Period) Overlap(q Period) Period {
	r := Period{From: max(p.From, q.From), To: min(p.To, q.To)}
	r.To = max(r.To, r.From)
	return r
}

// A YearStart is the month and day on which a policy's year begins, in local
// time. The zero value is 1 January.
type YearStart struct {
	Month time.Month
	Day   int
}

// ParseYearStart reads MM-DD, such as "04-01".
func ParseYearStart(text string) (YearStart, error) {
	at, err := time.Parse("01-02", text)
	if err != nil || (at.Month() == time.February && at.Day() == 29) {
		return YearStart{}, fmt.Errorf("year start %q: want a month and day that every year has, MM-DD", text)
	}
	return YearStart{Month: at.Month(), Day: at.Day()}, nil
}

func (s YearStart) first(year int) Day {
	return DayOfDate(year, max(s.Month, 1), max(s.Day, 1))
}

// Year is the year that begins in the civil year given.
func (s YearStart) Year(year int, loc *time.Location) Period {
	return Period{From: s.first(year).Start(loc), To: s.first(year + 1).Start(loc)}
}

// YearOf gives the year that holds the instant t, named by the civil year in
// which it begins.
func (s YearStart) YearOf(t int64, loc *time.Location) int {
	return s.YearOfDay(DayOf(t, loc))
}

// YearOfDay gives the year that holds the local day d.
func (s YearStart) YearOfDay(d Day) int {
	year, _, _ := d.Date()
	if d < s.first(year) {
		year--
	}
	return year
}

// LastDay is the last local day of a year.
func (s YearStart) LastDay(year int) Day { return s.first(year+1) - 1 }

// Months gives the twelve months of a year in order. Where the year begins on
// another day than the first, so do its months.
func (s YearStart) Months(year int, loc *time.Location) []Period {
	months := make([]Period, 12)
	for i := range months {
		months[i] = Period{From: s.month(year, i).Start(loc), To: s.month(year, i+1).Start(loc)}
	}
	return months
}

func (s YearStart) month(year, n int) Day {
	return DayOfDate(year, max(s.Month, 1)+time.Month(n), max(s.Day, 1))
}

// YearBefore gives the instant with the same local date and clock one year
// before t; 29 February compares through the end of 28 February.
func YearBefore(t int64, loc *time.Location) int64 { return YearsBefore(t, 1, loc) }

// YearsBefore gives the instant with the same local date and clock so many years
// before t; 29 February compares through the end of 28 February with a year that
// has none.
func YearsBefore(t int64, years int, loc *time.Location) int64 {
	_, offset := time.Unix(t, 0).In(loc).Zone()
	wall := t + int64(offset)
	d := Day(floorDiv(wall, secondsPerDay))
	year, month, day := d.Date()
	before := DayOfDate(year-years, month, day) // 1 March for a 29 February that is none
	if _, m, _ := before.Date(); m != month {
		return before.Start(loc)
	}
	clock := wall - int64(d)*secondsPerDay
	return Local(int64(before)*secondsPerDay+clock, loc)
}
