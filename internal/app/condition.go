package app

import (
	"cmp"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/web"
)

// A condition is how a source is doing. It does not change.
type condition struct {
	name        string
	places      []string // files, folders and patterns, or where else it comes from
	up          bool
	problems    []problem
	files       int // that count
	lastSuccess time.Time
	duration    time.Duration // of the last delivery
	latest      int64         // start of an outage, UTC seconds; 0: none
	pending     int64         // messages that wait for us, where that is known
	knowPending bool
	rows        tallyOfRows
}

// A tallyOfRows counts rows that were read since the start, by outcome and reason;
// the count is zero in the key.
type tallyOfRows map[metrics.Rows]int64

// add counts the rows of a delivery.
func (t tallyOfRows) add(c engine.Counts, rejected map[outage.Reason]int) {
	t[metrics.Rows{Outcome: engine.Rejected.String()}] += 0 // so that there is a number where none was
	for outcome, n := range map[engine.Outcome]int{
		engine.Accepted: c.Accepted, engine.Duplicate: c.Duplicate, engine.Superseded: c.Superseded, engine.Cancelled: c.Cancelled,
		engine.Skipped: c.Skipped, engine.Excluded: c.Excluded,
	} {
		t[metrics.Rows{Outcome: outcome.String()}] += int64(n)
	}
	for reason, n := range rejected {
		t[metrics.Rows{Outcome: engine.Rejected.String(), Reason: string(reason)}] += int64(n)
	}
}

// metric is the source as metrics show it.
func (c *condition) metric() metrics.Source {
	m := metrics.Source{
		Name: c.name, Up: c.up, Faults: len(c.problems), LatestEvent: c.latest, LastSuccess: c.lastSuccess, Duration: c.duration,
	}
	if c.knowPending {
		m.Pending = &c.pending
	}
	for key, n := range c.rows {
		key.Count = n
		m.Rows = append(m.Rows, key)
	}
	slices.SortFunc(m.Rows, compareRows)
	return m
}

func compareRows(a, b metrics.Rows) int {
	return cmp.Or(cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Reason, b.Reason))
}

// web is the source as the page shows it, with what became of the rows of its
// deliveries in the world of now.
func (c *condition) web(now *world) web.Source {
	w := web.Source{Name: c.name, Base: c.name == baseName, Places: c.places, Up: c.up, Files: c.files, LastSuccess: c.lastSuccess}
	if now != nil {
		for i, sender := range now.senders {
			if sender == c.name {
				n := now.engine.Counts(i)
				w.Rows, w.Accepted, w.Rejected = w.Rows+int64(n.Rows), w.Accepted+int64(n.Accepted), w.Rejected+int64(n.Rejected)
			}
		}
	}
	if c.latest > 0 {
		w.LatestEvent = time.Unix(c.latest, 0)
	}
	return w
}
