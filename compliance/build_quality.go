package compliance

import (
	"cmp"
	"maps"
	"slices"

	"github.com/saidi-exporter/saidi/wording"
)

// quality tells how far the data can be trusted.
func (m *maker) quality() (Section, bool) {
	s := Section{ID: "quality", Title: m.Say("paper.quality")}
	s.Tables = append(s.Tables, m.coverage())
	if t := m.gaps(); len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	}
	s.Tables = append(s.Tables, m.shares())
	if len(m.d.Quality.SuspiciousRows) > 0 {
		s.Tables = append(s.Tables, m.odd())
	}
	if len(m.d.Suspicious) > 0 {
		s.Tables = append(s.Tables, m.suspects("suspicious", m.Say("paper.suspicious-what", len(m.d.Suspicious)), m.d.Suspicious))
	}
	if len(m.d.OpenOutages) > 0 {
		s.Tables = append(s.Tables, m.suspects("stale", m.Say("paper.stale-what", len(m.d.OpenOutages)), m.d.OpenOutages))
	}
	return s, true
}

// coverage is how much of each area's time deliveries declare to cover.
func (m *maker) coverage() Table {
	t := Table{ID: "coverage", Caption: m.Say("paper.coverage-what"), Columns: []Column{
		{Head: m.Say("column.area"), Width: 15}, {Head: m.Say("page.covered"), Kind: Percent}, {Head: m.Say("page.covered-before"), Kind: Percent},
		{Head: m.Say("page.through"), Width: 18}, {Head: m.Say("page.gaps"), Kind: Count},
	}}
	for i := range m.d.Quality.Coverage {
		c := &m.d.Quality.Coverage[i]
		covered := maybe(c.Ratio)
		if c.Ratio == nil {
			covered.Text = m.Say("page.undeclared")
		}
		t.Rows = append(t.Rows, []Cell{text(m.name(c.Area)), covered, maybe(c.PriorRatio), text(local(c.DataThrough)), whole(len(c.Gaps))})
	}
	return t
}

// gaps lists the times that no delivery covers, and those in which it is too quiet.
func (m *maker) gaps() Table {
	t := Table{ID: "gaps", Caption: m.Say("paper.gaps-what"), Most: mostOdd, Columns: []Column{
		{Head: m.Say("column.area"), Width: 15}, {Head: m.Say("column.from"), Width: 18}, {Head: m.Say("column.to"), Width: 18}, {Head: m.Say("column.why"), Width: 36},
	}}
	for i := range m.d.Quality.Coverage {
		c := &m.d.Quality.Coverage[i]
		for _, g := range c.Gaps {
			t.Rows = append(t.Rows, []Cell{text(m.name(c.Area)), text(local(g.From)), text(local(g.To)), text(m.Say("paper.gap"))})
		}
	}
	for _, s := range m.d.Quality.Silences {
		why := m.Say("paper.silence")
		if s.Declared {
			why = m.Say("paper.silence-declared")
		}
		t.Rows = append(t.Rows, []Cell{text(m.name(s.Area)), text(local(s.From)), text(local(s.To)), text(why)})
	}
	return t
}

// shares are the parts of the customer-hours that rest on guesses, and the outages
// that are not over.
func (m *maker) shares() Table {
	q := &m.d.Quality
	t := Table{ID: "shares", Caption: m.Say("paper.shares-what"), Columns: []Column{{Head: m.Say("paper.about"), Width: 44}, {Head: m.Say("paper.share"), Kind: Percent}, {Head: m.Say("column.rows"), Kind: Count}}}
	for _, share := range []struct {
		word string
		of   float64
	}{
		{m.Say("paper.split"), q.SplitShare}, {m.Say("paper.unknown-nature"), q.UnknownNatureShare}, {m.Say("paper.unknown-feeder"), q.UnknownFeederShare},
	} {
		t.Rows = append(t.Rows, []Cell{text(share.word), numeral(share.of), {}})
	}
	for _, rows := range []struct {
		word string
		n    int
	}{
		{m.Say("paper.open"), q.OpenEvents}, {m.Say("paper.open-stale"), q.StaleOpenEvents}, {m.Say("paper.pending"), q.PendingEvents},
	} {
		t.Rows = append(t.Rows, []Cell{text(rows.word), {}, whole(rows.n)})
	}
	return t
}

