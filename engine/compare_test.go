package engine_test

import (
	"slices"
	"strconv"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// answer brings what the engine says into the form of the reference.
func answer(t fataler, in refInput, workers int) refAnswer {
	e := newEngine(t, in, workers)
	for _, d := range in.Deliveries {
		deliver(t, e, d)
	}
	e.Advance(in.AsOf)
	return answerOf(e, in)
}

type fataler interface{ Fatal(args ...any) }

func newEngine(t fataler, in refInput, workers int) *engine.Engine {
	var classes []outage.Class // the policy's: all that rows name
	for _, d := range in.Deliveries {
		for i := range d.Events {
			if c := d.Events[i].Class; c != "" {
				classes = append(classes, outage.Class(c))
			}
		}
	}
	base, err := reliability.NewBase(in.Base, classes)
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, engine.Options{
		Zone: in.Zone, Bands: reliability.Bands{Momentary: in.Momentary, IEEE: in.IEEE}, Workers: workers, Watch: watch(),
	})
	if workers > 1 {
		e.TakeTogether(3) // so that few rows are work for all
	}
	return e
}

// deliver loads a delivery at once, in one batch.
func deliver(t fataler, e *engine.Engine, d refDelivery) {
	deliverWith(t, e, d, 0, func(load *engine.Load) error {
		b := outage.NewBatch(outage.NewDict())
		fill(b, d.Events, 1)
		return load.Add(b)
	})
}

// deliverWith loads a delivery as add does, with so many title and total rows
// beside its events.
func deliverWith(t fataler, e *engine.Engine, d refDelivery, skipped int, add func(*engine.Load) error) {
	load := e.Begin()
	if err := add(load); err != nil {
		t.Fatal(err)
	}
	if err := load.Commit(&outage.Delivery{
		Repeated: d.Repeated, WholeFeeder: d.WholeFeeder, Rows: len(d.Events) + skipped, Skipped: skipped,
	}); err != nil {
		t.Fatal(err)
	}
}

// fill appends events to a batch as a reader does, numbered from a row on.
func fill(b *outage.Batch, events []outage.Event, row outage.Row) {
	for _, ev := range events {
		ev.Row = row
		row++
		if reason, column := ev.Impossible(); reason != "" {
			b.Rejected = append(b.Rejected, outage.Rejection{Event: ev, Reason: reason, Column: column})
			continue
		}
		b.Append(&ev)
	}
}

func answerOf(e *engine.Engine, in refInput) refAnswer {
	got := refAnswer{Sums: map[refKey]refSums{}, Outcomes: map[string]int{}}
	sums := e.Sums()
	for stratum := range e.Base().Strata() {
		area, class := e.Base().Stratum(stratum)
		for day := range sums.Calendar().Days() {
			if b := sums.Day(stratum, day); b != nil {
				addBlock(got.Sums, refKey{Area: string(area), Class: string(class), Day: (sums.Calendar().First + period.Day(day)).String()}, b)
			}
		}
	}
	q := e.Quality()
	got.OverlapExcess, got.OverBase, got.Open = q.Loss.Overlap, q.Loss.OverBase, len(q.Open)
	for i := range e.Rows() {
		got.Outcomes[e.Outcome(i).String()]++
	}
	return got
}

func addBlock(sums map[refKey]refSums, key refKey, b *reliability.Block) {
	for n := range b {
		for band := range b[n] {
			if s := b[n][band]; s != (reliability.Sums{}) {
				key.Nature, key.Band = outage.Nature(n), band
				sums[key] = refSums(s)
			}
		}
	}
}

// drawCase is drawInput without rows of the base that are equal in every field,
// which the base refuses.
func drawCase(t *rapid.T) refInput {
	in := drawInput(t)
	seen := map[outage.Customers]bool{}
	in.Base = slices.DeleteFunc(in.Base, func(r outage.Customers) bool {
		again := seen[r]
		seen[r] = true
		return again
	})
	return in
}

// The engine and the brute-force reference agree on every day sum, loss and
// outcome, in 20 times as many cases as -rapid.checks says: 2000 by default.
// For a longer run: go test ./engine -run Reference -rapid.checks 100000.
func TestEngineAgreesWithReference(t *testing.T) {
	t.Parallel()
	for run := range 20 {
		t.Run(strconv.Itoa(run), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, agreesWithReference)
		})
	}
}

func agreesWithReference(t *rapid.T) {
	in := drawCase(t)
	want, got := reference(in), answer(t, in, 2)
	for o, n := range want.Outcomes {
		if n == 0 {
			delete(want.Outcomes, o)
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("reference (-) and engine (+):\n%s\nbase %+v\ndeliveries %+v\nas-of %d", diff, in.Base, in.Deliveries, in.AsOf)
	}
}
