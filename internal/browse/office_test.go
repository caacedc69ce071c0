package browse

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/saidi-exporter/saidi/internal/program"
)

// everySheet has LibreOffice write each sheet to a file of its own, with commas, in
// UTF-8, numbers as exactly as it has them.
const everySheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"

// recalculate has LibreOffice work out every formula again when it opens a workbook.
const recalculate = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
`

// LibreOffice opens the workbook and has in every cell what is written there; its
// own results of the formulas are those that stand beside them.
func testOffice(t *testing.T, s *station) {
	office, p, profile := program.Need(t, "soffice", "libreoffice-calc-nogui"), s.newProvince(t), t.TempDir()
	if err := os.Mkdir(filepath.Join(profile, "user"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(profile, "user", "registrymodifications.xcu"), recalculate)
	for _, l := range languages() {
		t.Run(string(l), func(t *testing.T) {
			path := s.report(t, p, string(l)+".xlsx", l)
			folder := t.TempDir()
			program.Output(t, folder, office, "-env:UserInstallation=file://"+profile, "--headless", "--convert-to", everySheet, "--outdir", folder, path)
			book, err := excelize.OpenFile(path)
			if err != nil {
				t.Fatal(err)
			}
			defer book.Close()
			var sum tally
			for _, sheet := range book.GetSheetList() {
				sum.add(checkSheet(t, book, sheet, filepath.Join(folder, string(l)+"-"+sheet+".csv")))
			}
			if sum.numbers < 1000 || sum.formulas < 100 || sum.texts < 100 {
				t.Errorf("compared %+v, want more", sum)
			}
			t.Logf("%d sheets: %+v", len(book.GetSheetList()), sum)
		})
	}
}

// A tally is how many cells were compared. Formulas are among the numbers.
type tally struct{ numbers, formulas, texts int }

func (a *tally) add(b tally) {
	a.numbers, a.formulas, a.texts = a.numbers+b.numbers, a.formulas+b.formulas, a.texts+b.texts
}

// checkSheet holds a sheet as LibreOffice has it against the cells of the workbook.
func checkSheet(t *testing.T, book *excelize.File, sheet, path string) (sum tally) {
	t.Helper()
	want, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	got := readCSV(t, path)
	for i, cells := range want {
		for k, text := range cells {
			name, err := excelize.CoordinatesToCellName(k+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			shown := ""
			if i < len(got) && k < len(got[i]) {
				shown = got[i][k]
			}
			kind, err := book.GetCellType(sheet, name)
			if err != nil {
				t.Fatal(err)
			}
			formula, err := book.GetCellFormula(sheet, name)
			if err != nil {
				t.Fatal(err)
			}
			number := kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset || formula != ""
			switch {
			case text == "" && shown == "":
			case number && !equal(text, shown):
				t.Errorf("%s!%s is %q (=%s), in LibreOffice %q", sheet, name, text, formula, shown)
			case !number && packed(text) != packed(shown):
				t.Errorf("%s!%s is %q, in LibreOffice %q", sheet, name, text, shown)
			case number:
				sum.numbers++
			default:
				sum.texts++
			}
			if formula != "" {
				sum.formulas++
			}
		}
	}
	return sum
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return rows
}

// equal says whether a number is the same to the fifteen digits that LibreOffice
// writes; shares are written in per cent.
func equal(raw, shown string) bool {
	const share = 1e-12
	want, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return false
	}
	plain, percent := strings.CutSuffix(shown, "%")
	got, err := strconv.ParseFloat(plain, 64)
	if percent {
		got /= 100
	}
	return err == nil && math.Abs(got-want) <= share*max(1, math.Abs(want))
}
