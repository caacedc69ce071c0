package compliance

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// summary tells how many targets are met and how many hours there were.
func (m *maker) summary() (Section, bool) {
	s := Section{ID: "summary", Title: m.Say("paper.summary"), Text: m.unjudged()}
	for _, y := range m.d.Judged.Years {
		s.Text = append(s.Text, m.yearText(y)...)
		s.Tables = append(s.Tables, m.tally(y.Year))
	}
	for _, p := range m.spans {
		s.Tables = append(s.Tables, m.overview(p))
	}
	if d, ok := m.drawMap(); ok {
		s.Drawings = append(s.Drawings, d)
	}
	return s, true
}

// unjudged says why there are no targets.
func (m *maker) unjudged() []string {
	switch {
	case len(m.d.Targets) > 0:
		return nil
	case len(m.d.Judged.Deadlines) == 0:
		return []string{m.Say("targets.none")}
	}
	var years []string
	for _, y := range m.d.Judged.Deadlines {
		years = append(years, strconv.Itoa(y))
	}
	return []string{m.Say("targets.not-judged", m.List(years))}
}

// yearText says how far a year has come and whether that may change.
func (m *maker) yearText(y snapshot.JudgedYear) []string {
	var all []string
	switch {
	case !y.Complete:
		all = append(all, m.Say("year.so-far", y.Year, local(y.To)))
	case y.Settled:
		all = append(all, m.Say("year.settled", y.Year))
	default:
		all = append(all, m.Say("year.complete", y.Year, local(y.SettledOn)))
	}
	if !slices.ContainsFunc(m.of(y.Year), func(t *snapshot.Target) bool { return !t.AfterDeadline }) {
		all = append(all, m.Say("year.after-deadline"))
	}
	return all
}

// tally counts the verdicts of a year by strength.
func (m *maker) tally(year int) Table {
	t := Table{ID: "tally-" + strconv.Itoa(year), Caption: m.Say("paper.tally", year), Columns: []Column{{Head: m.Say("column.verdict"), Width: 16}}}
	var strengths []string
	for _, s := range policy.Strengths() {
		if slices.ContainsFunc(m.of(year), func(t *snapshot.Target) bool { return t.Strength == string(s) }) {
			strengths = append(strengths, string(s))
			t.Columns = append(t.Columns, Column{Head: m.Word(wording.Strength, string(s)), Kind: Count})
		}
	}
	t.Columns = append(t.Columns, Column{Head: m.Say("paper.all"), Kind: Count})
	last := len(t.Columns) - 1
	for _, v := range policy.Verdicts() {
		row := []Cell{m.verdict(string(v))}
		sum := 0
		for _, s := range strengths {
			n := m.countOf(year, s, string(v))
			sum += n
			row = append(row, whole(n))
		}
		t.Rows = append(t.Rows, append(row, whole(sum).by("SUM(%s{row}:%s{row})", 1, last-1)))
	}
	columns := make([]int, last)
	for i := range columns {
		columns[i] = i + 1
	}
	t.Totals = totals(m.Say("paper.all"), t.Rows, len(t.Columns), columns...)
	return t
}

func (m *maker) countOf(year int, strength, verdict string) int {
	n := 0
	for _, t := range m.of(year) {
		if t.Strength == strength && t.Verdict == verdict {
			n++
		}
	}
	return n
}

// verdict is a verdict by sign and word; an HTML colours it.
func (m *maker) verdict(code string) Cell {
	return Cell{Text: strings.TrimSpace(sign(code) + " " + m.Word(wording.Verdict, code)), Badge: code}
}

// sign tells a verdict apart where colours do not; its minus is as wide as a digit.
func sign(code string) string { return strings.ReplaceAll(wording.Sign(code), "-", wording.Minus) }

// overview is the hours of every scope, of all its customers: first the whole,
// then groups, then areas.
func (m *maker) overview(p span) Table {
	t := Table{ID: "overview-" + p.window, Caption: m.byBoth(m.against(p, "paper.overview")), Columns: []Column{
		{Head: m.Say("column.area"), Width: 16}, {Head: m.Say("paper.equivalent"), Kind: Exact, Width: 14}, {Head: m.ofAll(m.Say("paper.customer-hours")), Kind: Exact, Width: 14},
		{Head: m.ofAll(m.Say("column.interrupted")), Kind: Exact}, {Head: m.Say("paper.hours"), Kind: Hours}, {Head: m.Say("paper.hours-before"), Kind: Hours},
		{Head: m.Say("paper.reduction"), Kind: Percent}, {Head: m.Say("paper.saifi"), Kind: Number}, {Head: m.Say("paper.caidi"), Kind: Hours}, {Head: m.Say("paper.asai"), Kind: Share},
	}}
	for _, s := range m.largestFirst() {
		e := m.entry(s.ID, string(outage.AllClasses), p.window)
		if e == nil {
			continue
		}
		before := m.hoursBefore(s.ID, string(outage.AllClasses), p)
		t.Rows = append(t.Rows, []Cell{
			text(m.name(s.ID)), numeral(e.EquivalentCustomers), customerHours(e.CustomerSeconds), milli(e.Interruptions + e.MomentaryInterruption),
			m.hours(e, 2, 1), maybe(before), m.less(e.Reduction, e.SAIDIHours, before, 4, 5), m.times(e, "%s{row}/%s{row}", 3, 1), maybe(e.CAIDIHours), maybe(e.ASAI),
		})
	}
	return t
}

// against captions a table of a window, with the window before.
func (m *maker) against(p span, key string) string {
	if p.beforeFrom == "" {
		return m.Say(key, m.Say("hours.window", local(p.from), local(p.to)))
	}
	return m.Say(key, m.Say("hours.against", local(p.from), local(p.to), local(p.beforeFrom), local(p.beforeTo)))
}

// largestFirst lists the whole, the groups and the areas.
func (m *maker) largestFirst() []snapshot.Scope {
	levels := []string{snapshot.LevelWhole, snapshot.LevelGroup, snapshot.LevelArea}
	all := slices.Clone(m.d.Scopes)
	slices.SortStableFunc(all, func(a, b snapshot.Scope) int {
		return cmp.Compare(slices.Index(levels, a.Level), slices.Index(levels, b.Level))
	})
	return all
}

// hoursBefore are the hours of the window before.
func (m *maker) hoursBefore(scope, class string, p span) *float64 {
	if e := m.entry(scope, class, p.before); e != nil {
		return e.SAIDIHours
	}
	return nil
}

// hours are the hours of an average customer, to be checked by the columns of
// customer-hours and of customers where the index set that is judged counts all.
func (m *maker) hours(e *snapshot.Entry, customerHours, customers int) Cell {
	if !m.judgesAll() {
		return maybe(e.SAIDIHours)
	}
	return maybe(e.SAIDIHours).checked(quotient(inHours(e.CustomerSeconds), e.EquivalentCustomers), "%s{row}/%s{row}", customerHours, customers)
}

// less is a reduction, to be checked by the columns of the hours and of those
// before where it was worked out from these.
func (m *maker) less(reduction, now, before *float64, nowAt, beforeAt int) Cell {
	if now == nil || before == nil {
		return maybe(reduction)
	}
	return maybe(reduction).checked(1-quotient(*now, *before), "1-%s{row}/%s{row}", nowAt, beforeAt)
}
