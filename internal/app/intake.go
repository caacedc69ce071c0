package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// An intake is a delivery on its way into the store.
type intake struct {
	parcel    store.Parcel
	also      func(*outage.Batch) // takes every batch, too; may be nil
	delivery  *outage.Delivery
	rejected  int                // rows that could not
	rejection []outage.Rejection // the first of these
}

// mostRejections is how many rejected rows of a delivery are told at once.
const mostRejections = 1000

// add takes in a batch.
func (in *intake) add(b *outage.Batch) error {
	in.rejected += len(b.Rejected)
	in.rejection = append(in.rejection, b.Rejected[:min(len(b.Rejected), mostRejections-len(in.rejection))]...)
	if in.also != nil {
		in.also(b)
	}
	if err := in.parcel.Add(b); err != nil {
		return fmt.Errorf("%w: %w", errStore, err)
	}
	return nil
}

// head is what the store is told of the delivery beside its rows.
func (in *intake) head(s store.Stream) store.Head {
	d := in.delivery
	s.Content, s.Repeated, s.WholeFeeder = d.Content, d.Repeated, d.WholeFeeder
	s.Sheets = d.Sheets
	if s.Headers = maps.Clone(d.Headers); s.Headers != nil {
		maps.DeleteFunc(s.Headers, func(name, own string) bool { return name == own })
	}
	return store.Head{Stream: s, SHA256: d.SHA256, Rows: d.Rows, Skipped: d.Skipped, Covers: d.Covers, Warnings: inEnglish(d.Warnings)}
}

// inEnglish are the texts of notes.
func inEnglish(notes []outage.Note) (texts []string) {
	for _, n := range notes {
		texts = append(texts, n.String())
	}
	return texts
}

// takeIn reads a delivery from r into a parcel. One that cannot be read at all
// leaves nothing behind.
func takeIn(st store.Keeper, name string, r io.Reader, opts ingest.Options) (*intake, error) {
	in := &intake{parcel: st.Begin()}
	d, err := ingest.Events(name, r, opts, in.add)
	if err != nil {
		in.parcel.Discard()
		return nil, err
	}
	in.delivery = d
	return in, nil
}

// takeInMessage is [takeIn] of bytes that will not come again: where they cannot
// be read they are one rejected row, so that nothing is lost in silence.
func takeInMessage(st store.Keeper, name string, data []byte, opts ingest.Options) (*intake, error) {
	in, err := takeIn(st, name, bytes.NewReader(data), opts)
	if err == nil {
		return in, nil
	}
	if errors.Is(err, errStore) || errors.Is(err, ingest.ErrTemporary) { // none of the message: it is to come again
		return nil, err
	}
	in = &intake{parcel: st.Begin()}
	b := outage.NewBatch(outage.NewDict())
	b.Rejected = []outage.Rejection{{
		Event:  outage.Event{Row: 1, Source: opts.Source, Customers: outage.Missing, Served: outage.Missing, End: outage.Open},
		Reason: outage.Malformed, Value: fmt.Sprintf("%v: %.200q", err, data),
	}}
	in.delivery = &outage.Delivery{Path: name, SHA256: digestOf(data), Sheets: []outage.Sheet{{}}, Rows: 1}
	return in, in.add(b)
}

// errStore marks an error of the store, which is none of the delivery.
var errStore = errors.New("the store")

// put tells the store of deliveries, all of them or none.
func put(ctx context.Context, st store.Keeper, told []store.Told) ([]store.Receipt, error) {
	receipts, err := st.Put(ctx, told...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStore, err)
	}
	return receipts, nil
}
