package engine_test

import (
	"fmt"
	"math"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// Parts of accounts, in loads of any number of them, are worth what as many
// deliveries are, one after the other.
func TestLawLoadsOfParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		want, got := loaded(t, in, 2), newEngine(t, in, 2)
		loadParts(t, got, in)
		got.Advance(in.AsOf)
		mustEqual(t, in, answerOf(want, in), answerOf(got, in))
		if diff := gocmp.Diff(rowTexts(want), rowTexts(got)); diff != "" {
			t.Fatalf("rows as deliveries (-) and as parts (+):\n%s\ndeliveries %+v", diff, in.Deliveries)
		}
		mustAddUp(t, got)
		for i := range got.Rows() {
			_, a := want.Event(i)
			_, b := got.Event(i)
			if a.Delivery != 0 || b.Delivery != partID(int(deliveryOfRow(in, i))) {
				t.Fatalf("row %d is of delivery %d and of part %d", i, a.Delivery, b.Delivery)
			}
		}
	})
}

// loadParts makes a part of every delivery, of an account for each way to read,
// and loads some of them at once. Now and then a load is broken off and made
// again.
func loadParts(t *rapid.T, e *engine.Engine, in refInput) {
	type mode struct {
		repeated outage.Repeated
		whole    bool
	}
	accounts := map[mode]int{}
	open := func(d refDelivery) int {
		m := mode{d.Repeated, d.WholeFeeder}
		if _, ok := accounts[m]; !ok {
			accounts[m] = e.Open(&outage.Delivery{Path: "stream", Repeated: d.Repeated, WholeFeeder: d.WholeFeeder})
		}
		return accounts[m]
	}
	for from := 0; from < len(in.Deliveries); {
		if rapid.Bool().Draw(t, "clock") {
			e.Advance(drawInstant(t, in, "clock"))
		}
		to := rapid.IntRange(from+1, len(in.Deliveries)).Draw(t, "parts up to")
		if rapid.Bool().Draw(t, "broken off") {
			load := e.Begin()
			addParts(t, load, in, [2]int{from, to}, open)
			load.Abort()
		}
		load := e.Begin()
		addParts(t, load, in, [2]int{from, to}, open)
		if err := load.CommitParts(); err != nil {
			t.Fatal(err)
		}
		for _, d := range in.Deliveries[from:to] {
			e.Tell(open(d), len(d.Events), 0, nil)
		}
		from = to
	}
}

// addParts adds some deliveries as parts, out of one batch that holds all.
func addParts(t *rapid.T, load *engine.Load, in refInput, parts [2]int, open func(refDelivery) int) {
	b := outage.NewBatch(outage.NewDict())
	var ends [][2]int
	for _, d := range in.Deliveries[parts[0]:parts[1]] {
		fill(b, d.Events, 1)
		ends = append(ends, [2]int{b.Len(), len(b.Rejected)})
	}
	var begin [2]int
	for n, end := range ends {
		load.Deliver(open(in.Deliveries[parts[0]+n]), partID(parts[0]+n), 0)
		middle := [2]int{
			rapid.IntRange(begin[0], end[0]).Draw(t, "cut of rows"), rapid.IntRange(begin[1], end[1]).Draw(t, "cut of rejected rows"),
		}
		for _, cut := range [][2][2]int{{{begin[0], middle[0]}, {begin[1], begin[1]}}, {{middle[0], end[0]}, {begin[1], middle[1]}}, {{end[0], end[0]}, {middle[1], end[1]}}} {
			if err := load.AddRows(b, cut[0], cut[1]); err != nil {
				t.Fatal(err)
			}
		}
		begin = end
	}
}

func partID(n int) int64 { return int64(n) + 1<<40 }

// deliveryOfRow is the number of the delivery that row i is in.
func deliveryOfRow(in refInput, i int) (n int) {
	for n = range in.Deliveries {
		if i -= len(in.Deliveries[n].Events); i < 0 {
			return n
		}
	}
	return n
}

// rowTexts lists every row with its outcome and why it is rejected.
func rowTexts(e *engine.Engine) []string {
	var list []string
	for i := range e.Rows() {
		ev, _ := e.Event(i)
		list = append(list, fmt.Sprintf("%s %+v", e.Outcome(i), ev))
	}
	for _, r := range e.Rejects() {
		list = append(list, fmt.Sprintf("%d %s %q %s", r.Row, r.Column, r.Value, r.Reason))
	}
	return list
}

