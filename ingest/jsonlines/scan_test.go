package jsonlines

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A reading is what one Read gave.
type reading struct {
	Row   int
	Cells [][]byte // nil is not the same as empty
	Keys  []string
	Text  string // of what is malformed
	Error string
}

// readings is all that a reader gives, up to the end or an error that ends it.
func readings(read func() (int, [][]byte, error), keys func() []string) []reading {
	var all []reading
	for {
		row, cells, err := read()
		got := reading{Row: row, Keys: slices.Clone(keys())}
		for _, cell := range cells {
			got.Cells = append(got.Cells, bytes.Clone(cell))
		}
		var m *Malformed
		if errors.As(err, &m) {
			got.Row, got.Text = m.Row, m.Text
		}
		if err != nil {
			got.Error = err.Error()
		}
		all = append(all, got)
		if err != nil && m == nil {
			return all
		}
	}
}

// compare reads the same with a Reader and with the reference.
func compare(open func() io.Reader, array bool, limits Limits) string {
	r, slow := NewReader(open(), array, limits), reference{NewReader(open(), array, limits)}
	return cmp.Diff(readings(slow.Read, slow.Keys), readings(r.Read, r.Keys))
}

// What texts of JSON are made of, well formed and not.
var (
	someStrings = []string{
		`"a"`, `"a"`, `"b"`, `"event_id"`, `"A"`, `""`, `"市区"`, `"\u5e02"`, `"\u5E0F"`, `"\ud83d\ude00"`, `"\ud83d\nde00"`, `"\ud83d"`, `"\ude00x"`, `"\ud83d\ud83d\ude00"`,
		`"\ud83d\n"`, `"\"\\\/\b\f\n\r\t"`, `"\u0061"`, `"\u00"`, `"\ud83d\uzzzz"`, `"\'"`, `"\x"`, "\"\xff\"", "\"\xe5\xb8\"", "\"\xed\xa0\x80\"",
		"\"\xffand\\n\xff\"", "\"\t\"", "\"\x7f\"", "\"\x00\"", `"seven b\"`, `"eight by"`, `"longer than two words of eight, and 市"`, "\"\u2028\"", `"`,
		`"]},{"`, `"\\"`, `"\\\""`, "\"\xc2\xa0\"",
	}
	someValues = []string{
		"0", "-0", "1", "-12", "1.50", "1e5", "1E+5", "1.5e-05", "12345678901234567890", "01", "1.", ".5", "-", "1e", "1e+", "+1", "1x", "0x1", "NaN",
		"true", "false", "null", "tru", "nulls", "True", "[]", "{}", "[1, \"]\", {\"a\": null}]", `{"b":[{}]}`, `["\"",'x']`, `["\"", "\\", 1]`, "[1}", "{]", "[1,]", `{"a"}`,
		`["\ud83d"]`, "[\"\xff\"]", `[[[[]]]]`, "", "[",
	}
	someSpace      = []string{"", "", "", "", " ", "\t", "\r", "  ", "\u00a0", "\x00"}
	someSeparators = []string{",", ",", ",", ",", ",", ",", "", ",,", "}", "]", ";"}
)

// often draws the usual text, and now and then one of others.
func often(t *rapid.T, usual string, others ...string) string {
	if rapid.IntRange(0, 19).Draw(t, "odd") > 0 {
		return usual
	}
	return rapid.SampledFrom(others).Draw(t, "other")
}

// drawObject draws an object that is often, but not always, well formed.
func drawObject(t *rapid.T) string {
	var text strings.Builder
	space := func() { text.WriteString(rapid.SampledFrom(someSpace[:8]).Draw(t, "space")) }
	oddly := func(usual string, others ...string) { space(); text.WriteString(often(t, usual, others...)); space() }
	oddly("{", "", "[", "{{", "\u00a0{", "x")
	for i := range rapid.IntRange(0, 5).Draw(t, "members") {
		if i > 0 {
			oddly(",", someSeparators...)
		}
		text.WriteString(rapid.SampledFrom(someStrings).Draw(t, "key"))
		oddly(":", "", "::", "=", ",")
		text.WriteString(rapid.SampledFrom(append(someValues, someStrings...)).Draw(t, "value"))
	}
	oddly("}", "", "}}", "} x", ",}", "]", "}\u00a0", "}\x00")
	return text.String()
}

