package web

import (
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A behind says which windows the numbers of a year are of, and by which index set.
type behind struct{ now, prior, index string }

// behindOf gives the windows of a year that is judged.
func behindOf(s *snapshot.Snapshot, y snapshot.JudgedYear) behind {
	if y.Complete {
		return behind{snapshot.WholeYear, snapshot.PriorYear, s.Index}
	}
	return behind{snapshot.YearToDate, snapshot.PriorYearToDate, s.Index}
}

// events is the address of the events behind a number of a target.
func (t *teller) events(x *snapshot.Target, window, index string) string {
	return t.eventsLink(x.Scope, x.Class, window, index)
}

// eventsLink is the address of the events behind a number, with filters in pairs.
func (t *teller) eventsLink(scope, class, window, index string, filters ...string) string {
	return t.link("/events", append([]string{"scope", scope, "class", class, "window", window, "index", index}, filters...)...)
}

// baseWindow is the base year of a target as FROM..TO; empty without one.
func baseWindow(x *snapshot.Target) string {
	from, err := time.Parse(time.RFC3339, x.From)
	if x.BaseYear == nil || x.LimitHours == nil || err != nil {
		return ""
	}
	back := *x.BaseYear - x.Year
	return from.AddDate(back, 0, 0).Format(time.DateOnly) + ".." + from.AddDate(back+1, 0, 0).Format(time.DateOnly)
}
