package engine_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// ---- What the reference says of cases worked by hand.

// Seconds are of the local clock in Asia/Shanghai, with or without seconds.
func refAt(text string) int64 {
	if len(text) == len("2006-01-02 15:04") {
		text += ":00"
	}
	at, err := time.ParseInLocation(time.DateTime, text, refZone("Asia/Shanghai"))
	if err != nil {
		panic(err)
	}
	return at.Unix()
}

// refOut is an outage of so many customers on feeder f1; no end is open.
func refOut(id, from, to string, customers int64, changes ...func(*outage.Event)) outage.Event {
	e := outage.Event{
		ID: id, Feeder: "f1", Start: refAt(from), End: outage.Open,
		Customers: customers, Nature: outage.FaultInternal, Served: outage.Missing,
	}
	if to != "" {
		e.End = refAt(to)
	}
	for _, change := range changes {
		change(&e)
	}
	return e
}

// refOf is the row of unit T1.
func refOf(e *outage.Event) { e.Unit, e.Customers = "T1", outage.Missing }

func refStep(at string, restored int64) func(*outage.Event) {
	return func(e *outage.Event) { e.Steps = append(e.Steps, outage.Step{At: refAt(at), Restored: restored}) }
}

func refServed(feeder, area, class string, customers int64) outage.Customers {
	return outage.Customers{
		Feeder: feeder, Area: outage.Area(area), Class: outage.Class(class), Customers: customers,
		ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo,
	}
}

// refUnit is T1, on f1, from one local time to another; an empty one is open.
func refUnit(class string, customers int64, from, to string) outage.Customers {
	row := refServed("f1", "a", class, customers)
	row.Unit = "T1"
	if from != "" {
		row.ValidFrom = refAt(from)
	}
	if to != "" {
		row.ValidTo = refAt(to)
	}
	return row
}

// refCase is one delivery, long past unless as-of is given.
func refCase(base []outage.Customers, mode outage.Repeated, events ...outage.Event) refInput {
	return refInput{
		Base: base, Deliveries: []refDelivery{{Repeated: mode, Events: events}}, AsOf: refAt("2023-01-01 00:00"),
		Zone: refZone("Asia/Shanghai"), Momentary: 180, IEEE: 300,
	}
}

func (in refInput) asOf(text string) refInput {
	in.AsOf = refAt(text)
	return in
}

func (in refInput) then(events ...outage.Event) refInput {
	in.Deliveries = append(in.Deliveries, refDelivery{Repeated: in.Deliveries[0].Repeated, Events: events})
	return in
}

func (in refInput) whole() refInput {
	for i := range in.Deliveries {
		in.Deliveries[i].WholeFeeder = true
	}
	return in
}

func (in refInput) within(zone string) refInput {
	in.Zone = refZone(zone)
	return in
}

// refFacts adds an answer up in many ways: in thousandths of customer-seconds
// and customers, and in events and rows. What is zero has no entry.
func refFacts(answer refAnswer) map[string]int64 {
	facts := map[string]int64{"overlap": answer.OverlapExcess, "over base": answer.OverBase, "open": int64(answer.Open)}
	for key, s := range answer.Sums {
		for _, by := range []string{
			"", " " + key.Day[:4], " " + key.Day, " " + key.Class, " " + key.Class + " " + key.Day[:4],
			" " + key.Nature.String(), fmt.Sprintf(" band %d", key.Band),
		} {
			facts["seconds"+by] += s.Seconds
			facts["booked"+by] += s.Booked
			facts["interruptions"+by] += s.Interruptions
			facts["events"+by] += s.Events
		}
	}
	for outcome, rows := range answer.Outcomes {
		facts[outcome] = int64(rows)
	}
	return facts
}

// A refWorked is a case and some of its facts.
type refWorked struct {
	name string
	in   refInput
	want map[string]int64
}

func refCheck(t *testing.T, tests []refWorked) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			facts, got := refFacts(reference(tt.in)), map[string]int64{}
			for name := range tt.want {
				got[name] = facts[name]
			}
			if diff := gocmp.Diff(tt.want, got); diff != "" {
				t.Errorf("facts differ (-want +got):\n%s", diff)
			}
		})
	}
}

// refHours is a number of customer-hours in thousandths of customer-seconds.
func refHours(hours int64) int64 { return hours * 3600 * 1000 }