// drawText draws lines of objects, or an array of them.
func drawText(t *rapid.T, array bool) string {
	objects := rapid.SliceOfN(rapid.Custom(drawObject), 0, 6).Draw(t, "objects")
	if array {
		between := often(t, ",\n", ",", ",,", "", ", 7 ,", "\n")
		return often(t, "[", " [", "", "[[") + strings.Join(objects, between) + often(t, "]\n", "", "] x", ",]", "]]")
	}
	return strings.Join(objects, often(t, "\n", "\r\n", "\n\n \n", "", "\r")) + rapid.SampledFrom(someSpace).Draw(t, "end")
}

// drawSource draws how a text comes: at once, byte by byte, from a stream that
// breaks.
func drawSource(t *rapid.T, text string) func() io.Reader {
	kind := rapid.IntRange(0, 3).Draw(t, "source")
	return func() io.Reader {
		src := io.Reader(strings.NewReader(text))
		switch kind {
		case 1:
			return iotest.OneByteReader(src)
		case 2:
			return iotest.DataErrReader(src)
		case 3:
			return io.MultiReader(src, iotest.ErrReader(errors.New("the line is cut")))
		}
		return src
	}
}

// The scan changes nothing but the time that reading takes: rows, keys, cells and
// errors are those of encoding/json, whatever is wrong with a text.
func TestLawAsEncodingJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		array := rapid.Bool().Draw(t, "array")
		text := drawText(t, array)
		limits := Limits{
			Record:  rapid.SampledFrom([]int{1 << 20, 1 << 20, 60, 20}).Draw(t, "record"),
			Columns: rapid.SampledFrom([]int{1000, 1000, 4, 2, 0}).Draw(t, "columns"),
		}
		if diff := compare(drawSource(t, text), array, limits); diff != "" {
			t.Errorf("%q (-encoding/json +scan):\n%s", text, diff)
		}
	})
}

// Texts longer than the buffer are the same, wherever its end falls.
func TestAsEncodingJSONAcrossBuffers(t *testing.T) {
	t.Parallel()
	element := `{"a":"x\"\\","市":[1,"]",{"b":"\u5e02"}],` + "\n" + `"c":"市区"}`
	for name, array := range map[string]bool{"lines": false, "array": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for shift := range 2*len(element) + 4 {
				text := strings.Repeat(strings.ReplaceAll(element, "\n", " ")+"\n", 3)
				if array {
					text = "[" + strings.Repeat(element+",\n", 2) + "7]"
				}
				text = strings.Repeat(" ", 1<<16-shift) + text
				if diff := compare(func() io.Reader { return strings.NewReader(text) }, array, testLimits); diff != "" {
					t.Fatalf("%d bytes before the buffer's end (-encoding/json +scan):\n%s", shift, diff)
				}
			}
		})
	}
}

// The scan is sure of every JSON object and of nothing else.
func TestLawSure(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := drawObject(t)
		if got, want := isSure(text), isObject(text); got != want {
			t.Errorf("%q: sure %t, an object %t", text, got, want)
		}
	})
}

func isSure(text string) bool {
	return NewReader(nil, false, testLimits).scan([]byte(text))
}

