package compliance

import (
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A Document is a report before it has a form: sections of tables and drawings in
// words of one language. HTML and workbook show the same cells.
type Document struct {
	Language wording.Language
	Title    string
	Notices  []string // what must not be overlooked: made-up data, provisional numbers
	Facts    []Fact   // in the head
	Sections []Section
	Asked    snapshot.Asked
	Program  string
	Stamp    Stamp // what it says of itself to machines; JSON in the HTML's <meta name="saidi-asked">
}

// A Fact is a name and a value.
type Fact struct{ Name, Value string }

// A Section is one part of a report, and one sheet of a workbook.
type Section struct {
	ID       string // of the element and in places: summary, targets, months, natures, feeders, repeats, exclusions, rejected, provenance, ...
	Title    string // of the sheet too: at most 31 letters, none of []:*?/\
	Text     []string
	Drawings []Drawing // of the HTML only
	Tables   []Table
}

// A Drawing is an SVG with a caption.
type Drawing struct{ Caption, SVG string }

// A Table is rows of cells below named columns.
type Table struct {
	ID      string
	Caption string
	Columns []Column
	Rows    [][]Cell // each as long as Columns
	Totals  []Cell   // below them; nil: none
	// Most is how many rows an HTML shows; it says how many more the workbook has. 0
	// means all.
	Most int
}

// A Kind is what a column holds.
type Kind int

// The kinds of columns.
const (
	Text    Kind = iota
	Count        // whole numbers, thousands apart
	Hours        // two decimals
	Exact        // up to three decimals: customer-hours and the like, from thousandths
	Percent      // a share; shown × 100 with one decimal
	Share        // a number from 0 to 1 with six decimals, such as ASAI
	Number       // four decimals
)

// A Column is the head of a column and what stands in it.
type Column struct {
	Head  string
	Kind  Kind
	Width int // in letters of a workbook; 0: 12
}

// A Cell holds a text or a number, or nothing.
type Cell struct {
	Text   string
	Number *float64 // in the unit of its column, unrounded
	// Formula is how a reader would check the number, in the notation of a workbook
	// without the equals sign; "{row}" stands for the number of the cell's row, and in
	// totals "{first}" and "{last}" for those of the table's rows. Columns are letters
	// from A, the table's first. Empty: none.
	Formula string
	Badge   string // the code of a verdict: HTML shows its colour
}
