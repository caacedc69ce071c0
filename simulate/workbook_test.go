package simulate

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"github.com/saidi-exporter/saidi/period"
)

// A full sheet is followed by another one with its own title and headers.
func TestWorkbookHasSeveralSheets(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, err := newWorkbook(&b, sheet{title: "T", headers: []string{"a", "b"}})
	if err != nil {
		t.Fatal(err)
	}
	w.full = 4
	for n := range int64(5) {
		if err := w.row([]cell{countCell(n), momentCell(1_600_000_000 + n)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got := file.GetSheetList(); !slices.Equal(got, []string{"模拟数据", "模拟数据2", "模拟数据3"}) {
		t.Errorf("sheets %q", got)
	}
	for n, rows := range []int{4, 4, 3} {
		got, err := file.GetRows(sheetName(n + 1))
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != rows || got[0][0] != "T" || !slices.Equal(got[1], []string{"a", "b"}) {
			t.Errorf("sheet %d: %q, want %d rows with a title and headers", n+1, got, rows)
		}
		merged, err := file.GetMergeCells(sheetName(n + 1))
		if err != nil || len(merged) != 1 || merged[0].GetEndAxis() != "B1" {
			t.Errorf("sheet %d: merged %v, %v", n+1, merged, err)
		}
	}
}

// Cells as each format writes them.
func TestCells(t *testing.T) {
	t.Parallel()
	at := func(year int, m time.Month, n int, seconds int64) cell {
		return momentCell(instant(period.DayOfDate(year, m, n)) + seconds)
	}
	tests := []struct {
		name               string
		cell               cell
		canonical, utility string
		sheet              any
	}{
		{"a whole minute", at(2021, 1, 5, 8*hour+3*minute), "2021-01-05T08:03:00+08:00", "2021/1/5 8:03", excelize.Cell{StyleID: 3, Value: 44201 + (8*60+3)/1440.0}},
		{"with seconds", at(2021, 12, 31, day-1), "2021-12-31T23:59:59+08:00", "2021/12/31 23:59:59", excelize.Cell{StyleID: 3, Value: 44562 - 1/86400.0}},
		{"midnight", at(2022, 1, 1, 0), "2022-01-01T00:00:00+08:00", "2022/1/1", excelize.Cell{StyleID: 2, Value: int64(44562)}},
		{"a number", countCell(-12), "-12", "-12", int64(-12)},
		{"customer-hours", cell{kind: hours, n: 1205}, "12.05", "12.05", excelize.Cell{StyleID: 1, Value: 12.05}},
		{"yes", cell{kind: truth, n: 1}, "true", "是", "是"},
		{"a text", textCell(`"大风", 冰`), `"""大风"", 冰"`, `"""大风"", 冰"`, `"大风", 冰`},
	}
	for _, tt := range tests {
		if got := string(appendCanonical(nil, &tt.cell)); got != tt.canonical {
			t.Errorf("%s: canonical %s, want %s", tt.name, got, tt.canonical)
		}
		if got := string(appendUtility(nil, &tt.cell)); got != tt.utility {
			t.Errorf("%s: utility %s, want %s", tt.name, got, tt.utility)
		}
		w := &workbook{styles: map[cellKind]int{hours: 1, wholeDay: 2, moment: 3}}
		if diff := cmp.Diff(tt.sheet, w.value(&tt.cell), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("%s: sheet (-want +got):\n%s", tt.name, diff)
		}
	}
}
