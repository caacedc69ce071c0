package policy

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The arithmetic of a verdict can be followed by hand.
func TestArithmetic(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		give judgeCase
		want []string // each an equation
	}{
		{"reduction met", judgeCase{target: reductionTarget, evidence: closed(lessEight)}, []string{
			"saidi-1 2022 = 11500 customer-hours / 1000 customers = 11.5000 h", "saidi-1 2021 = 12500 customer-hours / 1000 customers = 12.5000 h",
			"limit = (1 − 8%) × 12.5000 h = 11.5000 h", "11.5000 h = 11.5000 h",
		}},
		// One customer-second of 1 000 customers is 0.00000028 h.
		{"reduction missed by a customer-second", judgeCase{target: reductionTarget, evidence: closed(lessEight + 1)}, []string{
			"saidi-1 2022 = 11500.0003 customer-hours / 1000 customers = 11.5000003 h", "saidi-1 2021 = 12500 customer-hours / 1000 customers = 12.5000000 h",
			"limit = (1 − 8%) × 12.5000000 h = 11.5000000 h", "11.5000003 h > 11.5000000 h",
		}},
		{"cap met", judgeCase{target: capTarget, evidence: closed(32_400_000)}, []string{
			"saidi-1 2022 = 9000 customer-hours / 1000 customers = 9.0000 h", "limit = 10 h", "9.0000 h < 10.0000 h",
		}},
		{"published base", judgeCase{target: publishedTarget, evidence: closed(lessEight)}, []string{
			"saidi-1 2022 = 11500 customer-hours / 1000 customers = 11.5000 h", "saidi-1 2021, published = 12.5000 h",
			"limit = (1 − 8%) × 12.5000 h = 11.5000 h", "11.5000 h = 11.5000 h",
		}},
		{"pace by the time", judgeCase{target: capTarget, evidence: running(18_000_000)}, []string{
			"saidi-1 2022 = 5000 customer-hours / 1000 customers = 5.0000 h", "limit = 10 h",
			"share = 15768000 s / 31536000 s = 0.5000", "pace = 5.0000 h / (10.0000 h × 0.5000) = 1.0000",
		}},
		{"pace by last year", judgeCase{target: capTarget, evidence: running(18_000_000), change: func(e *Evidence) {
			e.BeforeToDate.Value = thousand(27_000_000, yearLength/2)
		}}, []string{
			"saidi-1 2022 = 5000 customer-hours / 1000 customers = 5.0000 h", "limit = 10 h",
			"share = 7.5000 h / 12.5000 h = 0.6000", "pace = 5.0000 h / (10.0000 h × 0.6000) = 0.8333",
		}},
		// 100 customers all year and 10 more from 1 July are 105.041096 on average.
		{"customers that joined", judgeCase{target: capTarget, evidence: closed(0), change: func(e *Evidence) {
			e.Now.Value = Average(1000*3600*1000, (100*365+10*184)*86400, yearLength)
		}}, []string{
			"saidi-1 2022 = 1000 customer-hours / 105.0411 customers = 9.5201 h", "limit = 10 h", "9.5201 h < 10.0000 h",
		}},
		{"limit passed", judgeCase{target: capTarget, evidence: running(capSeconds + 3600)}, []string{
			"saidi-1 2022 = 10001 customer-hours / 1000 customers = 10.0010 h", "limit = 10 h", "10.0010 h > 10.0000 h",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, want := tt.give.judge(t).Arithmetic(), strings.Join(tt.want, "; "); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// comparison matches the last equation of a verdict that held value against
// limit.
var comparison = regexp.MustCompile(`(?:^|; )([0-9.]+) h ([<=>]) ([0-9.]+) h$`)

// shown gives which of the two numbers shown is larger, and which the sign says.
func shown(t fataler, arithmetic string) (numbers, sign int) {
	t.Helper()
	m := comparison.FindStringSubmatch(arithmetic)
	if m == nil {
		t.Fatalf("no comparison in %q", arithmetic)
	}
	left, _ := new(big.Rat).SetString(m[1])
	right, _ := new(big.Rat).SetString(m[3])
	return left.Cmp(right), strings.Index("<=>", m[2]) - 1
}

// fataler is what testing.T and rapid.T have in common here.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Which is larger, value or limit, can be seen in the numbers that are shown,
// however little they differ.
func TestArithmeticShowsTheRelation(t *testing.T) {
	t.Parallel()
	p := mustParse(t, judged)
	s := p.Standings(2022)[capTarget]
	for _, difference := range []string{"0", "0.1", "-0.1", "0.00001", "-0.00001", "0.0000001", "-0.0000001", "0.00000004", "0.000000000001", "-0.000000000001"} {
		t.Run(difference, func(t *testing.T) {
			t.Parallel()
			d, _ := new(big.Rat).SetString(difference)
			hours := new(big.Rat).Add(big.NewRat(10, 1), d)
			e := closed(0)
			e.Now.Value = Published(hours.Mul(hours, big.NewRat(3600, 1)))
			text := p.Judge(s, e).Arithmetic()
			if numbers, sign := shown(t, text); numbers != d.Sign() || sign != d.Sign() {
				t.Errorf("a difference of %s h is shown as %q", difference, text)
			}
		})
	}
}

// So it is for any sums.
func TestLawArithmeticShowsTheRelation(t *testing.T) {
	t.Parallel()
	p := mustParse(t, judged)
	s := p.Standings(2022)[reductionTarget]
	rapid.Check(t, func(t *rapid.T) {
		service := rapid.Int64Range(1, 1_000_000).Draw(t, "customers") * yearLength
		e := closed(0)
		e.Now.Value = Average(lessEight*1000+rapid.Int64Range(-5, 5).Draw(t, "thousandths"), service, yearLength)
		e.Base.Value = Average(baseSeconds*1000, service, yearLength)
		f := p.Judge(s, e)
		if numbers, sign := shown(t, f.Arithmetic()); numbers != sign || sign != f.Value.Cmp(f.Limit) {
			t.Fatalf("value and limit compare as %d, shown as %q", f.Value.Cmp(f.Limit), f.Arithmetic())
		}
	})
}

// A verdict that compared something says what with what, even where a gap then
// turned it into one that cannot be told, and the pace is shown on its side of
// the thresholds.
func TestArithmeticIsNeverMissing(t *testing.T) {
	t.Parallel()
	paces := map[Reason]func(pace *big.Rat) bool{
		PaceWithin:   func(pace *big.Rat) bool { return pace.Cmp(big.NewRat(1, 1)) <= 0 },
		PaceAbove:    func(pace *big.Rat) bool { return pace.Cmp(big.NewRat(1, 1)) > 0 && pace.Cmp(big.NewRat(6, 5)) <= 0 },
		PaceFarAbove: func(pace *big.Rat) bool { return pace.Cmp(big.NewRat(6, 5)) > 0 },
	}
	for _, tt := range judgeCases() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := tt.judge(t)
			text := f.Arithmetic()
			for _, r := range f.Reasons {
				holds, byPace := paces[r]
				switch {
				case byPace:
					_, last, _ := strings.Cut(text[strings.LastIndex(text, "; ")+2:], ") = ")
					pace, ok := new(big.Rat).SetString(last)
					if !ok || !holds(pace) {
						t.Errorf("%s is shown as %q", r, text)
					}
				case slices.Contains([]Reason{WithinLimit, OverLimit, LimitPassed}, r):
					if numbers, sign := shown(t, text); numbers != sign || (sign <= 0) != (r == WithinLimit) {
						t.Errorf("%s is shown as %q", r, text)
					}
				}
			}
		})
	}
}
