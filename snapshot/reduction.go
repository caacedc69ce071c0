package snapshot

import "github.com/saidi-exporter/saidi/period"

// reduce works out how much less every scope has than in the year before. The
// entries are by window, then by scope.
func (x *examiner) reduce(scopes []scope, ws []window, entries [][]Entry) {
	priors := map[string]string{YearToDate: PriorYearToDate, WholeYear: PriorYear}
	for i, w := range ws {
		for j, prior := range ws {
			if priors[w.name] != prior.name || priors[w.name] == "" {
				continue
			}
			for k := range scopes {
				now, before := &entries[i][k], &entries[j][k]
				if now.SAIDIHours != nil && before.SAIDIHours != nil {
					now.Reduction = x.reduction(&scopes[k], w, prior)
				}
			}
		}
	}
}

// reduction is 1 − SAIDI / SAIDI of the window before, of both as far as the data
// of the scope reaches.
func (x *examiner) reduction(s *scope, now, before window) *float64 {
	running := x.asOf < x.year(x.p.YearStart.YearOf(now.From, x.p.Zone)).To
	if through := x.cover.through(s.areas, x.asOf); running && through < now.To {
		now.To = max(now.From, through)
		before.To = max(before.From, period.YearBefore(now.To, x.p.Zone))
	}
	a, known := x.hours(s, now.Period)
	b, knownBefore := x.hours(s, before.Period)
	if !known || !knownBefore || b == 0 {
		return nil
	}
	return some(1-a/b, true)
}

// hours is SAIDI by the set that is judged.
func (x *examiner) hours(s *scope, w period.Period) (hours float64, ok bool) {
	pool := x.tally(w).Pool(s.strata, x.e.Bands())
	sums, ok := pool.Of(x.set)
	if !ok {
		return 0, false
	}
	return pool.SAIDIHours(sums)
}
