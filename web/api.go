package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/compliance"
	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// An api answers programs, and hands out files.
type api struct {
	*Site
	pages   *pages
	large   *Crowd // answers of many rows that are under way
	streams *Crowd
	told    telling
	// patience is how long a write to a stream may take.
	patience time.Duration
}

// How many answers of many rows are held at the same time: from when they are made
// until they are read.
const (
	largeAtOnce   = 8
	largeOfClient = 4
)

func newAPI(s *Site, p *pages) *api {
	return &api{Site: s, pages: p, large: NewCrowd(largeAtOnce, largeOfClient), streams: NewCrowd(mostStreams, streamsOfClient), patience: streamPatience}
}

// A paper is an answer as it goes out.
type paper struct {
	kind   string // of media
	name   string // under which it is saved; empty: it is shown
	policy string // of security
	body   []byte
	leave  func() // to be called once it is written; nil: nothing is
}

// done gives the place back that making the answer took.
func (p *paper) done() {
	if p != nil && p.leave != nil {
		p.leave()
	}
}

// closed is the security policy of what loads nothing and runs nothing.
const closed = "default-src 'none'; frame-ancestors 'none'; sandbox"

// door answers whole or not at all.
func (a *api) door(give func(*http.Request, url.Values) (*paper, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			err = badParameter("query", errQuery)
		}
		var answer *paper
		if err == nil {
			answer, err = give(r, values)
			defer answer.done()
		}
		if err != nil {
			refuse(w, problemOf(err))
			return
		}
		head(w.Header(), answer.kind, answer.policy, len(answer.body))
		if answer.name != "" {
			w.Header().Set("Content-Disposition", `attachment; filename="`+answer.name+`"`)
		}
		_, _ = w.Write(answer.body) // whoever asked may have gone
	})
}

// errQuery says what is wrong with a query as a whole.
var errQuery = errors.New("it cannot be taken apart: encode what is behind the question mark")

// head sets what programs and browsers are told besides the answer.
func head(h http.Header, kind, policy string, size int) {
	if policy == "" {
		policy = closed
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(size))
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// refuse answers a problem in the JSON that errors have. What is wrong inside is
// not for who asks.
func refuse(w http.ResponseWriter, p *Problem) {
	message := p.Error()
	if p.Status == http.StatusInternalServerError {
		message = "something went wrong inside: the log of the program says what"
	}
	var failure struct {
		SchemaVersion int `json:"schema_version"`
		Error         struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	failure.SchemaVersion, failure.Error.Code, failure.Error.Message = snapshot.SchemaVersion, p.Code, strings.ToValidUTF8(message, "\uFFFD")
	var body bytes.Buffer
	_ = report.JSON(&body, failure) // of texts
	head(w.Header(), kindJSON, "", body.Len())
	if p.Again > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(p.Again.Seconds())))))
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(body.Bytes())
}

// The kinds of media.
const (
	kindJSON     = "application/json; charset=utf-8"
	kindCSV      = "text/csv; charset=utf-8"
	kindHTML     = "text/html; charset=utf-8"
	kindWorkbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	kindStream   = "text/event-stream"
)

