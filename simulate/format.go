package simulate

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
)

// A Format is a form in which a province is written.
type Format string

// The formats.
const (
	CanonicalCSV Format = "canonical-csv" // canonical names, UTF-8
	UtilityCSV   Format = "utility-csv"   // as a Chinese utility exports it: GB18030, a title above and a total below
	UtilityXLSX  Format = "utility-xlsx"  // the same as a workbook
	NDJSON       Format = "ndjson"        // canonical names, an object a line
	Parquet      Format = "parquet"       // canonical names, typed columns
	Arrow        Format = "arrow"         // the same as an Arrow IPC file
)

// Formats lists the formats.
func Formats() []Format {
	return []Format{CanonicalCSV, UtilityCSV, UtilityXLSX, NDJSON, Parquet, Arrow}
}

// ParseFormat finds a format by its name.
func ParseFormat(name string) (Format, error) {
	if f := Format(name); slices.Contains(Formats(), f) {
		return f, nil
	}
	var names []string
	for _, f := range Formats() {
		names = append(names, string(f))
	}
	return "", fmt.Errorf("format %q: want %s", name, strings.Join(names, ", "))
}

// Extension is the usual ending of files of the format, with the dot.
func (f Format) Extension() string {
	switch f {
	case UtilityXLSX:
		return ".xlsx"
	case NDJSON:
		return ".ndjson"
	case Parquet:
		return ".parquet"
	case Arrow:
		return ".arrow"
	}
	return ".csv"
}

// LargestWorkbook is how many rows of one delivery are written as a workbook at
// most; more of them open nowhere.
const LargestWorkbook = 3_000_000

// WriteEvents writes the rows of a delivery and gives their number. In the
// utility formats a title and a total stand beside them.
func WriteEvents(w io.Writer, f Format, rows iter.Seq[*Record]) (int64, error) {
	l := canonicalEvents()
	if f.ofUtility() {
		l = utilityEvents()
	}
	t, err := newTable(w, f, l.sheet)
	if err != nil {
		return 0, err
	}
	for r := range rows {
		l.fill(t.cells, r)
		if err := t.row(); err != nil {
			return t.rows, err
		}
	}
	return t.rows, t.close()
}

// WriteCustomers writes the rows of a base and gives their number.
func WriteCustomers(w io.Writer, f Format, rows iter.Seq[outage.Customers]) (int64, error) {
	l := canonicalCustomers()
	if f.ofUtility() {
		l = utilityCustomers()
	}
	t, err := newTable(w, f, l.sheet)
	if err != nil {
		return 0, err
	}
	for c := range rows {
		l.fill(t.cells, &c)
		if err := t.row(); err != nil {
			return t.rows, err
		}
	}
	return t.rows, t.close()
}

func (f Format) ofUtility() bool { return f == UtilityCSV || f == UtilityXLSX }
