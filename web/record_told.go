package web

import (
	"slices"
	"strconv"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A recordTold is one row as it was told, and what became of it.
type recordTold struct {
	Number          int
	Outcome         badge
	Where, Received string
	Reason, Advice  string // of a rejected row
	Column, Value   string
	Flags, Changed  []string // in words
	Fields          []recordField
}

// A recordField is one field of a row, and what it was in the row before where
// that differs.
type recordField struct {
	Name, Value string
	Changed     bool
	Was         string
}

func (v *visit) recordTold(r *snapshot.Record, i int) recordTold {
	row := &r.Told[i]
	x := recordTold{Number: row.Number, Outcome: v.outcome(row.Outcome), Where: v.Origin(row.Path, row.Sheet, row.Row, row.Delivery), Received: local(row.Received)}
	if p := row.Rejected; p != nil {
		x.Reason, x.Advice, x.Column, x.Value = v.Word(wording.Rejection, p.Reason), v.Word(wording.Advice, p.Reason), p.Column, p.Value
	}
	for _, flag := range row.Flags {
		x.Flags = append(x.Flags, v.Word(wording.Flag, flag))
	}
	now, before := v.recordValues(row), v.recordValues(rowBefore(r, i))
	for f, field := range v.recordFields() {
		changed := slices.Contains(row.Changed, field.json)
		if now[f] == "" && !changed {
			continue
		}
		one := recordField{Name: field.name, Value: orAbsent(now[f]), Changed: changed}
		if changed {
			one.Was = orAbsent(before[f])
			x.Changed = append(x.Changed, field.name)
		}
		x.Fields = append(x.Fields, one)
	}
	return x
}

// rowBefore is the row before of the same feeder, unit and stage; an empty one
// where there is none.
func rowBefore(r *snapshot.Record, i int) *snapshot.RecordRow {
	this := &r.Told[i]
	for _, before := range slices.Backward(r.Told[:i]) {
		if before.Feeder == this.Feeder && before.Unit == this.Unit && before.Stage == this.Stage {
			return &before
		}
	}
	return &snapshot.RecordRow{}
}

// A recordName is the name of a field in JSON and in words.
type recordName struct{ json, name string }

// recordFields are the fields of a row, in the order of [visit.recordValues].
func (t *teller) recordFields() []recordName {
	return []recordName{
		{"feeder_id", t.Say("column.feeder")}, {"unit_id", t.Say("events.unit")}, {"area", t.Say("column.area")}, {"class", t.Say("column.class")},
		{"start", t.Say("record.start")}, {"end", t.Say("record.end")}, {"customers", t.Say("column.customers")}, {"nature", t.Say("column.nature")},
		{"cause", t.Say("column.cause")}, {"technical_cause", t.Say("column.technical-cause")}, {"stage", t.Say("record.stage")},
		{"steps", t.Say("record.steps")}, {"revision", t.Say("record.revision")}, {"cancelled", t.Say("record.cancelled")},
	}
}

// fieldName names a field of a row by its name in JSON; another name stays.
func (t *teller) fieldName(code string) string {
	if code == "event_id" {
		return t.Say("events.event")
	}
	for _, f := range t.recordFields() {
		if f.json == code {
			return f.name
		}
	}
	return code
}

// recordValues are the values of the fields of a row; what is not given is empty.
func (v *visit) recordValues(row *snapshot.RecordRow) []string {
	customers, revision, cancelled, nature, end := "", "", "", "", local(row.End)
	if row.Customers != nil {
		customers = count(*row.Customers)
	}
	if row.Revision != 0 {
		revision = strconv.FormatInt(row.Revision, 10)
	}
	if row.Cancelled {
		cancelled = v.Say("record.yes")
	}
	if row.Nature != "" {
		nature = v.Word(wording.Nature, row.Nature)
	}
	if end == "" && row.Start != "" {
		end = v.Say("record.open")
	}
	return []string{
		row.Feeder, row.Unit, v.scopeName(row.Area), v.className(row.Class), local(row.Start), end, customers, nature,
		row.Cause, row.TechnicalCause, row.Stage, v.steps(row), revision, cancelled,
	}
}

// steps words the steps in which customers came back.
func (v *visit) steps(row *snapshot.RecordRow) string {
	var words []string
	for _, s := range row.Steps {
		words = append(words, v.Say("record.step", clock(v.in(time.Unix(s.At, 0).UTC())), count(s.Restored)))
	}
	return v.List(words)
}