// inJSON is an answer by the contract.
func inJSON(v any) (*paper, error) {
	var body bytes.Buffer
	if err := report.JSON(&body, v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return &paper{kind: kindJSON, body: body.Bytes()}, nil
}

// inCSV is an answer as a table.
func inCSV(name string, write func(io.Writer) error) (*paper, error) {
	var body bytes.Buffer
	if err := write(&body); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	return &paper{kind: kindCSV, name: name, body: body.Bytes()}, nil
}

// largely makes a large answer, of which there are so many at once; its place is
// given back once it is written.
func (a *api) largely(r *http.Request, give func() (*paper, error)) (answer *paper, err error) {
	leave, ok := a.large.Enter(ClientOf(r))
	if !ok {
		return nil, &Problem{Status: http.StatusServiceUnavailable, Code: "too-many", Err: errLarge, Again: 5 * time.Second}
	}
	defer func() {
		if answer == nil {
			leave()
		}
	}()
	if answer, err = give(); err != nil {
		return nil, err
	}
	answer.leave = leave
	return answer, nil
}

var errLarge = errors.New("too many large answers are being made at once: ask again a little later")

// name is what a file is saved as: the policy, the instant and an ending, in
// letters that every file system takes.
func (a *api) name(what, ending string) string {
	parts := []string{what}
	if s := a.Status().Snapshot; s != nil {
		asOf := s.Provenance.AsOf
		parts = []string{s.Provenance.Policy.ID, asOf[:min(len(asOf), len("2022-07-01T00:00:00"))], what}
	}
	plain := func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
			return c
		case c == ':':
			return -1
		}
		return '-'
	}
	return strings.TrimLeft(strings.Map(plain, strings.Join(parts, "-")), "-.") + "." + ending
}

// language is that of the parameter lang, else what the browser prefers.
func (a *api) language(r *http.Request, q *query) wording.Language {
	l, _ := a.pages.language(r)
	if q.text("lang") != "" {
		q.choice("lang", string(wording.English), string(wording.Chinese))
	}
	return l
}

// document is the report of the instant of the snapshot, and its name.
func (a *api) document(r *http.Request, values url.Values, ending string, write func(*compliance.Document, io.Writer) error) (*paper, error) {
	q := readQuery(values, "lang")
	l := a.language(r, q)
	if q.err != nil {
		return nil, q.err
	}
	return a.largely(r, func() (*paper, error) {
		d, err := a.Dossier(r.Context())
		if err != nil {
			return nil, err
		}
		var body bytes.Buffer
		document := compliance.New(d, l)
		if err := write(document, &body); err != nil {
			return nil, fmt.Errorf("write the report: %w", err)
		}
		return &paper{name: a.name(string(l), ending), policy: document.ContentSecurityPolicy(), body: body.Bytes()}, nil
	})
}

func (a *api) html(r *http.Request, values url.Values) (*paper, error) {
	p, err := a.document(r, values, "html", (*compliance.Document).HTML)
	if err != nil {
		return nil, err
	}
	p.kind, p.policy = kindHTML, p.policy+"; frame-ancestors 'none'; sandbox allow-modals"
	return p, nil
}

func (a *api) workbook(r *http.Request, values url.Values) (*paper, error) {
	p, err := a.document(r, values, "xlsx", (*compliance.Document).Workbook)
	if err != nil {
		return nil, err
	}
	p.kind, p.policy = kindWorkbook, closed
	return p, nil
}

func (a *api) events(r *http.Request, values url.Values) (*paper, error) {
	window, question, err := eventsQuestion(values)
	if err != nil {
		return nil, err
	}
	q := readQuery(values, eventsParameters()...)
	format := q.choice("format", "json", "csv")
	if a.language(r, q); q.err != nil {
		return nil, q.err
	}
	if format == "csv" {
		return a.largely(r, func() (*paper, error) { return a.eventsCSV(r, window, question) })
	}
	list, err := a.Events(r.Context(), window, question)
	if err != nil {
		return nil, err
	}
	return inJSON(list)
}

// eventsCSV gives all rows that the filter leaves, as many as go into one file;
// the last line adds up the rest.
func (a *api) eventsCSV(r *http.Request, window string, q snapshot.EventsQuestion) (*paper, error) {
	q.Offset, q.Limit = 0, mostRows
	list, err := a.Events(r.Context(), window, q)
	if err != nil {
		return nil, err
	}
	x := &snapshot.Explanation{Lines: list.Lines, Rest: restOf(list)}
	return inCSV(a.name("events", "csv"), func(w io.Writer) error { return report.ExplanationCSV(w, x) })
}

