package snapshot_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A told is what a store holds of one delivery.
type told struct {
	rows      []provinceRow
	withdrawn int64 // by which delivery; 0: never
}

// drawHistory cuts the rows of a province into deliveries, lets some of them come
// again with other words, and withdraws some deliveries.
func drawHistory(t *rapid.T, p *province) []told {
	history := make([]told, rapid.IntRange(2, 5).Draw(t, "deliveries"))
	for _, row := range p.rows {
		i := rapid.IntRange(0, len(history)-1).Draw(t, "delivery")
		history[i].rows = append(history[i].rows, row)
		if i+1 < len(history) && rapid.Bool().Draw(t, "told again") {
			k := rapid.IntRange(i+1, len(history)-1).Draw(t, "again in")
			history[k].rows = append(history[k].rows, corrected(t, row, p))
		}
	}
	for i := range history[:len(history)-1] {
		if rapid.IntRange(0, 3).Draw(t, "withdrawn") == 0 {
			history[i].withdrawn = int64(rapid.IntRange(i+2, len(history)).Draw(t, "by"))
		}
	}
	return history
}

// corrected is a row as it may be told later.
func corrected(t *rapid.T, row provinceRow, p *province) provinceRow {
	switch rapid.IntRange(0, 6).Draw(t, "correction") {
	case 0:
		row.Cancelled = true
	case 1:
		row.Customers = rapid.Int64Range(0, 60).Draw(t, "customers")
	case 2:
		if row.End != outage.Open && row.rejected == "" {
			row.End += rapid.Int64Range(0, 7200).Draw(t, "longer")
		}
	case 3:
		at := rapid.SampledFrom(p.base).Draw(t, "elsewhere")
		row.Feeder, row.Unit, row.Area, row.Class = at.Feeder, at.Unit, string(at.Area), ""
	case 4:
		row.Revision++
	case 5:
		row.ID = ""
	}
	return row
}

// knowing is an engine that knows the first n deliveries, against some base.
func knowing(t rapid.TB, p *province, rows []outage.Customers, history []told, n int) *engine.Engine {
	base, err := reliability.NewBase(rows, p.classes)
	if err != nil {
		t.Skip(err.Error())
	}
	e := engine.New(base, engine.Options{Zone: p.policy.Zone, Workers: 2})
	load, account := e.Begin(), e.Open(&outage.Delivery{Path: "stream", Covers: p.covers, Repeated: outage.RepeatedLatest})
	for i, d := range history[:n] {
		if d.withdrawn > 0 && d.withdrawn <= int64(n) {
			continue
		}
		load.Deliver(account, int64(i+1), 0)
		if err := load.Add(batchOf(d.rows, 0)); err != nil {
			t.Fatal(err)
		}
		e.Tell(account, len(d.rows), 0, nil)
	}
	if err := load.CommitParts(); err != nil {
		t.Fatal(err)
	}
	e.Advance(p.asOf)
	return e
}

// The records that moved a number, and the rest, add up to its change exactly,
// whatever was told, withdrawn or is served; and what moved a record is one of
// the deliveries between.
func TestLawMovesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProvince(t, taste{})
		history := drawHistory(t, p)
		from, to := rapid.IntRange(0, len(history)).Draw(t, "from"), rapid.IntRange(0, len(history)).Draw(t, "to")
		from, to = min(from, to), max(from, to)
		rows, q := slices.Clone(p.base), comparison(history, from, to)
		if rapid.Bool().Draw(t, "another base") {
			rows[0].Customers = rapid.Int64Range(0, 60).Draw(t, "customers of another base")
			q.To.BaseSHA256 = "another"
		}
		q.Top = rapid.SampledFrom([]int{0, 1, 3}).Draw(t, "top")
		before, after := knowing(t, p, p.base, history, from), knowing(t, p, rows, history, to)
		d, err := snapshot.Compare(before, after, p.policy, q)
		if err != nil {
			t.Fatal(err)
		}
		for i := range d.Numbers {
			mustExplainChange(t, &d.Numbers[i], q)
			mustMatch(t, &d.Numbers[i], p, before, after)
		}
		mustMatchTargets(t, d)
	})
}

func comparison(history []told, from, to int) snapshot.Comparison {
	return snapshot.Comparison{
		From: snapshot.Known{Delivery: int64(from)}, To: snapshot.Known{Delivery: int64(to)},
		Delivery: func(id int64) snapshot.Sender {
			return snapshot.Sender{Received: time.Unix(id, 0), WithdrawnBy: history[id-1].withdrawn}
		},
	}
}

