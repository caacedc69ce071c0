package web

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// plainTeller words in English, with nothing known.
func plainTeller() *teller { return newTeller(&Status{}, wording.English) }

func TestCalendarYear(t *testing.T) {
	t.Parallel()
	begin := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	zone := time.FixedZone("", 8*3600)
	whole := 1.0
	gap := func(from, to string) snapshot.Gap { return snapshot.Gap{From: from, To: to} }
	type span struct {
		Kind     string
		X, Width int
	}
	for name, c := range map[string]struct {
		ratio *float64
		gaps  []snapshot.Gap
		asOf  time.Time
		want  []span
	}{
		"a year behind us":       {&whole, nil, time.Date(2023, 1, 1, 0, 0, 0, 0, zone), []span{{"covered", 0, 365}}},
		"a running year":         {&whole, nil, time.Date(2022, 1, 11, 0, 0, 0, 0, zone), []span{{"covered", 0, 10}, {"future", 10, 355}}},
		"in the middle of a day": {&whole, nil, time.Date(2022, 1, 11, 0, 0, 1, 0, zone), []span{{"covered", 0, 11}, {"future", 11, 354}}},
		"nothing declared":       {nil, nil, time.Date(2022, 1, 11, 0, 0, 0, 0, zone), []span{{"undeclared", 0, 10}, {"future", 10, 355}}},
		"a gap of two hours":     {&whole, []snapshot.Gap{gap("2022-01-03T22:00:00+08:00", "2022-01-04T00:00:00+08:00")}, time.Date(2023, 1, 1, 0, 0, 0, 0, zone), []span{{"covered", 0, 2}, {"gap", 2, 1}, {"covered", 3, 362}}},
		"a gap over new year":    {&whole, []snapshot.Gap{gap("2021-06-01T00:00:00+08:00", "2022-01-02T00:00:01+08:00")}, time.Date(2023, 1, 1, 0, 0, 0, 0, zone), []span{{"gap", 0, 2}, {"covered", 2, 363}}},
		"a gap of another year":  {&whole, []snapshot.Gap{gap("2021-06-01T00:00:00+08:00", "2022-01-01T00:00:00+08:00")}, time.Date(2023, 1, 1, 0, 0, 0, 0, zone), []span{{"covered", 0, 365}}},
		"a gap that is no time":  {&whole, []snapshot.Gap{gap("", "x")}, time.Date(2023, 1, 1, 0, 0, 0, 0, zone), []span{{"covered", 0, 365}}},
	} {
		var got []span
		for _, s := range plainTeller().calendarYear(&snapshot.Coverage{Ratio: c.ratio, Gaps: c.gaps}, begin, c.asOf).Spans {
			got = append(got, span{s.Kind, s.X, s.Width})
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What nobody can have told by as-of is no gap yet.
func TestGapsTold(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2022, 7, 1, 2, 0, 0, 0, time.UTC)
	gap := func(from, to string) snapshot.Gap { return snapshot.Gap{From: from, To: to} }
	early := gap("2022-03-01T09:00:00+08:00", "2022-03-01T09:00:30+08:00")
	for name, c := range map[string]struct {
		last snapshot.Gap
		kept bool
	}{
		"seconds":          {gap("2022-07-01T09:59:28+08:00", "2022-07-01T10:00:00+08:00"), false},
		"an hour":          {gap("2022-07-01T09:00:00+08:00", "2022-07-01T10:00:00+08:00"), true},
		"up to before":     {gap("2022-07-01T09:40:00+08:00", "2022-07-01T09:59:59+08:00"), true},
		"what is no time":  {gap("2022-07-01T09:59:28+08:00", ""), true},
		"another no time":  {gap("", "2022-07-01T10:00:00+08:00"), true},
		"beyond the as-of": {gap("2022-07-01T09:59:28+08:00", "2022-07-01T11:00:00+08:00"), false},
	} {
		want := []snapshot.Gap{early}
		if c.kept {
			want = append(want, c.last)
		}
		if diff := cmp.Diff(want, gapsTold([]snapshot.Gap{early, c.last}, asOf)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The spans of a year follow each other from its first day to its last, and no two
// of one kind touch.
func TestCalendarIsWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", rapid.IntRange(-12, 14).Draw(t, "offset")*3600)
		begin := time.Date(rapid.IntRange(2019, 2025).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), 1, 0, 0, 0, 0, time.UTC)
		at := func(name string) time.Time {
			return time.Unix(rapid.Int64Range(begin.Unix()-40*86400, begin.Unix()+400*86400).Draw(t, name), 0).In(zone)
		}
		c := &snapshot.Coverage{}
		if rapid.Bool().Draw(t, "declared") {
			c.Ratio = new(float64)
		}
		for range rapid.IntRange(0, 4).Draw(t, "gaps") {
			from, to := at("from"), at("to")
			if to.Before(from) {
				from, to = to, from
			}
			c.Gaps = append(c.Gaps, snapshot.Gap{From: from.Format(time.RFC3339), To: to.Format(time.RFC3339)})
		}
		y := plainTeller().calendarYear(c, begin, at("as of"))
		next, before := 0, ""
		for _, s := range y.Spans {
			if s.X != next || s.Width < 1 || s.Kind == before || s.Y+s.Height != 12 {
				t.Fatalf("day %d, after %q: %+v", next, before, s)
			}
			next, before = s.X+s.Width, s.Kind
		}
		if next != y.Days || y.Days < 365 || y.Days > 366 {
			t.Fatalf("%d days of %d", next, y.Days)
		}
	})
}
