package push

import (
	"time"
	"unicode/utf8"
)

// SchemaVersion is the version of the JSON contract.
const SchemaVersion = 1

// An Answer says what became of a delivery. It is given once the delivery is
// durable.
type Answer struct {
	SchemaVersion int       `json:"schema_version"` // filled in by the door
	Delivery      int64     `json:"delivery"`       // its number
	Sequence      Sequence  `json:"sequence"`
	Received      time.Time `json:"received"`
	Again         bool      `json:"again"`   // the same bytes were there already: nothing is stored twice
	SHA256        string    `json:"sha256"`  // of the body as it came
	Content       string    `json:"content"` // what it was recognised as, such as "csv, GB18030"
	Rows          int       `json:"rows"`    // read, of which so many were:
	Stored        int       `json:"stored"`
	Rejected      int       `json:"rejected"`
	Skipped       int       `json:"skipped"` // title and total rows

	Rejections []Rejection `json:"rejections"`          // at most 1000
	LeftOut    int         `json:"rejections_left_out"` // how many more there are

	Applied  bool      `json:"applied"`            // the numbers hold it
	Outcomes *Outcomes `json:"outcomes,omitempty"` // of a sender that waited, once it is applied
	Notes    []string  `json:"notes"`              // what is odd about the delivery as a whole
}

// A Sequence is the numbers that a delivery bears, both inclusive: one for each
// row that is kept, at least one. 0 and 0 where nothing was stored.
type Sequence struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}

// A Rejection is a row that does not count, with its place and what to do.
type Rejection struct {
	Row     int    `json:"row"`   // from 1, as the sender's own program shows it
	Sheet   string `json:"sheet"` // of a workbook; else empty
	EventID string `json:"event_id"`
	Column  string `json:"column"`
	Value   string `json:"value"`
	Reason  string `json:"reason"` // from a closed list
	Advice  string `json:"advice"`
}

// Outcomes say what the stored rows came to beside all others.
type Outcomes struct {
	Accepted   int `json:"accepted"`
	Duplicate  int `json:"duplicate"`
	Superseded int `json:"superseded"`
	Cancelled  int `json:"cancelled"`
	Excluded   int `json:"excluded"`
	Rejected   int `json:"rejected"`
}

// What an answer shows of rejected rows is bounded, whatever the rows hold.
const (
	mostRejections = 1000
	longestText    = 256  // bytes of each text of a rejection
	longestMessage = 4096 // bytes of what is wrong
)

// shown is the answer as it goes out: lists are there though empty, and bounded.
func (a Answer) shown() *Answer {
	a.SchemaVersion = SchemaVersion
	a.Received = a.Received.UTC()
	a.Rejections, a.LeftOut = shownRejections(a.Rejections, a.LeftOut)
	if a.Notes == nil {
		a.Notes = []string{}
	}
	return &a
}

// shownRejections leaves out what is too much and shortens what is too long.
func shownRejections(all []Rejection, leftOut int) ([]Rejection, int) {
	n := min(len(all), mostRejections)
	shown := make([]Rejection, n)
	for i, r := range all[:n] {
		for _, text := range []*string{&r.Sheet, &r.EventID, &r.Column, &r.Value} {
			*text = shorten(*text, longestText)
		}
		shown[i] = r
	}
	return shown, leftOut + len(all) - n
}

// shorten cuts a text that is longer than most bytes, between two characters.
func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most
	for end > most-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