// The cases of testdata/golden/counting.json that are about events.
func TestReferenceGolden(t *testing.T) {
	t.Parallel()
	thousand := []outage.Customers{refServed("f1", "a", "rural", 1000)}
	hundred := []outage.Customers{refServed("f1", "a", "rural", 100)}
	unit := []outage.Customers{refUnit("rural", 1, "", "")}
	planned := func(e *outage.Event) { e.Nature = outage.PlannedMaintenance }
	reject := outage.RepeatedReject
	refCheck(t, []refWorked{
		{"step restoration", refCase(thousand, reject,
			refOut("A", "2022-03-01 08:00", "2022-03-01 14:00", 120, refStep("2022-03-01 09:30", 60), refStep("2022-03-01 11:00", 40), refStep("2022-03-01 14:00", 20)),
		), map[string]int64{"seconds 2022": refHours(330), "interruptions 2022": 120_000, "events": 1}},
		{"split at the year's end", refCase(thousand, reject, refOut("A", "2021-12-31 22:00", "2022-01-01 04:00", 50)), map[string]int64{
			"seconds 2021": refHours(100), "seconds 2022": refHours(200), "interruptions 2021": 50_000, "interruptions 2022": 0,
			"booked 2021": refHours(300), "booked 2022": 0,
		}},
		{"one customer in two overlapping outages", refCase(unit, reject,
			refOut("A", "2022-06-01 08:00", "2022-06-01 12:00", 0, refOf), refOut("B", "2022-06-01 10:00", "2022-06-01 14:00", 0, refOf),
		), map[string]int64{"seconds 2022": refHours(6), "interruptions 2022": 1000, "overlap": 0, "events": 2}},
		{"counts only, first come, capped by the feeder", refCase(hundred, reject,
			refOut("B", "2022-06-01 08:00", "2022-06-01 12:00", 80), refOut("C", "2022-06-01 10:00", "2022-06-01 14:00", 60, planned),
		), map[string]int64{
			"seconds 2022": refHours(480), "seconds fault_internal": refHours(320), "seconds planned_maintenance": refHours(160),
			"interruptions 2022": 100_000, "overlap": refHours(80), "over base": 0,
		}},
		{"re-interruption", refCase(thousand, reject,
			refOut("A", "2022-05-01 10:00", "2022-05-01 10:30", 200), refOut("B", "2022-05-01 10:31", "2022-05-01 11:00", 100),
		), map[string]int64{"seconds 2022": 8900 * 60 * 1000, "interruptions 2022": 300_000}},
		{"exactly the threshold is momentary", refCase(hundred, reject,
			refOut("A", "2022-05-01 10:00", "2022-05-01 10:03", 10), refOut("B", "2022-05-02 10:00", "2022-05-02 10:03:01", 10),
		), map[string]int64{
			"interruptions band 0": 10_000, "interruptions band 1": 10_000, "interruptions band 2": 0,
			"seconds": 3_610_000, "seconds band 1": 1_810_000,
		}},
		{"touching outages of one customer are one interruption", refCase(unit, reject,
			refOut("A", "2022-05-01 10:00", "2022-05-01 11:00", 0, refOf), refOut("B", "2022-05-01 11:00", "2022-05-01 12:00", 0, refOf),
		), map[string]int64{"seconds 2022": refHours(2), "interruptions 2022": 1000}},
		{"sustained before momentary, same customers", refCase(hundred, reject,
			refOut("A", "2022-05-01 08:00", "2022-05-01 08:02", 100), refOut("B", "2022-05-01 08:01", "2022-05-01 12:00", 100),
		), map[string]int64{
			"interruptions band 2": 100_000, "interruptions band 0": 100_000,
			"seconds": 1_440_000_000, "seconds band 0": 6_000_000, "overlap": 6_000_000,
		}},
		{"a feeder of two classes, the event names none",
			refCase([]outage.Customers{refServed("f1", "a", "urban", 10), refServed("f1", "a", "rural", 90)}, reject, refHundredDays()...),
			map[string]int64{
				"seconds urban": refHours(10), "seconds rural": refHours(90),
				"interruptions urban": 10_000, "interruptions rural": 90_000, "events rural": 100, "events urban": 0,
			}},
		{"a unit that changes class at new year", refCase(
			[]outage.Customers{refUnit("rural", 10, "", "2022-01-01 00:00"), refUnit("town", 10, "2022-01-01 00:00", "")}, reject,
			refOut("A", "2021-12-31 22:00", "2022-01-01 02:00", 0, refOf),
		), map[string]int64{
			"seconds rural 2021": refHours(20), "seconds town 2022": refHours(20), "booked town 2021": refHours(20),
			"interruptions rural 2021": 10_000, "interruptions town": 0, "events rural": 1, "events town": 0,
		}},
		{"rows that give the customers still out", refCase(thousand, outage.RepeatedRemaining,
			refOut("A", "2022-03-01 08:00", "2022-03-01 09:30", 120), refOut("A", "2022-03-01 09:30", "2022-03-01 11:00", 60), refOut("A", "2022-03-01 11:00", "2022-03-01 14:00", 20),
		), map[string]int64{"seconds 2022": refHours(330), "interruptions 2022": 120_000, "events": 1, "accepted": 3}},
		{"more customers than the base", refCase(hundred, reject, refOut("A", "2022-05-01 08:00", "2022-05-01 09:00", 130)), map[string]int64{
			"seconds 2022": refHours(100), "over base": refHours(30), "overlap": 0,
		}},
		{"an open outage", refCase(hundred, reject, refOut("A", "2022-05-01 23:59", "", 10)).asOf("2022-05-02 00:00"), map[string]int64{
			"seconds 2022": 600_000, "interruptions band 2": 10_000, "interruptions band 0": 0, "open": 1,
		}},
	})
}

