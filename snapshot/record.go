package snapshot

import (
	"cmp"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
)

// A RecordQuestion asks for all that was told of one event.
type RecordQuestion struct {
	Source, EventID string
	// Delivery says what is known of a delivery to a store besides its rows; nil
	// without a store.
	Delivery func(id int64) Sender
}

// A Record is all that was ever told of one event, and what of it counts where.
type Record struct {
	SchemaVersion int            `json:"schema_version"`
	AsOf          string         `json:"as_of"` // RFC 3339
	Source        string         `json:"source"`
	EventID       string         `json:"event_id"`
	Told          []RecordRow    `json:"told"`   // in the order in which it was told
	Counts        []RecordCounts `json:"counts"` // what the rows in force add, by the index set that is judged; by year and row

	Areas   []Named `json:"-"`
	Classes []Named `json:"-"`
}

// A RecordRow is one row as it was told, and what became of it.
type RecordRow struct {
	Number   int      `json:"number"` // from 1
	Path     string   `json:"path"`
	Sheet    string   `json:"sheet"`
	Row      int      `json:"row"`
	Delivery int64    `json:"delivery,omitempty"` // of a store
	Received string   `json:"received,omitempty"` // RFC 3339, of a store
	Outcome  string   `json:"outcome"`            // accepted, rejected, duplicate, superseded, cancelled or excluded
	Rejected *Problem `json:"rejected"`           // null unless it is
	Flags    []string `json:"flags"`              // what is odd about it

	Feeder         string        `json:"feeder_id"`
	Unit           string        `json:"unit_id"`
	Area           string        `json:"area"`
	Class          string        `json:"class"`
	Start          string        `json:"start"`
	End            string        `json:"end"`       // empty: open
	Customers      *int64        `json:"customers"` // null where the row gives none
	Nature         string        `json:"nature"`
	Cause          string        `json:"cause"`
	TechnicalCause string        `json:"technical_cause"`
	Stage          string        `json:"stage"`
	Steps          []outage.Step `json:"-"`
	Revision       int64         `json:"revision"`
	Cancelled      bool          `json:"cancelled"`
	// Changed lists the fields, by their JSON names, in which the row differs from
	// the one before it of the same feeder, unit and stage.
	Changed []string `json:"changed"`
}

// A RecordCounts is what one row adds to one year in one area and class.
type RecordCounts struct {
	Number int `json:"number"` // of the row
	Year   int `json:"year"`
	Line
}

// FindRecord finds an event; ok is false where none of its source and id was told.
func FindRecord(e *engine.Engine, p *policy.Policy, q RecordQuestion) (r *Record, ok bool, err error) {
	if err := mustHold(e); err != nil {
		return nil, false, err
	}
	rows := e.RowsOf(q.Source, q.EventID)
	if len(rows) == 0 {
		return nil, false, nil
	}
	b := newBuilder(e, p)
	r = &Record{
		SchemaVersion: SchemaVersion, AsOf: b.at(b.asOf), Source: q.Source, EventID: q.EventID,
		Counts: b.counting(rows), Areas: b.areas(), Classes: b.classes(),
	}
	for n, i := range rows {
		told := b.told(i, q.Delivery)
		told.Number, told.Changed = n+1, changedFields(r.Told, &told)
		r.Told = append(r.Told, told)
	}
	return r, true, nil
}

// told is a row as it was told.
func (b *builder) told(i int, delivery func(id int64) Sender) RecordRow {
	ev, o := b.e.Event(i)
	r := RecordRow{
		Path: o.Path, Sheet: o.Sheet, Row: o.Row, Delivery: o.Delivery, Outcome: b.e.Outcome(i).String(), Flags: codesOf(ev.Flags),
		Feeder: ev.Feeder, Unit: ev.Unit, Area: ev.Area, Class: ev.Class, Nature: ev.Nature.String(), Cause: ev.Cause, TechnicalCause: ev.TechnicalCause,
		Stage: ev.Stage, Steps: ev.Steps, Revision: ev.Revision, Cancelled: ev.Cancelled,
	}
	if why, ok := b.e.Rejection(i); ok {
		r.Rejected = &Problem{Reason: string(why.Reason), Column: why.Column, Value: why.Value, Advice: why.Reason.Advice()}
	}
	if ev.Start != 0 { // else it could not be read
		r.Start = b.at(ev.Start)
	}
	if ev.End != outage.Open {
		r.End = b.at(ev.End)
	}
	if ev.Customers != outage.Missing {
		r.Customers = &ev.Customers
	}
	if o.Delivery != 0 && delivery != nil {
		if sender := delivery(o.Delivery); !sender.Received.IsZero() {
			r.Received = sender.Received.In(b.p.Zone).Format(time.RFC3339)
		}
	}
	return r
}

// codesOf lists the codes of flags; an empty list where there are none.
func codesOf(f outage.Flags) []string { return append([]string{}, f.Codes()...) }

// counting lists what the rows of an event add, year by year.
func (b *builder) counting(rows []int) []RecordCounts {
	counts := []RecordCounts{}
	first, last := b.yearsOf(rows)
	for year := first; year <= last; year++ {
		for _, c := range b.e.ExplainRows(rows, b.year(year), b.set, b.major) {
			counts = append(counts, RecordCounts{Number: slices.Index(rows, c.Row) + 1, Year: year, Line: b.line(c)})
		}
	}
	slices.SortStableFunc(counts, func(x, y RecordCounts) int {
		return cmp.Or(cmp.Compare(x.Year, y.Year), cmp.Compare(x.Number, y.Number))
	})
	return counts
}

// yearsOf gives the years in which accepted rows may count, the first after the
// last where there are none. An outage that begins with that of another row of its
// unit is booked where that one began.
func (b *builder) yearsOf(rows []int) (first, last int) {
	first, last = 1, 0
	for _, i := range rows {
		ev, _ := b.e.Event(i)
		if b.e.Outcome(i) != engine.Accepted || ev.Start >= b.asOf {
			continue
		}
		from := b.p.YearStart.YearOf(ev.Start, b.p.Zone)
		to := b.p.YearStart.YearOf(max(min(ev.End, b.asOf)-1, ev.Start), b.p.Zone)
		if b.set.StartDay {
			from--
		}
		if first > last {
			first, last = from, to
		}
		first, last = min(first, from), max(last, to)
	}
	return first, last
}

// changedFields lists the fields in which a row differs from the last one of the
// same feeder, unit and stage.
func changedFields(told []RecordRow, r *RecordRow) []string {
	changed := []string{}
	for _, before := range slices.Backward(told) {
		if before.Feeder != r.Feeder || before.Unit != r.Unit || before.Stage != r.Stage {
			continue
		}
		for _, field := range []struct {
			name    string
			differs bool
		}{
			{"area", before.Area != r.Area}, {"class", before.Class != r.Class}, {"start", before.Start != r.Start}, {"end", before.End != r.End},
			{"customers", count(before.Customers) != count(r.Customers)}, {"nature", before.Nature != r.Nature},
			{"cause", before.Cause != r.Cause}, {"technical_cause", before.TechnicalCause != r.TechnicalCause},
			{"steps", !slices.Equal(before.Steps, r.Steps)}, {"revision", before.Revision != r.Revision}, {"cancelled", before.Cancelled != r.Cancelled},
		} {
			if field.differs {
				changed = append(changed, field.name)
			}
		}
		return changed
	}
	return changed
}

// count is a number that may not be given.
func count(n *int64) int64 {
	if n == nil {
		return outage.Missing
	}
	return *n
}
