package compliance

import (
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// How many rows an HTML shows of lists that may be long.
const (
	mostOdd      = 20
	mostRejected = 50
)

// exclusions tell what is in no number, and that nothing is lost: every row read
// is accounted for.
func (m *maker) exclusions() (Section, bool) {
	s := Section{ID: "exclusions", Title: m.Say("paper.exclusions"), Text: []string{m.Say("paper.exclusions-what")}}
	s.Tables = append(s.Tables, m.outcomes(), m.uncounted())
	if len(m.d.Excluded) > 0 {
		s.Tables = append(s.Tables, m.suspects("excluded", m.Say("paper.excluded-what"), m.d.Excluded))
	}
	return s, true
}

// outcomes add up what became of the rows of all files.
func (m *maker) outcomes() Table {
	t := Table{ID: "rows", Caption: m.Say("paper.rows-what"), Columns: []Column{{Head: m.Say("paper.outcome"), Width: 20}, {Head: m.Say("column.rows"), Kind: Count}}}
	words, sums := m.outcomeWords(), make([]int, 7)
	for i := range m.d.Provenance.Inputs {
		for k, n := range countsOf(&m.d.Provenance.Inputs[i]) {
			sums[k] += n
		}
	}
	for k, word := range words {
		t.Rows = append(t.Rows, []Cell{text(word), whole(sums[k])})
	}
	t.Totals = totals(m.Say("paper.read"), t.Rows, 2, 1)
	return t
}

// outcomeWords name what becomes of rows, in the order of [countsOf].
func (m *maker) outcomeWords() []string {
	return []string{
		m.Say("rows.accepted"), m.Say("rows.rejected"), m.Say("rows.duplicate"), m.Say("rows.superseded"), m.Say("rows.cancelled"), m.Say("rows.skipped"), m.Say("rows.excluded"),
	}
}

func countsOf(f *snapshot.File) []int {
	return []int{f.Accepted, f.Rejected, f.Duplicate, f.Superseded, f.Cancelled, f.Skipped, f.Excluded}
}

func (m *maker) uncounted() Table {
	t := Table{ID: "uncounted", Caption: m.Say("paper.uncounted-what"), Columns: []Column{
		{Head: m.Say("column.not-counted"), Width: 24}, {Head: m.Say("column.rows"), Kind: Count}, {Head: m.Say("paper.customer-hours"), Kind: Exact, Width: 14}, {Head: m.Say("column.why"), Width: 60},
	}}
	for _, u := range m.d.Uncounted {
		word, why := m.uncountedWords(u.Kind)
		row := []Cell{text(word), whole(u.Rows), {}, text(why)}
		if u.CustomerSeconds != nil {
			row[2] = customerHours(*u.CustomerSeconds)
			if u.Kind == snapshot.UncountedOverlap || u.Kind == snapshot.UncountedOverBase {
				row[1] = Cell{}
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// uncountedWords name a kind of what is in no number, and say why.
func (m *maker) uncountedWords(kind string) (word, why string) {
	switch kind {
	case snapshot.UncountedRejected:
		return m.Say("rows.rejected"), m.Say("paper.why-rejected")
	case snapshot.UncountedDuplicate:
		return m.Say("rows.duplicate"), m.Say("paper.why-duplicate")
	case snapshot.UncountedSuperseded:
		return m.Say("rows.superseded"), m.Say("paper.why-superseded")
	case snapshot.UncountedCancelled:
		return m.Say("rows.cancelled"), m.Say("paper.why-cancelled")
	case snapshot.UncountedSkipped:
		return m.Say("rows.skipped"), m.Say("paper.why-skipped")
	case snapshot.UncountedExcluded:
		return m.Say("rows.excluded"), m.Say("paper.why-excluded")
	case snapshot.UncountedPending:
		return m.Say("paper.pending"), m.Say("paper.why-pending")
	case snapshot.UncountedOverlap:
		return m.Say("paper.overlap"), m.Say("paper.why-overlap")
	case snapshot.UncountedOverBase:
		return m.Say("paper.over-base"), m.Say("paper.why-over-base")
	}
	return kind, ""
}

// A locator says where rows stand: by sheet and delivery only where any has one.
type locator struct{ sheets, stored bool }

// see takes the place of a row into account.
func (l *locator) see(sheet string, delivery int64) {
	l.sheets = l.sheets || sheet != ""
	l.stored = l.stored || delivery > 0
}

func (l *locator) columns(m *maker) []Column {
	columns := []Column{{Head: m.Say("paper.file"), Width: 24}}
	if l.sheets {
		columns = append(columns, Column{Head: m.Say("paper.sheet"), Width: 12})
	}
	if l.stored {
		columns = append(columns, Column{Head: m.Say("column.delivery"), Kind: Count, Width: 9})
	}
	return append(columns, Column{Head: m.Say("paper.row"), Kind: Count, Width: 9})
}

func (l *locator) place(path, sheet string, row int, delivery int64) []Cell {
	cells := []Cell{text(path)}
	if l.sheets {
		cells = append(cells, text(sheet))
	}
	if l.stored {
		cells = append(cells, whole(delivery))
	}
	return append(cells, whole(row))
}

// suspects lists rows that something is odd about.
func (m *maker) suspects(id, caption string, list []snapshot.Suspect) Table {
	var where locator
	for _, s := range list {
		where.see(s.Sheet, s.Delivery)
	}
	t := Table{ID: id, Caption: caption, Most: mostOdd, Columns: where.columns(m)}
	t.Columns = append(t.Columns, Column{Head: m.Say("column.event"), Width: 26}, Column{Head: m.Say("column.from"), Width: 20}, Column{Head: m.Say("column.odd"), Width: 32})
	for _, s := range list {
		var what []string
		for _, code := range s.What {
			what = append(what, m.flag(code))
		}
		t.Rows = append(t.Rows, append(where.place(s.Path, s.Sheet, s.Row, s.Delivery), text(s.EventID), text(local(s.Start)), text(m.List(what))))
	}
	return t
}

// flag words what is odd about a row; a nature may be told there, too.
func (m *maker) flag(code string) string {
	if code == outage.NotAnOutage.String() {
		return m.Word(wording.Nature, code)
	}
	return m.Word(wording.Flag, code)
}

// rejected lists the rows that could not be counted, with what to do about each.
func (m *maker) rejected() (Section, bool) {
	s := Section{ID: "rejected", Title: m.Say("paper.rejected")}
	if len(m.d.Rejects) == 0 {
		s.Text = []string{m.Say("paper.rejected-none")}
		return s, true
	}
	s.Tables = []Table{m.reasonsOfRejects(), m.rejects()}
	return s, true
}

func (m *maker) rejects() Table {
	var where locator
	for _, r := range m.d.Rejects {
		where.see(r.Sheet, r.Delivery)
	}
	t := Table{ID: "rejected", Caption: m.Say("paper.rejected-what", len(m.d.Rejects)), Most: mostRejected, Columns: where.columns(m)}
	t.Columns = append(t.Columns,
		Column{Head: m.Say("column.event"), Width: 26}, Column{Head: m.Say("paper.field"), Width: 14}, Column{Head: m.Say("paper.said"), Width: 22},
		Column{Head: m.Say("paper.because"), Width: 24}, Column{Head: m.Say("paper.advice"), Width: 40})
	for _, r := range m.d.Rejects {
		t.Rows = append(t.Rows, append(where.place(r.Path, r.Sheet, r.Row, r.Delivery),
			text(r.EventID), text(r.Column), text(r.Value), text(m.Word(wording.Rejection, r.Reason)), text(m.Word(wording.Advice, r.Reason))))
	}
	return t
}

// reasonsOfRejects counts the rejected rows by reason, the most first.
func (m *maker) reasonsOfRejects() Table {
	t := Table{ID: "rejected-reasons", Caption: m.Say("paper.rejected-reasons"), Columns: []Column{{Head: m.Say("paper.because"), Width: 30}, {Head: m.Say("column.rows"), Kind: Count}}}
	for _, reason := range mostFirst(m.d.Quality.RejectedReasons) {
		t.Rows = append(t.Rows, []Cell{text(m.Word(wording.Rejection, reason)), whole(m.d.Quality.RejectedReasons[reason])})
	}
	t.Totals = totals(m.Say("paper.all"), t.Rows, 2, 1)
	return t
}
