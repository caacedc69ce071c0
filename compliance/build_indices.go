package compliance

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// indices are those of every scope, class and window by the index set that is
// judged.
func (m *maker) indices() (Section, bool) {
	s := Section{ID: "indices", Title: m.Say("paper.indices"), Text: []string{m.Say("paper.indices-what", m.judged(), m.momentary())}}
	for _, p := range m.spans {
		s.Tables = append(s.Tables, m.indicesOf(p.window, p.from, p.to))
		if p.beforeFrom != "" {
			s.Tables = append(s.Tables, m.indicesOf(p.before, p.beforeFrom, p.beforeTo))
		}
	}
	return s, len(s.Tables) > 0
}

func (m *maker) indicesOf(window, from, to string) Table {
	t := Table{ID: "indices-" + window, Caption: m.byBoth(m.Say("paper.indices-of", local(from), local(to))), Columns: []Column{
		{Head: m.Say("column.area"), Width: 15}, {Head: m.Say("column.class"), Width: 12}, {Head: m.Say("paper.equivalent"), Kind: Exact, Width: 14},
		{Head: m.ofAll(m.Say("paper.customer-hours")), Kind: Exact, Width: 14}, {Head: m.ofAll(m.Say("paper.longer", m.momentary())), Kind: Exact, Width: 14},
		{Head: m.ofAll(m.Say("paper.momentary")), Kind: Exact}, {Head: m.ofAll(m.Say("paper.events")), Kind: Count, Width: 10},
		{Head: "SAIDI", Kind: Hours, Width: 9}, {Head: "SAIFI", Kind: Number, Width: 9}, {Head: "CAIDI", Kind: Hours, Width: 9}, {Head: m.ofAll("MAIFI"), Kind: Number, Width: 9}, {Head: "ASAI", Kind: Share, Width: 10},
	}}
	for _, e := range m.within(window) {
		t.Rows = append(t.Rows, []Cell{
			text(e.Name.In(string(m.Language))), text(e.ClassName.In(string(m.Language))), numeral(e.EquivalentCustomers), customerHours(e.CustomerSeconds),
			milli(e.Interruptions), milli(e.MomentaryInterruption), whole(e.Events),
			m.hours(e, 3, 2), m.times(e, "(%s{row}+%s{row})/%s{row}", 4, 5, 2), maybe(e.CAIDIHours), maybe(e.MAIFI), maybe(e.ASAI),
		})
	}
	return t
}

// within lists the indices of a window, but for those of nobody.
func (m *maker) within(window string) []*snapshot.Entry {
	var all []*snapshot.Entry
	for i := range m.d.Indices {
		e := &m.d.Indices[i]
		if e.Window == window && (e.EquivalentCustomers > 0 || e.CustomerSeconds > 0 || e.Events > 0) {
			all = append(all, e)
		}
	}
	return all
}

// sets are the hours that every index set makes of the same outages.
func (m *maker) sets() (Section, bool) {
	s := Section{ID: "sets", Title: m.Say("paper.sets"), Text: []string{m.Say("paper.sets-what")}}
	ids := m.setIDs()
	for _, p := range m.spans {
		s.Tables = append(s.Tables, m.setsOf(p.window, p.from, p.to, ids))
		if p.beforeFrom != "" {
			s.Tables = append(s.Tables, m.setsOf(p.before, p.beforeFrom, p.beforeTo, ids))
		}
	}
	return s, len(ids) > 0
}

// setIDs lists the index sets that are shown, in the order of the rules.
func (m *maker) setIDs() []string {
	var ids []string
	for _, set := range reliability.Sets() {
		if slices.ContainsFunc(m.d.Indices, func(e snapshot.Entry) bool { _, ok := e.ByIndex[set.ID]; return ok }) {
			ids = append(ids, set.ID)
		}
	}
	return ids
}

