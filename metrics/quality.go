package metrics

import (
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// quality adds how far the data can be trusted.
func (b book) quality(q *snapshot.Quality) {
	for _, c := range q.Coverage {
		b.addSome(CoverageRatio, c.Ratio, 1, orNone(c.Area))
	}
	b.add(OpenEvents, float64(q.OpenEvents))
	b.add(StaleOpenEvents, float64(q.StaleOpenEvents))
	for reason, n := range q.RejectedReasons {
		b.add(RejectedRows, float64(n), reason)
	}
	for reason, n := range q.SuspiciousRows {
		b.add(SuspiciousRows, float64(n), reason)
	}
	b.add(UncountedCustomerSeconds, q.OverBase.Float(), "over_base")
	b.add(UncountedCustomerSeconds, q.OverlapExcess.Float(), "overlap_excess")
}

// reaches adds how far the data of each area reaches.
func (b book) reaches(d *snapshot.Detail) {
	for _, r := range d.DataThrough {
		if r.To != 0 {
			b.add(DataThrough, float64(r.To), orNone(r.Area))
		}
	}
}

// limits adds the numbers that alerts compare with. What is not configured has
// none.
func (b book) limits(s *State) {
	id, limits := s.Snapshot.Provenance.Policy.ID, &s.Snapshot.Detail.Limits
	b.addFraction(CoverageMinimumRatio, limits.Coverage, id)
	b.addFraction(RejectedRowsMaximumRatio, limits.Rejected, id)
	for window, burn := range limits.Burn {
		b.addFraction(BurnLimitRatio, burn, id, window)
	}
	for verdict, risk := range limits.Risk {
		b.addFraction(MissProbabilityLimitRatio, risk, id, verdict)
	}
	if s.DataAgeLimit > 0 {
		b.add(DataAgeLimitSeconds, s.DataAgeLimit.Seconds())
	}
	if s.InterruptedLimit > 0 {
		b.add(InterruptedCustomersLimitRatio, s.InterruptedLimit)
	}
}

func (b book) addFraction(name string, f policy.Fraction, labels ...string) {
	if f.Den != 0 {
		b.add(name, f.Float(), labels...)
	}
}
