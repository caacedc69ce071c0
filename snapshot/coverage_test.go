package snapshot_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/snapshot"
)

// coverageOf writes what is known of the coverage of an area.
func coverageOf(s *snapshot.Snapshot, area string) string {
	for _, c := range s.Quality.Coverage {
		if c.Area != area {
			continue
		}
		var gaps strings.Builder
		for _, g := range c.Gaps {
			gaps.WriteString(" " + g.From[:10] + ".." + g.To[:10])
		}
		return fmt.Sprintf("%s %s through %s%s", hoursOf(c.Ratio), hoursOf(c.PriorRatio), c.DataThrough[:10], gaps.String())
	}
	return "none"
}

// Of a, March 2021 is missing (334 of 365 days), February 2022, and June: by
// 1 July 31 + 92 of 181 days of 2022 are covered. Nobody speaks of b. Of c all
// is covered until 1 May, 120 of 181 days.
func TestCoverage(t *testing.T) {
	t.Parallel()
	covers := "2021-01-01 2021-03-01 a\n2021-04-01 2022-02-01 a\n2022-03-01 2022-06-01 a d\n2021-01-01 2022-05-01 c\n2022-06-01 2022-12-01 d\n"
	tests := []struct {
		name, asOf string
		year       int
		want       map[string]string
		through    string // of the whole answer: the earliest area's
	}{
		{"the year runs", "2022-07-01", 0, map[string]string{
			"a": "0.679558 0.915068 through 2022-06-01 2021-03-01..2021-04-01 2022-02-01..2022-03-01 2022-06-01..2022-07-01",
			"b": "null null through 2022-07-01",
			"c": "0.662983 1.000000 through 2022-05-01 2022-05-01..2022-07-01",
			"d": "0.674033 0.000000 through 2022-07-01 2021-01-01..2022-01-01 2022-01-01..2022-03-01", // 122 of 181
		}, "2022-05-01"},
		{"the year is complete", "2023-06-01", 2022, map[string]string{
			"a": "0.336986 0.915068 through 2022-06-01 2021-03-01..2021-04-01 2022-02-01..2022-03-01 2022-06-01..2023-01-01", // 123 of 365
			"b": "null null through 2023-06-01",
			"c": "0.328767 1.000000 through 2022-05-01 2022-05-01..2023-01-01",                                               // 120 of 365
			"d": "0.753425 0.000000 through 2022-12-01 2021-01-01..2022-01-01 2022-01-01..2022-03-01 2022-12-01..2023-01-01", // 275 of 365
		}, "2022-05-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := story{policy: eight, base: fourFeeds, events: base125 + value115, covers: covers, asOf: tt.asOf, year: tt.year}
			answer, got := s.tell(t), map[string]string{}
			for area := range tt.want {
				got[area] = coverageOf(answer, area)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("coverage (-want +got):\n%s", diff)
			}
			if got := answer.DataThrough[:10]; got != tt.through {
				t.Errorf("data through %s, want %s", got, tt.through)
			}
		})
	}
}

// hourly is an outage of a every hour of 2021 and the half of 2022, but for the
// nine days from 1 March 2022 on.
func hourly(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	r := storyReader{t: t, zone: (&story{policy: eight}).parsed(t).Zone}
	from, to := r.at("2022-03-01"), r.at("2022-03-10")
	for at := r.at("2021-01-01"); at < r.at("2022-07-01"); at += 3600 {
		if at < from || at >= to {
			fmt.Fprintf(&all, "H%d F1 - - %s %s 1\n", at, time.Unix(at, 0).UTC().Format(time.RFC3339), time.Unix(at+60, 0).UTC().Format(time.RFC3339))
		}
	}
	return all.String()
}

