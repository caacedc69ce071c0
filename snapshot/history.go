package snapshot

import (
	"iter"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// History gives, for every local midnight of a span of time from the first row or
// declared period on, its end included, what the answer would have been at that
// instant if everything known now had been known then: the indices by the set
// that is judged, of the year to date (ytd) and the same of the year before
// (prior_ytd), and the targets but for burn, budgets by part, and what was scheduled
// at that instant; storms of a base year are those of all that is known. The midnight
// with which a year ends shows that year. The engine has advanced to as-of, up to
// which the span is cut and to which it returns. An engine that was composed of
// shares cannot go through time, and there is nothing to give: see [ErrPartial].
func History(e *engine.Engine, p *policy.Policy, span period.Period) iter.Seq2[int64, *Snapshot] {
	return func(yield func(int64, *Snapshot) bool) {
		if e.Partial() {
			return
		}
		h := newHistorian(e, p)
		defer e.Advance(e.AsOf())
		for _, t := range h.instants(span) {
			if !yield(t, h.at(t)) {
				return
			}
		}
	}
}

// A historian goes through time. The windows that begin with a year grow by what
// each day adds.
type historian struct {
	examiner
	censuses *engine.GrowingCensus
	until    int64                        // as-of of the engine
	begin    int64                        // from which on something is known
	known    bool                         // there is such an instant
	grown    map[int64]*reliability.Tally // by the beginning of the window
}

func newHistorian(e *engine.Engine, p *policy.Policy) *historian {
	b := newBuilder(e, p)
	b.anonymous, b.past = true, true
	b.sets = []reliability.IndexSet{b.set}
	begin, known := begins(e, p.Zone)
	h := &historian{examiner: *b.examiner(e.Quality()), censuses: e.GrowingCensus(p.YearStart), until: e.AsOf(), begin: begin, known: known, grown: map[int64]*reliability.Tally{}}
	h.series = h.dayByDay()
	return h
}

// instants lists the midnights of a span, that at its end included.
func (h *historian) instants(span period.Period) []int64 {
	if !h.known || span.From > h.until {
		return nil
	}
	span = span.Overlap(period.Period{From: h.begin + 1, To: h.until})
	var all []int64
	for d := period.DayOf(span.From-1, h.p.Zone) + 1; d.Start(h.p.Zone) <= span.To; d++ {
		if t := d.Start(h.p.Zone); len(all) == 0 || t > all[len(all)-1] { // a date that a zone leaves out has no midnight
			all = append(all, t)
		}
	}
	return all
}

// at is the answer at an instant. A set that books outages on the day on which
// they start knows at no day how long they will last, so there the engine itself
// goes through time.
func (h *historian) at(t int64) *Snapshot {
	if h.set.StartDay {
		h.e.Advance(t)
		clear(h.tallies)
		clear(h.grown)
		h.series = nil
	}
	x := h.examiner
	b := *x.builder
	b.asOf, x.builder, x.now, x.ahead = t, &b, nil, nil
	x.census, x.open, x.stale = h.censuses.Until(t), nil, map[period.Period][]int64{}
	for _, r := range h.open {
		if r.start < t {
			r.stale = t-r.start > h.e.StaleAfter()
			x.open = append(x.open, r)
		}
	}
	year := b.p.YearStart.YearOf(t-1, b.p.Zone)
	from, before := b.year(year).From, b.year(year-1)
	ws := slices.DeleteFunc([]window{
		{YearToDate, period.Period{From: from, To: t}},
		{PriorYearToDate, period.Period{From: before.From, To: min(period.YearBefore(t, b.p.Zone), before.To)}},
	}, func(w window) bool { return w.To <= h.begin })
	for _, w := range ws {
		h.grow(w.Period)
	}
	return &Snapshot{
		SchemaVersion: SchemaVersion, Index: b.p.Index, Title: b.p.Title, Targets: x.targets(b.years(Options{}), nil), Indices: x.entries(ws),
		Provenance: Provenance{Policy: Digest{ID: b.p.ID, SHA256: b.p.SHA256}, AsOf: b.at(t), Zone: b.p.Zone.String()},
		Judged:     b.judged(b.years(Options{})), DataThrough: b.at(x.cover.through(b.p.Whole.Areas, t)),
	}
}

// grow tallies a window from the one before that began at the same time.
func (h *historian) grow(w period.Period) {
	last := h.grown[w.From]
	if last == nil || last.Window.To > w.To {
		h.grown[w.From] = h.tally(w)
		return
	}
	if last.Window == w {
		return
	}
	t := last.Plus(h.e.Tally(period.Period{From: last.Window.To, To: w.To}, h.major))
	if last.Window != h.year(h.p.YearStart.YearOf(w.From, h.p.Zone)) { // a whole year is asked for again
		delete(h.tallies, last.Window)
	}
	h.grown[w.From], h.tallies[w] = t, t
}
