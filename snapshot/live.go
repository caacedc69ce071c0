package snapshot

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
)

// A Live is what is going on at as-of: who is without supply, and by which
// outages.
type Live struct {
	SchemaVersion int          `json:"schema_version"`
	AsOf          string       `json:"as_of"`   // RFC 3339
	Scopes        []LiveScope  `json:"scopes"`  // areas, groups and the whole, in the order of the policy
	Outages       []LiveOutage `json:"outages"` // the most customers first, at most [MostLive]
	More          int          `json:"more"`    // outages that are not listed
	Areas         []Named      `json:"-"`
	Classes       []Named      `json:"-"`
}

// MostLive is how many outages a [Live] lists.
const MostLive = 200

// A LiveScope is who is without supply in one area, group or the whole, all
// classes.
type LiveScope struct {
	Scope       string `json:"scope"`
	Level       string `json:"level"`
	Served      Milli  `json:"served_customers"`
	Interrupted Milli  `json:"interrupted_customers"`
	Outages     int    `json:"outages"` // each once a feeder, in its largest part
}

// A LiveOutage is what one event has out at as-of on one feeder, in one area and
// class, by one nature and cause.
type LiveOutage struct {
	Rows            int    `json:"rows"`             // that are out
	Customers       Milli  `json:"customers"`        // out at as-of
	CustomerSeconds Milli  `json:"customer_seconds"` // of these rows so far, in the running year; whatever index set is judged
	Source          string `json:"source"`
	EventID         string `json:"event_id"`
	Feeder          string `json:"feeder_id"`
	Unit            string `json:"unit_id"` // of the row; empty where there are several
	Area            string `json:"area"`
	Class           string `json:"class"`
	Nature          string `json:"nature"`
	Cause           string `json:"cause"`
	Start           string `json:"start"` // of the first row
	End             string `json:"end"`   // of the last row, that is told; empty where one is without
	Stale           bool   `json:"stale"` // one of the rows is
}

// live says who is without supply, as a detail has it.
func (x *examiner) live(d *Detail) *Live {
	l := &Live{SchemaVersion: SchemaVersion, AsOf: x.at(x.asOf), Outages: []LiveOutage{}, Areas: x.areas(), Classes: x.classes()}
	for _, s := range d.Scopes {
		l.Scopes = append(l.Scopes, liveScope(s, d.Out))
	}
	all := x.together(x.e.Active())
	listed := all[:min(len(all), MostLive)]
	l.More = len(all) - len(listed)
	var rows []engine.Active
	for i := range listed {
		rows = append(rows, listed[i].rows...)
	}
	year := upTo(x.year(x.p.YearStart.YearOf(x.asOf-1, x.p.Zone)), x.asOf)
	seconds := x.e.SecondsOf(rows, year)
	for i := range listed {
		n := len(listed[i].rows)
		l.Outages = append(l.Outages, x.liveOutage(&listed[i], seconds[:n]))
		seconds = seconds[n:]
	}
	return l
}

// liveScope adds up what is going on in the areas of a scope.
func liveScope(s Scope, out []Out) LiveScope {
	l := LiveScope{Scope: s.ID, Level: s.Level}
	for _, o := range out {
		if slices.Contains(s.Areas, o.Area) {
			l.Served += o.Served
			l.Interrupted += o.Interrupted
			l.Outages += o.Events
		}
	}
	return l
}

// An ongoing is the rows of one event that are out on one feeder, in one area and
// class, by one nature and cause; first is the one that began first.
type ongoing struct {
	first     outage.Event
	rows      []engine.Active
	end       int64 // the last; [outage.Open] where one is without
	customers int64 // in thousandths
}

// together puts the rows of an event together, the most customers first.
func (x *examiner) together(active []engine.Active) []ongoing {
	type place struct {
		source, id, feeder, cause string
		nature                    outage.Nature
		area                      outage.Area
		class                     outage.Class
		row                       int // of a row without an event
	}
	at := map[place]int{}
	var all []ongoing
	for _, a := range active {
		ev, _ := x.e.Event(a.Row)
		key := place{source: ev.Source, id: ev.ID, feeder: ev.Feeder, cause: ev.Cause, nature: ev.Nature, area: a.Area, class: a.Class}
		if ev.ID == "" {
			key.row = a.Row
		}
		i, ok := at[key]
		if !ok {
			i, at[key] = len(all), len(all)
			all = append(all, ongoing{first: ev, end: ev.End})
		}
		all[i].add(a, ev)
	}
	slices.SortStableFunc(all, func(a, b ongoing) int { return cmp.Compare(b.customers, a.customers) })
	return all
}

func (o *ongoing) add(a engine.Active, ev outage.Event) {
	o.rows = append(o.rows, a)
	o.customers += a.Customers
	if ev.Start < o.first.Start {
		o.first = ev
	}
	if o.end != outage.Open && (ev.End == outage.Open || ev.End > o.end) {
		o.end = ev.End
	}
	if len(o.rows) > 1 {
		o.first.Unit = ""
	}
}

// liveOutage words what goes on, and what its rows have added so far.
func (x *examiner) liveOutage(o *ongoing, seconds []int64) LiveOutage {
	ev := &o.first
	l := LiveOutage{
		Rows: len(o.rows), Customers: Milli(o.customers), Source: ev.Source, EventID: ev.ID, Feeder: ev.Feeder, Unit: ev.Unit,
		Area: string(o.rows[0].Area), Class: string(o.rows[0].Class), Nature: ev.Nature.String(), Cause: ev.Cause, Start: x.at(ev.Start),
	}
	for _, milli := range seconds {
		l.CustomerSeconds += Milli(milli)
	}
	if o.end != outage.Open {
		l.End = x.at(o.end)
	} else {
		l.Stale = slices.ContainsFunc(o.rows, func(a engine.Active) bool { return x.openTooLong(a.Row) })
	}
	return l
}

// openTooLong says whether a row is without end and stale.
func (x *examiner) openTooLong(row int) bool {
	ev, _ := x.e.Event(row)
	return ev.End == outage.Open && x.asOf-ev.Start > x.e.StaleAfter()
}
