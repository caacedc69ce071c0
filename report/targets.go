package report

import (
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
				p.strength(string(strength), list)
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
// are listed under the table, with the reason.
func (p *page) strength(strength string, list []*snapshot.Target) {
	p.put("", p.Language.Say("targets.of-strength", p.word(wording.Strength, strength), len(list), p.tally(list)))
	known := slices.DeleteFunc(slices.Clone(list), func(t *snapshot.Target) bool { return t.ValueHours == nil })
	if len(known) > 0 {
		p.table(known)
	}
	if p.Width >= wide {
		list = slices.DeleteFunc(list, func(t *snapshot.Target) bool { return t.ValueHours != nil })
	}
	p.reasons(list)
	if slices.ContainsFunc(known, marked) {
		p.line("", "targets.marked")
	}
	p.blank()
}

func (p *page) table(list []*snapshot.Target) {
	const usedColumn, changeColumn, baseColumn, whyColumn = 6, 7, 8, 9
	t := &table{left: 4}
	head := []string{"column.verdict", "column.area", "column.class", "column.target", "column.hours", "column.limit", "column.used", "column.change"}
	if p.Width >= wide {
		head = append(head, "column.base", "column.why")
		t.also = []int{whyColumn}
	}
	t.add(p.words(head)...)
	for _, x := range list {
		row := []string{
			p.verdict(x), x.Name.In(string(p.Language)), x.ClassName.In(string(p.Language)), p.rule(x), hours(x.ValueHours), hours(x.LimitHours), p.used(x), change(x),
		}
		if p.Width >= wide {
			row = append(row, hours(x.BaseHours), p.why(x))
		}
		t.add(row...)
		t.paint(p.paint(x.Verdict))
	}
	for _, column := range []int{changeColumn, baseColumn, whyColumn} {
		if column < len(t.rows[0]) && t.empty(column) {
			t.drop(column)
		}
	}
	t.fit(p.Width, usedColumn)
	t.write(p)
}

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
