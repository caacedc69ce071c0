package compliance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/width"
)

// How sheets look.
const (
	defaultWidth = 12  // of a column, in letters
	widestHead   = 40  // a column is not made wider than this for its head
	lineHeight   = 16  // points
	mostFrozen   = 8   // rows: more would leave no room for the rest
	fewRows      = 20  // a table with more can be filtered
	mostHeight   = 400 // points; a spreadsheet allows 409
)

// A sheet is the rows of one sheet of a workbook, before they are written.
type sheet struct {
	name     string
	hidden   bool
	widths   []float64
	lines    []strip
	next     int         // the number of the next row
	frozen   int         // rows that stay in sight
	repeated int         // the row that is printed on every page
	filter   string      // the range of the table that can be filtered; empty: none
	merged   [][2]string // ranges, by their first and last cell
}

// A strip is a row, or some rows of a table.
type strip struct {
	at     int // the number of the row, or of the first one
	height float64
	style  styleOf
	cells  []Cell // of a row
	kinds  []Kind // of its columns; nil: texts

	rows        [][]Cell // of a table
	first, last int      // the rows of a whole table, for its totals
}

// A layout puts the sections of a document on sheets.
type layout struct {
	document *Document
	most     int // rows of a sheet
	taken    map[string]bool
	sheets   []*sheet
	*sheet   // the last one
}

func layOut(d *Document, most int) []*sheet {
	l := &layout{document: d, most: most, taken: map[string]bool{stampSheet: true}}
	for i := range d.Sections {
		s := &d.Sections[i]
		if len(s.Text) == 0 && len(s.Tables) == 0 && len(s.Drawings) > 0 {
			continue // drawings are of the HTML only
		}
		l.section(s)
	}
	if len(l.sheets) == 0 {
		l.section(&Section{Title: d.Title})
	}
	return l.sheets
}

// section begins a sheet for a section and puts all of it there.
func (l *layout) section(s *Section) {
	l.begin(s)
	if len(l.sheets) == 1 {
		l.head()
	}
	l.put(strip{style: sectionStyle}, Cell{Text: s.Title})
	for _, text := range s.Text {
		l.paragraph(text, plainStyle)
	}
	for i := range s.Tables {
		l.table(s, &s.Tables[i], len(s.Tables) == 1)
	}
}

// begin begins another sheet. If the section has one, this goes on with it.
func (l *layout) begin(s *Section) {
	l.sheet = &sheet{name: l.name(s.Title), next: 1, frozen: 1, repeated: 1}
	for i := range s.Tables {
		l.widen(&s.Tables[i])
	}
	if len(l.sheets) == 0 {
		for _, fact := range l.document.Facts {
			l.wide(0, min(columns(fact.Name)+2, widestHead))
		}
	}
	l.sheets = append(l.sheets, l.sheet)
}

// head puts what is said of the whole document above its first section.
func (l *layout) head() {
	l.put(strip{style: titleStyle}, Cell{Text: l.document.Title})
	for _, notice := range l.document.Notices {
		l.paragraph(notice, noticeStyle)
	}
	for _, fact := range l.document.Facts {
		l.put(strip{style: factStyle}, Cell{Text: fact.Name}, Cell{Text: fact.Value})
	}
	l.next++
}

// put adds a row.
func (l *layout) put(row strip, cells ...Cell) {
	row.at, row.cells = l.next, cells
	l.lines = append(l.lines, row)
	l.next++
}

// paragraph adds a text over all columns, as high as it needs.
func (l *layout) paragraph(text string, style styleOf) {
	last, _ := excelize.CoordinatesToCellName(max(len(l.widths), 1), l.next)
	if first := fmt.Sprintf("A%d", l.next); first != last {
		l.merged = append(l.merged, [2]string{first, last})
	}
	room := 0.0
	for _, w := range l.widths {
		room += w
	}
	l.put(strip{style: style, height: min(float64(lines(text, max(room, defaultWidth))*lineHeight), mostHeight)}, Cell{Text: text})
}

