package web

import (
	"net/url"
	"slices"

	"github.com/saidi-exporter/saidi/snapshot"
)

// An eventsAsked is what the page of events is asked, so that its links ask it
// again with a change.
type eventsAsked struct {
	*visit
	window   string
	question snapshot.EventsQuestion
	err      error // what is wrong with the address
}

// askedEvents reads the address. Without a scope the whole is meant; dates of the
// form's own make a window. A yes becomes 1, and a no is left out.
func (v *visit) askedEvents() *eventsAsked {
	a := &eventsAsked{visit: v}
	if from, to := a.values.Get("from"), a.values.Get("to"); from != "" || to != "" {
		a.values.Set("window", from+".."+to)
	}
	a.values.Del("from")
	a.values.Del("to")
	if a.values.Get("scope") == "" {
		a.values.Set("scope", wholeOf(v.status.Snapshot))
	}
	if n := a.values.Get("page"); n != "" {
		a.values.Del("offset")
	}
	v.takes = eventsParameters()
	a.window, a.question, a.err = eventsQuestion(a.values)
	a.values.Set("out", onOrEmpty(a.question.Out))
	a.values.Set("asc", onOrEmpty(a.question.Ascending))
	return a
}

// wholeOf is the id of the whole; without one, of the last scope that is known.
func wholeOf(s *snapshot.Snapshot) string {
	id := ""
	for _, scope := range scopesOf(s) {
		id = scope.ID
		if scope.Level == "whole" {
			return id
		}
	}
	return id
}

// filters are the parameters that leave rows out, in the order of the form.
func filters() []string {
	return []string{"area", "nature", "feeder", "unit", "cause", "event", "q", "out"}
}

// filtered says whether anything is left out.
func (a *eventsAsked) filtered() bool {
	return slices.ContainsFunc(filters(), func(name string) bool { return a.values.Get(name) != "" })
}

// with asks the same with changes in pairs, an empty one leaving a parameter out;
// unless a page is named, from the first page on.
func (a *eventsAsked) with(pairs ...string) string {
	values := url.Values{}
	for _, name := range eventsParameters() {
		if text := a.values.Get(name); text != "" && !slices.Contains([]string{"page", "offset", "lang", "format"}, name) {
			values.Set(name, text)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return a.link("/events", pairsOf(values)...)
}

// apiLink asks the same of the API: all rows as CSV, or those of the page.
func (a *eventsAsked) apiLink(format string) string {
	values := url.Values{}
	for _, name := range eventsParameters() {
		if text := a.values.Get(name); text != "" {
			values.Set(name, text)
		}
	}
	values.Set("format", format)
	if format == "csv" {
		values.Set("lang", string(a.Language))
		for _, name := range []string{"page", "offset", "limit"} {
			values.Del(name)
		}
	}
	return a.link("/api/v1/events", pairsOf(values)...)
}

func pairsOf(values url.Values) []string {
	var pairs []string
	for _, name := range eventsParameters() {
		pairs = append(pairs, name, values.Get(name))
	}
	return pairs
}
