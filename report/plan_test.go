package report_test

import (
	"bytes"
	"encoding/csv"
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

// customerHours is customer-hours as customer-seconds.
func customerHours(n float64) *snapshot.Milli {
	m := snapshot.Milli(n * 3600 * 1000)
	return &m
}

// plan is an answer in which everything occurs: targets that hold, that do not,
// that only inform and that have no budget; rows of every kind.
func plan() *snapshot.PlanCheck {
	xining, six := policy.Text{Zh: "西宁市", En: "Xining"}, policy.Text{Zh: "6个自治州整体", En: "Six prefectures"}
	rural, core := policy.Text{Zh: "农村", En: "Rural"}, policy.Text{Zh: "市中心区", En: "Urban core"}
	target := func(name, class policy.Text, strength string, before, cost float64, reasons ...string) snapshot.PlanTarget {
		return snapshot.PlanTarget{
			Scope: name.En, Class: class.En, Rule: "cap", Strength: strength, LimitHours: some(11), Verdict: "on-track", Name: name, ClassName: class,
			Cost: *customerHours(cost), Budget: customerHours(124000), Used: customerHours(124000 - before), Scheduled: customerHours(0),
			RemainingBefore: customerHours(before), RemainingAfter: customerHours(before - cost), Decides: strength != "informative", Fits: before >= cost, Reasons: reasons,
		}
	}
	over := target(xining, rural, "aspiration", 250, 330, "over-budget", "over-pre-arranged")
	over.PreArrangedRemainingBefore, over.PreArrangedRemainingAfter = customerHours(100), customerHours(-230)
	over.MissBefore, over.MissAfter, over.Over = some(0.412), some(0.587), *customerHours(230)
	over.KeepOn = []snapshot.KeepOn{{Path: "planned.csv", Row: 2, EventID: "P1", Customers: 39, Of: 60, Saves: *customerHours(234)}}
	spent := target(xining, core, "duty", -1200.5, 12, "over-budget", "spent-already")
	over.Warnings, spent.Warnings = []string{"miss-raised"}, []string{"miss-likely"}
	spent.Over, spent.Hopeless, spent.MissBefore, spent.MissAfter = *customerHours(1212.5), true, some(1), some(1)
	without := target(xining, rural, "duty", 0, 330, "no-budget")
	without.Budget, without.Used, without.RemainingBefore, without.RemainingAfter, without.LimitHours, without.Decides, without.Fits = nil, nil, nil, nil, nil, false, true
	without.Scheduled, without.Warnings = nil, []string{"no-budget"}
	informative := target(six, rural, "informative", 9000, 330)
	informative.Warnings, informative.MissBefore, informative.MissAfter = []string{"over-pre-arranged-usual"}, some(0.001), some(0.25)
	row := func(n int, id, start, end string) snapshot.PlanRow {
		return snapshot.PlanRow{Path: "planned.csv", Row: n, EventID: id, Feeder: "110kV多巴变/10kV多巴一线", Nature: "planned_maintenance", Start: "2022-10-08T" + start + ":00+08:00", End: "2022-10-08T" + end + ":00+08:00"}
	}
	counted, split, past, backwards := row(2, "P1", "08:00", "14:00"), row(3, "P2", "22:00", "23:00"), row(4, "P3", "08:00", "09:00"), row(5, "P4", "09:00", "08:00")
	counted.CustomerSeconds, counted.Customers, counted.Interruptions = *customerHours(330), 60000, 60000
	counted.Places = []snapshot.PlanCost{{Area: "xining", Class: "rural", CustomerSeconds: counted.CustomerSeconds}}
	split.CustomerSeconds, split.Customers, split.Interruptions, split.NotCounted = *customerHours(24.0625), 24500, 24500, 3600000
	split.Places = []snapshot.PlanCost{{Area: "xining", Class: "core", CustomerSeconds: 43200000}, {Area: "xining", Class: "rural", CustomerSeconds: 43425000}}
	split.Flags = []string{"beyond-the-year", "more-customers-than-base"}
	counted.Flags = []string{"perhaps-told"}
	past.Rejected = &snapshot.Problem{Reason: "in-the-past", Column: "start", Value: "2021-10-08 08:00", Advice: "mend the start"}
	backwards.Rejected = &snapshot.Problem{Reason: "end-before-start", Column: "end", Value: "2022-10-08 08:00", Advice: outage.Reason("end-before-start").Advice()}
	return &snapshot.PlanCheck{
		SchemaVersion: 1, Index: "saidi-1", AsOf: "2022-10-01T00:00:00+08:00", Zone: "Asia/Shanghai", Year: 2022, Synthetic: true,
		Title:    policy.Text{Zh: "青海省用户年均停电时间", En: "Average outage hours in Qinghai"},
		Reasons:  []string{"over-budget", "over-pre-arranged", "spent-already", "repeat-rule", "rows-rejected"},
		Warnings: []string{"miss-likely", "miss-raised", "over-pre-arranged-usual", "no-budget", "perhaps-told"},
		Rows:     []snapshot.PlanRow{counted, split, past, backwards}, CustomerSeconds: *customerHours(353.0625), Interruptions: 84500, Displaced: 3600000,
		Targets: []snapshot.PlanTarget{spent, over, without, informative, target(six, core, "informative", 300, 330, "over-budget")},
		Repeats: []snapshot.PlanRepeat{{Rule: "60-days", Area: "xining", Class: "rural", Customers: 60000, Name: policy.Text{Zh: "60天内超过3次", En: "more than 3 in 60 days"}}},
		Notes:   []outage.Note{outage.Notef("columns-not-read", "columns not read, as their names are not known: %s", `"备注"`)},
		Areas:   []snapshot.Named{{ID: "xining", Name: xining}},
		Classes: []snapshot.Named{{ID: "rural", Name: rural}, {ID: "core", Name: core}},
	}
}

func planText(t *testing.T, x *snapshot.PlanCheck, show report.Show) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.PlanText(&b, x, show); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A plan in both languages, on a narrow and a wide terminal: as in the golden
// files, and no line wider than the terminal.
func TestPlanText(t *testing.T) {
	t.Parallel()
	for _, language := range []wording.Language{wording.Chinese, wording.English} {
		for _, width := range []int{80, 160} {
			got := planText(t, plan(), report.Show{Language: language, Width: width})
			path := filepath.Join("testdata", fmt.Sprintf("plan-%s-%d.txt", language, width))
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
	}
}

// A plan that fits, or that nothing holds to a budget, says so in the first lines.
func TestPlanVerdict(t *testing.T) {
	t.Parallel()
	show := report.Show{Language: wording.English, Width: 80}
	likely := snapshot.PlanTarget{Decides: true, Fits: true, Warnings: []string{"miss-likely"}}
	but := &snapshot.PlanCheck{Fits: true, Warnings: []string{"miss-likely"}, Targets: []snapshot.PlanTarget{likely, {Decides: true, Fits: true}}}
	untold := &snapshot.PlanCheck{Reasons: []string{"no-budget"}, Warnings: []string{"no-budget", "repeats-untold"}}
	for _, c := range []struct {
		name      string
		x         *snapshot.PlanCheck
		want, not string
	}{
		{"fits", &snapshot.PlanCheck{Fits: true, Targets: []snapshot.PlanTarget{{Decides: true, Fits: true}}}, "✓ The plan fits.\n", "but"},
		{"fits, and more is known", but, "✓ The plan fits the budgets, but: targets will probably be missed (1 of 2).", "The plan fits.\n"},
		{"nothing to fit into", untold, "? Nobody can tell whether the plan fits: no budget to hold it against.\n", "does not fit"},
		{"nothing to fit into, and more is known", untold, "  besides: repeat rules cannot be checked without units in the base\n", "targets have no budget"},
		{"bad rows too", &snapshot.PlanCheck{Reasons: []string{"nothing-decides", "rows-rejected"}}, "✗ The plan does not fit:", "Nobody"},
		{"does not fit", &snapshot.PlanCheck{Reasons: []string{"nothing-accepted"}}, "✗ The plan does not fit: no row counts.", "✓"},
	} {
		got := planText(t, c.x, show)
		if !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%s: got %s, want %q in it and %q not", c.name, got, c.want, c.not)
		}
	}
}

// Colour is added to the words, and takes no place.
func TestPlanColour(t *testing.T) {
	t.Parallel()
	plain := planText(t, plan(), report.Show{Language: wording.English, Width: 80})
	coloured := planText(t, plan(), report.Show{Language: wording.English, Width: 80, Colour: true})
	if !strings.Contains(coloured, "\x1b[") {
		t.Error("nothing is coloured")
	}
	if diff := cmp.Diff(plain, regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(coloured, "")); diff != "" {
		t.Errorf("without colour (-want +got):\n%s", diff)
	}
}

// CSV has a line for each row or target, and empty fields for what does not
// exist.
func TestPlanCSV(t *testing.T) {
	t.Parallel()
	var rows, targets bytes.Buffer
	if err := report.PlanCSV(&rows, plan()); err != nil {
		t.Fatal(err)
	}
	if err := report.PlanTargetsCSV(&targets, plan()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		text string
		want map[string][]string // by column
	}{
		{"rows", rows.String(), map[string][]string{
			"row": {"2", "3", "4", "5"}, "rejected": {"", "", "in-the-past", "end-before-start"}, "customer_seconds": {"1188000", "86625", "0", "0"},
			"places": {"xining/rural=1188000", "xining/core=43200 xining/rural=43425", "", ""}, "flags": {"perhaps-told", "beyond-the-year more-customers-than-base", "", ""},
		}},
		{"targets", targets.String(), map[string][]string{
			"limit_hours": {"11", "11", "", "11", "11"}, "budget_customer_seconds": {"446400000", "446400000", "", "446400000", "446400000"},
			"keep_on": {"", "planned.csv:2=39/60", "", "", ""}, "hopeless": {"true", "false", "false", "false", "false"}, "miss_probability_after": {"1", "0.587", "", "0.25", ""},
			"warnings": {"miss-likely", "miss-raised", "no-budget", "over-pre-arranged-usual", ""},
		}},
	} {
		lines, err := csv.NewReader(strings.NewReader(c.text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for i, name := range lines[0] {
			if _, ok := c.want[name]; ok {
				for _, line := range lines[1:] {
					got[name] = append(got[name], line[i])
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
