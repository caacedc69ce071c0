package compliance

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/snapshot"
)

func htmlOf(t testing.TB, d *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.HTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t testing.TB, data []byte) *Paper {
	t.Helper()
	p, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const (
	sampleJSON = `{"schema_version": 1, "provenance": {"program": "saidi v1", "policy": {"id": "p", "sha256": "aa"}, "base_sha256": "bb", "as_of": "2023-01-01T00:00:00+08:00",
 "known_at": 2, "inputs": [{"path": "events.csv", "sha256": "cc", "rows": 3}], "notes": ["as-of lies after now: outages", "base.csv: columns not read"]},
 "indices": [{"scope": "xining", "window": "year", "from": "2022-01-01T00:00:00+08:00", "saidi_hours": 0.25, "caifi": null, "cemi": {}}, {"window": "prior_year"}], "targets": []}`
	sampleCSV = "scope,class,saidi_hours\nxining,rural,0.25\n\"a\nb\",all,-1e-07\n"
)

// What a report says of itself comes back, and each form has its places.
func TestRead(t *testing.T) {
	t.Parallel()
	d := sample()
	asked := snapshot.Asked{AsOf: "2023-01-01T00:00:00+08:00", KnownAt: 2, Year: 2022}
	for name, c := range map[string]struct {
		data  []byte
		form  string
		stamp Stamp
		items map[string]Item
	}{
		"html": {htmlOf(t, d), "html", d.Stamp, map[string]Item{
			"table feeders, row 2, column 2 (customer-hours)": {Table: "feeders", Value: "10.125", Shown: "10.125"},
			"table feeders, row 3, column 4 (hours)":          {Table: "feeders", Value: "0.00375", Shown: "0.00"},
			"table feeders, row 3, column 1 (feeder)":         {Table: "feeders", Sort: AText, Value: "=F3"},
			"table targets, row 1, column 3 (verdict)":        {Table: "targets", Sort: AText, Value: "missed"},
			"targets, h2 1": {Sort: AText, Value: "Targets"},
		}},
		"workbook": {workbookOf(t, d), "xlsx", d.Stamp, map[string]Item{
			"Feeders- worst-all -2022-!B8": {Table: "Feeders- worst-all -2022-", Value: "30.5", Shown: "30.5", Formula: "SUM(B5:B7)", Resaved: true},
			"Feeders- worst-all -2022-!D7": {Table: "Feeders- worst-all -2022-", Value: "0.00375", Shown: "0.00", Formula: "B7/C7", Resaved: true},
			"Feeders- worst-all -2022-!A5": {Table: "Feeders- worst-all -2022-", Sort: AText, Value: "=F1", Shown: "=F1"},
			"Targets":                      {Sort: ALook, Value: "visible"},
			"saidi":                        {Sort: ALook, Value: "hidden"},
		}},
		"json": {[]byte(sampleJSON), "json", Stamp{
			Program: "saidi v1", Asked: asked, Policy: snapshot.Digest{ID: "p", SHA256: "aa"}, BaseSHA256: "bb", Inputs: []Input{{"events.csv", "cc"}},
			Noted: []string{"as-of lies after now", "base.csv"}, Future: true,
		}, map[string]Item{
			"indices[0].saidi_hours":    {Value: "0.25", Plain: true},
			"indices[0].caifi":          {Sort: AText, Word: true, Value: "null"},
			"indices[0].cemi":           {Sort: AText, Word: true, Value: "{}"},
			"targets":                   {Sort: AText, Word: true, Value: "[]"},
			"provenance.inputs[0].rows": {Value: "3", Plain: true},
		}},
		"csv": {[]byte("\ufeff" + sampleCSV), "csv", Stamp{}, map[string]Item{
			"head, column 3":      {Sort: AText, Value: "saidi_hours"},
			"line 2, saidi_hours": {Value: "0.25", Plain: true},
			"line 3, scope":       {Sort: AText, Value: "a\nb"},
			"line 3, saidi_hours": {Value: "-1e-07", Plain: true},
		}},
	} {
		p := read(t, c.data)
		if p.Form != c.form {
			t.Errorf("%s: form %q, want %q", name, p.Form, c.form)
		}
		if diff := cmp.Diff(c.stamp, p.Stamp); diff != "" {
			t.Errorf("%s: stamp (-want +got):\n%s", name, diff)
		}
		got := map[string]Item{}
		for _, i := range p.Items {
			if _, twice := got[i.Place]; twice {
				t.Errorf("%s: two items at %s", name, i.Place)
			}
			place := i.Place
			i.Place = ""
			got[place] = i
		}
		for place, want := range c.items {
			if diff := cmp.Diff(want, got[place]); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", name, place, diff)
			}
		}
	}
}