// refHundredDays is one customer out for an hour on each of a hundred days.
func refHundredDays() []outage.Event {
	var events []outage.Event
	for day := range int64(100) {
		e := refOut(fmt.Sprint(day), "2022-05-01 08:00", "2022-05-01 09:00", 1)
		e.Start += day * 24 * refHour
		e.End += day * 24 * refHour
		events = append(events, e)
	}
	return events
}

// Where rows count, and when, beyond the golden cases.
func TestReferenceCounting(t *testing.T) {
	t.Parallel()
	reject, remaining := outage.RepeatedReject, outage.RepeatedRemaining
	at := func(feeder, area, class string) func(*outage.Event) {
		return func(e *outage.Event) { e.Feeder, e.Area, e.Class = feeder, area, class }
	}
	ten := []outage.Customers{refServed("f1", "a", "rural", 10)}
	two := []outage.Customers{refServed("f1", "a", "rural", 20), refServed("f1", "b", "town", 10)}
	plain := []outage.Customers{refServed("", "a", "rural", 20), refServed("", "a", "town", 10)}
	later := []outage.Customers{refServed("f1", "a", "rural", 10), refServed("f1", "a", "town", 10)}
	later[0].ValidFrom, later[1].ValidFrom = refAt("2022-05-03 00:00"), refAt("2022-05-02 00:00")
	gone := []outage.Customers{refServed("f1", "a", "rural", 10), refServed("f1", "a", "town", 10)}
	gone[0].ValidTo, gone[1].ValidTo = refAt("2022-01-02 00:00"), refAt("2022-01-02 00:00")
	unit := []outage.Customers{refUnit("rural", 4, "", "2022-05-01 09:00"), refUnit("town", 6, "2022-05-01 10:00", "")}
	ghost := func(e *outage.Event) { e.Unit = "ghost" }
	hour := func(id string, customers int64, changes ...func(*outage.Event)) outage.Event {
		return refOut(id, "2022-05-01 08:00", "2022-05-01 09:00", customers, changes...)
	}
	refCheck(t, []refWorked{
		{"thirds are cut to thousandths", refCase(two, reject, hour("A", 1)), map[string]int64{"interruptions rural": 666, "interruptions town": 334, "events rural": 1}},
		{"the class named decides", refCase(two, reject, hour("A", 1, at("f1", "", "town"))), map[string]int64{"interruptions town": 1000}},
		{"the area named before the class", refCase(two, reject, hour("A", 1, at("f1", "a", "town"))), map[string]int64{"interruptions rural": 1000}},
		{"a contradiction keeps all", refCase(two, reject, hour("A", 3, at("f1", "zz", "urban"))), map[string]int64{"interruptions rural": 2000, "interruptions town": 1000}},
		{"first served later", refCase(later, reject, hour("A", 3)), map[string]int64{"interruptions": 0, "over base": refHours(3), "events town": 1}},
		{"served no more", refCase(gone, reject, hour("A", 3)), map[string]int64{"over base": refHours(3), "events rural": 1}},
		{"area without feeders", refCase(plain, reject, hour("A", 3, at("label", "a", ""))), map[string]int64{"interruptions rural": 2000, "interruptions town": 1000, "events": 1}},
		{"area without feeders, capped", refCase(plain, reject, hour("A", 13, at("", "a", "town"))), map[string]int64{"seconds town": refHours(10), "over base": refHours(3)}},
		{"unknown feeder, uncapped", refCase(ten, reject, hour("A", 13, at("x", "a", "")), hour("B", 13, at("x", "a", ""))), map[string]int64{"seconds unclassified": refHours(26), "over base": 0, "overlap": 0}},
		{"unknown place", refCase(ten, reject, hour("A", 13, at("x", "zz", ""))), map[string]int64{"rejected": 1, "seconds": 0}},
		{"whole feeder", refCase(two, reject, hour("A", outage.Missing)).whole(), map[string]int64{"seconds rural": refHours(20), "seconds town": refHours(10)}},
		{"whole feeder of one area", refCase(two, reject, hour("A", outage.Missing, at("f1", "b", ""))).whole(), map[string]int64{"seconds rural": 0, "seconds town": refHours(10)}},
		{"whole feeder unknown", refCase(ten, reject, hour("A", outage.Missing, at("x", "a", ""))).whole(), map[string]int64{"rejected": 1}},
		{"a unit that the base does not know", refCase(ten, reject, hour("A", 3, ghost), hour("B", outage.Missing, ghost)).whole(), map[string]int64{"accepted": 1, "rejected": 1, "seconds": refHours(3)}},
		{"customers missing", refCase(ten, reject, hour("A", outage.Missing)), map[string]int64{"rejected": 1}},
		{"a unit out of service for an hour", refCase(unit, reject, refOut("A", "2022-05-01 08:00", "2022-05-01 12:00", 0, refOf)), map[string]int64{
			"seconds rural": refHours(4), "seconds town": refHours(12), "interruptions": 4000, "events rural": 1,
		}},
		{"a unit before it is in service", refCase(unit[1:], reject, refOut("A", "2022-05-01 08:00", "2022-05-01 12:00", 0, refOf)), map[string]int64{
			"seconds town": refHours(12), "interruptions": 0, "events town": 1,
		}},
		{"the unit held by the first, the second alone goes on", refCase(unit, reject,
			refOut("A", "2022-05-01 08:00", "2022-05-01 08:01", 0, refOf), hour("B", 0, refOf, func(e *outage.Event) { e.Nature = outage.Unknown }),
		), map[string]int64{"interruptions fault_internal": 4000, "seconds fault_internal": 240_000, "interruptions unknown": 0, "seconds unknown": 4 * 59 * 60_000, "seconds band 2": refHours(4)}},
		{"a unit between two spells of service", refCase(unit, reject, refOut("A", "2022-05-01 09:30", "2022-05-01 12:00", 0, refOf)), map[string]int64{
			"seconds town": refHours(12), "interruptions": 0, "events town": 1, "events rural": 0,
		}},
		{"a unit's long outage holds short ones together", refCase(unit[:1], reject,
			refOut("A", "2022-05-01 02:00", "2022-05-01 06:00", 0, refOf), refOut("B", "2022-05-01 03:00", "2022-05-01 03:01", 0, refOf), refOut("C", "2022-05-01 06:00", "2022-05-01 07:00", 0, refOf),
		), map[string]int64{"seconds band 2": refHours(20), "seconds": refHours(20), "interruptions": 4000, "events band 2": 3}},
		{"an event in two areas without feeders", refCase([]outage.Customers{refServed("", "a", "rural", 9), refServed("", "b", "rural", 9)}, reject,
			hour("A", 1, at("", "a", "")), hour("A", 1, at("label", "b", "")),
		), map[string]int64{"events": 2, "interruptions": 2000}},
		{"an event on two feeders, and twice on one", refCase([]outage.Customers{refServed("f1", "a", "rural", 9), refServed("f2", "a", "rural", 9)}, outage.RepeatedStages,
			hour("A", 1), hour("A", 2), hour("A", 1, at("f2", "a", "")),
		), map[string]int64{"events": 2, "interruptions": 4000}},
		{"a step that restores nobody", refCase(ten, reject, hour("A", 10, refStep("2022-05-01 08:03", 0))), map[string]int64{"events band 2": 1, "events": 1}},
		{"no length at all", refCase(ten, reject, refOut("A", "2022-05-01 08:00", "2022-05-01 08:00", 4), hour("B", 8)), map[string]int64{
			"interruptions band 2": 8000, "interruptions band 0": 2000, "seconds": refHours(8), "overlap": 0, "events": 2,
		}},
		{"each step has a band of its own", refCase(ten, reject, hour("A", 10, refStep("2022-05-01 08:03", 3), refStep("2022-05-01 08:05", 3))), map[string]int64{
			"interruptions band 0": 3000, "interruptions band 1": 3000, "interruptions band 2": 4000, "events band 0": 1, "events": 1,
		}},
		{"over base and overlap told apart", refCase(ten, reject, hour("A", 6), hour("B", 12)), map[string]int64{"seconds": refHours(10), "over base": refHours(2), "overlap": refHours(6)}},
		{"the second event of the day at as-of", refCase(ten, reject, hour("A", 1), refOut("B", "2022-05-01 08:30", "", 1)).asOf("2022-05-01 08:30"), map[string]int64{
			"accepted": 2, "events": 1, "interruptions": 1000, "seconds": 1_800_000, "seconds band 2": 1_800_000, "open": 0,
		}},
		{"more go out later, first out is first back", refCase(ten, remaining,
			hour("A", 4), refOut("A", "2022-05-01 09:00", "2022-05-01 11:00", 6), refOut("A", "2022-05-01 10:00", "2022-05-01 10:04", 2),
		), map[string]int64{"interruptions": 6000, "seconds": refHours(4+6) + 2*240_000, "seconds band 2": refHours(10) + 2*240_000}},
		{"all back between two rows", refCase(ten, remaining, hour("A", 4), refOut("A", "2022-05-01 09:01", "", 4)).asOf("2022-05-01 10:01"), map[string]int64{
			"interruptions": 8000, "seconds": refHours(8), "open": 1, "events": 1,
		}},
		{"a midnight that occurs twice", refCase(ten, reject, refOut("A", "2022-11-06 11:00", "2022-11-07 15:00", 1)).within("America/Havana"), map[string]int64{
			"seconds 2022-11-05": refHours(1), "seconds 2022-11-06": refHours(25), "seconds 2022-11-07": refHours(2),
		}},
		{"a midnight that does not occur", refCase(ten, reject, refOut("A", "2018-11-04 10:00", "2018-11-05 11:00", 1)).within("America/Sao_Paulo"), map[string]int64{
			"seconds 2018-11-03": refHours(1), "seconds 2018-11-04": refHours(23), "seconds 2018-11-05": refHours(1),
		}},
		{"a day that has begun once and for all", refCase(ten, reject, refOut("A", "2010-11-07 10:00", "2010-11-08 12:00", 1)).within("America/St_Johns"), map[string]int64{
			"seconds 2010-11-06": refHours(1) / 2, "seconds 2010-11-07": refHours(25), "seconds 2010-11-08": refHours(1) / 2,
		}},
	})
}

