package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/store"
)

// tell is a program of scripts that tells a store of a file, as serve would:
//
//	exec tell DIR RECEIVED base FILE
//	exec tell DIR RECEIVED file|push SOURCE FILE
//
// A file takes the place of what it held before; what is pushed is added. It is a
// program of its own as the lock of a store is inherited by those that are started
// at the same moment.
func tell() {
	if err := tellStore(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tell:", err)
		os.Exit(exitFailed)
	}
}

func tellStore(args []string) (failed error) {
	if len(args) < 4 || args[2] != "base" && len(args) < 5 {
		return errors.New("usage: tell DIR RECEIVED base FILE, or tell DIR RECEIVED file|push SOURCE FILE")
	}
	received, err := time.Parse(time.RFC3339, args[1])
	if err != nil {
		return err
	}
	st, err := store.Open(args[0], store.Options{Now: func() time.Time { return received }})
	if err != nil {
		return err
	}
	defer func() { failed = errors.Join(failed, st.Close()) }()
	t := &telling{parcel: st.Begin(), path: args[len(args)-1]}
	if args[2] == "base" {
		err = t.base()
	} else {
		err = t.events(args[2], args[3])
	}
	if err != nil {
		return err
	}
	_, err = st.Put(context.Background(), store.Told{Head: t.head, Parcel: t.parcel})
	return err
}

// A telling is a file on its way into a store.
type telling struct {
	parcel store.Parcel
	path   string
	head   store.Head
}

func (t *telling) base() error {
	rows, d, err := ingest.BaseFile(t.path, ingest.Options{Names: policy.Qinghai().Names(), Zone: policy.Qinghai().Zone})
	if err != nil {
		return err
	}
	t.head = store.Head{Stream: store.Stream{Kind: store.Base, Source: "base", Channel: store.File, Name: "base"}, SHA256: d.SHA256, Rows: len(rows), Replace: true}
	return t.parcel.AddBase(rows)
}

func (t *telling) events(channel, source string) error {
	d, err := ingest.EventsFile(t.path, ingest.Options{Names: policy.Qinghai().Names(), Zone: policy.Qinghai().Zone, Source: source}, func(b *outage.Batch) error { return t.parcel.Add(b) })
	if err != nil {
		return err
	}
	t.head = store.Head{
		Stream: store.Stream{Kind: store.Events, Source: source, Channel: channel, Name: t.path, Content: d.Content, Repeated: d.Repeated, Sheets: d.Sheets},
		SHA256: d.SHA256, Rows: d.Rows, Skipped: d.Skipped, Covers: d.Covers, Replace: channel == store.File,
	}
	if channel == store.Push {
		t.head.Name = fmt.Sprintf("push/%s", source)
		t.head.Live = true
	}
	return nil
}
