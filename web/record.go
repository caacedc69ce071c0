package web

import (
	"errors"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A recordView is the page of all that was told of one event.
type recordView struct {
	Frame         frame
	Problem       string
	Lang          string // kept where it was chosen
	Source, Event string // that are asked for
	Answer        *recordAnswer
}

// A recordAnswer is an event in words.
type recordAnswer struct {
	Event  string
	Facts  []fact
	Told   []recordTold
	Counts []recordCount
	More   string // rows that are not listed; else empty
	JSON   string // link to all of it
}

// recordShown is how many rows of an event the page lists, and how many of what
// counts where. An event of many units has more.
const recordShown = 200

// record is the page of all that was told of one event. Nothing asked, it is a form.
func (p *pages) record(v *visit) (view, error) {
	v.frame.Title, v.frame.Sheets = v.Say("record.title"), []string{listSheet}
	x := &recordView{}
	v.takes = []string{"source", "event", "lang"}
	a := readQuery(v.values, v.takes...)
	x.Source, x.Event = a.text("source"), a.text("event")
	if v.chosen {
		x.Lang = string(v.Language)
	}
	if x.Source != "" || x.Event != "" || a.err != nil {
		if err := p.answerRecord(v, a, x); err != nil {
			return view{}, err
		}
	}
	x.Frame = v.frame
	return view{"record", x}, nil
}

// answerRecord looks for the event that is asked for, or says what is wrong.
func (p *pages) answerRecord(v *visit, a *query, x *recordView) error {
	r, err := p.findRecord(v, a)
	if err == nil {
		x.Answer = v.recordAnswer(r)
		return nil
	}
	x.Problem, err = v.mistake(err)
	return err
}

func (p *pages) findRecord(v *visit, a *query) (*snapshot.Record, error) {
	if a.text("event") == "" {
		a.wrong("event", errWhichEvent)
	}
	if a.err != nil {
		return nil, a.err
	}
	return p.Record(v.r.Context(), a.text("source"), a.text("event"))
}

// errWhichEvent asks for what is missing.
var errWhichEvent = errors.New("give the id of an event, and the source that told it")

func (v *visit) recordAnswer(r *snapshot.Record) *recordAnswer {
	v.learn(r.Areas, r.Classes)
	x := &recordAnswer{Event: r.EventID, JSON: v.link("/api/v1/record", "source", r.Source, "event", r.EventID), Facts: []fact{
		{v.Say("column.source"), orAbsent(r.Source)}, {v.Say("record.told"), count(int64(len(r.Told)))}, {v.Say("page.as-of"), local(r.AsOf)},
	}}
	for i := range r.Told[:min(len(r.Told), recordShown)] {
		x.Told = append(x.Told, v.recordTold(r, i))
	}
	for i := range r.Counts[:min(len(r.Counts), recordShown)] {
		x.Counts = append(x.Counts, v.recordCount(r, &r.Counts[i]))
	}
	if n := len(r.Told) - len(x.Told) + len(r.Counts) - len(x.Counts); n > 0 {
		x.More = v.Say("record.more", count(int64(n)))
	}
	return x
}

func orAbsent(text string) string {
	if text == "" {
		return absent
	}
	return text
}

// A recordCount is what one row adds to one year in one area and class.
type recordCount struct {
	Number, Year                      int
	Area, Class, Hours, Interruptions string
	Customers, Span, NotCounted, Href string
}

func (v *visit) recordCount(r *snapshot.Record, c *snapshot.RecordCounts) recordCount {
	row := recordCount{
		Number: c.Number, Year: c.Year, Area: v.scopeName(c.Area), Class: v.className(c.Class), Hours: hundredthHours(c.CustomerSeconds),
		Interruptions: exact(c.Interruptions), Customers: exact(c.Customers), Span: v.Say("hours.window", local(c.From), local(c.To)), NotCounted: absent,
	}
	if c.NotCounted != 0 {
		row.NotCounted = hundredthHours(c.NotCounted)
	}
	if s := v.status.Snapshot; s != nil {
		row.Href = v.link("/events", "scope", c.Area, "window", yearWindow(s, c.Year), "event", r.EventID)
	}
	return row
}

// outcome is what became of a row, told by sign and word as well as by colour.
func (t *teller) outcome(code string) badge {
	switch code {
	case "accepted":
		return badge{"up", "✓", t.Say("rows.accepted")}
	case "rejected":
		return badge{"down", "✗", t.Say("rows.rejected")}
	case "duplicate":
		return badge{"gone", "=", t.Say("rows.duplicate")}
	case "superseded":
		return badge{"gone", "»", t.Say("rows.superseded")}
	case "cancelled":
		return badge{"gone", "×", t.Say("rows.cancelled")}
	case "excluded":
		return badge{"gone", "○", t.Say("rows.excluded")}
	}
	return badge{"gone", "?", code}
}
