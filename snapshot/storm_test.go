package snapshot_test

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// daily is one outage of F1 a day from a local day on: an hour each, of as many
// customers as are given in turn.
func daily(from string, days int, customers ...int) string {
	var b strings.Builder
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		panic(err)
	}
	for i := range days {
		d := first.AddDate(0, 0, i).Format(time.DateOnly)
		fmt.Fprintf(&b, "%s F1 - - %sT08:00 %sT09:00 %d\n", d, d, d, customers[i%len(customers)])
	}
	return b.String()
}

// A base year of 92 days with one customer-hour each and one day with eight, which
// is 8 % of 100. Whatever they are in hours, ln of all but one is the same, so that
// the one lies 92 / √93 = 9.5 β above the mean: above 2.5 β.
func TestBaseStorm(t *testing.T) {
	t.Parallel()
	calm := daily("2021-03-01", 92, 1) + "N F1 - - 2022-03-01T00:00 2022-03-01T00:30 10\n"
	const storm = "S F1 - - 2021-08-01T08:00 2021-08-01T09:00 8\n"
	// The year before has days of one and of two customer-hours in turn: α = ln 2 / 2
	// and β a little above it, so that the threshold lies between exp(3.5 × 0.346) =
	// 3.4 and 3.5 customer-hours.
	before := daily("2020-03-01", 90, 1, 2)
	// The year before has stormy days as well: T_MED is above eight.
	rough := daily("2020-03-01", 90, 1, 90)
	published := strings.Replace(eight, "reduction: 8%", "reduction: 8%, base_value: 12.5h", 1)
	some := func(by string, share float64, year bool, days ...string) *snapshot.BaseStorm {
		return &snapshot.BaseStorm{Days: append([]string{}, days...), Share: share, ThresholdBy: by, StormYear: year}
	}
	tests := []struct {
		name, policy, events string
		want                 *snapshot.BaseStorm
	}{
		{"no storm, by its own days", eight, calm, some(snapshot.ByOwnYear, 0, false)},
		{"a storm of exactly the share, by its own days", eight, calm + storm, some(snapshot.ByOwnYear, 0.08, true, "2021-08-01")},
		{"a customer-second more on a calm day", eight, calm + storm + "M F1 - - 2021-03-01T09:00 2021-03-01T09:00:01 1\n", some(snapshot.ByOwnYear, 28800.0/360001, false, "2021-08-01")},
		{"a storm of exactly the share, by the year before", eight, before + calm + storm, some(snapshot.ByYearsBefore, 0.08, true, "2021-08-01")},
		{"no storm beside those of the year before", eight, rough + calm + storm, some(snapshot.ByYearsBefore, 0, false)},
		{"a larger reduction", strings.Replace(eight, "8%", "8.1%", 1), calm + storm, some(snapshot.ByOwnYear, 0.08, false, "2021-08-01")},
		// α = 4.85 / 95 and β = 0.31, so that T_MED is exp(0.82) = 2.3 customer-hours.
		{"three days that stand out, of which two are storms", eight, calm + storm + "S2 F1 - - 2021-08-02T08:00 2021-08-02T09:00 8\nS3 F1 - - 2021-08-03T08:00 2021-08-03T09:00 2\n",
			some(snapshot.ByOwnYear, 16.0/110, true, "2021-08-01", "2021-08-02")},
		{"one day is too few to tell", eight, base125 + value115, nil},
		{"a published base", published, calm + storm, nil},
		{"no base year", eight, value115, nil},
		{"a cap", cap11, calm + storm, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := story{policy: tt.policy, base: hundred, events: tt.events, asOf: "2022-07-01"}
			target := s.tell(t).Targets[0]
			if diff := cmp.Diff(tt.want, target.BaseStorm); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			flagged := tt.want != nil && tt.want.StormYear
			if got := slices.Contains(target.Reasons, string(policy.StormBase)); got != flagged {
				t.Errorf("reasons %v, want the storm said: %v", target.Reasons, flagged)
			}
		})
	}
}

