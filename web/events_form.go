package web

import (
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// An eventsForm is the form of the page of events, filled with what was asked.
type eventsForm struct {
	Lang                              string // kept where it was chosen
	Scopes, Classes, Windows, Indices []choice
	Areas, Natures, Sorts             []choice
	Feeder, Unit, Cause, Event, Text  string
	Out, Ascending                    bool
	More                              bool   // the rarer filters are in use
	Reset                             string // link
	Active                            []eventsFilter
}

// A choice is an option of a form.
type choice struct {
	Value, Text string
	Chosen      bool
}

// An eventsFilter is a filter in use, and the link that takes it away.
type eventsFilter struct{ Name, Value, Without string }

func (a *eventsAsked) form(s *snapshot.Snapshot) *eventsForm {
	get := a.values.Get
	f := &eventsForm{
		Windows: a.windows(s), Indices: a.indices(s), Natures: a.natures(), Sorts: a.sorts(),
		Feeder: get("feeder"), Unit: get("unit"), Cause: get("cause"), Event: get("event"), Text: get("q"),
		Out: a.question.Out, Ascending: a.question.Ascending, Reset: a.link("/events"), Active: a.active(),
		More: get("area") != "" || get("unit") != "" || get("cause") != "" || get("event") != "",
	}
	if a.chosen {
		f.Lang = string(a.Language)
	}
	areas := []choice{{Text: a.Say("events.any")}}
	for _, scope := range scopesOf(s) {
		f.Scopes = append(f.Scopes, choice{Value: scope.ID, Text: scope.Name.In(string(a.Language))})
		if scope.Level == "area" {
			areas = append(areas, choice{Value: scope.ID, Text: scope.Name.In(string(a.Language))})
		}
	}
	for _, class := range classesOf(s) {
		f.Classes = append(f.Classes, choice{Value: class.ID, Text: class.Name.In(string(a.Language))})
	}
	f.Areas = areas
	a.choose("scope", f.Scopes, "")
	a.choose("class", f.Classes, string(outage.AllClasses))
	a.choose("area", f.Areas, "")
	return f
}

// choose marks what was asked for, or else what is meant without asking.
func (a *eventsAsked) choose(name string, list []choice, otherwise string) []choice {
	asked := a.values.Get(name)
	if asked == "" {
		asked = otherwise
	}
	for i := range list {
		list[i].Chosen = list[i].Value == asked
	}
	return list
}

// windows offers the windows of the report, its months, and the one asked for.
func (a *eventsAsked) windows(s *snapshot.Snapshot) []choice {
	words := map[string]string{
		snapshot.YearToDate: a.Say("events.ytd"), snapshot.PriorYearToDate: a.Say("events.prior-ytd"),
		snapshot.WholeYear: a.Say("events.year"), snapshot.PriorYear: a.Say("events.prior-year"),
	}
	list := []choice{}
	add := func(value, text string) {
		if !slices.ContainsFunc(list, func(c choice) bool { return c.Value == value }) {
			list = append(list, choice{Value: value, Text: text})
		}
	}
	for i := range s.Indices {
		e := &s.Indices[i]
		if word, ok := words[e.Window]; ok {
			add(e.Window, word)
		} else if month, err := time.Parse(time.RFC3339, e.From); err == nil && e.Window == snapshot.Month {
			add(month.Format("2006-01"), month.Format("2006-01"))
		}
	}
	if asked := a.values.Get("window"); asked != "" {
		add(asked, asked)
	}
	otherwise := ""
	if len(list) > 0 {
		otherwise = list[0].Value
	}
	return a.choose("window", list, otherwise)
}

// indices offers the index sets, the judged one as such.
func (a *eventsAsked) indices(s *snapshot.Snapshot) []choice {
	var list []choice
	for _, set := range reliability.Sets() {
		text := set.ID
		if set.ID == s.Index {
			text = a.Say("events.judged", set.ID)
		}
		list = append(list, choice{Value: set.ID, Text: text})
	}
	return a.choose("index", list, s.Index)
}

// natures offers the two branches of the tree of natures, then its leaves.
func (a *eventsAsked) natures() []choice {
	list := []choice{{Text: a.Say("events.any")}}
	for _, code := range natureWords() {
		list = append(list, choice{Value: code, Text: a.natureWord(code)})
	}
	return a.choose("nature", list, "")
}

func (a *eventsAsked) sorts() []choice {
	return a.choose("sort", []choice{
		{Value: snapshot.SortCustomerSeconds, Text: a.Say("events.customer-hours")}, {Value: snapshot.SortInterruptions, Text: a.Say("events.interruptions")},
		{Value: snapshot.SortCustomers, Text: a.Say("column.customers")}, {Value: snapshot.SortStart, Text: a.Say("events.start")},
		{Value: snapshot.SortDuration, Text: a.Say("events.duration")}, {Value: snapshot.SortFeeder, Text: a.Say("column.feeder")},
	}, snapshot.SortCustomerSeconds)
}

// active lists the filters in use.
func (a *eventsAsked) active() []eventsFilter {
	words := map[string]string{
		"area": a.Say("column.area"), "nature": a.Say("column.nature"), "feeder": a.Say("column.feeder"), "unit": a.Say("events.unit"),
		"cause": a.Say("column.cause"), "event": a.Say("events.event"), "q": a.Say("events.text"), "out": a.Say("events.out"),
	}
	var all []eventsFilter
	for _, name := range filters() {
		value := a.values.Get(name)
		switch {
		case value == "":
			continue
		case name == "area":
			value = a.scopeName(value)
		case name == "nature":
			value = a.natureWord(value)
		case name == "out":
			value = ""
		}
		all = append(all, eventsFilter{words[name], value, a.with(name, "")})
	}
	return all
}

// natureWord words a nature or a branch of the tree of natures.
func (a *eventsAsked) natureWord(code string) string {
	switch code {
	case snapshot.NaturePreArranged:
		return a.Say("events.pre-arranged")
	case snapshot.NatureFault:
		return a.Say("events.fault")
	}
	return a.Word(wording.Nature, code)
}
