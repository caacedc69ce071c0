package report

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// PlanText writes for people what proposed outages cost: whether they fit, what
// they do to each target and what would have to be kept on, then row by row, and
// last what does not count.
func PlanText(w io.Writer, x *snapshot.PlanCheck, show Show) error {
	p := show.page(w, slices.Concat(x.Areas, x.Classes)...)
	p.planHead(x)
	p.planTargets(x.Targets)
	p.keepOn(x.Targets)
	for _, r := range x.Repeats {
		p.line("", "plan.repeat", customers(r.Customers), p.place(r.Area, r.Class), r.Name.In(string(p.Language)))
	}
	if len(x.Repeats) > 0 {
		p.blank()
	}
	p.planRows(x)
	p.planRejects(x.Rows)
	for _, n := range x.Notes {
		p.line("", "quality.note", p.Language.Note(n))
	}
	return p.Flush()
}

// planHead says whether the plan fits, and what of it was counted.
func (p *page) planHead(x *snapshot.PlanCheck) {
	p.put("", x.Title.In(string(p.Language)))
	if x.Synthetic {
		p.line("", "head.synthetic")
	}
	p.line("", "plan.head", x.Year, x.Index, clock(x.AsOf), x.Zone)
	p.blank()
	p.planVerdict(x)
	rejected := 0
	for i := range x.Rows {
		if x.Rows[i].Rejected != nil {
			rejected++
		}
	}
	p.line("  ", "plan.sum", len(x.Rows), rejected, customerHours(x.CustomerSeconds), customers(x.Interruptions))
	if x.Displaced != 0 {
		p.line("  ", "plan.displaced", customerHours(x.Displaced))
	}
	if !x.Fits && len(x.Warnings) > 0 {
		p.line("  ", "plan.besides", p.planWarnings(x))
	}
	p.blank()
}

// planVerdict writes the first line that counts, coloured as verdicts are.
func (p *page) planVerdict(x *snapshot.PlanCheck) {
	var text string
	var like policy.Verdict
	switch {
	case x.CannotTell():
		text, like = p.Language.Say("plan.cannot-tell", p.planReasons(x.Reasons)), policy.CannotTell
	case !x.Fits:
		text, like = p.Language.Say("plan.fits-not", p.planReasons(x.Reasons)), policy.Missed
	case len(x.Warnings) > 0:
		text, like = p.Language.Say("plan.fits-but", p.planWarnings(x)), policy.Met
	default:
		text, like = p.Language.Say("plan.fits"), policy.Met
	}
	text = wording.Sign(string(like)) + " " + text
	lines := wrap(text, p.Width-2)
	if paint := p.paint(string(like)); paint != nil {
		lines[0] = paint(lines[0])
	}
	_, _ = p.WriteString(strings.Join(lines, "\n  ") + "\n")
}

// planReasons words why something does not fit.
func (p *page) planReasons(codes []string) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = p.word(wording.PlanReason, code)
	}
	return p.Language.List(words)
}

// planWarnings words what else should be known, with how many of the targets it is
// of; what is a reason is not said again.
func (p *page) planWarnings(x *snapshot.PlanCheck) string {
	var words []string
	for _, code := range x.Warnings {
		if slices.Contains(x.Reasons, code) {
			continue
		}
		word, n := p.word(wording.PlanWarning, code), 0
		for i := range x.Targets {
			if slices.Contains(x.Targets[i].Warnings, code) {
				n++
			}
		}
		if n > 0 {
			word = p.Language.Say("plan.of-targets", word, n, len(x.Targets))
		}
		words = append(words, word)
	}
	return p.Language.List(words)
}

