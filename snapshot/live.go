package snapshot

import (
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

// A LiveOutage is what one row has out at as-of in one area and class.
type LiveOutage struct {
	Customers       Milli  `json:"customers"`        // out at as-of
	CustomerSeconds Milli  `json:"customer_seconds"` // of the row so far, in the running year; whatever index set is judged
	Source          string `json:"source"`
	EventID         string `json:"event_id"`
	Feeder          string `json:"feeder_id"`
	Unit            string `json:"unit_id"`
	Area            string `json:"area"`
	Class           string `json:"class"`
	Nature          string `json:"nature"`
	Cause           string `json:"cause"`
	Start           string `json:"start"`
	End             string `json:"end"` // that is told; empty where none is
	Stale           bool   `json:"stale"`
}

// live says who is without supply, as a detail has it.
func (x *examiner) live(d *Detail) *Live {
	l := &Live{SchemaVersion: SchemaVersion, AsOf: x.at(x.asOf), Outages: []LiveOutage{}, Areas: x.areas(), Classes: x.classes()}
	for _, s := range d.Scopes {
		l.Scopes = append(l.Scopes, liveScope(s, d.Out))
	}
	active := x.e.Active()
	listed := active[:min(len(active), MostLive)]
	l.More = len(active) - len(listed)
	year := upTo(x.year(x.p.YearStart.YearOf(x.asOf-1, x.p.Zone)), x.asOf)
	for i, milli := range x.e.SecondsOf(listed, year) {
		l.Outages = append(l.Outages, x.liveOutage(listed[i], milli))
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

// liveOutage is what a row has out, and has added so far.
func (x *examiner) liveOutage(a engine.Active, milli int64) LiveOutage {
	ev, _ := x.e.Event(a.Row)
	o := LiveOutage{
		Customers: Milli(a.Customers), CustomerSeconds: Milli(milli), Source: ev.Source, EventID: ev.ID, Feeder: ev.Feeder, Unit: ev.Unit,
		Area: string(a.Area), Class: string(a.Class), Nature: ev.Nature.String(), Cause: ev.Cause, Start: x.at(ev.Start),
	}
	if ev.End != outage.Open {
		o.End = x.at(ev.End)
	} else {
		o.Stale = x.asOf-ev.Start > x.e.StaleAfter()
	}
	return o
}
