package engine_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A sharedCase is a case of which the groups are worked out apart.
type sharedCase struct {
	refInput
	base *reliability.Base
	ask  *engine.Ask
	held *atomic.Int64 // shares made earlier in which something goes on
}

func drawShared(t *rapid.T) *sharedCase {
	c := &sharedCase{refInput: drawCase(t)}
	c.base = newEngine(t, c.refInput, 1).Base()
	c.ask = &engine.Ask{Years: watch().Years, FeederSet: rapid.SampledFrom([]string{reliability.SAIDI1, reliability.IEEE}).Draw(t, "feeders by")}
	for range 4 {
		day := period.DayOf(drawInstant(t, c.refInput, "hot"), c.Zone)
		c.ask.Hot = append(c.ask.Hot, period.Period{From: day.Start(c.Zone), To: (day + period.Day(rapid.IntRange(1, 2).Draw(t, "days"))).Start(c.Zone)})
	}
	for range rapid.IntRange(1, 2).Draw(t, "ends of time") {
		c.ask.Ahead = append(c.ask.Ahead, drawInstant(t, c.refInput, "ahead"))
	}
	c.ask.Silences = c.window(t, "silences")
	c.ask.Suspicions, c.ask.Exclusions = rapid.Bool().Draw(t, "suspicions"), rapid.Bool().Draw(t, "exclusions")
	if rapid.Bool().Draw(t, "identities") {
		e := newEngine(t, c.refInput, 1)
		c.ask.Pools = [][]int{drawStrata(t, e), allStrata(e)}
		c.ask.Identities = []engine.IdentityAsk{{Window: c.window(t, "identities"), Set: reliability.SAIDI1}, {Window: c.window(t, "more"), Set: reliability.SAIDIF}}
		c.ask.Feeders = []period.Period{c.window(t, "feeders")}
	}
	return c
}

func (c *sharedCase) window(t *rapid.T, label string) period.Period {
	w := period.Period{From: drawInstant(t, c.refInput, label+" from"), To: drawInstant(t, c.refInput, label+" to")}
	if w.To < w.From {
		w.From, w.To = w.To, w.From
	}
	return w
}

func (c *sharedCase) deliveries() (list []*outage.Delivery) {
	for _, d := range c.Deliveries {
		list = append(list, &outage.Delivery{Repeated: d.Repeated, WholeFeeder: d.WholeFeeder, Rows: len(d.Events)})
	}
	return list
}

func (c *sharedCase) group(e *outage.Event) string {
	return c.base.GroupName(e.Feeder, e.Unit, outage.Area(e.Area))
}

