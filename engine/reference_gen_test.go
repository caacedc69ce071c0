package engine_test

import (
	"slices"
	"time"
	_ "time/tzdata" // the zones of the cases, on any machine

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// refMinute and refHour are in seconds, as all times here.
const (
	refMinute = int64(60)
	refHour   = 60 * refMinute
)

// ---- Cases drawn at random.

// A refDraw draws one case. Few instants, ids and cells recur, so that rows
// touch, overlap, tie and repeat each other.
type refDraw struct {
	t        *rapid.T
	from     int64 // local midnight of the first of three days
	zone     *time.Location
	instants []int64
	areas    []string
	classes  []string
	free     string // the area whose base names no feeders, empty where all do
	feeders  []string
	cells    []refDrawnCell
	units    []string
	base     []outage.Customers
}

// A refDrawnCell has feeder rows before census and unit rows from it on.
type refDrawnCell struct {
	refCell
	census int64
}

// drawInput draws a small, nasty and valid input.
func drawInput(t *rapid.T) refInput {
	d := &refDraw{t: t}
	d.drawTime()
	d.drawPlaces()
	d.drawBase()
	in := refInput{Base: d.base, Zone: d.zone, Momentary: 180, IEEE: 300}
	in.Deliveries = d.drawDeliveries()
	in.AsOf = refPick(d, "as-of", d.from+96*refHour, d.from+96*refHour, d.instant("as-of at"), d.instant("as-of near")+refMinute)
	return in
}

// below draws from 0 to n - 1, all about as likely: the library's own ranges
// prefer small values, and then rare mixtures hardly ever come up.
func (d *refDraw) below(n int, label string) int {
	return rapid.Custom(func(t *rapid.T) int {
		drawn := 0
		for bits := 1; bits < 16*n; bits *= 2 {
			drawn *= 2
			if rapid.Bool().Draw(t, "bit") {
				drawn++
			}
		}
		return drawn % n
	}).Draw(d.t, label)
}

// refPick picks one of a few values.
func refPick[T any](d *refDraw, label string, from ...T) T {
	return from[d.below(len(from), label)]
}

// one is true once in n times.
func (d *refDraw) one(n int, label string) bool { return d.below(n, label) == n-1 }

func (d *refDraw) number(from, to int64, label string) int64 {
	return from + int64(d.below(int(to-from)+1, label))
}

func (d *refDraw) instant(label string) int64 { return refPick(d, label, d.instants...) }

// drawTime draws where the three days lie, near a leap day, a year's end or a
// clock change that removes or doubles a midnight, and the instants of the
// case: minutes, full hours, and those around the midnights.
func (d *refDraw) drawTime() {
	day := refPick(d, "days",
		"2022-05-01 Asia/Shanghai", "2024-02-28 Asia/Shanghai", "2021-12-30 Asia/Shanghai",
		"2018-11-02 America/Sao_Paulo", "2018-02-16 America/Sao_Paulo", "2022-03-11 America/Havana", "2022-11-05 America/Havana",
		"2010-11-06 America/St_Johns",
	)
	d.zone = refZone(day[11:])
	from, err := time.ParseInLocation(time.DateOnly, day[:10], d.zone)
	if err != nil {
		d.t.Fatal(err)
	}
	d.from = from.Unix()
	for range d.number(3, 6, "instants") {
		at := d.from + d.number(0, 3*24, "hour")*refHour
		if d.one(2, "not on the hour") {
			at += d.number(-6, 6, "minutes") * refMinute
		}
		d.instants = append(d.instants, at)
	}
}

// refZone loads a zone that the embedded data is known to have.
func refZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

func (d *refDraw) drawPlaces() {
	d.areas = []string{"a", "b"}[:d.number(1, 2, "areas")]
	d.classes = []string{"rural", "town", "unclassified"}[:d.number(1, 3, "classes")]
	d.free = refPick(d, "area without feeders", "", "", d.areas[0], d.areas[len(d.areas)-1])
	if d.free == "" || len(d.areas) == 2 {
		d.feeders = []string{"f1", "f2", "f3"}[:d.number(1, 3, "feeders")]
	}
	d.units = []string{"u1", "u2", "u3"}[:d.number(0, 3, "units")]
}

// drawBase draws the cells of each feeder, those of the area without feeders,
// and the moves of each unit.
func (d *refDraw) drawBase() {
	if d.free != "" {
		census := refPick(d, "free census", outage.AlwaysTo, outage.AlwaysTo, outage.AlwaysFrom)
		for i := range d.number(1, int64(len(d.classes)), "free classes") {
			d.cells = append(d.cells, refDrawnCell{refCell{"", d.free, d.classes[i]}, census})
		}
	}
	for _, feeder := range d.feeders {
		for range d.number(1, 3, "cells") {
			area := refPick(d, "cell area", d.areas...)
			if area == d.free {
				area = refOther(d.areas, area)
			}
			d.addCell(refCell{feeder, area, refPick(d, "cell class", d.classes...)})
		}
	}
	for _, c := range d.cells {
		if c.census != outage.AlwaysFrom {
			d.drawFeederRows(c)
		}
	}
	for _, unit := range d.units {
		d.drawUnitRows(unit)
	}
}

func refOther(areas []string, not string) string {
	for _, a := range areas {
		if a != not {
			return a
		}
	}
	return not
}

func (d *refDraw) addCell(cell refCell) {
	if slices.ContainsFunc(d.cells, func(c refDrawnCell) bool { return c.refCell == cell }) {
		return
	}
	census := refPick(d, "census", outage.AlwaysTo, outage.AlwaysFrom, outage.AlwaysFrom, d.instant("census at"))
	d.cells = append(d.cells, refDrawnCell{cell, census})
}

func (d *refDraw) addRow(cell refCell, unit string, customers, from, to int64) {
	d.base = append(d.base, outage.Customers{
		Feeder: cell.feeder, Unit: unit, Area: outage.Area(cell.area), Class: outage.Class(cell.class),
		Customers: customers, ValidFrom: from, ValidTo: to,
	})
}

// drawFeederRows gives a cell one or two rows before its census; they may
// overlap and leave gaps.
func (d *refDraw) drawFeederRows(c refDrawnCell) {
	for i := range d.number(1, 2, "rows") {
		from := refPick(d, "valid from", outage.AlwaysFrom, outage.AlwaysFrom, d.instant("valid from at"))
		to := min(c.census, refPick(d, "valid to", outage.AlwaysTo, d.instant("valid to at")))
		if from < to || i == 0 {
			d.addRow(c.refCell, "", d.number(0, 40, "served"), min(from, to-refHour), to)
		}
	}
}

// drawUnitRows moves a unit between the cells that have units, with gaps at
// times.
func (d *refDraw) drawUnitRows(unit string) {
	bounds := []int64{outage.AlwaysFrom, outage.AlwaysTo}
	for range d.number(0, 2, "moves") {
		bounds = append(bounds, d.instant("move"))
	}
	slices.Sort(bounds)
	for i, from := range bounds[:len(bounds)-1] {
		var open []refDrawnCell
		for _, c := range d.cells {
			if max(from, c.census) < bounds[i+1] {
				open = append(open, c)
			}
		}
		if len(open) > 0 && !d.one(6, "gap") {
			c := refPick(d, "cell of unit", open...)
			d.addRow(c.refCell, unit, d.number(0, 9, "unit customers"), max(from, c.census), bounds[i+1])
		}
	}
}

// drawDeliveries draws up to fifteen rows. A mapping rarely changes between
// deliveries, so the meaning of repeated keys rarely does.
func (d *refDraw) drawDeliveries() []refDelivery {
	modes := []outage.Repeated{outage.RepeatedReject, outage.RepeatedStages, outage.RepeatedLatest, outage.RepeatedRemaining}
	mode, mixed := refPick(d, "repeated", modes...), d.one(8, "modes mixed")
	whole := d.one(2, "whole feeder")
	deliveries := make([]refDelivery, d.number(1, 3, "deliveries"))
	var told []outage.Event
	for i := range deliveries {
		if mixed {
			mode = refPick(d, "repeated here", modes...)
		}
		var events []outage.Event
		for range d.number(2, 5, "events") {
			e := d.drawRow(told)
			e.Row = outage.Row(len(events) + 1)
			events = append(events, e)
			told = append(told, e)
		}
		if mode == outage.RepeatedRemaining {
			events = d.stillOut(events)
		}
		deliveries[i] = refDelivery{Repeated: mode, WholeFeeder: whole, Events: events}
	}
	return deliveries
}

// drawRow draws a new row, or one that was told before, as it was or changed.
func (d *refDraw) drawRow(told []outage.Event) outage.Event {
	if len(told) == 0 || d.one(2, "new") {
		return d.drawEvent()
	}
	e := refPick(d, "told", told...)
	e.Steps = slices.Clone(e.Steps)
	for range d.number(0, 3, "changes") {
		d.change(&e)
	}
	return e
}

func (d *refDraw) drawEvent() outage.Event {
	e := outage.Event{ID: refPick(d, "id", "E1", "E2", "E3", "E4", "E5"), Served: outage.Missing}
	e.Source = refPick(d, "source", "", "", "", "s")
	e.Stage = refPick(d, "stage", "", "", "", "1", "2")
	e.Revision = refPick(d, "revision", int64(0), 0, 0, 0, 0, 1, 2)
	e.Cancelled = d.one(20, "cancelled")
	d.drawPlace(&e)
	d.drawSpan(&e)
	e.Customers = d.customers()
	e.Nature = d.nature()
	d.drawSteps(&e)
	return e
}

func (d *refDraw) customers() int64 {
	if d.one(9, "no customers given") {
		return outage.Missing
	}
	return d.number(0, 50, "customers")
}

func (d *refDraw) nature() outage.Nature {
	return refPick(d, "nature", outage.Unknown, outage.FaultInternal, outage.FaultInternal, outage.FaultInternal,
		outage.FaultExternal, outage.PlannedMaintenance, outage.PlannedMaintenance, outage.CurtailGeneration, outage.NotAnOutage)
}

// drawPlace names feeder, unit, area and class, right, wrong or not at all.
func (d *refDraw) drawPlace(e *outage.Event) {
	e.Feeder = refPick(d, "feeder", slices.Concat([]string{"", "x1", "f1", "f1"}, d.feeders, d.feeders)...)
	e.Unit = refPick(d, "unit", slices.Concat([]string{"", "", "", "ghost"}, d.units, d.units)...)
	e.Area = refPick(d, "area", slices.Concat([]string{"", "zz", "a", "a", "a"}, d.areas, d.areas)...)
	e.Class = refPick(d, "class", slices.Concat([]string{"", "", "urban-core"}, d.classes)...)
}

// drawSpan draws start and end: from one instant of the case to another, or as
// long as a threshold, around it, or not at all; now and then open or wrong.
func (d *refDraw) drawSpan(e *outage.Event) {
	e.Start = d.instant("start")
	e.End = max(e.Start, d.instant("end"))
	switch d.number(0, 8, "span") {
	case 0, 1, 2:
		e.End = e.Start + refPick(d, "seconds", int64(0), 60, 180, 181, 240, 300, 301, 3600)
	case 3:
		e.End = outage.Open
	case 4:
		e.End = e.Start
	}
	if d.one(20, "end before start") {
		e.End = e.Start - refMinute
	}
}

// drawSteps restores some of the customers between start and end, and now and
// then more than there are.
func (d *refDraw) drawSteps(e *outage.Event) {
	e.Steps = nil
	if e.Customers == outage.Missing || !d.one(3, "steps") {
		return
	}
	at, left := e.Start, e.Customers
	for range d.number(1, 3, "how many steps") {
		at = min(e.End, at+d.number(0, 5, "step after")*refMinute)
		restored := d.number(0, left, "restored")
		left -= restored
		e.Steps = append(e.Steps, outage.Step{At: at, Restored: restored})
	}
	if d.one(12, "steps exceed") {
		e.Steps[0].Restored += left + 1
	}
}

// change corrects, moves, revises or cancels a row.
func (d *refDraw) change(e *outage.Event) {
	switch d.number(0, 11, "change") {
	case 0, 1:
		e.End = max(e.Start, d.instant("new end"))
		d.drawSteps(e)
	case 2, 3:
		d.drawSpan(e)
		d.drawSteps(e)
	case 4:
		e.Customers = d.customers()
		d.drawSteps(e)
	case 5:
		e.Nature = d.nature()
	case 6:
		e.Stage = refPick(d, "new stage", "", "1", "2")
	case 7:
		e.Revision = d.number(0, 2, "new revision")
	case 8:
		d.drawPlace(e)
	case 9:
		e.Cancelled = d.one(2, "now cancelled")
	case 10:
		e.Cause = refPick(d, "cause", "tree", "ice")
	case 11:
		e.Unit = refPick(d, "other unit", slices.Concat([]string{""}, d.units)...)
	}
}

// stillOut makes rows ones that may give the customers still out: without
// steps, the first of a key not of nobody, and one row for each known unit.
func (d *refDraw) stillOut(events []outage.Event) []outage.Event {
	var kept []outage.Event
	same := func(a, b outage.Event) bool {
		return a.Source == b.Source && a.ID == b.ID && a.Feeder == b.Feeder && a.Unit == b.Unit
	}
	for _, e := range events {
		e.Steps = nil
		again := slices.ContainsFunc(kept, func(k outage.Event) bool { return same(k, e) })
		if again && refBase(d.base).knowsUnit(e.Unit) {
			continue
		}
		earliest := !slices.ContainsFunc(events, func(o outage.Event) bool { return same(o, e) && o.Start < e.Start })
		if earliest && e.Customers == 0 {
			e.Customers = 1
		}
		kept = append(kept, e)
	}
	return kept
}
