package metrics

import (
	"github.com/saidi-exporter/saidi/snapshot"
)

// isYearly says whether a window is one that metrics show.
func isYearly(window string) bool {
	switch window {
	case snapshot.YearToDate, snapshot.PriorYearToDate, snapshot.WholeYear, snapshot.PriorYear:
		return true
	}
	return false
}

// sums adds what may be pooled: only cells of one area and one class, so that no
// customer is in two of them.
func (b book) sums(d *snapshot.Detail) {
	for i := range d.Cells {
		c := &d.Cells[i]
		if !isYearly(c.Window) {
			continue
		}
		area := orNone(c.Area)
		b.add(EquivalentCustomers, c.EquivalentCustomers, area, c.Class, c.Window)
		for nature, part := range c.ByNature {
			b.add(CustomerInterruptionSeconds, part.CustomerSeconds.Float(), area, c.Class, nature, c.Window)
			b.add(MomentaryCustomerInterruptionSeconds, part.MomentarySeconds.Float(), area, c.Class, nature, c.Window)
			b.add(CustomerInterruptions, part.Interruptions.Float(), area, c.Class, nature, c.Window)
			b.add(MomentaryCustomerInterruptions, part.MomentaryInterruptions.Float(), area, c.Class, nature, c.Window)
			b.add(Events, float64(part.Events), area, c.Class, nature, c.Window)
		}
	}
}

// out adds what is going on at the as-of instant.
func (b book) out(d *snapshot.Detail) {
	for _, o := range d.Out {
		area := orNone(o.Area)
		b.add(ServedCustomers, o.Served.Float(), area, o.Class)
		b.add(InterruptedCustomers, o.Interrupted.Float(), area, o.Class)
		b.add(ActiveEvents, float64(o.Events), area, o.Class)
	}
}