// restOf is what the matched rows that are not listed add.
func restOf(list *snapshot.EventList) snapshot.Rest {
	rest := snapshot.Rest{Rows: list.Matched.Rows - len(list.Lines), CustomerSeconds: list.Matched.CustomerSeconds, Interruptions: list.Matched.Interruptions}
	for i := range list.Lines {
		rest.CustomerSeconds -= list.Lines[i].CustomerSeconds
		rest.Interruptions -= list.Lines[i].Interruptions
	}
	return rest
}

func (a *api) record(r *http.Request, values url.Values) (*paper, error) {
	q := readQuery(values, "source", "event", "lang")
	if a.language(r, q); q.err == nil && q.text("event") == "" {
		q.wrong("event", errNoEvent)
	}
	if q.err != nil {
		return nil, q.err
	}
	record, err := a.Record(r.Context(), q.text("source"), q.text("event"))
	if err != nil {
		return nil, err
	}
	return inJSON(record)
}

var errNoEvent = errors.New("give the id of an event")

// mostFeeders bounds a list of feeders.
const mostFeeders = 10_000

func (a *api) feeders(r *http.Request, values url.Values) (*paper, error) {
	q := readQuery(values, "scope", "class", "window", "index", "top", "lang")
	question := snapshot.Question{Scope: q.text("scope"), Class: q.text("class"), Index: q.text("index"), Top: q.number("top", linesOfPage, 1, mostFeeders)}
	if a.language(r, q); q.err != nil {
		return nil, q.err
	}
	list, err := a.Feeders(r.Context(), q.text("window"), question)
	if err != nil {
		return nil, err
	}
	return inJSON(list)
}

func (a *api) curve(r *http.Request, values url.Values) (*paper, error) {
	q := readQuery(values, "scope", "class", "lang")
	if a.language(r, q); q.err != nil {
		return nil, q.err
	}
	curve, err := a.Curve(r.Context(), q.text("scope"), q.text("class"))
	if err != nil {
		return nil, err
	}
	return inJSON(curve)
}

// A rejectedList is some of the rows that could not be counted, in the order in
// which they were told.
type rejectedList struct {
	SchemaVersion int           `json:"schema_version"`
	Rows          int           `json:"rows"` // in all
	Offset        int           `json:"offset"`
	Lines         []rejectedRow `json:"lines"`
}

// A rejectedRow is a row that could not be counted, why, and what to do.
type rejectedRow struct {
	Path     string `json:"path"`
	Sheet    string `json:"sheet"`
	Row      int    `json:"row"`
	Delivery int64  `json:"delivery,omitempty"` // of a store
	EventID  string `json:"event_id"`
	Column   string `json:"column"`
	Value    string `json:"value"`
	Reason   string `json:"reason"` // of a closed list
	Advice   string `json:"advice"` // in the language asked for
}

func (a *api) rejected(r *http.Request, values url.Values) (*paper, error) {
	q := readQuery(values, "offset", "limit", "lang", "format")
	format, l := q.choice("format", "json", "csv"), a.language(r, q)
	offset, limit := q.number("offset", 0, 0, lastOffset), q.number("limit", linesOfPage, 1, mostLines)
	if q.err != nil {
		return nil, q.err
	}
	all, err := a.Rejects(r.Context())
	if err != nil {
		return nil, err
	}
	if format == "csv" {
		return a.largely(r, func() (*paper, error) {
			return inCSV(a.name("rejected", "csv"), func(w io.Writer) error { return report.Rejects(w, all, l) })
		})
	}
	list := rejectedList{SchemaVersion: snapshot.SchemaVersion, Rows: len(all), Offset: offset, Lines: []rejectedRow{}}
	first := min(offset, len(all))
	for _, x := range all[first:min(first+limit, len(all))] {
		list.Lines = append(list.Lines, rejectedRow{x.Path, x.Sheet, x.Row, x.Delivery, x.EventID, x.Column, x.Value, x.Reason, l.Word(wording.Advice, x.Reason)})
	}
	return inJSON(list)
}