func mustExplainChange(t *rapid.T, n *snapshot.Number, q snapshot.Comparison) {
	change, seconds := n.Rest.Change, [2]snapshot.Milli{n.After.Interruptions, n.Before.Interruptions}
	seconds[0] -= n.Rest.InterruptionsAfter
	seconds[1] -= n.Rest.InterruptionsBefore
	for _, m := range n.Records {
		if m.Change != m.After-m.Before || m.Change == 0 && m.InterruptionsBefore == m.InterruptionsAfter {
			t.Fatalf("%s %s %d: a record that did not move: %+v", n.Scope, n.Class, n.Year, m)
		}
		change += m.Change
		seconds[0] -= m.InterruptionsAfter
		seconds[1] -= m.InterruptionsBefore
		named := m.By == snapshot.ByTold || m.By == snapshot.ByWithdrawn
		if named != (m.Delivery > q.From.Delivery && m.Delivery <= q.To.Delivery) || named != (m.Received != "") {
			t.Fatalf("moved by %q of delivery %d, from %d to %d: %+v", m.By, m.Delivery, q.From.Delivery, q.To.Delivery, m)
		}
		if m.By == snapshot.ByBase && q.From.BaseSHA256 == q.To.BaseSHA256 {
			t.Fatalf("moved by the base, which is the same: %+v", m)
		}
	}
	if change != n.Change || n.Change != n.After.CustomerSeconds-n.Before.CustomerSeconds {
		t.Fatalf("%s %s %d: the records add up to %v, the change is %v from %v to %v", n.Scope, n.Class, n.Year, change, n.Change, n.Before, n.After)
	}
	if seconds[0] != seconds[1] {
		t.Fatalf("%s %s %d: interruptions change from %v to %v, the records say otherwise by %v", n.Scope, n.Class, n.Year, n.Before, n.After, seconds)
	}
	if n.HoursChange != nil && n.ByRecords != nil && math.Abs(*n.ByRecords+*n.ByBase-*n.HoursChange) > 1e-9 {
		t.Fatalf("%s %s %d: %v by records and %v by the base are not %v", n.Scope, n.Class, n.Year, *n.ByRecords, *n.ByBase, *n.HoursChange)
	}
}

// mustMatch holds both sides of a number against what each engine says alone.
func mustMatch(t *rapid.T, n *snapshot.Number, p *province, before, after *engine.Engine) {
	w := p.policy.YearStart.Year(n.Year, p.policy.Zone)
	w.To = max(w.From, min(w.To, p.asOf))
	for i, e := range []*engine.Engine{before, after} {
		got := []snapshot.Amount{n.Before, n.After}[i]
		x, err := snapshot.Explain(e, p.policy, snapshot.Question{Scope: n.Scope, Class: n.Class, Window: w})
		if err != nil {
			if got.CustomerSeconds != 0 || got.Interruptions != 0 {
				t.Fatalf("side %d: %+v, but %v", i, got, err)
			}
			continue // the class has neither customers nor outages there, or the index no major event days
		}
		if got.CustomerSeconds != x.CustomerSeconds || got.Interruptions != x.Interruptions || got.EquivalentCustomers != x.EquivalentCustomers {
			t.Fatalf("side %d of %s %s %d: %+v, want %v, %v and %v", i, n.Scope, n.Class, n.Year, got, x.CustomerSeconds, x.Interruptions, x.EquivalentCustomers)
		}
	}
}

// mustMatchTargets holds the value of every target against its number.
func mustMatchTargets(t *rapid.T, d *snapshot.Difference) {
	for _, target := range d.Targets {
		i := slices.IndexFunc(d.Numbers, func(n snapshot.Number) bool {
			return n.Scope == target.Scope && n.Class == target.Class && n.Year == target.Year
		})
		if i < 0 {
			if target.ValueAfter != nil || target.ValueBefore != nil {
				t.Fatalf("no number for %s %s %d", target.Scope, target.Class, target.Year)
			}
			continue
		}
		n := &d.Numbers[i]
		for _, side := range [][2]*float64{{target.ValueBefore, n.Before.SAIDIHours}, {target.ValueAfter, n.After.SAIDIHours}} {
			if side[0] != nil && side[1] != nil && math.Abs(*side[0]-*side[1]) > 1e-9**side[1] {
				t.Fatalf("%s %s %d: value %v, number %v", target.Scope, target.Class, target.Year, *side[0], *side[1])
			}
		}
	}
}

