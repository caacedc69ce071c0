package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const dated = `id: dated
zone: Asia/Shanghai
valid: {from: 2021-02-22, until: 2026-02-21}
areas: [{id: xining}]
classes: [{id: town}, {id: rural}]
targets:
`

// A target is judged in the year of its deadline and not before; afterwards it
// is informative, with the base year that it had, while the policy is in force
// to the year's end and no later target has taken over.
func TestStandings(t *testing.T) {
	t.Parallel()
	const (
		cap2022   = "  - {scope: xining, class: town, cap: 9h, strength: aspiration, deadline: 2022-12-31}\n"
		less2022  = "  - {scope: xining, class: town, reduction: 8%, strength: duty, deadline: 2022-12-31}\n"
		cap2024   = "  - {scope: xining, class: town, cap: 7h, strength: duty, deadline: 2024-12-31}\n"
		other2024 = "  - {scope: xining, class: rural, cap: 20h, strength: duty, deadline: 2024-12-31}\n"
		from2019  = "  - {scope: xining, class: town, reduction: 8%, base: 2019, strength: duty, deadline: 2022-12-31}\n"
	)
	tests := []struct {
		name, text string
		want       map[int][]string // by year: rule, class, hours or base year, strength, and whether it is after the deadline
	}{
		{"cap", cap2022, map[int][]string{
			2022: {"cap town 9h aspiration"},
			2023: {"cap town 9h informative after"}, 2024: {"cap town 9h informative after"}, 2025: {"cap town 9h informative after"},
		}},
		{"reduction", less2022, map[int][]string{
			2022: {"reduction town 2021 duty"},
			2023: {"reduction town 2021 informative after"}, 2024: {"reduction town 2021 informative after"}, 2025: {"reduction town 2021 informative after"},
		}},
		{"base year given", from2019, map[int][]string{
			2022: {"reduction town 2019 duty"},
			2023: {"reduction town 2019 informative after"}, 2024: {"reduction town 2019 informative after"}, 2025: {"reduction town 2019 informative after"},
		}},
		{"none after the deadline", less2022 + "after_deadline: none\n", map[int][]string{2022: {"reduction town 2021 duty"}}},
		{"a later target of the same takes over", cap2022 + cap2024, map[int][]string{
			2022: {"cap town 9h aspiration"}, 2023: {"cap town 9h informative after"},
			2024: {"cap town 7h duty"}, 2025: {"cap town 7h informative after"},
		}},
		{"the later one first in the file", cap2024 + cap2022, map[int][]string{
			2022: {"cap town 9h aspiration"}, 2023: {"cap town 9h informative after"},
			2024: {"cap town 7h duty"}, 2025: {"cap town 7h informative after"},
		}},
		{"a later target of another class does not", cap2022 + other2024, map[int][]string{
			2022: {"cap town 9h aspiration"}, 2023: {"cap town 9h informative after"},
			2024: {"cap town 9h informative after", "cap rural 20h duty"}, 2025: {"cap town 9h informative after", "cap rural 20h informative after"},
		}},
		{"a later target of the other rule does not", less2022 + cap2024, map[int][]string{
			2022: {"reduction town 2021 duty"}, 2023: {"reduction town 2021 informative after"},
			2024: {"reduction town 2021 informative after", "cap town 7h duty"}, 2025: {"reduction town 2021 informative after", "cap town 7h informative after"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, dated+tt.text)
			got := map[int][]string{}
			for year := 2019; year <= 2028; year++ {
				for _, s := range p.Standings(year) {
					got[year] = append(got[year], standing(s))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("standings differ (-want +got):\n%s", diff)
			}
		})
	}
}

func standing(s Standing) string {
	limit := fmt.Sprintf("%dh", s.Cap/3600)
	if s.Rule == Reduction {
		limit = fmt.Sprint(s.BaseYear)
	}
	text := fmt.Sprintf("%s %s %s %s", s.Rule, s.Class, limit, s.Strength)
	if s.AfterDeadline {
		text += " after"
	}
	return text
}

// A year that begins on 1 April bears the name of the civil year in which it
// begins: one whose last day is 31 March 2023 is 2022, and its base is 2021.
func TestStandingsOfAnotherYear(t *testing.T) {
	t.Parallel()
	p := mustParse(t, strings.Replace(dated, "targets:", "year_start: 04-01\ntargets:", 1)+
		"  - {scope: xining, reduction: 8%, strength: duty, deadline: 2023-03-31}\n")
	got := map[int][]string{}
	for year := 2020; year <= 2027; year++ {
		for _, s := range p.Standings(year) {
			got[year] = append(got[year], standing(s))
		}
	}
	want := map[int][]string{ // the year 2025 ends on 31 March 2026, after the validity
		2022: {"reduction all 2021 duty"}, 2023: {"reduction all 2021 informative after"}, 2024: {"reduction all 2021 informative after"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("standings differ (-want +got):\n%s", diff)
	}
}

// In 2024 the limit of the 8 % until 2022 is still 0.92 × the value of 2021:
// 11.5 h, whatever 2023 was.
func TestFrozenLimit(t *testing.T) {
	t.Parallel()
	p := mustParse(t, judged)
	s := p.Standings(2024)[reductionTarget]
	if s.Strength != Informative || !s.AfterDeadline || s.BaseYear != 2021 {
		t.Errorf("got %s, after the deadline %t, base %d, want %s, true, 2021", s.Strength, s.AfterDeadline, s.BaseYear, Informative)
	}
	year := civil(2024) // a leap year, of 366 days
	e := &Evidence{
		AsOf: year.To + DefaultSettle, Year: year, Now: span(year, lessEight),
		Base: span(civil(2021), baseSeconds), Before: span(civil(2023), 1), BeforeToDate: span(civil(2023), 1),
	}
	f := p.Judge(s, e)
	if hours, ok := f.Limit.Hours(); f.Verdict != Met || !ok || hours != 11.5 {
		t.Errorf("got %s with the limit %v h, want %s with 11.5 h", f.Verdict, hours, Met)
	}
	e.Now = span(year, lessEight+1)
	if f := p.Judge(s, e); f.Verdict != Missed || f.Strength != Informative {
		t.Errorf("got %s %s, want %s %s", f.Strength, f.Verdict, Informative, Missed)
	}
}

// A duty and an aspiration of one scope are two verdicts: of 11.5 h after 12.5 h
// the 8 % are met and the cap of 10 h is missed.
func TestTwoStrengthsTwoVerdicts(t *testing.T) {
	t.Parallel()
	p := mustParse(t, judged)
	got := map[Strength]Verdict{}
	for _, s := range p.Standings(2022)[:publishedTarget] {
		got[s.Strength] = p.Judge(s, closed(lessEight)).Verdict
	}
	want := map[Strength]Verdict{Duty: Met, Aspiration: Missed}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verdicts differ (-want +got):\n%s", diff)
	}
}

// A member of a group of average outage hours: customers and their hours each.
type member struct{ customers, hours int64 }

// pooled gives Σ customer-hours / Σ customers over a year.
func pooled(members []member) Value {
	var milli, service int64
	for _, m := range members {
		milli += m.customers * m.hours * 3600 * 1000
		service += m.customers * yearLength
	}
	return Average(milli, service, yearLength)
}

// The six prefectures as a whole are Σ customer-hours / Σ customers, never the
// mean of six averages, which here would give the other verdict on the cap of
// 16.87 h: 1 000 customers at 30 h and 9 000 at 10 h are 12.0 h, not 20.
func TestPooled(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		members []member
		hours   float64
		mean    float64
		want    Verdict
	}{
		{"few customers far out", []member{{300, 30}, {300, 30}, {400, 30}, {3000, 10}, {3000, 10}, {3000, 10}}, 12, 20, Met},
		// 9 000 × 20 h + 1 500 × 5 h = 187 500 h among 10 500 customers.
		{"most customers far out", []member{{3000, 20}, {3000, 20}, {3000, 20}, {500, 5}, {500, 5}, {500, 5}}, 187_500.0 / 10_500, 12.5, Missed},
	}
	p := Qinghai()
	all := p.Standings(2022)
	target := all[slices.IndexFunc(all, func(s Standing) bool { return s.Scope == "six-prefectures" && s.Class == "town" && s.Rule == Cap })]
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			year := p.YearStart.Year(2022, p.Zone)
			value := pooled(tt.members)
			f := p.Judge(target, &Evidence{AsOf: year.To + p.Settle, Year: year, Now: Span{Period: year, Value: value}})
			if hours, _ := value.Hours(); hours != tt.hours || f.Verdict != tt.want {
				t.Errorf("got %v h, %s, want %v h, %s", hours, f.Verdict, tt.hours, tt.want)
			}
			if (tt.mean <= 16.87) == (tt.want == Met) {
				t.Errorf("the mean of %v h gives the same verdict", tt.mean)
			}
		})
	}
}

func TestMembersOf(t *testing.T) {
	t.Parallel()
	p := Qinghai()
	tests := map[string]int{"xining": 1, "six-prefectures": 6, "qinghai": 8}
	for scope, want := range tests {
		if got := len(p.MembersOf(scope)); got != want {
			t.Errorf("%s has %d members, want %d", scope, got, want)
		}
	}
}

// The year runs in the policy's zone: it is complete at midnight in Xining,
// which is 16:00 UTC.
func TestYearEndsInTheZone(t *testing.T) {
	t.Parallel()
	p := Qinghai()
	year := p.YearStart.Year(2022, p.Zone)
	if got, want := time.Unix(year.To, 0).UTC().Format(time.RFC3339), "2022-12-31T16:00:00Z"; got != want {
		t.Errorf("2022 ends at %s, want %s", got, want)
	}
}
