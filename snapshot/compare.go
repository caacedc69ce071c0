package snapshot

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/internal/spelling"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// A Comparison asks what changed from one point of a store to another.
type Comparison struct {
	From, To     Known
	Scope, Class string // empty: what the targets rest on; without targets, everything
	Top          int    // the number of moves of each number; 0 means all
	Program      string
	Notes        []outage.Note
	// Delivery says what is known of a delivery, besides its rows.
	Delivery func(id int64) Sender
}

// A Sender says when a delivery was told, and whether it still counts.
type Sender struct {
	Received    time.Time
	WithdrawnBy int64 // the delivery that withdrew it; 0: none
}

// Compare says what changed from one engine to another, both of the same policy
// and advanced to the same instant: they hold what was known of a store at two
// points. An unknown scope or class is an error.
func Compare(before, after *engine.Engine, p *policy.Policy, q Comparison) (*Difference, error) {
	if err := errors.Join(mustHold(before), mustHold(after)); err != nil {
		return nil, err
	}
	c := &comparing{
		q: q, before: newBuilder(before, p).examiner(before.Quality()), after: newBuilder(after, p).examiner(after.Quality()),
		moves: map[period.Period][]record{},
	}
	wanted, err := c.wanted()
	if err != nil {
		return nil, err
	}
	d := &Difference{
		SchemaVersion: SchemaVersion, Program: q.Program, Policy: Digest{ID: p.ID, SHA256: p.SHA256}, Index: p.Index,
		AsOf: c.after.at(after.AsOf()), Zone: p.Zone.String(), From: q.From, To: q.To, Numbers: []Number{}, Notes: append([]outage.Note{}, q.Notes...),
	}
	years := c.after.years(Options{})
	d.Targets = targetChanges(c.before.targets(years, nil), c.after.targets(years, nil), c.shown)
	for _, n := range c.numbers(wanted, d.Targets, years) {
		d.Numbers = append(d.Numbers, c.number(n.scope, n.year))
	}
	return d, nil
}

type comparing struct {
	q             Comparison
	before, after *examiner
	moves         map[period.Period][]record // by window
}

// shown says whether a scope and class are asked for.
func (c *comparing) shown(scope, class string) bool {
	return (c.q.Scope == "" || c.q.Scope == scope) && (c.q.Class == "" || c.q.Class == class)
}

// wanted lists the scopes that are asked for, of which one side at least has
// customers or outages.
func (c *comparing) wanted() ([]scope, error) {
	all := c.after.scopes()
	for _, s := range c.before.scopes() {
		if !slices.ContainsFunc(all, func(o scope) bool { return o.id == s.id && o.class == s.class }) {
			all = append(all, s)
		}
	}
	wanted := slices.DeleteFunc(slices.Clone(all), func(s scope) bool { return !c.shown(s.id, s.class) })
	if len(wanted) > 0 {
		return wanted, nil
	}
	if c.q.Scope != "" {
		_, err := c.after.find(c.q.Scope, cmp.Or(c.q.Class, string(outage.AllClasses)))
		return nil, err
	}
	var classes []string
	for _, s := range all {
		classes = append(classes, s.class)
	}
	return nil, fmt.Errorf("class %q has no customers anywhere; the nearest is %q", c.q.Class, spelling.Nearest(c.q.Class, classes))
}

// A subjectYear is a scope in a year.
type subjectYear struct {
	scope scope
	year  int
}

// numbers lists what is compared: what the targets rest on, base years too; or,
// where something is asked for or nothing is judged, every scope in the year.
func (c *comparing) numbers(wanted []scope, targets []TargetChange, years []int) []subjectYear {
	var all []subjectYear
	add := func(s scope, year int) {
		if !slices.ContainsFunc(all, func(o subjectYear) bool { return o.scope.id == s.id && o.scope.class == s.class && o.year == year }) {
			all = append(all, subjectYear{s, year})
		}
	}
	for _, s := range wanted {
		if c.q.Scope != "" || c.q.Class != "" || len(targets) == 0 {
			add(s, years[0])
		}
		for i := range targets {
			t := &targets[i]
			if t.Scope != s.id || t.Class != s.class {
				continue
			}
			if add(s, t.Year); t.BaseYear != nil {
				add(s, *t.BaseYear)
			}
		}
	}
	return all
}

