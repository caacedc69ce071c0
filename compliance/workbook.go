package compliance

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// The bounds of a workbook.
const (
	mostRows    = 1_048_576 // of a sheet
	mostLetters = 32_767    // of a cell, in units of UTF-16
	mostName    = 31        // letters of the name of a sheet
	mostFooter  = 100       // letters of the title at the foot of a page; of the foot in all 255
)

// stampSheet is the hidden sheet that holds the [Stamp]: in its first row all but
// the inputs, and one input in each row below.
const stampSheet = "saidi"

// application is the program that a workbook names until another saves it.
const application = "saidi"

// Workbook writes the document as an Excel workbook (XLSX): a sheet a section,
// with its tables below each other, numbers as number cells in full, and formulas
// with their values beside them. A section with more rows than a sheet has goes on
// in another. Texts are never formulas, whatever they begin with.
func (d *Document) Workbook(w io.Writer) error { return d.workbook(w, mostRows) }

// workbook is [Document.Workbook] with sheets of so many rows.
func (d *Document) workbook(w io.Writer, rows int) (failed error) {
	sheets := append(layOut(d, rows), d.stampSheet())
	f := excelize.NewFile()
	defer func() {
		if err := f.Close(); failed == nil {
			failed = err
		}
	}()
	styles, err := newStyles(f, d.Language)
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	packing := &packing{rows: map[string]func(io.Writer) error{}}
	for i, s := range sheets {
		if err := d.frame(f, i, s); err != nil {
			return fmt.Errorf("write the sheet %s: %w", s.name, err)
		}
		packing.rows[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = func(out io.Writer) error { return s.write(out, styles) }
	}
	if err := d.properties(f); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	f.SetZipWriter(packing.begin)
	var none strings.Builder // what comes through here is empty: parts go to w in an order of their own
	if err := f.Write(&none); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return packing.write(w)
}

// frame makes a sheet with all but its rows.
func (d *Document) frame(f *excelize.File, number int, s *sheet) error {
	if err := named(f, number, s.name); err != nil {
		return err
	}
	if err := f.SetSheetDimension(s.name, s.extent()); err != nil {
		return err
	}
	for i, width := range s.widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := f.SetColWidth(s.name, column, column, width); err != nil {
			return err
		}
	}
	for _, m := range s.merged {
		if err := f.MergeCell(s.name, m[0], m[1]); err != nil {
			return err
		}
	}
	if s.hidden {
		return f.SetSheetVisible(s.name, false)
	}
	if err := s.guide(f); err != nil {
		return err
	}
	return d.print(f, s)
}

func named(f *excelize.File, number int, name string) error {
	if number == 0 {
		return f.SetSheetName(f.GetSheetName(0), name)
	}
	_, err := f.NewSheet(name)
	return err
}

// guide freezes what stays in sight, and lets a long table be filtered.
func (s *sheet) guide(f *excelize.File) error {
	if s.filter != "" {
		if err := f.AutoFilter(s.name, s.filter, nil); err != nil {
			return err
		}
	}
	below := fmt.Sprintf("A%d", s.frozen+1)
	return f.SetPanes(s.name, &excelize.Panes{
		Freeze: true, YSplit: s.frozen, TopLeftCell: below, ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: below, ActiveCell: below, Pane: "bottomLeft"}},
	})
}

// print sets a sheet up for paper: A4, landscape, as wide as a page, the header on
// every page, and page numbers.
func (d *Document) print(f *excelize.File, s *sheet) error {
	a4, one, asMany, landscape, fit := 9, 1, 0, "landscape", true
	if err := f.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := f.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &asMany}); err != nil {
		return err
	}
	title := strings.ReplaceAll(printable(string(cutRunes([]rune(d.Title), mostFooter))), "&", "&&")
	if err := f.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&L" + title + "&R&P / &N"}); err != nil {
		return err
	}
	return f.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.name, s.repeated, s.repeated),
	})
}

// extent is the range of a sheet that holds anything.
func (s *sheet) extent() string {
	last, err := excelize.CoordinatesToCellName(max(len(s.widths), 1), max(s.next-1, 1))
	if err != nil {
		return "A1"
	}
	return "A1:" + last
}

// properties says what the workbook is. Its times are as-of, whenever it is
// written.
func (d *Document) properties(f *excelize.File) error {
	at, err := time.Parse(time.RFC3339, d.Stamp.Asked.AsOf)
	if err != nil {
		at = time.Unix(0, 0)
	}
	moment := at.UTC().Format(time.RFC3339)
	f.SetActiveSheet(0)
	if err := f.SetAppProps(&excelize.AppProperties{Application: application}); err != nil {
		return err
	}
	return f.SetDocProps(&excelize.DocProperties{
		Title: printable(d.Title), Creator: printable(d.Stamp.Program), LastModifiedBy: printable(d.Stamp.Program),
		Created: moment, Modified: moment, Language: cmp.Or(string(d.Language), "en"),
	})
}

// letters counts a text as a workbook does.
func letters(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r) // of what is no letter -1, but ranging gives none
	}
	return n
}

func cutRunes(text []rune, most int) []rune { return text[:min(len(text), most)] }
