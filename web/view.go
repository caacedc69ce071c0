package web

import (
	"slices"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// An overview is the first page, in words of one language. Texts from outside stay
// as they are: the template escapes them.
type overview struct {
	Frame    frame
	Facts    []fact
	Waiting  string   // why there is no answer; else empty
	Troubles []string // faults that are no [Fault]
	Faults   []fault

	Unjudged  string // why there are no verdicts; else empty
	Years     []year
	Whole     *province // where there are no verdicts, the areas without them
	Downloads []crumb
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
	chosen bool           // the language was asked for, so that links keep it
	zone   *time.Location // of the policy; nil where it is not known
	now    time.Time
	// scopes are the names of areas, groups and the whole, classes those of classes,
	// by id. A policy may give an area and a class the same one.
	scopes, classes map[string]string
}

func newTeller(s *Status, l wording.Language) *teller {
	t := &teller{Language: l, now: s.Now, scopes: map[string]string{}, classes: map[string]string{}}
	if s.Snapshot != nil {
		t.know(s.Snapshot)
	}
	return t
}

// notices are what must not be overlooked on any page.
func (t *teller) notices(s *Status) []string {
	var all []string
	switch d := s.Demo; {
	case d == nil:
	case d.Speed == 1:
		all = append(all, t.Say("page.demo-real", t.date(d.From), t.date(d.To)))
	default:
		all = append(all, t.Say("page.demo", t.date(d.From), t.date(d.To), wording.Number(d.Speed)))
	}
	if s.Snapshot != nil && s.Snapshot.Synthetic {
		all = append(all, t.Say("head.synthetic"))
	}
	return all
}

// overview is the first page.
func (p *pages) overview(v *visit) (view, error) {
	o := &overview{Frame: v.frame, Troubles: v.troubles(v.status), Faults: v.faults(v.status.Faults)}
	if v.status.Snapshot == nil {
		o.Waiting = v.Say("page.waiting", v.stamp(v.status.Started).Text)
		return view{"overview", o}, nil
	}
	if err := v.answer(o, v.status); err != nil {
		return view{}, err
	}
	return view{"overview", o}, nil
}

// asOf says up to when an answer counts.
func (t *teller) asOf(a *snapshot.Snapshot) string {
	asOf := local(a.Provenance.AsOf) + " " + a.Provenance.Zone
	if a.Provisional {
		asOf = t.Say("page.provisional", asOf)
	}
	return asOf
}

// answer adds what the snapshot says.
func (v *visit) answer(o *overview, s *Status) error {
	a := s.Snapshot
	o.Facts = []fact{
		{v.Say("page.as-of"), v.asOf(a)},
		{v.Say("page.through"), local(a.DataThrough)},
		{v.Say("page.index"), strings.TrimSuffix(a.Index+" · "+v.setName(a.Index), " · ")},
		{v.Say("page.computed"), v.Say("page.ago", v.stamp(s.Computed).Text, v.age(s.Computed))},
		{v.Say("page.took"), v.Say("page.duration", s.Took.Seconds())},
	}
	o.Downloads = v.downloads()
	o.Unjudged, o.Years = v.unjudged(a), v.years(a)
	shown, err := v.province(a)
	if err != nil {
		return err
	}
	for i := range o.Years {
		if o.Years[i].Year == shown.year {
			o.Years[i].Province = shown
			return nil
		}
	}
	o.Whole = shown
	return nil
}

// downloads are the answer in other forms.
func (t *teller) downloads() []crumb {
	lang := string(t.Language)
	return []crumb{
		{Href: "/api/v1/report.html?lang=" + lang, Text: t.Say("page.link-paper")},
		{Href: "/api/v1/report.xlsx?lang=" + lang, Text: t.Say("page.link-workbook")},
		{Href: "/api/v1/report", Text: t.Say("page.link-report")},
		{Href: "/api/v1/openapi.yaml", Text: t.Say("page.link-openapi")},
		{Href: "/metrics", Text: t.Say("page.link-metrics")},
	}
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
