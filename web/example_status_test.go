package web_test

import (
	"time"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// some is a pointer to a value.
func some[T any](v T) *T { return &v }

// at is a wall time of the example's day.
func at(clock string) time.Time {
	t, err := time.Parse(time.RFC3339, "2026-03-01T"+clock+"Z")
	if err != nil {
		panic(err)
	}
	return t
}

// state is a status in which everything is there: targets of every verdict and
// strength, sources that are up and down, faults, and the demo.
func state() *web.Status {
	return &web.Status{
		Program: "saidi 1.2.3", Snapshot: answer(), Computed: at("03:59:18"), Took: 183 * time.Millisecond,
		Demo: &web.Demo{From: time.Date(2020, 12, 31, 16, 0, 0, 0, time.UTC), To: time.Date(2022, 12, 31, 16, 0, 0, 0, time.UTC), Speed: 86400},
		Sources: []web.Source{
			{Name: "events", Places: []string{"/in/*.csv", "/in/late"}, Up: true, Files: 12, Rows: 1234567, Accepted: 1230001, Rejected: 4566, LastSuccess: at("03:59:00"), LatestEvent: time.Date(2022, 6, 30, 15, 59, 0, 0, time.UTC)},
			{Name: "大用户", Places: []string{"/in/大用户.xlsx"}},
		},
		Faults: []web.Fault{
			{Source: "大用户", Place: "/in/大用户.xlsx", What: "open workbook: not a zip file", Since: at("01:00:00")},
			{Place: "/etc/saidi.yaml", What: "line 3: unknown key\nline 9: no port", Since: at("03:30:00")},
		},
		Started: at("00:00:00"), ReloadOK: false, ReloadTime: at("00:00:01"), Now: at("04:00:00"),
	}
}

func answer() *snapshot.Snapshot {
	return &snapshot.Snapshot{
		Title: policy.Text{Zh: "青海省用户年均停电时间", En: "Average outage hours in Qinghai"}, Index: "saidi-1", Synthetic: true, Provisional: true,
		DataThrough: "2022-06-30T12:00:00+08:00",
		Provenance:  snapshot.Provenance{AsOf: "2022-07-01T00:00:07+08:00", Zone: "Asia/Shanghai"},
		Judged:      snapshot.Judged{Years: []snapshot.JudgedYear{{Year: 2022, To: "2022-07-01T00:00:07+08:00"}}, Deadlines: []int{2022}},
		Areas:       []snapshot.Named{{ID: "xining", Name: xining()}, {ID: "yushu", Name: yushu()}},
		Targets:     targets(),
		Quality: snapshot.Quality{Coverage: []snapshot.Coverage{
			{Area: "xining", DataThrough: "2022-07-01T00:00:07+08:00"},
			{Area: "yushu", Ratio: some(0.5), PriorRatio: some(0.995), DataThrough: "2022-06-30T12:00:00+08:00", Gaps: []snapshot.Gap{{From: "2022-01-01T00:00:00+08:00", To: "2022-04-01T00:00:00+08:00"}}},
		}},
	}
}

func xining() policy.Text { return policy.Text{Zh: "西宁市", En: "Xining"} }
func yushu() policy.Text  { return policy.Text{Zh: "玉树州", En: "Yushu"} }

// targets has them neither by strength nor by verdict.
func targets() []snapshot.Target {
	rural, core := policy.Text{Zh: "农村", En: "Rural"}, policy.Text{Zh: "市中心区", En: "Urban core"}
	ids := map[policy.Text]string{xining(): "xining", yushu(): "yushu", rural: "rural", core: "urban-core"}
	target := func(name, class policy.Text, verdict string, value, limit float64, left int64, reasons ...string) snapshot.Target {
		return snapshot.Target{
			Scope: ids[name], Class: ids[class], Name: name, ClassName: class, Strength: "duty", Year: 2022, Verdict: verdict, ValueHours: some(value), LimitHours: some(limit), RequiredReduction: some(0.08),
			Reduction: some(1 - value/limit), BudgetRemaining: some(snapshot.Milli(left * 3_600_000)), Reasons: reasons, Clause: "二(四)", Arithmetic: "limit = (1 − 8%) × 2 h",
		}
	}
	ceiling := target(xining(), core, "at-risk", 1.5, 2.73, 589, "pace-above", "share-of-last-year")
	ceiling.Strength, ceiling.RequiredReduction, ceiling.Reduction = "aspiration", nil, nil
	info := target(yushu(), core, "cannot-tell", 12, 0, 0, "base-member-without-data", "no-base-year")
	info.Strength, info.LimitHours, info.Reduction, info.BudgetRemaining, info.WithoutData = "informative", nil, nil, nil, []string{"yushu", "golog"}
	bare := target(xining(), rural, "met", 10.5, 10.7, 0, "within-limit")
	bare.Clause, bare.Arithmetic = "", ""
	missed := target(yushu(), core, "missed", 30, 28, -2, "over-limit", "stale-open-outages")
	missed.ExpectedShare, missed.Projection = some(0.5), &snapshot.Projection{
		Quantiles: map[string]float64{"0.05": 31, "0.25": 32, "0.5": 33, "0.75": 34, "0.95": 36.5}, MissProbability: some(0.8125), Level: 1, Draws: 1000,
	}
	return []snapshot.Target{
		info, ceiling, bare,
		target(xining(), core, "on-track", 1.2, 2.7, 13644, "pace-within"),
		target(xining(), rural, "off-track", 8.5, 10, 12, "pace-far-above"),
		target(yushu(), rural, "off-track", 25, 20, -1234, "limit-passed"),
		missed,
	}
}
