package compliance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/compliance"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// judgedBy is the dossier judged by an index set. Its sums and hours are always
// those of all outages, as they may be by chance of another set.
func judgedBy(index string) *snapshot.Dossier {
	d := dossier()
	d.Index = index
	return d
}

// Where the index set that is judged does not count all outages, every table says
// which set it is of, and where it has both, which columns are of all.
func TestSetsOfTables(t *testing.T) {
	t.Parallel()
	d := judgedBy("saidi-2")
	doc := compliance.New(d, wording.English)
	const all, judged = "; all outages", "; by the index set that is judged, saidi-2 (without faults that others caused)"
	const both = judged + ", but for the columns of all outages"
	for _, c := range []struct {
		table, ends string
		ofAll       []string // heads
	}{
		{"overview-ytd", both, []string{"customer-hours", "interrupted"}},
		{"monthly", both, []string{"customer-hours", "interrupted"}},
		{"indices-ytd", both, []string{"customer-hours", "interruptions longer than 3 min", "momentary", "events", "MAIFI"}},
		{"natures-ytd", all, nil}, {"natures-areas-ytd", all, nil},
		{"budgets-2022", judged, nil}, {"feeders-xining", judged, nil}, {"months-now", judged, nil}, {"months-before", judged, nil},
	} {
		table := find(t, doc, c.table)
		if !strings.HasSuffix(table.Caption, c.ends) {
			t.Errorf("%s is captioned %q, want it to end in %q", c.table, table.Caption, c.ends)
		}
		var got []string
		for _, column := range table.Columns {
			if head, ok := strings.CutSuffix(column.Head, ", all outages"); ok {
				got = append(got, head)
			}
		}
		if diff := cmp.Diff(c.ofAll, got); diff != "" {
			t.Errorf("%s: columns of all outages (-want +got):\n%s", c.table, diff)
		}
	}
}

// Of all outages there is one set, and no table needs to say so.
func TestOneSet(t *testing.T) {
	t.Parallel()
	for _, s := range compliance.New(dossier(), wording.English).Sections {
		for _, table := range s.Tables {
			if strings.Contains(table.Caption, "all outages") || strings.Contains(table.Caption, "that is judged") {
				t.Errorf("%s is captioned %q", table.ID, table.Caption)
			}
			for _, column := range table.Columns {
				if strings.Contains(column.Head, "all outages") {
					t.Errorf("%s has a column %q", table.ID, column.Head)
				}
			}
		}
	}
}

// No formula takes sums of all outages for hours or interruptions of another set,
// not even where they are the same by chance.
func TestNoFormulaOfTwoSets(t *testing.T) {
	t.Parallel()
	for index, want := range map[string]bool{"saidi-1": true, "saidi-2": false} {
		doc := compliance.New(often(judgedBy(index)), wording.English)
		for _, c := range []struct {
			table   string
			column  int
			formula string
		}{
			{"overview-ytd", 4, "C{row}/B{row}"}, {"overview-ytd", 7, "D{row}/B{row}"},
			{"monthly", 6, "E{row}/D{row}"}, {"monthly", 7, "F{row}/D{row}"},
			{"indices-ytd", 7, "D{row}/C{row}"}, {"indices-ytd", 8, "(E{row}+F{row})/C{row}"},
		} {
			wanted := ""
			if want {
				wanted = c.formula
			}
			if got := find(t, doc, c.table).Rows[0][c.column].Formula; got != wanted {
				t.Errorf("%s: %s column %d by %q, want %q", index, c.table, c.column, got, wanted)
			}
		}
		if got := find(t, doc, "budgets-2022").Rows[1][4].Formula; got != "G{row}/D{row}" {
			t.Errorf("%s: hours of a budget by %q", index, got)
		}
	}
}

// often sets SAIFI to what the interruptions give, short ones too.
func often(d *snapshot.Dossier) *snapshot.Dossier {
	for i := range d.Indices {
		e := &d.Indices[i]
		e.SAIFI = some((e.Interruptions + e.MomentaryInterruption).Float() / e.EquivalentCustomers)
	}
	return d
}

