package ingest

import (
	"regexp"
	"strconv"

	"github.com/saidi-exporter/saidi/outage"
)

// An eventReader turns rows of cells into records.
type eventReader struct {
	layout *layout
	clock  *clockwork
	words  *words
	dict   *outage.Dict
	source outage.Ref // of rows that name none
	sheets bool       // cells come from a spreadsheet, which stores long ids with an exponent
	id     []byte     // buffer of the event id
	rec    record
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

// intern is the reference of a text; most cells that may be empty are.
func (r *eventReader) intern(text []byte) outage.Ref {
	if len(text) == 0 {
		return 0
	}
	return r.dict.InternBytes(text)
}

// key reads what names the row.
func (r *eventReader) key(cells [][]byte) (outage.Reason, field) {
	rec := &r.rec
	r.id = append(r.id[:0], r.name(fieldEventID, cells)...)
	rec.id = r.id
	rec.source = r.source
	if text := r.layout.text(fieldSource, cells); text != nil {
		rec.source = r.intern(text)
	}
	rec.feeder = r.intern(r.name(fieldFeeder, cells))
	rec.unit = r.intern(r.name(fieldUnit, cells))
	rec.stage = r.intern(plainID(r.layout.text(fieldStage, cells)))
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
	if len(rec.id) == 0 {
		return outage.MissingValue, fieldEventID
	}
	return "", noField
}

// exponent is how a spreadsheet stores a long number.
var exponent = regexp.MustCompile(`^[1-9](\.[0-9]+)?E\+[0-9]{1,2}$`)

// name reads an id as its sender means it: a number without .0 or an exponent.
func (r *eventReader) name(f field, cells [][]byte) []byte {
	text := plainID(r.layout.text(f, cells))
	if r.sheets && exponent.Match(text) {
		if value, err := strconv.ParseFloat(string(text), 64); err == nil {
			return strconv.AppendFloat(nil, value, 'f', -1, 64)
		}
	}
	return text
}

// describe reads what can be unknown but not wrong.
func (r *eventReader) describe(cells [][]byte) {
	rec, l := &r.rec, r.layout
	area := r.words.area(l.text(fieldArea, cells))
	class := r.words.class(l.text(fieldClass, cells))
	nature := r.words.nature(l.text(fieldNature, cells))
	rec.area, rec.class, rec.nature = area.ref, class.ref, nature.nature
	rec.flags |= area.flags | class.flags | nature.flags
	rec.cause = r.intern(l.text(fieldCause, cells))
	if l.places[fieldTechnicalCause].bound {
		rec.technical = r.intern(l.text(fieldTechnicalCause, cells))
	}
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

// interval reads start and end.
func (r *eventReader) interval(cells [][]byte, zone *zoneClock) (outage.Reason, field) {
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
