package engine

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// An Order is what a selection is sorted by.
type Order int

// The orders. Contributions that are equal in it come by row, area and class, so
// that any two have one order.
const (
	BySeconds Order = iota // customer-seconds, then interruptions
	ByInterruptions
	ByCustomers
	ByStart
	ByDuration // of the record, to as-of while it is open
	ByFeeder   // the name that the row gives, bytewise
)

// A Selection asks for some of the contributions to a number. What is empty
// filters nothing.
type Selection struct {
	Area   outage.Area                // of the row's part
	Nature func(n outage.Nature) bool // nil: any
	// Feeder is the one on which customers are, or that the row names where the base
	// does not know it. Of a row on several feeders the part on this one is told.
	Feeder  string
	Unit    string
	Cause   string // responsible cause
	EventID string
	Text    string // somewhere in the ids of event, feeder and unit, or in the causes; letters of either case
	Out     bool   // only what is out at as-of

	Order         Order
	Ascending     bool
	Offset, Limit int // of the contributions that are left; Limit 0: none are listed
}

// A Total is what some contributions add.
type Total struct {
	Rows          int
	Milli         int64 // customer-seconds, in thousandths
	Interruptions int64 // in thousandths
}

func (t *Total) add(o Total) {
	t.Rows += o.Rows
	t.Milli += o.Milli
	t.Interruptions += o.Interruptions
}

// A Selected is what a selection leaves of the contributions to a number.
type Selected struct {
	Rows    int   // of all contributions, before anything is filtered
	Matched Total // of those that the filter leaves
	List    []Contribution
}

// Select gives some of what [Engine.Explain] lists. It is nil where the set needs
// major event days and there is no threshold.
func (e *Engine) Select(strata []int, w period.Period, set reliability.IndexSet, major *Major, sel *Selection) *Selected {
	x := e.explanation(strata, w, set, major)
	if x == nil {
		return nil
	}
	workers := make([]selecting, e.opts.Workers)
	for n := range workers {
		workers[n] = selecting{filter: e.filter(sel), most: sel.Offset + sel.Limit}
	}
	if sel.Feeder != "" {
		x.within = workers[0].onFeeder
	}
	x.each(func(worker int, c *Contribution, within bool) { workers[worker].take(c, within) })
	all := &Selected{}
	for n := range workers {
		all.Rows += workers[n].rows
		all.Matched.add(workers[n].matched)
		all.List = append(all.List, workers[n].list...)
	}
	slices.SortFunc(all.List, workers[0].compare)
	from := min(sel.Offset, len(all.List))
	all.List = all.List[from:min(from+sel.Limit, len(all.List))]
	return all
}

// A selecting is a selection at work, for one worker.
type selecting struct {
	*filter
	most    int // how many of the list are wanted
	rows    int
	matched Total
	list    []Contribution // the first ones, and some more
	sorted  bool           // the first ones so far stand first, in order
}

// take takes in a contribution.
func (s *selecting) take(c *Contribution, within bool) {
	s.rows++
	if !within || !s.holds(c) {
		return
	}
	s.matched.add(Total{1, c.Milli, c.Interruptions})
	if s.most == 0 {
		return
	}
	if s.sorted && s.compareTo(&s.list[s.most-1], c) < 0 {
		return
	}
	const room = 1024 // so that the list is not sorted for every single one
	if s.list = append(s.list, *c); len(s.list) < 2*s.most+room {
		return
	}
	slices.SortFunc(s.list, s.compare)
	s.list, s.sorted = s.list[:s.most], true
}

// A filter is a selection in the engine's own numbers. It is for one goroutine,
// but for onFeeder.
type filter struct {
	e   *Engine
	sel *Selection

	none   bool // a name that is asked for is that of no row
	feeder [2]int32
	unit   outage.Ref
	cause  outage.Ref
	text   string
	holder map[outage.Ref]bool // texts, by whether the text asked for stands in them
	out    map[outPart]bool
}

// An outPart is a part of a row that is out.
type outPart struct {
	row   int
	area  outage.Area
	class outage.Class
}

