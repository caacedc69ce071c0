package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var testLimits = Limits{Columns: 100, Cell: 32767, Size: 8 << 20, Ratio: 200, RatioFrom: 1 << 20}

// sheetXML is a worksheet with the rows given.
func sheetXML(rows string) string {
	return `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`
}

// write makes a workbook whose first sheet has the XML given, or what excelize
// writes where it is empty, and gives its path.
func write(t testing.TB, sheet string, fill func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if fill != nil {
		fill(f)
	}
	var buffer bytes.Buffer
	if err := f.Write(&buffer); err != nil {
		t.Fatal(err)
	}
	data := buffer.Bytes()
	if sheet != "" {
		data = replacePart(t, data, "xl/worksheets/sheet1.xml", sheet)
	}
	return save(t, data)
}

func save(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func replacePart(t testing.TB, data []byte, name, text string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, part := range from.File {
		w, err := to.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		src, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if part.Name == name {
			_, err = io.WriteString(w, text)
		} else {
			_, err = io.Copy(w, src)
		}
		if err := errors.Join(err, src.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A row is what Read gave.
type row struct {
	Number int
	Cells  []string
}

func readSheet(b *Book, name string) (rows []row, err error) {
	r, err := b.Rows(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for {
		n, cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		var texts []string
		for _, cell := range cells {
			texts = append(texts, string(cell))
		}
		rows = append(rows, row{n, texts})
	}
}

// readAll reads every visible sheet and waits for the check.
func readAll(path string, limits Limits) (sheets map[string][]row, err error) {
	b, err := Open(path, limits)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	names, _, err := b.Sheets()
	if err != nil {
		return nil, err
	}
	sheets = map[string][]row{}
	for _, name := range names {
		if sheets[name], err = readSheet(b, name); err != nil {
			return nil, err
		}
	}
	return sheets, b.Verify()
}

func TestRead(t *testing.T) {
	t.Parallel()
	path := write(t, "", func(f *excelize.File) {
		style, _ := f.NewStyle(&excelize.Style{NumFmt: 22})
		_ = f.SetSheetRow("Sheet1", "A1", &[]any{"停电统计表"})
		_ = f.MergeCell("Sheet1", "A1", "C1")
		_ = f.SetSheetRow("Sheet1", "A3", &[]any{"编号", nil, 44201.25, true, "20210105080300"})
		_ = f.SetCellStyle("Sheet1", "C3", "C3", style)
		_, _ = f.NewSheet("hidden")
		_ = f.SetSheetVisible("hidden", false)
		_, _ = f.NewSheet("second")
		_ = f.SetCellValue("second", "B2", 12)
	})
	got, err := readAll(path, testLimits)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]row{
		"Sheet1": {{1, []string{"停电统计表"}}, {3, []string{"编号", "", "44201.25", "1", "20210105080300"}}},
		"second": {{2, []string{"", "12"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDate1904(t *testing.T) {
	t.Parallel()
	for _, want := range []bool{true, false} {
		path := write(t, "", func(f *excelize.File) { _ = f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &want}) })
		b, err := Open(path, testLimits)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		if got, err := b.Date1904(); err != nil || got != want {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(write(t, "", func(f *excelize.File) { _ = f.SetCellValue("Sheet1", "A1", "x") }))
	if err != nil {
		t.Fatal(err)
	}
	cell := `<c r="A1" t="inlineStr"><is><t>`
	tests := []struct {
		name, path, want string
	}{
		{"cut short", save(t, whole[:len(whole)/2]), "cut short?"},
		{"another archive", save(t, archive(t, "readme.txt", "hello")), "not an XLSX workbook"},
		{"sheet breaks off", write(t, `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2">`, nil), "sheet1.xml is damaged"},
		{"sheet is not XML in the middle", write(t, sheetXML(`<row r="1"><c r="A1"><v>1</v></c></row><<<row r="2"></row>`), nil), "sheet1.xml is damaged"},
		{"too wide", write(t, sheetXML(`<row r="1"><c r="ZZ1"><v>1</v></c></row>`), nil), "702 columns, more than the limit of 100"},
		{"long cell", write(t, sheetXML(`<row r="1">`+cell+strings.Repeat("x", 40000)+`</t></is></c></row>`), nil), "longer than the limit of 32767 characters"},
		{"bomb", write(t, sheetXML(strings.Repeat(" ", 6<<20)), nil), "more than the limit of 200 times"},
		{"too large", write(t, sheetXML(strings.Repeat("x y", 3<<20)), nil), "unpacks to more than the limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := readAll(tt.path, testLimits)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v with %v, want %q", err, got, tt.want)
			}
		})
	}
}

func archive(t testing.TB, name, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	part, err := w.Create(name)
	if err == nil {
		_, err = io.WriteString(part, text)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// No bytes make the reader panic or leave temporary files.
func FuzzWorkbook(f *testing.F) {
	whole, err := os.ReadFile(write(f, "", func(b *excelize.File) { _ = b.SetSheetRow("Sheet1", "A1", &[]any{"a", 1, 44201.5}) }))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, `<row r="1"><c r="A1"><v>1</v></c></row>`)
	f.Add(whole, `<row r="2"><c r="B2" t="s"><v>9</v></c><c t="inlineStr"><is><t>x</t></is></c></row>`)
	f.Add(whole[:len(whole)/2], "")
	f.Fuzz(func(t *testing.T, data []byte, rows string) {
		if bytes.Equal(data, whole) {
			data = replacePart(t, data, "xl/worksheets/sheet1.xml", sheetXML(rows))
		}
		sheets, err := readAll(save(t, data), testLimits)
		if err != nil {
			return
		}
		for name, rows := range sheets {
			last := 0
			for _, r := range rows {
				if r.Number <= last || len(r.Cells) > testLimits.Columns {
					t.Fatalf("sheet %s row %d after %d with %d cells", name, r.Number, last, len(r.Cells))
				}
				last = r.Number
			}
		}
	})
}