// The hours of a budget are of what it used, which another set than all outages
// counts.
func TestBudgetOfJudgedSet(t *testing.T) {
	t.Parallel()
	d := judgedBy("saidi-2")
	for i := range d.Indices {
		d.Indices[i].CustomerSeconds *= 2
	}
	row := find(t, compliance.New(d, wording.English), "budgets-2022").Rows[1]
	if row[4].Formula != "G{row}/D{row}" || *row[6].Number != 2000 {
		t.Errorf("hours by %q of %v customer-hours", row[4].Formula, *row[6].Number)
	}
}

// One word is said of one thing: customers interrupted with short ones or without,
// how often a customer was out, and how many events there were.
func TestHeads(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		table  string
		column int
		zh, en string
	}{
		{"overview-ytd", 3, "停电户次", "interrupted"}, {"overview-ytd", 4, "停电小时/户", "hours"}, {"overview-ytd", 7, "平均停电次数（次/户）", "SAIFI"},
		{"overview-ytd", 8, "平均每次停电小时", "CAIDI h"}, {"overview-ytd", 9, "供电可靠率", "ASAI"},
		{"monthly", 7, "平均停电次数（次/户）", "SAIFI"},
		{"indices-ytd", 4, "停电户次（不含短时，即超过 3 分钟）", "interruptions longer than 3 min"}, {"indices-ytd", 6, "停电事件数", "events"},
		{"natures-ytd", 4, "停电事件数", "events"}, {"budgets-2022", 6, "已用", "used"}, {"budgets-2022", 8, "已用占比", "share used"},
	} {
		for l, want := range map[wording.Language]string{wording.Chinese: c.zh, wording.English: c.en} {
			if got := find(t, compliance.New(dossier(), l), c.table).Columns[c.column].Head; got != want {
				t.Errorf("%s column %d is headed %q, want %q", c.table, c.column, got, want)
			}
		}
	}
}

// No two columns of a table have one head.
func TestHeadsDiffer(t *testing.T) {
	t.Parallel()
	for _, l := range languages() {
		for _, s := range compliance.New(dossier(), l).Sections {
			for _, table := range s.Tables {
				var heads []string
				for _, column := range table.Columns {
					heads = append(heads, column.Head)
				}
				slices.Sort(heads)
				if n := len(heads); len(slices.Compact(heads)) != n {
					t.Errorf("%s: %s has two columns of one head", l, table.ID)
				}
			}
		}
	}
}

// Feeders of two years stand in tables of their own, and a year that is over is not
// as of an instant of the next one.
func TestTwoYears(t *testing.T) {
	t.Parallel()
	d := dossier()
	old := feeders()
	old.From, old.To = "2021-01-01T00:00:00+08:00", "2022-01-01T00:00:00+08:00"
	d.Feeders = append(d.Feeders, old)
	d.Judged.Years[0].Complete, d.Judged.Years[0].To = true, "2023-01-01T00:00:00+08:00"
	doc := compliance.New(d, wording.English)
	for table, want := range map[string]string{
		"feeders-xining":         "Xining, 2022-01-01 to 2022-03-01, 12 feeders",
		"feeders-xining-2021-01": "Xining, 2021-01-01 to 2022-01-01, 12 feeders",
		"targets-2022":           "Verdicts on the targets of 2022, to the end of 2022",
		"budgets-2022":           "Budgets of customer-hours of 2022, to the end of 2022",
	} {
		if got := find(t, doc, table).Caption; got != want {
			t.Errorf("%s is captioned %q, want %q", table, got, want)
		}
	}
}

// Repeat outages stand in the order of the policy, not of the alphabet.
func TestRepeatsOrder(t *testing.T) {
	t.Parallel()
	d := dossier()
	slices.Reverse(d.Scopes)
	var got []string
	for _, row := range find(t, compliance.New(d, wording.English), "repeats").Rows {
		got = append(got, row[0].Text)
	}
	if diff := cmp.Diff([]string{"Yushu", "Xining"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
