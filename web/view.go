package web

import (
	"html/template"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A view is what the template shows, in words of one language. Texts from
// outside stay as they are: the template escapes them.
type view struct {
	Nonce string // that the style bears, of one answer
	Style template.CSS

	Lang, Other string // of the page, and of the one that it links to
	Title       string
	Notices     []string // what must not be overlooked: made-up data, the demo
	Facts       []fact
	Waiting     string // why there is no answer; else empty

	Troubles []string // faults that are no [Fault]
	Faults   []fault

	Unjudged string // why there are no verdicts; else empty
	Years    []year
	Sources  []sourceRow
	Coverage []coverageRow
	Foot     string
}

// A fact is a name and a value.
type fact struct{ Name, Value string }

// A fault is a [Fault] in words.
type fault struct {
	Source, Place, What string
	Since               stamp
	Age                 string
}

// A stamp is an instant for people and, in RFC 3339, for machines.
type stamp struct{ Text, Machine string }

// A teller words a status in one language and zone.
type teller struct {
	wording.Language
	zone  *time.Location // of the policy; nil where it is not known
	now   time.Time
	names map[string]string // of areas by id
}

func newView(s *Status, l wording.Language) *view {
	t := &teller{Language: l, now: s.Now, names: map[string]string{}}
	v := &view{Lang: string(l), Other: string(wording.English), Title: l.Say("page.what")}
	if l == wording.English {
		v.Other = string(wording.Chinese)
	}
	if s.Snapshot != nil {
		t.know(s.Snapshot)
	}
	if s.Demo != nil {
		v.Notices = append(v.Notices, l.Say("page.demo", t.date(s.Demo.From), t.date(s.Demo.To), wording.Number(s.Demo.Speed)))
	}
	v.Troubles, v.Faults = t.troubles(s), t.faults(s.Faults)
	v.Sources = t.sources(s.Sources)
	if s.Snapshot == nil {
		v.Waiting = l.Say("page.waiting", t.stamp(s.Started).Text)
	} else {
		t.answer(v, s)
	}
	v.Foot = l.Say("page.foot", s.Program, t.stamp(s.Started).Text, t.stamp(s.Now).Text)
	return v
}

// know takes the zone and the names of areas from the answer. A zone that this
// machine does not know leaves times in the zone that they come in.
func (t *teller) know(s *snapshot.Snapshot) {
	if zone, err := time.LoadLocation(s.Provenance.Zone); err == nil {
		t.zone = zone
	}
	for _, a := range s.Areas {
		t.names[a.ID] = a.Name.In(string(t.Language))
	}
}

// answer adds what the snapshot says.
func (t *teller) answer(v *view, s *Status) {
	a := s.Snapshot
	v.Title = a.Title.In(string(t.Language))
	if a.Synthetic {
		v.Notices = append(v.Notices, t.Say("head.synthetic"))
	}
	asOf := local(a.Provenance.AsOf) + " " + a.Provenance.Zone
	if a.Provisional {
		asOf = t.Say("page.provisional", asOf)
	}
	v.Facts = []fact{
		{t.Say("page.as-of"), asOf},
		{t.Say("page.through"), local(a.DataThrough)},
		{t.Say("page.index"), a.Index},
		{t.Say("page.computed"), t.Say("page.ago", t.stamp(s.Computed).Text, t.age(s.Computed))},
		{t.Say("page.took"), t.Say("page.duration", s.Took.Seconds())},
	}
	v.Unjudged, v.Years = t.unjudged(a), t.years(a)
	v.Coverage = t.coverage(a.Quality.Coverage)
}

// troubles says what is wrong without being a fault of its own.
func (t *teller) troubles(s *Status) []string {
	var all []string
	switch {
	case s.ReloadOK:
	case s.ReloadTime.IsZero():
		all = append(all, t.Say("page.not-loaded"))
	default:
		all = append(all, t.Say("page.reload-failed", t.stamp(s.ReloadTime).Text))
	}
	var down []string
	for i := range s.Sources {
		if src := &s.Sources[i]; !src.Up && !slices.ContainsFunc(s.Faults, func(f Fault) bool { return f.Source == src.Name }) {
			down = append(down, src.Name)
		}
	}
	if len(down) > 0 {
		all = append(all, t.Say("page.down", t.List(down)))
	}
	return all
}

func (t *teller) faults(list []Fault) []fault {
	var all []fault
	for _, f := range list {
		source := f.Source
		if source == "" {
			source = t.Say("page.configuration")
		}
		all = append(all, fault{Source: source, Place: f.Place, What: f.What, Since: t.stamp(f.Since), Age: t.age(f.Since)})
	}
	return all
}
