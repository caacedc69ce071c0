package ingest

import (
	"bytes"
	"regexp"
	"strconv"

	"github.com/saidi-exporter/saidi/outage"
)

// An eventReader turns rows of cells into records.
type eventReader struct {
	layout  *layout
	clock   *clockwork
	words   *words
	dict    *outage.Dict
	source  outage.Ref // of rows that name none
	planned bool       // rows may have no id
	sheets  bool       // cells come from a spreadsheet, which stores long ids with an exponent
	rec     record

	memories [fieldCount]memory // of the fields that are remembered
	room     int                // cells that a memory holds
	id       []byte             // the event id of the last row
	idCell   []byte             // and the cell that it was read from
	idKnown  bool               // the two are set
	times    spell              // of the last row
}

// read takes a row into rec and gives the reason and the field for which it
// must be rejected, if it must.
func (r *eventReader) read(row outage.Row, cells [][]byte) (outage.Reason, field) {
	r.rec = blankRecord(row)
	if reason, f := r.key(cells); reason != "" {
		return reason, f
	}
	r.describe(cells)
	reason, f := r.measure(cells)
	if r.rec.cancelled {
		return "", noField
	}
	if reason != "" {
		return reason, f
	}
	if reason, f := r.rec.impossible(); reason != "" {
		return reason, f
	}
	r.rec.flags |= r.rec.suspicious()
	r.derived(cells)
	return "", noField
}

// key reads what names the row.
func (r *eventReader) key(cells [][]byte) (outage.Reason, field) {
	rec := &r.rec
	rec.id = r.eventID(cells)
	rec.source = r.recall(fieldSource, cells).ref
	rec.feeder = r.recall(fieldFeeder, cells).ref
	rec.unit = r.recall(fieldUnit, cells).ref
	rec.stage = r.recall(fieldStage, cells).ref
	if text := r.layout.text(fieldRevision, cells); text != nil {
		revision, ok := parseCount(text)
		if !ok {
			return outage.BadNumber, fieldRevision
		}
		rec.revision = revision
	}
	if text := r.layout.text(fieldCancelled, cells); text != nil {
		yes, ok := parseYesNo(text)
		if !ok {
			return outage.BadFlag, fieldCancelled
		}
		rec.cancelled = yes
	}
	if len(rec.id) == 0 && !r.planned {
		return outage.MissingValue, fieldEventID
	}
	return "", noField
}

// exponent is how a spreadsheet stores a long number.
var exponent = regexp.MustCompile(`^[1-9](\.[0-9]+)?E\+[0-9]{1,2}$`)

// eventID reads the event's id. The rows of one event often follow each other,
// so the last row's cell is compared first.
func (r *eventReader) eventID(cells [][]byte) []byte {
	p := &r.layout.places[fieldEventID]
	if !p.bound || p.one < 0 {
		r.id = append(r.id[:0], r.name(fieldEventID, cells)...)
		return r.id
	}
	if cell := cells[p.one]; !r.idKnown || !bytes.Equal(cell, r.idCell) {
		r.id = append(r.id[:0], r.name(fieldEventID, cells)...)
		r.idCell, r.idKnown = append(r.idCell[:0], cell...), true
	}
	return r.id
}

// name reads an id as its sender means it: a number without .0 or an exponent.
func (r *eventReader) name(f field, cells [][]byte) []byte {
	return r.plain(r.layout.text(f, cells))
}

// plain undoes what spreadsheets do to an id.
func (r *eventReader) plain(text []byte) []byte {
	text = plainID(text)
	if r.sheets && exponent.Match(text) {
		if value, err := strconv.ParseFloat(string(text), 64); err == nil {
			return strconv.AppendFloat(nil, value, 'f', -1, 64)
		}
	}
	return text
}

// describe reads what can be unknown but not wrong.
func (r *eventReader) describe(cells [][]byte) {
	rec := &r.rec
	area, class, nature := r.recall(fieldArea, cells), r.recall(fieldClass, cells), r.recall(fieldNature, cells)
	rec.area, rec.class, rec.nature = area.ref, class.ref, nature.nature
	rec.flags |= area.flags | class.flags | nature.flags
	rec.cause = r.recall(fieldCause, cells).ref
	rec.technical = r.recall(fieldTechnicalCause, cells).ref
}

// measure reads times and numbers.
func (r *eventReader) measure(cells [][]byte) (outage.Reason, field) {
	zone := r.clock.zone(cells)
	if zone == nil {
		return outage.UnknownZone, noField
	}
	if reason, f := r.interval(cells, zone); reason != "" {
		return reason, f
	}
	rec := &r.rec
	if text := r.layout.text(fieldCustomers, cells); text != nil {
		customers, ok := parseCount(text)
		if !ok || customers < 0 {
			return outage.BadCustomers, fieldCustomers
		}
		rec.customers = customers
	}
	if text := r.layout.text(fieldServed, cells); text != nil {
		served, ok := parseCount(text)
		if !ok || served < 0 || served > outage.MaxCustomers {
			return outage.BadNumber, fieldServed
		}
		rec.served = served
	}
	if text := r.layout.text(fieldCapacity, cells); text != nil {
		capacity, ok := parseAmount(text, "kva", "千伏安")
		if !ok || capacity < 0 {
			return outage.BadNumber, fieldCapacity
		}
		rec.capacity = capacity
	}
	if text := r.layout.text(fieldSteps, cells); text != nil {
		steps, ok := r.steps(text, zone)
		if !ok {
			return outage.BadSteps, fieldSteps
		}
		rec.steps = steps
	}
	return "", noField
}

// interval reads start and end. The rows of one event often have the same ones,
// so the last row's cells are compared first.
func (r *eventReader) interval(cells [][]byte, zone *zoneClock) (outage.Reason, field) {
	s := &r.times
	if s.repeats(cells, zone) {
		r.rec.start, r.rec.end = s.from, s.to
		r.rec.flags |= s.flags
		return s.reason, s.field
	}
	before := r.rec.flags
	r.rec.flags = 0
	reason, f := r.spell(cells, zone)
	s.keep(cells, zone, &r.rec, reason, f)
	r.rec.flags |= before
	return reason, f
}

// spell reads start and end without a look at the last row.
func (r *eventReader) spell(cells [][]byte, zone *zoneClock) (outage.Reason, field) {
	rec := &r.rec
	start, ok := r.clock.read(fieldStart, cells, zone)
	switch {
	case !ok:
		return outage.BadTime, fieldStart
	case !start.given:
		return outage.MissingValue, fieldStart
	}
	rec.start = start.at
	if !r.clock.plausible(start) {
		return outage.ImplausibleYear, fieldStart
	}
	end, ok := r.clock.read(fieldEnd, cells, zone)
	if !ok {
		return outage.BadTime, fieldEnd
	}
	if start.skipped || end.skipped {
		rec.flags |= outage.SkippedClock
	}
	if end.given {
		rec.end = end.notBefore(start.at, zone).at
		if end.endsDay() {
			rec.flags |= outage.EndOfDay
		}
	}
	return "", noField
}
