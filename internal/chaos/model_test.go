package chaos

import (
	"cmp"
	"slices"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// A model knows what was acknowledged, and nothing of how the exporter counts.
type model struct {
	mu      sync.Mutex
	highest map[string]record // by event
	told    map[string]int    // records, by channel
}

func newModel() *model { return &model{highest: map[string]record{}, told: map[string]int{}} }

// tell takes records in that a channel has acknowledged.
func (m *model) tell(channel string, list []record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.told[channel] += len(list)
	for i := range list {
		r := &list[i]
		if r.wrong != fine {
			continue
		}
		if known, ok := m.highest[r.id]; !ok || r.revision > known.revision {
			m.highest[r.id] = *r
		}
	}
}

// A cell is what sums are of.
type cell struct {
	area, class string // class may be "all"
	span        span
}

// A span is a window of a report.
type span struct{ from, to int64 }

// sums are what an outage adds to.
type sums struct{ Seconds, Interruptions, Momentary, Events int64 }

// momentary is the longest that an interruption may be and count as short.
const momentary = 180

// expect counts what was told as of an instant, for the areas where no events
// overlap.
func (m *model) expect(asOf int64, spans []span) map[cell]sums {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := map[cell]sums{}
	for _, r := range m.highest {
		f := feederOf(r.feeder)
		if r.cancelled || r.nature == "not_an_outage" || !slices.Contains(counted(), f.area) {
			continue
		}
		for _, s := range spans {
			if one := r.within(s, asOf); one != (sums{}) {
				for _, class := range []string{f.class, "all"} {
					sum := all[cell{f.area, class, s}]
					all[cell{f.area, class, s}] = sum.plus(one)
				}
			}
		}
	}
	return all
}

func (s sums) plus(o sums) sums {
	return sums{s.Seconds + o.Seconds, s.Interruptions + o.Interruptions, s.Momentary + o.Momentary, s.Events + o.Events}
}

// within is what one record adds to a window.
func (r *record) within(s span, asOf int64) (one sums) {
	end, lasts := r.end, r.end-r.start > momentary
	if r.end == open {
		end, lasts = asOf, true
	}
	one.Seconds = int64(r.customers) * max(0, min(end, s.to)-max(r.start, s.from))
	if r.start < s.from || r.start >= s.to {
		return one
	}
	one.Events = 1
	if lasts {
		one.Interruptions = int64(r.customers)
	} else {
		one.Momentary = int64(r.customers)
	}
	return one
}

// inForce counts the rows that count, and those that are no outages.
func (m *model) inForce() (accepted, excluded int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.highest {
		switch {
		case r.cancelled:
		case r.nature == "not_an_outage":
			excluded++
		default:
			accepted++
		}
	}
	return accepted, excluded
}

// records lists what holds of every event, in an order of its own.
func (m *model) records() []record {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []record
	for _, r := range m.highest {
		list = append(list, r)
	}
	slices.SortFunc(list, func(x, y record) int { return cmp.Compare(x.id, y.id) })
	return list
}

// The model counts what can be counted by hand.
func TestModel(t *testing.T) {
	t.Parallel()
	const at = 1_000_000
	f := feederOf(0)
	year := span{at, at + 1000}
	for _, c := range []struct {
		name string
		list []record
		want sums
	}{
		{"nothing", nil, sums{}},
		{"one", []record{{id: "A", start: at, end: at + 200, customers: 3, revision: 1}}, sums{600, 3, 0, 1}},
		{"exactly the threshold", []record{{id: "A", start: at, end: at + momentary, customers: 3, revision: 1}}, sums{540, 0, 3, 1}},
		{"over the edges", []record{{id: "A", start: at - 10, end: at + 2000, customers: 3, revision: 1}}, sums{Seconds: 3000}},
		{"open", []record{{id: "A", start: at + 100, end: open, customers: 2, revision: 1}}, sums{1600, 2, 0, 1}},
		{"a lower revision comes late", []record{
			{id: "A", start: at, end: at + 200, customers: 3, revision: 2}, {id: "A", start: at, end: at + 300, customers: 5, revision: 1},
		}, sums{600, 3, 0, 1}},
		{"cancelled", []record{
			{id: "A", start: at, end: at + 200, customers: 3, revision: 1}, {id: "A", start: at, end: at + 200, customers: 3, revision: 2, cancelled: true},
		}, sums{}},
		{"back again, elsewhere", []record{
			{id: "A", start: at, end: at + 200, customers: 3, revision: 2, cancelled: true}, {id: "A", feeder: 1, start: at, end: at + 200, customers: 3, revision: 3},
		}, sums{}},
		{"wrong rows and no outages", []record{
			{id: "A", start: at, end: at - 200, customers: 3, revision: 1, wrong: endsBeforeStart}, {id: "B", start: at, end: at + 9, customers: 3, nature: "not_an_outage"},
		}, sums{}},
	} {
		m := newModel()
		m.tell("push", c.list)
		got := m.expect(year.to-100, []span{year})
		for _, class := range []string{f.class, "all"} {
			if diff := gocmp.Diff(c.want, got[cell{f.area, class, year}]); diff != "" {
				t.Errorf("%s, %s: %s", c.name, class, diff)
			}
		}
	}
}
