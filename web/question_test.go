package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/snapshot"
)

func TestEventsQuestion(t *testing.T) {
	t.Parallel()
	standard := snapshot.EventsQuestion{Limit: linesOfPage}
	with := func(change func(*snapshot.EventsQuestion)) snapshot.EventsQuestion {
		q := standard
		change(&q)
		return q
	}
	for name, tt := range map[string]struct {
		query, window string
		want          snapshot.EventsQuestion
		wrong         string // the parameter, and a part of what is said
	}{
		"nothing":      {"", "", standard, ""},
		"empty fields": {"scope=&class=&area=&out=&sort=&asc=&offset=&page=", "", standard, ""},
		"everything": {
			"scope=xining&class=rural&window=2022-06&index=saidi-2&area=a&nature=fault&feeder=F1&unit=U1&cause=c&event=E1&q=%E7%BA%BF&out=on&sort=start&asc=true&offset=7&limit=3&lang=zh&format=csv",
			"2022-06", snapshot.EventsQuestion{
				Question: snapshot.Question{Scope: "xining", Class: "rural", Index: "saidi-2"}, Area: "a", Nature: "fault", Feeder: "F1", Unit: "U1", Cause: "c", EventID: "E1", Text: "线",
				Out: true, Sort: snapshot.SortStart, Ascending: true, Offset: 7, Limit: 3,
			}, "",
		},
		"third page":         {"page=3", "", with(func(q *snapshot.EventsQuestion) { q.Offset = 2 * linesOfPage }), ""},
		"page of ten":        {"page=3&limit=10", "", with(func(q *snapshot.EventsQuestion) { q.Offset, q.Limit = 20, 10 }), ""},
		"not out":            {"out=0&asc=false", "", standard, ""},
		"unknown":            {"feder=F1", "", standard, `feder: there is no such parameter; did you mean "feeder"?`},
		"twice":              {"feeder=F1&feeder=F2", "", standard, "feeder: it is given 2 times"},
		"no number":          {"limit=all", "", standard, "limit: "},
		"too many":           {"limit=1001", "", standard, "limit: "},
		"none":               {"limit=0", "", standard, "limit: "},
		"below zero":         {"offset=-1", "", standard, "offset: "},
		"page zero":          {"page=0", "", standard, "page: "},
		"page and offset":    {"page=1&offset=0", "", standard, "page: "},
		"last page":          {"page=2001", "", with(func(q *snapshot.EventsQuestion) { q.Offset = lastOffset }), ""},
		"page too deep":      {"page=2002", "", standard, "page: "},
		"offset too deep":    {"offset=100001", "", standard, "offset: "},
		"neither yes nor no": {"out=yes", "", standard, "out: "},
		"long":               {"q=" + strings.Repeat("x", longestText+1), "", standard, "q: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			window, got, err := eventsQuestion(values)
			if tt.wrong != "" {
				p, ok := errors.AsType[*Problem](err)
				if !ok || p.Status != http.StatusBadRequest || p.Code != "bad-parameter" || !strings.HasPrefix(p.Error(), "parameter "+tt.wrong) {
					t.Errorf("got %v, want that parameter %s", err, tt.wrong)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil || window != tt.window {
				t.Errorf("window %q, error %v, question differs (-want +got):\n%s", window, err, diff)
			}
		})
	}
}

// Whatever is asked, the question is within bounds or is a problem.
func TestEventsQuestionHasBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := url.Values{}
		for range rapid.IntRange(0, 5).Draw(t, "parameters") {
			values.Add(rapid.SampledFrom(append(eventsParameters(), "x")).Draw(t, "name"), rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "1", "-1", "99999999999999999999", "true"})).Draw(t, "value"))
		}
		_, q, err := eventsQuestion(values)
		if err != nil {
			if p, ok := errors.AsType[*Problem](err); !ok || p.Parameter == "" {
				t.Fatalf("%v is no problem of a parameter", err)
			}
			return
		}
		if q.Limit < 1 || q.Limit > mostLines || q.Offset < 0 || q.Offset > lastOffset {
			t.Fatalf("limit %d, offset %d", q.Limit, q.Offset)
		}
	})
}
