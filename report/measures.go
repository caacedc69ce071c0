package report

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// measures writes the ledger beside the verdicts: each measure with its target,
// the overdue first, and the targets in danger for which there is none.
func (p *page) measures(s *snapshot.Snapshot) {
	if s.Provenance.LedgerSHA256 == "" {
		return
	}
	entries := entriesOf(s.Targets)
	overdue := 0
	for _, e := range entries {
		if e.Overdue {
			overdue++
		}
	}
	p.line("", "measures.head", len(entries), overdue)
	for _, e := range entries {
		p.measure(e)
	}
	var without []string
	for i := range s.Targets {
		t := &s.Targets[i]
		if len(t.Measures) == 0 && t.Strength == string(policy.Duty) && t.Severity() <= slices.Index(policy.Verdicts(), policy.AtRisk) {
			without = append(without, p.name(t))
		}
	}
	if len(without) > 0 {
		p.line("", "measures.without", p.Language.List(without))
	}
	p.blank()
}

// An entry is a measure with one of its targets.
type entry struct {
	*snapshot.Measure
	target *snapshot.Target
}

// entriesOf lists each measure once, with the worst off of its targets, the
// overdue first, then by due day.
func entriesOf(targets []snapshot.Target) []entry {
	var list []entry
	type key struct {
		snapshot.Measure
		scope, class string
	}
	seen := map[key]bool{}
	for _, t := range snapshot.WorstFirst(targets, func(*snapshot.Target) bool { return true }) {
		for i := range t.Measures {
			m := &t.Measures[i]
			if k := (key{*m, t.Scope, t.Class}); !seen[k] {
				seen[k] = true
				list = append(list, entry{m, t})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b entry) int {
		if a.Overdue != b.Overdue {
			if a.Overdue {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Due, b.Due)
	})
	return list
}

func (p *page) name(t *snapshot.Target) string {
	return t.Name.In(string(p.Language)) + " " + t.ClassName.In(string(p.Language))
}

func (p *page) measure(e entry) {
	verdict := p.verdict(e.target)
	if paint := p.paint(e.target.Verdict); paint != nil {
		verdict = paint(verdict)
	}
	key := "measures.due"
	if e.Overdue {
		key = "measures.overdue"
	}
	_, _ = p.WriteString("  " + verdict + "  " + p.name(e.target) + " " + p.rule(e.target) + "  " + p.Language.Say(key, e.Due, p.word(wording.State, e.State)) + "\n")
	text := p.Language.Say("measures.what", e.Measure.Measure, e.Responsible)
	if e.Note != "" {
		text += p.Language.Say("measures.note", e.Note)
	}
	p.put("      ", text)
}
