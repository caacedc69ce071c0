package compliance

import (
	"slices"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A span is a window that is shown, with the one before it.
type span struct {
	window, before       string
	from, to             string // RFC 3339
	beforeFrom, beforeTo string // empty where nothing is known of the window before
}

// spansOf lists the windows that indices were made for, but for months.
func spansOf(entries []snapshot.Entry) []span {
	var all []span
	for _, names := range [][2]string{{snapshot.YearToDate, snapshot.PriorYearToDate}, {snapshot.WholeYear, snapshot.PriorYear}, {snapshot.Custom, ""}} {
		i := slices.IndexFunc(entries, func(e snapshot.Entry) bool { return e.Window == names[0] })
		if i < 0 {
			continue
		}
		s := span{window: names[0], before: names[1], from: entries[i].From, to: entries[i].To}
		if j := slices.IndexFunc(entries, func(e snapshot.Entry) bool { return e.Window == names[1] }); j >= 0 {
			s.beforeFrom, s.beforeTo = entries[j].From, entries[j].To
		}
		all = append(all, s)
	}
	return all
}

// ordered lists the targets by year and strength, and of these the worst first.
func ordered(s *snapshot.Snapshot) []*snapshot.Target {
	var all []*snapshot.Target
	for _, y := range s.Judged.Years {
		for _, strength := range policy.Strengths() {
			all = append(all, snapshot.WorstFirst(s.Targets, func(t *snapshot.Target) bool { return t.Year == y.Year && t.Strength == string(strength) })...)
		}
	}
	return all
}

// of lists the targets of a year.
func (m *maker) of(year int) []*snapshot.Target {
	var all []*snapshot.Target
	for _, t := range m.order {
		if t.Year == year {
			all = append(all, t)
		}
	}
	return all
}

// entry finds the indices of a scope, class and window; nil where there are none.
func (m *maker) entry(scope, class, window string) *snapshot.Entry {
	return m.entries[entryKey{scope, class, window}]
}

// windowOf is the window that a target is judged in.
func (m *maker) windowOf(t *snapshot.Target) span {
	for _, s := range m.spans {
		if s.from == t.From {
			return s
		}
	}
	return span{}
}
