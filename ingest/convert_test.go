package ingest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// Whatever is accepted reads back from its canonical columns as it was, flags
// and all but for readings that a change of the clocks left out.
func TestConvertedEvents(t *testing.T) {
	t.Parallel()
	opts := shanghai(t)
	rapid.Check(t, func(t *rapid.T) {
		from := opts
		text := rapid.SampledFrom(columnMappings).Draw(t, "mapping")
		if strings.Contains(text, "zone:") {
			text = ""
		}
		m, err := ParseMapping("m", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		from.Mapping = m
		var want, got result
		var out bytes.Buffer
		w, err := NewEventWriter(&out)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Events("events", bytes.NewReader(drawColumnFile(t)), from, func(b *outage.Batch) error {
			_ = want.take(b)
			return w.Write(b)
		}); err != nil {
			t.Skip("not to be read or written back: ", err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Events("converted", bytes.NewReader(out.Bytes()), opts, got.take); err != nil {
			t.Fatal(err)
		}
		for i := range want.Events {
			e := &want.Events[i]
			e.Flags &^= outage.SkippedClock
			if e.Cancelled && min(e.Start, e.End) < firstSecond {
				t.Skip("a time of no meaning lies before the year 1 in UTC, which no file can tell")
			}
		}
		if diff := cmp.Diff(want.Events, got.Events, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(outage.Event{}, "Row")); diff != "" || len(got.Rejected) > 0 {
			t.Fatalf("rejected %+v, (-original +converted):\n%s", got.Rejected, diff)
		}
	})
}

// A base reads back as it was.
func TestConvertedBase(t *testing.T) {
	t.Parallel()
	text := "feeder_id,unit_id,area,class,customers,valid_from,valid_to,capacity_kva,customer_kind\n" +
		"F1,,西宁,市区,120,,,,\nF1,,西宁,,80,2020-01-01,2021-01-01 08:00,315.5,mv\nF2,U1,6302,农村,0,,2022-01-01,,中压\n"
	want, _, err := Base("base.csv", strings.NewReader(text), shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := WriteBase(&out, want); err != nil {
		t.Fatal(err)
	}
	got, _, err := Base("base.parquet", bytes.NewReader(out.Bytes()), shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(outage.Customers{}, "Path", "Row")); diff != "" {
		t.Errorf("(-original +converted):\n%s", diff)
	}
}

// A text that would read back as another is refused.
func TestConvertRefuses(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"none", " E1", "5.0"} {
		dict := outage.NewDict()
		b := outage.NewBatch(dict)
		b.Append(&outage.Event{ID: id, Start: 1_609_804_980, End: outage.Open, Customers: outage.Missing, Served: outage.Missing})
		w, err := NewEventWriter(&bytes.Buffer{})
		if err != nil {
			t.Fatal(err)
		}
		wantError(t, w.Write(b), "event_id", "would be read back as")
	}
}

// The keys of a mapping that a converted file still needs are named.
func TestMappingOfDeliveries(t *testing.T) {
	t.Parallel()
	m := mapping(t, "columns: {event_id: nr}\nsource: dms\nrepeated: stages\nmissing_customers: whole_feeder\nplausible_years: [1980, 2100]\ncovers: {from: 2021-01-01, to: 2022-01-01}\n")
	if got := strings.Join(m.OfDeliveries(), " "); got != "covers repeated missing_customers plausible_years" {
		t.Errorf("got %q", got)
	}
	if got := (*Mapping)(nil).OfDeliveries(); got != nil {
		t.Errorf("of no mapping: %q", got)
	}
}
