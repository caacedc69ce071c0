package metrics

import (
	"time"

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
		b.addSome(ReductionRatio, e.Reduction, 1, e.Scope, e.Class, e.Window)
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
