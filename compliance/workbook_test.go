package compliance

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

func number(v float64) *float64 { return &v }

// sample is a small report with all that a workbook can hold.
func sample() *Document {
	feeders := Table{
		ID: "feeders", Caption: "Feeders of Xining",
		Columns: []Column{{Head: "feeder", Width: 20}, {Head: "customer-hours", Kind: Exact}, {Head: "customers", Kind: Count}, {Head: "hours", Kind: Hours}, {Head: "share", Kind: Percent}},
		Totals: []Cell{
			{Text: "sum"}, {Number: number(30.5), Formula: "SUM(B{first}:B{last})"}, {Number: number(300)}, {Number: number(30.5 / 300), Formula: "B{row}/C{row}"}, {Number: number(1)},
		},
	}
	for i, v := range []float64{20, 10.125, 0.375} {
		feeders.Rows = append(feeders.Rows, []Cell{
			{Text: fmt.Sprintf("=F%d", i+1)}, {Number: number(v)}, {Number: number(100)}, {Number: number(v / 100), Formula: "B{row}/C{row}"}, {Number: number(v / 30.5)},
		})
	}
	return &Document{
		Language: wording.English, Title: "Outage hours & targets", Notices: []string{"SYNTHETIC DATA"}, Facts: []Fact{{"as of", "2023-01-01"}, {"policy", "-1+2"}},
		Stamp: Stamp{
			Language: wording.English, Program: "saidi v1", Asked: snapshot.Asked{AsOf: "2023-01-01T00:00:00+08:00", StaleAfter: 259200}, Policy: snapshot.Digest{ID: "p", SHA256: "aa"},
			BaseSHA256: "bb", Inputs: []Input{{"events.csv", "cc"}, {"more.csv", "dd"}},
		},
		Sections: []Section{
			{ID: "targets", Title: "Targets", Text: []string{strings.Repeat("What the policy asks for. ", 20)}, Tables: []Table{{
				ID: "targets", Columns: []Column{{Head: "area"}, {Head: "limit h", Kind: Hours}, {Head: "verdict"}, {Head: "ASAI", Kind: Share}, {Head: "pace", Kind: Number}},
				Rows: [][]Cell{{{Text: "西宁市"}, {Number: number(2.73)}, {Text: "missed", Badge: "missed"}, {Number: number(0.9997654321)}, {}}},
			}}},
			{ID: "curves", Title: "Curves", Drawings: []Drawing{{"a curve", "<svg></svg>"}}},
			{ID: "feeders", Title: "Feeders: worst/all [2022]", Tables: []Table{feeders, {ID: "none", Caption: "Nothing", Columns: []Column{{Head: "x"}}}}},
		},
	}
}

