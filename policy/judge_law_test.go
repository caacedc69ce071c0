package policy

import (
	"math/big"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// A drawnCase is a case of small integers, so that equal values and exact
// thresholds come up often.
type drawnCase struct {
	target                    Target
	now, base, before, toDate sums
	nowGap, baseGap           holes
	asOf                      int64 // of a year [0, 100)
	open, stale               int
}

type sums struct{ milli, service, length int64 }

func (s sums) value() Value { return Average(s.milli, s.service, s.length) }

// times is s with so many times the customers and their time without supply.
func (s sums) times(k int64) sums { return sums{s.milli * k, s.service * k, s.length} }

type holes struct {
	known   bool
	covered int64 // of 100 seconds
	bad     int   // of 100 rows
	without bool
}

func (h holes) span(s sums) Span {
	span := Span{Value: s.value(), Areas: []Member{{"north", h.known, h.covered, 100, 100, h.bad}}}
	if h.without {
		span.Without = []outage.Area{"north"}
	}
	return span
}

func drawSums(t *rapid.T, name string) sums {
	return sums{
		rapid.Int64Range(0, 60).Draw(t, name+" milli") * 1000, rapid.Int64Range(0, 6).Draw(t, name+" customers") * 60,
		rapid.SampledFrom([]int64{30, 60}).Draw(t, name+" length"),
	}
}

func drawHoles(t *rapid.T, name string) holes {
	return holes{
		known: rapid.Bool().Draw(t, name+" known"), covered: rapid.Int64Range(97, 100).Draw(t, name+" covered"),
		bad: rapid.IntRange(0, 2).Draw(t, name+" bad"), without: rapid.IntRange(0, 9).Draw(t, name+" without") == 0,
	}
}

func drawTarget(t *rapid.T) Target {
	if rapid.Bool().Draw(t, "cap") {
		return Target{Scope: "north", Rule: Cap, Cap: rapid.Int64Range(1, 30).Draw(t, "seconds")}
	}
	f := rapid.SampledFrom([]Fraction{{2, 25}, {1, 2}, {1, 4}}).Draw(t, "reduction")
	return Target{Scope: "north", Rule: Reduction, Reduction: f, BaseValue: rapid.SampledFrom([]int64{0, 0, 20}).Draw(t, "published")}
}

func drawJudgement(t *rapid.T) drawnCase {
	return drawnCase{
		target: drawTarget(t), now: drawSums(t, "now"), base: drawSums(t, "base"), before: drawSums(t, "before"), toDate: drawSums(t, "to date"),
		nowGap: drawHoles(t, "now"), baseGap: drawHoles(t, "base"), asOf: rapid.Int64Range(1, 130).Draw(t, "as-of"),
		open: rapid.IntRange(0, 4).Draw(t, "open") / 4, stale: rapid.IntRange(0, 4).Draw(t, "stale") / 4,
	}
}

// judge is what the package says to the case.
func (c *drawnCase) judge() *Finding {
	p := &Policy{Settle: 10, Coverage: DefaultDemand(), Risk: DefaultRisk()}
	return p.Judge(Standing{Target: &c.target, Year: 2022, BaseYear: 2021}, &Evidence{
		AsOf: c.asOf, Year: period.Period{From: 0, To: 100}, Now: c.nowGap.span(c.now), Base: c.baseGap.span(c.base),
		Before: Span{Value: c.before.value()}, BeforeToDate: Span{Value: c.toDate.value()}, Open: c.open, Stale: c.stale,
	})
}

// A ratio is num / den with den above zero.
type ratio struct{ num, den *big.Int }

func quotient(num, den int64) ratio { return ratio{big.NewInt(num), big.NewInt(den)} }

// average is Σ t·n / N of sums of which somebody was served.
func (s sums) average() ratio {
	return ratio{new(big.Int).Mul(big.NewInt(s.milli), big.NewInt(s.length)), new(big.Int).Mul(big.NewInt(s.service), big.NewInt(1000))}
}

func (r ratio) times(o ratio) ratio {
	return ratio{new(big.Int).Mul(r.num, o.num), new(big.Int).Mul(r.den, o.den)}
}

// above compares by cross-multiplication.
func (r ratio) above(o ratio) bool {
	return new(big.Int).Mul(r.num, o.den).Cmp(new(big.Int).Mul(o.num, r.den)) > 0
}

// wanted works the verdict out from the specification alone.
func (c *drawnCase) wanted() Verdict {
	limit, ok := c.limit()
	if !ok || c.nowGap.without || c.now.service == 0 {
		return CannotTell
	}
	value := c.now.average()
	over, complete := value.above(limit), c.asOf >= 100
	var v Verdict
	switch {
	case complete && c.open == 0 && over:
		v = Missed
	case complete && c.open == 0:
		v = Met
	case over:
		v = OffTrack
	default:
		v = c.byPace(value, limit)
	}
	return c.blocked(v, over)
}

func (c *drawnCase) limit() (limit ratio, ok bool) {
	rest := quotient(c.target.Reduction.Den-c.target.Reduction.Num, c.target.Reduction.Den)
	switch {
	case c.target.Rule == Cap:
		return quotient(c.target.Cap, 1), true
	case c.target.BaseValue > 0:
		return quotient(c.target.BaseValue, 1).times(rest), true
	case c.baseGap.without, c.base.service == 0, c.base.milli == 0:
		return ratio{}, false
	}
	return c.base.average().times(rest), true
}

func (c *drawnCase) byPace(value, limit ratio) Verdict {
	share := quotient(min(c.asOf, 100), 100)
	if c.before.service > 0 && c.toDate.service > 0 && c.before.milli > 0 && c.toDate.milli > 0 {
		b := c.before.average()
		share = c.toDate.average().times(ratio{b.den, b.num})
	}
	switch expected := limit.times(share); {
	case value.above(expected.times(quotient(6, 5))):
		return OffTrack
	case value.above(expected):
		return AtRisk
	}
	return OnTrack
}

func (c *drawnCase) blocked(v Verdict, over bool) Verdict {
	gap := func(h holes) bool { return h.known && h.covered < 99 || h.bad > 1 }
	base := c.target.Rule == Reduction && c.target.BaseValue == 0 && gap(c.baseGap)
	switch {
	case gap(c.nowGap) && (v == Met || v == OnTrack),
		base && v == Missed,
		c.stale > 0 && (v == Missed || v == OffTrack && over):
		return CannotTell
	}
	return v
}

// Every verdict is that of cross-multiplied integers.
func TestLawJudge(t *testing.T) {
	t.Parallel()
	var told atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		c := drawJudgement(t)
		f := c.judge()
		if want := c.wanted(); f.Verdict != want {
			t.Fatalf("got %s for %q, want %s: %s", f.Verdict, f.Reasons, want, f.Arithmetic())
		}
		if f.Verdict != CannotTell {
			told.Add(1)
		}
	})
	if told.Load() == 0 {
		t.Error("no case could be told")
	}
}

