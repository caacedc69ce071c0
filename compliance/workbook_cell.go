package compliance

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// write writes the rows of a sheet, one by one.
func (s *sheet) write(w io.Writer, styles *styles) error {
	var row bytes.Buffer
	for i := range s.lines {
		l := &s.lines[i]
		rows := l.rows
		if rows == nil {
			rows = [][]Cell{l.cells}
		}
		for k, cells := range rows {
			styles.row(&row, l, l.at+k, cells, s.tall(l, cells))
			if _, err := row.WriteTo(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// tall is how high a row is, in points: as high as its longest text needs where
// texts go on below themselves; 0 where one line is enough.
func (s *sheet) tall(l *strip, cells []Cell) float64 {
	if l.height > 0 || l.style != plainStyle && l.style != headerStyle && l.style != totalStyle {
		return l.height
	}
	most := 1
	for i := range cells {
		if c := &cells[i]; c.Number == nil && i < len(s.widths) && len(c.Text) > 1 {
			most = max(most, lines(c.Text, s.widths[i]))
		}
	}
	if most == 1 {
		return 0
	}
	return min(float64(most*lineHeight), mostHeight)
}

// lines is how many lines a text takes in a width.
func lines(text string, width float64) int {
	n := 0
	for part := range strings.SplitSeq(text, "\n") {
		n += max(1, int(math.Ceil(float64(columns(part))/max(width-1, 1))))
	}
	return n
}

// row writes one row.
func (s *styles) row(out *bytes.Buffer, l *strip, number int, cells []Cell, height float64) {
	out.WriteString(`<row r="` + strconv.Itoa(number) + `"`)
	if height > 0 {
		out.WriteString(` ht="` + strconv.FormatFloat(height, 'g', -1, 64) + `" customHeight="1"`)
	}
	out.WriteString(`>`)
	for i := range cells {
		kind := Text
		if i < len(l.kinds) {
			kind = l.kinds[i]
		}
		s.cell(out, l, number, i, kind, &cells[i])
	}
	out.WriteString(`</row>`)
}

// cell writes one cell: a number, with the formula that gives it where it has one,
// or a text. What is neither keeps its style.
func (s *styles) cell(out *bytes.Buffer, l *strip, row, column int, kind Kind, c *Cell) {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		return // beyond the last column of a spreadsheet, which no table has
	}
	number := c.Number != nil && !math.IsNaN(*c.Number) && !math.IsInf(*c.Number, 0)
	out.WriteString(`<c r="` + name + `" s="` + strconv.Itoa(s.of(l.style, column, kind, c, number)) + `"`)
	switch {
	case number:
		out.WriteString(`>`)
		if f := l.formula(row, c); f != "" {
			out.WriteString(`<f>` + escaped(f) + `</f>`)
		}
		out.WriteString(`<v>` + strconv.FormatFloat(*c.Number, 'g', -1, 64) + `</v></c>`)
	case c.Text != "":
		out.WriteString(` t="inlineStr"><is><t xml:space="preserve">` + escaped(s.fitting(c.Text)) + `</t></is></c>`)
	default:
		out.WriteString(`/>`)
	}
}

// formula puts the numbers of rows into the formula of a cell; empty where it has
// none.
func (l *strip) formula(row int, c *Cell) string {
	ranged := strings.Contains(c.Formula, "{first}") || strings.Contains(c.Formula, "{last}")
	if ranged && (l.first == 0 || l.last < l.first) {
		return "" // there are no rows, or not all are on this sheet
	}
	return strings.NewReplacer("{row}", strconv.Itoa(row), "{first}", strconv.Itoa(l.first), "{last}", strconv.Itoa(l.last)).Replace(c.Formula)
}

// fitting cuts a text that is longer than a cell can be, and says so at its end.
func (s *styles) fitting(text string) string {
	if len(text) <= mostLetters || letters(text) <= mostLetters {
		return text
	}
	mark := s.language.Say("verify.cut", letters(text))
	room := mostLetters - letters(mark)
	for i, r := range text {
		if room -= letters(string(r)); room < 0 {
			return text[:i] + mark
		}
	}
	return text
}

// coded matches what a workbook would take for the code of a letter, such as
// _x0041_ for A.
var coded = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// uncoded writes every underscore that begins the code of a letter as a code
// itself, also one that ends another.
func uncoded(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "_x")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if text = text[len(before):]; coded.MatchString(text) {
			b.WriteString("_x005F")
		}
		b.WriteString("_x")
		text = after
	}
}

// escaped is a text as it stands in the XML of a workbook.
func escaped(text string) string {
	var b strings.Builder
	if xml.EscapeText(&b, []byte(uncoded(printable(text)))) != nil {
		return "" // a builder takes all
	}
	return b.String()
}

// printable replaces what XML cannot hold.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= ' ' && r < 0xFFFE, r >= 0x10000:
			return r
		}
		return '\uFFFD'
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
