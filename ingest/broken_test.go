package ingest

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"github.com/xuri/excelize/v2"

	"github.com/saidi-exporter/saidi/outage"
)

const sample = "event_id,start,end,customers\nE1,2021-01-05 08:00:00,2021-01-05 10:00:00,12\n"

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(data)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zstandard(t testing.TB, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

func zipped(t testing.TB, name string, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	part, err := w.Create(name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What cannot be read is an error that names the path and the remedy.
func TestBroken(t *testing.T) {
	t.Parallel()
	book := workbookOf(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"event_id", "start"}, []any{"E1", 44201})
	})
	zeros := bytes.Repeat([]byte("a,b\n"), 2<<20)
	small := Limits{Record: 1000, Columns: 10, Decompressed: 5 << 20}
	tests := []struct {
		name   string
		data   []byte
		limits Limits
		want   []string
	}{
		{"empty", nil, Limits{}, []string{"the file is empty"}},
		{"empty inside gzip", gzipped(t, nil), Limits{}, []string{"the file is empty"}},
		{"blank", []byte(" \n\n"), Limits{}, []string{"no rows"}},
		{"binary", append([]byte("event_id,start\n"), 0, 1, 2), Limits{}, []string{"binary"}},
		{"control characters", []byte(strings.Repeat("ab\x01\x02", 50)), Limits{}, []string{"binary"}},
		{"old Excel", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1and more"), Limits{}, []string{".xls", "save it as .xlsx"}},
		{"HTML", []byte("<html><table></table></html>"), Limits{}, []string{"HTML"}},
		{"Parquet", []byte("PAR1...."), Limits{}, []string{"Parquet"}},
		{"another archive", zipped(t, "readme.txt", []byte("x")), Limits{}, []string{"not an XLSX workbook"}},
		{"workbook cut short", book[:len(book)*2/3], Limits{}, []string{"cut short?"}},
		{"gzip cut short", gzipped(t, []byte(strings.Repeat(sample, 1000)))[:100], Limits{}, []string{"decompress gzip"}},
		{"zstd cut short", zstandard(t, []byte(strings.Repeat(sample, 1000)))[:30], Limits{}, []string{"decompress zstd"}},
		{"gzip bomb", gzipped(t, zeros), Limits{Ratio: 100, RatioFrom: 1 << 20}, []string{"more than the limit of 100 times"}},
		{"large after decompression", gzipped(t, zeros), small, []string{"limit of 5242880 bytes"}},
		{"spool too large", zeros, small, []string{"limit for a temporary copy"}},
		{"workbook bomb", zipped(t, "xl/workbook.xml", make([]byte, 8<<20)), Limits{Ratio: 500, RatioFrom: 1 << 20}, []string{"more than the limit of 500 times"}},
		{"long line", []byte("event_id,start\n" + strings.Repeat("x", 2000)), small, []string{"limit of 1000 bytes"}},
		{"many columns", []byte(strings.Repeat("a,", 20)), small, []string{"more than the limit of 10"}},
		{"neither UTF-8 nor GB18030", []byte("event_id,start,cause\nE1,2021-01-05 08:00:00,Não \xff\n"), Limits{}, []string{"offset", "encoding: latin-1"}},
		{"array breaks off", []byte(`[{"event_id":"E1","start":"2021-01-05 08:00:00"},`), Limits{}, []string{"breaks off"}},
		{"JSON over several lines", []byte("{\n\"event_id\": \"E1\"\n}\n"), Limits{}, []string{"one object a line"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := shanghai(t)
			opts.Limits = tt.limits
			_, err := gather(t, "some.file", tt.data, opts)
			if tt.name == "spool too large" {
				_, err = Events("some.file", io.MultiReader(bytes.NewReader(tt.data)), opts, func(*outage.Batch) error { return nil })
			}
			wantError(t, err, append(tt.want, "some.file: ")...)
		})
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, path := range []string{folder, filepath.Join(folder, "missing.csv")} {
		_, err := EventsFile(path, shanghai(t), func(*outage.Batch) error { return nil })
		wantError(t, err, path)
		_, _, err = BaseFile(path, shanghai(t))
		wantError(t, err, path)
	}
	_, err := EventsFile(folder, Options{}, func(*outage.Batch) error { return nil })
	wantError(t, err, folder)
	_, err = Events("x", strings.NewReader(sample), Options{}, func(*outage.Batch) error { return nil })
	wantError(t, err, "time zone")
}

// endless is a line without an end of so many bytes.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= n
	return n, nil
}

// A line of 1 GB fails long before its end and without its size in memory.
func TestLineOfOneGigabyte(t *testing.T) {
	line := &endless{left: 1 << 30}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Events("long.csv", io.MultiReader(strings.NewReader("event_id,start\n"), line), shanghai(t), func(*outage.Batch) error { return nil })
	runtime.ReadMemStats(&after)
	wantError(t, err, "long.csv", "longer than the limit of 4194304 bytes")
	if read := 1<<30 - line.left; read > 64<<20 {
		t.Errorf("read %d bytes of the line", read)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
		t.Errorf("took %d bytes of memory", grown)
	}
}

func TestHeaderOnly(t *testing.T) {
	t.Parallel()
	r := read(t, "event_id,start,end\n", shanghai(t))
	if r.Delivery.Rows != 0 || len(r.Delivery.Warnings) != 1 || !strings.Contains(r.Delivery.Warnings[0].String(), "no rows") {
		t.Errorf("got %+v, want no rows and a warning", r.Delivery)
	}
}

// A stream that breaks is an error, and so is a taker that refuses.
func TestStreamAndTakerErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("the wire is cut")
	for _, err := range []error{broken, io.ErrUnexpectedEOF} {
		_, got := Events("x", io.MultiReader(strings.NewReader(sample), iotest.ErrReader(err)), shanghai(t), func(*outage.Batch) error { return nil })
		if !errors.Is(got, err) {
			t.Errorf("error %v, want %v", got, err)
		}
	}
	_, got := Events("x", strings.NewReader(sample), shanghai(t), func(*outage.Batch) error { return broken })
	if !errors.Is(got, broken) {
		t.Errorf("error %v, want that of the taker", got)
	}
}

