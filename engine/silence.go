package engine

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// A Silence is a time in which no outage of an area starts, longer than chance
// explains: perhaps its data is missing.
type Silence struct {
	Area outage.Area
	period.Period
}

const (
	silenceStep    = 3600       // seconds; starts are looked at by the hour, so that a storm counts but once an hour
	silenceLeast   = 24         // hours; a day without an outage is nothing
	silenceChance  = 1e-6       // a silence that chance makes less often than this in the whole window is listed
	longestSilence = 200 * 8784 // hours that are looked at, at most
)

// Silences lists the silences of every area with rows in a window, cut at as-of.
// If k of n hours have a start, at random, a silence of g hours is expected to
// occur k·exp(−k·g/n) times.
func (e *Engine) Silences(w period.Period) []Silence {
	w.To = min(w.To, e.asOf)
	hours := int(w.Seconds() / silenceStep)
	if hours == 0 || hours > longestSilence {
		return nil
	}
	var all []Silence
	for area, hour := range e.active(w, hours) {
		for _, s := range silences(hour[:hours]) {
			all = append(all, Silence{outage.Area(area), period.Period{From: w.From + int64(s[0])*silenceStep, To: w.From + int64(s[1])*silenceStep}})
		}
	}
	slices.SortFunc(all, func(a, b Silence) int { return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.From, b.From)) })
	return all
}

// active gives, by area with rows in a window, the hours in which one starts, and
// what is left of the window behind the last full hour.
func (e *Engine) active(w period.Period, hours int) map[string][]bool {
	active := map[string][]bool{}
	if e.partial != nil {
		e.activeOfShares(w, hours, active)
	}
	if phase := (w.From%silenceStep + silenceStep) % silenceStep; phase != e.books.phase {
		e.books.phase, e.books.made = phase, false
	}
	b := e.readBooks()
	whole := hours
	if w.To == e.asOf {
		whole++ // as nothing that is over starts behind as-of
	} else if w.Seconds()%silenceStep != 0 {
		e.activeRows(w, hours, active)
		return active
	}
	b.over.active(w, whole, func(area string, hour int) { mark(active, area, hour, hours) })
	for i, r := range e.lateRows {
		if r.outcome == Accepted && w.Holds(int64(r.start)) {
			e.markAreas(active, i, w, hours)
		}
	}
	return active
}

// activeRows looks through all rows for those of a window.
func (e *Engine) activeRows(w period.Period, hours int, active map[string][]bool) {
	for i := range int32(e.rows.len()) {
		if r := e.rows.at(i); r.outcome == Accepted && w.Holds(int64(r.start)) {
			e.markAreas(active, i, w, hours)
		}
	}
}

// markAreas marks the hour of the start of a row in its areas.
func (e *Engine) markAreas(active map[string][]bool, i int32, w period.Period, hours int) {
	for area := range strings.SplitSeq(e.areasOf(i), between) {
		mark(active, area, int((int64(e.rows.at(i).start)-w.From)/silenceStep), hours)
	}
}

func mark(active map[string][]bool, area string, hour, hours int) {
	if active[area] == nil {
		active[area] = make([]bool, hours+1)
	}
	active[area][hour] = true
}

// silences lists the runs of hours without a start that are too long, each as
// its first hour and the one after its last.
func silences(active []bool) (runs [][2]int) {
	k := 0.0
	for _, a := range active {
		if a {
			k++
		}
	}
	from := 0
	for i := 0; i <= len(active); i++ {
		if i < len(active) && !active[i] {
			continue
		}
		g := float64(i - from)
		if g >= silenceLeast && k*math.Exp(-k*g/float64(len(active))) < silenceChance {
			runs = append(runs, [2]int{from, i})
		}
		from = i + 1
	}
	return runs
}
