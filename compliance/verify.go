package compliance

import (
	"math"
	"regexp"
	"slices"
	"strconv"
)

// A Paper is a report that was read back: what it says of itself, and what stands
// where.
type Paper struct {
	Form  string // html, xlsx, json or csv
	Stamp Stamp  // of CSV, which says nothing of itself, empty
	Items []Item // in order
	// Parts are what a workbook holds beside the contents of its cells, to the byte:
	// of one that another program saved again, none.
	Parts   []Item
	SavedBy string   // of a workbook: the program that saved it again; empty: none
	Head    []string // of CSV: the names of its columns
	// Lengths are the rows of the tables of an HTML and of the sheets of a workbook.
	Lengths []Length
}

// A Length is how many rows a table or a sheet has.
type Length struct {
	Table string // as items name it
	Place string
	Rows  int
}

// A Sort is what an item is.
type Sort int

// The sorts of items, in the order in which they are held against each other.
const (
	ANumber Sort = iota
	ALength      // of a table or a sheet
	AText
	ALook  // what is neither, but draws, hides or does something: curves, hidden rows, scripts
	AStyle // what only decides how it looks, as it may from one version of the program to the next
)

// An Item is what stands at a place: of a workbook a sheet and a cell, of an HTML
// a table, a row and a column, of JSON a path, of CSV a line and a column.
type Item struct {
	Place   string
	Table   string // or sheet that it is a cell of
	Sort    Sort
	Word    bool   // of JSON: true, false, null or an empty list, and no text
	Value   string // of a number all of its digits; of a formula its value
	Shown   string // what a reader sees; of HTML and workbooks
	Formula string
	// Plain says that the number is of JSON or CSV and stands for itself, however it is
	// written.
	Plain bool
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
	Retyped   bool   // the one is a number, the other a text
	Table     string // or sheet that it is in; empty where it is in none
}

// Compare holds a report against one that was made anew of the same inputs; nil
// where nothing differs. Sorts come in their order, and of each what stands first in
// the report; what it has that the other has not comes last. Where a table has more
// rows or fewer, that is named and not what has moved in it. The parts of a workbook
// that was saved again are not held.
func Compare(said, counted *Paper) *Mismatch {
	lengths := compareLengths(said.Lengths, counted.Lengths)
	found := compare(said.Items, counted.Items)
	if said.SavedBy == "" {
		found = append(found, compare(said.Parts, counted.Parts)...)
	}
	if len(found)+len(lengths) == 0 {
		return nil
	}
	first := firstOf(lengths, found)
	first.Different = max(len(found), len(lengths)) // a row too many shows in its cells
	return &first
}

// firstOf is the mismatch that is named first.
func firstOf(lengths, found []Mismatch) Mismatch {
	moved := map[string]bool{}
	for _, l := range lengths {
		moved[l.Table] = true
	}
	named := slices.Clone(lengths)
	for _, m := range found {
		if m.Table == "" || !moved[m.Table] {
			named = append(named, m)
		}
	}
	return slices.MinFunc(named, func(x, y Mismatch) int { return int(x.Sort) - int(y.Sort) })
}

// compareLengths lists the tables that have more rows or fewer, or are not in both.
func compareLengths(said, counted []Length) []Mismatch {
	there := map[string]string{}
	for _, l := range said {
		there[l.Table] = strconv.Itoa(l.Rows)
	}
	var found []Mismatch
	for _, l := range counted {
		if rows := strconv.Itoa(l.Rows); there[l.Table] != rows {
			found = append(found, Mismatch{Place: l.Place, Sort: ALength, Said: there[l.Table], Counted: rows, Table: l.Table})
		}
		delete(there, l.Table)
	}
	for _, l := range said {
		if rows := there[l.Table]; rows != "" {
			found = append(found, Mismatch{Place: l.Place, Sort: ALength, Said: rows, Table: l.Table})
		}
	}
	return found
}

// compare lists the places at which items differ.
func compare(said, counted []Item) []Mismatch {
	there := make(map[string]*Item, len(said))
	for i := range said {
		there[said[i].Place] = &said[i]
	}
	var found []Mismatch
	for i := range counted {
		want := &counted[i]
		got := there[want.Place]
		delete(there, want.Place)
		if m, differs := want.hold(got); differs {
			found = append(found, m)
		}
	}
	for i := range said {
		if got := &said[i]; there[got.Place] != nil {
			found = append(found, Mismatch{Place: got.Place, Sort: got.Sort, Said: inWords(got), Table: got.Table})
		}
	}
	return found
}

// inWords is the value of an item in words; empty where it has none.
func inWords(i *Item) string {
	if i.Word && i.Value == null {
		return ""
	}
	return i.Value
}

// null is the word of JSON for no value.
const null = "null"

// hold holds what is said at a place against what was counted: the value first,
// then what a reader sees of it, then how it is worked out.
func (want *Item) hold(got *Item) (Mismatch, bool) {
	if got == nil {
		return Mismatch{Place: want.Place, Sort: want.Sort, Counted: inWords(want), Table: want.Table}, true
	}
	m := Mismatch{Place: want.Place, Sort: min(want.Sort, got.Sort), Table: want.Table}
	switch {
	case got.Sort != want.Sort || got.Word != want.Word || !want.equals(got):
		m.Said, m.Counted = inWords(got), inWords(want)
		m.Retyped = m.Said == m.Counted
	case got.Shown != want.Shown:
		m.Said, m.Counted = got.Shown, want.Shown
	case got.Formula != want.Formula:
		m.Said, m.Counted = "="+got.Formula, "="+want.Formula
	default:
		return m, false
	}
	if m.Sort == AText && !slices.Equal(figuresIn(m.Said), figuresIn(m.Counted)) {
		m.Sort = ANumber
	}
	return m, true
}

// spoken matches a number inside a text; digits of a word, such as those of F12 or
// of a digest, are none.
var spoken = regexp.MustCompile(`[-+−]?\b[0-9]+(?:[.,][0-9]+)*\b`)

// figuresIn lists the numbers that a text speaks of.
func figuresIn(text string) []string { return spoken.FindAllString(text, -1) }

// How far a number may be from itself once a spreadsheet has saved it: a share of
// it, or of what it is the difference of.
const (
	nearShare = 1e-12
	nearZero  = 1e-9
)

// equals says whether two items have one value: to the last letter, but for numbers
// of JSON and CSV, which may be written in another way, and those that a spreadsheet
// may have saved again.
func (want *Item) equals(got *Item) bool {
	if got.Value == want.Value || want.Plain && sameDecimal(got.Value, want.Value) {
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