// filter looks up the names that are asked for.
func (e *Engine) filter(sel *Selection) *filter {
	f := &filter{e: e, sel: sel, feeder: [2]int32{reliability.Nowhere, reliability.Nowhere}, text: strings.ToLower(sel.Text), holder: map[outage.Ref]bool{}}
	f.unit, f.cause = f.ref(sel.Unit), f.ref(sel.Cause)
	if sel.Feeder != "" {
		f.feeder[0] = e.base.FeederNumber(sel.Feeder)
		if ref, ok := e.dict.Known(sel.Feeder); ok {
			f.feeder[1] = -1 - int32(ref)
		}
	}
	if sel.Out {
		f.out = map[outPart]bool{}
		for _, a := range e.Active() {
			f.out[outPart{a.Row, a.Area, a.Class}] = true
		}
	}
	return f
}

// ref is the reference of a name that is asked for.
func (f *filter) ref(name string) outage.Ref {
	ref, ok := f.e.dict.Known(name)
	f.none = f.none || name != "" && !ok
	return ref
}

// onFeeder says whether a piece is on the feeder that is asked for.
func (f *filter) onFeeder(p *reliability.Piece, row int32) bool {
	cost := f.e.feederCost(p, row)
	return cost >= 0 && cost == f.feeder[0] || cost < -1 && cost == f.feeder[1]
}

// holds says whether the filter leaves a contribution.
func (f *filter) holds(c *Contribution) bool {
	r := f.e.rows.at(int32(c.Row))
	switch s := f.sel; {
	case f.none,
		s.Area != "" && c.Area != s.Area,
		s.Nature != nil && !s.Nature(r.nature),
		s.Unit != "" && r.unit != f.unit,
		s.Cause != "" && f.e.cause(r).responsible != f.cause,
		s.EventID != "" && string(f.e.events.id(r.event)) != s.EventID,
		s.Out && !f.out[outPart{c.Row, c.Area, c.Class}]:
		return false
	}
	return f.text == "" || f.inTexts(r)
}

// inTexts says whether the text that is asked for stands in one of a row's.
func (f *filter) inTexts(r *row) bool {
	cause := f.e.cause(r)
	for _, ref := range [...]outage.Ref{r.feeder, r.unit, cause.responsible, cause.technical} {
		found, known := f.holder[ref]
		if !known {
			found = strings.Contains(strings.ToLower(f.e.dict.Text(ref)), f.text)
			f.holder[ref] = found
		}
		if found {
			return true
		}
	}
	return bytes.Contains(bytes.ToLower(f.e.events.id(r.event)), []byte(f.text))
}

// compare puts contributions in the order that is asked for.
func (f *filter) compare(a, b Contribution) int { return f.compareTo(&a, &b) }

func (f *filter) compareTo(a, b *Contribution) int {
	c := f.byOrder(a, b)
	if !f.sel.Ascending {
		c = -c
	}
	if c != 0 {
		return c
	}
	return compareLines(a, b)
}

// byOrder compares contributions by what they are sorted by, the least first.
func (f *filter) byOrder(a, b *Contribution) int {
	x, y := f.e.rows.at(int32(a.Row)), f.e.rows.at(int32(b.Row))
	switch f.sel.Order {
	case ByInterruptions:
		return cmp.Compare(a.Interruptions, b.Interruptions)
	case ByCustomers:
		return cmp.Compare(a.Customers, b.Customers)
	case ByStart:
		return cmp.Compare(x.start, y.start)
	case ByDuration:
		return cmp.Compare(f.duration(x), f.duration(y))
	case ByFeeder:
		return f.e.compareTexts(x.feeder, y.feeder)
	}
	return cmp.Or(cmp.Compare(a.Milli, b.Milli), cmp.Compare(a.Interruptions, b.Interruptions))
}

// duration is how long a row has lasted, in seconds.
func (f *filter) duration(r *row) int64 {
	if r.open() {
		return f.e.asOf - int64(r.start)
	}
	return int64(r.length)
}
