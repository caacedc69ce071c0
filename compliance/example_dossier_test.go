package compliance_test

import (
	"fmt"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// some is a pointer to a value.
func some[T any](v T) *T { return &v }

// hour is an hour of a customer, in thousandths of a second.
const hour = 3_600_000

var (
	xining = policy.Text{Zh: "西宁市", En: "Xining"}
	yushu  = policy.Text{Zh: "玉树州", En: "Yushu"}
	whole  = policy.Text{Zh: "青海省", En: "Qinghai"}
	rural  = policy.Text{Zh: "农村", En: "Rural"}
	all    = policy.Text{Zh: "全部", En: "All"}
)

// dossier is one with something of everything: targets of both rules, of which one
// cannot be told, indices of two windows and four months, and rows that do not
// count.
func dossier() *snapshot.Dossier {
	return &snapshot.Dossier{
		Snapshot:  answer(),
		Asked:     snapshot.Asked{AsOf: "2022-03-01T00:00:00+08:00", Year: 2022, StaleAfter: 259200},
		Scopes:    []snapshot.Scope{scope("xining", xining, snapshot.LevelArea, "xining"), scope("yushu", yushu, snapshot.LevelArea, "yushu"), scope("qinghai", whole, snapshot.LevelWhole, "xining", "yushu")},
		Classes:   []snapshot.Named{{ID: "rural", Name: rural}, {ID: "all", Name: all}},
		Curves:    []snapshot.Curve{curve("xining")},
		Feeders:   []snapshot.FeederList{feeders()},
		Repeats:   []snapshot.Repeat{{Area: "xining", Class: "rural", Rule: "twice", Customers: 12000}, {Area: "yushu", Class: "rural", Rule: "twice", Customers: 3500}},
		Rules:     []snapshot.Named{{ID: "twice", Name: policy.Text{Zh: "两月两次", En: "twice in two months"}}},
		Uncounted: uncounted(),
		Excluded:  []snapshot.Suspect{{Path: "events.csv", Row: 9, EventID: "R-1", What: []string{"not_an_outage"}, Start: "2022-01-03T10:00:00+08:00"}},
		Assumed:   assumed(),
	}
}

func scope(id string, name policy.Text, level string, areas ...string) snapshot.Scope {
	return snapshot.Scope{Named: snapshot.Named{ID: id, Name: name}, Level: level, Areas: areas}
}

func answer() *snapshot.Snapshot {
	return &snapshot.Snapshot{
		Title: policy.Text{Zh: "青海省用户年均停电时间", En: "Average outage hours in Qinghai"}, Index: "saidi-1", Synthetic: true, Provisional: true,
		DataThrough: "2022-03-01T00:00:00+08:00", Provenance: provenance(), Targets: targets(), Indices: indices(),
		Judged:      snapshot.Judged{Years: []snapshot.JudgedYear{{Year: 2022, To: "2022-03-01T00:00:00+08:00"}}, Deadlines: []int{2022}},
		Areas:       []snapshot.Named{{ID: "xining", Name: xining}, {ID: "yushu", Name: yushu}},
		Rejects:     []snapshot.Reject{{Path: "events.csv", Row: 7, EventID: "E-7", Column: "end", Value: "2022-01-01", Reason: "end-before-start"}, {Path: "b.xlsx", Sheet: "停电", Row: 3, EventID: "=1+1", Column: "户数", Value: "-5", Reason: "bad-customers"}},
		Suspicious:  []snapshot.Suspect{{Path: "events.csv", Row: 8, EventID: "E-8", What: []string{"unknown-feeder", "more-customers-than-base"}, Start: "2022-02-03T08:15:30+08:00"}},
		OpenOutages: []snapshot.Suspect{{Path: "events.csv", Row: 5, EventID: "E-5", What: []string{"stale-open-outage"}, Start: "2022-02-20T00:00:00+08:00"}},
		Quality: snapshot.Quality{
			Rows: 12345, Accepted: 12340, Rejected: 2, RejectedReasons: map[string]int{"end-before-start": 1, "bad-customers": 1}, SuspiciousRows: map[string]int{"unknown-feeder": 1, "more-customers-than-base": 1},
			OpenEvents: 1, StaleOpenEvents: 1, PendingEvents: 1, SplitShare: 0.059, UnknownNatureShare: 0.01, UnknownFeederShare: 0.002,
			Coverage: []snapshot.Coverage{{Area: "xining", DataThrough: "2022-03-01T00:00:00+08:00"}, {Area: "yushu", Ratio: some(0.5), PriorRatio: some(0.995), DataThrough: "2022-02-28T12:00:00+08:00", Gaps: []snapshot.Gap{{From: "2022-01-01T00:00:00+08:00", To: "2022-01-11T00:00:00+08:00"}}}},
			Silences: []snapshot.Silence{{Area: "yushu", Gap: snapshot.Gap{From: "2022-02-01T00:00:00+08:00", To: "2022-02-20T05:00:00+08:00"}, Declared: true}},
		},
	}
}

func provenance() snapshot.Provenance {
	return snapshot.Provenance{
		Program: "saidi 1.2.3", Policy: snapshot.Digest{ID: "qinghai-2021-101", SHA256: "67ca41d4cdc0" + "00"}, BaseSHA256: "ba5e", LedgerSHA256: "1ed9e4", AsOf: "2022-03-01T00:00:00+08:00", Zone: "Asia/Shanghai", TZData: "2026a",
		Inputs: []snapshot.File{
			{Path: "events.csv", Content: "csv", SHA256: "e0", Rows: 12335, Accepted: 12331, Rejected: 1, Duplicate: 2, Excluded: 1},
			{Path: "b.xlsx", Content: "xlsx", SHA256: "e1", Rows: 10, Accepted: 9, Rejected: 1},
		},
		Notes: []outage.Note{outage.Notef("columns-not-read", "columns not read, as their names are not known: %s", `"备注"`)},
	}
}

// entry is the indices of so many customers who were without supply for so many
// customer-hours.
func entry(id string, name policy.Text, class, window, from, to string, customers float64, hours snapshot.Milli) snapshot.Entry {
	e := snapshot.Entry{
		Scope: id, Name: name, Class: class, ClassName: all, Window: window, From: from, To: to, EquivalentCustomers: customers, CustomerSeconds: hours * hour,
		Interruptions: 1234 * 1000, MomentaryInterruption: 56 * 1000, Events: 78, SAIFI: some(1.25), MAIFI: some(0.05), CAIDIHours: some(1.5), ASAI: some(0.998765),
		ByNature: map[string]snapshot.Part{"fault_internal": {CustomerSeconds: hours * hour / 4, Interruptions: 500500, Events: 20}, "planned_maintenance": {CustomerSeconds: hours * hour * 3 / 4, Interruptions: 789500, Events: 58}},
	}
	if class == "rural" {
		e.ClassName = rural
	}
	e.SAIDIHours = some(float64(hours) / customers)
	e.ByIndex = map[string]snapshot.Index{"saidi-1": {SAIDIHours: e.SAIDIHours}, "saidi-f": {SAIDIHours: some(*e.SAIDIHours / 4)}, "ieee-ex-med": {}}
	return e
}

func indices() []snapshot.Entry {
	var list []snapshot.Entry
	for i, s := range []struct {
		id   string
		name policy.Text
	}{{"xining", xining}, {"yushu", yushu}, {"qinghai", whole}} {
		for _, class := range []string{"all", "rural"} {
			n := float64(1000*(i+1)) + 0.125
			now := entry(s.id, s.name, class, snapshot.YearToDate, "2022-01-01T00:00:00+08:00", "2022-03-01T00:00:00+08:00", n, 2000)
			before := entry(s.id, s.name, class, snapshot.PriorYearToDate, "2021-01-01T00:00:00+08:00", "2021-03-01T00:00:00+08:00", n, 2500)
			now.Reduction = some(1 - *now.SAIDIHours / *before.SAIDIHours)
			list = append(list, now, before)
			for m, year := range []int{2021, 2021, 2022, 2022} {
				month := m%2 + 1
				list = append(list, entry(s.id, s.name, class, snapshot.Month, fmt.Sprintf("%d-%02d-01T00:00:00+08:00", year, month), fmt.Sprintf("%d-%02d-01T00:00:00+08:00", year, month+1), n, snapshot.Milli(900+100*m)))
			}
		}
	}
	return list
}

func targets() []snapshot.Target {
	value := 2000 / 1000.125
	duty := snapshot.Target{
		Scope: "xining", Class: "rural", Name: xining, ClassName: rural, Rule: "reduction", Strength: "duty", Deadline: "2022-12-31", Year: 2022, Verdict: "on-track",
		From: "2022-01-01T00:00:00+08:00", To: "2022-03-01T00:00:00+08:00", Provisional: true, Reasons: []string{"miss-unlikely"}, Arithmetic: "limit = (1 − 8%) × 12.5 h, 11.5 h", Clause: "二(四) 西宁市农村",
		LimitHours: some(12.5 * (1 - 0.08)), ValueHours: some(value), BaseHours: some(12.5), Reduction: some(1 - value/(2500/1000.125)), RequiredReduction: some(0.08), BaseYear: some(2021),
		Budget: some(snapshot.Milli(11500 * hour)), BudgetRemaining: some(snapshot.Milli(9500 * hour)),
		Budgets: &snapshot.Budgets{PreArranged: snapshot.BudgetPart{Remaining: 6000 * hour, Scheduled: 25 * hour}, Fault: snapshot.BudgetPart{Remaining: 3500 * hour}},
		Projection: &snapshot.Projection{
			Quantiles: map[string]float64{"0.05": 9, "0.25": 10, "0.5": 11, "0.75": 12, "0.95": 14.25}, MissProbability: some(0.125),
			Path: []snapshot.PathPoint{{At: "2022-03-01T00:00:00+08:00", ExpectedHours: some(1.75), ValueHours: some(value)}, {At: "2023-01-01T00:00:00+08:00", ExpectedHours: some(11.5), Quantiles: map[string]float64{"0.05": 9, "0.25": 10, "0.5": 11, "0.75": 12, "0.95": 14.25}}},
		},
		Measures: []snapshot.Measure{{Measure: "更换多巴线12km老旧导线", Responsible: "国网西宁供电公司", Due: "2022-02-28", State: "under-way", Note: "已完成 7 km", Overdue: true}},
	}
	limit := duty
	limit.Rule, limit.Strength, limit.Verdict, limit.LimitHours, limit.Reasons = "cap", "aspiration", "at-risk", some(11.0), []string{"miss-possible", "coverage-unknown"}
	limit.BaseHours, limit.Reduction, limit.RequiredReduction, limit.BaseYear, limit.Budget, limit.BudgetRemaining, limit.Budgets, limit.Measures = nil, nil, nil, nil, nil, nil, nil, nil
	unknown := limit
	unknown.Scope, unknown.Name, unknown.Strength, unknown.Verdict, unknown.Reasons = "yushu", yushu, "duty", "cannot-tell", []string{"base-member-without-data"}
	unknown.LimitHours, unknown.ValueHours, unknown.Projection, unknown.RequiredReduction, unknown.WithoutData = nil, nil, nil, some(0.08), []string{"yushu"}
	return []snapshot.Target{duty, limit, unknown}
}

func curve(id string) snapshot.Curve {
	point := func(at string, hours float64) snapshot.CurvePoint {
		return snapshot.CurvePoint{At: at, Hours: &hours, Day: 1}
	}
	return snapshot.Curve{
		Scope: id, Class: "rural", Index: "saidi-1", Year: 2022,
		Days:      []snapshot.CurvePoint{point("2022-01-02T00:00:00+08:00", 0), point("2022-02-01T00:00:00+08:00", 1.25), point("2022-03-01T00:00:00+08:00", 2)},
		PriorDays: []snapshot.CurvePoint{point("2021-01-02T00:00:00+08:00", 0.25), point("2022-01-01T00:00:00+08:00", 12.5)},
	}
}

// feeders are more than an HTML shows.
func feeders() snapshot.FeederList {
	f := snapshot.FeederList{Scope: "xining", Class: "all", From: "2022-01-01T00:00:00+08:00", To: "2022-03-01T00:00:00+08:00", CustomerSeconds: 2000 * hour, Interruptions: 1290 * 1000}
	for n := range 12 {
		f.Lines = append(f.Lines, snapshot.FeederSum{Feeder: fmt.Sprintf("10kV-%02d", n+1), Area: "xining", Customers: 40_000, Rows: 3, CustomerSeconds: snapshot.Milli(200-10*n) * hour, Interruptions: 100_500})
	}
	f.Lines[11].Feeder, f.Lines[11].Customers = "", 0
	f.Rest = snapshot.Rest{Rows: 2, CustomerSeconds: 260 * hour, Interruptions: 84_000}
	return f
}

func uncounted() []snapshot.Uncounted {
	return []snapshot.Uncounted{
		{Kind: snapshot.UncountedRejected, Rows: 2}, {Kind: snapshot.UncountedDuplicate, Rows: 2}, {Kind: snapshot.UncountedSuperseded}, {Kind: snapshot.UncountedCancelled}, {Kind: snapshot.UncountedSkipped},
		{Kind: snapshot.UncountedExcluded, Rows: 1, CustomerSeconds: some(snapshot.Milli(5 * hour))}, {Kind: snapshot.UncountedPending, Rows: 1},
		{Kind: snapshot.UncountedOverlap, CustomerSeconds: some(snapshot.Milli(hour / 2))}, {Kind: snapshot.UncountedOverBase, CustomerSeconds: some(snapshot.Milli(5 * hour))},
	}
}

// assumed has every assumption.
func assumed() []snapshot.Assumption {
	given := map[string][]any{
		snapshot.AssumedZone: {"Asia/Shanghai", "2026a"}, snapshot.AssumedAsOf: {"2022-03-01T00:00:00+08:00", 1}, snapshot.AssumedKnownAt: {5}, snapshot.AssumedDataThrough: {"2022-03-01T00:00:00+08:00"},
		snapshot.AssumedYear: {2022, "2022-01-01T00:00:00+08:00", "2023-01-01T00:00:00+08:00"}, snapshot.AssumedWindow: {"2022-01-01T00:00:00+08:00", "2022-01-01T12:30:00+08:00"}, snapshot.AssumedIndex: {"saidi-1"},
		snapshot.AssumedNatures: {"fault_internal,planned_maintenance"}, snapshot.AssumedLonger: {300}, snapshot.AssumedMomentary: {180}, snapshot.AssumedByUnit: {1234}, snapshot.AssumedByFeeder: {12}, snapshot.AssumedByArea: {"xining,yushu"},
		snapshot.AssumedSplit: {0.059}, snapshot.AssumedUnknownFeeder: {0.002}, snapshot.AssumedWholeFeeder: {"a.csv"}, snapshot.AssumedNoCustomers: {"a.csv"}, snapshot.AssumedRepeatReject: {"a.csv"}, snapshot.AssumedRepeatStages: {"a.csv"},
		snapshot.AssumedRepeatLatest: {"a.csv"}, snapshot.AssumedRepeatLeft: {"a.csv"}, snapshot.AssumedOpen: {1}, snapshot.AssumedStale: {259200, 1}, snapshot.AssumedSettle: {45}, snapshot.AssumedCoverage: {"0.99"}, snapshot.AssumedRejected: {"0.01"},
		snapshot.AssumedRisk: {"0.2", "0.8"}, snapshot.AssumedPace: {"1", "1.2"}, snapshot.AssumedBaseYear: {"xining", "rural", 2021, "0.08"}, snapshot.AssumedBaseValue: {"yushu", "rural", 2021, 45000},
		snapshot.AssumedAfterDeadline: {"xining", "rural", "2022-12-31"}, snapshot.AssumedValid: {"2021-02-22", ""}, snapshot.AssumedProjection: {1000},
	}
	var list []snapshot.Assumption
	for _, code := range snapshot.AssumptionCodes() {
		list = append(list, snapshot.Assumption{Code: code, Args: given[code]})
	}
	return append(list, snapshot.Assumption{Code: snapshot.AssumedBaseYear, Args: []any{"yushu", "rural", 2021, "0.08"}})
}