// Which year or window a JSON was asked for is found from the windows it shows.
func TestShown(t *testing.T) {
	t.Parallel()
	entry := func(window, from string) windowShown {
		return windowShown{Window: window, From: from + "T00:00:00+08:00", To: "2023-01-01T00:00:00+08:00"}
	}
	for name, c := range map[string]struct {
		entries []windowShown
		year    int
		window  string
	}{
		"nothing":      {},
		"a year":       {entries: []windowShown{entry("year", "2022-01-01"), entry("prior_year", "2021-01-01"), entry("month", "2022-03-01")}, year: 2022},
		"so far":       {entries: []windowShown{entry("ytd", "2022-01-01"), entry("ytd", "2022-01-01"), entry("prior_ytd", "2021-01-01")}, year: 2022},
		"two years":    {entries: []windowShown{entry("ytd", "2023-01-01"), entry("year", "2022-01-01")}},
		"its own time": {entries: []windowShown{entry("custom", "2022-02-01")}, window: "2022-02-01T00:00:00+08:00..2023-01-01T00:00:00+08:00"},
	} {
		year, window := shown(c.entries)
		if year != c.year || window != c.window {
			t.Errorf("%s: %d, %q, want %d, %q", name, year, window, c.year, c.window)
		}
	}
}

// What is no report is told from one that is torn.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	var foreign bytes.Buffer
	if err := errors.Join(book.Write(&foreign), book.Close()); err != nil {
		t.Fatal(err)
	}
	whole := workbookOf(t, sample())
	for name, c := range map[string]struct {
		data []byte
		none bool
		want string
	}{
		"nothing":             {nil, true, ""},
		"another page":        {[]byte("<!DOCTYPE html><p>hello"), true, ""},
		"a page without hash": {[]byte(`<meta name="saidi-asked" content="{}">`), true, ""},
		"a page that lies":    {[]byte(`<meta name="saidi-asked" content="x">`), false, "read what the report says of itself"},
		"another workbook":    {foreign.Bytes(), true, ""},
		"half a workbook":     {whole[:len(whole)/2], false, "read the workbook"},
		"another JSON":        {[]byte(`{"a": 1}`), true, ""},
		"half a JSON":         {[]byte(sampleJSON[:200]), false, "read the report"},
		"two JSONs":           {[]byte(sampleJSON + "{}"), false, "read the report"},
		"deep JSON":           {[]byte(`{"x":` + strings.Repeat("[", 90) + strings.Repeat("]", 90) + "," + sampleJSON[1:]), false, "more than 64 deep"},
		"another CSV":         {[]byte("a,b\n1,2\n"), true, ""},
		"half a CSV":          {[]byte("scope,class\nx,\"y\n"), false, "read the report"},
		"bytes":               {[]byte{0, 1, 2, 0xff}, true, ""},
	} {
		_, err := Read(bytes.NewReader(c.data), int64(len(c.data)))
		if err == nil || errors.Is(err, ErrNoReport) != c.none || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A report is equal to itself.
func TestCompareSame(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{"html": htmlOf(t, sample()), "workbook": workbookOf(t, sample()), "json": []byte(sampleJSON), "csv": []byte(sampleCSV)} {
		p := read(t, data)
		if m := Compare(p, read(t, data)); m != nil {
			t.Errorf("%s: %+v", name, m)
		}
		numbers, texts := p.Count()
		if numbers == 0 || texts == 0 {
			t.Errorf("%s: %d numbers, %d texts", name, numbers, texts)
		}
	}
}

// replaced is data with one text in place of another, which must be there.
func replaced(t *testing.T, data []byte, old, with string) []byte {
	t.Helper()
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%q is not there", old)
	}
	return bytes.Replace(data, []byte(old), []byte(with), 1)
}

