package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// quality writes what is wrong with the data.
func (p *page) quality(s *snapshot.Snapshot) {
	q := &s.Quality
	p.put("", p.Language.Say("quality.rows", q.Rows, p.counts(s)))
	for _, reason := range byCount(q.RejectedReasons) {
		p.line("  ", "quality.rejected", p.word(wording.Rejection, reason), q.RejectedReasons[reason])
	}
	for _, code := range byCount(q.SuspiciousRows) {
		p.line("  ", "quality.odd", p.word(wording.Flag, code), q.SuspiciousRows[code])
	}
	if q.OpenEvents > 0 {
		p.line("  ", "quality.open", q.OpenEvents, q.StaleOpenEvents)
	}
	if q.PendingEvents > 0 {
		p.line("  ", "quality.pending", q.PendingEvents)
	}
	p.losses(q)
	p.coverage(q)
	for _, note := range s.Provenance.Notes {
		p.line("  ", "quality.note", p.Language.Note(note))
	}
}

func (p *page) losses(q *snapshot.Quality) {
	if q.OverBase > 0 {
		p.line("  ", "quality.over-base", q.OverBase.Float()/3600)
	}
	if q.OverlapExcess > 0 {
		p.line("  ", "quality.overlap", q.OverlapExcess.Float()/3600)
	}
	if q.NoOutage > 0 {
		p.line("  ", "quality.no-outage", q.NoOutage)
	}
	for _, part := range []struct {
		key   string
		share float64
	}{
		{"quality.split", q.SplitShare},
		{"quality.unknown-nature", q.UnknownNatureShare},
		{"quality.unknown-feeder", q.UnknownFeederShare},
	} {
		if part.share > 0 {
			p.line("  ", part.key, part.share*100)
		}
	}
}

// mostShown bounds the gaps and silences that are listed each.
const mostShown = 5

// coverage says how much of the time deliveries declare to cover, and what is
// missing.
func (p *page) coverage(q *snapshot.Quality) {
	var unknown, gaps []string
	for _, c := range q.Coverage {
		name := p.names[c.Area]
		if c.Ratio == nil {
			unknown = append(unknown, name)
		}
		for _, g := range c.Gaps {
			gaps = append(gaps, p.Language.Say("quality.gap", name, clock(g.From), clock(g.To)))
		}
	}
	switch {
	case len(unknown) == len(q.Coverage):
		p.line("  ", "quality.coverage-unknown")
	case len(unknown) > 0:
		p.line("  ", "quality.coverage-unknown-of", p.Language.List(unknown))
	case len(gaps) == 0:
		p.line("  ", "quality.coverage-whole")
	}
	if len(gaps) > 0 {
		p.line("  ", "quality.gaps", p.few(gaps))
	}
	var silences []string
	for _, s := range q.Silences {
		key := "quality.gap"
		if s.Declared {
			key = "quality.gap-declared"
		}
		silences = append(silences, p.Language.Say(key, p.names[s.Area], clock(s.From), clock(s.To)))
	}
	if len(silences) > 0 {
		p.line("  ", "quality.silences", p.few(silences))
	}
}

// few joins the first of many, and says how many more there are.
func (p *page) few(list []string) string {
	if n := len(list) - mostShown; n > 0 {
		list = append(slices.Clone(list[:mostShown]), p.Language.Say("quality.more", n))
	}
	return p.Language.List(list)
}

// counts adds up what became of the rows of all files.
func (p *page) counts(s *snapshot.Snapshot) string {
	keys := []string{"rows.accepted", "rows.rejected", "rows.duplicate", "rows.superseded", "rows.cancelled", "rows.skipped", "rows.excluded"}
	sums := make([]int, len(keys))
	for _, f := range s.Provenance.Inputs {
		for i, n := range []int{f.Accepted, f.Rejected, f.Duplicate, f.Superseded, f.Cancelled, f.Skipped, f.Excluded} {
			sums[i] += n
		}
	}
	var parts []string
	for i, n := range sums {
		if n > 0 || i == 0 {
			parts = append(parts, fmt.Sprintf("%s %d", p.Language.Say(keys[i]), n))
		}
	}
	return p.Language.List(parts)
}

// byCount lists the keys with the largest counts first.
func byCount(m map[string]int) []string {
	return slices.SortedFunc(maps.Keys(m), func(x, y string) int {
		if m[x] != m[y] {
			return m[y] - m[x]
		}
		return strings.Compare(x, y)
	})
}