// planTargets writes what the plan does to each target, and under the table why it
// does not fit one.
func (p *page) planTargets(list []snapshot.PlanTarget) {
	if len(list) == 0 {
		return
	}
	p.line("", "plan.targets", len(list))
	const strength, limit, budget, used, scheduled, before, preBefore, preAfter, missBefore, missAfter = 3, 4, 5, 6, 7, 8, 11, 12, 13, 14 // columns
	t := &table{left: 4}
	t.add(p.words([]string{
		"column.check", "column.area", "column.class", "column.strength", "column.limit", "column.budget", "column.used-up", "column.scheduled",
		"column.left-now", "column.cost", "column.left-after", "column.pre-arranged-now", "column.pre-arranged-after", "column.miss-now", "column.miss-after",
	})...)
	for i := range list {
		x := &list[i]
		verdict := p.fits(x)
		t.add(
			verdict.text, x.Name.In(string(p.Language)), x.ClassName.In(string(p.Language)), p.word(wording.Strength, x.Strength), hours(x.LimitHours),
			someHours(x.Budget), someHours(x.Used), someHours(x.Scheduled), someHours(x.RemainingBefore), customerHours(x.Cost), someHours(x.RemainingAfter),
			someHours(x.PreArrangedRemainingBefore), someHours(x.PreArrangedRemainingAfter), chance(x.MissBefore), chance(x.MissAfter),
		)
		t.paint(verdict.paint)
	}
	for _, column := range []int{scheduled, preBefore, preAfter, missBefore, missAfter} {
		if t.empty(column) {
			t.drop(column)
		}
	}
	t.fit(p.Width, preBefore, scheduled, used, budget, limit, preAfter, missBefore, before, missAfter, strength)
	t.write(p)
	p.planWhy(list)
	p.blank()
}

// fits is the first cell of a target: whether the plan fits it, or is not held
// against it.
func (p *page) fits(x *snapshot.PlanTarget) cell {
	key, like := "plan.yes", policy.Met
	switch {
	case x.Budget == nil:
		key, like = "plan.unknown", policy.CannotTell
	case !x.Fits && x.Decides:
		key, like = "plan.over", policy.Missed
	case !x.Fits:
		key, like = "plan.over", policy.AtRisk
	}
	return cell{text: wording.Sign(string(like)) + " " + p.Language.Say(key), paint: p.paint(string(like))}
}

// planWhy lists each reason once with the targets that it is about, then each
// warning.
func (p *page) planWhy(list []snapshot.PlanTarget) {
	p.planAbout(list, wording.PlanReason, func(x *snapshot.PlanTarget) []string { return x.Reasons })
	p.planAbout(list, wording.PlanWarning, func(x *snapshot.PlanTarget) []string {
		return slices.DeleteFunc(slices.Clone(x.Warnings), func(code string) bool { return slices.Contains(x.Reasons, code) })
	})
}

func (p *page) planAbout(list []snapshot.PlanTarget, kind wording.Kind, codes func(*snapshot.PlanTarget) []string) {
	about := map[string][]string{}
	var order []string
	for i := range list {
		x := &list[i]
		for _, code := range codes(x) {
			if len(about[code]) == 0 {
				order = append(order, code)
			}
			about[code] = append(about[code], p.planTarget(x))
		}
	}
	for _, code := range order {
		p.line("  ", "reason.about", p.word(kind, code), p.Language.List(about[code]))
	}
}

// planTarget names a target.
func (p *page) planTarget(x *snapshot.PlanTarget) string {
	return p.Language.Say("plan.target", x.Name.In(string(p.Language)), x.ClassName.In(string(p.Language)), p.word(wording.Strength, x.Strength))
}

// keepOn writes how the plan would fit each target that it does not.
func (p *page) keepOn(list []snapshot.PlanTarget) {
	for i := range list {
		switch x := &list[i]; {
		case x.Hopeless:
			p.line("", "plan.hopeless", p.planTarget(x), customerHours(x.Over))
			p.blank()
		case len(x.KeepOn) > 0:
			p.line("", "plan.keep-on", p.planTarget(x), customerHours(x.Over))
			for _, k := range x.KeepOn {
				p.line("  ", "plan.keep-on-row", p.Language.Place(k.Path, "", k.Row), k.EventID, k.Customers, k.Of, customerHours(k.Saves))
			}
			p.blank()
		}
	}
}

