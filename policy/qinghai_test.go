package policy

import (
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/period"
)

// The text (青发改能源〔2021〕101号 二(四)) gives ten caps, in hours; beside each
// stands the value of the year before at which 8 % less just meets it, to four
// decimals.
var qinghaiCaps = map[[2]string][2]string{
	{"xining", "urban-core"}: {"2.73", "2.9674"}, {"xining", "urban"}: {"3.48", "3.7826"},
	{"xining", "town"}: {"9.32", "10.1304"}, {"xining", "rural"}: {"11", "11.9565"},
	{"haidong", "urban-core"}: {"5.21", "5.6630"}, {"haidong", "urban"}: {"9.8", "10.6522"},
	{"haidong", "town"}: {"11.57", "12.5761"}, {"haidong", "rural"}: {"22.57", "24.5326"},
	{"six-prefectures", "town"}: {"16.87", "18.3370"}, {"six-prefectures", "rural"}: {"29.93", "32.5326"},
}

// qinghaiEights lists the scopes and classes that shall have 8 % less, and those
// of which it is for information.
func qinghaiEights() map[[2]string]Strength {
	all := map[[2]string]Strength{{"six-prefectures", "town"}: Informative, {"six-prefectures", "rural"}: Informative}
	for _, area := range []string{"xining", "haidong"} {
		for _, class := range []string{"urban-core", "urban", "town", "rural"} {
			all[[2]string{area, class}] = Duty
		}
	}
	for _, area := range []string{"haixi", "huangnan", "hainan", "haibei", "golog", "yushu"} {
		for _, class := range []string{"town", "rural"} {
			all[[2]string{area, class}] = Duty
		}
	}
	return all
}

// The embedded policy holds ten caps that are striven for, twenty duties of 8 %
// and two for information, all until the end of 2022 and each with its clause.
func TestQinghaiTargets(t *testing.T) {
	t.Parallel()
	caps, eights := map[[2]string]int64{}, map[[2]string]Strength{}
	p := Qinghai()
	for _, target := range p.Targets {
		key := [2]string{target.Scope, target.Class}
		switch {
		case target.Rule == Cap && target.Strength == Aspiration:
			caps[key] = target.Cap
		case target.Rule == Reduction && target.Reduction == (Fraction{2, 25}) && target.BaseYear == PreviousYear && target.BaseValue == 0:
			eights[key] = target.Strength
		default:
			t.Errorf("unwanted %+v", target)
		}
		if target.Clause == "" || target.Deadline != period.DayOfDate(2022, time.December, 31) {
			t.Errorf("%v: clause %q, deadline %s, want a clause and 2022-12-31", key, target.Clause, target.Deadline)
		}
	}
	want := map[[2]string]int64{}
	for key, hours := range qinghaiCaps {
		value, _ := new(big.Rat).SetString(hours[0])
		want[key] = value.Mul(value, big.NewRat(3600, 1)).Num().Int64()
	}
	if diff := cmp.Diff(want, caps); diff != "" {
		t.Errorf("caps differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(qinghaiEights(), eights); diff != "" {
		t.Errorf("8 %% differ (-want +got):\n%s", diff)
	}
	if got, want := len(p.Targets), 10+20+2; got != want {
		t.Errorf("%d targets, want %d", got, want)
	}
}

// The value of the year before at which 8 % less just meets the cap is
// cap / 0.92: from exactly there the reduction's limit is the cap.
func TestQinghaiBreakEven(t *testing.T) {
	t.Parallel()
	p := Qinghai()
	year := p.YearStart.Year(2022, p.Zone)
	seen := 0
	for _, s := range p.Standings(2022) {
		hours, ok := qinghaiCaps[[2]string{s.Scope, s.Class}]
		if s.Rule != Reduction || !ok {
			continue
		}
		seen++
		limit, _ := new(big.Rat).SetString(hours[0])
		base := new(big.Rat).Quo(limit, big.NewRat(92, 100))
		if got, want := base.FloatString(4), hours[1]; got != want {
			t.Errorf("%s %s: %s h, want %s h", s.Scope, s.Class, got, want)
		}
		f := p.Judge(s, &Evidence{
			AsOf: year.To + p.Settle, Year: year,
			Now:  Span{Period: year, Value: Published(limit.Mul(limit, big.NewRat(3600, 1)))},
			Base: Span{Period: p.YearStart.Year(2021, p.Zone), Value: Published(base.Mul(base, big.NewRat(3600, 1)))},
		})
		if f.Verdict != Met || f.Value.Cmp(f.Limit) != 0 {
			t.Errorf("%s %s: %s by %s, want exactly the cap", s.Scope, s.Class, f.Verdict, f.Arithmetic())
		}
	}
	if seen != len(qinghaiCaps) {
		t.Errorf("%d caps have a reduction beside them, want %d", seen, len(qinghaiCaps))
	}
}

// The rest of the policy is as the text and the design have it: informative
// until 2025, nothing for customers of a class without a target.
func TestQinghaiLevels(t *testing.T) {
	t.Parallel()
	p := Qinghai()
	if p.AfterDeadline != Informative || p.Coverage != DefaultDemand() || p.Risk != DefaultRisk() || p.Settle != 45*86400 || p.Index != "saidi-1" {
		t.Errorf("got after the deadline %q, coverage %v, risk %v, settle %d s, index %s", p.AfterDeadline, p.Coverage, p.Risk, p.Settle, p.Index)
	}
	counts := map[int]int{}
	for year := 2019; year <= 2028; year++ {
		if n := len(p.Standings(year)); n > 0 {
			counts[year] = n
		}
		for _, s := range p.Standings(year) {
			if (year > 2022) != s.AfterDeadline || year > 2022 && s.Strength != Informative {
				t.Errorf("%d: %s %s %s is %s, after the deadline %t", year, s.Scope, s.Class, s.Rule, s.Strength, s.AfterDeadline)
			}
			if s.Scope == "haixi" && s.Class != "town" && s.Class != "rural" {
				t.Errorf("%s %s has a target", s.Scope, s.Class)
			}
		}
	}
	if diff := cmp.Diff(map[int]int{2022: 32, 2023: 32, 2024: 32, 2025: 32}, counts); diff != "" {
		t.Errorf("targets by year differ (-want +got):\n%s", diff)
	}
}
