package report

import (
	"slices"
	"strconv"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A pair is a window with the one before to compare it with.
type pair struct {
	now  []snapshot.Entry
	then map[string]snapshot.Entry // by scope and class
}

func pairs(s *snapshot.Snapshot) []pair {
	var shown []pair
	for _, names := range [][2]string{{snapshot.YearToDate, snapshot.PriorYearToDate}, {snapshot.WholeYear, snapshot.PriorYear}, {snapshot.Custom, ""}} {
		p := pair{then: map[string]snapshot.Entry{}}
		for _, e := range s.Indices {
			switch e.Window {
			case names[0]:
				p.now = append(p.now, e)
			case names[1]:
				p.then[e.Scope+" "+e.Class] = e
			}
		}
		if len(p.now) > 0 {
			shown = append(shown, p)
		}
	}
	return shown
}

// hours writes the hours by area and class, with the window before. What has a
// target in a table above is left out.
func (p *page) hours(s *snapshot.Snapshot) {
	judged := map[string]bool{}
	for i := range s.Targets {
		judged[s.Targets[i].Scope+" "+s.Targets[i].Class+" "+s.Targets[i].From] = true
	}
	for _, pair := range pairs(s) {
		p.pair(pair, judged)
	}
}

func (p *page) pair(x pair, judged map[string]bool) {
	first := x.now[0]
	if before, ok := x.then[first.Scope+" "+first.Class]; ok {
		p.line("", "hours.against", clock(first.From), clock(first.To), clock(before.From), clock(before.To))
	} else {
		p.line("", "hours.window", clock(first.From), clock(first.To))
	}
	t := &table{left: 2}
	t.add(p.words([]string{"column.area", "column.class", "column.customers", "column.saidi", "column.before", "column.change", "column.saifi", "column.caidi", "column.asai"})...)
	scope := ""
	var empty []string
	for i := range x.now {
		e := &x.now[i]
		name := e.Name.In(string(p.Language))
		switch {
		case e.Pooled, judged[e.Scope+" "+e.Class+" "+e.From]:
			continue
		case e.EquivalentCustomers == 0 && e.CustomerSeconds == 0 && e.Events == 0:
			empty = append(empty, name)
			continue
		case e.Scope == scope:
			name = ""
		}
		scope = e.Scope
		before := x.then[e.Scope+" "+e.Class].SAIDIHours
		t.add(name, e.ClassName.In(string(p.Language)), strconv.FormatFloat(e.EquivalentCustomers, 'f', 0, 64),
			hours(e.SAIDIHours), hours(before), signed(grown(e.SAIDIHours, before)), fixed(e.SAIFI, 3), hours(e.CAIDIHours), percent(e.ASAI, 4))
	}
	const caidi, asai = 7, 8 // columns
	t.fit(p.Width, asai, caidi)
	t.write(p)
	if len(empty) > 0 {
		p.line("", "hours.empty", p.Language.List(slices.Compact(empty)))
	}
	p.blank()
}

// grown is by how much more or less than before something is, as a share.
func grown(now, before *float64) *float64 {
	if now == nil || before == nil || *before == 0 {
		return nil
	}
	share := *now / *before - 1
	return &share
}