// planRows writes what each row that counts costs, adding up to the plan.
func (p *page) planRows(x *snapshot.PlanCheck) {
	t := &table{left: 7, also: []int{10, 11}}
	t.add(p.words([]string{
		"column.event", "column.feeder-unit", "column.area", "column.class", "column.nature", "column.from", "column.to", "column.customers", "column.cost",
		"column.not-counted", "column.odd", "column.where",
	})...)
	var sum snapshot.Milli
	for i := range x.Rows {
		r := &x.Rows[i]
		if r.Rejected != nil {
			continue
		}
		sum += r.CustomerSeconds
		area, class := p.places(r.Places)
		t.add(
			r.EventID, joined(r.Feeder, r.Unit), area, class, p.word(wording.Nature, r.Nature), clock(r.Start), until(r.Start, r.End), customers(r.Customers),
			customerHours(r.CustomerSeconds), blankHours(r.NotCounted), p.flags(r.Flags), p.Language.Place(r.Path, r.Sheet, r.Row),
		)
	}
	if len(t.rows) == 1 {
		return
	}
	if x.Displaced != 0 {
		t.add(p.Language.Say("plan.displaced-row"), "", "", "", "", "", "", "", customerHours(-x.Displaced), "", "", "")
		sum -= x.Displaced
	}
	t.add(p.Language.Say("explain.sum"), "", "", "", "", "", "", "", customerHours(sum), "", "", "")
	p.line("", "plan.rows")
	const feeder, area, class, nature, to, customers, notCounted, odd, where = 1, 2, 3, 4, 6, 7, 9, 10, 11 // columns
	for _, column := range []int{notCounted, odd} {
		if t.empty(column) {
			t.drop(column)
		}
	}
	t.fit(p.Width, nature, notCounted, where, area, class, odd, customers, feeder, to)
	t.write(p)
	p.blank()
}

// until is the end of an outage: on the day on which it began, the time alone.
func until(start, end string) string {
	day, _, _ := strings.Cut(start, "T")
	text := clock(end)
	if at, ok := strings.CutPrefix(text, day+" "); ok {
		return at
	}
	return text
}

// places names where a row has customers out: each area and each class once.
func (p *page) places(list []snapshot.PlanCost) (areas, classes string) {
	var a, c []string
	for _, x := range list {
		if name := p.nameOf(x.Area); !slices.Contains(a, name) {
			a = append(a, name)
		}
		if name := p.nameOf(x.Class); !slices.Contains(c, name) {
			c = append(c, name)
		}
	}
	return p.Language.List(a), p.Language.List(c)
}

// place names an area and class.
func (p *page) place(area, class string) string {
	return p.Language.List([]string{p.nameOf(area), p.nameOf(class)})
}

// nameOf names an area or a class; one without a name is shown by its id.
func (p *page) nameOf(id string) string {
	if name, ok := p.names[id]; ok {
		return name
	}
	return id
}

func (p *page) flags(codes []string) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = p.word(wording.Flag, code)
	}
	return p.Language.List(words)
}

// planRejects lists the rows that do not count, each with what to do.
func (p *page) planRejects(rows []snapshot.PlanRow) {
	listed := false
	for i := range rows {
		r := &rows[i]
		if r.Rejected == nil {
			continue
		}
		listed = true
		reason, advice := problem(r.Rejected, p.Language)
		p.line("", "check.rejected", p.Language.Place(r.Path, r.Sheet, r.Row), r.EventID, r.Rejected.Column, r.Rejected.Value, reason, advice)
	}
	if listed {
		p.blank()
	}
}

// problem words why a row does not count, and what to do.
func problem(x *snapshot.Problem, l wording.Language) (reason, advice string) {
	advice = x.Advice
	if own := l.Word(wording.PlanProblem, x.Reason); own != x.Reason {
		if l == wording.Chinese {
			advice = l.Word(wording.PlanAdvice, x.Reason)
		}
		return own, advice
	}
	if l == wording.Chinese {
		advice = l.Word(wording.Advice, x.Reason)
	}
	return l.Word(wording.Rejection, x.Reason), advice
}

// chance writes a probability as a report does: in whole per cent, and never as
// certain.
func chance(v *float64) string {
	return miss(&snapshot.Target{Projection: &snapshot.Projection{MissProbability: v}})
}

// customerHours writes customer-seconds as customer-hours.
func customerHours(m snapshot.Milli) string {
	text := strconv.FormatFloat(m.Float()/3600, 'f', 2, 64)
	if text == "-0.00" {
		return "0.00"
	}
	return strings.Replace(text, "-", wording.Minus, 1)
}

func someHours(m *snapshot.Milli) string {
	if m == nil {
		return absent
	}
	return customerHours(*m)
}

func blankHours(m snapshot.Milli) string {
	if m == 0 {
		return ""
	}
	return customerHours(m)
}

// customers writes a number of customers.
func customers(m snapshot.Milli) string { return m.String() }
