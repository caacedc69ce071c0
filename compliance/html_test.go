package compliance_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/saidi-exporter/saidi/compliance"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// parse reads an HTML as browsers do.
func parse(t *testing.T, text string) *xhtml.Node {
	t.Helper()
	root, err := xhtml.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func attribute(n *xhtml.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func content(n *xhtml.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == xhtml.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// outline lists the elements of a page with their attributes' names; what is drawn
// is one element.
func outline(root *xhtml.Node) []string {
	var all []string
	var walk func(n *xhtml.Node)
	walk = func(n *xhtml.Node) {
		if n.Type == xhtml.ElementNode {
			name := n.Data
			for _, a := range n.Attr {
				if a.Key != "class" { // a long word has one
					name += " " + a.Key
				}
			}
			all = append(all, name)
		}
		if n.DataAtom == atom.Svg || n.Data == "svg" {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return all
}

// hostile are names that want to be more than names.
func hostile() map[string]string {
	return map[string]string{
		"script":        `<script>alert(1)</script>`,
		"attribute":     `" onload="alert(1)' x='`,
		"comment":       `<!-- --> ]]> </style></table></svg>`,
		"right to left": "abc\u202egpj.exe\u2066",
		"Arabic":        "محطة ١",
		"long":          strings.Repeat("长w", 100),
		"emoji":         "⚡️👩‍🔧🇨🇳",
		"formula":       "=HYPERLINK(\"http://x\")",
		"entity":        "&lt;b&gt; &amp;",
		"style":         `\"; } * { display: none } @import 'x`,
	}
}

// rename puts a name in place of all that comes from outside.
func rename(name string) *snapshot.Dossier {
	d := dossier()
	text := policy.Text{Zh: name, En: name}
	d.Title, d.Areas[0].Name, d.Scopes[0].Name, d.Rules[0].Name = text, text, text, text
	d.Provenance.Program, d.Provenance.Inputs[0].Path, d.Provenance.Inputs[0].Content, d.Provenance.Policy.ID = name, name, name, name
	d.Provenance.Notes = append(d.Provenance.Notes, outage.Note{Path: name, Code: "no-rows"})
	d.Rejects[0] = snapshot.Reject{Path: name, Sheet: name, Row: 7, EventID: name, Column: name, Value: name, Reason: "end-before-start"}
	d.Suspicious[0].Path, d.Suspicious[0].EventID, d.Excluded[0].EventID, d.OpenOutages[0].Sheet = name, name, name, name
	d.Feeders[0].Lines[0].Feeder = name
	for i := range d.Targets {
		d.Targets[i].Name, d.Targets[i].ClassName, d.Targets[i].Clause, d.Targets[i].Arithmetic = text, text, name, name
	}
	for i := range d.Targets[0].Measures {
		d.Targets[0].Measures[i] = snapshot.Measure{Measure: name, Responsible: name, Due: name, State: name, Note: name}
	}
	for i := range d.Indices {
		if d.Indices[i].Scope == "xining" {
			d.Indices[i].Name = text
		}
	}
	return d
}

// Names from outside stay names: the page has the same elements as with plain
// ones, but for bdi around what may run from right to left, and shows them whole.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	plain := outline(parse(t, html(t, rename("plain"), wording.Chinese)))
	for kind, name := range hostile() {
		for _, l := range languages() {
			root := parse(t, html(t, rename(name), l))
			if diff := cmp.Diff(without(plain, "bdi"), without(outline(root), "bdi")); diff != "" {
				t.Errorf("%s %s: other elements (-plain +%s):\n%s", kind, l, kind, diff)
			}
			for table, cell := range map[string]int{"rejected": 3, "feeders-xining": 0, "inputs": 0, "measures": 3} {
				if got := cellOf(t, root, table, cell); got != name {
					t.Errorf("%s %s: the first row of %s says %q, want %q", kind, l, table, got, name)
				}
			}
		}
	}
}

func without(list []string, name string) []string {
	var rest []string
	for _, one := range list {
		if one != name {
			rest = append(rest, one)
		}
	}
	return rest
}

// cellOf is the text of a cell of the first row of a table.
func cellOf(t *testing.T, root *xhtml.Node, table string, column int) string {
	t.Helper()
	for n := range root.Descendants() {
		if id, _ := attribute(n, "id"); id != table || n.DataAtom != atom.Table {
			continue
		}
		for row := range n.Descendants() {
			if row.DataAtom == atom.Tr && row.Parent.DataAtom == atom.Tbody {
				cell := row.FirstChild
				for range column {
					cell = cell.NextSibling
				}
				return content(cell)
			}
		}
	}
	t.Fatalf("no table %s", table)
	return ""
}

// What is no text at all is replaced, and the rest of it stays.
func TestBrokenNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"a\x00b": "a\uFFFDb", "a\xffb": "a\uFFFDb"} {
		if got := cellOf(t, parse(t, html(t, rename(name), wording.English)), "rejected", 3); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}

// Text that may run from right to left does not turn what is beside it.
func TestIsolated(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"plain 线路": false, "abc\u202edef": true, "محطة": true} {
		cell := regexp.MustCompile(`<th scope="row"( class="long")?><bdi>` + regexp.QuoteMeta(name) + `</bdi>`)
		if got := cell.MatchString(html(t, rename(name), wording.English)); got != want {
			t.Errorf("%q: isolated %v, want %v", name, got, want)
		}
	}
}

// A page loads nothing and runs nothing: the one style sheet is allowed by its
// digest, and no element names an address beyond the page.
func TestContentSecurity(t *testing.T) {
	t.Parallel()
	for kind, name := range hostile() {
		root := parse(t, html(t, rename(name), wording.Chinese))
		var allowed, style string
		for n := range root.Descendants() {
			switch {
			case n.DataAtom == atom.Script || n.DataAtom == atom.Link || n.DataAtom == atom.Iframe:
				t.Errorf("%s: an element %s", kind, n.Data)
			case n.DataAtom == atom.Style && n.Namespace == "":
				style = content(n)
			case n.DataAtom == atom.Meta:
				if about, _ := attribute(n, "http-equiv"); about == "Content-Security-Policy" {
					allowed, _ = attribute(n, "content")
				}
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || (a.Key == "href" && !strings.HasPrefix(a.Val, "#")) {
					t.Errorf("%s: %s has %s=%q", kind, n.Data, a.Key, a.Val)
				}
			}
		}
		sum := sha256.Sum256([]byte(style))
		if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(allowed, "style-src "+want) || !strings.Contains(allowed, "default-src 'none'") {
			t.Errorf("%s: the policy is %q, the style's digest %s", kind, allowed, want)
		}
		if strings.Contains(style, "url(") || regexp.MustCompile(`@import [^;]*;`).MatchString(style) || strings.Count(style, "{") != strings.Count(style, "}") {
			t.Errorf("%s: the style is not ours alone", kind)
		}
	}
}

// Every element with an id has one of its own, also where a section and a table are
// called alike, and every link and label of the page leads to one.
func TestIDs(t *testing.T) {
	t.Parallel()
	for _, l := range languages() {
		ids, uses := map[string]int{}, map[string]bool{}
		for n := range parse(t, html(t, dossier(), l)).Descendants() {
			if id, ok := attribute(n, "id"); ok {
				ids[id]++
			}
			for _, name := range []string{"href", "aria-labelledby", "aria-describedby"} {
				if value, ok := attribute(n, name); ok {
					uses[strings.TrimPrefix(value, "#")] = true
				}
			}
		}
		for id, n := range ids {
			if n != 1 {
				t.Errorf("%s: %d elements are called %q", l, n, id)
			}
		}
		for id := range uses {
			if ids[id] == 0 {
				t.Errorf("%s: nothing is called %q", l, id)
			}
		}
		if ids["part-monthly"]+ids["monthly"]+ids["part-rejected"]+ids["rejected"] != 4 {
			t.Errorf("%s: sections and tables have other names", l)
		}
	}
}

// Every number stands in its cell exactly, beside the one that is read.
func TestExactNumbers(t *testing.T) {
	t.Parallel()
	doc := compliance.New(dossier(), wording.English)
	var b bytes.Buffer
	if err := doc.HTML(&b); err != nil {
		t.Fatal(err)
	}
	var want, got []float64
	for _, s := range doc.Sections {
		for _, table := range s.Tables {
			rows := table.Rows
			if table.Most > 0 && len(rows) > table.Most {
				rows = rows[:table.Most]
			}
			for _, row := range append(rows[:len(rows):len(rows)], table.Totals) {
				for _, c := range row {
					if c.Number != nil {
						want = append(want, *c.Number)
					}
				}
			}
		}
	}
	for n := range parse(t, b.String()).Descendants() {
		if text, ok := attribute(n, "data-n"); ok {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || content(n) == "" {
				t.Errorf("%q beside %q: %v", text, content(n), err)
			}
			got = append(got, v)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 300 {
		t.Errorf("%d numbers (-want +got):\n%s", len(got), diff)
	}
}

// What a report says of itself comes back as it was.
func TestStamped(t *testing.T) {
	t.Parallel()
	doc := compliance.New(rename(`"quoted' <b>`), wording.Chinese)
	var b bytes.Buffer
	if err := doc.HTML(&b); err != nil {
		t.Fatal(err)
	}
	for n := range parse(t, b.String()).Descendants() {
		if name, _ := attribute(n, "name"); name != "saidi-asked" {
			continue
		}
		text, _ := attribute(n, "content")
		var got compliance.Stamp
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(doc.Stamp, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		return
	}
	t.Error("no stamp")
}

// Numbers are rounded as their columns have it, and what rounds to zero has no
// sign.
func TestFigures(t *testing.T) {
	t.Parallel()
	table := compliance.Table{ID: "t", Caption: "c", Rows: [][]compliance.Cell{{}}}
	cases := []struct {
		kind  compliance.Kind
		value float64
		want  string
	}{
		{compliance.Count, 1234567, "1,234,567"}, {compliance.Count, -1234, "−1,234"}, {compliance.Hours, 2.345, "2.35"}, {compliance.Hours, -0.001, "0.00"}, {compliance.Hours, 12345.678, "12,345.68"},
		{compliance.Exact, 1234.5678, "1,234.568"}, {compliance.Exact, 12, "12"}, {compliance.Exact, -0.25, "−0.25"}, {compliance.Percent, 0.12345, "12.3 %"}, {compliance.Percent, -0.5, "−50.0 %"},
		{compliance.Share, 0.9987654321, "0.998765"}, {compliance.Number, 2.5, "2.5000"},
	}
	var want []string
	for _, c := range cases {
		table.Columns = append(table.Columns, compliance.Column{Head: "h", Kind: c.kind})
		table.Rows[0] = append(table.Rows[0], compliance.Cell{Number: &c.value})
		want = append(want, c.want)
	}
	doc := &compliance.Document{Language: wording.English, Sections: []compliance.Section{{ID: "s", Title: "S", Tables: []compliance.Table{table}}}}
	var b bytes.Buffer
	if err := doc.HTML(&b); err != nil {
		t.Fatal(err)
	}
	root := parse(t, b.String())
	var got []string
	for i := range cases {
		got = append(got, cellOf(t, root, "t", i))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
