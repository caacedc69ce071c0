package snapshot

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
)

// A Proposal is outages that somebody wants to plan.
type Proposal struct {
	Deliveries []Proposed
	Program    string            // name and version
	Strengths  []policy.Strength // of the targets that decide; empty means duty and aspiration
	Notes      []outage.Note     // what is odd about files and arguments, beside what deliveries say of themselves
	Synthetic  bool              // what was told is made up, though no row of it says so
}

// A Proposed is one delivery of proposed rows: one file, or one body.
type Proposed struct {
	Delivery *outage.Delivery
	Batches  []*outage.Batch
}

// Add takes in a batch, which the caller may reuse.
func (p *Proposed) Add(b *outage.Batch) error {
	own := outage.NewBatch(b.Dict)
	for i := range b.Len() {
		ev := b.Event(i)
		ev.Steps = slices.Clone(ev.Steps)
		own.Append(&ev)
	}
	own.Rejected = slices.Clone(b.Rejected)
	p.Batches = append(p.Batches, own)
	return nil
}

// A plannedRow is one row of a plan on its way through the check.
type plannedRow struct {
	outage.Event
	delivery int               // number among those of the proposal
	read     *outage.Rejection // why its reader rejected it
	problem  *Problem          // why it does not count
	outcome  engine.Outcome    // by the rules of identity; [engine.Fresh] where they were not asked
	flags    []string
	trial    int // its number in the engine that was asked last
}

// counts says whether a row is in the plan.
func (r *plannedRow) counts() bool { return r.problem == nil && r.outcome == engine.Accepted }

// plannedRows lists the rows of a proposal in the order of the files.
func plannedRows(q *Proposal) (rows []plannedRow) {
	for k := range q.Deliveries {
		from := len(rows)
		for _, b := range q.Deliveries[k].Batches {
			for i := range b.Len() {
				rows = append(rows, plannedRow{Event: b.Event(i), delivery: k})
				rows[len(rows)-1].name(q.Deliveries[k].Delivery)
			}
			for i := range b.Rejected {
				rows = append(rows, plannedRow{Event: b.Rejected[i].Event, delivery: k, read: &b.Rejected[i]})
			}
		}
		slices.SortStableFunc(rows[from:], func(x, y plannedRow) int { return cmp.Compare(x.Row, y.Row) })
	}
	return rows
}

// name gives a row without an id one by which it can be found: its file and row.
func (r *plannedRow) name(d *outage.Delivery) {
	if r.ID != "" {
		return
	}
	sheet, row := d.Place(r.Row)
	if sheet != "" {
		sheet += ":"
	}
	r.ID = fmt.Sprintf("%s:%s%d", d.Path, sheet, row)
}

// planSource is the source of proposed rows, so that none of them replaces a row
// that was told.
const planSource = "plan"

// load gives wanted rows to an engine as the deliveries that they came in, and
// notes their numbers there. Their source is one that no row of the engine has.
func (c *planner) load(e *engine.Engine, wanted func(*plannedRow) bool) error {
	source := planSource
	for e.HasSource(source) {
		source += "+"
	}
	number, l := e.Rows(), e.Begin()
	for k := range c.q.Deliveries {
		d := *c.q.Deliveries[k].Delivery
		l.Deliver(e.Open(&d), int64(k+1), 0)
		b := outage.NewBatch(outage.NewDict())
		var rejected []*plannedRow
		for i := range c.rows {
			r := &c.rows[i]
			if r.delivery != k || !wanted(r) {
				continue
			}
			r.Source = source
			if r.read != nil {
				rejected = append(rejected, r)
				continue
			}
			r.trial = number
			number++
			b.Append(&r.Event)
		}
		for _, r := range rejected {
			rejection := *r.read
			rejection.Source = source
			r.trial = number
			number++
			b.Rejected = append(b.Rejected, rejection)
		}
		if err := l.Add(b); err != nil {
			return fmt.Errorf("take in the plan: %w", err)
		}
	}
	if err := l.CommitParts(); err != nil {
		return fmt.Errorf("take in the plan: %w", err)
	}
	return nil
}

// inputs counts what became of the rows of every delivery.
func (c *planner) inputs() []File {
	files := []File{}
	for k := range c.q.Deliveries {
		d := c.q.Deliveries[k].Delivery
		f := File{Path: d.Path, Content: d.Content, SHA256: d.SHA256, Rows: d.Skipped, Skipped: d.Skipped}
		for i := range c.rows {
			if c.rows[i].delivery == k {
				f.take(&c.rows[i])
			}
		}
		files = append(files, f)
	}
	return files
}

// take counts a row.
func (f *File) take(r *plannedRow) {
	f.Rows++
	switch {
	case r.problem != nil:
		f.Rejected++
	case r.outcome == engine.Accepted:
		f.Accepted++
	case r.outcome == engine.Duplicate:
		f.Duplicate++
	case r.outcome == engine.Superseded:
		f.Superseded++
	case r.outcome == engine.Cancelled:
		f.Cancelled++
	}
}

// shown lists the rows that count and those that are rejected.
func (c *planner) shown() []PlanRow {
	list := []PlanRow{}
	for i := range c.rows {
		if r := &c.rows[i]; r.problem != nil || r.counts() {
			list = append(list, c.row(r))
		}
	}
	return list
}

func (c *planner) row(r *plannedRow) PlanRow {
	d := c.q.Deliveries[r.delivery].Delivery
	out := PlanRow{
		Path: d.Path, EventID: r.ID, Feeder: r.Feeder, Unit: r.Unit, Nature: r.Nature.String(), Rejected: r.problem,
		Places: []PlanCost{}, Flags: append([]string{}, r.flags...),
	}
	out.Sheet, out.Row = d.Place(r.Row)
	if r.Start > 0 {
		out.Start = c.at(r.Start)
	}
	if r.End > 0 && r.End != outage.Open {
		out.End = c.at(r.End)
	}
	if r.counts() {
		c.price(r, &out)
	}
	return out
}

// placeOf names a row for people: its file, its row there and its event.
func placeOf(path, sheet string, row int, id string) string {
	if sheet != "" {
		path += ", sheet " + sheet
	}
	text := fmt.Sprintf("%s, row %d", path, row)
	if id != "" {
		text += " (" + id + ")"
	}
	return text
}