// The hash is that of the bytes as they came, whatever they are packed in, and
// progress reaches their number.
func TestHashAndProgress(t *testing.T) {
	t.Parallel()
	book := workbookOf(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"event_id", "start"}, []any{"E1", 44201})
	})
	for name, data := range map[string][]byte{"plain": []byte(sample), "gzip": gzipped(t, []byte(sample)), "workbook": book, "packed workbook": zstandard(t, book)} {
		var taken int64
		opts := shanghai(t)
		opts.Progress = func(n int64) { taken = n }
		r, err := gather(t, name, data, opts)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		if r.Delivery.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: hash %s", name, r.Delivery.SHA256)
		}
		if taken != int64(len(data)) {
			t.Errorf("%s: progress ends at %d of %d", name, taken, len(data))
		}
	}
}

// Nothing that was spooled or unpacked stays behind.
func TestNoTemporaryFilesStay(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	book := workbookOf(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"event_id", "start"}, []any{"E1", 44201})
	})
	for _, data := range [][]byte{[]byte(sample), gzipped(t, book), book, book[:100], []byte("x\x00"), nil} {
		_, _ = Events("x", io.MultiReader(bytes.NewReader(data)), shanghai(t), func(*outage.Batch) error { return nil })
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Errorf("%v left behind, %v", left, err)
	}
}

// Where rows are limited, those that are skipped count, and blank ones do not; who
// is gone is not read for.
func TestRowsAreLimited(t *testing.T) {
	t.Parallel()
	const head = "event_id,start,end,feeder_id,customers\n"
	row := func(i int) string { return fmt.Sprintf("E%d,2021-01-05 08:00:00,2021-01-05 09:00:00,F1,1\n", i) }
	rows := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(row(i))
		}
		return b.String()
	}
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"as many as may", head + rows(10), true},
		{"one more", head + rows(11), false},
		{"blank ones between", head + strings.Repeat("\n", 1000) + rows(10) + strings.Repeat(",,,,\n", 1000), true},
		{"total rows", head + strings.Repeat("合计,,,,5\n", 11), false},
		{"malformed ones", head + strings.Repeat("a,b\n", 11), false},
		{"title rows", strings.Repeat("title\n", 10) + head + rows(10), true},
		{"objects", strings.Repeat(`{"event_id":"E","start":"2021-01-05 08:00:00"}`+"\n", 11), false},
		{"what is divided elsewhere", head + rows(60_000), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := shanghai(t)
			opts.Limits.Rows = 10
			if _, err := gather(t, "events", []byte(tt.text), opts); (err == nil) != tt.ok || err != nil && !errors.Is(err, ErrRows) {
				t.Errorf("error %v, want one: %t", err, !tt.ok)
			}
			asked, gone := 0, errors.New("gone")
			opts = shanghai(t)
			opts.Wanted = func() error {
				if asked++; asked > 5 {
					return gone
				}
				return nil
			}
			if _, err := gather(t, "events", []byte(tt.text), opts); !errors.Is(err, gone) || asked != 6 {
				t.Errorf("error %v after it was asked %d times, want that nobody wants it after 6", err, asked)
			}
		})
	}
}
