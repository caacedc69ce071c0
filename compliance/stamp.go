package compliance

import (
	"encoding/json"
	"slices"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A Stamp is what a report says of itself to those who read it back: how it was
// asked for, and what it was made of. An HTML has it as JSON in the meta element
// "saidi-asked", a workbook in the hidden sheet "saidi".
type Stamp struct {
	Language      wording.Language `json:"language"`
	Program       string           `json:"program"` // that made it
	TZData        string           `json:"tzdata"`  // where its time zones came from
	Asked         snapshot.Asked   `json:"asked"`
	Policy        snapshot.Digest  `json:"policy"`
	BaseSHA256    string           `json:"base_sha256"`
	MappingSHA256 string           `json:"mapping_sha256,omitempty"`
	LedgerSHA256  string           `json:"ledger_sha256,omitempty"`
	Inputs        []Input          `json:"inputs"`           // events, in the order in which they were read
	Noted         []string         `json:"noted,omitempty"`  // other files that notes are of, as they were named: the base
	Future        bool             `json:"future,omitempty"` // as-of lay after the time when it was made
	Today         bool             `json:"today,omitempty"`  // as-of is the beginning of the day when it was made, as no row was accepted
}

// An Input is a file of events that a report was made of.
type Input struct {
	Path   string `json:"path"` // as it was named
	SHA256 string `json:"sha256"`
}

// newStamp takes from a dossier what its report says of itself.
func newStamp(d *snapshot.Dossier, l wording.Language) Stamp {
	v := &d.Provenance
	s := Stamp{
		Language: l, Program: v.Program, TZData: v.TZData, Asked: d.Asked, Policy: v.Policy, BaseSHA256: v.BaseSHA256, MappingSHA256: v.MappingSHA256,
		LedgerSHA256: v.LedgerSHA256, Inputs: []Input{},
	}
	for i := range v.Inputs {
		s.Inputs = append(s.Inputs, Input{v.Inputs[i].Path, v.Inputs[i].SHA256})
	}
	for _, n := range v.Notes {
		s.Future = s.Future || n.Code == futureNote
		s.Today = s.Today || n.Code == todayNote
		s.take(n.Path)
	}
	return s
}

// The codes of the notes that as-of lies ahead, and that it is the beginning of today.
const (
	futureNote = "future"
	todayNote  = "nothing-accepted"
)

// take keeps the name of a file that a note is of, if it is none of the events.
func (s *Stamp) take(path string) {
	of := func(in Input) bool { return in.Path == path }
	if path != "" && !slices.Contains(s.Noted, path) && !slices.ContainsFunc(s.Inputs, of) {
		s.Noted = append(s.Noted, path)
	}
}

// JSON is the stamp as a report carries it. It has no error: a stamp is texts and
// whole numbers.
func (s *Stamp) JSON() string {
	text, err := json.Marshal(s)
	if err != nil {
		panic("a stamp without JSON: " + err.Error())
	}
	return string(text)
}
