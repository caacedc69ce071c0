package report_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

var update = flag.Bool("update", false, "write the golden files anew")

func some(v float64) *float64 { return &v }

// example is a snapshot with every verdict, in two strengths and with measures.
func example() *snapshot.Snapshot {
	xining, yushu := policy.Text{Zh: "西宁市", En: "Xining"}, policy.Text{Zh: "玉树州", En: "Yushu"}
	rural, core := policy.Text{Zh: "农村", En: "Rural"}, policy.Text{Zh: "市中心区", En: "Urban core"}
	target := func(name, class policy.Text, verdict string, value, limit, base, reduction float64, reasons ...string) snapshot.Target {
		return snapshot.Target{
			Scope: name.En, Class: class.En, Name: name, ClassName: class, Rule: "reduction", Strength: "duty", Year: 2022, Verdict: verdict,
			ValueHours: some(value), LimitHours: some(limit), BaseHours: some(base), Reduction: some(reduction), RequiredReduction: some(0.08), Reasons: reasons,
			From: "2022-01-01T00:00:00+08:00", To: "2022-07-01T00:00:00+08:00",
		}
	}
	limit := target(xining, core, "at-risk", 1.5, 2.73, 0, 0, "pace-above", "share-of-last-year", "coverage-unknown")
	limit.Rule, limit.Strength, limit.RequiredReduction, limit.Reduction, limit.BaseHours = "cap", "aspiration", nil, nil, nil
	unknown := target(yushu, core, "cannot-tell", 0, 0, 0, 0, "no-base-year")
	unknown.ValueHours, unknown.LimitHours, unknown.BaseHours, unknown.Reduction = nil, nil, nil, nil
	group := target(policy.Text{Zh: "6个自治州整体", En: "Six prefectures"}, rural, "cannot-tell", 12, 0, 0, 0, "base-member-without-data")
	group.LimitHours, group.BaseHours, group.Reduction, group.WithoutData = nil, nil, nil, []string{"yushu"}
	bad := target(yushu, rural, "off-track", 25, 20, 21.7391, -0.25, "limit-passed")
	bad.Measures = []snapshot.Measure{
		{Measure: "更换多巴线12km老旧导线，并加装分段开关，缩小故障影响范围，缩短故障查找时间", Responsible: "国网玉树供电公司", Due: "2022-12-31", State: "under-way", Note: "已完成 7 km"},
		{Measure: "live-line work on three feeders", Responsible: "Yushu supply", Due: "2022-06-30", State: "planned", Overdue: true},
	}
	return &snapshot.Snapshot{
		Title: policy.Text{Zh: "青海省用户年均停电时间", En: "Average outage hours in Qinghai"}, Index: "saidi-1", Synthetic: true, Provisional: true,
		Provenance: snapshot.Provenance{
			AsOf: "2022-07-01T00:00:00+08:00", Zone: "Asia/Shanghai", LedgerSHA256: "ab",
			Inputs: []snapshot.File{{Path: "events.csv", Rows: 10, Accepted: 7, Rejected: 2, Skipped: 1}},
			Notes:  []outage.Note{outage.Notef("columns-not-read", "columns not read, as their names are not known: %s", `"备注"`)},
		},
		Judged: snapshot.Judged{Years: []snapshot.JudgedYear{{Year: 2022, To: "2022-07-01T00:00:00+08:00"}}, Deadlines: []int{2022}},
		Areas:  []snapshot.Named{{ID: "xining", Name: xining}, {ID: "yushu", Name: yushu}},
		Targets: []snapshot.Target{
			target(xining, core, "on-track", 1.2, 2.7, 2.9348, 0.123, "pace-within", "share-of-last-year"),
			target(xining, rural, "met", 10.5, 10.7, 11.63, 0.0972, "within-limit"),
			limit, unknown, group, bad,
			target(yushu, rural, "missed", 30, 28, 30.43, 0.0143, "over-limit", "stale-open-outages"),
		},
		Indices: []snapshot.Entry{
			{Scope: "xining", Class: "all", Window: snapshot.YearToDate, From: "2022-01-01T00:00:00+08:00", To: "2022-07-01T00:00:00+08:00", Name: xining, ClassName: policy.Text{Zh: "全部", En: "All"}, EquivalentCustomers: 14832, CustomerSeconds: 1, SAIDIHours: some(4.321), SAIFI: some(1.5), CAIDIHours: some(2.88), ASAI: some(0.999)},
			{Scope: "xining", Class: "all", Window: snapshot.PriorYearToDate, From: "2021-01-01T00:00:00+08:00", To: "2021-07-01T00:00:00+08:00", Name: xining, SAIDIHours: some(4.3211)},
		},
		Quality: snapshot.Quality{
			Rows: 10, Accepted: 7, Rejected: 2, RejectedReasons: map[string]int{"end-before-start": 2}, SuspiciousRows: map[string]int{"unknown-feeder": 1},
			OpenEvents: 2, StaleOpenEvents: 1, PendingEvents: 1, OverBase: 3600 * 5, OverlapExcess: 1800, SplitShare: 0.059, UnknownNatureShare: 0.01, UnknownFeederShare: 0.002,
			Coverage: []snapshot.Coverage{{Area: "xining"}, {Area: "yushu", Ratio: some(0.5), Gaps: []snapshot.Gap{{From: "2022-01-01T00:00:00+08:00", To: "2022-04-01T00:00:00+08:00"}}}},
			Silences: []snapshot.Silence{{Area: "yushu", Gap: snapshot.Gap{From: "2022-02-01T00:00:00+08:00", To: "2022-02-20T05:00:00+08:00"}}},
		},
	}
}