// ranks orders the verdicts that are comparable, the best first.
var ranks = [][]Verdict{{Met, Missed}, {OnTrack, AtRisk, OffTrack}}

// A higher value never makes a verdict better.
func TestLawHigherIsNoBetter(t *testing.T) {
	t.Parallel()
	var compared atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		c := drawJudgement(t)
		before := c.judge().Verdict
		c.now.milli += rapid.Int64Range(1, 60_000).Draw(t, "more")
		after := c.judge().Verdict
		for _, rank := range ranks {
			i, j := slices.Index(rank, before), slices.Index(rank, after)
			if i < 0 || j < 0 {
				continue
			}
			compared.Add(1)
			if j < i {
				t.Fatalf("more customer-seconds turn %s into %s", before, after)
			}
		}
	})
	if compared.Load() == 0 {
		t.Error("no two verdicts could be compared")
	}
}

// As many times the customers with as many times the customer-seconds, in all
// windows alike or in one of them alone, change nothing.
func TestLawScale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawJudgement(t)
		before := c.judge()
		for _, s := range []*sums{&c.now, &c.base, &c.before, &c.toDate} {
			*s = s.times(rapid.Int64Range(1, 1_000_000_000).Draw(t, "times"))
		}
		after := c.judge()
		if diff := cmp.Diff(before.Reasons, after.Reasons); diff != "" || before.Verdict != after.Verdict {
			t.Fatalf("%s became %s, reasons (-before +after):\n%s", before.Verdict, after.Verdict, diff)
		}
	})
}
