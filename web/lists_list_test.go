package web_test

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// namedLists gives a site in which every text from outside is one text.
func namedLists(text string) *web.Site {
	s := doubtful()
	a := s.Snapshot
	name := policy.Text{Zh: text, En: text}
	a.Detail.Scopes[0].Name, a.Detail.Classes[0].Name, a.Title = name, name, name
	for i := range a.Rejects {
		a.Rejects[i] = snapshot.Reject{Path: text, Sheet: text, EventID: text, Column: text, Value: text, Reason: text}
	}
	a.OpenOutages[0].EventID, a.OpenOutages[0].Path = text, text
	a.Provenance.Inputs[0].Path, a.Provenance.Inputs[0].SHA256, a.Provenance.TZData = text, text, text
	a.Provenance.Notes = []outage.Note{outage.Notef("no-rows", "%s", text)}
	s.Sources[0].Name, s.Sources[0].Places = text, []string{text}
	a.Live = &snapshot.Live{AsOf: "2022-07-01T00:00:07+08:00", Outages: []snapshot.LiveOutage{{
		Source: text, EventID: text, Feeder: text, Unit: text, Area: text, Class: text, Nature: text, Cause: text, Start: text, End: text,
	}}}
	line := snapshot.Line{Source: text, EventID: text, Feeder: text, Unit: text, Area: text, Class: text, Nature: text, Cause: text, Start: text, Path: text, Sheet: text}
	site := site(s)
	site.Events = func(_ context.Context, _ string, q snapshot.EventsQuestion) (*snapshot.EventList, error) {
		l := behind(&q)
		l.Name, l.ClassName, l.Lines = name, name, []snapshot.Line{line}
		return l, nil
	}
	site.Record = func(context.Context, string, string) (*snapshot.Record, error) {
		r := record()
		r.Source, r.EventID = text, text
		for i := range r.Told {
			t := &r.Told[i]
			t.Feeder, t.Unit, t.Stage, t.Cause, t.TechnicalCause, t.Area, t.Path, t.Outcome = text, text, text, text, text, text, text, text
			t.Flags, t.Rejected = []string{text}, &snapshot.Problem{Reason: text, Column: text, Value: text}
		}
		r.Counts[0].Area, r.Counts[0].Class = text, text
		return r, nil
	}
	site.Plan = func(context.Context, string, io.Reader) (*snapshot.PlanCheck, error) {
		c := checked()
		c.Rows[0].EventID, c.Rows[0].Feeder, c.Rows[0].Unit, c.Rows[0].Flags = text, text, text, []string{text}
		c.Rows[1].Rejected = &snapshot.Problem{Reason: text, Column: text, Value: text, Advice: text}
		c.Targets[0].Name, c.Repeats[0].Name, c.Reasons = name, name, []string{text}
		return c, nil
	}
	return site
}

// pagesOf gives all pages that list, by name.
func pagesOf(t *testing.T, s *web.Site, lang, file string) map[string]string {
	t.Helper()
	h := mount(s)
	all := map[string]string{"plan": send(t, h, "/plan?lang="+lang, []part{{"file", file, "x"}}).Body.String()}
	for name, target := range map[string]string{
		"events": "/events?feeder=F1&out=1&lang=" + lang, "record": "/record?event=E-1&lang=" + lang, "data": "/data?lang=" + lang, "live": "/live?lang=" + lang,
		"form": "/plan?lang=" + lang, "search": "/record?lang=" + lang,
	} {
		all[name] = visitOn(h, http.MethodGet, target, nil).Body.String()
	}
	return all
}

// shape is what a page is made of, without its texts.
func shape(p parsed) []string {
	names := slices.Clone(p.elements)
	for attr := range p.attrs {
		names = append(names, attr)
	}
	slices.Sort(names[len(p.elements):])
	return names
}

// Texts from outside change no element and no attribute of any page.
func TestListsHostileTexts(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		plain := pagesOf(t, namedLists("plain"), lang, "plain.csv")
		for _, text := range hostile() {
			for name, page := range pagesOf(t, namedLists(text), lang, "plain.csv") {
				if got, want := shape(parse(t, page)), shape(parse(t, plain[name])); !slices.Equal(got, want) {
					t.Errorf("%s, %s, %.40q: %q, want %q", name, lang, text, got, want)
				}
			}
		}
	}
}

// A hostile name of a file is a text too.
func TestListsHostileFile(t *testing.T) {
	t.Parallel()
	plain := shape(parse(t, pagesOf(t, namedLists("plain"), "en", "x.csv")["plan"]))
	for _, name := range hostile() {
		page := pagesOf(t, namedLists("plain"), "en", strings.ToValidUTF8(name, "")+".csv")["plan"]
		if got := shape(parse(t, page)); !slices.Equal(got, plain) {
			t.Errorf("%.40q: %q, want %q", name, got, plain)
		}
	}
}

// What keyboards and screen readers need is there: a label for every control, a
// caption and heads for every table, ids that are there once and are pointed to.
func TestListsAreAccessible(t *testing.T) {
	t.Parallel()
	control := regexp.MustCompile(`<(?:select|input)\b[^>]*>`)
	id := regexp.MustCompile(` id="([^"]*)"`)
	for name, page := range pagesOf(t, namedLists("plain"), "en", "p.csv") {
		p := parse(t, page)
		ids := p.attrs["id"]
		if slices.Sort(ids); len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Errorf("%s: an id is there twice: %q", name, ids)
		}
		for _, tag := range control.FindAllString(page, -1) {
			if m := id.FindStringSubmatch(tag); !strings.Contains(tag, `type="hidden"`) && (m == nil || !slices.Contains(p.attrs["for"], m[1])) {
				t.Errorf("%s: no label for %s", name, tag)
			}
		}
		for _, attr := range []string{"aria-labelledby", "aria-describedby", "for"} {
			for _, target := range p.attrs[attr] {
				if !slices.Contains(ids, target) {
					t.Errorf("%s: %s points to %q, which is not there", name, attr, target)
				}
			}
		}
		if tables, captions := strings.Count(page, "<table"), strings.Count(page, "<caption"); tables != captions {
			t.Errorf("%s: %d tables, %d captions", name, tables, captions)
		}
		for _, n := range p.attrs["tabindex"] {
			if n != "-1" {
				t.Errorf("%s: tabindex %s", name, n)
			}
		}
		if heads := strings.Count(page, "<th ") + strings.Count(page, "<th>"); heads != len(p.attrs["scope"]) {
			t.Errorf("%s: %d heads, %d scopes", name, heads, len(p.attrs["scope"]))
		}
	}
}

// Pages load nothing from elsewhere, run nothing inline and style nothing inline.
func TestListsAreClosed(t *testing.T) {
	t.Parallel()
	for name, page := range pagesOf(t, namedLists("plain"), "zh", "p.csv") {
		p := parse(t, page)
		for _, target := range slices.Concat(p.attrs["href"], p.attrs["src"], p.attrs["action"]) {
			if !strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "?") && !strings.HasPrefix(target, "#") || strings.HasPrefix(target, "//") {
				t.Errorf("%s: points to %s", name, target)
			}
		}
		for attr := range p.attrs {
			if attr == "style" || strings.HasPrefix(attr, "on") {
				t.Errorf("%s: has %s=%q", name, attr, p.attrs[attr])
			}
		}
		if strings.Contains(page, "<script>") || strings.Contains(page, "<style") {
			t.Errorf("%s: has a script or style inline", name)
		}
	}
}