// looking gives targets of the example a budget, and all but one of these a
// projection.
func looking(s *snapshot.Snapshot) *snapshot.Snapshot {
	const hour = 3600 * 1000 // of a customer
	budget := func(t *snapshot.Target, pre, preUsed, fault, faultUsed, scheduled snapshot.Milli) {
		whole, left := (pre+fault)*hour, (pre-preUsed+fault-faultUsed)*hour
		t.Budget, t.BudgetRemaining = &whole, &left
		t.Budgets = &snapshot.Budgets{
			PartsBy: snapshot.ByHistory, MonthsBy: snapshot.ByTime, MembersBy: snapshot.ByCustomers,
			PreArranged: snapshot.BudgetPart{Budget: pre * hour, Used: preUsed * hour, Scheduled: scheduled * hour, Remaining: (pre - preUsed) * hour},
			Fault:       snapshot.BudgetPart{Budget: fault * hour, Used: faultUsed * hour, Remaining: (fault - faultUsed) * hour},
			Months:      []snapshot.MonthPart{{Month: "2022-01", BudgetPart: snapshot.BudgetPart{Budget: 1500}}},
			Members:     []snapshot.MemberPart{{Area: "yushu", BudgetPart: snapshot.BudgetPart{Budget: 9000, Used: 12000, Remaining: -3000}}},
		}
	}
	project := func(t *snapshot.Target, low, middle, high, miss float64, on string) {
		t.Projection = &snapshot.Projection{Quantiles: map[string]float64{"0.05": low, "0.25": low, "0.5": middle, "0.75": middle, "0.95": high}, MissProbability: &miss}
		if on != "" {
			t.Projection.PassesOn = &on
		}
	}
	onTrack, limit, bad := &s.Targets[0], &s.Targets[2], &s.Targets[5]
	budget(onTrack, 20000, 8000, 20049, 9801, 0)
	project(onTrack, 1.9, 2.3, 2.75, 0.0625, "")
	budget(limit, 20000, 22000, 20501, 241, 1250)
	project(limit, 2.1, 2.81, 3.96, 0.54, "2022-12-03")
	budget(bad, 50000, 30000, 150000, 220000, 0)
	project(bad, 31.5, 40.25, 58, 1, "")
	s.Targets[1].BudgetRemaining = new(snapshot.Milli)
	return s
}

func text(t *testing.T, show report.Show) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Text(&b, example(), show); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The report in both languages, on a narrow and a wide terminal: as in the
// golden files, and no line wider than the terminal.
func TestText(t *testing.T) {
	t.Parallel()
	for _, language := range []wording.Language{wording.Chinese, wording.English} {
		for _, width := range []int{80, 160} {
			got := text(t, report.Show{Language: language, Width: width})
			golden(t, fmt.Sprintf("report-%s-%d.txt", language, width), got, width)
		}
	}
}

// golden compares a text with a file, and looks for lines that are wider than the
// terminal.
func golden(t *testing.T, file, got string, width int) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
	for line := range strings.Lines(got) {
		if n := runewidth.StringWidth(strings.TrimRight(line, "\n")); n > width {
			t.Errorf("%s: a line of %d columns: %s", path, n, line)
		}
	}
}

// Colour is added to the words and signs, and takes no place: without it the
// text is the same.
func TestColourIsNeverAlone(t *testing.T) {
	t.Parallel()
	plain := text(t, report.Show{Language: wording.English, Width: 80})
	if strings.Contains(plain, "\x1b") {
		t.Error("colour that was not asked for")
	}
	coloured := text(t, report.Show{Language: wording.English, Width: 80, Colour: true})
	escape := regexp.MustCompile("\x1b\\[[0-9;]*m")
	if escape.FindString(coloured) == "" {
		t.Error("no colour")
	}
	if diff := cmp.Diff(plain, escape.ReplaceAllString(coloured, "")); diff != "" {
		t.Errorf("colour changes the text (-plain +coloured):\n%s", diff)
	}
	for _, v := range policy.Verdicts() {
		if word := wording.English.Word(wording.Verdict, string(v)); !strings.Contains(plain, word) {
			t.Errorf("%s is not said in words", v)
		}
	}
}

// What is asked is written as the policy has it: 7 % is not 7.000000000000001 %.
func TestRule(t *testing.T) {
	t.Parallel()
	s := example()
	s.Targets[0].RequiredReduction, s.Targets[1].RequiredReduction = some(0.07), some(0.125)
	s.Targets[2].LimitHours = some(1.0 / 3)
	var b bytes.Buffer
	if err := report.Text(&b, s, report.Show{Language: wording.English, Width: 80}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"  −7 %  ", "  −12.5 %  ", "  ≤ 0.3333 h  "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

// The worst stands first within a strength, duties before aspirations.
func TestWorstFirst(t *testing.T) {
	t.Parallel()
	got := text(t, report.Show{Language: wording.English, Width: 160})
	at := -1
	for _, word := range []string{"✗ missed", "- off track", "? cannot tell", "+ on track", "✓ met", "~ at risk"} {
		next := strings.Index(got, word)
		if next <= at {
			t.Errorf("%q at %d, the one before at %d", word, next, at)
		}
		at = next
	}
}
