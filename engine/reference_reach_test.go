package engine_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// What a drawn base may not be: a cell with feeder and unit rows at one time,
// a unit in two places, an area with and without feeders.
func TestReferenceDrawsValidBases(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base := drawInput(t).Base
		for i, a := range base {
			if a.ValidFrom >= a.ValidTo {
				t.Fatalf("row %d is never valid: %+v", i, a)
			}
			for _, b := range base[:i] {
				together := a.ValidFrom < b.ValidTo && b.ValidFrom < a.ValidTo
				switch {
				case together && refCellOf(a) == refCellOf(b) && (a.Unit == "") != (b.Unit == ""):
					t.Fatalf("feeder and unit rows together: %+v %+v", a, b)
				case together && a.Unit != "" && a.Unit == b.Unit:
					t.Fatalf("a unit in two places: %+v %+v", a, b)
				case a.Area == b.Area && (a.Feeder == "") != (b.Feeder == ""):
					t.Fatalf("an area with and without feeders: %+v %+v", a, b)
				}
			}
		}
	})
}

// Every rule is reached by some of the draws; a generator that no longer does
// would let any test built on it pass.
func TestReferenceDrawsReachEveryRule(t *testing.T) {
	t.Parallel()
	reached := map[string]int{}
	const draws = 1000
	generator := rapid.Custom(drawInput)
	for seed := range draws {
		in := generator.Example(seed)
		for name := range refReached(in, reference(in)) {
			reached[name]++
		}
	}
	for _, name := range []string{
		"accepted", "rejected", "duplicate", "superseded", "cancelled", "excluded",
		"band 0", "band 1", "band 2", "split", "over base", "overlap", "open", "zero length",
		"booked on another day", "event", "unit", "touching unit", "moving unit", "unknown feeder", "area without feeders",
		"steps", "whole feeder", "remaining in several groups", "pending",
	} {
		if reached[name] < draws/100 {
			t.Errorf("%q in %d of %d draws, want at least 1 in 100", name, reached[name], draws)
		}
	}
	if t.Failed() || testing.Verbose() {
		t.Log(reached)
	}
}

// refReached names the rules that a case uses.
func refReached(in refInput, answer refAnswer) map[string]bool {
	is := map[string]bool{
		"over base": answer.OverBase > 0, "overlap": answer.OverlapExcess > 0, "open": answer.Open > 0,
	}
	for outcome, rows := range answer.Outcomes {
		is[outcome] = rows > 0
	}
	for key, sums := range answer.Sums {
		is[fmt.Sprintf("band %d", key.Band)] = true
		is["split"] = is["split"] || sums.Interruptions%1000 != 0
		is["event"] = is["event"] || sums.Events > 0
		is["booked on another day"] = is["booked on another day"] || sums.Booked > 0 && sums.Seconds == 0
	}
	refReachedRows(in, is)
	for name, yes := range is {
		if !yes {
			delete(is, name)
		}
	}
	return is
}

func refReachedRows(in refInput, is map[string]bool) {
	c := refCount{in: in, base: in.Base}
	var counted []*refRow
	for _, r := range refSettle(in) {
		switch {
		case r.outcome == "accepted" && r.Start > in.AsOf:
			is["pending"] = true
		case r.outcome == "accepted":
			counted = append(counted, r)
		}
	}
	parts := map[*refRow]int{}
	for _, g := range c.split(counted) {
		is["zero length"] = is["zero length"] || g.from == g.to
		if g.unit != "" {
			first, _ := c.base.unitNear(g.unit, g.from)
			last, _ := c.base.unitNear(g.unit, min(g.to, in.AsOf))
			is["unit"] = true
			is["touching unit"] = is["touching unit"] || !g.interrupts
			is["moving unit"] = is["moving unit"] || first != last
			continue
		}
		parts[g.row]++
		is["unknown feeder"] = is["unknown feeder"] || g.uncapped
		is["area without feeders"] = is["area without feeders"] || !g.uncapped && g.cell.feeder == ""
		is["steps"] = is["steps"] || len(g.row.Steps) > 0
		is["whole feeder"] = is["whole feeder"] || g.row.Customers == outage.Missing
		is["remaining in several groups"] = is["remaining in several groups"] || g.row.mode == outage.RepeatedRemaining && parts[g.row] > 1
	}
}
