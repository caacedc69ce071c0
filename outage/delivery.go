package outage

import "sort"

// Repeated says what several different rows with one key in one delivery mean.
type Repeated uint8

// The meanings of repeated keys.
const (
	RepeatedReject    Repeated = iota // a mistake: all of them are rejected
	RepeatedStages                    // groups of customers, each with its own end
	RepeatedLatest                    // the last row of the file holds
	RepeatedRemaining                 // each row gives the customers still out
)

// A Delivery is one transfer of rows: one file, one push. The later received
// delivery has the later word on a key.
type Delivery struct {
	Path        string // as the user named it
	Content     string // what it turned out to be, such as "xlsx" or "csv, GB18030"
	SHA256      string // of the bytes as they came, once all were read
	Repeated    Repeated
	WholeFeeder bool              // a row without customers interrupts all of its feeder
	Sheets      []Sheet           // in order; one with an empty name where the format has none
	Rows        int               // data rows read, blank lines and headers apart
	Skipped     int               // title and total rows
	Headers     map[string]string // the file\'s own names of the fields, by canonical name
	Covers      []Covers          // the periods for which it is declared to hold everything
	Warnings    []Note            // what is odd about the delivery as a whole
}

// A Sheet is a part of a delivery with row numbers of its own.
type Sheet struct {
	Name   string
	Offset Row // the ordinal of row 0
}

// Place gives the sheet and the row number, from 1, as the sender's own program
// would show them.
func (d *Delivery) Place(r Row) (sheet string, row int) {
	i := sort.Search(len(d.Sheets), func(i int) bool { return d.Sheets[i].Offset > r }) - 1
	if i < 0 {
		return "", int(r)
	}
	return d.Sheets[i].Name, int(r - d.Sheets[i].Offset)
}
