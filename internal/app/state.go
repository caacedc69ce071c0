package app

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// A state is all that is shown at one time. It does not change.
type state struct {
	page   *metrics.Page
	status *web.Status
	steps  map[string]time.Duration
	took   time.Duration
}

// swap shows a new snapshot, or the last one again where it is nil, with the
// health as it is now.
func (a *App) swap(s *snapshot.Snapshot, steps map[string]time.Duration) {
	now := time.Now()
	last := a.state.Load()
	m := &metrics.State{Snapshot: s, Computed: now, Steps: steps}
	if s == nil && last != nil {
		m.Snapshot, m.Computed, m.Steps = last.status.Snapshot, last.status.Computed, last.steps
	}
	if m.Snapshot == nil {
		m.Computed = time.Time{}
	}
	m.Groups = a.groups()
	conditions := a.conditions()
	for i := range conditions {
		m.Sources = append(m.Sources, conditions[i].metric())
	}
	if a.stored != nil {
		m.Store = a.stored.metric()
	}
	m.ReloadOK, m.ReloadTime = a.reloadErr == nil, a.reloadTime
	m.DataAgeLimit, m.InterruptedLimit = a.config.DataAgeLimit, a.config.OutLimit.Float()
	page, err := metrics.NewPage(m)
	if err != nil { // a mistake in the program: the last page stays
		a.opts.Log.Error("metrics: the last good snapshot stays", "err", err)
		if last == nil {
			return
		}
		page = last.page
	}
	next := &state{page: page, steps: m.Steps, status: a.status(m, conditions, now)}
	for _, t := range m.Steps {
		next.took += t
	}
	if last == nil || m.Snapshot != last.status.Snapshot {
		a.answers.forget()
	}
	a.state.Store(next)
	a.news.ring()
}

// groups is how often groups were counted since the start.
func (a *App) groups() int64 {
	if a.world == nil {
		return a.recomputed
	}
	return a.recomputed + int64(a.world.engine.Derived())
}

// conditions lists how the sources are doing, the base first.
func (a *App) conditions() []condition {
	switch {
	case a.demo != nil:
		return []condition{a.demo.source.condition()}
	case a.stored != nil:
		return a.stored.conditions()
	case len(a.config.Base) == 0:
		return nil
	}
	var all []condition
	for _, s := range a.files.all() {
		all = append(all, s.condition())
	}
	return all
}

func (a *App) status(m *metrics.State, conditions []condition, now time.Time) *web.Status {
	s := &web.Status{
		Program: a.opts.Program, Snapshot: m.Snapshot, Computed: m.Computed, Started: a.started,
		ReloadOK: m.ReloadOK, ReloadTime: m.ReloadTime, Now: now, Faults: a.currentFaults(conditions, now),
	}
	for _, t := range m.Steps {
		s.Took += t
	}
	if d := a.demo; d != nil {
		s.Demo = &web.Demo{From: time.Unix(d.from, 0).In(d.policy.Zone), To: time.Unix(d.to, 0).In(d.policy.Zone), Speed: d.speed}
	}
	for i := range conditions {
		s.Sources = append(s.Sources, conditions[i].web(a.world))
	}
	return s
}

// currentFaults lists what is wrong, the latest first, and logs what began or
// ended since the last time.
func (a *App) currentFaults(conditions []condition, now time.Time) []web.Fault {
	var problems []problem
	if a.reloadErr != nil {
		problems = append(problems, problem{place: "reload", err: a.reloadErr})
	}
	for i := range conditions {
		problems = append(problems, conditions[i].problems...)
	}
	if a.stored != nil {
		problems = append(problems, a.stored.problems()...)
	}
	if a.files != nil && a.files.wait != "" {
		problems = append(problems, problem{place: "files", err: errorText(a.files.wait)})
	}
	current, places := map[string]web.Fault{}, map[string]bool{}
	for _, p := range problems {
		f := web.Fault{Source: p.source, Place: p.place, What: strings.TrimPrefix(p.err.Error(), p.place+": "), Since: p.since}
		places[f.Source+"\x00"+f.Place] = true
		key := f.Source + "\x00" + f.Place + "\x00" + f.What
		before, known := a.faults[key]
		if !known {
			a.opts.Log.Warn("fault", "origin", f.Source, "place", f.Place, "err", f.What)
		}
		if f.Since.IsZero() {
			if f.Since = now; known {
				f.Since = before.Since
			}
		}
		current[key] = f
	}
	for key, f := range a.faults {
		if _, still := current[key]; !still && !places[f.Source+"\x00"+f.Place] {
			a.opts.Log.Info("fault is over", "origin", f.Source, "place", f.Place)
		}
	}
	a.faults = current
	var all []web.Fault
	for _, f := range current {
		all = append(all, f)
	}
	slices.SortFunc(all, func(x, y web.Fault) int {
		return cmp.Or(y.Since.Compare(x.Since), cmp.Compare(x.Source, y.Source), cmp.Compare(x.Place, y.Place), cmp.Compare(x.What, y.What))
	})
	return all
}

// errorText is an error that is its text.
type errorText string

func (e errorText) Error() string { return string(e) }
