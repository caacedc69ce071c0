package report_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// The outlook of a running year in both languages and three widths: as in the
// golden files.
func TestOutlook(t *testing.T) {
	t.Parallel()
	for _, language := range []wording.Language{wording.Chinese, wording.English} {
		for _, width := range []int{80, 120, 160} {
			got := textOf(t, looking(example()), report.Show{Language: language, Width: width})
			got, _, _ = strings.Cut(got, "\n"+wording.Language.Say(language, "measures.head", 2, 1))
			golden(t, fmt.Sprintf("outlook-%s-%d.txt", language, width), got, width)
		}
	}
}

// A complete year has no outlook, whatever is left of its budgets.
func TestNoOutlookOfACompleteYear(t *testing.T) {
	t.Parallel()
	s := looking(example())
	s.Judged.Years[0].Complete = true
	got := textOf(t, s, report.Show{Language: wording.English, Width: 160})
	for _, word := range []string{"P(miss)", "cust.-h left", "Customer-hours left", "Where 2022 will end"} {
		if strings.Contains(got, word) {
			t.Errorf("%q of a complete year:\n%s", word, got)
		}
	}
}

// Without a projection there is no word of one, and what is not known is a dash.
func TestOutlookOfBudgetsAlone(t *testing.T) {
	t.Parallel()
	s := looking(example())
	for i := range s.Targets {
		s.Targets[i].Projection = nil
	}
	got := textOf(t, s, report.Show{Language: wording.English, Width: 80})
	for _, want := range []string{"\nXining  Urban core  ≤ 2.73 h   18260     −2000   20260       1250\n", "\nXining  Rural       −8 %           0         -       -          -\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for _, word := range []string{"P(miss)", "Where 2022 will end"} {
		if strings.Contains(got, word) {
			t.Errorf("%q without a projection:\n%s", word, got)
		}
	}
}

// Nothing that is drawn is certain, so neither 0 nor 100 % is written.
func TestMiss(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p    float64
		want string
	}{{0, "< 1 %"}, {0.004, "< 1 %"}, {0.005, "1 %"}, {0.5, "50 %"}, {0.99, "99 %"}, {0.996, "> 99 %"}, {1, "> 99 %"}} {
		s := looking(example())
		s.Targets = s.Targets[:1]
		s.Targets[0].Projection.MissProbability = &c.p
		if got := textOf(t, s, report.Show{Language: wording.English, Width: 80}); !strings.Contains(got, " "+c.want+"  −12.3 %\n") {
			t.Errorf("%v: no %q in\n%s", c.p, c.want, got)
		}
	}
}

// records reads CSV as lists of what each line says by the name of its column.
func records(t *testing.T, text []byte) (all []map[string]string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		r := map[string]string{}
		for i, name := range rows[0] {
			r[name] = row[i]
		}
		all = append(all, r)
	}
	return all
}

// The columns of budgets and projections stand behind those that were there
// before, and are empty where nothing is known.
func TestTargetsCSV(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.TargetsCSV(&b, looking(example())); err != nil {
		t.Fatal(err)
	}
	if head, _, _ := strings.Cut(b.String(), "\n"); !strings.HasPrefix(head, "scope,class,rule,strength,deadline,year,") || !strings.Contains(head, ",to,clause,budget_customer_seconds,") {
		t.Errorf("the header is %s", head)
	}
	got := records(t, b.Bytes())
	for i, want := range []map[string]string{
		2: {
			"budget_customer_seconds": "145803600", "budget_remaining_customer_seconds": "65736000",
			"pre_arranged_budget_customer_seconds": "72000000", "pre_arranged_remaining_customer_seconds": "-7200000",
			"fault_budget_customer_seconds": "73803600", "fault_remaining_customer_seconds": "72936000", "scheduled_customer_seconds": "4500000",
			"projected_hours_5": "2.1", "projected_hours_50": "2.81", "projected_hours_95": "3.96", "miss_probability": "0.54", "passes_on": "2022-12-03",
		},
		3: {"budget_customer_seconds": "", "pre_arranged_budget_customer_seconds": "", "projected_hours_5": "", "miss_probability": "", "passes_on": ""},
	} {
		for name, value := range want {
			if got[i][name] != value {
				t.Errorf("target %d: %s is %q, want %q", i, name, got[i][name], value)
			}
		}
	}
}

// Every line of a division names what it is of.
func TestBudgetsCSV(t *testing.T) {
	t.Parallel()
	s := looking(example())
	s.Targets = s.Targets[5:6]
	var b bytes.Buffer
	if err := report.BudgetsCSV(&b, s); err != nil {
		t.Fatal(err)
	}
	want := `scope,class,rule,strength,year,division,divided_by,month,part,area,budget_customer_seconds,used_customer_seconds,scheduled_customer_seconds,remaining_customer_seconds
Yushu,Rural,reduction,duty,2022,part,history,,pre-arranged,,180000000,108000000,0,72000000
Yushu,Rural,reduction,duty,2022,part,history,,fault,,540000000,792000000,0,-252000000
Yushu,Rural,reduction,duty,2022,month,time,2022-01,,,1.5,0,0,0
Yushu,Rural,reduction,duty,2022,month-part,time,2022-01,pre-arranged,,0,0,0,0
Yushu,Rural,reduction,duty,2022,month-part,time,2022-01,fault,,0,0,0,0
Yushu,Rural,reduction,duty,2022,member,customers,,,yushu,9,12,0,-3
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.Targets[0].Budgets = nil
	b.Reset()
	if err := report.BudgetsCSV(&b, s); err != nil || strings.Count(b.String(), "\n") != 1 {
		t.Errorf("without a budget, %v: %s", err, b.String())
	}
}

func textOf(t *testing.T, s *snapshot.Snapshot, show report.Show) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Text(&b, s, show); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
