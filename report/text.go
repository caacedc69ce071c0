package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// Text writes a snapshot for people: the verdicts, the worst first; of a running
// year what is left of the budgets and where it will end; the hours by area and
// class; then what is wrong with the data, then where the details are.
func Text(w io.Writer, s *snapshot.Snapshot, show Show) error {
	p := show.page(w, s.Areas...)
	p.head(s)
	p.targets(s)
	p.outlook(s)
	p.measures(s)
	p.hours(s)
	p.quality(s)
	p.details(s)
	return p.Flush()
}

func (p *page) head(s *snapshot.Snapshot) {
	p.put("", s.Title.In(string(p.Language)))
	if s.Synthetic {
		p.line("", "head.synthetic")
	}
	key := "head.as-of"
	if s.Provisional {
		key = "head.as-of-open"
	}
	p.line("", key, s.Index, clock(s.Provenance.AsOf), s.Provenance.Zone)
	p.blank()
}

// details says where more is to be had.
func (p *page) details(s *snapshot.Snapshot) {
	p.blank()
	if s.Quality.Rejected > 0 {
		p.line("", "details.rejects")
	}
	if len(s.Targets) > 0 {
		p.line("", "details.arithmetic")
	}
	p.line("", "details.explain")
	v := &s.Provenance
	p.line("", "details.provenance", v.Policy.ID, short(v.Policy.SHA256), short(v.BaseSHA256), len(v.Inputs))
}

// short is the beginning of a digest, enough to tell two files apart.
func short(digest string) string {
	if digest == "" {
		return absent
	}
	return digest[:min(len(digest), 12)]
}

// absent stands for a number that does not exist.
const absent = "-"

func hours(v *float64) string { return fixed(v, 2) }

func fixed(v *float64, decimals int) string {
	if v == nil {
		return absent
	}
	return strconv.FormatFloat(*v, 'f', decimals, 64)
}

func percent(v *float64, decimals int) string {
	if v == nil {
		return absent
	}
	return strconv.FormatFloat(*v*100, 'f', decimals, 64) + " %"
}

// signed writes a share as a change in per cent.
func signed(v *float64) string {
	if v == nil {
		return absent
	}
	return wording.Change(*v)
}

// clock shortens an RFC 3339 time to minutes without zone, and a midnight to
// its date.
func clock(at string) string {
	date, rest, ok := strings.Cut(at, "T")
	if !ok || len(rest) < 8 {
		return at
	}
	switch {
	case rest[:8] == "00:00:00":
		return date
	case rest[6:8] == "00":
		return date + " " + rest[:5]
	}
	return date + " " + rest[:8]
}

// word is the word for a code in the page's language.
func (p *page) word(k wording.Kind, code string) string { return p.Language.Word(k, code) }
