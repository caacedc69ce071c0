package metrics

import (
	"github.com/saidi-exporter/saidi/snapshot"
)

// standouts adds what stands out: causes, feeders, repeat outages and the
// running day.
func (b book) standouts(d *snapshot.Detail) {
	causes, feeders := outside(d)
	for _, c := range d.Causes {
		if isYearly(c.Window) {
			b.add(CauseCustomerInterruptionSeconds, c.CustomerSeconds.Float(), orNone(c.Area), causes[c.Cause], c.Window)
		}
	}
	for _, f := range d.Feeder {
		if isYearly(f.Window) {
			b.add(FeederCustomerInterruption, f.CustomerSeconds.Float(), feeders[f.Feeder], orNone(f.Area), f.Window)
		}
	}
	for _, r := range d.Repeat {
		b.add(RepeatInterruptionCustomers, r.Customers.Float(), orNone(r.Area), r.Class, r.Rule)
	}
	for _, day := range d.Days {
		b.add(DaySAIDISeconds, day.SAIDIHours*hour, day.Scope)
	}
	for _, s := range d.Scopes {
		if s.Level == snapshot.LevelWhole {
			b.addSome(MajorEventDayThresholdSeconds, d.MajorHours, hour, s.ID)
		}
	}
}

// outside gives the labels of causes and feeders, whose texts come from files.
func outside(d *snapshot.Detail) (causes, feeders map[string]string) {
	cause, feeder := map[string]bool{}, map[string]bool{}
	for _, c := range d.Causes {
		cause[c.Cause] = true
	}
	for _, f := range d.Feeder {
		feeder[f.Feeder] = true
	}
	return shown(cause), shown(feeder)
}
