package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// full is the state with the numbers of two areas, a group and the whole, and what
// stands beside them.
func full() *web.Status {
	s := state()
	a := s.Snapshot
	a.Detail = &snapshot.Detail{
		Scopes: []snapshot.Scope{
			{Named: a.Areas[0], Level: "area", Areas: []string{"xining"}}, {Named: a.Areas[1], Level: "area", Areas: []string{"yushu"}},
			{Named: snapshot.Named{ID: "pair", Name: policy.Text{Zh: "两地", En: "Pair"}}, Level: "group", Areas: []string{"xining", "yushu"}},
			{Named: snapshot.Named{ID: "qinghai", Name: policy.Text{Zh: "青海省", En: "Qinghai"}}, Level: "whole", Areas: []string{"xining", "yushu"}},
		},
		Classes: []snapshot.Named{{ID: "rural", Name: policy.Text{Zh: "农村", En: "Rural"}}, {ID: "urban-core", Name: policy.Text{Zh: "市中心区", En: "Urban core"}}, {ID: "all", Name: policy.Text{Zh: "全部", En: "All"}}},
		Repeats: []snapshot.Named{{ID: "often", Name: policy.Text{Zh: "60天内超过3次", En: "more than 3 in 60 days"}}},
		Repeat:  []snapshot.Repeat{{Area: "xining", Class: "rural", Rule: "often", Customers: 7000}, {Area: "yushu", Class: "rural", Rule: "often", Customers: 5000}, {Area: "xining", Class: "urban-core", Rule: "often", Customers: 2000}},
	}
	for n, scope := range a.Detail.Scopes {
		for k, class := range []snapshot.Named{a.Detail.Classes[2], a.Detail.Classes[0], a.Detail.Classes[1]} {
			a.Indices = append(a.Indices, entries(scope, class, float64(n+1)+float64(k)/10)...)
		}
	}
	return s
}

// entries are the numbers of a scope and class: of the year, the one before, and
// months of both.
func entries(scope snapshot.Scope, class snapshot.Named, hours float64) []snapshot.Entry {
	one := func(window, from, to string, hours float64) snapshot.Entry {
		seconds := snapshot.Milli(hours * 100 * 3_600_000)
		e := snapshot.Entry{
			Scope: scope.ID, Level: scope.Level, Class: class.ID, Window: window, From: from + "T00:00:00+08:00", To: to, Name: scope.Name, ClassName: class.Name,
			CustomerSeconds: seconds, Interruptions: 150_000, MomentaryInterruption: 10_000, Events: 12, EquivalentCustomers: 100.4,
			SAIDIHours: some(hours), SAIFI: some(1.5), CAIDIHours: some(hours / 1.5), ASAI: some(0.9995), MAIFI: some(0.1),
			ByIndex:  map[string]snapshot.Index{reliability.SAIDI1: {SAIDIHours: some(hours), SAIFI: some(1.5), CAIDIHours: some(hours / 1.5)}, reliability.SAIDIF: {SAIDIHours: some(hours * 0.75)}},
			ByNature: map[string]snapshot.Part{"fault_internal": {CustomerSeconds: seconds / 4 * 3, Interruptions: 120_000}, "planned_maintenance": {CustomerSeconds: seconds / 4, Interruptions: 40_000}},
		}
		if window == snapshot.YearToDate {
			e.Reduction = some(0.25)
		}
		return e
	}
	return []snapshot.Entry{
		one(snapshot.YearToDate, "2022-01-01", "2022-07-01T00:00:07+08:00", hours), one(snapshot.PriorYearToDate, "2021-01-01", "2021-07-01T00:00:07+08:00", hours/0.75),
		one(snapshot.Month, "2021-06-01", "2021-07-01T00:00:00+08:00", hours/4), one(snapshot.Month, "2022-06-01", "2022-07-01T00:00:00+08:00", hours/5),
	}
}

// curve is a year in which every day adds the same.
func curve(_ context.Context, scope, class string) (*snapshot.Curve, error) {
	c := &snapshot.Curve{Scope: scope, Class: class, Index: "saidi-1", Year: 2022}
	zone := time.FixedZone("", 8*3600)
	day := func(year, n int) snapshot.CurvePoint {
		return snapshot.CurvePoint{At: time.Date(year, time.January, 1+n, 0, 0, 0, 0, zone).Format(time.RFC3339), Hours: some(float64(n) / 100)}
	}
	for n := 1; n <= 181; n++ {
		c.Days = append(c.Days, day(2022, n))
	}
	c.Days = append(c.Days, snapshot.CurvePoint{At: "2022-07-01T00:00:07+08:00", Hours: some(1.81)})
	for n := 1; n <= 365; n++ {
		c.PriorDays = append(c.PriorDays, day(2021, n))
	}
	return c, nil
}

// feeders are two and a rest of three.
func feeders(name string) func(context.Context, string, snapshot.Question) (*snapshot.FeederList, error) {
	return func(_ context.Context, window string, q snapshot.Question) (*snapshot.FeederList, error) {
		if window != snapshot.YearToDate || q.Top != 20 {
			return nil, fmt.Errorf("the window %s and %d feeders", window, q.Top)
		}
		return &snapshot.FeederList{
			Scope: q.Scope, Class: q.Class, Index: "saidi-1", CustomerSeconds: 360_000_000, Interruptions: 100_000,
			Lines: []snapshot.FeederSum{
				{Feeder: name, Area: "xining", Customers: 31_000, Rows: 4, CustomerSeconds: 180_000_000, Interruptions: 60_000},
				{Area: "yushu", Rows: 2, CustomerSeconds: 90_000_000, Interruptions: 30_000},
			},
			Rest: snapshot.Rest{Rows: 3, CustomerSeconds: 90_000_000, Interruptions: 10_000},
		}, nil
	}
}

// province is a site that answers all that a page of an area asks.
func province(s *web.Status, feeder string) *web.Site {
	all := site(s)
	all.Curve, all.Feeders = curve, feeders(feeder)
	return all
}

// askOf asks a site for a page.
func askOf(s *web.Site, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	mount(s).ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

// askArea asks for a page of the full state.
func askArea(target string) *httptest.ResponseRecorder {
	return askOf(province(full(), "10kV一线"), target)
}

// breaking are names that try to break out of where they stand.
func breaking() map[string]string {
	return map[string]string{
		"script":        `<script>alert("1")</script>`,
		"quotes":        `"quoted" 'and' so`,
		"right to left": "a\u202eb\u2067c\u200f",
		"long":          strings.Repeat("停", 200),
		"emoji":         "⚡ 👩‍🔧 outage",
		"lines":         "first\n\tsecond <b>\nthird",
		"end of data":   "</script><!--\u2028]]>",
		"address":       "javascript:alert(1)//?a=b&c=d#e",
	}
}
