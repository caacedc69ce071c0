package compliance

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/saidi-exporter/saidi/wording"
)

//go:embed report.html
var markup string

//go:embed report.css
var styleSheet string

// sectionMark begins the ids of sections, which may be called as tables are.
const sectionMark = "part-"

// HTML writes the document as one file that needs no other and runs nothing. A
// section is <section id="part-ID">, a table <table id=Table.ID> with a row of
// heads in thead and the cells of a row in the order of the columns in tbody,
// totals in tfoot; a cell of a number has its exact value in data-n, beside the
// rounded one that is read. What the document says of itself is JSON in <meta
// name="saidi-asked">.
func (d *Document) HTML(w io.Writer) error {
	p := newPaper(d)
	t, err := template.New("report").Funcs(template.FuncMap{"class": classOf}).Parse(markup)
	if err != nil {
		return fmt.Errorf("read the layout of reports: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return fmt.Errorf("lay out the report: %w", err)
	}
	_, err = w.Write(bytes.ToValidUTF8(b.Bytes(), []byte("\uFFFD")))
	return err
}

// A paper is a document as its template takes it.
type paper struct {
	*Document
	Lang     string
	Style    template.CSS
	Policy   string // of content security: no script, no request, this style alone
	Stamp    string
	Sections []part
	Contents string   // the head of the list of sections
	Sign     string   // the head of the signatures
	Signers  []string // what each signs as
	Date     string
	WideEnd  bool // the signatures are on the page of the last section, on its side
}

// A part is a section as its template takes it.
type part struct {
	*Section
	Wide     bool // needs a page on its side
	Drawings []figure
	Tables   []grid
}

type figure struct {
	Caption string
	SVG     template.HTML
}

// A grid is a table as its template takes it.
type grid struct {
	*Table
	Shares []int // of the width, by column, in per cent
	Rows   [][]field
	Totals []field
	More   string // how many rows are left out
	Short  bool   // fits on a page that it does not begin
}

// A field is a cell as its template takes it.
type field struct {
	Text  string
	Exact string // of a number
	Class string
	Badge string
	Odd   bool // its letters may not run from left to right
}

func newPaper(d *Document) *paper {
	p := &paper{
		Document: d, Lang: "en", Style: template.CSS(d.style()), Stamp: d.Stamp.JSON(), //nolint:gosec // ours, and what is not is quoted
		Policy:   d.ContentSecurityPolicy(),
		Contents: d.Language.Say("paper.contents"), Sign: d.Language.Say("paper.sign"), Date: d.Language.Say("paper.date"),
		Signers: []string{d.Language.Say("paper.prepared"), d.Language.Say("paper.reviewed"), d.Language.Say("paper.approved")},
	}
	if d.Language == wording.Chinese {
		p.Lang = "zh-CN"
	}
	for i := range d.Sections {
		p.Sections = append(p.Sections, newPart(d, &d.Sections[i]))
		p.WideEnd = p.Sections[i].Wide
	}
	return p
}

// portrait is how many letters of columns a page upright takes.
const portrait = 130

func newPart(d *Document, s *Section) part {
	p := part{Section: s}
	for _, f := range s.Drawings {
		p.Drawings = append(p.Drawings, figure{f.Caption, template.HTML(f.SVG)}) //nolint:gosec // package chart escapes everything
	}
	for i := range s.Tables {
		p.Tables = append(p.Tables, newGrid(d, &s.Tables[i]))
		p.Wide = p.Wide || widthOf(&s.Tables[i]) > portrait
	}
	return p
}

// widthOf is how many letters the columns of a table take.
func widthOf(t *Table) int {
	width := 0
	for _, c := range t.Columns {
		width += cmp.Or(c.Width, usualWidth)
	}
	return width
}

// usualWidth is that of a column that says nothing else.
const usualWidth = 12

// oneView is how many rows stay on one page.
const oneView = 14

func newGrid(d *Document, t *Table) grid {
	g := grid{Table: t, Shares: sharesOf(t)}
	shown := t.Rows
	if t.Most > 0 && len(shown) > t.Most {
		shown = shown[:t.Most]
		g.More = d.Language.Say("paper.more", count(int64(len(t.Rows)-t.Most)))
	}
	g.Short = len(shown) <= oneView
	decimals := decimalsOf(t, shown)
	for _, row := range shown {
		g.Rows = append(g.Rows, fieldsOf(t, row, decimals))
	}
	if len(t.Totals) > 0 {
		g.Totals = fieldsOf(t, t.Totals, decimals)
		for i := range g.Totals {
			g.Totals[i].Text = strings.TrimSuffix(g.Totals[i].Text, absent)
		}
	}
	return g
}

// sharesOf divides the width of a table among its columns, in per cent.
func sharesOf(t *Table) []int {
	all := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		all[i] = min(max(1, 100*cmp.Or(c.Width, usualWidth)/widthOf(t)), mostShare)
	}
	return all
}

