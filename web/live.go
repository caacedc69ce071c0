package web

import (
	"encoding/json"
	"net/http"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A liveView is the page of what is going on. live.js keeps it up to date.
type liveView struct {
	Frame    frame
	Waiting  string
	AsOf     string
	Computed stamp
	Now      string // how many customers are out, by how many outages
	Scopes   []liveScope
	Outages  []liveOutage
	Blank    liveOutage // from which the script makes rows
	None     string     // said where no outage is listed
	More     string     // outages that are not listed; else empty
	Words    string     // JSON for the script
	All      string     // link to what is listed, and what is not
	Shown    int        // how many outages are listed at most
	Refresh  string     // link
}

// A liveScope is who is without supply in an area, a group or the whole.
type liveScope struct {
	ID, Name, Level, Out, Served, Share, Outages, Href string
}

// A liveOutage is one outage that is going on.
type liveOutage struct {
	Key                               string
	Event, Record, Customers, Start   string
	Length, End, Hours                string
	Area, Class, Feeder, Unit, Nature string
	Cause                             string
	Rows                              string // how many records it is told by, where there are several
	Stale                             bool
}

// liveScript is the asset that keeps the page up to date.
const liveScript = "live.js"

// outagesShown is how many outages the page lists.
const outagesShown = 50

// live is the page of what is going on.
func (p *pages) live(v *visit) (view, error) {
	v.frame.Title, v.frame.Sheets, v.frame.Scripts = v.Say("page.nav-live"), []string{listSheet}, []string{liveScript}
	x := &liveView{Refresh: v.link("/live"), Blank: liveOutage{Record: v.link("/live")}, All: v.link("/events", "out", "1", "sort", snapshot.SortCustomers), Shown: outagesShown}
	s := v.status.Snapshot
	if s == nil || s.Live == nil {
		x.Waiting, v.code = v.Say("page.waiting", v.stamp(v.status.Started).Text), http.StatusServiceUnavailable
		v.frame.Scripts = nil
	} else if err := v.goingOn(x, s); err != nil {
		return view{}, err
	}
	x.Frame = v.frame
	return view{"live", x}, nil
}

// goingOn words what is going on.
func (v *visit) goingOn(x *liveView, s *snapshot.Snapshot) error {
	l := s.Live
	v.learn(l.Areas, l.Classes)
	x.AsOf, x.Computed, x.None = local(l.AsOf), v.stamp(v.status.Computed), v.Say("live.none")
	for i := range l.Scopes {
		one := &l.Scopes[i]
		x.Scopes = append(x.Scopes, v.liveScope(one))
		if one.Level == "whole" {
			x.Now = v.Say("live.now", exact(one.Interrupted), count(int64(one.Outages)))
		}
	}
	seen := map[string]int{}
	for i := range l.Outages[:min(len(l.Outages), outagesShown)] {
		x.Outages = append(x.Outages, v.liveOutage(&l.Outages[i], l.AsOf, seen))
	}
	if more := len(l.Outages) - len(x.Outages) + l.More; more > 0 {
		x.More = v.Say("live.more", count(int64(more)))
	}
	words, err := json.Marshal(v.liveWords(s))
	x.Words = string(words)
	return err
}

func (v *visit) liveScope(s *snapshot.LiveScope) liveScope {
	return liveScope{
		ID: s.Scope, Name: v.scopeName(s.Scope), Level: s.Level, Out: exact(s.Interrupted), Served: exact(s.Served), Share: shareOf(s.Interrupted, s.Served),
		Outages: count(int64(s.Outages)), Href: v.link("/events", "scope", s.Scope, "out", "1", "sort", snapshot.SortCustomers),
	}
}

// liveOutage words an outage. Its key tells it apart from all others of one
// answer, as live.js makes it too.
func (v *visit) liveOutage(o *snapshot.LiveOutage, asOf string, seen map[string]int) liveOutage {
	key := o.Source + "|" + o.EventID + "|" + o.Feeder + "|" + o.Unit + "|" + o.Area + "|" + o.Class + "|" + o.Start
	seen[key]++
	rows := ""
	if o.Rows > 1 {
		rows = v.Say("live.rows", count(int64(o.Rows)))
	}
	return liveOutage{
		Rows: rows, Key: key + "|" + count(int64(seen[key])), Event: o.EventID, Record: v.link("/record", "source", o.Source, "event", o.EventID),
		Customers: exact(o.Customers), Start: local(o.Start), Length: length(o.Start, "", asOf), End: orAbsent(local(o.End)), Hours: hundredthHours(o.CustomerSeconds),
		Area: v.scopeName(o.Area), Class: v.className(o.Class), Feeder: orAbsent(o.Feeder), Unit: o.Unit, Nature: v.Word(wording.Nature, o.Nature), Cause: o.Cause, Stale: o.Stale,
	}
}

// liveWords are the words that live.js needs: names by id, and sentences with {}
// for what they take.
type liveWords struct {
	Scopes  map[string]string `json:"scopes"`
	Classes map[string]string `json:"classes"`
	Natures map[string]string `json:"natures"`
	Says    map[string]string `json:"says"`
	Record  string            `json:"record"` // where records are, with the language that was chosen
	Zone    string            `json:"zone"`   // in which wall times are written
}

func (v *visit) liveWords(s *snapshot.Snapshot) liveWords {
	w := liveWords{Scopes: map[string]string{}, Classes: map[string]string{}, Natures: map[string]string{}, Record: v.link("/record"), Zone: "UTC"}
	if v.zone != nil {
		w.Zone = v.zone.String()
	}
	for _, scope := range scopesOf(s) {
		w.Scopes[scope.ID] = v.scopeName(scope.ID)
	}
	for _, class := range classesOf(s) {
		w.Classes[class.ID] = v.className(class.ID)
	}
	for i := range s.Live.Outages {
		o := &s.Live.Outages[i]
		w.Scopes[o.Area], w.Classes[o.Class] = v.scopeName(o.Area), v.className(o.Class)
	}
	for n := range outage.NatureCount {
		code := outage.Nature(n).String()
		w.Natures[code] = v.Word(wording.Nature, code)
	}
	w.Says = map[string]string{
		"now": v.Say("live.now", "{}", "{}"), "more": v.Say("live.more", "{}"), "rows": v.Say("live.rows", "{}"), "stale": v.Say("live.stale"), "absent": absent,
		"lost": v.Say("live.lost"), "on": v.Say("live.on"), "paused": v.Say("live.paused"), "pause": v.Say("live.pause"), "resume": v.Say("live.resume"),
	}
	return w
}
