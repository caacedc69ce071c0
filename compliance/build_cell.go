package compliance

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
)

// text is a cell of words.
func text(s string) Cell { return Cell{Text: s} }

// numeral is a cell of a number.
func numeral(v float64) Cell { return Cell{Number: &v} }

// whole is a cell of a whole number.
func whole[N ~int | ~int64](n N) Cell { return numeral(float64(n)) }

// maybe is a cell of a number that may not exist.
func maybe(v *float64) Cell {
	if v == nil {
		return Cell{}
	}
	return numeral(*v)
}

// milli is a cell of a number in thousandths.
func milli(v snapshot.Milli) Cell { return numeral(v.Float()) }

// customerHours is a cell of customer-seconds as customer-hours.
func customerHours(v snapshot.Milli) Cell { return numeral(inHours(v)) }

// inHours are customer-seconds as customer-hours, rounded once.
func inHours(v snapshot.Milli) float64 { return float64(v) / 3_600_000 }

// by adds how a reader would check a number. A cell without one has nothing to be
// checked.
func (c Cell) by(format string, columns ...int) Cell {
	if c.Number == nil {
		return c
	}
	letters := make([]any, len(columns))
	for i, column := range columns {
		letters[i] = letter(column)
	}
	c.Formula = fmt.Sprintf(format, letters...)
	return c
}

// checked adds a formula where it gives the number; what it gives is worked out
// beside it. Where a number was made otherwise, it stands alone.
func (c Cell) checked(gives float64, format string, columns ...int) Cell {
	if c.Number == nil || !alike(*c.Number, gives) {
		return c
	}
	return c.by(format, columns...)
}

// alike says whether two numbers are the same but for how they were rounded.
func alike(a, b float64) bool {
	return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b), 1e-6)
}

// letter names a column as workbooks do: A, B, … Z, AA.
func letter(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// total adds up a column of a table below its rows; where no row has a number
// there is none.
func total(rows [][]Cell, column int) Cell {
	sum, known := 0.0, false
	for _, row := range rows {
		if v := row[column].Number; v != nil {
			sum, known = sum+*v, true
		}
	}
	if !known {
		return Cell{}
	}
	return numeral(sum).by("SUM(%[1]s{first}:%[1]s{last})", column)
}

// totals are a row of sums of some columns, after a word.
func totals(word string, rows [][]Cell, width int, columns ...int) []Cell {
	if len(rows) == 0 {
		return nil
	}
	all := make([]Cell, width)
	all[0] = text(word)
	for _, column := range columns {
		all[column] = total(rows, column)
	}
	return all
}

// local writes an RFC 3339 instant by its own clock, without the zone, and a
// midnight as a date.
func local(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	text := t.Format(time.DateTime)
	return strings.TrimSuffix(strings.TrimSuffix(text, " 00:00:00"), ":00")
}

// short is the beginning of a digest, enough to tell two files apart.
func short(digest string) string { return digest[:min(len(digest), 12)] }

// quotient divides; what does not exist is no number and equals none.
func quotient(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}