// odd counts the rows that count and are odd, by what is odd about them.
func (m *maker) odd() Table {
	t := Table{ID: "odd", Caption: m.Say("paper.odd-what"), Columns: []Column{{Head: m.Say("column.odd"), Width: 36}, {Head: m.Say("column.rows"), Kind: Count}}}
	for _, code := range mostFirst(m.d.Quality.SuspiciousRows) {
		t.Rows = append(t.Rows, []Cell{text(m.Word(wording.Flag, code)), whole(m.d.Quality.SuspiciousRows[code])})
	}
	return t
}

// mostFirst lists the keys with the largest counts first.
func mostFirst(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(x, y string) int {
		return cmp.Or(cmp.Compare(counts[y], counts[x]), cmp.Compare(x, y))
	})
}

// provenance tells where everything comes from, and on what choices it rests.
func (m *maker) provenance() (Section, bool) {
	s := Section{ID: "provenance", Title: m.Say("paper.provenance"), Tables: []Table{m.origins(), m.inputs(), m.assumptions()}}
	if ids := m.setIDs(); len(ids) > 0 {
		t := Table{ID: "index-sets", Caption: m.Say("paper.index-sets"), Columns: []Column{{Head: m.Say("paper.set"), Width: 16}, {Head: m.Say("paper.counts"), Width: 70}}}
		for _, id := range ids {
			t.Rows = append(t.Rows, []Cell{text(id), text(m.setName(id))})
		}
		s.Tables = append(s.Tables, t)
	}
	if t := m.notes(); len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	}
	return s, true
}

// origins are the digests of all that the report was made of but events.
func (m *maker) origins() Table {
	v := &m.d.Provenance
	t := Table{ID: "origins", Caption: m.Say("paper.origins"), Columns: []Column{{Head: m.Say("paper.about"), Width: 24}, {Head: m.Say("paper.is"), Width: 70}}}
	for _, row := range [][2]string{
		{m.Say("paper.program"), v.Program}, {m.Say("paper.policy"), v.Policy.ID}, {m.Say("paper.policy-digest"), v.Policy.SHA256},
		{m.Say("paper.base-digest"), v.BaseSHA256}, {m.Say("paper.mapping-digest"), v.MappingSHA256}, {m.Say("paper.ledger-digest"), v.LedgerSHA256},
		{m.Say("paper.as-of"), v.AsOf}, {m.Say("paper.through"), m.d.DataThrough}, {m.Say("paper.zone"), v.Zone}, {m.Say("paper.tzdata"), v.TZData},
		{m.Say("paper.index"), m.judged()},
	} {
		if row[1] != "" {
			t.Rows = append(t.Rows, []Cell{text(row[0]), text(row[1])})
		}
	}
	if m.d.Asked.KnownAt > 0 {
		t.Rows = append(t.Rows, []Cell{text(m.Say("paper.known-at")), text(m.Say("paper.sequence", m.d.Asked.KnownAt))})
	}
	return t
}

// inputs are the files of events with what became of their rows.
func (m *maker) inputs() Table {
	t := Table{ID: "inputs", Caption: m.Say("paper.inputs-what"), Columns: []Column{{Head: m.Say("paper.file"), Width: 24}, {Head: m.Say("paper.content"), Width: 12}, {Head: "SHA-256", Width: 66}, {Head: m.Say("column.rows"), Kind: Count, Width: 10}}}
	words := m.outcomeWords()
	for _, word := range words {
		t.Columns = append(t.Columns, Column{Head: word, Kind: Count, Width: 10})
	}
	const first = 4 // column of what became of rows
	columns := []int{first - 1}
	for k := range words {
		columns = append(columns, first+k)
	}
	for i := range m.d.Provenance.Inputs {
		f := &m.d.Provenance.Inputs[i]
		row := []Cell{text(f.Path), text(f.Content), text(f.SHA256), whole(f.Rows).by("SUM(%s{row}:%s{row})", first, first+len(words)-1)}
		for _, n := range countsOf(f) {
			row = append(row, whole(n))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Totals = totals(m.Say("paper.all"), t.Rows, len(t.Columns), columns...)
	return t
}

func (m *maker) notes() Table {
	t := Table{ID: "notes", Caption: m.Say("paper.notes"), Columns: []Column{{Head: m.Say("paper.note"), Width: 100}}}
	for _, n := range m.d.Provenance.Notes {
		t.Rows = append(t.Rows, []Cell{text(m.Note(n))})
	}
	return t
}

// assumptions are the choices that the numbers rest on.
func (m *maker) assumptions() Table {
	t := Table{ID: "assumptions", Caption: m.Say("paper.assumptions"), Columns: []Column{{Head: m.Say("paper.assumption"), Width: 100}}}
	for _, words := range m.assumed() {
		t.Rows = append(t.Rows, []Cell{text(words)})
	}
	return t
}
