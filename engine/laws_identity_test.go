package engine_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
)

// With a revision on every row, the deliveries may come in any order: in the
// end the same rows are in force.
func TestLawRevisions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		revise(t, &in)
		want, e := answer(t, in, 2), loaded(t, in, 2)
		in.Deliveries = rapid.Permutation(in.Deliveries).Draw(t, "order of deliveries")
		got, again := answer(t, in, 2), oneByOne(t, in)
		want.Outcomes, got.Outcomes = nil, nil
		mustEqual(t, in, want, got)
		if diff := gocmp.Diff(inForce(e), inForce(again)); diff != "" {
			t.Fatalf("rows in force in one order (-) and another (+):\n%s", diff)
		}
	})
}

// revise gives the rows of every event in every delivery a revision of their
// own.
func revise(t *rapid.T, in *refInput) {
	revisions := map[string][]int{}
	for i, d := range in.Deliveries {
		in.Deliveries[i].Events = slices.Clone(d.Events)
		for k := range d.Events {
			e := &in.Deliveries[i].Events[k]
			id := fmt.Sprintf("%q", []string{e.Source, e.ID})
			if revisions[id] == nil {
				numbers := make([]int, len(in.Deliveries))
				for n := range numbers {
					numbers[n] = n
				}
				revisions[id] = rapid.Permutation(numbers).Draw(t, "revisions of "+id)
			}
			e.Revision = int64(revisions[id][i])
		}
	}
}

// inForce lists the rows in force.
func inForce(e *engine.Engine) []string {
	var rows []string
	for i := range e.Rows() {
		if o := e.Outcome(i); o == engine.Accepted || o == engine.Excluded {
			ev, _ := e.Event(i)
			rows = append(rows, fmt.Sprintf("%s %+v", o, ev))
		}
	}
	slices.Sort(rows)
	return rows
}

// To deliver everything again changes no sum; of the second rows none counts,
// and none is rejected once more.
func TestLawDeliveredTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		want, rows, force := answerOf(e, in), e.Rows(), inForce(e)
		for _, d := range in.Deliveries {
			deliver(t, e, d)
		}
		e.Advance(in.AsOf)
		got := answerOf(e, in)
		want.Outcomes, got.Outcomes = nil, nil
		mustEqual(t, in, want, got)
		if diff := gocmp.Diff(force, inForce(e)); diff != "" {
			t.Fatalf("rows in force once (-) and twice (+) delivered:\n%s", diff)
		}
		for i := rows; i < e.Rows(); i++ {
			if o := e.Outcome(i); o != engine.Duplicate && o != engine.Superseded {
				ev, _ := e.Event(i)
				t.Fatalf("delivered again, %+v is %s\ndeliveries %+v", ev, o, in.Deliveries)
			}
		}
	})
}

// Every row read has exactly one outcome, in every delivery at all times.
func TestLawRowsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := newEngine(t, in, 2)
		for _, d := range append(in.Deliveries, in.Deliveries...) {
			skipped := rapid.IntRange(0, 3).Draw(t, "title and total rows")
			deliverWith(t, e, d, skipped, func(load *engine.Load) error { return addInBatches(t, load, d.Events) })
			mustAddUp(t, e)
			e.Advance(drawInstant(t, in, "clock"))
			mustAddUp(t, e)
		}
	})
}

func mustAddUp(t *rapid.T, e *engine.Engine) {
	t.Helper()
	var all engine.Counts
	for i, d := range e.Deliveries() {
		c := e.Counts(i)
		if sum := parts(c); sum != c.Rows || c.Rows != d.Rows {
			t.Fatalf("delivery %d of %d rows: %+v add up to %d", i, d.Rows, c, sum)
		}
		all.Rows, all.Accepted, all.Rejected = all.Rows+c.Rows, all.Accepted+c.Accepted, all.Rejected+c.Rejected
	}
	q := e.Quality()
	if parts(q.Counts) != q.Rows || q.Rows != all.Rows || q.Accepted != all.Accepted || q.Rejected != all.Rejected {
		t.Fatalf("all deliveries: %+v", q.Counts)
	}
	reasons := 0
	for _, n := range q.RejectedReasons {
		reasons += n
	}
	if reasons != q.Rejected || len(e.Rejects()) != q.Rejected {
		t.Fatalf("%d rejected, %d with a reason, %d listed", q.Rejected, reasons, len(e.Rejects()))
	}
}

func parts(c engine.Counts) int {
	return c.Accepted + c.Rejected + c.Duplicate + c.Superseded + c.Cancelled + c.Skipped + c.Excluded
}

// A delivery that is broken off leaves everything as it was.
func TestLawAborted(t *testing.T) {
	t.Parallel()
	var dropped atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := newEngine(t, in, 2)
		for _, d := range in.Deliveries {
			load := e.Begin()
			lost := d.Events[:rapid.IntRange(0, len(d.Events)).Draw(t, "rows before it broke off")]
			if err := addInBatches(t, load, lost); err != nil {
				t.Fatal(err)
			}
			load.Abort()
			dropped.Add(int64(len(lost)))
			deliver(t, e, d)
		}
		e.Advance(in.AsOf)
		mustEqual(t, in, answer(t, in, 2), answerOf(e, in))
	})
	if dropped.Load() == 0 {
		t.Error("no delivery had rows when it broke off")
	}
}
