package compliance_test

import (
	"bytes"
	"math"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/saidi-exporter/saidi/compliance"
	"github.com/saidi-exporter/saidi/wording"
)

// Every formula gives the number that it stands beside.
func TestFormulas(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := compliance.New(dossier(), wording.English).Workbook(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	formulas := 0
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, said := range row {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := f.GetCellFormula(sheet, cell); formula != "" {
					formulas++
					check(t, f, sheet, cell, formula, said)
				}
			}
		}
	}
	if formulas < 60 {
		t.Errorf("%d formulas, want more than sixty", formulas)
	}
}

func check(t *testing.T, f *excelize.File, sheet, cell, formula, said string) {
	t.Helper()
	text, err := f.CalcCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Errorf("%s %s: %s: %v", sheet, cell, formula, err)
		return
	}
	got, err := strconv.ParseFloat(text, 64)
	want, errSaid := strconv.ParseFloat(said, 64)
	if err != nil || errSaid != nil || !(math.Abs(got-want) <= 1e-9*math.Max(1, math.Abs(want))) {
		t.Errorf("%s %s: %s gives %s, and %s is said", sheet, cell, formula, text, said)
	}
}

// A reader can check hours, limits, reductions, what is left, and sums.
func TestChecked(t *testing.T) {
	t.Parallel()
	doc := compliance.New(dossier(), wording.English)
	for _, c := range []struct {
		table       string
		row, column int
		want        string
	}{
		{"targets-2022", 1, 6, "J{row}*(1-0.08)"},
		{"targets-2022", 1, 10, "1-H{row}/I{row}"},
		{"targets-2022", 2, 6, ""}, // a cap stands by itself
		{"budgets-2022", 1, 4, "G{row}/D{row}"},
		{"budgets-2022", 1, 7, "F{row}-G{row}"},
		{"monthly", 0, 6, "E{row}/D{row}"},
		{"overview-ytd", 0, 6, "1-E{row}/F{row}"},
		{"inputs", 0, 3, "SUM(E{row}:K{row})"},
	} {
		if got := find(t, doc, c.table).Rows[c.row][c.column].Formula; got != c.want {
			t.Errorf("%s row %d column %d: %q, want %q", c.table, c.row, c.column, got, c.want)
		}
	}
	if got := find(t, doc, "rows").Totals[1]; got.Formula != "SUM(B{first}:B{last})" || *got.Number != 12345 {
		t.Errorf("rows read: %v by %q", *got.Number, got.Formula)
	}
}

// A number that was not made of the columns beside it has no formula: one that
// gave another would accuse a report that is right.
func TestNotChecked(t *testing.T) {
	t.Parallel()
	d := dossier()
	*d.Targets[0].Reduction += 0.001
	*d.Targets[0].LimitHours += 0.001
	row := find(t, compliance.New(d, wording.English), "targets-2022").Rows[1]
	if row[6].Formula != "" || row[10].Formula != "" {
		t.Errorf("limit by %q, reduction by %q", row[6].Formula, row[10].Formula)
	}
}
