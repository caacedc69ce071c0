package metrics_test

import (
	"time"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// asOf is 1 July 2022 in Qinghai.
var asOf = time.Date(2022, 6, 30, 16, 0, 0, 0, time.UTC)

func named(id, zh, en string) snapshot.Named {
	return snapshot.Named{ID: id, Name: policy.Text{Zh: zh, En: en}}
}

// rich is a state in which every family has a sample: two areas, the whole, two
// classes, four windows.
func rich() *metrics.State {
	return &metrics.State{
		Snapshot: richSnapshot(),
		Computed: asOf.Add(1500 * time.Millisecond),
		Steps:    map[string]time.Duration{"read": time.Second, "count": 2 * time.Second, "build": 30 * time.Millisecond},
		Groups:   17,
		Sources: []metrics.Source{
			{
				Name: "oms", Up: true, LatestEvent: asOf.Unix() - 60, LastSuccess: asOf, Duration: 250 * time.Millisecond,
				Rows: []metrics.Rows{{Outcome: "accepted", Count: 90}, {Outcome: "rejected", Reason: "bad-time", Count: 2}},
			},
			{Name: "paper", Faults: 3},
			{Name: "stream", Up: true, Pending: new(int64(12))},
			{Name: "stream-2", Up: true, Pending: new(int64(0))},
		},
		Store:    richStore(),
		ReloadOK: true, ReloadTime: asOf.Add(-time.Hour),
		DataAgeLimit: 48 * time.Hour, InterruptedLimit: 0.2,
	}
}

// richStore is a store into which two writers and a stranger pushed.
func richStore() *metrics.Store {
	return &metrics.Store{
		Sequence: 1234, Applied: 1230, Deliveries: 56, Rows: 1100, TailRows: 100, Segments: 3, Bytes: 65_536, Faults: 1, InFlight: 2,
		Cluster: &metrics.Cluster{
			Members: 2, Slots: 128, Pending: 3, Moment: 1_656_000_000, Behind: 4, Groups: 500, Rows: 1100,
			Work: 2 * time.Second, Compose: time.Second / 2, Shards: []bool{true, false},
		},
		Writers: []metrics.Writer{
			{Name: "", Requests: map[string]int64{"2xx": 0, "4xx": 5, "5xx": 0}, Bytes: 0, Seconds: 0.005},
			{Name: "control-room", Requests: map[string]int64{"2xx": 40, "4xx": 1, "5xx": 2}, Bytes: 90_000, Seconds: 0.5},
			{Name: "调度", Requests: map[string]int64{"2xx": 3, "4xx": 0, "5xx": 0}, Bytes: 4096, Seconds: 0.25},
		},
	}
}

func richSnapshot() *snapshot.Snapshot {
	return &snapshot.Snapshot{
		Synthetic:  true,
		Title:      policy.Text{Zh: "停电“小时”", En: `Outage "hours"`},
		Index:      "saidi-1",
		Provenance: snapshot.Provenance{Policy: snapshot.Digest{ID: "qinghai-2021-101", SHA256: "5a1d"}, Zone: "Asia/Shanghai"},
		Judged:     snapshot.Judged{Years: []snapshot.JudgedYear{{Year: 2022}, {Year: 2021, Complete: true}}},
		Indices:    richIndices(),
		Targets:    richTargets(),
		Quality: snapshot.Quality{
			OpenEvents: 4, StaleOpenEvents: 1, RejectedReasons: map[string]int{"bad-time": 2, "malformed": 1}, SuspiciousRows: map[string]int{"over-base": 5},
			OverBase: 12_500, OverlapExcess: 3000,
			Coverage: []snapshot.Coverage{{Area: "xining", Ratio: new(0.995)}, {Area: "yushu"}},
		},
		Detail: richDetail(),
	}
}

// entry is one line of indices that begins at the start of a year or month.
func entry(scope, class, window, from string, saidiHours *float64) snapshot.Entry {
	return snapshot.Entry{
		Scope: scope, Class: class, Window: window, From: from + "T00:00:00+08:00",
		SAIDIHours: saidiHours, SAIFI: new(1.5), MAIFI: new(0.25), ASAI: new(0.999),
		ByIndex: map[string]snapshot.Index{
			"saidi-1": {SAIDIHours: saidiHours, SAIFI: new(1.5), CAIDIHours: new(2.0)},
			"ieee":    {SAIDIHours: new(0.5)},
		},
	}
}

func richIndices() []snapshot.Entry {
	all := []snapshot.Entry{
		entry("xining", "rural", "ytd", "2022-01-01", new(6.0)),
		entry("xining", "rural", "prior_ytd", "2021-01-01", new(8.0)),
		entry("xining", "all", "year", "2021-01-01", new(9.0)),
		entry("xining", "all", "prior_year", "2020-01-01", new(10.0)),
		entry("qinghai", "all", "ytd", "2022-01-01", new(7.0)),
		entry("qinghai", "all", "prior_ytd", "2021-01-01", nil),
		entry("qinghai", "all", "month", "2021-12-01", new(1.0)),
		entry("qinghai", "all", "month", "2022-06-01", new(1.25)),
		entry("qinghai", "all", "month", "2022-05-01", nil),
		entry("qinghai", "all", "custom", "2022-02-01", new(1.0)),
	}
	all[0].Reduction, all[2].Reduction = new(0.25), new(0.1)
	return all
}

func richTargets() []snapshot.Target {
	budget, left := snapshot.Milli(5_000_000_500), snapshot.Milli(-1500)
	return []snapshot.Target{
		{
			Scope: "xining", Class: "rural", Rule: "reduction", Strength: "duty", Year: 2022, Verdict: "on-track",
			LimitHours: new(10.0), ValueHours: new(6.0), RequiredReduction: new(0.08), Reduction: new(0.24), ExpectedShare: new(0.5),
			Budget: &budget, BudgetRemaining: &left, Burn: map[string]float64{"24h": 1.5, "30d": 0.75},
			Projection: richProjection(), Budgets: richBudgets(), BaseStorm: &snapshot.BaseStorm{Days: []string{"2021-07-03"}, Share: 0.125, StormYear: true},
		},
		{Scope: "xining", Class: "rural", Rule: "cap", Strength: "aspiration", Year: 2021, Verdict: "missed", LimitHours: new(11.0), ValueHours: new(12.0)},
		{Scope: "xining", Class: "rural", Rule: "cap", Strength: "aspiration", Year: 2022, Verdict: "off-track", LimitHours: new(5.0), ValueHours: new(6.0)},
		{Scope: "yushu", Class: "rural", Rule: "reduction", Strength: "duty", Year: 2022, Verdict: "cannot-tell", RequiredReduction: new(0.08)},
		{
			Scope: "qinghai", Class: "rural", Rule: "cap", Strength: "aspiration", Year: 2021, Verdict: "met", LimitHours: new(20.0),
			Projection: &snapshot.Projection{Quantiles: map[string]float64{"0.5": 12}, MissProbability: new(0.0), Level: 1},
			Budgets: &snapshot.Budgets{
				PreArranged: snapshot.BudgetPart{Budget: 3000}, Fault: snapshot.BudgetPart{Budget: 6000},
				Months:  []snapshot.MonthPart{{Month: "2021-01", BudgetPart: snapshot.BudgetPart{Budget: 9000}}},
				Members: []snapshot.MemberPart{{Area: "xining", BudgetPart: snapshot.BudgetPart{Budget: 7500, Remaining: 2500}}, {Area: "yushu", BudgetPart: snapshot.BudgetPart{Budget: 1500, Remaining: -250}}},
			},
		},
	}
}

// richProjection is of a year that will end between 8 and 15 hours.
func richProjection() *snapshot.Projection {
	return &snapshot.Projection{
		Quantiles: map[string]float64{"0.05": 8, "0.25": 9.5, "0.5": 11, "0.75": 12.5, "0.95": 15}, MissProbability: new(0.625),
		PassesOn: new("2022-10-15"), Scheduled: 45_000_500, Level: 1.125, Draws: 1000,
	}
}

func richBudgets() *snapshot.Budgets {
	return &snapshot.Budgets{
		PartsBy: "policy", PreArranged: snapshot.BudgetPart{Budget: 2_000_000_250, Used: 1_500_000_000, Scheduled: 40_000_500, Remaining: 500_000_250},
		Fault: snapshot.BudgetPart{Budget: 3_000_000_250, Used: 3_500_002_000, Scheduled: 5_000_000, Remaining: -500_001_750},
		Months: []snapshot.MonthPart{
			{Month: "2022-05", BudgetPart: snapshot.BudgetPart{Budget: 400_000_000, Used: 300_000_000, Remaining: 100_000_000}},
			{Month: "2022-06", BudgetPart: snapshot.BudgetPart{Budget: 450_000_125, Used: 0, Remaining: 450_000_125}},
		},
		MonthsBy: "history",
	}
}

func richDetail() *snapshot.Detail {
	return &snapshot.Detail{
		AsOf: asOf.Unix(),
		Scopes: []snapshot.Scope{
			{Named: named("xining", "西宁市", "Xining"), Level: "area", Areas: []string{"xining"}},
			{Named: named("yushu", "玉树州", "Yushu"), Level: "area", Areas: []string{"yushu"}},
			{Named: named("qinghai", "青海省", "Qinghai"), Level: "whole", Areas: []string{"xining", "yushu"}},
		},
		Classes: []snapshot.Named{named("rural", "农村", "Rural"), named("unclassified", "未分类", "Unclassified"), named("all", "全部", "All")},
		Repeats: []snapshot.Named{named("year", "年内", "In a year")},
		Cells: []snapshot.Cell{
			{Area: "xining", Class: "rural", Window: "ytd", EquivalentCustomers: 1000.5, ByNature: map[string]snapshot.Part{
				"fault_internal":      {CustomerSeconds: 7_200_500, Interruptions: 3000, MomentarySeconds: 60_000, MomentaryInterruptions: 1000, Events: 3},
				"planned_maintenance": {CustomerSeconds: 3_600_000, Interruptions: 1000, Events: 1},
			}},
			{Area: "xining", Class: "rural", Window: "month", EquivalentCustomers: 1000, ByNature: map[string]snapshot.Part{"unknown": {Events: 1}}},
			{Area: "", Class: "unclassified", Window: "year", EquivalentCustomers: 0, ByNature: map[string]snapshot.Part{"unknown": {CustomerSeconds: 1000, Interruptions: 1000, Events: 1}}},
		},
		Out:         []snapshot.Out{{Area: "xining", Class: "rural", Served: 1_001_000, Interrupted: 12_500, Events: 2}, {Area: "yushu", Class: "rural", Served: 500_000}},
		Causes:      []snapshot.Cause{{Area: "xining", Cause: "鸟害", Window: "ytd", CustomerSeconds: 4000}, {Area: "xining", Cause: snapshot.OtherCause, Window: "ytd", CustomerSeconds: 1000}},
		Feeder:      []snapshot.Feeder{{Feeder: `多巴"线\1`, Area: "xining", Window: "ytd", CustomerSeconds: 4500}},
		Repeat:      []snapshot.Repeat{{Area: "xining", Class: "rural", Rule: "year", Customers: 7000}},
		Days:        []snapshot.Day{{Scope: "qinghai", SAIDIHours: 0.125}},
		MajorHours:  new(0.5),
		DataThrough: []snapshot.Reach{{Area: "xining", To: asOf.Unix() - 3600}, {Area: "yushu"}},
		Limits: snapshot.Limits{
			Coverage: policy.Fraction{Num: 99, Den: 100}, Rejected: policy.Fraction{Num: 1, Den: 100},
			Burn: map[string]policy.Fraction{"24h": {Num: 73, Den: 10}, "7d": {Num: 261, Den: 100}},
			Risk: map[string]policy.Fraction{"at-risk": {Num: 1, Den: 5}, "off-track": {Num: 4, Den: 5}},
		},
	}
}
