package store

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/saidi-exporter/saidi/outage"
)

// A scan reads lines of the tail as appendRow and appendRejection write them:
// the fields in their order, spelt as they spell them. It knows nothing else, and
// so is several times as fast as a reader of any JSON: what it cannot read may be
// a line all the same, and what it reads decodeRow reads in the same way.
type scan struct {
	rest    []byte // of the line
	before  byte   // what stands before the next field
	failed  bool   // the line is of another kind
	scratch []byte // texts that had escapes
}

// fields are what a line says. Texts are valid until the next line is read.
type fields struct {
	id, source, feeder, unit, area, class, cause, technical, stage []byte

	start, end, customers, revision, flags, row int64
	nature                                      outage.Nature
	steps                                       []outage.Step
	cancelled                                   bool
	capacity                                    float64

	isRejected            bool
	reason, column, value []byte
}

// row appends the row of a line to a batch, and gives false, and leaves the
// batch as it is, where it cannot read the line.
func (s *scan) row(b *outage.Batch, line []byte) bool {
	if !utf8.Valid(line) {
		return false
	}
	*s = scan{rest: line, before: '{', scratch: s.scratch[:0]}
	var f fields
	s.event(&f)
	if f.isRejected = s.field(`"reason":`); f.isRejected {
		f.reason = s.quoted()
		f.column = s.text(`"reason_column":`)
		f.value = s.text(`"reason_value":`)
	}
	if s.failed || string(s.rest) != "}" {
		return false
	}
	if f.isRejected {
		b.Rejected = append(b.Rejected, f.rejection())
	} else {
		f.appendTo(b)
	}
	return true
}

// event reads what appendEvent writes.
func (s *scan) event(f *fields) {
	f.id = s.text(`"event_id":`)
	f.source = s.text(`"source":`)
	f.feeder = s.text(`"feeder_id":`)
	f.unit = s.text(`"unit_id":`)
	f.area = s.text(`"area":`)
	f.class = s.text(`"class":`)
	s.want(s.field(`"start":`))
	f.start = s.number()
	f.end = s.integer(`"end":`, outage.Open)
	f.customers = s.integer(`"customers":`, outage.Missing)
	f.nature = s.nature(`"nature":`)
	f.cause = s.text(`"cause":`)
	f.technical = s.text(`"technical_cause":`)
	f.stage = s.text(`"stage":`)
	f.steps = s.steps(`"steps":`)
	f.revision = s.integer(`"revision":`, 0)
	f.cancelled = s.field(`"cancelled":true`)
	f.capacity = s.float(`"capacity_kva":`)
	f.flags = s.integer(`"flags":`, 0)
	s.want(s.field(`"row":`))
	f.row = s.number()
	s.want(f.flags >= 0 && f.flags < 1<<16 && f.row >= 0 && f.row < 1<<32)
}

// want notes that the line is of another kind, unless something is so.
func (s *scan) want(so bool) {
	if !so {
		s.failed = true
	}
}

// field goes behind the name of a field, if it is the next one.
func (s *scan) field(name string) bool {
	if len(s.rest) == 0 || s.rest[0] != s.before || !begins(s.rest[1:], name) {
		return false
	}
	s.rest, s.before = s.rest[1+len(name):], ','
	return true
}

// pass goes behind what stands here, if it does.
func (s *scan) pass(what string) bool {
	if !begins(s.rest, what) {
		return false
	}
	s.rest = s.rest[len(what):]
	return true
}

func begins(text []byte, with string) bool {
	return len(text) >= len(with) && string(text[:len(with)]) == with
}

// text is that of a field, empty where the field is not there.
func (s *scan) text(name string) []byte {
	if !s.field(name) {
		return nil
	}
	return s.quoted()
}

// quoted reads what appendQuoted writes of a text that is not sealed.
func (s *scan) quoted() []byte {
	if !s.pass(`"`) {
		s.failed = true
		return nil
	}
	at := 0
	for at < len(s.rest) && s.rest[at] >= 0x20 && s.rest[at] != '"' && s.rest[at] != '\\' {
		at++
	}
	text := s.rest[:at]
	s.rest = s.rest[at:]
	if len(s.rest) > 0 && s.rest[0] == '\\' {
		text = s.escaped(text)
	}
	s.want(s.pass(`"`) && !begins(text, notText))
	return text
}

// escaped reads on a text whose next byte is a backslash.
func (s *scan) escaped(text []byte) []byte {
	from := len(s.scratch)
	s.scratch = append(s.scratch, text...)
	for len(s.rest) > 0 && s.rest[0] >= 0x20 && s.rest[0] != '"' {
		c := s.rest[0]
		s.rest = s.rest[1:]
		if c == '\\' {
			c = s.escape()
		}
		s.scratch = append(s.scratch, c)
	}
	return s.scratch[from:len(s.scratch):len(s.scratch)]
}

