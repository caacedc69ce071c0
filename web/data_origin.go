package web

import (
	"strconv"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A dataOrigin is what the numbers were made from.
type dataOrigin struct {
	Facts   []dataFact
	Files   []dataFile // the last ones
	Caption string
	Notes   []string
	JSON    string // link to all of it
}

// A dataFact is a name and a value that is an id or a digest.
type dataFact struct{ Name, Value, Whole string }

// A dataFile is one delivery and what became of its rows.
type dataFile struct {
	Path, Content, Digest, Whole                                                  string
	Rows, Accepted, Rejected, Duplicate, Superseded, Cancelled, Skipped, Excluded string
	Rejects                                                                       bool
}

// filesShown is how many deliveries the page lists.
const filesShown = 100

func (t *teller) dataOrigin(s *snapshot.Snapshot) *dataOrigin {
	p := &s.Provenance
	x := &dataOrigin{JSON: "/api/v1/report", Facts: []dataFact{
		{t.Say("data.program"), p.Program, ""}, {t.Say("data.policy"), p.Policy.ID, ""}, digestFact(t.Say("data.policy-hash"), p.Policy.SHA256),
		digestFact(t.Say("data.base-hash"), p.BaseSHA256), digestFact(t.Say("data.mapping-hash"), p.MappingSHA256), digestFact(t.Say("data.ledger-hash"), p.LedgerSHA256),
		{t.Say("page.as-of"), p.AsOf, ""}, {t.Say("data.known-at"), strconv.FormatInt(p.KnownAt, 10), ""}, {t.Say("data.zone"), p.Zone, ""}, {t.Say("data.tzdata"), p.TZData, ""},
	}}
	last := p.Inputs[max(len(p.Inputs)-filesShown, 0):]
	for i := range last {
		f := &last[i]
		x.Files = append(x.Files, dataFile{
			Path: f.Path, Content: f.Content, Digest: shortened(f.SHA256), Whole: f.SHA256, Rows: count(int64(f.Rows)), Accepted: count(int64(f.Accepted)),
			Rejected: count(int64(f.Rejected)), Duplicate: count(int64(f.Duplicate)), Superseded: count(int64(f.Superseded)), Cancelled: count(int64(f.Cancelled)),
			Skipped: count(int64(f.Skipped)), Excluded: count(int64(f.Excluded)), Rejects: f.Rejected > 0,
		})
	}
	x.Caption = t.Say("data.files-shown", count(int64(len(last))), count(int64(len(p.Inputs))))
	for _, n := range p.Notes {
		x.Notes = append(x.Notes, t.Note(n))
	}
	return x
}

// digestFact shows the beginning of a digest, and all of it to those who ask.
func digestFact(name, digest string) dataFact {
	return dataFact{name, orAbsent(shortened(digest)), digest}
}

// shortened is the beginning of a digest, enough to compare by eye.
func shortened(digest string) string { return digest[:min(len(digest), 12)] }
