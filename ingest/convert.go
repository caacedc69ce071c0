package ingest

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// An EventWriter writes events as a Parquet file of the canonical columns, which
// reads back as the same events with the same flags: times are instants, words
// that were not recognised stay unrecognised, what is missing is null. Only
// readings that a change of the clocks left out are plain instants then, and an
// end at 23:59:59 is one in the zone of the reader.
type EventWriter struct {
	columnBuilder
}

// eventColumns are the canonical columns of events.
var eventColumns = []columnOf{
	{fieldEventID, columnar.Text}, {fieldSource, columnar.Text}, {fieldFeeder, columnar.Text}, {fieldUnit, columnar.Text},
	{fieldArea, columnar.Text}, {fieldClass, columnar.Text}, {fieldStart, columnar.Moment}, {fieldEnd, columnar.Moment},
	{fieldCustomers, columnar.Integer}, {fieldNature, columnar.Text}, {fieldCause, columnar.Text}, {fieldTechnicalCause, columnar.Text},
	{fieldStage, columnar.Text}, {fieldSteps, columnar.Text}, {fieldRevision, columnar.Integer}, {fieldCancelled, columnar.Bool},
	{fieldCapacity, columnar.Float}, {fieldServed, columnar.Integer}, {fieldDurationMinutes, columnar.Integer},
}

// What stands for what is not kept of a row: a word that nobody recognises, and
// a duration that differs from that of every row.
const (
	unknownWord       = "(unknown)"
	differingDuration = -1
)

// NewEventWriter begins a file.
func NewEventWriter(w io.Writer) (*EventWriter, error) {
	e := &EventWriter{}
	return e, e.begin(w, eventColumns)
}

// Write adds the accepted rows of a batch.
func (w *EventWriter) Write(b *outage.Batch) error {
	for i := range b.Len() {
		e := b.Event(i)
		if err := w.event(&e); err != nil {
			return fmt.Errorf("event %q: %w", e.ID, err)
		}
	}
	return nil
}

func (w *EventWriter) event(e *outage.Event) error {
	class, nature := e.Class, e.Nature.String()
	if e.Flags&outage.UnknownClass != 0 {
		class = unknownWord
	}
	switch {
	case e.Flags&outage.UnknownNature != 0:
		nature = unknownWord
	case e.Nature == outage.Unknown:
		nature = ""
	}
	if err := w.texts([]cellOf{
		{fieldEventID, e.ID}, {fieldSource, e.Source}, {fieldFeeder, e.Feeder}, {fieldUnit, e.Unit}, {fieldArea, e.Area}, {fieldClass, class},
		{fieldNature, nature}, {fieldCause, e.Cause}, {fieldTechnicalCause, e.TechnicalCause}, {fieldStage, e.Stage}, {fieldSteps, stepsText(e.Steps)},
	}); err != nil {
		return err
	}
	w.number(fieldStart, e.Start, !e.Cancelled || e.Start != 0)
	w.number(fieldEnd, e.End, e.End != outage.Open)
	w.number(fieldCustomers, e.Customers, e.Customers != outage.Missing)
	w.number(fieldRevision, e.Revision, e.Revision != 0)
	w.number(fieldCancelled, 1, e.Cancelled)
	w.float(fieldCapacity, e.CapacityKVA)
	w.number(fieldServed, e.Served, e.Served != outage.Missing)
	w.number(fieldDurationMinutes, differingDuration, e.Flags&outage.DerivedDiffers != 0)
	return w.next()
}

// stepsText is the JSON of steps, empty where there are none.
func stepsText(steps []outage.Step) string {
	if len(steps) == 0 {
		return ""
	}
	type step struct {
		At       string `json:"at"`
		Restored int64  `json:"restored"`
	}
	list := make([]step, 0, len(steps))
	for _, s := range steps {
		list = append(list, step{time.Unix(s.At, 0).UTC().Format(time.RFC3339), s.Restored})
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic("ingest: steps that are no JSON: " + err.Error())
	}
	return string(text)
}

// baseColumns are the canonical columns of the base.
var baseColumns = []columnOf{
	{fieldFeeder, columnar.Text}, {fieldUnit, columnar.Text}, {fieldArea, columnar.Text}, {fieldClass, columnar.Text},
	{fieldCustomers, columnar.Integer}, {fieldValidFrom, columnar.Moment}, {fieldValidTo, columnar.Moment},
	{fieldCapacity, columnar.Float}, {fieldKind, columnar.Text},
}

// WriteBase writes a customer base as a Parquet file of the canonical columns,
// which reads back as the same base.
func WriteBase(out io.Writer, rows []outage.Customers) error {
	var w columnBuilder
	if err := w.begin(out, baseColumns); err != nil {
		return err
	}
	for i := range rows {
		c := &rows[i]
		if err := w.texts([]cellOf{
			{fieldFeeder, c.Feeder}, {fieldUnit, c.Unit}, {fieldArea, string(c.Area)}, {fieldClass, string(c.Class)}, {fieldKind, string(c.Kind)},
		}); err != nil {
			return err
		}
		w.number(fieldCustomers, c.Customers, true)
		w.number(fieldValidFrom, c.ValidFrom, c.ValidFrom != outage.AlwaysFrom)
		w.number(fieldValidTo, c.ValidTo, c.ValidTo != outage.AlwaysTo)
		w.float(fieldCapacity, c.CapacityKVA)
		if err := w.next(); err != nil {
			return err
		}
	}
	return w.Close()
}
