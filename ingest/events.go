package ingest

import (
	"cmp"
	"fmt"
	"io"

	"github.com/saidi-exporter/saidi/outage"
)

// batchRows is how many rows, rejected ones included, go into one batch.
const batchRows = 8192

// Events reads one delivery of events. It gives each batch to emit, and reuses
// it after emit returns; an error of emit ends the reading. The delivery that
// it returns is complete. After an error nothing that was emitted counts.
func Events(path string, r io.Reader, opts Options, emit func(*outage.Batch) error) (*outage.Delivery, error) {
	return events(path, r, "", opts, emit)
}

// EventsFile is [Events] of the file at path.
func EventsFile(path string, opts Options, emit func(*outage.Batch) error) (*outage.Delivery, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return events(path, file, path, opts, emit)
}

func events(path string, r io.Reader, file string, opts Options, emit func(*outage.Batch) error) (*outage.Delivery, error) {
	k := eventRows
	if opts.Planned {
		k = plannedRows
	}
	return deliver(path, r, file, opts, k, func(d *delivering) handler { return newEventTaker(d, outage.NewDict(), emit) })
}

// An eventTaker fills batches.
type eventTaker struct {
	eventReader
	run     *delivering
	batch   *outage.Batch
	emit    func(*outage.Batch) error
	portion int // bytes of delimited text that one goroutine reads at a time; 0 reads all of it in one
}

func newEventTaker(d *delivering, dict *outage.Dict, emit func(*outage.Batch) error) *eventTaker {
	t := &eventTaker{run: d, batch: outage.NewBatch(dict), emit: emit, portion: portionSize}
	t.planned = d.plan.kind == plannedRows
	t.clock = newClockwork(d.plan, d.opts.Zone)
	t.words = newWords(d.opts.Names, dict)
	t.dict, t.source, t.room = dict, dict.Intern(cmp.Or(d.plan.source, d.opts.Source)), mostKnown
	return t
}

func (t *eventTaker) begin(l *layout, s *sheet) {
	t.layout, t.clock.layout = l, l
	t.clock.epoch1904, t.sheets = s.y1904, s.excel
	t.forget()
}

func (t *eventTaker) isTime(cells [][]byte) bool {
	_, given, ok := t.clock.reading(fieldStart, cells)
	return given && ok
}

func (t *eventTaker) row(at outage.Row, cells [][]byte) error {
	reason, f := t.read(at, cells)
	if reason == "" {
		t.rec.append(t.batch)
		return t.flush(batchRows)
	}
	t.batch.Rejected = append(t.batch.Rejected, outage.Rejection{
		Event: t.rec.event(t.dict), Reason: reason, Column: t.column(reason, f), Value: t.value(reason, f, cells),
	})
	return t.flush(batchRows)
}

// column is the file's own name of the column for which a row is rejected.
func (t *eventTaker) column(reason outage.Reason, f field) string {
	if reason == outage.UnknownZone {
		return t.layout.headers[t.layout.zoneColumn]
	}
	if header := t.layout.places[f].header; header != "" {
		return header
	}
	return f.String()
}

func (t *eventTaker) value(reason outage.Reason, f field, cells [][]byte) string {
	if reason == outage.UnknownZone {
		return shortened(trim(cells[t.layout.zoneColumn]))
	}
	if p := &t.layout.places[f]; p.bound {
		return shortened(t.layout.raw(p, cells))
	}
	return ""
}

func (t *eventTaker) malformed(at outage.Row, text, _ string) error {
	rec := blankRecord(at)
	rec.source = t.source
	t.batch.Rejected = append(t.batch.Rejected, outage.Rejection{
		Event: rec.event(t.dict), Reason: outage.Malformed, Value: shortened([]byte(text)),
	})
	return t.flush(batchRows)
}

// finish emits what is left.
func (t *eventTaker) finish() error { return t.flush(1) }

// flush emits the batch if it holds at least so many rows.
func (t *eventTaker) flush(rows int) error {
	if t.batch.Len()+len(t.batch.Rejected) < rows {
		return nil
	}
	if err := t.emit(t.batch); err != nil {
		return fmt.Errorf("take a batch: %w", err)
	}
	t.batch.Reset()
	return nil
}