// escape reads what stands behind a backslash.
func (s *scan) escape() byte {
	switch {
	case s.pass(`"`):
		return '"'
	case s.pass(`\`):
		return '\\'
	case s.pass(`u00`) && len(s.rest) >= 2 && (s.rest[0] == '0' || s.rest[0] == '1'):
		if low := bytes.IndexByte([]byte("0123456789abcdef"), s.rest[1]); low >= 0 {
			c := (s.rest[0]-'0')<<4 | byte(low)
			s.rest = s.rest[2:]
			return c
		}
	}
	s.failed = true
	return 0
}

// integer is the number of a field, or none where the field is not there.
func (s *scan) integer(name string, none int64) int64 {
	if !s.field(name) {
		return none
	}
	return s.number()
}

// number reads a whole number of up to 18 digits, which none is too large for.
func (s *scan) number() int64 {
	sign := int64(1)
	if s.pass("-") {
		sign = -1
	}
	n, digits := int64(0), 0
	for digits < len(s.rest) && s.rest[digits]-'0' <= 9 {
		n = 10*n + int64(s.rest[digits]-'0')
		digits++
	}
	s.want(digits == 1 || digits > 1 && digits <= 18 && s.rest[0] != '0')
	s.rest = s.rest[digits:]
	return sign * n
}

// float is the number of a field, 0 where the field is not there. There is
// always a field behind it.
func (s *scan) float(name string) float64 {
	if !s.field(name) {
		return 0
	}
	text := s.rest[:max(0, bytes.IndexByte(s.rest, ','))]
	s.rest = s.rest[len(text):]
	f, err := strconv.ParseFloat(string(text), 64)
	var room [32]byte
	s.want(err == nil && bytes.Equal(appendFloat(room[:0], f), text))
	return f
}

// nature is that of a field that is always there.
func (s *scan) nature(name string) outage.Nature {
	text := s.text(name)
	for n := range outage.NotAnOutage + 1 {
		if string(text) == n.String() {
			return n
		}
	}
	s.failed = true
	return 0
}

// steps are those of a field, none where the field is not there.
func (s *scan) steps(name string) (steps []outage.Step) {
	if !s.field(name) {
		return nil
	}
	s.want(s.pass("["))
	for more := true; more; more = s.pass(",") {
		var step outage.Step
		s.want(s.pass(`{"at":`))
		step.At = s.number()
		s.want(s.pass(`,"restored":`))
		step.Restored = s.number()
		s.want(s.pass("}"))
		steps = append(steps, step)
	}
	s.want(s.pass("]"))
	return steps
}

// rejection is the rejected row.
func (f *fields) rejection() outage.Rejection {
	return outage.Rejection{
		Event: outage.Event{
			Row: outage.Row(f.row), Source: string(f.source), ID: string(f.id), Feeder: string(f.feeder), Unit: string(f.unit),
			Area: string(f.area), Class: string(f.class), Start: f.start, End: f.end, Customers: f.customers, Nature: f.nature,
			Cause: string(f.cause), TechnicalCause: string(f.technical), Stage: string(f.stage), Steps: f.steps, Revision: f.revision,
			Cancelled: f.cancelled, CapacityKVA: f.capacity, Served: outage.Missing, Flags: outage.Flags(f.flags),
		},
		Column: string(f.column), Value: string(f.value), Reason: outage.Reason(f.reason),
	}
}

// appendTo appends the readable row, as [outage.Batch.Append] does, without a
// copy of its texts.
func (f *fields) appendTo(b *outage.Batch) {
	i := b.Len()
	b.Row = append(b.Row, outage.Row(f.row))
	b.ID.AppendBytes(f.id)
	b.Source = append(b.Source, b.Dict.InternBytes(f.source))
	b.Feeder = append(b.Feeder, b.Dict.InternBytes(f.feeder))
	b.Unit = append(b.Unit, b.Dict.InternBytes(f.unit))
	b.Area = append(b.Area, b.Dict.InternBytes(f.area))
	b.Class = append(b.Class, b.Dict.InternBytes(f.class))
	b.Cause = append(b.Cause, b.Dict.InternBytes(f.cause))
	b.Technical = append(b.Technical, b.Dict.InternBytes(f.technical))
	b.Stage = append(b.Stage, b.Dict.InternBytes(f.stage))
	b.Start = append(b.Start, f.start)
	b.End = append(b.End, f.end)
	b.Customers = append(b.Customers, f.customers)
	b.Revision = append(b.Revision, f.revision)
	b.Nature = append(b.Nature, f.nature)
	b.Cancelled = append(b.Cancelled, f.cancelled)
	b.Flags = append(b.Flags, outage.Flags(f.flags))
	if len(f.steps) > 0 {
		b.Steps[i] = f.steps
	}
	if f.capacity != 0 {
		b.Capacity[i] = f.capacity
	}
}
