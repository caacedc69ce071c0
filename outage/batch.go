package outage

import "bytes"

// A Batch is a run of rows of one delivery in columns. Texts that recur are
// interned in Dict and stand in the columns as references, 0 being empty; ids,
// which do not recur, lie end to end in one buffer. All columns have the same
// length.
type Batch struct {
	Dict *Dict // shared by the batches of one delivery

	Row       []Row
	ID        Texts
	Source    []Ref
	Feeder    []Ref
	Unit      []Ref
	Area      []Ref
	Class     []Ref
	Cause     []Ref // 责任原因
	Technical []Ref // 技术原因
	Stage     []Ref
	Start     []int64 // UTC seconds
	End       []int64 // UTC seconds, or Open
	Customers []int64 // or Missing
	Revision  []int64
	Nature    []Nature
	Cancelled []bool
	Flags     []Flags

	// What few rows have, by the row's index in the batch.
	Steps    map[int][]Step
	Capacity map[int]float64
	Served   map[int]int64

	Rejected []Rejection
}

// NewBatch is an empty batch that interns into dict.
func NewBatch(dict *Dict) *Batch {
	return &Batch{
		Dict: dict, Steps: map[int][]Step{}, Capacity: map[int]float64{}, Served: map[int]int64{},
	}
}

// Text is the text of r.
func (b *Batch) Text(r Ref) string { return b.Dict.Text(r) }

// Len is the number of rows, rejected ones apart.
func (b *Batch) Len() int { return len(b.Row) }

// Reset empties b and keeps its memory.
func (b *Batch) Reset() {
	b.Row, b.Source, b.Feeder, b.Unit = b.Row[:0], b.Source[:0], b.Feeder[:0], b.Unit[:0]
	b.Area, b.Class, b.Stage = b.Area[:0], b.Class[:0], b.Stage[:0]
	b.Cause, b.Technical = b.Cause[:0], b.Technical[:0]
	b.Start, b.End, b.Customers, b.Revision = b.Start[:0], b.End[:0], b.Customers[:0], b.Revision[:0]
	b.Nature, b.Cancelled, b.Flags = b.Nature[:0], b.Cancelled[:0], b.Flags[:0]
	b.ID.Reset()
	clear(b.Steps)
	clear(b.Capacity)
	clear(b.Served)
	b.Rejected = nil
}

// Append adds one row. Decoders that know a text's reference already fill the
// columns themselves.
func (b *Batch) Append(e *Event) {
	i := b.Len()
	b.Row = append(b.Row, e.Row)
	b.ID.Append(e.ID)
	b.Source = append(b.Source, b.Dict.Intern(e.Source))
	b.Feeder = append(b.Feeder, b.Dict.Intern(e.Feeder))
	b.Unit = append(b.Unit, b.Dict.Intern(e.Unit))
	b.Area = append(b.Area, b.Dict.Intern(e.Area))
	b.Class = append(b.Class, b.Dict.Intern(e.Class))
	b.Cause = append(b.Cause, b.Dict.Intern(e.Cause))
	b.Technical = append(b.Technical, b.Dict.Intern(e.TechnicalCause))
	b.Stage = append(b.Stage, b.Dict.Intern(e.Stage))
	b.Start = append(b.Start, e.Start)
	b.End = append(b.End, e.End)
	b.Customers = append(b.Customers, e.Customers)
	b.Revision = append(b.Revision, e.Revision)
	b.Nature = append(b.Nature, e.Nature)
	b.Cancelled = append(b.Cancelled, e.Cancelled)
	b.Flags = append(b.Flags, e.Flags)
	b.appendRare(i, e)
}

func (b *Batch) appendRare(i int, e *Event) {
	if len(e.Steps) > 0 {
		b.Steps[i] = e.Steps
	}
	if e.CapacityKVA != 0 {
		b.Capacity[i] = e.CapacityKVA
	}
	if e.Served != Missing {
		b.Served[i] = e.Served
	}
}

// Event gives row i back as it was appended.
func (b *Batch) Event(i int) Event {
	e := Event{
		Row: b.Row[i], ID: b.ID.At(i),
		Source: b.Text(b.Source[i]), Feeder: b.Text(b.Feeder[i]), Unit: b.Text(b.Unit[i]),
		Area: b.Text(b.Area[i]), Class: b.Text(b.Class[i]),
		Cause: b.Text(b.Cause[i]), Stage: b.Text(b.Stage[i]), TechnicalCause: b.Text(b.Technical[i]),
		Start: b.Start[i], End: b.End[i], Customers: b.Customers[i], Revision: b.Revision[i],
		Nature: b.Nature[i], Cancelled: b.Cancelled[i], Flags: b.Flags[i],
		Steps: b.Steps[i], CapacityKVA: b.Capacity[i], Served: Missing,
	}
	if served, ok := b.Served[i]; ok {
		e.Served = served
	}
	return e
}

// Texts are strings that lie end to end in one buffer. One that is the same as
// that before it is there once.
type Texts struct {
	bytes []byte
	spans []textSpan
}

type textSpan struct{ from, to uint32 }

// Append adds a text.
func (t *Texts) Append(text string) { t.AppendBytes([]byte(text)) }

// AppendBytes adds a text.
func (t *Texts) AppendBytes(text []byte) {
	if last := len(t.spans) - 1; last >= 0 && bytes.Equal(t.Bytes(last), text) {
		t.spans = append(t.spans, t.spans[last])
		return
	}
	from := uint32(len(t.bytes))
	t.bytes = append(t.bytes, text...)
	t.spans = append(t.spans, textSpan{from, uint32(len(t.bytes))})
}

// Bytes is text i, valid until the next Reset and not to be changed.
func (t *Texts) Bytes(i int) []byte { return t.bytes[t.spans[i].from:t.spans[i].to] }

// Again says whether text i is the same as that before it.
func (t *Texts) Again(i int) bool { return i > 0 && t.spans[i] == t.spans[i-1] }

// At is a copy of text i.
func (t *Texts) At(i int) string { return string(t.Bytes(i)) }

// Size is the number of bytes of all texts.
func (t *Texts) Size() int { return len(t.bytes) }

// Len is the number of texts.
func (t *Texts) Len() int { return len(t.spans) }

// Reset empties t and keeps its memory.
func (t *Texts) Reset() { t.bytes, t.spans = t.bytes[:0], t.spans[:0] }
