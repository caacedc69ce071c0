package policy

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/saidi-exporter/saidi/internal/realdata"
)

// A filing is what a utility published of one year.
type filing struct {
	utility string
	year    int
}

// published reads the yearly SAIDI of the Philippine utilities: the sum of their
// four groups of causes (power supplier, scheduled, major storm, all others), in
// seconds, of 2007–2010 and 2015–2022. A cause left blank was not filed and adds
// nothing, as elsewhere in the file a 0 is written; a year whose causes are all
// blank has no value at all. (Blank beside a number are in the years judged here
// PEZA MEZ 2018, ESAMELCO 2019 and ABRECO 2022, which filed a single 0.) A row
// without a cause holds a place only, for a utility that filed nothing. Some
// names have a space behind them in some years; they are the same utility.
func published(t *testing.T) map[filing]*big.Rat {
	t.Helper()
	file, err := os.Open(realdata.Path(t, "ph/ph_doe_reliability_long.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(rows[0][:5], ","), "year,utility,class,saifi,saidi_min"; got != want {
		t.Fatalf("columns %s, want %s", got, want)
	}
	values := map[filing]*big.Rat{}
	causes := map[string]bool{}
	for _, row := range rows[1:] {
		year, err := strconv.Atoi(row[0])
		if err != nil {
			t.Fatal(err)
		}
		f := filing{strings.TrimSpace(row[1]), year}
		cause := fmt.Sprint(f, strings.ToLower(row[2]))
		if causes[cause] {
			t.Fatalf("%s stands twice", cause)
		}
		causes[cause] = true
		if row[4] == "" {
			continue
		}
		minutes, ok := new(big.Rat).SetString(row[4])
		if !ok {
			t.Fatalf("%v: %q is no number", f, row[4])
		}
		if values[f] == nil {
			values[f] = new(big.Rat)
		}
		values[f].Add(values[f], minutes.Mul(minutes, big.NewRat(60, 1)))
	}
	return values
}

// utilities lists those of the filings, in order.
func utilities(values map[filing]*big.Rat) []string {
	all := map[string]bool{}
	for f := range values {
		all[f.utility] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// eightPercent is a policy whose areas are the utilities, each of which shall
// have 8 % less in a year than in the year before.
func eightPercent(t *testing.T, utilities []string, year int) *Policy {
	t.Helper()
	var text strings.Builder
	text.WriteString("id: ph\nzone: Asia/Manila\nareas:\n")
	for _, u := range utilities {
		fmt.Fprintf(&text, "  - {id: %q}\n", u)
	}
	text.WriteString("targets:\n")
	for _, u := range utilities {
		fmt.Fprintf(&text, "  - {scope: %q, reduction: 8%%, strength: duty, deadline: %d-12-31}\n", u, year)
	}
	return mustParse(t, text.String())
}

// filed is the span of a year of a utility, as published.
func filed(p *Policy, values map[filing]*big.Rat, f filing) Span {
	s := Span{Period: p.YearStart.Year(f.year, p.Zone)}
	if v := values[f]; v != nil {
		s.Value = Published(v)
	}
	return s
}

// judgeFilings judges every utility in a year, once it is settled.
func judgeFilings(t *testing.T, values map[filing]*big.Rat, year int) map[string]*Finding {
	t.Helper()
	p := eightPercent(t, utilities(values), year)
	findings := map[string]*Finding{}
	for _, s := range p.Standings(year) {
		now := filed(p, values, filing{s.Scope, year})
		findings[s.Scope] = p.Judge(s, &Evidence{
			AsOf: now.Period.To + p.Settle, Year: now.Period, Now: now, Base: filed(p, values, filing{s.Scope, year - 1}),
		})
	}
	return findings
}

// withReason lists the scopes of the findings that have a reason, in order.
func withReason(findings map[string]*Finding, r Reason) []string {
	var scopes []string
	for scope, f := range findings {
		if slices.Contains(f.Reasons, r) {
			scopes = append(scopes, scope)
		}
	}
	slices.Sort(scopes)
	return scopes
}

// Of the utilities that published a value of both years, the first above zero,
// 40 of 121, 54 of 116 and 57 of 125 cut it by 8 %.
func TestPublished(t *testing.T) {
	t.Parallel()
	tests := []struct {
		year, met, judged int
		zero              []string // met by filing nothing but zeros
	}{
		{2019, 40, 121, nil},
		{2021, 54, 116, nil},
		{2022, 57, 125, []string{"ABRECO"}},
	}
	values := published(t)
	for _, tt := range tests {
		t.Run(strconv.Itoa(tt.year), func(t *testing.T) {
			t.Parallel()
			findings := judgeFilings(t, values, tt.year)
			count := map[Verdict]int{}
			met := map[string]*Finding{}
			for scope, f := range findings {
				count[f.Verdict]++
				if f.Provisional {
					t.Errorf("%s is provisional", scope)
				}
				if f.Verdict == Met {
					met[scope] = f
				}
			}
			want := map[Verdict]int{Met: tt.met, Missed: tt.judged - tt.met, CannotTell: len(findings) - tt.judged}
			if diff := cmp.Diff(want, count); diff != "" {
				t.Errorf("verdicts differ (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.zero, withReason(met, ZeroValue)); diff != "" {
				t.Errorf("met by zeros differ (-want +got):\n%s", diff)
			}
		})
	}
}

// Two values of the file are above the minutes of their year. They are judged as
// they stand (of the first there is no year before), each is flagged as the
// value and then as the base, and no other.
func TestPublishedImpossible(t *testing.T) {
	t.Parallel()
	values := published(t)
	var got []string
	for _, year := range []int{2007, 2008, 2009, 2010, 2011, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023} {
		findings := judgeFilings(t, values, year)
		for _, r := range []Reason{Impossible, ImpossibleBase} {
			for _, scope := range withReason(findings, r) {
				got = append(got, fmt.Sprintf("%d %s %s %s", year, scope, r, findings[scope].Verdict))
			}
		}
	}
	want := []string{
		"2008 ZAMSURECO II impossible-value cannot-tell", "2009 ZAMSURECO II impossible-base met",
		"2020 FICELCO impossible-value missed", "2021 FICELCO impossible-base met",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("flagged differ (-want +got):\n%s", diff)
	}
}
