package compliance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// One number is one however it is written, and another is another to the last digit.
func TestSameDecimal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"9.68e-05", "0.0000968", true}, {"1", "1.000", true}, {"+1", "1", true}, {"1E3", "1000", true}, {"-0", "0", true}, {"0e99", "0.0", true}, {"120", "1.2e+2", true}, {"0.10", "00.1", true},
		{"-1", "1", false}, {"1", "1.0000000000000000001", false}, {"1e5", "1e6", false}, {"10", "1", false}, {"1e999999999", "1", false}, {"1e99999999999999999999", "1e99999999999999999999", false},
		{"", "", false}, {"x", "x", false}, {"0x10", "16", false}, {"1,0", "1,0", false},
	} {
		if got := sameDecimal(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// Zeros and powers of ten that cancel out make no other number; another last digit
// does.
func TestSameDecimalScaled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v, zeros := rapid.Int64Range(-1e15, 1e15).Draw(t, "number"), rapid.IntRange(0, 20).Draw(t, "zeros")
		text := fmt.Sprint(v)
		if scaled := fmt.Sprintf("%d%se-%d", v, strings.Repeat("0", zeros), zeros); !sameDecimal(text, scaled) {
			t.Errorf("%s is not %s", text, scaled)
		}
		if sameDecimal(text, fmt.Sprint(v+1)) {
			t.Errorf("%s is %d", text, v+1)
		}
	})
}

// JSON of another program holds if its numbers do; what is no number, or no value, is
// told from what is written alike.
func TestCompareJSON(t *testing.T) {
	t.Parallel()
	whole := []byte(sampleJSON)
	for name, c := range map[string]struct {
		old, with string
		want      *Mismatch
	}{
		"another way":     {"0.25", "2.50E-1", nil},
		"another number":  {"0.25", "2.51E-1", &Mismatch{Place: "indices[0].saidi_hours", Said: "2.51E-1", Counted: "0.25", Different: 1}},
		"no value":        {"0.25", "null", &Mismatch{Place: "indices[0].saidi_hours", Counted: "0.25", Different: 1}},
		"a value":         {`"caifi": null`, `"caifi": 1`, &Mismatch{Place: "indices[0].caifi", Said: "1", Different: 1}},
		"null as a text":  {`"caifi": null`, `"caifi": "null"`, &Mismatch{Place: "indices[0].caifi", Sort: AText, Said: "null", Different: 1}},
		"empty as a text": {`"targets": []`, `"targets": "[]"`, &Mismatch{Place: "targets", Sort: AText, Said: "[]", Counted: "[]", Different: 1, Retyped: true}},
	} {
		if diff := cmp.Diff(c.want, Compare(read(t, replaced(t, whole, c.old, c.with)), read(t, whole))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A table with another number of rows is named, not what has moved in it; a wrong
// number elsewhere comes before it.
func TestCompareLengths(t *testing.T) {
	t.Parallel()
	page, book := htmlOf(t, sample()), workbookOf(t, sample())
	fewer, bare, without := sample(), sample(), sample()
	feeders := &fewer.Sections[2].Tables[0]
	feeders.Rows = feeders.Rows[1:]
	bare.Sections[2].Tables = bare.Sections[2].Tables[1:]
	without.Sections = without.Sections[:2]
	wrong := sample()
	wrong.Sections[2].Tables[0].Rows = feeders.Rows
	wrong.Sections[0].Tables[0].Rows[0][1].Number = number(9)
	for name, c := range map[string]struct {
		data, whole []byte
		want        Mismatch
	}{
		"fewer rows":         {htmlOf(t, fewer), page, Mismatch{Place: "table feeders", Sort: ALength, Said: "3", Counted: "4", Table: "feeders"}},
		"more rows":          {page, htmlOf(t, fewer), Mismatch{Place: "table feeders", Sort: ALength, Said: "4", Counted: "3", Table: "feeders"}},
		"no table":           {htmlOf(t, bare), page, Mismatch{Place: "table feeders", Sort: ALength, Counted: "4", Table: "feeders"}},
		"a table more":       {page, htmlOf(t, bare), Mismatch{Place: "table feeders", Sort: ALength, Said: "4", Table: "feeders"}},
		"fewer in a sheet":   {workbookOf(t, fewer), book, Mismatch{Place: "sheet " + inFeeders, Sort: ALength, Said: "10", Counted: "11", Table: inFeeders}},
		"no sheet":           {workbookOf(t, without), book, Mismatch{Place: "sheet " + inFeeders, Sort: ALength, Counted: "11", Table: inFeeders}},
		"another name":       {repacked(t, book, "xl/workbook.xml", `<sheet name="Targets"`, `<sheet name="Goals"`), book, Mismatch{Place: "sheet Targets", Sort: ALength, Counted: "10", Table: "Targets"}},
		"a number elsewhere": {htmlOf(t, wrong), page, Mismatch{Place: "table targets, row 1, column 2 (limit h)", Said: "9", Counted: "2.73", Table: "targets"}},
	} {
		m := Compare(read(t, c.data), read(t, c.whole))
		if m == nil || m.Different < 2 {
			t.Errorf("%s: %+v", name, m)
			continue
		}
		m.Different = 0
		if diff := cmp.Diff(c.want, *m); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Sheets in another order are a look.
func TestCompareOrder(t *testing.T) {
	t.Parallel()
	book := workbookOf(t, sample())
	const first, second = `<sheet name="Targets" sheetId="1" r:id="rId1"></sheet>`, `<sheet name="` + inFeeders + `" sheetId="2" r:id="rId4"></sheet>`
	turned := repacked(t, repacked(t, book, "xl/workbook.xml", first+second, second+first), appPart, ourApp, anotherApp)
	if m := Compare(read(t, turned), read(t, book)); m == nil || m.Sort != ALook || m.Place != "the order of the sheets" {
		t.Errorf("%+v", m)
	}
}
