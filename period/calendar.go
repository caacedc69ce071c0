package period

import "time"

// A Calendar finds the local day of an instant in constant time by keeping the
// starts of the days from First on. It does not change after [NewCalendar], so
// any number of goroutines may read it.
type Calendar struct {
	First  Day
	loc    *time.Location
	starts []int64 // starts[i] is the start of First+i; one more than there are days
}

// NewCalendar covers at least the days that hold from and to.
func NewCalendar(from, to int64, loc *time.Location) *Calendar {
	first, last := DayOf(from, loc), DayOf(to, loc)
	c := &Calendar{First: first, loc: loc, starts: make([]int64, 0, int(last-first)+2)}
	for d := first; d <= last+1; d++ {
		c.starts = append(c.starts, d.Start(loc))
	}
	return c
}

// Location is the time zone of the days.
func (c *Calendar) Location() *time.Location { return c.loc }

// Days is the number of days that c covers.
func (c *Calendar) Days() int { return len(c.starts) - 1 }

// Covers says whether the instant t lies on a day of c.
func (c *Calendar) Covers(t int64) bool {
	return c.starts[0] <= t && t < c.starts[len(c.starts)-1]
}

// Index gives the number of the day that holds t, counted from First; t must be
// covered.
func (c *Calendar) Index(t int64) int {
	i := min(int((t-c.starts[0])/secondsPerDay), len(c.starts)-2)
	for c.starts[i] > t {
		i--
	}
	for c.starts[i+1] <= t {
		i++
	}
	return i
}

// Start is the first instant of day number i.
func (c *Calendar) Start(i int) int64 { return c.starts[i] }
