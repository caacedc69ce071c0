package web

import (
	"math"
	"net/url"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A scopeRow is the numbers of an area, a group or the whole, of all classes.
type scopeRow struct {
	Scope                          number
	Level                          string
	Verdict                        *badge // by the colouring of the map; nil: none
	Hours, Before, Change          number
	Interruptions, CustomerSeconds number
	Customers                      string
}

// scopeRows lists areas, groups and the whole in the policy's order, as the year
// that is judged has them; without one as the first that is shown.
func (t *teller) scopeRows(s *snapshot.Snapshot, judged snapshot.JudgedYear, by colouring) []scopeRow {
	windows := behindOf(s, judged)
	if judged.Year == 0 {
		windows = shown(s)
	}
	prior := map[string]*snapshot.Entry{}
	for i := range s.Indices {
		if e := &s.Indices[i]; e.Class == string(outage.AllClasses) && e.Window == windows.prior {
			prior[e.Scope] = e
		}
	}
	var all []scopeRow
	for i := range s.Indices {
		e := &s.Indices[i]
		if e.Class != string(outage.AllClasses) || e.Window != windows.now {
			continue
		}
		row := t.scopeRow(e, prior[e.Scope], windows)
		if list := by.targets(s, judged.Year, e.Scope); len(list) > 0 {
			worst := t.verdict(list[0].Verdict)
			row.Verdict = &worst
		}
		all = append(all, row)
	}
	return all
}

// scopeRow words an entry beside the one of the same window a year before, which
// may be missing.
func (t *teller) scopeRow(e, before *snapshot.Entry, w behind) scopeRow {
	value := t.eventsLink(e.Scope, e.Class, w.now, w.index)
	row := scopeRow{
		Scope: number{e.Name.In(string(t.Language)), t.areaLink(e.Scope, "")}, Level: e.Level,
		Hours: linked(fixed(e.SAIDIHours, 2), value), Before: number{Text: absent}, Change: number{Text: absent},
		Interruptions: linked(fixed(e.SAIFI, 2), value), CustomerSeconds: linked(customerHours(e.CustomerSeconds.Float()), t.eventsLink(e.Scope, e.Class, w.now, reliability.SAIDI1)),
		Customers: count(int64(math.Round(e.EquivalentCustomers))),
	}
	if before == nil {
		return row
	}
	prior := t.eventsLink(e.Scope, e.Class, w.prior, w.index)
	row.Before = linked(fixed(before.SAIDIHours, 2), prior)
	if e.Reduction != nil {
		grown := -*e.Reduction
		row.Change = linked(signed(&grown), prior)
	}
	return row
}

// allHours names the customer-hours of all outages, which are not those that are
// judged where an index set leaves some out.
func (t *teller) allHours(s *snapshot.Snapshot) string {
	if s.Index == reliability.SAIDI1 {
		return t.Say("page.customer-hours")
	}
	return t.Say("page.all-hours")
}

// areaLink is the address of a scope's page.
func (t *teller) areaLink(scope, class string) string {
	return t.link("/area/"+url.PathEscape(scope), "class", class)
}
