package compliance

import (
	"math"
	"slices"
	"strconv"
)

// A Paper is a report that was read back: what it says of itself, and what stands
// where.
type Paper struct {
	Form  string   // html, xlsx, json or csv
	Stamp Stamp    // of CSV, which says nothing of itself, empty
	Items []Item   // in order
	Head  []string // of CSV: the names of its columns
}

// A Sort is what an item is.
type Sort int

// The sorts of items, in the order in which they are held against each other.
const (
	ANumber Sort = iota
	AText
	ALook // what is neither, but decides what a reader sees: styles, curves, what is hidden
)

// An Item is what stands at a place: of a workbook a sheet and a cell, of an HTML
// a table, a row and a column, of JSON a path, of CSV a line and a column.
type Item struct {
	Place   string
	Sort    Sort
	Value   string // of a number all of its digits; of a formula its value
	Shown   string // what a reader sees; of HTML and workbooks
	Formula string
	// Resaved says that a spreadsheet may have worked out the number anew and written
	// it with fewer digits, as one does that saves a workbook it has opened.
	Resaved bool
}

// A Mismatch is the first place at which two reports differ.
type Mismatch struct {
	Place     string
	Sort      Sort
	Said      string // by the report that is verified; empty where it has nothing there
	Counted   string // by the one made anew
	Different int    // places in all
}

// Compare holds a report against one that was made anew of the same inputs; nil
// where nothing differs. Numbers come before texts and these before looks, each in
// the order of the report; what it has that the other has not comes last.
func Compare(said, counted *Paper) *Mismatch {
	there := make(map[string]*Item, len(said.Items))
	for i := range said.Items {
		there[said.Items[i].Place] = &said.Items[i]
	}
	var found []Mismatch
	for i := range counted.Items {
		want := &counted.Items[i]
		got := there[want.Place]
		delete(there, want.Place)
		if m, differs := want.hold(got); differs {
			found = append(found, m)
		}
	}
	for i := range said.Items {
		if got := &said.Items[i]; there[got.Place] != nil {
			found = append(found, Mismatch{Place: got.Place, Sort: got.Sort, Said: got.Value})
		}
	}
	if len(found) == 0 {
		return nil
	}
	first := slices.MinFunc(found, func(x, y Mismatch) int { return int(x.Sort) - int(y.Sort) })
	first.Different = len(found)
	return &first
}

// hold holds what is said at a place against what was counted: the value first,
// then what a reader sees of it, then how it is worked out.
func (want *Item) hold(got *Item) (Mismatch, bool) {
	if got == nil {
		return Mismatch{Place: want.Place, Sort: want.Sort, Counted: want.Value}, true
	}
	m := Mismatch{Place: want.Place, Sort: min(want.Sort, got.Sort)}
	switch {
	case got.Sort != want.Sort || !want.equals(got):
		m.Said, m.Counted = got.Value, want.Value
	case got.Shown != want.Shown:
		m.Said, m.Counted = got.Shown, want.Shown
	case got.Formula != want.Formula:
		m.Said, m.Counted = "="+got.Formula, "="+want.Formula
	default:
		return m, false
	}
	return m, true
}

// How far a number may be from itself once a spreadsheet has saved it: a share of
// it, or of what it is the difference of.
const (
	nearShare = 1e-12
	nearZero  = 1e-9
)

// equals says whether two items have one value: to the last letter, but for
// numbers that may have been saved again.
func (want *Item) equals(got *Item) bool {
	if got.Value == want.Value {
		return true
	}
	if !want.Resaved || !got.Resaved {
		return false
	}
	x, errX := strconv.ParseFloat(got.Value, 64)
	y, errY := strconv.ParseFloat(want.Value, 64)
	return errX == nil && errY == nil && math.Abs(x-y) <= max(nearZero, nearShare*max(math.Abs(x), math.Abs(y)))
}

// Count counts the numbers and the texts of a report.
func (p *Paper) Count() (numbers, texts int) {
	for i := range p.Items {
		switch p.Items[i].Sort {
		case ANumber:
			numbers++
		case AText:
			texts++
		}
	}
	return numbers, texts
}
