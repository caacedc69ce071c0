package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// The years that the data spans and the answer covers.
const (
	firstYear = 2018
	lastYear  = 2022
)

// An answer is what both sides are asked for.
type answer struct {
	Cells      []cell `json:"cells"` // sorted; cells in which nothing happened are left out
	Accepted   int64  `json:"accepted"`
	Duplicates int64  `json:"duplicates"`
}

// A cell is the sums of one area, class and local year.
type cell struct {
	Area          string `json:"area"`
	Class         string `json:"class"`
	Year          int    `json:"year"`
	Seconds       int64  `json:"seconds"`       // customer-seconds without supply
	Interruptions int64  `json:"interruptions"` // customers interrupted
}

func (c cell) key() string { return fmt.Sprintf("%s/%s/%d", c.Area, c.Class, c.Year) }

// add appends a cell in which something happened.
func (a *answer) add(c cell) {
	if c.Seconds != 0 || c.Interruptions != 0 {
		a.Cells = append(a.Cells, c)
	}
}

func (a *answer) sort() {
	slices.SortFunc(a.Cells, func(x, y cell) int {
		return cmp.Or(cmp.Compare(x.Area, y.Area), cmp.Compare(x.Class, y.Class), cmp.Compare(x.Year, y.Year))
	})
}

// errDiffer says that the two sides do not agree.
var errDiffer = errors.New("the answers differ")

// shownDifferences is how many differences a message lists.
const shownDifferences = 10

// differences lists in what two answers differ, the first of them in words.
func differences(saidi, duck answer) []string {
	var list []string
	note := func(what string, x, y any) {
		if x != y {
			list = append(list, fmt.Sprintf("%s: saidi %v, DuckDB %v", what, x, y))
		}
	}
	note("accepted rows", saidi.Accepted, duck.Accepted)
	note("duplicates", saidi.Duplicates, duck.Duplicates)
	note("cells", len(saidi.Cells), len(duck.Cells))
	other := map[string]cell{}
	for _, c := range duck.Cells {
		other[c.key()] = c
	}
	for _, c := range saidi.Cells {
		d := other[c.key()]
		delete(other, c.key())
		note(c.key()+" customer-seconds", c.Seconds, d.Seconds)
		note(c.key()+" interruptions", c.Interruptions, d.Interruptions)
	}
	for _, d := range duck.Cells {
		if _, left := other[d.key()]; left {
			note(d.key()+" customer-seconds", int64(0), d.Seconds)
			note(d.key()+" interruptions", int64(0), d.Interruptions)
		}
	}
	return list
}
