package compliance

import (
	"math"

	"github.com/xuri/excelize/v2"

	"github.com/saidi-exporter/saidi/wording"
)

// A styleOf is what a row is.
type styleOf int

// What rows are.
const (
	plainStyle styleOf = iota
	titleStyle
	sectionStyle
	noticeStyle
	factStyle
	captionStyle
	headerStyle
	totalStyle
	valueStyle      // of a fact: goes on over the cells beside it
	numberHeadStyle // of a column of numbers
)

// A look is how a cell is shown.
type look struct {
	row    styleOf
	format string // of a number; empty: a text
	badge  string // the code of a verdict
}

// styles numbers the looks of a workbook.
type styles struct {
	language wording.Language
	numbers  map[look]int
}

// The formats of numbers.
const (
	wholeFormat    = "#,##0"
	hoursFormat    = "0.00"
	partsFormat    = "#,##0.0##" // thousandths, where a number has any
	percentFormat  = "0.0%"
	shareFormat    = "0.000000"
	decimalsFormat = "0.0000"
)

// formats lists them.
func formats() []string {
	return []string{wholeFormat, hoursFormat, partsFormat, percentFormat, shareFormat, decimalsFormat}
}

// badges lists the verdicts with their colours, a fill that black words can be
// read on.
func badges() [][2]string {
	return [][2]string{{"met", "C9E7D3"}, {"on-track", "DDEFE3"}, {"at-risk", "FCE9B8"}, {"off-track", "F9CFA8"}, {"missed", "F4B8B5"}, {"cannot-tell", "DDDDDD"}}
}

// newStyles makes all looks that a document can have, always in the same order.
func newStyles(f *excelize.File, l wording.Language) (*styles, error) {
	s := &styles{language: l, numbers: map[look]int{}}
	var looks []look
	for row := plainStyle; row <= numberHeadStyle; row++ {
		looks = append(looks, look{row: row})
	}
	for _, format := range formats() {
		looks = append(looks, look{row: plainStyle, format: format}, look{row: totalStyle, format: format})
	}
	for _, badge := range badges() {
		looks = append(looks, look{badge: badge[0]})
	}
	for _, k := range looks {
		id, err := f.NewStyle(k.style())
		if err != nil {
			return nil, err
		}
		s.numbers[k] = id
	}
	return s, nil
}

// of is the number of the look of a cell.
func (s *styles) of(row styleOf, column int, kind Kind, c *Cell, number bool) int {
	k := look{row: row}
	switch {
	case number:
		k.format = format(kind, *c.Number)
	case row == factStyle && column > 0:
		k.row = valueStyle
	case row == headerStyle && kind != Text:
		k.row = numberHeadStyle
	case row == plainStyle && c.Badge != "":
		k.badge = c.Badge
	}
	if id, ok := s.numbers[k]; ok {
		return id
	}
	return s.numbers[look{row: plainStyle, format: k.format}]
}

// format is how a number of a kind is shown: whole ones without a decimal point.
func format(k Kind, v float64) string {
	switch k {
	case Hours:
		return hoursFormat
	case Percent:
		return percentFormat
	case Share:
		return shareFormat
	case Number:
		return decimalsFormat
	case Exact, Text:
		if v != math.Trunc(v) {
			return partsFormat
		}
	}
	return wholeFormat
}

// style is a look in the words of a workbook.
func (k look) style() *excelize.Style {
	style := &excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}, Font: &excelize.Font{Size: 11}}
	switch k.row {
	case titleStyle:
		style.Font, style.Alignment = &excelize.Font{Bold: true, Size: 16}, nil
	case sectionStyle:
		style.Font, style.Alignment = &excelize.Font{Bold: true, Size: 14}, nil
	case captionStyle:
		style.Font, style.Alignment = &excelize.Font{Bold: true, Size: 11}, nil
	case valueStyle:
		style.Alignment = nil
	case factStyle:
		style.Font.Bold, style.Alignment = true, nil
	case noticeStyle:
		style.Font = &excelize.Font{Bold: true, Size: 11, Color: "9C1C1C"} //nolint:misspell // the name that others gave it
	case numberHeadStyle:
		style.Alignment.Horizontal = "right"
		fallthrough
	case headerStyle:
		style.Font.Bold = true
		style.Fill = filled("DCE6F1")
		style.Border = ruled("bottom")
	case totalStyle:
		style.Font.Bold = true
		style.Border = ruled("top")
	}
	if k.format != "" {
		style.CustomNumFmt, style.Alignment = &k.format, &excelize.Alignment{Vertical: "top"}
	}
	for _, badge := range badges() {
		if badge[0] == k.badge {
			style.Fill = filled(badge[1])
		}
	}
	return style
}

// filled is a cell of one colour.
func filled(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}} //nolint:misspell // the name that others gave it
}

// ruled is a thin line at a side of a cell.
func ruled(side string) []excelize.Border {
	return []excelize.Border{{Type: side, Color: "5B7FA6", Style: 1}} //nolint:misspell // the name that others gave it
}