// Each part is held against the time at which it came.
func TestPartsReceived(t *testing.T) {
	t.Parallel()
	e := newEngine(t, refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject), 1)
	b := outage.NewBatch(outage.NewDict())
	for _, id := range []string{"A", "B", "C"} {
		ev := refOut(id, "2022-05-20 08:00", "2022-05-20 10:00", 1)
		b.Append(&ev)
	}
	load, account := e.Begin(), e.Open(&outage.Delivery{Path: "stream"})
	for n, received := range []int64{refAt("2022-05-18 08:00"), refAt("2022-05-19 08:00"), 0} {
		load.Deliver(account, int64(n), received)
		if err := load.AddRows(b, [2]int{n, n + 1}, [2]int{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := load.CommitParts(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []engine.Outcome{engine.Rejected, engine.Accepted, engine.Accepted} {
		if got := e.Outcome(i); got != want {
			t.Errorf("row %d is %s, want %s", i, got, want)
		}
	}
	if got, want := e.RejectedReasons(account), (map[outage.Reason]int{outage.AfterReceived: 1}); !gocmp.Equal(got, want) {
		t.Errorf("reasons %v, want %v", got, want)
	}
}

// Parts of which one asks for more than can be counted leave the engine as it was.
func TestPartsOverflow(t *testing.T) {
	t.Parallel()
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject, refOut("A", "2022-05-20 08:00", "2022-05-20 10:00", 1))
	e := newEngine(t, in, 2)
	account := e.Open(&outage.Delivery{Path: "stream"})
	one, all := outage.NewBatch(outage.NewDict()), outage.NewBatch(outage.NewDict())
	one.Append(&in.Deliveries[0].Events[0])
	all.Append(&in.Deliveries[0].Events[0])
	for n := range 2000 {
		ev := refOut(fmt.Sprint("B", n), "1971-01-01 08:00", "2100-01-01 08:00", outage.MaxCustomers)
		all.Append(&ev)
	}
	load := e.Begin()
	load.Deliver(account, 1, 0)
	mustNot(t, load.AddRows(all, [2]int{0, 1}, [2]int{}))
	load.Deliver(account, 2, 0)
	mustNot(t, load.AddRows(all, [2]int{1, all.Len()}, [2]int{}))
	if err := load.CommitParts(); err == nil {
		t.Fatal("no error")
	}
	load = e.Begin()
	load.Deliver(account, 1, 0)
	mustNot(t, load.AddRows(one, [2]int{0, 1}, [2]int{}))
	mustNot(t, load.CommitParts())
	e.Tell(account, 1, 0, nil)
	e.Advance(in.AsOf)
	if diff := gocmp.Diff(answer(t, in, 1), answerOf(e, in)); diff != "" {
		t.Errorf("never asked (-) and refused (+):\n%s", diff)
	}
}

func mustNot(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What is told of an account adds up, and periods that go on become one.
func TestTell(t *testing.T) {
	t.Parallel()
	e := newEngine(t, refCase(nil, outage.RepeatedReject), 1)
	account := e.Open(&outage.Delivery{Path: "stream", Rows: 3, Skipped: 1})
	covers := func(from, to int64, areas ...outage.Area) []outage.Covers {
		return []outage.Covers{{Period: period.Period{From: from, To: to}, Areas: areas}}
	}
	for _, c := range [][]outage.Covers{
		covers(0, 10), covers(0, 10, "a"), covers(10, 20), covers(12, 15, "a"), covers(15, 30), covers(16, 20, "a"), covers(math.MinInt64, 1),
	} {
		e.Tell(account, 4, 2, c)
	}
	d := e.Deliveries()[account]
	want := append(append(covers(math.MinInt64, 30), covers(0, 10, "a")...), append(covers(12, 15, "a"), covers(16, 20, "a")...)...)
	if diff := gocmp.Diff(want, d.Covers); diff != "" {
		t.Errorf("covers (-want +got):\n%s", diff)
	}
	if got, want := e.Counts(account), (engine.Counts{Rows: 31, Skipped: 15}); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}
