package compliance

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Parts and texts of the sample that tests put others in place of.
const (
	sheet2     = "xl/worksheets/sheet2.xml"
	inFeeders  = "Feeders- worst-all -2022-"
	appPart    = "docProps/app.xml"
	ourApp     = "<Application>saidi</Application>"
	anotherApp = "<Application>LibreOffice/24</Application>"
	condition  = `<conditionalFormatting sqref="A1:Z9"><cfRule type="expression" priority="1"><formula>TRUE</formula></cfRule></conditionalFormatting>`
)

// hidings are ways to hide what cells say, with the place that names each.
func hidings() map[string]struct{ part, old, with, place string } {
	return map[string]struct{ part, old, with, place string }{
		"a row":           {sheet2, `<row r="6"`, `<row r="6" hidden="1"`, inFeeders + "!6:6"},
		"a row in words":  {sheet2, `<row r="6"`, `<row hidden='true' r="6"`, inFeeders + "!6:6"},
		"a low row":       {sheet2, `<row r="6"`, `<row r="6" ht="0.5" customHeight="1"`, inFeeders + "!6:6"},
		"a column":        {sheet2, `<col customWidth="true"`, `<col hidden="1" customWidth="true"`, inFeeders + ", columns 1–1"},
		"a narrow column": {sheet2, `width="20"`, `width="0"`, inFeeders + ", columns 1–1"},
		"all rows":        {sheet2, `<sheetFormatPr `, `<sheetFormatPr zeroHeight="1" `, inFeeders + ", all rows or columns"},
		"zeros":           {sheet2, `<sheetView `, `<sheetView showZeros="0" `, inFeeders + ", zeros"},
		"a condition":     {sheet2, `</sheetData>`, `</sheetData>` + condition, inFeeders + ", conditional formatting"},
		"merged cells":    {sheet2, `</sheetData>`, `</sheetData><mergeCells count="1"><mergeCell ref="A9:D9"></mergeCell></mergeCells>`, inFeeders + "!A9:D9"},
		"a sheet":         {"xl/workbook.xml", `name="` + inFeeders + `"`, `state="veryHidden" name="` + inFeeders + `"`, inFeeders},
	}
}

// What hides cells is found and named, whoever saved the workbook.
func TestHidden(t *testing.T) {
	t.Parallel()
	whole := workbookOf(t, sample())
	for name, c := range hidings() {
		ours := repacked(t, whole, c.part, c.old, c.with)
		for by, data := range map[string][]byte{"": ours, "LibreOffice/24": repacked(t, ours, appPart, ourApp, anotherApp)} {
			said := read(t, data)
			if said.SavedBy != by {
				t.Errorf("%s: saved by %q, want %q", name, said.SavedBy, by)
			}
			if m := Compare(said, read(t, whole)); m == nil || m.Sort != ALook || m.Place != c.place {
				t.Errorf("%s, saved by %q: %+v, want a look at %s", name, by, m, c.place)
			}
		}
	}
}

// dressings are ways to change how a workbook looks that hide nothing by
// themselves, with the place that names each.
func dressings() map[string]struct{ part, old, with, place string } {
	return map[string]struct{ part, old, with, place string }{
		"a white font":   {"xl/styles.xml", `<font>`, `<font><color rgb="FFFFFFFF"></color>`, "xl/styles.xml"},
		"a style":        {sheet2, `<c r="B5" s="10"`, `<c r="B5" s="1"`, inFeeders + "!5:5"},
		"a height":       {sheet2, `<row r="6"`, `<row r="6" ht="15"`, inFeeders + "!6:6"},
		"a rich text":    {sheet2, `<is><t xml:space="preserve">=F1</t></is>`, `<is><r><t xml:space="preserve">=F1</t></r></is>`, inFeeders + "!5:5"},
		"a header":       {sheet2, `<headerFooter>`, `<headerFooter><oddHeader>approved</oddHeader>`, inFeeders + " (" + sheet2 + ")"},
		"a width":        {sheet2, `width="20"`, `width="9"`, inFeeders + " (" + sheet2 + ")"},
		"a print area":   {"xl/workbook.xml", `<definedNames>`, `<definedNames><definedName name="_xlnm.Print_Area" localSheetId="1">$A$1</definedName>`, "xl/workbook.xml"},
		"the properties": {"docProps/core.xml", "Outage hours", "Hours", "docProps/core.xml"},
	}
}

