package engine

import (
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// baselineYears is the number of years before, at most, from which T_MED is
// worked out (IEEE Std 1366, 2.5 beta method).
const baselineYears = 5

// Major is the major event days of all years that have a threshold.
type Major struct {
	// Thresholds are T_MED in hours of daily SAIDI of the whole, by year. A
	// year without data before it has none.
	Thresholds map[int]float64
	// Days are the days whose SAIDI is strictly greater.
	Days  reliability.MajorDays
	years period.YearStart
	e     *Engine
}

// Major works out the major event days of the whole base, all classes, by
// sustained interruptions booked on the day on which they start.
func (e *Engine) Major(ys period.YearStart) *Major {
	m := &Major{Thresholds: map[int]float64{}, Days: reliability.MajorDays{}, years: ys, e: e}
	begin, ok := e.FirstStart()
	if e.sums == nil || !ok {
		return m
	}
	daily := e.dailySAIDI()
	byYear := map[int][]float64{}
	c := e.sums.Calendar()
	first, last := ys.YearOf(begin, e.opts.Zone), ys.YearOf(e.asOf-1, e.opts.Zone)
	for day, saidi := range daily {
		if saidi > 0 {
			y := ys.YearOf(c.Start(day), e.opts.Zone)
			byYear[y] = append(byYear[y], saidi)
		}
	}
	for y := first + 1; y <= last; y++ {
		var baseline []float64
		for before := y - baselineYears; before < y; before++ {
			baseline = append(baseline, byYear[before]...)
		}
		if tmed, ok := reliability.MajorEventThreshold(baseline); ok {
			m.Thresholds[y] = tmed
		}
	}
	for day, saidi := range daily {
		tmed, ok := m.Thresholds[ys.YearOf(c.Start(day), e.opts.Zone)]
		if ok && saidi > tmed {
			m.Days[c.First+period.Day(day)] = true
		}
	}
	return m
}

// dailySAIDI is the IEEE SAIDI in hours of the whole, by day of the calendar;
// zero where nobody was served or interrupted.
func (e *Engine) dailySAIDI() []float64 {
	ieee, _ := reliability.SetByID(reliability.IEEE)
	c := e.sums.Calendar()
	daily := make([]float64, c.Days())
	for day := range daily {
		var pool reliability.Pool
		pool.Window = period.Period{From: c.Start(day), To: min(c.Start(day+1), e.asOf)}
		pool.Bands = e.opts.Bands
		found := false
		for stratum := range e.base.Strata() {
			if b := e.sums.Day(stratum, day); b != nil {
				pool.Block.Add(b, 1)
				found = true
			}
		}
		if !found || pool.Window.Seconds() == 0 {
			continue
		}
		pool.Service = e.serviceOn(c, day, pool.Window)
		sums, _ := pool.Of(ieee)
		daily[day], _ = pool.SAIDIHours(sums)
	}
	return daily
}

// serviceOn is the customer-seconds in service of a day of the calendar, or of as
// much of it as has passed. Those of whole days are kept, as the base stays.
func (e *Engine) serviceOn(c *period.Calendar, day int, w period.Period) int64 {
	whole := w.To == c.Start(day+1)
	if kept, ok := e.service[c.First+period.Day(day)]; ok && whole {
		return kept
	}
	var sum int64
	for _, s := range e.base.ServiceSeconds(w.From, w.To) {
		sum += s
	}
	if whole {
		e.service[c.First+period.Day(day)] = sum
	}
	return sum
}

// days is safe on nil.
func (m *Major) days() reliability.MajorDays {
	if m == nil {
		return nil
	}
	return m.Days
}

// covers says whether every year of a window has a threshold.
func (m *Major) covers(w period.Period) bool {
	if w.From >= w.To {
		return false
	}
	loc := m.e.opts.Zone
	for y := m.years.YearOf(w.From, loc); y <= m.years.YearOf(w.To-1, loc); y++ {
		if _, ok := m.Thresholds[y]; !ok {
			return false
		}
	}
	return true
}
