package snapshot_test

import (
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// The laws hold for any base, rows, declarations and policy. For a longer run:
// go test ./snapshot -run Law -rapid.checks 5000.

// Targets depend on the rows alone: not on their order, the batches and
// deliveries that they come in, or how many workers count them.
func TestLawPassage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProvince(t, taste{})
		want := p.answer(t, plainly(p)).Targets
		how := passage{batches: rapid.IntRange(1, 8).Draw(t, "rows in a batch"), workers: rapid.SampledFrom([]int{1, 2, 8}).Draw(t, "workers")}
		how.deliveries = make([][]provinceRow, rapid.IntRange(1, 3).Draw(t, "deliveries"))
		for _, row := range rapid.Permutation(p.rows).Draw(t, "order") {
			i := rapid.IntRange(0, len(how.deliveries)-1).Draw(t, "delivery")
			how.deliveries[i] = append(how.deliveries[i], row)
		}
		if diff := cmp.Diff(want, p.answer(t, how).Targets); diff != "" {
			t.Fatalf("targets (-plainly +otherwise):\n%s", diff)
		}
	})
}

// better ranks verdicts of a complete year, and those of a running one.
var better = []map[string]int{
	{string(policy.Missed): 0, string(policy.Met): 1},
	{string(policy.OffTrack): 0, string(policy.AtRisk): 1, string(policy.OnTrack): 2},
}

// improves says whether a verdict gets better, or turns into one of another
// kind.
func improves(before, after string) bool {
	if before == string(policy.CannotTell) {
		return after == string(policy.Met) || after == string(policy.OnTrack)
	}
	for _, rank := range better {
		was, of := rank[before]
		if is, ok := rank[after]; of && after != string(policy.CannotTell) {
			return !ok || is > was
		}
	}
	return false
}

// One more outage in the year makes nothing better, as far as every area has
// been heard of and not too many rows are rejected.
func TestLawMoreOutagesAreNoBetter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProvince(t, taste{index: "saidi-1", rejected: "1", heard: true})
		before := p.answer(t, plainly(p)).Targets
		s := &settler{T: t, province: p}
		y := p.policy.YearStart.Year(lawYear, p.policy.Zone)
		one := s.outage("one more", y.From+rapid.Int64Range(0, y.Seconds()-1).Draw(t, "one more at"))
		p.rows = append(slices.Clone(p.rows), provinceRow{Event: one})
		for i, after := range p.answer(t, plainly(p)).Targets {
			if was := before[i]; after.Year == lawYear && improves(was.Verdict, after.Verdict) {
				t.Fatalf("%s became %s by one more outage %+v:\n%s\n%s", verdictOf(&was), verdictOf(&after), one, was.Arithmetic, after.Arithmetic)
			}
		}
	})
}

// declaredAreas are those of which some period speaks.
func (p *province) declaredAreas() (all []outage.Area) {
	for _, a := range p.areas {
		if slices.ContainsFunc(p.covers, func(c outage.Covers) bool { return c.Names(a) }) {
			all = append(all, a)
		}
	}
	return all
}

// More declared time of areas that are declared already takes no verdict away.
// Two exceptions follow from the specification: where it lets last year's course,
// or more days without an outage, be known, the pace or the forecast is another,
// and what was at risk may be on track, which a gap blocks; see
// [TestMoreCoverageMayUnsayAPace].
func TestLawMoreCoverageTakesNoVerdict(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProvince(t, taste{})
		declared := p.declaredAreas()
		if len(declared) == 0 {
			t.Skip("nothing is declared")
		}
		before := p.answer(t, plainly(p)).Targets
		s := &settler{T: t, province: p}
		for year := lawYear - 2; year <= lawYear+2; year++ {
			s.years = append(s.years, p.policy.YearStart.Year(year, p.policy.Zone))
		}
		p.covers = append(slices.Clone(p.covers), s.drawCovers(declared, 3)...)
		for i, after := range p.answer(t, plainly(p)).Targets {
			was := before[i]
			pace := slices.Contains(was.Reasons, string(policy.ShareElapsed)) && slices.Contains(after.Reasons, string(policy.ShareLastYear))
			if was.Verdict != string(policy.CannotTell) && after.Verdict == string(policy.CannotTell) && !pace && foretold(&was) == foretold(&after) {
				t.Fatalf("%s became %s by more coverage %v", verdictOf(&was), verdictOf(&after), p.covers)
			}
		}
	})
}

// foretold is what the forecast says of a target; empty where it says nothing.
func foretold(target *snapshot.Target) string {
	for _, r := range []policy.Reason{policy.MissUnlikely, policy.MissPossible, policy.MissLikely} {
		if slices.Contains(target.Reasons, string(r)) {
			return string(r)
		}
	}
	return ""
}

// Value and limit are the quotients of the sums that the same answer shows.
func TestLawValuesAreThoseOfTheIndices(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProvince(t, taste{})
		e := p.load(t, plainly(p))
		e.Advance(p.asOf)
		now := snapshot.Build(e, p.policy, p.options)
		before := lawYear - 1
		last := snapshot.Build(e, p.policy, snapshot.Options{Year: &before})
		window := snapshot.WholeYear
		year := p.policy.YearStart.Year(lawYear, p.policy.Zone)
		if p.asOf < year.To {
			window, year.To = snapshot.YearToDate, p.asOf
		}
		for i := range now.Targets {
			target := &now.Targets[i]
			if target.Year != lawYear {
				continue
			}
			p.sameValue(t, "value of "+verdictOf(target), target.ValueHours, indexOf(now, target.Scope, target.Class, window), year)
			if target.Rule == string(policy.Cap) {
				continue
			}
			base := indexOf(last, target.Scope, target.Class, snapshot.WholeYear)
			whole := p.policy.YearStart.Year(before, p.policy.Zone)
			p.sameValue(t, "base of "+verdictOf(target), target.BaseHours, base, whole)
			if shown := indexOf(now, target.Scope, target.Class, snapshot.PriorYear); shown != nil && window == snapshot.WholeYear {
				p.sameValue(t, "base of "+verdictOf(target), target.BaseHours, shown, whole)
			}
			p.sameLimit(t, target, base, whole)
		}
	})
}