// number compares one sum.
func (c *comparing) number(s scope, year int) Number {
	asOf := c.after.asOf
	whole := c.after.year(year)
	w := upTo(whole, asOf)
	n := Number{
		Scope: s.id, Level: s.level, Class: s.class, Year: year, Window: YearToDate, From: c.after.at(w.From), To: c.after.at(w.To),
		Before: c.before.amount(s, w), After: c.after.amount(s, w), Records: []Move{}, Name: s.name, ClassName: s.className,
	}
	if asOf >= whole.To {
		n.Window = WholeYear
	}
	n.Change = n.After.CustomerSeconds - n.Before.CustomerSeconds
	n.split()
	moved := c.moved(s, w)
	for i := range moved {
		if c.q.Top > 0 && i >= c.q.Top {
			n.Rest.add(&moved[i].Move)
			continue
		}
		c.tell(&moved[i].Move, moved[i].of)
		n.Records = append(n.Records, moved[i].Move)
	}
	return n
}

// amount is what a side divides.
func (x *examiner) amount(s scope, w period.Period) Amount {
	s.strata = x.strata(s.areas, x.p.ClassFilter(s.class))
	tally := x.tally(w)
	pool := tally.Pool(s.strata, x.e.Bands())
	a := Amount{EquivalentCustomers: pool.EquivalentCustomers()}
	if sums, ok := pool.Of(x.set); ok {
		a.CustomerSeconds, a.Interruptions = Milli(sums.Seconds), Milli(sums.Interruptions)
		entry := Entry{SAIDIHours: some(pool.SAIDIHours(sums))}
		x.withoutData(&s, &entry, window{Period: w}, tally)
		a.SAIDIHours = entry.SAIDIHours
	}
	return a
}

// split splits the change in hours: the records bring about what they would at
// the customers of before, the base the rest.
func (n *Number) split() {
	if n.Before.SAIDIHours == nil || n.After.SAIDIHours == nil {
		return
	}
	change := *n.After.SAIDIHours - *n.Before.SAIDIHours
	n.HoursChange = &change
	n.ByRecords = some(reliability.SAIDI(n.Change.Float()/3600, n.Before.EquivalentCustomers))
	if n.ByRecords != nil {
		base := change - *n.ByRecords
		if n.Before.EquivalentCustomers == n.After.EquivalentCustomers {
			base = 0
		}
		n.ByBase = &base
	}
}

// A movedRecord is a record that moved a number.
type movedRecord struct {
	Move
	of *record
}

// moved lists the records that moved a number, the largest first.
func (c *comparing) moved(s scope, w period.Period) []movedRecord {
	counts := c.after.p.ClassFilter(s.class)
	var all []movedRecord
	list := c.records(w)
	for i := range list {
		r := &list[i]
		m := movedRecord{of: r, Move: Move{Source: r.key.source, EventID: r.key.id, Feeder: r.key.feeder, Unit: r.key.unit, Stage: r.key.stage}}
		for _, part := range r.parts {
			if slices.Contains(s.areas, part.area) && counts(part.class) {
				m.add(&part)
			}
		}
		m.Change = m.After - m.Before
		if m.Change != 0 || m.InterruptionsBefore != m.InterruptionsAfter {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(x, y movedRecord) int {
		return cmp.Or(cmp.Compare(y.size(), x.size()), cmp.Compare(max(y.InterruptionsBefore, y.InterruptionsAfter), max(x.InterruptionsBefore, x.InterruptionsAfter)))
	})
	return all
}

func (m *Move) add(p *recordPart) {
	m.Before += Milli(p.milli[0])
	m.After += Milli(p.milli[1])
	m.InterruptionsBefore += Milli(p.interruptions[0])
	m.InterruptionsAfter += Milli(p.interruptions[1])
}

// size is how far a move goes, either way.
func (m *Move) size() Milli { return max(m.Change, -m.Change) }
