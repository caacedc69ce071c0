package compliance

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/snapshot"
)

// feeders are the feeders behind the hours of every area, the worst first.
func (m *maker) feeders() (Section, bool) {
	s := Section{ID: "feeders", Title: m.Say("paper.feeders"), Text: []string{m.Say("paper.feeders-what")}}
	for i := range m.d.Feeders {
		if f := &m.d.Feeders[i]; len(f.Lines) > 0 {
			s.Tables = append(s.Tables, m.feedersOf(f))
		}
	}
	return s, len(s.Tables) > 0
}

// worst is how many feeders of an area an HTML shows.
const worst = 10

func (m *maker) feedersOf(f *snapshot.FeederList) Table {
	caption := m.byJudged(m.Say("paper.feeders-of", m.name(f.Scope), local(f.From), local(f.To), len(f.Lines)))
	t := Table{ID: m.feedersID(f), Caption: caption, Most: worst, Columns: []Column{
		{Head: m.Say("column.feeder"), Width: 24}, {Head: m.Say("column.customers"), Kind: Exact}, {Head: m.Say("paper.outages"), Kind: Count},
		{Head: m.Say("paper.customer-hours"), Kind: Exact, Width: 14}, {Head: m.Say("paper.share"), Kind: Percent}, {Head: m.Say("column.interrupted"), Kind: Exact},
	}}
	share := func(part snapshot.Milli) Cell {
		if f.CustomerSeconds == 0 {
			return Cell{}
		}
		return numeral(float64(part) / float64(f.CustomerSeconds))
	}
	for _, l := range f.Lines {
		customers := Cell{}
		if l.Customers > 0 {
			customers = milli(l.Customers)
		}
		t.Rows = append(t.Rows, []Cell{
			text(cmp.Or(l.Feeder, m.Say("paper.no-feeder"))), customers, whole(l.Rows), customerHours(l.CustomerSeconds), share(l.CustomerSeconds), milli(l.Interruptions),
		})
	}
	if f.Rest.Rows > 0 {
		t.Rows = append(t.Rows, []Cell{text(m.Say("paper.others", f.Rest.Rows)), {}, {}, customerHours(f.Rest.CustomerSeconds), share(f.Rest.CustomerSeconds), milli(f.Rest.Interruptions)})
	}
	t.Totals = totals(m.Say("paper.all"), t.Rows, len(t.Columns), 2, 3, 4, 5)
	return t
}

// feedersID tells a list from that of another area, and from those of windows
// before the first one.
func (m *maker) feedersID(f *snapshot.FeederList) string {
	id := "feeders-" + f.Scope
	if f.From != m.d.Feeders[0].From {
		id += "-" + month(f.From)
	}
	return id
}

// repeats are the customers that rules of repeat outages (频繁停电) hold for, a
// column a rule.
func (m *maker) repeats() (Section, bool) {
	s := Section{ID: "repeats", Title: m.Say("paper.repeats")}
	if len(m.d.Rules) == 0 {
		return s, false
	}
	if m.d.Repeats == nil {
		s.Text = []string{m.Say("paper.repeats-untold")}
		return s, true
	}
	t := Table{ID: "repeats", Caption: m.Say("paper.repeats-what"), Columns: []Column{{Head: m.Say("column.area"), Width: 15}, {Head: m.Say("column.class")}}}
	at := map[string]int{}
	var columns []int
	for i, r := range m.d.Rules {
		at[r.ID] = i + 2
		columns = append(columns, i+2)
		t.Columns = append(t.Columns, Column{Head: r.Name.In(string(m.Language)), Kind: Exact, Width: 20})
	}
	rows := map[line]int{}
	for _, r := range m.repeated() {
		l := line{r.Area, r.Class}
		if _, ok := rows[l]; !ok {
			rows[l] = len(t.Rows)
			t.Rows = append(t.Rows, append([]Cell{text(m.name(r.Area)), text(m.class(r.Class))}, make([]Cell, len(m.d.Rules))...))
		}
		if column, ok := at[r.Rule]; ok {
			t.Rows[rows[l]][column] = milli(r.Customers)
		}
	}
	t.Totals = totals(m.Say("paper.all"), t.Rows, len(t.Columns), columns...)
	s.Tables = []Table{t}
	return s, true
}

// repeated lists those whom the rules hold for in the order of the policy: by area,
// then by class.
func (m *maker) repeated() []snapshot.Repeat {
	areas := map[string]int{}
	for i, s := range m.d.Scopes {
		areas[s.ID] = i
	}
	classes := map[string]int{}
	for i, c := range m.d.Classes {
		classes[c.ID] = i
	}
	return slices.SortedStableFunc(slices.Values(m.d.Repeats), func(a, b snapshot.Repeat) int {
		return cmp.Or(cmp.Compare(areas[a.Area], areas[b.Area]), cmp.Compare(classes[a.Class], classes[b.Class]))
	})
}