func isObject(text string) bool {
	return json.Valid([]byte(text)) && strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{")
}

// Every byte, before and behind the end of a word of eight, is taken for what it
// is.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		for before := range 10 {
			text := `{"a":"` + strings.Repeat("x", before) + string([]byte{byte(c)}) + `end of it","b":[1]}`
			if got, want := isSure(text), isObject(text); got != want {
				t.Errorf("%q: sure %t, an object %t", text, got, want)
			}
			if diff := compare(func() io.Reader { return strings.NewReader(text) }, false, testLimits); diff != "" {
				t.Errorf("%q (-encoding/json +scan):\n%s", text, diff)
			}
		}
	}
}

// Limits are the same to the byte and to the key.
func TestEveryLimit(t *testing.T) {
	t.Parallel()
	object := `{"a":1,"b":"\n","a":2,"c":[3]}`
	for name, text := range map[string]string{"lines": object + "\n" + object, "array": "[" + object + "," + object + "]"} {
		for limit := range len(object) + 4 {
			for _, limits := range []Limits{{limit, 1000}, {1000, limit}} {
				if diff := compare(func() io.Reader { return strings.NewReader(text) }, name == "array", limits); diff != "" {
					t.Errorf("%s, %+v (-encoding/json +scan):\n%s", name, limits, diff)
				}
			}
		}
	}
}

// An object with more members than a text may have columns costs no more memory
// than one with as many.
func TestMembersAreBounded(t *testing.T) {
	t.Parallel()
	r := NewReader(strings.NewReader("{"+strings.Repeat(`"a":1,`, 100)+`"a":2}`), false, Limits{Record: 1000, Columns: 10})
	_, cells, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(cells[0]); got != "2" {
		t.Errorf("cell %q, want that of the last member", got)
	}
	if len(r.members) > 10 {
		t.Errorf("%d members kept, want 10 at most", len(r.members))
	}
}

// A row holds until the next one is read, whatever of it was decoded.
func TestRowsKeepTheirTexts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(`\n市`, 1000)
	r := NewReader(strings.NewReader(`{"a":"\u5e02","b":"`+long+`","c":"plain","d":"\n"}`), false, testLimits)
	_, cells, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"市", strings.Repeat("\n市", 1000), "plain", "\n"}
	for i, cell := range cells {
		if string(cell) != want[i] {
			t.Errorf("cell %d is %.40q, want %.40q", i, cell, want[i])
		}
	}
}

// Typical rows cost no memory. What is allocated is counted for the whole program,
// so this runs alone.
func TestReadAllocates(t *testing.T) {
	const rows = 1000
	for _, form := range []string{"lines", "escaped", "array"} {
		text := typical(form, rows)
		r := NewReader(bytes.NewReader(text), form == "array", testLimits)
		if _, _, err := r.Read(); err != nil { // columns and buffers
			t.Fatal(err)
		}
		got := testing.AllocsPerRun(rows-2, func() {
			if _, _, err := r.Read(); err != nil {
				t.Fatal(err)
			}
		})
		if got != 0 {
			t.Errorf("%s: %v allocations a row, want none", form, got)
		}
		if len(r.decoded) > len(r.record) {
			t.Errorf("%s: the decoded texts of earlier rows are kept", form)
		}
	}
}

// Whatever the text, the scan changes nothing.
func FuzzAsEncodingJSON(f *testing.F) {
	for _, text := range append(someStrings, someValues...) {
		f.Add([]byte(`{"a":`+text+"}\n{"+text+":1}"), false, 1000)
		f.Add([]byte(`[{"a":`+text+"},{"+text+":1}]"), true, 2)
	}
	f.Fuzz(func(t *testing.T, text []byte, array bool, columns int) {
		limits := Limits{Record: 1 << 20, Columns: max(columns, 0) % 1001}
		if diff := compare(func() io.Reader { return bytes.NewReader(text) }, array, limits); diff != "" {
			t.Errorf("(-encoding/json +scan):\n%s", diff)
		}
		if got, want := isSure(string(text)), isObject(string(text)); got != want && len(text) < 5000 { // members and depth within the limits
			t.Errorf("sure %t, an object %t", got, want)
		}
	})
}