// What becomes of rows that are told again, corrected or withdrawn.
func TestReferenceIdentity(t *testing.T) {
	t.Parallel()
	ten := []outage.Customers{refServed("f1", "a", "rural", 10)}
	hour := func(customers int64, changes ...func(*outage.Event)) outage.Event {
		return refOut("A", "2022-05-01 08:00", "2022-05-01 09:00", customers, changes...)
	}
	revised := func(e *outage.Event) { e.Revision = 1 }
	cancelled := func(e *outage.Event) { e.Cancelled = true }
	again := func(e *outage.Event) { e.Row = 7 }
	backwards := func(e *outage.Event) { e.End = e.Start - 1 }
	harmless := func(e *outage.Event) { e.Nature = outage.NotAnOutage }
	other := func(e *outage.Event) { e.Stage = "2" }
	reject, stages, latest, remaining := outage.RepeatedReject, outage.RepeatedStages, outage.RepeatedLatest, outage.RepeatedRemaining
	refCheck(t, []refWorked{
		{"twice in one file", refCase(ten, reject, hour(1), hour(1, again)), map[string]int64{"accepted": 1, "duplicate": 1, "seconds": refHours(1)}},
		{"twice in two files", refCase(ten, reject, hour(1)).then(hour(1, again)), map[string]int64{"accepted": 1, "duplicate": 1, "seconds": refHours(1)}},
		{"different rows rejected", refCase(ten, reject, hour(1), hour(2)), map[string]int64{"rejected": 2, "seconds": 0}},
		{"different rows rejected, then one of them", refCase(ten, reject, hour(1), hour(2)).then(hour(1)), map[string]int64{"superseded": 2, "accepted": 1, "seconds": refHours(1)}},
		{"a rejected statement replaces nothing", refCase(ten, reject, hour(3)).then(hour(1), hour(2)).then(hour(2), hour(4)), map[string]int64{
			"accepted": 1, "rejected": 3, "duplicate": 1, "seconds": refHours(3),
		}},
		{"different rows, the last holds", refCase(ten, latest, hour(2), hour(1), hour(2, again)), map[string]int64{"superseded": 1, "duplicate": 1, "accepted": 1, "seconds": refHours(1)}},
		{"different rows are stages", refCase(ten, stages, hour(1), hour(2)), map[string]int64{"accepted": 2, "seconds": refHours(3), "events": 1}},
		{"rows of different stages", refCase(ten, reject, hour(1), hour(2, other)), map[string]int64{"accepted": 2, "seconds": refHours(3), "events": 1}},
		{"stages replace all of the feeder", refCase(ten, stages, hour(1), hour(2, other)).then(hour(2, other), hour(4)), map[string]int64{
			"accepted": 2, "superseded": 1, "duplicate": 1, "seconds": refHours(6),
		}},
		{"two rows still out at one time", refCase(ten, remaining, hour(1), hour(2)), map[string]int64{"rejected": 2}},
		{"customers still out not given", refCase(ten, remaining, hour(outage.Missing)).whole(), map[string]int64{"rejected": 1}},
		{"a correction", refCase(ten, reject, hour(1)).then(hour(2)), map[string]int64{"superseded": 1, "accepted": 1, "seconds": refHours(2)}},
		{"a statement told before changes nothing", refCase(ten, reject, hour(1)).then(hour(2)).then(hour(1)), map[string]int64{
			"superseded": 1, "accepted": 1, "duplicate": 1, "seconds": refHours(2),
		}},
		{"a revision replaces the whole event, in any order", refCase(ten, reject, hour(5, revised)).then(hour(2), hour(2), hour(3, other), hour(1, backwards)), map[string]int64{
			"accepted": 1, "superseded": 4, "seconds": refHours(5),
		}},
		{"an impossible revision replaces nothing", refCase(ten, reject, hour(5)).then(hour(1, backwards, revised)), map[string]int64{"accepted": 1, "rejected": 1, "seconds": refHours(5)}},
		{"withdrawn", refCase(ten, reject, hour(1), hour(2, other)).then(hour(1, cancelled)).then(hour(1, cancelled)), map[string]int64{
			"superseded": 2, "cancelled": 1, "duplicate": 1, "seconds": 0, "events": 0,
		}},
		{"withdrawn and told anew", refCase(ten, reject, hour(1)).then(hour(1, cancelled)).then(hour(2)).then(hour(1, cancelled)), map[string]int64{
			"superseded": 1, "cancelled": 1, "accepted": 1, "duplicate": 1, "seconds": refHours(2),
		}},
		{"a rejected row put right", refCase(ten, reject, hour(1, backwards)).then(hour(1)), map[string]int64{"superseded": 1, "accepted": 1}},
		{"a rejected row told again", refCase(ten, reject, hour(1, backwards)).then(hour(1, backwards)), map[string]int64{"rejected": 1, "duplicate": 1}},
		{"no outage at all", refCase(ten, reject, hour(1, harmless)), map[string]int64{"excluded": 1, "accepted": 0, "seconds": 0, "events": 0}},
		{"pending", refCase(ten, reject, hour(1)).asOf("2022-05-01 07:59"), map[string]int64{"accepted": 1, "seconds": 0, "events": 0}},
	})
}

// Laws that hold for every input: each row has one outcome, both bookings add
// up to the same, and but for the last row that holds, the order of the rows
// within a file changes nothing.
func TestReferenceLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		answer := reference(in)
		rows, ordered := int64(0), false
		for i, d := range in.Deliveries {
			rows += int64(len(d.Events))
			ordered = ordered || d.Repeated == outage.RepeatedLatest
			in.Deliveries[i].Events = slices.Clone(d.Events)
			slices.Reverse(in.Deliveries[i].Events)
		}
		facts := refFacts(answer)
		if facts["seconds"] != facts["booked"] {
			t.Errorf("%d thousandths of customer-seconds as they fall, %d as booked", facts["seconds"], facts["booked"])
		}
		for _, outcome := range []string{"accepted", "rejected", "duplicate", "superseded", "cancelled", "excluded"} {
			rows -= facts[outcome]
		}
		if rows != 0 {
			t.Errorf("%d rows have no outcome: %v", rows, answer.Outcomes)
		}
		if diff := gocmp.Diff(answer, reference(in)); diff != "" && !ordered {
			t.Errorf("the order of the rows matters (-as drawn +reversed):\n%s", diff)
		}
	})
}
