package metrics

import (
	"strconv"
	"time"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// hour is what hours are multiplied by to become seconds.
const hour = 3600

// indices adds the averages of each scope, class and window.
func (b book) indices(s *snapshot.Snapshot) {
	for i := range s.Indices {
		e := &s.Indices[i]
		if !isYearly(e.Window) {
			continue
		}
		for set, index := range e.ByIndex {
			b.addSome(SAIDISeconds, index.SAIDIHours, hour, e.Scope, e.Class, set, e.Window)
			b.addSome(SAIFI, index.SAIFI, 1, e.Scope, e.Class, set, e.Window)
			b.addSome(CAIDISeconds, index.CAIDIHours, hour, e.Scope, e.Class, set, e.Window)
		}
		b.addSome(MAIFI, e.MAIFI, 1, e.Scope, e.Class, e.Window)
		b.addSome(ASAIRatio, e.ASAI, 1, e.Scope, e.Class, e.Window)
	}
}

// months adds SAIDI by month, which is named by the local date on which it
// begins.
func (b book) months(s *snapshot.Snapshot) {
	for i := range s.Indices {
		e := &s.Indices[i]
		if from, err := time.Parse(time.RFC3339, e.From); err == nil && e.Window == snapshot.Month {
			b.addSome(MonthSAIDISeconds, e.SAIDIHours, hour, e.Scope, e.Class, from.Format("2006-01"))
		}
	}
}

// A line is what has a reduction: a scope and class, in a window or a year.
type line struct{ scope, class, of string }

// reductions adds 1 − SAIDI / SAIDI of the year before. Where a target asks for
// a reduction it has worked it out with more care, and its own is shown, or none.
func (b book) reductions(s *snapshot.Snapshot) {
	before, targets := priors(s.Indices), map[line]*snapshot.Target{}
	for i := range s.Targets {
		if t := &s.Targets[i]; t.Rule == string(policy.Reduction) {
			targets[line{t.Scope, t.Class, strconv.Itoa(t.Year)}] = t
		}
	}
	for i := range s.Indices {
		e := &s.Indices[i]
		prior, ok := before[line{e.Scope, e.Class, e.Window}]
		if !ok {
			continue
		}
		ratio := reduction(e.SAIDIHours, prior.SAIDIHours)
		if t := targets[line{e.Scope, e.Class, yearOf(e.From)}]; t != nil {
			ratio = t.Reduction
		}
		b.addSome(ReductionRatio, ratio, 1, e.Scope, e.Class, e.Window)
	}
}

// priors finds the windows of the year before, by the window that they are
// compared with.
func priors(all []snapshot.Entry) map[line]*snapshot.Entry {
	before := map[line]*snapshot.Entry{}
	for i := range all {
		switch e := &all[i]; e.Window {
		case snapshot.PriorYearToDate:
			before[line{e.Scope, e.Class, snapshot.YearToDate}] = e
		case snapshot.PriorYear:
			before[line{e.Scope, e.Class, snapshot.WholeYear}] = e
		}
	}
	return before
}

// reduction is 1 − value / base; nil where either does not exist, or nothing can
// be less than the base.
func reduction(value, base *float64) *float64 {
	if value == nil || base == nil || *base <= 0 {
		return nil
	}
	return new(1 - *value / *base)
}

// yearOf is the year that begins at an instant, given as RFC 3339 local time.
func yearOf(from string) string { return cut(from, len("2006")) }
