package ingest

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/saidi-exporter/saidi/outage"
)

// A result is all that a reading handed out.
type result struct {
	Events   []outage.Event
	Rejected []outage.Rejection
	Delivery *outage.Delivery
}

// chinese are the names of some areas and classes of Qinghai.
func chinese(t testing.TB) *outage.Names {
	t.Helper()
	n := outage.NewNames()
	for id, words := range map[outage.Area][]string{"xining": {"西宁市", "西宁", "6301"}, "haidong": {"海东市", "海东", "6302"}} {
		if err := n.AddArea(id, words...); err != nil {
			t.Fatal(err)
		}
	}
	for id, word := range map[outage.Class]string{"urban-core": "市中心区", "urban": "市区", "town": "城镇", "rural": "农村"} {
		if err := n.AddClass(id, word); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func shanghai(t testing.TB) Options {
	t.Helper()
	return Options{Names: chinese(t), Zone: location(t, "Asia/Shanghai")}
}

func mapping(t testing.TB, text string) *Mapping {
	t.Helper()
	m, err := ParseMapping("mapping.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// gather reads a delivery and checks that its counts add up.
func gather(t testing.TB, name string, data []byte, opts Options) (result, error) {
	t.Helper()
	var r result
	d, err := Events(name, bytes.NewReader(data), opts, func(b *outage.Batch) error {
		if n := b.Len() + len(b.Rejected); n == 0 || n > batchRows {
			t.Errorf("a batch of %d rows", n)
		}
		for i := range b.Len() {
			r.Events = append(r.Events, b.Event(i))
		}
		r.Rejected = append(r.Rejected, b.Rejected...)
		return nil
	})
	if err != nil {
		return result{}, err
	}
	r.Delivery = d
	if d.Rows != len(r.Events)+len(r.Rejected)+d.Skipped {
		t.Errorf("%d rows are not %d events, %d rejected and %d skipped", d.Rows, len(r.Events), len(r.Rejected), d.Skipped)
	}
	return r, nil
}

// read is gather of a text that must be readable.
func read(t testing.TB, text string, opts Options) result {
	t.Helper()
	r, err := gather(t, "events", []byte(text), opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// one reads a text that must hold one event and nothing else.
func one(t testing.TB, text string, opts Options) outage.Event {
	t.Helper()
	r := read(t, text, opts)
	if len(r.Events) != 1 || len(r.Rejected) != 0 {
		t.Fatalf("%d events, rejected %+v; want one event", len(r.Events), r.Rejected)
	}
	return r.Events[0]
}

// instant parses an instant in RFC 3339.
func instant(t testing.TB, text string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.Unix()
}

// workbookOf makes a workbook out of sheets of rows.
func workbookOf(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var buffer bytes.Buffer
	if err := f.Write(&buffer); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func setRows(t testing.TB, f *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = f.SetSheetRow(sheet, cell, &row)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// wantError checks that err tells all of the words.
func wantError(t testing.TB, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q does not say %q", err, word)
		}
	}
}