// Of a workbook that nobody saved again every byte counts; of another its looks are
// not compared.
func TestDressed(t *testing.T) {
	t.Parallel()
	whole := workbookOf(t, sample())
	for name, c := range dressings() {
		ours := repacked(t, whole, c.part, c.old, c.with)
		m := Compare(read(t, ours), read(t, whole))
		if m == nil || m.Sort != AStyle || m.Place != c.place || m.Different != 1 {
			t.Errorf("%s: %+v, want one style at %s", name, m, c.place)
		}
		if m := Compare(read(t, repacked(t, ours, appPart, ourApp, anotherApp)), read(t, whole)); m != nil {
			t.Errorf("%s, saved again: %+v", name, m)
		}
	}
}

// A workbook packed anew holds, and so does one that another program saved with the
// same cells, whatever parts it has.
func TestSavedAgain(t *testing.T) {
	t.Parallel()
	whole := workbookOf(t, sample())
	for name, c := range map[string]struct {
		data []byte
		by   string
	}{
		"packed anew":     {withPart(t, whole, "", ""), ""},
		"by another":      {repacked(t, whole, appPart, ourApp, anotherApp), "LibreOffice/24"},
		"by nobody known": {repacked(t, whole, appPart, ourApp, "<Application></Application>"), "?"},
		"with a theme":    {withPart(t, repacked(t, whole, appPart, ourApp, anotherApp), "xl/theme/theme2.xml", "<theme></theme>"), "LibreOffice/24"},
	} {
		said := read(t, c.data)
		if m := Compare(said, read(t, whole)); m != nil || said.SavedBy != c.by {
			t.Errorf("%s: saved by %q, want %q: %+v", name, said.SavedBy, c.by, m)
		}
	}
}

// withPart is a workbook with a part more.
func withPart(t *testing.T, data []byte, name, text string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range z.File {
		if err := out.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		to, err := out.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Parts that are too many are found: one more of our own workbook, and of any one
// that is there twice, or whose letters could mean something else.
func TestPartsTooMany(t *testing.T) {
	t.Parallel()
	whole := workbookOf(t, sample())
	saved := repacked(t, whole, appPart, ourApp, anotherApp)
	for name, c := range map[string]struct {
		data  []byte
		sort  Sort
		place string
	}{
		"one more":          {withPart(t, whole, "xl/more.xml", "<more></more>"), AStyle, "xl/more.xml"},
		"one twice":         {withPart(t, saved, "xl/Styles.xml", "<styles></styles>"), ALook, "xl/Styles.xml"},
		"of other letters":  {withPart(t, saved, "xl/more.xml", "<more>\xff\xfe</more>"), ALook, "xl/more.xml"},
		"a picture over it": {withPart(t, saved, "xl/media/image1.png", "x"), ALook, "xl/media/image1.png"},
	} {
		if m := Compare(read(t, c.data), read(t, whole)); m == nil || m.Sort != c.sort || m.Place != c.place {
			t.Errorf("%s: %+v, want %s", name, m, c.place)
		}
	}
}

// The numbers inside of texts, but not the digits of words.
func TestFiguresIn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"": nil, "F12 of 0bd1": nil, "共12项，其中3项未完成": {"12", "3"}, "−8 % and +1,234.5": {"−8", "+1,234.5"}, "2022-12-31": {"2022", "-12", "-31"}, "3h": nil,
	} {
		if diff := cmp.Diff(want, figuresIn(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// Underscores that begin the code of a letter are written as codes, also one that
// ends another.
func TestUncoded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "_x": "_x", "a_x0041b": "a_x0041b", "_x0041_": "_x005F_x0041_", "_x0041_x0042_": "_x005F_x0041_x005F_x0042_", "_x_x00e9_": "_x_x005F_x00e9_",
		"__x0041_x0042_x0043_": "__x005F_x0041_x005F_x0042_x005F_x0043_", "_X0041_": "_X0041_", "_x005F_": "_x005F_x005F_",
	} {
		got := uncoded(text)
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		data := workbookOf(t, &Document{Sections: []Section{{Title: "t", Text: []string{text + "."}}}})
		if value, err := open(t, data).GetCellValue("t", "A4"); value != text+"." || err != nil {
			t.Errorf("%q came back as %q, %v", text, value, err)
		}
	}
}
