package web

import (
	"math"

	"github.com/saidi-exporter/saidi/reliability"
)

// areaHead words what stands above the sections: names, links to other scopes
// and classes, the figures of the year.
func (v *visit) areaHead(a *areaView, of *subject) {
	name, class := v.scopeName(of.scope), v.className(of.class)
	a.Heading = v.Say("area.heading", name, class)
	a.Frame.Title = a.Heading
	for _, s := range scopesOf(of.Snapshot) {
		a.Scopes = append(a.Scopes, crumb{v.areaLink(s.ID, ""), s.Name.In(string(v.Language)), currentIf(s.ID == of.scope)})
	}
	for _, id := range classesIn(of.Snapshot, of.scope) {
		a.Classes = append(a.Classes, crumb{v.areaLink(of.scope, id), v.className(id), currentIf(id == of.class)})
	}
	if of.now != nil {
		a.Span = v.Say("hours.window", local(of.now.From), local(of.now.To))
		a.Figures = v.figures(of)
	}
}

// figures are the numbers of the year that is shown.
func (t *teller) figures(of *subject) []figure {
	e, value := of.now, t.behind(of, of.windows.now, of.windows.index)
	all := []figure{{t.Say("area.hours"), linked(fixed(e.SAIDIHours, 2), value), ""}}
	if p := of.prior; p != nil {
		before := figure{t.Say("page.before"), linked(fixed(p.SAIDIHours, 2), t.behind(of, of.windows.prior, of.windows.index)), ""}
		if e.Reduction != nil {
			grown := -*e.Reduction
			before.Note = t.Say("area.change", signed(&grown))
		}
		all = append(all, before)
	}
	asai := absent
	if e.ASAI != nil {
		share := *e.ASAI * 100
		asai = fixed(&share, 4) + " %"
	}
	return append(all,
		figure{t.allHours(of.Snapshot), linked(customerHours(e.CustomerSeconds.Float()), t.behind(of, of.windows.now, reliability.SAIDI1)), ""},
		figure{t.Say("page.saifi"), linked(fixed(e.SAIFI, 3), value), ""},
		figure{t.Say("area.caidi"), linked(fixed(e.CAIDIHours, 2), value), ""},
		figure{t.Say("area.asai"), linked(asai, value), ""},
		figure{t.Say("area.events"), linked(count(e.Events), value), ""},
		figure{t.Say("area.customers"), number{Text: count(int64(math.Round(e.EquivalentCustomers)))}, ""},
	)
}