// workbookOf is a document as the bytes of a workbook.
func workbookOf(t testing.TB, d *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Workbook(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// Sheets are sections; cells show what the document says, and formulas stand
// beside their values.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	f := open(t, workbookOf(t, sample()))
	if diff := cmp.Diff([]string{"Targets", "Feeders- worst-all -2022-", "saidi"}, f.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	want := map[string][][]string{
		"Targets": {
			{"Outage hours & targets"}, {"SYNTHETIC DATA"}, {"as of", "2023-01-01"}, {"policy", "-1+2"}, nil, {"Targets"}, {strings.Repeat("What the policy asks for. ", 20)}, nil,
			{"area", "limit h", "verdict", "ASAI", "pace"}, {"西宁市", "2.73", "missed", "0.999765"},
		},
		"Feeders- worst-all -2022-": {
			{"Feeders: worst/all [2022]"}, nil, {"Feeders of Xining"}, {"feeder", "customer-hours", "customers", "hours", "share"},
			{"=F1", "20", "100", "0.20", "65.6%"}, {"=F2", "10.125", "100", "0.10", "33.2%"}, {"=F3", "0.375", "100", "0.00", "1.2%"}, {"sum", "30.5", "300", "0.10", "100.0%"},
			nil, {"Nothing"}, {"x"},
		},
	}
	for sheet, rows := range want {
		got, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rows, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", sheet, diff)
		}
	}
	for cell, want := range map[string]string{"A5": "", "D5": "B5/C5", "B8": "SUM(B5:B7)", "D8": "B8/C8", "C8": ""} {
		if got, err := f.GetCellFormula("Feeders- worst-all -2022-", cell); got != want || err != nil {
			t.Errorf("formula of %s: %q, %v, want %q", cell, got, err, want)
		}
	}
	if visible, err := f.GetSheetVisible(stampSheet); visible || err != nil {
		t.Errorf("the sheet for machines is in sight: %v", err)
	}
}

// What guides a reader: panes, filters, what is printed on every page, and what the
// workbook says of itself.
func TestWorkbookGuides(t *testing.T) {
	t.Parallel()
	d := sample()
	table := &d.Sections[0].Tables[0]
	for range fewRows {
		table.Rows = append(table.Rows, table.Rows[0])
	}
	d.Facts, d.Notices = nil, nil
	f := open(t, workbookOf(t, d))
	panes, err := f.GetPanes("Targets")
	if err != nil || !panes.Freeze || panes.YSplit != 6 || panes.TopLeftCell != "A7" {
		t.Errorf("panes: %+v, %v", panes, err)
	}
	if panes, err := f.GetPanes("Feeders- worst-all -2022-"); err != nil || panes.YSplit != 1 {
		t.Errorf("panes of several tables: %+v, %v", panes, err)
	}
	names := map[string]string{}
	for _, n := range f.GetDefinedName() {
		names[n.Scope+" "+n.Name] = n.RefersTo
	}
	want := map[string]string{
		"Targets _xlnm._FilterDatabase": "'Targets'!$A$6:$E$27", "Targets _xlnm.Print_Titles": "'Targets'!$6:$6",
		"Feeders- worst-all -2022- _xlnm.Print_Titles": "'Feeders- worst-all -2022-'!$1:$1",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	p, err := f.GetDocProps()
	if err != nil || p.Title != d.Title || p.Creator != "saidi v1" || p.Created != "2022-12-31T16:00:00Z" || p.Modified != p.Created {
		t.Errorf("properties: %+v, %v", p, err)
	}
	page, err := f.GetPageLayout("Targets")
	if err != nil || *page.Size != 9 || *page.Orientation != "landscape" || *page.FitToWidth != 1 || *page.FitToHeight != 0 {
		t.Errorf("page: %+v, %v", page, err)
	}
	if width, err := f.GetColWidth("Feeders- worst-all -2022-", "A"); width != 20 || err != nil {
		t.Errorf("width: %v, %v", width, err)
	}
}

// The same document gives the same bytes, whose parts have no times.
func TestWorkbookTwice(t *testing.T) {
	t.Parallel()
	data := workbookOf(t, sample())
	for range 5 {
		if !bytes.Equal(data, workbookOf(t, sample())) {
			t.Fatal("other bytes the second time")
		}
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if !f.Modified.IsZero() && f.Modified.Year() > 1980 {
			t.Errorf("%s was written at %s", f.Name, f.Modified)
		}
	}
}

// A section that is longer than a sheet goes on in another, and its totals come
// last, as values.
func TestWorkbookGoesOn(t *testing.T) {
	t.Parallel()
	for rows, want := range map[int][]string{
		7: {"Targets", "Feeders- worst-all -2022-", "Feeders- worst-all -2022- 2", "saidi"}, // the totals
		6: {"Targets", "Feeders- worst-all -2022-", "Feeders- worst-all -2022- 2", "saidi"},
		5: {"Targets", "Feeders- worst-all -2022-", "Feeders- worst-all -2022- 2", "Feeders- worst-all -2022- 3", "saidi"},
	} {
		d := sample()
		d.Facts, d.Notices, d.Sections[0].Text = nil, nil, nil
		var b bytes.Buffer
		if err := d.workbook(&b, rows); err != nil {
			t.Fatal(err)
		}
		f := open(t, b.Bytes())
		if diff := cmp.Diff(want, f.GetSheetList()); diff != "" {
			t.Errorf("%d rows: sheets (-want +got):\n%s", rows, diff)
		}
		sum, formulas := 0.0, 0
		for _, sheet := range want[1:] {
			found, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range found {
				var v float64
				if len(row) == 5 && row[0] != "sum" && row[0] != "feeder" {
					if _, err := fmt.Sscan(row[1], &v); err != nil {
						t.Fatal(err)
					}
				}
				sum += v
				if formula, _ := f.GetCellFormula(sheet, fmt.Sprintf("B%d", i+1)); formula != "" {
					formulas++
				}
			}
		}
		if sum != 30.5 || formulas != 0 {
			t.Errorf("%d rows: the rows add up to %v with %d sums, want 30.5 and none over two sheets", rows, sum, formulas)
		}
	}
}

// Whatever a text is, it comes back, as a text and not as a formula.
func TestWorkbookTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.String(),
			rapid.StringMatching(`[=+@\t\r\n-][A-Z]{1,3}\([0-9]\)!`),
			rapid.StringMatching(`(\r?\n)?_x[0-9A-F]{4}_[a-z]?(\r\n)?`),
			rapid.StringMatching(`(_?x[0-9A-Fa-f]{4}_?){1,4}`),
			rapid.SampledFrom([]string{"", " ", "<script>alert(1)</script>", "'quoted'", "a\u202Eb", "\x00", "\xff\xfe", "😀", "&#61;1", "1e5", "-0", "=HYPERLINK(\"http://x\")"}),
		).Draw(t, "text")
		f, err := excelize.OpenReader(bytes.NewReader(bytesOf(t, &Document{Sections: []Section{{Title: "t", Tables: []Table{{Columns: []Column{{Head: "h"}}, Rows: [][]Cell{{{Text: text}}}}}}}})))
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.GetCellValue("t", "A6", excelize.Options{RawCellValue: true})
		if want := printable(text); err != nil || got != want {
			t.Errorf("%q came back as %q, %v", text, got, err)
		}
		if formula, err := f.GetCellFormula("t", "A6"); formula != "" || err != nil {
			t.Errorf("%q became the formula %q, %v", text, formula, err)
		}
	})
}