// engine is told the rows of some groups, all where there are none, and others of
// the same events that have a say in them.
func (c *sharedCase) engine(t *rapid.T, names ...string) *engine.Engine {
	type event struct{ source, id string }
	events := map[event]bool{}
	isOwn := func(e *outage.Event) bool { return len(names) == 0 || slices.Contains(names, c.group(e)) }
	for _, d := range c.Deliveries {
		for i := range d.Events {
			if isOwn(&d.Events[i]) {
				events[event{d.Events[i].Source, d.Events[i].ID}] = true
			}
		}
	}
	e := engine.New(c.base, c.options())
	e.TakeTogether(3)
	for _, d := range c.deliveries() {
		e.Open(d)
	}
	for n, d := range c.Deliveries {
		load := e.Begin()
		load.Deliver(n, partID(n), 0)
		own, other := outage.NewBatch(outage.NewDict()), outage.NewBatch(outage.NewDict())
		for i, ev := range d.Events {
			switch {
			case isOwn(&ev):
				fill(own, []outage.Event{ev}, outage.Row(i+1))
			case events[event{ev.Source, ev.ID}] && (ev.Revision != 0 || ev.Cancelled):
				fill(other, []outage.Event{ev}, outage.Row(i+1))
			}
		}
		err := load.AddRows(own, [2]int{0, own.Len()}, [2]int{0, len(own.Rejected)})
		if err == nil {
			err = load.AddForeign(other, [2]int{0, other.Len()}, [2]int{0, len(other.Rejected)})
		}
		if err == nil {
			err = load.CommitParts()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func (c *sharedCase) options() engine.Options {
	return engine.Options{Zone: c.Zone, Bands: reliability.Bands{Momentary: c.Momentary, IEEE: c.IEEE}, Workers: 2, Watch: watch()}
}

// shares are those of all groups, worked out in up to three batches, some of them
// earlier, as long as they hold.
func (c *sharedCase) shares(t *rapid.T) (list []*engine.Share) {
	batches := make([][]string, 3)
	for _, name := range c.engine(t).GroupNames() {
		n := rapid.IntRange(0, len(batches)-1).Draw(t, "batch")
		batches[n] = append(batches[n], name)
	}
	for _, names := range batches {
		if len(names) == 0 {
			continue
		}
		e := c.engine(t, names...)
		e.Advance(c.AsOf - rapid.SampledFrom([]int64{0, 1, 600, 7200, 86400}).Draw(t, "earlier"))
		if got := e.GroupNames(); !slices.Equal(got, slices.Sorted(slices.Values(names))) {
			t.Fatalf("a batch of %q has rows of %q", names, got)
		}
		shares := e.Shares(names, c.ask)
		e.Advance(c.AsOf)
		for i, s := range shares {
			if s.Due <= c.AsOf { // it does not hold any more
				shares[i] = e.Shares(names[i:i+1], c.ask)[0]
			} else if s.AsOf < c.AsOf && len(s.Going) > 0 {
				c.held.Add(1)
			}
		}
		list = append(list, shares...)
	}
	return list
}

// What is added up of shares is what an engine says that has all rows.
func TestLawSharesAddUp(t *testing.T) {
	t.Parallel()
	var later, cut, held atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		c := drawShared(t)
		c.held = &held
		sum, due := engine.NewTogether(c.base, c.options(), c.ask), c.AsOf+3*86400
		for _, s := range rapid.Permutation(c.shares(t)).Draw(t, "order") {
			sum.AddSums(s.Days, tellingSomething(s.Entries))
			sum.AddGoing(s.AsOf, s.Due, s.First, s.Last, s.Going)
			due = min(due, s.Due)
		}
		asOf := rapid.Int64Range(c.AsOf, due-1).Draw(t, "later")
		if asOf > c.AsOf {
			later.Add(1)
		}
		got, err := sum.Engine(asOf, c.deliveries())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sum.Engine(due, c.deliveries()); err == nil && due < c.AsOf+3*86400 {
			t.Fatal("an engine is composed of shares that are due")
		}
		want := c.engine(t)
		want.Advance(asOf)
		c.mustBe(t, want, got)
		for _, w := range c.ask.Hot {
			part := period.Period{From: rapid.Int64Range(w.From, w.To-1).Draw(t, "cut at"), To: max(w.From, asOf)}
			if rapid.Bool().Draw(t, "within") {
				part.To = w.To - rapid.Int64Range(0, 86400/2).Draw(t, "before")
			}
			if part.From < min(part.To, asOf) {
				cut.Add(1)
				c.must(t, "a window that cuts days", want.Tally(part, nil).Strata, got.Tally(part, nil).Strata)
			}
		}
		if missed := got.Missed(); len(missed) > 0 {
			t.Fatalf("the shares lack %v, asked for %+v", missed, c.ask)
		}
	})
	if later.Load() == 0 || cut.Load() == 0 || held.Load() == 0 {
		t.Errorf("%d later, %d days cut, %d earlier shares in which something goes on; want some of each", later.Load(), cut.Load(), held.Load())
	}
}

func (c *sharedCase) must(t *rapid.T, what string, want, got any) {
	t.Helper()
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("%s, of all rows (-) and of shares (+):\n%s\nbase %+v\ndeliveries %+v\nas-of %d", what, diff, c.Base, c.Deliveries, c.AsOf)
	}
}

func (c *sharedCase) mustBe(t *rapid.T, want, got *engine.Engine) {
	t.Helper()
	c.must(t, "what goes on", c.ongoing(want), c.ongoing(got))
	c.must(t, "day sums", sumsOf(want), sumsOf(got))
	c.must(t, "rejected rows", want.Rejects(), got.Rejects())
	for i := range c.Deliveries {
		c.must(t, "counts", want.Counts(i), got.Counts(i))
		c.must(t, "reasons", want.RejectedReasons(i), got.RejectedReasons(i))
	}
	if !want.Census(c.ask.Years).Same(got.Census(c.ask.Years)) {
		t.Fatalf("census\n%+v\n%+v", want.Census(c.ask.Years), got.Census(c.ask.Years))
	}
	w := c.ask.Silences
	w.To = min(w.To, got.AsOf())
	c.must(t, "silences", want.Silences(w), got.Silences(w))
	for _, y := range yearsOf(c.refInput) {
		c.must(t, "standout", want.Standout(y), got.Standout(y))
	}
	c.must(t, "span", spanOf(want, c.ask.Years), spanOf(got, c.ask.Years))
	major := want.Major(c.ask.Years)
	c.must(t, "thresholds", major.Thresholds, got.Major(c.ask.Years).Thresholds)
	for _, to := range c.ask.Ahead {
		c.must(t, "ahead", aheadOf(want, to), aheadOf(got, to))
	}
	c.mustList(t, want, got)
}