// A feed that speaks every hour and then not for nine days is listed, with a word
// that somebody declares all of these days where it is so; a calm area is not.
func TestSilences(t *testing.T) {
	t.Parallel()
	calm := "B1 F2 - - 2021-02-01 2021-02-02 1\nB2 F2 - - 2021-11-01 2021-11-02 1\nB3 F2 - - 2022-05-01 2022-05-02 1\n"
	events := hourly(t) + calm
	listed := []snapshot.Silence{{Area: "a", Gap: snapshot.Gap{From: "2022-03-01T00:00:00+08:00", To: "2022-03-10T00:00:00+08:00"}}}
	vouched := []snapshot.Silence{{Area: "a", Gap: listed[0].Gap, Declared: true}}
	tests := []struct {
		name, covers string
		want         []snapshot.Silence
	}{
		{"undeclared", "", listed},
		{"declared in part", "2022-03-02 2022-03-20\n", listed},
		{"declared elsewhere", "2022-01-01 2022-07-01 b\n", listed},
		{"declared", "2022-02-01 2022-03-05 a\n2022-03-05 2022-04-01\n", vouched},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := story{policy: eight, base: fourFeeds, events: events, covers: tt.covers, asOf: "2022-07-01"}
			if diff := cmp.Diff(tt.want, s.tell(t).Quality.Silences); diff != "" {
				t.Errorf("silences (-want +got):\n%s", diff)
			}
		})
	}
}

// known writes the index of a scope, and who is without data.
func known(s *snapshot.Snapshot, scope, window string) string {
	e := indexOf(s, scope, "rural", window)
	if e == nil {
		return "not shown"
	}
	if judged := e.ByIndex["saidi-1"].SAIDIHours; hoursOf(judged) != hoursOf(e.SAIDIHours) {
		return "two indices: " + hoursOf(judged) + " and " + hoursOf(e.SAIDIHours)
	}
	return strings.TrimSpace(hoursOf(e.SAIDIHours) + " " + strings.Join(e.WithoutData, " "))
}

// Of a there are rows of both years, of b of 2021 alone; c is declared and calm;
// of d there is nothing. What nothing is known of is null and not 0, as is every
// group that holds it. 1250 customer-hours, 1 of b and none of c are
// 1251 / 300 = 4.17 h of the group in 2021.
func TestIndicesOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	s := story{policy: eight, base: fourFeeds, events: base125 + value115 + "B1 F2 - - 2021-04-01T00:00 2021-04-01T01:00 1\n", covers: "2021-01-01 2023-01-01 c\n", asOf: "2023-01-01"}
	answer, got := s.tell(t), map[string]string{}
	want := map[string]string{
		"a year": "11.500000", "a prior_year": "12.500000", "b year": "null b", "b prior_year": "0.010000",
		"c year": "0.000000", "c prior_year": "0.000000", "d year": "null d", "d prior_year": "null d",
		"g year": "null b", "g prior_year": "4.170000", "pair year": "null b", "pair prior_year": "6.255000", "whole year": "null b d", "whole prior_year": "null d",
	}
	for key := range want {
		scope, window, _ := strings.Cut(key, " ")
		got[key] = known(answer, scope, window)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("indices (-want +got):\n%s", diff)
	}
	text, err := json.Marshal(indexOf(answer, "d", "rural", snapshot.WholeYear))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"saidi_hours", "saifi", "maifi", "caidi_hours", "asai", "ctaidi_hours", "caifi", "cemi", "celid"} {
		if !strings.Contains(string(text), `"`+key+`":null`) {
			t.Errorf("%s of an area without data is not null: %s", key, text)
		}
	}
	calm := indexOf(answer, "c", "rural", snapshot.WholeYear)
	if hoursOf(calm.SAIFI) != "0.000000" || hoursOf(calm.ASAI) != "1.000000" || calm.CAIDIHours != nil {
		t.Errorf("calm: SAIFI %s, ASAI %s, CAIDI %s; want 0, 1, null", hoursOf(calm.SAIFI), hoursOf(calm.ASAI), hoursOf(calm.CAIDIHours))
	}
}

// A year that is declared and calm is known, whether or not a row came before:
// a target that says 0 h has an index that says so, too.
func TestCalmYearsThatAreDeclared(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, events string
		want         map[string]string
	}{
		{"the base year", value115, map[string]string{"year": "11.500000", "prior_year": "0.000000"}},
		{"all years", "", map[string]string{"year": "0.000000", "prior_year": "0.000000"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := story{policy: eight, base: hundred, events: tt.events, covers: "2021-01-01 2023-01-01\n", asOf: "2023-01-01"}
			answer := s.tell(t)
			for window, want := range tt.want {
				if got := known(answer, "a", window); got != want {
					t.Errorf("%s is %s, want %s; the target has the value %s and the base %s", window, got, want, hoursOf(answer.Targets[0].ValueHours), hoursOf(answer.Targets[0].BaseHours))
				}
			}
		})
	}
}
