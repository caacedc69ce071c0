package snapshot_test

import (
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A streamed is a drawn province of which the rows came by streams, a part at a time.
type streamed struct {
	*province
	base    *reliability.Base
	streams []outage.Delivery
	parts   []streamedPart
	watch   *engine.Watch
}

type streamedPart struct {
	stream int
	rows   []provinceRow
}

// drawStreamed draws a province in which events are told again, revised, moved,
// withdrawn and told in stages, and some are yet to come.
func drawStreamed(t *rapid.T) *streamed {
	d := &streamed{province: drawProvince(t, taste{})}
	base, err := reliability.NewBase(d.province.base, d.classes)
	if err != nil {
		t.Skip("drawn again, as a base that contradicts itself has no engine:", err)
	}
	d.base = base
	d.policy.RepeatRules = []policy.RepeatRule{{ID: "twice", RepeatRule: reliability.RepeatRule{MoreThan: 1, Within: 60 * 86400}}}
	d.watch = snapshot.WatchFor(d.policy)
	s := &settler{T: t, province: d.province}
	modes := []outage.Repeated{outage.RepeatedReject, outage.RepeatedStages, outage.RepeatedLatest, outage.RepeatedRemaining}
	for i := range rapid.IntRange(1, 3).Draw(t, "streams") {
		d.streams = append(d.streams, outage.Delivery{
			Path: fmt.Sprintf("stream %d", i), Repeated: sample(s, "repeated", modes...), WholeFeeder: s.one(2, "whole feeder"),
			Headers: map[string]string{"customers": "户数"},
		})
	}
	d.streams[0].Covers = d.covers
	rows := slices.Clone(d.rows)
	for range rapid.IntRange(0, 15).Draw(t, "told again") {
		rows = append(rows, s.again(sample(s, "which", rows...)))
	}
	for len(rows) > 0 {
		n := rapid.IntRange(1, len(rows)).Draw(t, "rows of a part")
		part := streamedPart{stream: rapid.IntRange(0, len(d.streams)-1).Draw(t, "stream"), rows: rows[:n]}
		d.streams[part.stream].Rows += n
		d.parts = append(d.parts, part)
		rows = rows[n:]
	}
	return d
}

// again tells a row again with changes.
func (s *settler) again(row provinceRow) provinceRow {
	for range rapid.IntRange(1, 3).Draw(s.T, "changes") {
		switch rapid.IntRange(0, 9).Draw(s.T, "change") {
		case 0, 1:
			row.Revision = rapid.Int64Range(0, 2).Draw(s.T, "revision")
		case 2, 3:
			at := sample(s, "moves to", s.base...)
			row.Feeder, row.Unit, row.Area = at.Feeder, at.Unit, string(at.Area)
		case 4:
			row.Cancelled = true
		case 5:
			row.Stage = sample(s, "stage", "", "1", "2")
		case 6:
			row.Start, row.End = s.asOf+rapid.Int64Range(-30, 90*24).Draw(s.T, "begins")*3600, outage.Open
			if s.one(2, "has an end") {
				row.End = row.Start + sample(s, "length", int64(0), 240, 3600, 86400)
			}
			row.Nature = sample(s, "nature", outage.PlannedMaintenance, outage.FaultInternal)
		case 7:
			row.End = s.asOf + rapid.Int64Range(-3, 40).Draw(s.T, "ends")*1800
			row.Start = min(row.Start, row.End)
		case 8:
			row.ID = fmt.Sprintf("again %d", rapid.IntRange(0, 9).Draw(s.T, "id"))
		default:
			row.Cause, row.Source = sample(s, "cause", "tree", "ice"), sample(s, "source", "", "scada", outage.SyntheticSource)
		}
	}
	return row
}

func (d *streamed) options() engine.Options {
	opts := snapshot.EngineOptions(d.policy, 72*time.Hour)
	opts.Watch = d.watch
	return opts
}

func (d *streamed) deliveries() (list []*outage.Delivery) {
	for i := range d.streams {
		s := d.streams[i]
		s.Covers = slices.Clone(s.Covers)
		list = append(list, &s)
	}
	return list
}

// A side says in what way a row comes to an engine.
type side int

const (
	apart side = iota // not at all
	own
	other // of another group
)

// engine is told some of the rows.
func (d *streamed) engine(t *rapid.T, of func(*provinceRow) side) *engine.Engine {
	e := engine.New(d.base, d.options())
	for _, s := range d.deliveries() {
		e.Open(s)
	}
	for i, part := range d.parts {
		load := e.Begin()
		load.Deliver(part.stream, int64(10+i), 0)
		for _, want := range []side{own, other} {
			b := outage.NewBatch(outage.NewDict())
			for k, row := range part.rows {
				if row.Row = outage.Row(k + 2); of(&row) != want {
					continue
				}
				if row.rejected != "" {
					b.Rejected = append(b.Rejected, outage.Rejection{Event: row.Event, Column: "customers", Value: "?", Reason: row.rejected})
					continue
				}
				b.Append(&row.Event)
			}
			add := load.AddRows
			if want == other {
				add = load.AddForeign
			}
			if err := add(b, [2]int{0, b.Len()}, [2]int{0, len(b.Rejected)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := load.CommitParts(); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func (d *streamed) group(row *provinceRow) string {
	return d.base.GroupName(row.Feeder, row.Unit, outage.Area(row.Area))
}

// batches parts the groups at random.
func (d *streamed) batches(t *rapid.T) map[int][]string {
	names := map[string]bool{"": true}
	for _, part := range d.parts {
		for i := range part.rows {
			names[d.group(&part.rows[i])] = true
		}
	}
	batches := map[int][]string{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		n := rapid.IntRange(0, 2).Draw(t, "batch")
		batches[n] = append(batches[n], name)
	}
	return batches
}

// batch is an engine of the rows of some groups, and the foreign ones that have a
// say in what these are worth.
func (d *streamed) batch(t *rapid.T, names []string) *engine.Engine {
	events := map[[2]string]bool{}
	for _, part := range d.parts {
		for i := range part.rows {
			if row := &part.rows[i]; slices.Contains(names, d.group(row)) {
				events[[2]string{row.Source, row.ID}] = true
			}
		}
	}
	return d.engine(t, func(row *provinceRow) side {
		switch {
		case slices.Contains(names, d.group(row)):
			return own
		case events[[2]string{row.Source, row.ID}] && (row.Revision != 0 || row.Cancelled):
			return other
		}
		return apart
	})
}

// shares are those of all groups at an instant, worked out in batches.
func (d *streamed) shares(t *rapid.T, asOf int64, ask *engine.Ask) (list []*engine.Share) {
	batches := d.batches(t)
	for _, n := range slices.Sorted(maps.Keys(batches)) {
		names := batches[n]
		e := d.batch(t, names)
		e.Advance(asOf)
		for _, name := range e.GroupNames() {
			if !slices.Contains(names, name) {
				t.Fatalf("a batch of %q has rows of %q", names, name)
			}
		}
		list = append(list, e.Shares(names, ask)...)
	}
	return list
}

// together adds up shares in any order, and either way.
func (d *streamed) together(t *rapid.T, shares []*engine.Share, ask *engine.Ask) *engine.Together {
	sum := engine.NewTogether(d.base, d.options(), ask)
	for _, s := range rapid.Permutation(shares).Draw(t, "order") {
		if rapid.Bool().Draw(t, "at once") {
			sum.Add(s)
			continue
		}
		sum.AddSums(s.Days, tellingSomething(s.Entries))
		sum.AddGoing(s.AsOf, s.Due, s.First, s.Last, s.Going)
	}
	return sum
}

// An answer of shares, however the groups are parted, is that of an engine that has
// all rows, at the instant of the shares and until the first of them is due.
func TestLawShares(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		d := drawStreamed(t)
		o := d.asked(t)
		ask := snapshot.AskFor(d.base, d.policy, d.asOf, d.deliveries(), o)
		shares := d.shares(t, d.asOf, ask)
		due := d.asOf + 86400
		for _, s := range shares {
			due = min(due, s.Due)
		}
		asOf := d.asOf
		if o.Anonymous {
			asOf = rapid.Int64Range(d.asOf, due-1).Draw(t, "later")
		}
		if !snapshot.StillServes(ask, d.base, d.policy, asOf, d.deliveries(), o) { // as another year has begun
			asOf = d.asOf
		}
		if asOf > d.asOf {
			later.Add(1)
		}
		got, err := d.together(t, shares, ask).Engine(asOf, d.deliveries())
		if err != nil {
			t.Fatal(err)
		}
		want := d.engine(t, func(*provinceRow) side { return own })
		want.Advance(asOf)
		diff := gocmp.Diff(snapshot.Build(want, d.policy, o), snapshot.Build(got, d.policy, o), gocmp.AllowUnexported(outage.Note{}))
		if diff != "" {
			t.Fatalf("all rows (-) and shares (+):\n%s", diff)
		}
		if missed := got.Missed(); len(missed) > 0 {
			t.Fatalf("the shares lack %v", missed)
		}
		curve := func(e *engine.Engine) *snapshot.Curve {
			c, err := snapshot.CurveOf(e, d.policy, "whole", "all")
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		if diff := gocmp.Diff(curve(want), curve(got)); diff != "" {
			t.Fatalf("curve of all rows (-) and of shares (+):\n%s", diff)
		}
	})
	if later.Load() == 0 {
		t.Error("no answer was later than its shares")
	}
}

// So is a dossier, at the instant of the shares.
func TestLawSharesOfDossiers(t *testing.T) {
	t.Parallel()
	var made atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		d := drawStreamed(t)
		o := d.asked(t)
		whole := d.engine(t, func(*provinceRow) side { return own })
		whole.Advance(d.asOf)
		want, err := snapshot.NewDossier(whole, d.policy, o)
		if err != nil {
			return
		}
		made.Add(1)
		ask := snapshot.AskForDossier(d.base, d.policy, d.asOf, d.deliveries(), o)
		e, err := d.together(t, d.shares(t, d.asOf, ask), ask).Engine(d.asOf, d.deliveries())
		if err != nil {
			t.Fatal(err)
		}
		got, err := snapshot.NewDossier(e, d.policy, o)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(want, got, gocmp.AllowUnexported(outage.Note{})); diff != "" || len(e.Missed()) > 0 {
			t.Fatalf("the shares lack %v; all rows (-) and shares (+):\n%s", e.Missed(), diff)
		}
	})
	if made.Load() == 0 {
		t.Error("no dossier was made")
	}
}

// asked draws what is asked of a province.
func (d *streamed) asked(t *rapid.T) snapshot.Options {
	o := d.province.options
	o.Detail, o.Suspicious, o.Anonymous = true, rapid.Bool().Draw(t, "suspicious"), rapid.Bool().Draw(t, "anonymous")
	if rapid.IntRange(0, 3).Draw(t, "custom window") == 0 {
		from := d.asOf - rapid.Int64Range(1, 300*24).Draw(t, "from")*1800
		o.Year, o.Window = nil, &period.Period{From: from, To: from + rapid.Int64Range(1, 400*24).Draw(t, "to")*1800}
	}
	return o
}

// tellingSomething leaves out the entries of zeros only: who adds up shares, and
// takes them out again, need not know those from what is not there.
func tellingSomething(list []engine.Entry) []engine.Entry {
	return slices.DeleteFunc(slices.Clone(list), func(e engine.Entry) bool { return e.N == [4]int64{} })
}
