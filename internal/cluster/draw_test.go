package cluster

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
)

// What the histories of the laws are about.
var (
	lawFrom = time.Date(2022, 12, 20, 0, 0, 0, 0, time.UTC).Unix()
	lawText = `id: drawn
zone: Asia/Shanghai
index: saidi-1
indices: [saidi-1, saidi-4, ieee]
areas:
  - {id: a}
  - {id: b}
  - {id: c}
groups: [{id: g, areas: [b, a]}]
classes: [{id: rural}, {id: town}]
targets:
  - {scope: whole, class: all, cap: 2h, strength: duty, deadline: 2022-12-31}
  - {scope: g, class: rural, reduction: 8%, strength: duty, deadline: 2022-12-31}
`
)

func lawPolicy(t failer) *policy.Policy {
	t.Helper()
	p, err := policy.Parse("drawn.yaml", []byte(lawText))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var lawFeeders = []string{"f1", "f2", "f3", "f4", "f5"}

// drawBase draws who is served: feeders with customers or with units, some of
// which share units, and an area whose customers have no feeder.
func drawBase(t *rapid.T) []outage.Customers {
	var rows []outage.Customers
	add := func(feeder, unit, area, class string, n int64, from, to int64) {
		rows = append(rows, outage.Customers{Feeder: feeder, Unit: unit, Area: outage.Area(area), Class: outage.Class(class), Customers: n, ValidFrom: from, ValidTo: to})
	}
	for i, f := range lawFeeders[:rapid.IntRange(1, len(lawFeeders)).Draw(t, "feeders")] {
		area := []string{"a", "b"}[i%2]
		if rapid.Bool().Draw(t, "by unit") {
			add(f, f+"-u1", area, "rural", 3, outage.AlwaysFrom, outage.AlwaysTo)
			add(f, f+"-u2", area, "town", 5, outage.AlwaysFrom, outage.AlwaysTo)
			continue
		}
		add(f, "", area, "rural", rapid.Int64Range(1, 40).Draw(t, "served"), outage.AlwaysFrom, outage.AlwaysTo)
		if rapid.Bool().Draw(t, "two classes") {
			add(f, "", area, "town", 7, outage.AlwaysFrom, outage.AlwaysTo)
		}
	}
	if rapid.Bool().Draw(t, "a unit moves") {
		move := lawFrom + 86400*rapid.Int64Range(-3, 3).Draw(t, "move")
		add("m1", "moving", "a", "rural", 4, outage.AlwaysFrom, move)
		add("m2", "moving", "a", "rural", 4, move, outage.AlwaysTo)
	}
	if rapid.Bool().Draw(t, "an area without feeders") {
		add("", "", "c", "rural", 50, outage.AlwaysFrom, outage.AlwaysTo)
	}
	return rows
}

// drawRow draws an outage; ids, places and instants recur, so that rows touch,
// replace and cancel each other.
func drawRow(t *rapid.T) outage.Event {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	one := func(n int, label string) bool { return rapid.IntRange(1, n).Draw(t, label) == n }
	start := lawFrom + 1800*rapid.Int64Range(-200, 700).Draw(t, "start")
	if one(6, "a year before") {
		start -= 365 * 86400
	}
	e := outage.Event{
		ID: fmt.Sprint("e", rapid.IntRange(1, 8).Draw(t, "id")), Source: pick("source", "", "", "other"),
		Feeder: pick("feeder", "f1", "f1", "f2", "f2", "f3", "f4", "f5", "m1", "strange", ""), Area: pick("area", "", "a", "b", "c", "nowhere"),
		Class: pick("class", "", "rural", "town"), Cause: pick("cause", "", "wind", "age"), Stage: pick("stage", "", "", "", "s1", "s2"),
		Start: start, End: start + 60*rapid.SampledFrom([]int64{0, 2, 4, 30, 300, 3000, 20000}).Draw(t, "minutes"),
		Customers: rapid.SampledFrom([]int64{0, 1, 5, 20, 90, outage.Missing}).Draw(t, "customers"), Nature: outage.Nature(rapid.IntRange(0, int(outage.NotAnOutage)).Draw(t, "nature")),
		Served: outage.Missing,
	}
	switch {
	case one(4, "of a unit"):
		e.Unit = pick("unit", "f1-u1", "f1-u2", "f2-u1", "moving", "unheard")
	case one(5, "open"):
		e.End = outage.Open
	case one(6, "backwards"):
		e.End = start - 60
	case e.End-start > 1200 && e.Customers >= 5 && one(4, "in steps"):
		e.Steps = []outage.Step{{At: start + 600, Restored: 2}}
	}
	if one(3, "revised") {
		e.Revision = rapid.Int64Range(1, 3).Draw(t, "revision")
		e.Cancelled = one(3, "cancelled")
	}
	if e.Area == "nowhere" {
		e.Flags |= outage.UnknownArea
	}
	return e
}

// drawCovers draws a declared period, or none.
func drawCovers(t *rapid.T) []outage.Covers {
	if !rapid.Bool().Draw(t, "declares") {
		return nil
	}
	to := lawFrom + 86400*rapid.Int64Range(-20, 14).Draw(t, "covered to")
	c := outage.Covers{Period: period.Period{From: lawFrom - 400*86400, To: to}}
	if rapid.Bool().Draw(t, "of an area") {
		c.Areas = []outage.Area{"a"}
	}
	return []outage.Covers{c}
}