// table adds a table, on more sheets if it does not fit on one.
func (l *layout) table(s *Section, t *Table, only bool) {
	l.next++
	l.heads(t, only)
	first, parts, rest := l.next, 1, t.Rows
	for {
		n := min(len(rest), max(l.most-l.next+1, 1))
		if n > 0 {
			l.lines = append(l.lines, strip{at: l.next, rows: rest[:n], kinds: kinds(t)})
		}
		if n > fewRows && l.filter == "" {
			l.filter = l.area(t, l.next-1, l.next+n-1)
		}
		l.next += n
		if rest = rest[n:]; len(rest) == 0 {
			break
		}
		l.goOn(s, t, only)
		parts++
	}
	if len(t.Totals) == 0 {
		return
	}
	if l.next > l.most {
		l.goOn(s, t, only)
		parts++
	}
	total := strip{style: totalStyle, kinds: kinds(t), first: first, last: l.next - 1}
	if parts > 1 {
		total.first = 0 // no formula of one sheet says what stands on two
	}
	l.put(total, t.Totals...)
}

// heads adds the caption and the header of a table.
func (l *layout) heads(t *Table, only bool) {
	if t.Caption != "" {
		l.put(strip{style: captionStyle}, Cell{Text: t.Caption})
	}
	cells := make([]Cell, len(t.Columns))
	for i := range t.Columns {
		cells[i].Text = t.Columns[i].Head
	}
	if only {
		l.repeated = l.next
		if l.next <= mostFrozen {
			l.frozen = l.next
		}
	}
	l.put(strip{style: headerStyle, kinds: kinds(t)}, cells...)
}

// goOn begins another sheet of a section, in the middle of a table.
func (l *layout) goOn(s *Section, t *Table, only bool) {
	l.begin(s)
	l.put(strip{style: sectionStyle}, Cell{Text: l.sheet.name})
	l.heads(t, only)
}

// area names the range of some rows of a table.
func (l *layout) area(t *Table, from, to int) string {
	last, _ := excelize.CoordinatesToCellName(max(len(t.Columns), 1), to)
	return fmt.Sprintf("A%d:%s", from, last)
}

func kinds(t *Table) []Kind {
	list := make([]Kind, len(t.Columns))
	for i := range t.Columns {
		list[i] = t.Columns[i].Kind
	}
	return list
}

// widen makes room for the columns of a table.
func (l *layout) widen(t *Table) {
	for i := range t.Columns {
		c := &t.Columns[i]
		room := c.Width
		if room == 0 {
			room = defaultWidth
		}
		l.wide(i, max(room, min(columns(c.Head)+2, widestHead)))
	}
}

func (l *layout) wide(column, letters int) {
	for len(l.widths) <= column {
		l.widths = append(l.widths, defaultWidth)
	}
	l.widths[column] = min(max(l.widths[column], float64(letters)), 255)
}

// columns counts how wide a text is: letters of Chinese count two.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

// name makes the name of a sheet of a title: short enough, of the letters that
// names have, and not there yet.
func (l *layout) name(title string) string {
	clean := strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`[]:*?/\'`, r):
			return '-'
		case r < ' ':
			return ' '
		}
		return r
	}, printable(title)))
	if clean == "" {
		clean = "-"
	}
	for n := 1; ; n++ {
		end := ""
		if n > 1 {
			end = fmt.Sprintf(" %d", n)
		}
		name := []rune(clean)
		for letters(string(name))+len(end) > mostName {
			name = name[:len(name)-1]
		}
		if full := strings.TrimSpace(string(name)) + end; !l.taken[strings.ToLower(full)] {
			l.taken[strings.ToLower(full)] = true
			return full
		}
	}
}

// stampSheet is the sheet that is for machines.
func (d *Document) stampSheet() *sheet {
	s := &sheet{name: stampSheet, hidden: true, next: 1}
	inputs := slices.Clone(d.Stamp.Inputs)
	stamp := d.Stamp
	stamp.Inputs = []Input{}
	texts := []string{stamp.JSON()}
	for _, in := range inputs {
		text, err := json.Marshal(in)
		if err != nil {
			panic("an input without JSON: " + err.Error())
		}
		texts = append(texts, string(text))
	}
	for i, text := range texts {
		s.lines = append(s.lines, strip{at: i + 1, cells: []Cell{{Text: text}}})
	}
	s.next = len(texts) + 1
	return s
}
