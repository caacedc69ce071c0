package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// targets writes the verdicts: a table for each year and strength, duties first,
// the worst first in each.
func (p *page) targets(s *snapshot.Snapshot) {
	if len(s.Targets) == 0 {
		p.noTargets(s)
		return
	}
	for _, year := range s.Judged.Years {
		p.yearHead(s, year)
		for _, strength := range policy.Strengths() {
			list := snapshot.WorstFirst(s.Targets, func(t *snapshot.Target) bool { return t.Year == year.Year && t.Strength == string(strength) })
			if len(list) > 0 {
				p.strength(string(strength), list, !year.Complete)
			}
		}
	}
}

// noTargets says why nothing is judged.
func (p *page) noTargets(s *snapshot.Snapshot) {
	var years []string
	for _, y := range s.Judged.Deadlines {
		years = append(years, strconv.Itoa(y))
	}
	if len(years) == 0 {
		p.line("", "targets.none")
	} else {
		p.line("", "targets.not-judged", p.Language.List(years))
	}
	p.blank()
}

// yearHead says which year is judged, how far it has come and whether that may
// change.
func (p *page) yearHead(s *snapshot.Snapshot, year snapshot.JudgedYear) {
	switch {
	case !year.Complete:
		p.line("", "year.so-far", year.Year, clock(year.To))
	case year.Settled:
		p.line("", "year.settled", year.Year)
	default:
		p.line("", "year.complete", year.Year, clock(year.SettledOn))
	}
	if !slices.ContainsFunc(s.Targets, func(t snapshot.Target) bool { return t.Year == year.Year && !t.AfterDeadline }) {
		p.line("", "year.after-deadline")
	}
	p.blank()
}

// strength writes the targets of one strength. Those of which no value is known
// are listed under the table, with the reason, and so are the reasons of all
// others where the table has no room for them.
func (p *page) strength(strength string, list []*snapshot.Target, running bool) {
	p.put("", p.Language.Say("targets.of-strength", p.word(wording.Strength, strength), len(list), p.tally(list)))
	known := slices.DeleteFunc(slices.Clone(list), func(t *snapshot.Target) bool { return t.ValueHours == nil })
	if len(known) > 0 && p.table(known, running) {
		list = slices.DeleteFunc(list, func(t *snapshot.Target) bool { return t.ValueHours != nil })
	}
	p.reasons(list)
	if slices.ContainsFunc(known, marked) {
		p.line("", "targets.marked")
	}
	p.blank()
}

// A column of a table of targets.
type column struct {
	head string
	text func(t *snapshot.Target) string
	// drop is the place in the order in which columns go where there is no room for
	// all of them; those of zero stay.
	drop     int
	optional bool // it goes as well where it says nothing
}

// table writes targets, and says whether their reasons stand in it.
func (p *page) table(list []*snapshot.Target, running bool) (why bool) {
	columns := p.columns(running)
	t := p.tableOf(columns, list)
	t.left = 4
	if p.Width >= wide {
		t.also = []int{len(columns) - 1}
	}
	for i, x := range list {
		t.rows[i+1][0].paint = p.paint(x.Verdict)
	}
	t.fit(p.Width, dropped(columns)...)
	t.write(p)
	return p.Width >= wide && !t.empty(len(columns)-1)
}

// tableOf writes targets into a table, a row each. Optional columns that say
// nothing are dropped.
func (p *page) tableOf(columns []column, list []*snapshot.Target) *table {
	t := &table{}
	var head []string
	for _, c := range columns {
		head = append(head, c.head)
	}
	t.add(head...)
	for _, x := range list {
		var row []string
		for _, c := range columns {
			row = append(row, c.text(x))
		}
		t.add(row...)
	}
	for i, c := range columns {
		if c.optional && t.empty(i) {
			t.drop(i)
		}
	}
	return t
}

// dropped lists the columns that can be dropped, the first to go first.
func dropped(columns []column) []int {
	var order []int
	for i, c := range columns {
		if c.drop > 0 {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(columns[a].drop, columns[b].drop) })
	return order
}

// columns are those of the targets of a strength; the reasons stand last. They go
// first, as they can be listed under the table, and then what the outlook has too.
func (p *page) columns(running bool) []column {
	say := func(key string) string { return p.Language.Say(key) }
	all := []column{
		{head: say("column.verdict"), text: p.verdict}, {head: say("column.area"), text: p.area}, {head: say("column.class"), text: p.class},
		{head: say("column.target"), text: p.rule},
		{head: say("column.hours"), text: func(t *snapshot.Target) string { return hours(t.ValueHours) }},
		{head: say("column.limit"), text: func(t *snapshot.Target) string { return hours(t.LimitHours) }},
		{head: say("column.used"), text: p.used, drop: 3},
	}
	if running {
		all = append(all, column{head: say("column.year-end"), text: yearEnd, drop: 5, optional: true},
			column{head: say("column.miss"), text: miss, drop: 6, optional: true}, column{head: say("column.budget-left"), text: left, drop: 2, optional: true})
	}
	all = append(all, column{head: say("column.change"), text: change, optional: true})
	if p.Width >= wide {
		all = append(all, column{head: say("column.base"), text: func(t *snapshot.Target) string { return hours(t.BaseHours) }, drop: 4, optional: true},
			column{head: say("column.why"), text: p.why, drop: 1, optional: true})
	}
	return all
}

func (p *page) area(t *snapshot.Target) string { return t.Name.In(string(p.Language)) }

func (p *page) class(t *snapshot.Target) string { return t.ClassName.In(string(p.Language)) }

func (p *page) words(keys []string) []string {
	words := make([]string, len(keys))
	for i, key := range keys {
		words[i] = p.Language.Say(key)
	}
	return words
}

// tally counts the verdicts in words, the worst first.
func (p *page) tally(list []*snapshot.Target) string {
	counts := map[string]int{}
	for _, t := range list {
		counts[t.Verdict]++
	}
	var parts []string
	for _, v := range policy.Verdicts() {
		if n := counts[string(v)]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", p.word(wording.Verdict, string(v)), n))
		}
	}
	return p.Language.List(parts)
}
