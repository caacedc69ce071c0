package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/store"
)

// fillStore tells a new store in a folder the base and the events of a dataset,
// each as one delivery of a file.
func fillStore(now func() time.Time, data, dir string) (m measurement, err error) {
	begin := now()
	st, err := store.Open(dir, store.Options{Now: now})
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	p := policy.Qinghai()
	opts := ingest.Options{Names: p.Names(), Zone: p.Zone, Source: "bench"}
	customers, events := filepath.Join(data, "customers.parquet"), filepath.Join(data, "events.parquet")
	rows, base, err := ingest.BaseFile(customers, opts)
	if err != nil {
		return m, err
	}
	parcel := st.Begin()
	if err := parcel.AddBase(rows); err != nil {
		return m, err
	}
	if err := tell(st, store.Base, base, parcel); err != nil {
		return m, err
	}
	parcel = st.Begin()
	delivery, err := ingest.EventsFile(events, opts, parcel.Add)
	if err != nil {
		return m, err
	}
	err = tell(st, store.Events, delivery, parcel)
	m.Seconds, m.PeakBytes = now().Sub(begin).Seconds(), peakBytes()
	return m, err
}

func tell(st *store.Store, kind store.Kind, d *outage.Delivery, parcel store.Parcel) error {
	stream := store.Stream{Kind: kind, Source: "bench", Channel: store.File, Name: filepath.Base(d.Path), Content: d.Content, Sheets: d.Sheets}
	_, err := st.Put(context.Background(), store.Told{Head: store.Head{Stream: stream, SHA256: d.SHA256, Rows: d.Rows, Skipped: d.Skipped}, Parcel: parcel})
	return err
}
