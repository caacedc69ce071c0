package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/saidi-exporter/saidi/internal/spelling"
	"github.com/saidi-exporter/saidi/snapshot"
)

// How many lines one answer lists.
const (
	linesOfPage = 50       // unless asked for otherwise
	mostLines   = 1000     // of JSON
	mostRows    = 100_000  // of CSV
	lastOffset  = mostRows // that can be asked for: all before it are put in order as well
)

// longestText bounds a parameter, in bytes.
const longestText = 1000

// eventsParameters are what a question for the rows behind a number may name.
func eventsParameters() []string {
	return []string{
		"scope", "class", "window", "index", "area", "nature", "feeder", "unit", "cause", "event", "q", "out", "sort", "asc", "offset", "limit", "page",
		"lang", "format",
	}
}

// eventsQuestion reads what the page of events and its API are asked. What is not
// given is empty; the window stays a text. A page, from 1, stands for an offset.
// Whether scope, class, index, nature and sort are known words is told by
// [snapshot.Events]. What is wrong is a [*Problem] that names the parameter.
func eventsQuestion(values url.Values) (window string, q snapshot.EventsQuestion, err error) {
	a := readQuery(values, eventsParameters()...)
	q = snapshot.EventsQuestion{
		Question: snapshot.Question{Scope: a.text("scope"), Class: a.text("class"), Index: a.text("index")},
		Area:     a.text("area"), Nature: a.text("nature"), Feeder: a.text("feeder"), Unit: a.text("unit"), Cause: a.text("cause"),
		EventID: a.text("event"), Text: a.text("q"), Out: a.truth("out"), Sort: a.text("sort"), Ascending: a.truth("asc"),
		Offset: a.number("offset", 0, 0, lastOffset), Limit: a.number("limit", linesOfPage, 1, mostLines),
	}
	if page := a.number("page", 0, 1, lastOffset/q.Limit+1); page > 0 {
		if a.text("offset") != "" {
			a.wrong("page", errPageAndOffset)
		}
		q.Offset = (page - 1) * q.Limit
	}
	return a.text("window"), q, a.err
}

// errPageAndOffset says what contradicts itself.
var errPageAndOffset = errors.New("give a page or an offset, not both")

// A query reads the parameters of a request; the first that is wrong stays. An
// empty parameter is one that is not given: forms send them.
type query struct {
	values url.Values
	err    error
}

// readQuery refuses parameters that are not known, and those given twice.
func readQuery(values url.Values, known ...string) *query {
	a := &query{values: values}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch n := len(values[name]); {
		case !slices.Contains(known, name):
			a.wrong(name, fmt.Errorf("there is no such parameter; did you mean %q?", spelling.Nearest(name, known)))
		case n > 1:
			a.wrong(name, fmt.Errorf("it is given %d times: give it once", n))
		case len(values.Get(name)) > longestText:
			a.wrong(name, fmt.Errorf("it is longer than %d bytes", longestText))
		}
	}
	return a
}

// wrong notes what is wrong with a parameter, unless something was before.
func (a *query) wrong(name string, err error) {
	if a.err == nil {
		a.err = badParameter(name, err)
	}
}

// badParameter is the problem of a parameter that is not understood.
func badParameter(name string, err error) *Problem {
	return &Problem{Status: http.StatusBadRequest, Code: "bad-parameter", Parameter: name, Err: err}
}

func (a *query) text(name string) string { return a.values.Get(name) }

// truth reads a yes or no; what is not given is no.
func (a *query) truth(name string) bool {
	switch text := a.text(name); text {
	case "", "0", "false", "off":
		return false
	case "1", "true", "on":
		return true
	default:
		a.wrong(name, fmt.Errorf("%q: want true or false", text))
		return false
	}
}

// number reads a whole number within bounds.
func (a *query) number(name string, otherwise, least, most int) int {
	text := a.text(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		a.wrong(name, fmt.Errorf("%q: want a whole number from %d to %d", text, least, most))
		return otherwise
	}
	return n
}

// choice reads one of some words, of which the first is meant where none is given.
func (a *query) choice(name string, words ...string) string {
	text := a.text(name)
	switch {
	case text == "":
		return words[0]
	case !slices.Contains(words, text):
		a.wrong(name, fmt.Errorf("there is no %s %q; did you mean %q?", name, text, spelling.Nearest(text, words)))
	}
	return text
}