// mustList compares what is only there where it was asked for.
func (c *sharedCase) mustList(t *rapid.T, want, got *engine.Engine) {
	if c.ask.Suspicions {
		c.must(t, "suspicions", want.Suspicions(), got.Suspicions())
	}
	if c.ask.Exclusions {
		c.must(t, "excluded", excluded(want), excluded(got))
	}
	for _, i := range c.ask.Identities {
		set, _ := reliability.SetByID(i.Set)
		c.must(t, "identities", want.Identities(c.ask.Pools, i.Window, set), got.Identities(c.ask.Pools, i.Window, set))
	}
	set, _ := reliability.SetByID(c.ask.FeederSet)
	for _, w := range c.ask.Feeders {
		for _, area := range c.base.Areas() {
			c.must(t, "feeders", want.Feeders(areaStrata(want, area), w, set, nil), got.Feeders(areaStrata(got, area), w, set, nil))
		}
	}
}

// An ongoing is what goes on, by the texts of rows.
type ongoing struct {
	Quality engine.Quality
	Out     []engine.Out
	Rows    []string
	Seconds []int64
	Stale   []int64
}

func (c *sharedCase) ongoing(e *engine.Engine) ongoing {
	o := ongoing{Quality: *e.Quality(), Out: e.Out()}
	name := func(what string, i int) {
		ev, at := e.Event(i)
		o.Rows = append(o.Rows, fmt.Sprintf("%s %+v of %+v in %v", what, ev, at, e.StrataOf(i)))
	}
	for _, i := range o.Quality.Open {
		name("open", i)
	}
	for _, i := range o.Quality.Stale {
		name("stale", i)
	}
	active := e.Active()
	for _, a := range active {
		name(fmt.Sprintf("%d in %d", a.Customers, a.Stratum), a.Row)
	}
	w := c.ask.Silences // any window that ends at as-of
	w.To = e.AsOf()
	o.Seconds = e.SecondsOf(active, w)
	set, _ := reliability.SetByID(reliability.IEEE)
	o.Stale = e.Part(o.Quality.Open, w, set, nil)
	o.Quality.Open, o.Quality.Stale = nil, nil
	return o
}

// sumsOf gives the day sums that there are.
func sumsOf(e *engine.Engine) map[string]reliability.Sums {
	all, sums := map[string]reliability.Sums{}, e.Sums()
	for s := range e.Base().Strata() {
		for day := range sums.Calendar().Days() {
			b := sums.Day(s, day)
			if b == nil {
				continue
			}
			for n := range b {
				for band := range b[n] {
					if b[n][band] != (reliability.Sums{}) {
						all[fmt.Sprint(s, sums.Calendar().First+period.Day(day), n, band)] = b[n][band]
					}
				}
			}
		}
	}
	return all
}

func spanOf(e *engine.Engine, ys period.YearStart) []any {
	first, ok := e.FirstStart()
	last, _ := e.LastStart()
	list := []any{first, last, ok, e.HasSource(""), e.HasSource("s"), e.HasSource("x")}
	for _, later := range []int64{0, 1, 86400} {
		asOf, ok := e.DefaultAsOf(ys, e.AsOf()+later)
		list = append(list, asOf, ok)
	}
	return list
}

// aheadOf adds up what is ahead, by hour and by when it began.
func aheadOf(e *engine.Engine, to int64) map[string]int64 {
	all := map[string]int64{}
	e.Ahead(to, func(p *reliability.Piece) {
		key := fmt.Sprint(p.Stratum, p.Nature, p.Band, p.Booked)
		all[key] += 0
		for from := p.From; from < p.To; {
			until := min(p.To, from-from%3600+3600)
			all[fmt.Sprint(key, " ", from/3600)] += p.Milli * (until - from)
			from = until
		}
	})
	for key, milli := range all {
		if milli == 0 && len(key) > 40 {
			delete(all, key)
		}
	}
	return all
}

func excluded(e *engine.Engine) (list []string) {
	rows, milli := e.ExcludedRows()
	for _, i := range rows {
		ev, at := e.Event(i)
		list = append(list, fmt.Sprintf("%+v of %+v", ev, at))
	}
	return append(list, fmt.Sprint(milli))
}

// tellingSomething leaves out the entries of zeros only: who adds up shares, and
// takes them out again, need not know those from what is not there.
func tellingSomething(list []engine.Entry) []engine.Entry {
	return slices.DeleteFunc(slices.Clone(list), func(e engine.Entry) bool { return e.N == [4]int64{} })
}