// The days are those of the whole, but the share is that of the target's own
// customers.
func TestBaseStormOfATarget(t *testing.T) {
	t.Parallel()
	targets := "targets: [{scope: a, class: rural, reduction: 8%, strength: duty, deadline: 2022-12-31}, {scope: b, class: rural, reduction: 8%, strength: duty, deadline: 2022-12-31}]\n"
	events := daily("2021-03-01", 92, 1) + "S F2 - - 2021-08-01T08:00 2021-08-01T09:00 8\nC F2 - - 2021-02-01T08:00 2021-02-01T09:00 1\nD F2 - - 2021-02-02T08:00 2021-02-02T09:00 1\n" +
		"N F1 - - 2022-03-01T00:00 2022-03-01T00:30 10\nN2 F2 - - 2022-03-01T00:00 2022-03-01T00:30 10\n"
	s := story{policy: targets, base: hundred + "F2 b rural 100\n", events: events, asOf: "2022-07-01"}
	var shares []float64
	for _, target := range s.tell(t).Targets {
		if diff := cmp.Diff([]string{"2021-08-01"}, target.BaseStorm.Days); diff != "" {
			t.Errorf("days of %s (-want +got):\n%s", target.Scope, diff)
		}
		shares = append(shares, target.BaseStorm.Share)
	}
	if diff := cmp.Diff([]float64{0, 0.8}, shares); diff != "" {
		t.Errorf("shares (-want +got):\n%s", diff)
	}
}

// Each midnight says of the base year what the report of that midnight says.
func TestBaseStormInHistory(t *testing.T) {
	t.Parallel()
	for _, index := range []string{"", "index: ieee\n"} {
		s := story{policy: index + eight, base: hundred, events: daily("2021-03-01", 92, 1) + "S F1 - - 2021-12-31T08:00 2022-01-02T08:00 8\n", asOf: "2022-01-08"}
		p := s.parsed(t)
		days := 0
		for at, got := range snapshot.History(s.engine(t, p), p, period.Period{From: storyReader{t: t, zone: p.Zone}.at("2022-01-01"), To: storyReader{t: t, zone: p.Zone}.at("2022-01-08")}) {
			days++
			if len(got.Targets) == 0 { // the midnight with which 2021 ends
				continue
			}
			then := s
			then.asOf = time.Unix(at, 0).In(p.Zone).Format("2006-01-02T15:04")
			if diff := cmp.Diff(then.tell(t).Targets[0].BaseStorm, got.Targets[0].BaseStorm); diff != "" {
				t.Errorf("%s %s (-report +history):\n%s", index, then.asOf, diff)
			}
		}
		if days != 8 {
			t.Errorf("%d midnights, want 8", days)
		}
	}
}

// The share is that of the days shown in the rows of the base year, and the flag
// compares it exactly.
func TestLawBaseStorm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProvince(t, taste{index: "saidi-1"})
		// A few calm days more make some of the others storms.
		year := p.policy.YearStart.Year(lawYear-1, p.policy.Zone)
		for i := range rapid.IntRange(0, 40).Draw(t, "calm days") {
			at := year.From + int64(i)*3*86400 + 43200
			p.rows = append(p.rows, provinceRow{Event: outage.Event{
				ID: fmt.Sprintf("calm %d", i), Area: string(p.areas[0]), Class: string(p.classes[0]), Feeder: "F-unknown", Start: at, End: at + 600, Customers: 1, Served: outage.Missing,
			}})
		}
		e := p.load(t, plainly(p))
		e.Advance(p.asOf)
		set, _ := reliability.SetByID(reliability.SAIDI1)
		for i, target := range snapshot.Build(e, p.policy, p.options).Targets {
			b := target.BaseStorm
			if b == nil {
				continue
			}
			if target.Rule != string(policy.Reduction) || target.BaseHours == nil {
				t.Fatalf("target %d of rule %s has storms %+v", i, target.Rule, b)
			}
			var strata []int
			for s := range e.Base().Strata() {
				if area, class := e.Base().Stratum(s); slices.Contains(p.policy.MembersOf(target.Scope), area) && p.policy.ClassFilter(target.Class)(class) {
					strata = append(strata, s)
				}
			}
			sum := func(w period.Period) (milli int64) {
				for _, c := range e.Explain(strata, w, set, nil) {
					milli += c.Milli
				}
				return milli
			}
			var storm int64
			for _, text := range b.Days {
				d, err := time.Parse(time.DateOnly, text)
				if err != nil {
					t.Fatal(err)
				}
				storm += sum(period.DayOfDate(d.Year(), d.Month(), d.Day()).Period(p.policy.Zone))
			}
			all := sum(p.policy.YearStart.Year(*target.BaseYear, p.policy.Zone))
			asked, _ := new(big.Rat).SetString(strconv.FormatFloat(*target.RequiredReduction, 'g', -1, 64)) // as the policy writes it: 0.08 is no binary fraction
			if share := big.NewRat(storm, all); b.Share != float64(storm)/float64(all) || b.StormYear != (share.Cmp(asked) >= 0) {
				t.Fatalf("%+v: the days make %d of %d", b, storm, all)
			}
		}
	})
}
