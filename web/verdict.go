package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A year is the verdicts of one year.
type year struct {
	Year      int
	Province  *province // the map and the areas beside the verdicts; of one year only
	Heads     []string  // which year, how far, and whether that may change
	Strengths []string  // of the tallies, in words
	Tallies   []tally
	Groups    []group
}

// A tally counts one verdict by strength.
type tally struct {
	Verdict badge
	Counts  []int // one a strength
}

// A group is the targets of one strength, the worst first.
type group struct {
	Strength string
	Count    int
	Targets  []targetRow
}

// A badge is a verdict or a state, told by sign and word as well as by colour.
type badge struct{ Code, Sign, Word string }

// A targetRow is one target in words.
type targetRow struct {
	Verdict                        badge
	Scope                          number // leads to its page
	Class, Rule                    string
	Hours, Limit, Change, Left     number
	Used                           used
	Overspent                      bool
	Miss, Median, Span             string
	Why, Because, Equation, Clause string
}

// A number is a text that leads to what is behind it; nowhere without a Href.
type number struct{ Text, Href string }

// verdict is a verdict for the page, which has minus signs as wide as digits.
func (t *teller) verdict(code string) badge {
	return badge{Code: code, Sign: strings.Replace(wording.Sign(code), "-", wording.Minus, 1), Word: t.Word(wording.Verdict, code)}
}

// unjudged says why there are no targets; empty where there are.
func (t *teller) unjudged(s *snapshot.Snapshot) string {
	switch {
	case len(s.Targets) > 0:
		return ""
	case len(s.Judged.Deadlines) == 0:
		return t.Say("targets.none")
	}
	var years []string
	for _, y := range s.Judged.Deadlines {
		years = append(years, strconv.Itoa(y))
	}
	return t.Say("targets.not-judged", t.List(years))
}

// years gives the verdicts by year and strength.
func (t *teller) years(s *snapshot.Snapshot) []year {
	var all []year
	for _, judged := range s.Judged.Years {
		y := year{Year: judged.Year, Heads: t.heads(s, judged)}
		behind := behindOf(s, judged)
		var lists [][]*snapshot.Target
		for _, strength := range policy.Strengths() {
			list := snapshot.WorstFirst(s.Targets, func(x *snapshot.Target) bool { return x.Year == judged.Year && x.Strength == string(strength) })
			if len(list) == 0 {
				continue
			}
			lists = append(lists, list)
			word := t.Word(wording.Strength, string(strength))
			y.Strengths = append(y.Strengths, word)
			g := group{Strength: word, Count: len(list)}
			for _, x := range list {
				g.Targets = append(g.Targets, t.target(x, behind))
			}
			y.Groups = append(y.Groups, g)
		}
		if len(lists) > 0 {
			y.Tallies = t.tallies(lists)
			all = append(all, y)
		}
	}
	return all
}

// heads says which year is judged, how far it has come and whether that may
// change.
func (t *teller) heads(s *snapshot.Snapshot, y snapshot.JudgedYear) []string {
	var heads []string
	switch {
	case !y.Complete:
		heads = append(heads, t.Say("year.so-far", y.Year, local(y.To)))
	case y.Settled:
		heads = append(heads, t.Say("year.settled", y.Year))
	default:
		heads = append(heads, t.Say("year.complete", y.Year, local(y.SettledOn)))
	}
	if !slices.ContainsFunc(s.Targets, func(x snapshot.Target) bool { return x.Year == y.Year && !x.AfterDeadline }) {
		heads = append(heads, t.Say("year.after-deadline"))
	}
	return heads
}

// tallies counts every verdict, the worst first, in each of the lists.
func (t *teller) tallies(lists [][]*snapshot.Target) []tally {
	var all []tally
	for _, v := range policy.Verdicts() {
		row := tally{Verdict: t.verdict(string(v))}
		for _, list := range lists {
			n := 0
			for _, x := range list {
				if x.Verdict == string(v) {
					n++
				}
			}
			row.Counts = append(row.Counts, n)
		}
		all = append(all, row)
	}
	return all
}

// target words a target; its numbers lead to what is behind them.
func (t *teller) target(x *snapshot.Target, b behind) targetRow {
	value, before := t.events(x, b.now, b.index), t.events(x, b.prior, b.index)
	row := targetRow{
		Verdict: t.verdict(x.Verdict), Scope: number{x.Name.In(string(t.Language)), t.areaLink(x.Scope, x.Class)}, Class: x.ClassName.In(string(t.Language)), Rule: rule(x),
		Hours: linked(fixed(x.ValueHours, 2), value), Limit: number{Text: fixed(x.LimitHours, 2)}, Used: usedOf(x), Change: number{Text: absent}, Left: number{Text: absent},
		Equation: t.Arithmetic(x.Arithmetic), Clause: x.Clause,
	}
	if w := baseWindow(x); w != "" {
		row.Limit = linked(row.Limit.Text, t.events(x, w, b.index))
	}
	if x.Reduction != nil {
		grown := -*x.Reduction
		row.Change = linked(signed(&grown), before)
	}
	if x.BudgetRemaining != nil {
		row.Left, row.Overspent = linked(customerHours(x.BudgetRemaining.Float()), value), *x.BudgetRemaining < 0
	}
	row.Miss, row.Median, row.Span = yearEnd(x)
	row.Why, row.Because = t.why(x)
	return row
}

// linked is a number with what is behind it; what does not exist leads nowhere.
func linked(text, href string) number {
	if text == absent {
		href = ""
	}
	return number{text, href}
}

// yearEnd writes where the year will end: the probability of missing the target,
// the median in hours and the span of 90 %.
func yearEnd(x *snapshot.Target) (miss, median, span string) {
	p := x.Projection
	if p == nil {
		return absent, absent, ""
	}
	low, middle, high := p.Quantiles["0.05"], p.Quantiles["0.5"], p.Quantiles["0.95"]
	return percent(p.MissProbability), fixed(&middle, 2), fixed(&low, 2) + "–" + fixed(&high, 2)
}

// rule writes what is asked: at most so many hours, or so much less.
func rule(x *snapshot.Target) string {
	switch {
	case x.RequiredReduction != nil:
		return wording.LessBy(*x.RequiredReduction)
	case x.LimitHours != nil:
		return wording.AtMost(*x.LimitHours)
	}
	return absent
}

// why gives the reason that decides, and all the others.
func (t *teller) why(x *snapshot.Target) (first, others string) {
	var words []string
	for _, code := range x.Reasons {
		text := t.Word(wording.Reason, code)
		switch policy.Reason(code) {
		case policy.MemberWithoutData, policy.BaseMemberWithout:
			text += t.Say("reason.members", t.List(t.namesOf(x.WithoutData)))
		}
		words = append(words, text)
	}
	if len(words) == 0 {
		return "", ""
	}
	return words[0], t.List(words[1:])
}

// namesOf gives the names of areas; one that has none is shown by its id.
func (t *teller) namesOf(areas []string) []string {
	names := make([]string, len(areas))
	for i, id := range areas {
		names[i] = t.scopeName(id)
	}
	return names
}
