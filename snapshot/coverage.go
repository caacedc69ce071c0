package snapshot

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
)

// A coverage is what deliveries declare to cover, by area. Of an area that no
// delivery speaks of nothing is known; of one that some speak of, the rest of
// the time is not covered.
type coverage struct {
	declarations []outage.Covers
	byArea       map[outage.Area]period.Spans // as far as they were asked for
}

func coverageOf(e *engine.Engine) coverage {
	c := coverage{byArea: map[outage.Area]period.Spans{}}
	for _, d := range e.Deliveries() {
		c.declarations = append(c.declarations, d.Covers...)
	}
	return c
}

// spans is the time that is covered in an area; known is false where nobody
// says anything of it.
func (c coverage) spans(area outage.Area) (spans period.Spans, known bool) {
	spans, known = c.byArea[area]
	if known {
		return spans, len(spans) > 0
	}
	var periods []period.Period
	for _, d := range c.declarations {
		if d.Names(area) {
			periods = append(periods, d.Period)
		}
	}
	spans = period.Union(periods)
	c.byArea[area] = spans
	return spans, len(spans) > 0
}

// begin is the beginning of the first declared period of any area.
func (c coverage) begin() (t int64, ok bool) {
	for _, d := range c.declarations {
		if d.Seconds() > 0 && (!ok || d.From < t) {
			t, ok = d.From, true
		}
	}
	return t, ok
}

// member is the time covered of a window.
func (c coverage) member(area outage.Area, w period.Period) policy.Member {
	spans, known := c.spans(area)
	return policy.Member{Area: area, Known: known, Covered: spans.Within(w), Elapsed: w.Seconds()}
}

// through is the end of the last declared period, of several areas the
// earliest, and not after as-of.
func (c coverage) through(areas []outage.Area, asOf int64) int64 {
	t := asOf
	for _, area := range areas {
		if spans, known := c.spans(area); known {
			t = min(t, spans[len(spans)-1].To)
		}
	}
	return t
}

// coverage shows what is covered of a window and of the one before, by area.
func (x *examiner) coverage(now, before period.Period) []Coverage {
	all := []Coverage{}
	for _, a := range x.p.Areas {
		c := Coverage{Area: string(a.ID), Gaps: []Gap{}, DataThrough: x.at(x.cover.through([]outage.Area{a.ID}, x.asOf))}
		spans, known := x.cover.spans(a.ID)
		if known {
			c.Ratio, c.PriorRatio = ratio(spans, now), ratio(spans, before)
			for _, w := range []period.Period{before, now} {
				c.Gaps = append(c.Gaps, x.gaps(spans.Gaps(w))...)
			}
		}
		all = append(all, c)
	}
	return all
}

func ratio(spans period.Spans, w period.Period) *float64 {
	return some(float64(spans.Within(w))/float64(w.Seconds()), w.Seconds() > 0)
}

func (b *builder) gaps(periods []period.Period) []Gap {
	var all []Gap
	for _, g := range periods {
		all = append(all, Gap{From: b.at(g.From), To: b.at(g.To)})
	}
	return all
}

// silences lists the times in which an area's data is suspiciously quiet, whether
// or not a delivery vouches for it.
func (x *examiner) silences(w period.Period) []Silence {
	all := []Silence{}
	found := x.e.Silences(w)
	slices.SortStableFunc(found, func(a, b engine.Silence) int { return cmp.Compare(a.From, b.From) })
	for _, s := range found {
		spans, _ := x.cover.spans(s.Area)
		all = append(all, Silence{Area: string(s.Area), Gap: Gap{From: x.at(s.From), To: x.at(s.To)}, Declared: spans.Within(s.Period) == s.Seconds()})
	}
	return all
}