// repacked is a workbook with one text in place of another, in one of its parts.
func repacked(t *testing.T, data []byte, part, old, with string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range z.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			text = replaced(t, text, old, with)
		}
		to, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every way to change what a reader sees, or what a cell holds, is found at its
// place.
func TestCompareTampered(t *testing.T) {
	t.Parallel()
	page, book := htmlOf(t, sample()), workbookOf(t, sample())
	const feeders = "xl/worksheets/sheet2.xml"
	cell := "Feeders- worst-all -2022-!"
	for name, c := range map[string]struct {
		whole, data []byte
		want        Mismatch
	}{
		"what is seen":    {page, replaced(t, page, ">10.125<", ">1.125<"), Mismatch{"table feeders, row 2, column 2 (customer-hours)", ANumber, "1.125", "10.125", 1, false, ""}},
		"what is exact":   {page, replaced(t, page, `data-n="10.125"`, `data-n="1.125"`), Mismatch{"table feeders, row 2, column 2 (customer-hours)", ANumber, "1.125", "10.125", 1, false, ""}},
		"no exact number": {page, replaced(t, page, ` data-n="10.125"`, ""), Mismatch{"table feeders, row 2, column 2 (customer-hours)", ANumber, "10.125", "10.125", 1, true, ""}},
		"a text":          {page, replaced(t, page, "西宁市", "海东市"), Mismatch{"table targets, row 1, column 1 (area)", AText, "海东市", "西宁市", 1, false, ""}},
		"a style":         {page, replaced(t, page, "</style>", "td{display:none}</style>"), Mismatch{"page, style 1", AStyle, "", "", 1, false, ""}},
		"a hidden row":    {page, replaced(t, page, "<tbody>\n<tr>", "<tbody>\n<tr hidden>"), Mismatch{"targets, <tr> #2", ALook, "hidden=\"\"", "", 1, false, ""}},
		"a caption":       {page, replaced(t, page, `<caption id="feeders-caption">`, `<caption hidden id="feeders-caption">`), Mismatch{"feeders, <caption>", ALook, `hidden="" id="feeders-caption"`, `id="feeders-caption"`, 1, false, ""}},
		"a wrapper":       {page, replaced(t, page, "</h1>", "</h1><div></div>"), Mismatch{"page, <div> #3", AStyle, "", "", 1, false, ""}},
		"a class":         {page, replaced(t, page, `class="badge missed"`, `class="badge met"`), Mismatch{"table targets, row 1, column 3 (verdict), <span>", AStyle, `class="badge met"`, `class="badge missed"`, 1, false, ""}},
		"another page":    {page, replaced(t, page, "<title>", `<meta http-equiv="refresh" content="0; url=x"><title>`), Mismatch{"page, <meta> #6", ALook, `content="0; url=x" http-equiv="refresh"`, "", 1, false, ""}},
		"a looser policy": {page, replaced(t, page, "default-src &#39;none&#39;", "default-src *"), Mismatch{"page, <meta> but for its style", ALook, "", "", 2, false, ""}},
		"what is asked":   {page, replaced(t, page, "2023-01-01T00:00:00&#43;08:00", "2023-01-02T00:00:00&#43;08:00"), Mismatch{"page, <meta> #5", AStyle, "", "", 1, false, ""}},
		"a script inside": {page, replaced(t, page, "<tbody>", "<tbody><script>x()</script>"), Mismatch{"targets, <script>", ALook, "", "", 1, false, ""}},
		"a number inside": {page, replaced(t, page, "SYNTHETIC DATA", "SYNTHETIC DATA of 3 areas"), Mismatch{"page, p 1", ANumber, "SYNTHETIC DATA of 3 areas", "SYNTHETIC DATA", 1, false, ""}},
		"a drawing":       {page, replaced(t, page, "<svg>", `<svg width="9">`), Mismatch{"curves, <svg>", ALook, `width="9"`, "", 1, false, ""}},
		"a script":        {page, replaced(t, page, "</body>", "<script>x()</script></body>"), Mismatch{"page, <script>", ALook, "", "", 2, false, ""}},

		"a number":          {book, repacked(t, book, feeders, "<v>100</v>", "<v>101</v>"), Mismatch{cell + "C5", ANumber, "101", "100", 1, false, ""}},
		"a number as text":  {book, repacked(t, book, feeders, `><v>100</v></c>`, ` t="inlineStr"><is><t>100</t></is></c>`), Mismatch{cell + "C5", ANumber, "100", "100", 2, true, ""}},
		"a formula":         {book, repacked(t, book, feeders, "SUM(B5:B7)", "SUM(B5:B6)"), Mismatch{cell + "B8", ANumber, "=SUM(B5:B6)", "=SUM(B5:B7)", 1, false, ""}},
		"a value beside it": {book, repacked(t, book, feeders, "</f><v>30.5</v>", "</f><v>3.5</v>"), Mismatch{cell + "B8", ANumber, "3.5", "30.5", 1, false, ""}},
		"a text in a cell":  {book, repacked(t, book, feeders, "=F3", "=F4"), Mismatch{cell + "A7", AText, "=F4", "=F3", 1, false, ""}},
		"a format":          {book, repacked(t, book, "xl/styles.xml", `formatCode="0.00"`, `formatCode="&quot;9.99&quot;"`), Mismatch{"Targets!B10", ANumber, "9.99", "2.73", 6, false, ""}},
		"a hidden sheet":    {book, repacked(t, book, "xl/workbook.xml", `name="Targets"`, `state="hidden" name="Targets"`), Mismatch{"Targets", ALook, "hidden", "visible", 2, false, ""}},
		"what it was of":    {book, repacked(t, book, "xl/worksheets/sheet3.xml", "events.csv", "other.csv"), Mismatch{"saidi!A2", AText, `{"path":"other.csv","sha256":"cc"}`, `{"path":"events.csv","sha256":"cc"}`, 1, false, ""}},

		"JSON":           {[]byte(sampleJSON), replaced(t, []byte(sampleJSON), "0.25", "0.5"), Mismatch{"indices[0].saidi_hours", ANumber, "0.5", "0.25", 1, false, ""}},
		"JSON to a text": {[]byte(sampleJSON), replaced(t, []byte(sampleJSON), "0.25", `"0.25"`), Mismatch{"indices[0].saidi_hours", ANumber, "0.25", "0.25", 1, true, ""}},
		"less JSON":      {[]byte(sampleJSON), replaced(t, []byte(sampleJSON), `"saidi_hours": 0.25, `, ""), Mismatch{"indices[0].saidi_hours", ANumber, "", "0.25", 1, false, ""}},
		"more JSON":      {[]byte(sampleJSON), replaced(t, []byte(sampleJSON), `"targets": []`, `"targets": [1]`), Mismatch{"targets[0]", ANumber, "1", "", 2, false, ""}},
		"CSV":            {[]byte(sampleCSV), replaced(t, []byte(sampleCSV), "0.25", "0.5"), Mismatch{"line 2, saidi_hours", ANumber, "0.5", "0.25", 1, false, ""}},
		"more CSV":       {[]byte(sampleCSV), append([]byte(sampleCSV), "x,y,1\n"...), Mismatch{"line 5, saidi_hours", ANumber, "1", "", 3, false, ""}},
		"text and number": {
			[]byte(sampleCSV), replaced(t, replaced(t, []byte(sampleCSV), "xining", "x"), "-1e-07", "0"), Mismatch{"line 3, saidi_hours", ANumber, "0", "-1e-07", 2, false, ""},
		},
	} {
		m := Compare(read(t, c.data), read(t, c.whole))
		if m == nil {
			t.Errorf("%s: not found", name)
			continue
		}
		m.Table = ""
		if strings.HasPrefix(m.Place, "page, style") || strings.HasPrefix(m.Place, "page, <meta> but") || m.Place == "page, <meta> #5" {
			m.Said, m.Counted = "", ""
		}
		if diff := cmp.Diff(c.want, *m); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A picture over the cells of a workbook is found.
func TestCompareOverCells(t *testing.T) {
	t.Parallel()
	data := workbookOf(t, sample())
	f := open(t, data)
	if err := f.AddComment("Targets", excelize.Comment{Cell: "B10", Author: "x", Text: "1.00"}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	m := Compare(read(t, b.Bytes()), read(t, data))
	if m == nil || m.Sort != ALook || !strings.Contains(m.Place, "xl/") {
		t.Errorf("%+v", m)
	}
}

// What a spreadsheet saves again has fewer digits, and formulas worked out anew; that
// is no other number. What is more than that is.
func TestCompareResaved(t *testing.T) {
	t.Parallel()
	third := 1.0 / 3
	of := func(v float64) *Paper {
		return read(t, workbookOf(t, &Document{Stamp: sample().Stamp, Sections: []Section{{Title: "t", Tables: []Table{{Columns: []Column{{Head: "h", Kind: Share}}, Rows: [][]Cell{{{Number: &v}}}}}}}}))
	}
	for _, c := range []struct {
		was, is float64
		same    bool
	}{
		{third, 0.333333333333333, true}, {third * 1e9, 333333333.333333, true}, {0, 1e-17, true}, {12.5, 12.5 * (1 + 1e-14), true},
		{third, 0.33333333, false}, {1e9, 1e9 + 0.01, false}, {0, 1e-8, false}, {1, -1, false},
	} {
		if m := Compare(of(c.is), of(c.was)); (m == nil) != c.same {
			t.Errorf("%v for %v: %+v", c.is, c.was, m)
		}
	}
}

// Any one digit of any number that is changed is found, and all else is not.
func TestCompareFindsEveryNumber(t *testing.T) {
	t.Parallel()
	page := read(t, htmlOf(t, sample()))
	rapid.Check(t, func(t *rapid.T) {
		said := &Paper{Items: append([]Item{}, page.Items...), Lengths: page.Lengths}
		i := rapid.IntRange(0, len(said.Items)-1).Draw(t, "item")
		want, added := &page.Items[i], " x"
		if want.Sort == ANumber {
			added = "1"
		}
		said.Items[i].Value += added
		m := Compare(said, page)
		if m == nil || m.Place != want.Place || m.Sort != want.Sort || m.Counted != want.Value || m.Said != want.Value+added || m.Different != 1 {
			t.Fatalf("%+v, want that of %+v", m, want)
		}
	})
}

// Reading never breaks, whatever the bytes.
func FuzzRead(f *testing.F) {
	for _, data := range [][]byte{htmlOf(f, sample()), workbookOf(f, sample()), []byte(sampleJSON), []byte(sampleCSV)} {
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Read(bytes.NewReader(data), int64(len(data)))
		if (p == nil) == (err == nil) {
			t.Fatalf("%v and %v", p, err)
		}
		if p != nil && Compare(p, p) != nil {
			t.Error("a report differs from itself")
		}
	})
}
