package web

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/saidi-exporter/saidi/internal/spelling"
	"github.com/saidi-exporter/saidi/snapshot"
)

// An areaView is the page of an area, group or the whole.
type areaView struct {
	Frame   frame
	Waiting string // why there is no answer; else empty
	Heading string
	None    string // said of a class that has no customers here; else empty
	Span    string // the window of the figures
	Scopes  []crumb
	Classes []crumb
	Figures []figure
	Years   []areaYear
	Curve   curveView
	Months  monthsView
	Natures []natureRow
	Feeders feedersView
	Repeats repeatsView
	Indices []indexRow
	Others  []figure
}

// A figure is a number with its name, and what it is held against.
type figure struct {
	Name  string
	Value number
	Note  string
}

// A subject is what an area page shows: a scope and a class in the year that is
// shown first.
type subject struct {
	*snapshot.Snapshot
	scope, class string
	members      []string // areas
	windows      behind
	now, prior   *snapshot.Entry // nil where there is no such window
}

// area is the page of a scope.
func (p *pages) area(v *visit) (view, error) {
	a := &areaView{Frame: v.frame}
	s := v.status.Snapshot
	if s == nil {
		a.Frame.Title = v.Say("page.nav-overview")
		a.Waiting, v.code = v.Say("page.waiting", v.stamp(v.status.Started).Text), http.StatusServiceUnavailable
		return view{"area", a}, nil
	}
	of, err := v.subject(s)
	if err != nil {
		return view{}, err
	}
	v.areaHead(a, of)
	if !slices.Contains(classesIn(s, of.scope), of.class) {
		a.None = v.Say("problem.no-class", v.scopeName(of.scope), v.className(of.class))
	}
	a.Years = v.areaYears(of)
	a.Curve = p.yearCurve(v, of)
	a.Months = v.months(of)
	a.Natures = v.natures(of)
	a.Feeders = p.worstFeeders(v, of)
	a.Repeats = v.repeats(of)
	a.Indices, a.Others = v.indices(of), v.others(of)
	if a.Curve.Plot != nil || a.Months.Plot != nil {
		a.Frame.Scripts = append(a.Frame.Scripts, "echarts.js", "charts.js")
	}
	return view{"area", a}, nil
}

// subject finds the scope of the path and the class that is asked for. One that
// is not known is a problem that names the nearest.
func (v *visit) subject(s *snapshot.Snapshot) (*subject, error) {
	of := &subject{Snapshot: s, scope: v.r.PathValue("scope"), windows: shown(s)}
	if ids := scopeIDs(s); !slices.Contains(ids, of.scope) {
		return nil, &Problem{Status: http.StatusNotFound, Code: "not-found", Parameter: "scope", Err: fmt.Errorf("there is no scope %q; did you mean %q?", of.scope, spelling.Nearest(of.scope, ids))}
	}
	q := &query{values: v.values}
	if of.class = q.choice("class", append(classesIn(s, of.scope), idsOf(classesOf(s))...)...); q.err != nil {
		return nil, q.err
	}
	of.members = []string{of.scope}
	if s.Detail != nil {
		for i := range s.Detail.Scopes {
			if s.Detail.Scopes[i].ID == of.scope {
				of.members = s.Detail.Scopes[i].Areas
			}
		}
	}
	of.now, of.prior = of.entry(of.windows.now), of.entry(of.windows.prior)
	return of, nil
}

// entry gives the subject's numbers of a window; nil where there are none.
func (of *subject) entry(window string) *snapshot.Entry {
	for i := range of.Indices {
		if e := &of.Indices[i]; e.Scope == of.scope && e.Class == of.class && e.Window == window {
			return e
		}
	}
	return nil
}

// behind is the address of the events behind a number of the subject.
func (t *teller) behind(of *subject, window, index string, filters ...string) string {
	return t.eventsLink(of.scope, of.class, window, index, filters...)
}