// mostShare is the largest share of a width that the style sheet knows.
const mostShare = 70

// decimalsOf is how many decimals the columns of exact numbers need, so that they
// stand below each other.
func decimalsOf(t *Table, shown [][]Cell) []int {
	all := make([]int, len(t.Columns))
	for _, row := range append(shown[:len(shown):len(shown)], t.Totals) {
		for i, c := range row {
			if c.Number != nil && t.Columns[i].Kind == Exact {
				_, decimals, _ := strings.Cut(figures(Exact, *c.Number), ".")
				all[i] = max(all[i], len(decimals))
			}
		}
	}
	return all
}

func fieldsOf(t *Table, row []Cell, decimals []int) []field {
	fields := make([]field, len(row))
	for i, c := range row {
		fields[i] = newField(t.Columns[i].Kind, c)
		if c.Number != nil && t.Columns[i].Kind == Exact {
			fields[i].Text = apart(fixed(*c.Number, decimals[i]))
		}
	}
	return fields
}

func newField(k Kind, c Cell) field {
	f := field{Text: c.Text, Badge: c.Badge, Odd: strings.ContainsFunc(c.Text, odd)}
	switch {
	case k != Text:
		f.Class = "n"
	case longest(c.Text) > unbroken:
		f.Class = "long"
	case strings.Trim(c.Text, "0123456789-: ") == "" && c.Text != "":
		f.Class = "time"
	}
	switch {
	case c.Number != nil:
		f.Text, f.Exact = figures(k, *c.Number), strconv.FormatFloat(*c.Number, 'f', -1, 64)
	case c.Text == "" && k != Text:
		f.Text = absent
	}
	return f
}

// unbroken is how many letters of a word stay together.
const unbroken = 16

// longest is how many letters the longest word of a text has. Between Chinese
// characters lines break anyway.
func longest(text string) int {
	most, n := 0, 0
	for _, r := range text {
		if n++; unicode.IsSpace(r) || r >= firstIdeographic {
			n = 0
		}
		most = max(most, n)
	}
	return most
}

// firstIdeographic is the first character of those between which lines break.
const firstIdeographic = 0x2E80

// odd says whether a letter may turn the direction of what follows it, or is not
// seen.
func odd(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}

// classOf is the class of the cells of a kind of column.
func classOf(k Kind) string {
	if k == Text {
		return ""
	}
	return "n"
}

// widths are the shares of a width that columns may have, as classes.
func widths() string {
	var b strings.Builder
	for n := 1; n <= mostShare; n++ {
		fmt.Fprintf(&b, ".w%d { width: %d%%; }\n", n, n)
	}
	return b.String()
}

// pageBoxes are what is written in the margins of printed pages: the title, and
// which page it is of how many.
func pageBoxes(d *Document) string {
	page := quoted(d.Language.Say("paper.page", "\x01", "\x02"))
	page = strings.NewReplacer(`\1 `, `" counter(page) "`, `\2 `, `" counter(pages) "`).Replace(page)
	return "@page { @top-left { content: " + quoted(cut(d.Title)) + "; } @bottom-right { content: " + quoted(cut(d.Program)) + "; } " +
		"@bottom-center { content: " + page + "; } }\n" //nolint:misspell // as style sheets spell it
}

// cut keeps as much of a text as a margin has room for.
func cut(text string) string {
	const room = 48
	letters := []rune(text)
	if len(letters) <= room {
		return text
	}
	return string(letters[:room-1]) + "…"
}

// quoted writes a text as a string of a style sheet; all but letters, digits and
// blanks are written by number.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case r == ' ', unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		case !unicode.Is(unicode.Cf, r):
			fmt.Fprintf(&b, "\\%x ", r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