// What moved a record is the delivery that told of it, the one that withdrew what
// was told, the base, or others.
func TestWhoMovedARecord(t *testing.T) {
	t.Parallel()
	const from, hour = 1646121600, 3600 // 2022-03-01 08:00 UTC
	out := func(id, feeder string, hours, customers int64) provinceRow {
		return provinceRow{Event: outage.Event{ID: id, Feeder: feeder, Start: from, End: from + hours*hour, Customers: customers, Served: outage.Missing}}
	}
	cancelled := out("E", "F1", 1, 10)
	cancelled.Cancelled = true
	moved := out("E", "F2", 1, 10)
	moved.Revision = 1
	served := func(list ...outage.Customers) []outage.Customers {
		for i := range list {
			list[i].Area, list[i].Class, list[i].ValidFrom, list[i].ValidTo = "xining", "rural", outage.AlwaysFrom, outage.AlwaysTo
		}
		return list
	}
	one := []told{{rows: []provinceRow{out("E", "F1", 1, 10)}}}
	for _, c := range []struct {
		name    string
		first   []told
		then    []told
		after   []outage.Customers // another base
		want    string
		by      int64
		changes snapshot.Milli
	}{
		{name: "new", then: one, want: snapshot.ByTold, by: 1, changes: 36000_000},
		{name: "corrected", first: one, then: []told{{rows: []provinceRow{out("E", "F1", 1, 4)}}}, want: snapshot.ByTold, by: 2, changes: -21600_000},
		{name: "corrected twice", first: one, then: []told{{rows: []provinceRow{out("E", "F1", 1, 4)}}, {rows: []provinceRow{out("E", "F1", 1, 5)}}}, want: snapshot.ByTold, by: 3, changes: -18000_000},
		{name: "cancelled", first: one, then: []told{{rows: []provinceRow{cancelled}}}, want: snapshot.ByTold, by: 2, changes: -36000_000},
		{name: "moved to another feeder", first: one, then: []told{{rows: []provinceRow{moved}}}, want: snapshot.ByTold, by: 2, changes: -36000_000},
		{name: "withdrawn", first: []told{{rows: one[0].rows, withdrawn: 2}}, then: []told{{}}, want: snapshot.ByWithdrawn, by: 2, changes: -36000_000},
		{name: "replaced without it", first: []told{{rows: one[0].rows, withdrawn: 2}}, then: []told{{rows: []provinceRow{out("O", "F2", 1, 1)}}}, want: snapshot.ByWithdrawn, by: 2, changes: -36000_000},
		{name: "its correction withdrawn", first: []told{one[0], {rows: []provinceRow{out("E", "F1", 1, 4)}, withdrawn: 3}}, then: []told{{}}, want: snapshot.ByWithdrawn, by: 3, changes: 21600_000},
		{name: "its cancellation withdrawn", first: []told{one[0], {rows: []provinceRow{cancelled}, withdrawn: 3}}, then: []told{{}}, want: snapshot.ByWithdrawn, by: 3, changes: 36000_000},
		{name: "others take the customers", first: one, then: []told{{rows: []provinceRow{out("A", "F1", 1, 15)}}}, want: snapshot.ByOthers, changes: -18000_000},
		{name: "retold, and others take the customers", first: []told{{rows: one[0].rows, withdrawn: 2}}, then: []told{{rows: []provinceRow{out("A", "F1", 1, 15), out("E", "F1", 1, 10)}}}, want: snapshot.ByOthers, changes: -18000_000},
		{name: "its feeder is known no more", first: one, then: []told{{}}, after: served(outage.Customers{Feeder: "F2", Customers: 20}), want: snapshot.ByBase, changes: -36000_000},
		{name: "fewer customers are served", first: one, then: []told{{}}, after: served(outage.Customers{Feeder: "F1", Customers: 5}, outage.Customers{Feeder: "F2", Customers: 20}), want: snapshot.ByBaseOrOthers, changes: -18000_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &province{policy: policy.Qinghai(), classes: []outage.Class{"rural"}, asOf: from + 24*hour}
			base := served(outage.Customers{Feeder: "F1", Customers: 20}, outage.Customers{Feeder: "F2", Customers: 20})
			history := slices.Concat(c.first, c.then)
			q := comparison(history, len(c.first), len(history))
			q.Scope, q.Class = "xining", "rural"
			after := base
			if c.after != nil {
				after, q.To.BaseSHA256 = c.after, "another"
			}
			d, err := snapshot.Compare(knowing(t, p, base, history, len(c.first)), knowing(t, p, after, history, len(history)), p.policy, q)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(d.Numbers[0].Records, func(m snapshot.Move) bool { return m.EventID == "E" && m.Feeder == "F1" })
			if i < 0 {
				t.Fatalf("the record is not listed: %+v", d.Numbers[0])
			}
			if m := d.Numbers[0].Records[i]; m.By != c.want || m.Delivery != c.by || m.Change != c.changes {
				t.Errorf("moved by %s of delivery %d, by %v; want %s, %d and %v: %+v", m.By, m.Delivery, m.Change, c.want, c.by, c.changes, m)
			}
		})
	}
}
