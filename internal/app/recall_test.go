package app

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store"
)

// A delivery that the store reads in several chunks is one delivery all the same:
// of different rows with one key none can be told from the others, wherever they
// stand, and none is a correction of another.
func TestLongDeliveryIsOne(t *testing.T) {
	t.Parallel()
	const rows = 200_000 // more than three times what the store reads at once
	ctx := context.Background()
	st, err := store.Open(t.TempDir(), store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	served, told := st.Begin(), st.Begin()
	if err := served.AddBase([]outage.Customers{{Feeder: "F1", Area: "xining", Class: "rural", Customers: 10, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo}}); err != nil {
		t.Fatal(err)
	}
	b := outage.NewBatch(outage.NewDict())
	for i := range rows {
		start := int64(1640995200 + 60*i)
		ev := outage.Event{Row: outage.Row(i + 2), ID: fmt.Sprint("E", i), Feeder: "F1", Start: start, End: start + 60, Customers: 1, Served: outage.Missing}
		if i == rows-1 {
			ev.ID = "E0"
		}
		b.Append(&ev)
	}
	if err := told.Add(b); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Put(ctx,
		store.Told{Head: store.Head{Stream: store.Stream{Kind: store.Base, Source: "base"}, Rows: 1}, Parcel: served},
		store.Told{Head: store.Head{Stream: store.Stream{Kind: store.Events, Source: "grid"}, Rows: rows}, Parcel: told},
	); err != nil {
		t.Fatal(err)
	}
	p := policy.Qinghai()
	m, err := Recall(ctx, st, p, snapshot.EngineOptions(p, 0), 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Engine.DeliveredAfter(0); len(got) != 1 || got[0] != 2 {
		t.Errorf("deliveries %v, want 2 alone", got)
	}
	if got, _ := m.Engine.Delivered(2); got.Rejected != 2 || got.Reasons[outage.RepeatedKey] != 2 || got.Rows != rows {
		t.Errorf("of %d rows %d are rejected, %v; want the first and the last of %d", got.Rows, got.Rejected, got.Reasons, rows)
	}
	if got := m.Engine.Outcome(0); got != engine.Rejected {
		t.Errorf("the first row is %s", got)
	}
}