// members are the areas and classes of an entry.
func (p *province) members(e *snapshot.Entry) (areas []outage.Area, counts func(outage.Class) bool) {
	return p.policy.MembersOf(e.Scope), p.policy.ClassFilter(e.Class)
}

// served is ∫ customers in service dt of an entry, from the rows of the base.
func (p *province) served(e *snapshot.Entry, w period.Period) *big.Rat {
	areas, counts := p.members(e)
	sum := new(big.Rat)
	for _, row := range p.base {
		if slices.Contains(areas, row.Area) && counts(row.Class) {
			overlap := period.Period{From: row.ValidFrom, To: row.ValidTo}.Overlap(w).Seconds()
			sum.Add(sum, new(big.Rat).Mul(big.NewRat(row.Customers, 1), big.NewRat(overlap, 1)))
		}
	}
	return sum
}

// counted are the customer-seconds of an entry that the judged index counts;
// ok is false where the natures alone do not tell.
func (p *province) counted(e *snapshot.Entry) (seconds *big.Rat, ok bool) {
	switch p.policy.Index {
	case "saidi-1":
		return big.NewRat(int64(e.CustomerSeconds), 1000), true
	case "saidi-f":
		faults := e.ByNature["fault_internal"].CustomerSeconds + e.ByNature["fault_external"].CustomerSeconds
		return big.NewRat(int64(faults), 1000), true
	}
	return nil, false
}

// exactly is Σ t·n / N in hours, with N = ∫ customers in service dt / length.
func (p *province) exactly(e *snapshot.Entry, w period.Period) (*big.Rat, bool) {
	seconds, ok := p.counted(e)
	served := p.served(e, w)
	if !ok || served.Sign() == 0 {
		return nil, false
	}
	hours := new(big.Rat).Mul(seconds, big.NewRat(w.Seconds(), 3600))
	return hours.Quo(hours, served), true
}

func (p *province) sameValue(t *rapid.T, what string, got *float64, e *snapshot.Entry, w period.Period) {
	if e == nil {
		return // of the time before the first row nothing is shown
	}
	shown := e.ByIndex[p.policy.Index].SAIDIHours
	if got == nil {
		if shown != nil && len(e.WithoutData) == 0 {
			t.Fatalf("%s: null, but the index is %v", what, *shown)
		}
		return
	}
	if shown == nil || len(e.WithoutData) > 0 || math.Abs(*got-*shown) > 1e-12**shown || math.IsNaN(*shown) {
		t.Fatalf("%s: %v, but the index from %s to %s is %s, without %v; covers %v, as-of %d", what, *got, e.From, e.To, hoursOf(shown), e.WithoutData, p.covers, p.asOf)
	}
	if exact, ok := p.exactly(e, w); ok {
		if want, _ := exact.Float64(); *got != want {
			t.Fatalf("%s: %v, want %v = %v", what, *got, want, exact)
		}
	}
}

func (p *province) sameLimit(t *rapid.T, target *snapshot.Target, base *snapshot.Entry, w period.Period) {
	if target.BaseHours == nil != (target.LimitHours == nil) {
		t.Fatalf("%s: the base is %s", verdictOf(target), hoursOf(target.BaseHours))
	}
	if target.LimitHours == nil || base == nil {
		return
	}
	exact, ok := p.exactly(base, w)
	if !ok {
		return
	}
	for i := range p.policy.Targets {
		if of := &p.policy.Targets[i]; of.Scope == target.Scope && of.Class == target.Class && of.Rule == policy.Reduction {
			left := new(big.Rat).Sub(big.NewRat(1, 1), big.NewRat(of.Reduction.Num, of.Reduction.Den))
			if want, _ := left.Mul(left, exact).Float64(); *target.LimitHours != want {
				t.Fatalf("%s: the limit is %v, want %v", verdictOf(target), *target.LimitHours, want)
			}
		}
	}
}

// An answer is the same when it is built again, and when the engine has been at
// earlier instants before.
func TestLawClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProvince(t, taste{})
		fresh, moved := p.load(t, plainly(p)), p.load(t, plainly(p))
		fresh.Advance(p.asOf)
		year := p.policy.YearStart.Year(lawYear, p.policy.Zone)
		steps := rapid.SliceOfN(rapid.Int64Range(year.From-86400, p.asOf), 1, 3).Draw(t, "steps")
		slices.Sort(steps)
		for _, at := range steps {
			moved.Advance(at)
		}
		snapshot.Build(moved, p.policy, p.options)
		moved.Advance(p.asOf)
		want := text(t, snapshot.Build(fresh, p.policy, p.options))
		for what, got := range map[string]string{
			"built again": text(t, snapshot.Build(fresh, p.policy, p.options)),
			"moved on":    text(t, snapshot.Build(moved, p.policy, p.options)),
		} {
			if got != want {
				t.Fatalf("%s (-want +got):\n%s", what, cmp.Diff(want, got))
			}
		}
	})
}

func text(t *rapid.T, s *snapshot.Snapshot) string {
	out, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
