package report

import (
	"io"
	"strings"
)

// A table is aligned text: the first columns to the left, the others to the
// right. Chinese letters take two places.
type table struct {
	left int   // the number of columns that are aligned to the left
	also []int // further columns that are
	rows [][]cell
}

// A cell is a text, and how it is painted.
type cell struct {
	text  string
	paint func(string) string // nil: not at all
}

func (t *table) add(texts ...string) {
	row := make([]cell, len(texts))
	for i, text := range texts {
		row[i].text = text
	}
	t.rows = append(t.rows, row)
}

// paint has the first cell of the last row painted.
func (t *table) paint(paint func(string) string) { t.rows[len(t.rows)-1][0].paint = paint }

// fit drops columns, in the order given, until the table takes at most so many
// places.
func (t *table) fit(width int, droppable ...int) {
	for _, column := range droppable {
		if t.width() <= width {
			return
		}
		t.drop(column)
	}
}

// width is the number of places that the table takes.
func (t *table) width() int {
	sum := 0
	for _, w := range t.widths() {
		if w > 0 {
			sum += w + 2
		}
	}
	return sum - 2
}

// drop empties a column, which then takes no place.
func (t *table) drop(column int) {
	for _, row := range t.rows {
		row[column] = cell{}
	}
}

// empty says whether no row but the first has anything but a dash in a column.
func (t *table) empty(column int) bool {
	for _, row := range t.rows[1:] {
		if text := row[column].text; text != "" && text != absent {
			return false
		}
	}
	return true
}

func (t *table) write(w io.Writer) {
	widths := t.widths()
	for _, row := range t.rows {
		var b strings.Builder
		for i, c := range row {
			if widths[i] == 0 {
				continue
			}
			pad := strings.Repeat(" ", widths[i]-columns(c.text))
			text := c.text
			if c.paint != nil {
				text = c.paint(text)
			}
			if t.isLeft(i) {
				b.WriteString(text + pad)
			} else {
				b.WriteString(pad + text)
			}
			b.WriteString("  ")
		}
		_, _ = io.WriteString(w, strings.TrimRight(b.String(), " ")+"\n")
	}
}

func (t *table) isLeft(column int) bool {
	for _, c := range t.also {
		if c == column {
			return true
		}
	}
	return column < t.left
}

func (t *table) widths() []int {
	var widths []int
	for _, row := range t.rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(c.text))
		}
	}
	return widths
}
