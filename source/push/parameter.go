package push

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/saidi-exporter/saidi/internal/spelling"
)

// What parameters may be.
const (
	longestName = 255 // bytes of ?name=
	mostCovers  = 100 // ?covers= in one request
)

// parameters lists what a request may say of its body.
func parameters() []string { return []string{"source", "name", "covers", "strict", "wait"} }

// delivery reads the parameters of a request. What is not understood is refused
// rather than left out: a strict that is misspelt would store what it must not.
func (h *Handler) delivery(query string, who *writer) (*Delivery, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, badParameter("query", "cannot be taken apart: encode what is behind the question mark")
	}
	d := &Delivery{Who: who.name, Covers: values["covers"], Name: values.Get("name")}
	if err := checkParameters(values); err != nil {
		return nil, err
	}
	if d.Source, err = h.source(values.Get("source"), values.Has("source"), who); err != nil {
		return nil, err
	}
	if d.Strict, err = strict(values); err != nil {
		return nil, err
	}
	d.Wait, err = h.wait(values)
	return d, err
}

// checkParameters looks at the names of parameters, how often each is there, and
// at texts.
func checkParameters(values url.Values) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch said := values[name]; {
		case !slices.Contains(parameters(), name):
			return badParameter(shorten(name, longestText), "is not known; did you mean %s?", spelling.Nearest(name, parameters()))
		case name == "covers":
			if len(said) > mostCovers || slices.Contains(said, "") {
				return badParameter(name, "give FROM..TO, at most %d times", mostCovers)
			}
		case len(said) > 1:
			return badParameter(name, "is given %d times: give it once", len(said))
		}
	}
	if name := values.Get("name"); len(name) > longestName || strings.ContainsFunc(name, unicode.IsControl) || strings.ToValidUTF8(name, "") != name {
		return badParameter("name", "give at most %d bytes of plain text", longestName)
	}
	return nil
}

// source finds the source that a request names, or the only one there is.
func (h *Handler) source(name string, named bool, who *writer) (string, error) {
	all := h.options.Sources
	switch {
	case len(all) == 0:
		return "", faultf(http.StatusNotFound, "unknown-source", "no source takes pushes: add one to the configuration")
	case !named && len(all) == 1:
		name = all[0]
	case !named:
		return "", badParameter("source", "there are several: name one by ?source=, of %s", strings.Join(who.among(all), ", "))
	case !slices.Contains(all, name):
		return "", faultf(http.StatusNotFound, "unknown-source", "no source of that name takes pushes: name one by ?source=, of %s", strings.Join(who.among(all), ", "))
	}
	if !slices.Contains(who.among(all), name) {
		return "", faultf(http.StatusForbidden, "other-source", "%s may not write for this source: ask for it in the configuration, or name one of %s", who.name, strings.Join(who.among(all), ", "))
	}
	return name, nil
}

func strict(values url.Values) (bool, error) {
	switch said := values.Get("strict"); {
	case !values.Has("strict"), said == "false":
		return false, nil
	case said == "true":
		return true, nil
	}
	return false, badParameter("strict", "say true or false")
}

func (h *Handler) wait(values url.Values) (time.Duration, error) {
	if !values.Has("wait") {
		return 0, nil
	}
	d, err := time.ParseDuration(values.Get("wait"))
	if err != nil || d < 0 || d > h.options.Limits.Wait {
		return 0, badParameter("wait", "give a time such as 2s, at most %v", h.options.Limits.Wait)
	}
	return d, nil
}