func bytesOf(t *rapid.T, d *Document) []byte {
	var b bytes.Buffer
	if err := d.Workbook(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A number comes back to the last bit; what is none is an empty cell.
func TestWorkbookNumbers(t *testing.T) {
	t.Parallel()
	data := workbookOf(t, &Document{Sections: []Section{{Title: "t", Tables: []Table{{Columns: []Column{{Head: "h", Kind: Hours}}, Rows: [][]Cell{
		{{Number: number(math.Nextafter(0.3, 1))}}, {{Number: number(1e21)}}, {{Number: number(-1.0 / 3)}}, {{Number: number(9007199254740993)}}, {{Number: number(math.NaN())}}, {{Number: number(math.Inf(1))}}, {{}},
	}}}}}})
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, rest := range strings.Split(string(text), "<v>")[1:] {
		value, _, _ := strings.Cut(rest, "</v>")
		got = append(got, value)
	}
	if diff := cmp.Diff([]string{"0.30000000000000004", "1e+21", "-0.3333333333333333", "9.007199254740992e+15"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A text that is longer than a cell says that it was cut.
func TestWorkbookLongText(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"a", "停", "😀"} {
		whole, long := strings.Repeat(letter, mostLetters/letters(letter)), strings.Repeat(letter, mostLetters)+letter
		f := open(t, workbookOf(t, &Document{Language: wording.English, Sections: []Section{{Title: "t", Tables: []Table{{Columns: []Column{{Head: "h"}}, Rows: [][]Cell{{{Text: whole}}, {{Text: long}}}}}}}}))
		if got, err := f.GetCellValue("t", "A6"); got != whole || err != nil {
			t.Errorf("%s: a text that fits came back with %d letters, %v", letter, letters(got), err)
		}
		got, err := f.GetCellValue("t", "A7")
		if err != nil || letters(got) > mostLetters || !strings.HasSuffix(got, wording.English.Say("verify.cut", letters(long))) || !strings.HasPrefix(got, strings.Repeat(letter, 10_000)) {
			t.Errorf("%s: a text that does not came back with %d letters, ending %q, %v", letter, letters(got), got[max(len(got)-80, 0):], err)
		}
	}
}

// Names of sheets are what a workbook takes, each its own.
func TestSheetNames(t *testing.T) {
	t.Parallel()
	l := &layout{taken: map[string]bool{stampSheet: true}}
	for _, c := range []struct{ title, want string }{
		{"月份", "月份"}, {"a/b:c*d?e[f]g\\h'i", "a-b-c-d-e-f-g-h-i"}, {"", "-"}, {" ", "- 2"}, {"Saidi", "Saidi 2"},
		{strings.Repeat("x", 40), strings.Repeat("x", 31)}, {strings.Repeat("X", 40), strings.Repeat("X", 29) + " 2"}, {strings.Repeat("😀", 20), strings.Repeat("😀", 15)}, {"a\x00b", "a-b"},
	} {
		if c.title == "a\x00b" {
			c.want = "a\uFFFDb"
		}
		if got := l.name(c.title); got != c.want {
			t.Errorf("%q: %q, want %q", c.title, got, c.want)
		}
	}
}
