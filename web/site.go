package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A Site is what pages and the API ask the running program. Every function may be
// called by many at once; each gives one consistent answer, and an error that the
// client is to be told of is a [*Problem]. A window is ytd, prior_ytd, year,
// prior_year, a month (2022-06) or FROM..TO; empty is that of the report: ytd, or
// year.
type Site struct {
	Status func() *Status

	Events  func(ctx context.Context, window string, q snapshot.EventsQuestion) (*snapshot.EventList, error)
	Feeders func(ctx context.Context, window string, q snapshot.Question) (*snapshot.FeederList, error)
	Curve   func(ctx context.Context, scope, class string) (*snapshot.Curve, error)
	Record  func(ctx context.Context, source, eventID string) (*snapshot.Record, error)
	Plan    func(ctx context.Context, source string, body io.Reader) (*snapshot.PlanCheck, error)
	Rejects func(ctx context.Context) ([]snapshot.Reject, error)
	Dossier func(ctx context.Context) (*snapshot.Dossier, error)

	// Now is the wall clock, by which streams keep their pace.
	Now func() time.Time
	// Changed gives a channel that is closed when the next snapshot, or a change of
	// the program's health, can be seen in Status.
	Changed func() <-chan struct{}
	// Done is closed when the program stops: streams end then.
	Done <-chan struct{}
}

// A Problem is why a question is not answered, for the one who asked.
type Problem struct {
	Status    int    // of HTTP
	Code      string // of a closed list, see the OpenAPI
	Parameter string // that is wrong; empty: none alone
	Err       error
	// Again is after how long it may be asked again; zero: that does not help.
	Again time.Duration
}

// Error is the text of what is wrong.
func (p *Problem) Error() string {
	if p.Parameter != "" {
		return fmt.Sprintf("parameter %s: %v", p.Parameter, p.Err)
	}
	return p.Err.Error()
}

// Unwrap gives what is wrong.
func (p *Problem) Unwrap() error { return p.Err }

// NoSnapshot is the problem of a program that has not counted anything yet.
func NoSnapshot() *Problem {
	return &Problem{Status: http.StatusServiceUnavailable, Code: "no-snapshot", Err: errNoSnapshot}
}

var errNoSnapshot = errors.New("there is no snapshot yet: see the page at /")

// problemOf words an error as a problem; what is none is one of the program.
func problemOf(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	return &Problem{Status: http.StatusInternalServerError, Code: "internal", Err: err}
}

// A Route is a pattern of [http.ServeMux] and what answers it.
type Route struct {
	Pattern string
	Handler http.Handler
	Endless bool // it answers until the client goes, with bounds of its own
}

// Routes are the pages, what they load, and the API that reads.
func (s *Site) Routes() []Route {
	p := newPages(s)
	a := newAPI(s, p)
	return []Route{
		{"/{$}", p.page(p.overview), false},
		{"/area/{scope}", p.page(p.area), false},
		{"/events", p.page(p.events), false},
		{"/record", p.page(p.record), false},
		{"/plan", p.form(p.plan), false},
		{"/data", p.page(p.data), false},
		{"/live", p.page(p.live), false},
		{"GET /assets/{name}", assets(), false},
		{"GET /api/v1/report.html", a.door(a.html), false},
		{"GET /api/v1/report.xlsx", a.door(a.workbook), false},
		{"GET /api/v1/events", a.door(a.events), false},
		{"GET /api/v1/record", a.door(a.record), false},
		{"GET /api/v1/feeders", a.door(a.feeders), false},
		{"GET /api/v1/curve", a.door(a.curve), false},
		{"GET /api/v1/rejected", a.door(a.rejected), false},
		{"GET /api/v1/live", a.door(a.live), false},
		{"GET /api/v1/live/stream", http.HandlerFunc(a.stream), true},
	}
}
