package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// The numbers of the rows stand in the segments themselves, for other programs
// to read, be they made of the tail or of one delivery.
func TestSegmentNumbers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "store")
	s := openedOnDemand(t, dir, 10)
	var want [][4]int64
	tell := func(sha string, n int) {
		r := put(t, s, head(sha), eventsOf(n, sha))
		for q := r.First; q <= r.Last; q++ {
			want = append(want, [4]int64{q, r.Delivery, 1, r.Received.UnixMicro()})
		}
	}
	for i, n := range []int{4, 3, 4} {
		tell(string(rune('a'+i)), n)
		if i == 2 {
			tell("big", 2*groupRows+300)
			tell("last", 10)
		}
	}
	if err := s.compact(context.Background()); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	files, err := filepath.Glob(filepath.Join(dir, segmentFolder, "*.parquet"))
	if err != nil || len(files) < 3 {
		t.Fatalf("files %v, %v", files, err)
	}
	var got [][4]int64
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, numbersIn(t, data)...)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%.2000s", d)
	}
}

// numbersIn are sequence, delivery, stream and received of each row.
func numbersIn(t *testing.T, data []byte) (list [][4]int64) {
	t.Helper()
	r, err := columnar.OpenParquet(bytes.NewReader(data), int64(len(data)), columnar.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Select([]int{columnSequence, columnDelivery, columnStream, columnReceived}); err != nil {
		t.Fatal(err)
	}
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.Rows {
			received := b.Columns[3].Int[i] * 1e6
			if b.Columns[3].Nanos != nil {
				received += int64(b.Columns[3].Nanos[i]) / 1000
			}
			list = append(list, [4]int64{b.Columns[0].Int[i], b.Columns[1].Int[i], b.Columns[2].Int[i], received})
		}
	}
}

// A file that is stamped holds the progressions, whatever the row groups, and
// what it held before.
func TestLawStamp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, most := rapid.IntRange(1, 700).Draw(t, "rows"), rapid.IntRange(1, 400).Draw(t, "rows in a group")
		p := progression{rapid.Int64Range(-1<<40, 1<<40).Draw(t, "first"), rapid.SampledFrom([]int64{0, 1, -3}).Draw(t, "step")}
		columns := []columnar.Column{{Name: "kept", Kind: columnar.Integer}, {Name: "stamped", Kind: columnar.Integer}}
		var out bytes.Buffer
		w, err := columnar.NewParquetGroupWriter(&out, columns, most)
		if err != nil {
			t.Fatal(err)
		}
		b := &columnar.Batch{Rows: n, Columns: []columnar.Values{{Column: columns[0]}, {Column: columns[1]}}}
		for i := range n {
			b.Columns[0].Int, b.Columns[1].Int = append(b.Columns[0].Int, int64(i*i)), append(b.Columns[1].Int, 0)
			b.Columns[1].Null = append(b.Columns[1].Null, true)
		}
		if err := errors.Join(w.Write(b), w.Close()); err != nil {
			t.Fatal(err)
		}
		data := out.Bytes()
		from := len(data) - 8 - int(binary.LittleEndian.Uint32(data[len(data)-8:]))
		var groups []int64
		for left := n; left > 0; left -= most {
			groups = append(groups, int64(min(left, most)))
		}
		end, err := stamp(data[from:], int64(from), groups, map[int]progression{1: p})
		if err != nil {
			t.Fatal(err)
		}
		checkStamped(t, append(data[:from:from], end...), n, p)
	})
}

func checkStamped(t *rapid.T, data []byte, n int, p progression) {
	r, err := columnar.OpenParquet(bytes.NewReader(data), int64(len(data)), columnar.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	row := int64(0)
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.Rows {
			if b.Columns[0].Int[i] != row*row || b.Columns[1].IsNull(i) || b.Columns[1].Int[i] != p.first+row*p.step {
				t.Fatalf("row %d: %d and %d", row, b.Columns[0].Int[i], b.Columns[1].Int[i])
			}
			row++
		}
	}
	if row != int64(n) {
		t.Fatalf("%d rows, want %d", row, n)
	}
}

// A footer that is none is an error.
func TestStampErrors(t *testing.T) {
	t.Parallel()
	for _, footer := range []string{"", "PAR1", "\x00\x00\x00\x00\x01PAR1", "\x15\x04\x19\xff\xff\xff\xff\x7f\x00\x00\x00\x00PAR1", "\x1b\x00\x00\x00\x00PAR1"} {
		if end, err := stamp([]byte(footer), 4, []int64{1}, map[int]progression{0: {}}); err == nil {
			t.Errorf("%q: %q", footer, end)
		}
	}
}

// FuzzTail reads rows of the tail that may be anything: what can be read is
// written as it was read, and the two ways of reading a line agree.
func FuzzTail(f *testing.F) {
	for _, rows := range [][]row{nil, eventsOf(2, "a"), {{Event: event("b", 5).Event, Rejected: true, Reason: "bad-time", Value: "\xff"}}} {
		b := batchOf(rows)
		f.Add(linesOf(b))
	}
	f.Add([]byte(`{"event_id":"x","start":1,"nature":"unknown","steps":[{"at":1,"restored":2}],"capacity_kva":"NaN","row":3}` + "\n"))
	f.Add([]byte(`{"start":1e3,"nature":"no"}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for line := range bytes.SplitSeq(data, []byte("\n")) {
			checkScan(t, line)
		}
		b := outage.NewBatch(outage.NewDict())
		if decodeRows(b, data) != nil {
			return
		}
		lines := linesOf(b)
		for line := range bytes.SplitSeq(bytes.TrimSuffix(lines, []byte("\n")), []byte("\n")) {
			checkScan(t, line)
		}
		again := outage.NewBatch(outage.NewDict())
		if err := decodeRows(again, lines); err != nil {
			t.Fatalf("%v in\n%s", err, lines)
		}
		if got := linesOf(again); !bytes.Equal(lines, got) {
			t.Errorf("written again\n%s, want\n%s", got, lines)
		}
	})
}

func linesOf(b *outage.Batch) (lines []byte) {
	for i := range b.Len() {
		e := b.Event(i)
		lines = appendRow(lines, &e)
	}
	for i := range b.Rejected {
		lines = appendRejection(lines, &b.Rejected[i])
	}
	return lines
}
