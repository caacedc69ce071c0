package snapshot_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

func TestZZ(t *testing.T) {
	for _, area := range []bool{false, true} {
		s := story{policy: "targets: [{scope: a, class: rural, cap: 5h, strength: duty, deadline: 2022-12-31},{scope: g, class: all, cap: 0.01h, strength: duty, deadline: 2022-12-31}]\n"}
		p, _ := policy.Parse("x", []byte(s.yaml()))
		var rows []outage.Customers
		n := 2000
		if area {
			rows = append(rows, outage.Customers{Area: "a", Class: "rural", Customers: 200000, ValidTo: outage.AlwaysTo, ValidFrom: outage.AlwaysFrom})
		} else {
			for i := range n {
				for _, c := range []outage.Class{"rural", "town"} {
					rows = append(rows, outage.Customers{Feeder: fmt.Sprint("F", i), Area: "a", Class: c, Customers: 100, ValidTo: outage.AlwaysTo, ValidFrom: outage.AlwaysFrom})
				}
			}
		}
		base, err := reliability.NewBase(rows, []outage.Class{"rural", "town"})
		if err != nil {
			t.Fatal(err)
		}
		e := engine.New(base, engine.Options{Zone: p.Zone, Workers: 1})
		b := outage.NewBatch(outage.NewDict())
		start := int64(1609459200)
		told := 1000000
		if area { told = 100000 }
		for i := range told {
			at := start + int64(i)*44000000/int64(told)
			f := fmt.Sprint("F", (i*7919)%n)
			b.Append(&outage.Event{Row: outage.Row(i), ID: fmt.Sprint("E", i), Feeder: f, Area: "a", Start: at, End: at + 3600, Customers: 20, Served: outage.Missing})
		}
		l := e.Begin()
		l.Add(b)
		l.Commit(&outage.Delivery{Path: "x"})
		asOf := start + 44000000
		e.Advance(asOf)
		for _, m := range []int{10, 1000, 10000} {
			b := outage.NewBatch(outage.NewDict())
			for i := range m {
				b.Append(&outage.Event{Row: outage.Row(i), ID: fmt.Sprint("P", i), Feeder: fmt.Sprint("F", i%n), Area: "a", Start: asOf + int64(i), End: asOf + int64(i) + 40000 , Customers: 15, Served: outage.Missing})
			}
			d := snapshot.Proposed{Delivery: &outage.Delivery{}}
			d.Add(b)
			from := time.Now()
			c, err := snapshot.CheckPlan(e, p, snapshot.Proposal{Deliveries: []snapshot.Proposed{d}})
			if err != nil { t.Fatal(err) }
			acc := 0
			for i := range c.Rows { if c.Rows[i].Rejected == nil { acc++ } }
			t.Log("area", area, m, time.Since(from), "accepted", acc, c.Fits, c.Reasons, len(c.Targets))
			from = time.Now()
			snapshot.Build(e, p, snapshot.Options{})
			t.Log("build", time.Since(from))
		}
	}
}
