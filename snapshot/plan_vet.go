package snapshot

import (
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// reject notes why a row does not count. The column is given by its canonical name,
// and told by that of the file.
func (c *planner) reject(r *plannedRow, why policy.PlanProblem, column, value string) {
	if header, ok := c.q.Deliveries[r.delivery].Delivery.Headers[column]; ok {
		column = header
	}
	r.problem = &Problem{Reason: string(why), Column: column, Value: value, Advice: why.Advice()}
}

// vet looks at every row that its reader took, on its own.
func (c *planner) vet() {
	for i := range c.rows {
		r := &c.rows[i]
		if r.read != nil || r.Cancelled {
			continue
		}
		if r.Nature == outage.Unknown && r.Flags&outage.UnknownNature == 0 {
			r.Nature = outage.PlannedMaintenance
		}
		c.vetTimes(r)
		if r.problem == nil && !r.Nature.PreArranged() {
			c.reject(r, policy.NotPreArranged, "nature", r.Nature.String())
		}
		if r.problem == nil {
			c.vetPlace(r)
		}
	}
}

func (c *planner) vetTimes(r *plannedRow) {
	switch {
	case r.Start < c.asOf:
		c.reject(r, policy.InThePast, "start", c.at(r.Start))
	case r.Start >= c.year.To:
		c.reject(r, policy.AfterTheYear, "start", c.at(r.Start))
	case r.End == outage.Open:
		c.reject(r, policy.WithoutEnd, "end", "")
	case r.End-r.Start > c.year.Seconds():
		c.reject(r, policy.LongerThanYear, "end", c.at(r.End))
	}
	if r.problem == nil && r.End > c.year.To {
		r.flags = append(r.flags, policy.BeyondTheYear)
	}
}

// vetPlace holds unit and feeder against the base. Where the base names no feeders
// in an area, both are labels.
func (c *planner) vetPlace(r *plannedRow) {
	base := c.e.Base()
	area := int32(reliability.Nowhere)
	if r.Flags&outage.UnknownArea == 0 {
		area = base.AreaNumber(outage.Area(r.Area))
	}
	known := r.Feeder != "" && base.FeederNumber(r.Feeder) != reliability.Nowhere
	label := !known && base.AreaFeeder(area) != reliability.Nowhere
	switch {
	case r.Unit != "" && base.UnitNumber(r.Unit) != reliability.Nowhere, label:
	case r.Unit != "" && base.HasUnits():
		c.reject(r, policy.NoSuchUnit, "unit_id", r.Unit)
	case !known && (r.Feeder != "" || area != reliability.Nowhere):
		c.reject(r, policy.NoSuchFeeder, "feeder_id", r.Feeder)
	}
}

// identify asks the engine's own rules which rows are in force, and gives the
// engine that it asked.
func (c *planner) identify() (*engine.Engine, error) {
	e := engine.New(c.e.Base(), engine.Options{Zone: c.p.Zone, Bands: c.e.Bands(), Workers: 1})
	if err := c.load(e, func(r *plannedRow) bool { return r.problem == nil }); err != nil {
		return nil, err
	}
	for i := range c.rows {
		r := &c.rows[i]
		if r.problem != nil {
			continue
		}
		if r.outcome = e.Outcome(r.trial); r.outcome == engine.Rejected {
			why := e.RejectedRow(r.trial)
			r.problem = &Problem{Reason: string(why.Reason), Column: why.Column, Value: why.Value, Advice: why.Reason.Advice()}
		}
		ev, _ := e.Event(r.trial)
		r.flags = append(ev.Flags.Codes(), r.flags...)
	}
	e.Advance(c.lastEnd())
	return e, nil
}

// lastEnd is the end of the last row, and not before the year's.
func (c *planner) lastEnd() int64 {
	last := c.year.To
	for i := range c.rows {
		if r := &c.rows[i]; r.counts() {
			last = max(last, r.End)
		}
	}
	return last + 1
}

// numbers lists the numbers of the rows that count in the engine that was asked
// last.
func (c *planner) numbers() (list []int) {
	for i := range c.rows {
		if c.rows[i].counts() {
			list = append(list, c.rows[i].trial)
		}
	}
	return list
}

// A toldKey says that two rows speak of the same work.
type toldKey struct {
	id, feeder, unit, stage string
	start, end              int64
}

func keyOfTold(ev *outage.Event) toldKey {
	return toldKey{ev.ID, ev.Feeder, ev.Unit, ev.Stage, ev.Start, ev.End}
}

// A placeKey is a place and a time at which two works are perhaps the same.
type placeKey struct {
	feeder, unit string
	start, end   int64
}

// placeOfWork names the unit, or the feeder where no unit is named.
func placeOfWork(ev *outage.Event) placeKey {
	if ev.Unit != "" {
		return placeKey{"", ev.Unit, ev.Start, ev.End}
	}
	return placeKey{ev.Feeder, "", ev.Start, ev.End}
}

// dropTold rejects the rows of work that is told and scheduled already, and flags
// those that may be, under another id.
func (c *planner) dropTold(t *engine.Trial) {
	told, perhaps := map[toldKey]bool{}, map[placeKey]bool{}
	for _, i := range t.Told {
		ev, _ := c.e.Event(i)
		if ev.Start < c.asOf {
			continue
		}
		perhaps[placeOfWork(&ev)] = true
		if ev.ID != "" {
			told[keyOfTold(&ev)] = true
		}
	}
	for i := range c.rows {
		switch r := &c.rows[i]; {
		case !r.counts():
		case told[keyOfTold(&r.Event)]:
			c.reject(r, policy.ToldAlready, "event_id", r.ID)
		case perhaps[placeOfWork(&r.Event)]:
			r.flag(policy.PerhapsTold)
		}
	}
}

// flag notes something odd about a row, once.
func (r *plannedRow) flag(code string) {
	if !slices.Contains(r.flags, code) {
		r.flags = append(r.flags, code)
	}
}