func (m *maker) setsOf(window, from, to string, ids []string) Table {
	t := Table{ID: "sets-" + window, Caption: m.Say("paper.sets-of", local(from), local(to)), Columns: []Column{{Head: m.Say("column.area"), Width: 15}, {Head: m.Say("column.class"), Width: 12}}}
	for _, id := range ids {
		t.Columns = append(t.Columns, Column{Head: id, Kind: Hours, Width: 10})
	}
	for _, e := range m.within(window) {
		row := []Cell{text(e.Name.In(string(m.Language))), text(e.ClassName.In(string(m.Language)))}
		for _, id := range ids {
			row = append(row, maybe(e.ByIndex[id].SAIDIHours))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// setName says in words what an index set counts.
func (m *maker) setName(id string) string {
	switch id {
	case reliability.SAIDI1:
		return m.Say("paper.set-all")
	case reliability.SAIDI2:
		return m.Say("paper.set-own")
	case reliability.SAIDI3:
		return m.Say("paper.set-supplied")
	case reliability.SAIDI4:
		return m.Say("paper.set-longer")
	case reliability.SAIDIS:
		return m.Say("paper.set-arranged")
	case reliability.SAIDIF:
		return m.Say("paper.set-fault")
	case reliability.SAIDIU:
		return m.Say("paper.set-unknown")
	case reliability.IEEE:
		return m.Say("paper.set-ieee")
	case reliability.IEEEExMED:
		return m.Say("paper.set-ieee-without")
	}
	return id
}

// natures divide the hours of the whole, and of every area, by nature (停电性质).
func (m *maker) natures() (Section, bool) {
	s := Section{ID: "natures", Title: m.Say("paper.natures")}
	for _, p := range m.spans {
		t := m.naturesOf(p)
		if len(t.Rows) == 0 {
			continue
		}
		s.Tables = append(s.Tables, t, m.naturesByArea(p))
	}
	return s, len(s.Tables) > 0
}

// naturesOf are what each nature adds to the whole.
func (m *maker) naturesOf(p span) Table {
	t := Table{ID: "natures-" + p.window, Caption: m.byAll(m.against(p, "paper.natures-what")), Columns: []Column{
		{Head: m.Say("column.nature"), Width: 22}, {Head: m.Say("paper.customer-hours"), Kind: Exact, Width: 14}, {Head: m.Say("paper.share"), Kind: Percent},
		{Head: m.Say("column.interrupted"), Kind: Exact}, {Head: m.Say("paper.events"), Kind: Count}, {Head: m.Say("paper.customer-hours-before"), Kind: Exact, Width: 14}, {Head: m.Say("paper.interrupted-before"), Kind: Exact},
	}}
	e := m.entry(m.whole(), string(outage.AllClasses), p.window)
	if e == nil {
		return t
	}
	var before map[string]snapshot.Part
	if b := m.entry(m.whole(), string(outage.AllClasses), p.before); b != nil {
		before = b.ByNature
	}
	for _, id := range m.natureIDs(e.ByNature, before) {
		part, was := e.ByNature[id], before[id]
		row := []Cell{text(m.Word(wording.Nature, id)), customerHours(part.CustomerSeconds), {}, milli(part.Interruptions), whole(part.Events), {}, {}}
		if e.CustomerSeconds > 0 {
			row[2] = numeral(float64(part.CustomerSeconds) / float64(e.CustomerSeconds))
		}
		if before != nil {
			row[5], row[6] = customerHours(was.CustomerSeconds), milli(was.Interruptions)
		}
		t.Rows = append(t.Rows, row)
	}
	t.Totals = totals(m.Say("paper.all"), t.Rows, len(t.Columns), 1, 2, 3, 4, 5, 6)
	return t
}

// naturesByArea are the customer-hours of every area, a column a nature.
func (m *maker) naturesByArea(p span) Table {
	t := Table{ID: "natures-areas-" + p.window, Caption: m.byAll(m.Say("paper.natures-areas", local(p.from), local(p.to))), Columns: []Column{{Head: m.Say("column.area"), Width: 15}}}
	var parts []map[string]snapshot.Part
	var areas []snapshot.Scope
	for _, s := range m.d.Scopes {
		if e := m.entry(s.ID, string(outage.AllClasses), p.window); e != nil && s.Level == snapshot.LevelArea {
			areas, parts = append(areas, s), append(parts, e.ByNature)
		}
	}
	ids := m.natureIDs(parts...)
	columns := []int{}
	for i, id := range ids {
		t.Columns = append(t.Columns, Column{Head: m.Word(wording.Nature, id), Kind: Exact})
		columns = append(columns, i+1)
	}
	t.Columns = append(t.Columns, Column{Head: m.Say("paper.all"), Kind: Exact, Width: 14})
	for i, s := range areas {
		row := []Cell{text(m.name(s.ID))}
		var sum snapshot.Milli
		for _, id := range ids {
			row = append(row, customerHours(parts[i][id].CustomerSeconds))
			sum += parts[i][id].CustomerSeconds
		}
		t.Rows = append(t.Rows, append(row, customerHours(sum).by("SUM(%s{row}:%s{row})", 1, len(ids))))
	}
	t.Totals = totals(m.Say("paper.all"), t.Rows, len(t.Columns), append(columns, len(ids)+1)...)
	return t
}

// natureIDs lists the natures that any of the parts has, in the order of the
// field.
func (m *maker) natureIDs(parts ...map[string]snapshot.Part) []string {
	var ids []string
	for n := range outage.NatureCount {
		id := outage.Nature(n).String()
		if slices.ContainsFunc(parts, func(p map[string]snapshot.Part) bool { _, ok := p[id]; return ok }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// whole is the id of the whole.
func (m *maker) whole() string {
	for _, s := range m.d.Scopes {
		if s.Level == snapshot.LevelWhole {
			return s.ID
		}
	}
	return ""
}
