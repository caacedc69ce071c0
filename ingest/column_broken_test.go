package ingest

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// typedColumns is a file of outages with columns of all the usual kinds.
func typedColumns(t testing.TB, format string, rows int) []byte {
	t.Helper()
	columns := []columnar.Column{
		{Name: "event_id", Kind: columnar.Text}, {Name: "feeder_id", Kind: columnar.Text}, {Name: "unit_id", Kind: columnar.Integer},
		{Name: "start", Kind: columnar.Moment}, {Name: "end", Kind: columnar.Moment, HasZone: true},
		{Name: "customers", Kind: columnar.Integer}, {Name: "nature", Kind: columnar.Text},
	}
	b := &columnar.Batch{Rows: rows, Columns: make([]columnar.Values, len(columns))}
	for i, c := range columns {
		v := &b.Columns[i]
		v.Column = c
		if c.Kind == columnar.Text {
			v.Dict = columnar.NewDict(columnar.Limits{})
		}
		for k := range rows {
			v.Null = append(v.Null, i > 3 && k%11 == i)
			switch c.Kind {
			case columnar.Text:
				texts := []string{"E1", "海东", "计划检修", "x", "限电"}
				code, err := v.Dict.Intern([]byte(texts[(k+i)%len(texts)] + strings.Repeat("i", k%3)))
				if err != nil {
					t.Fatal(err)
				}
				v.Text = append(v.Text, code)
			case columnar.Moment:
				v.Int = append(v.Int, 1_609_804_980+int64(k*977+i*3600))
			default:
				v.Int = append(v.Int, int64(k%150))
			}
		}
	}
	return columnFile(t, format, columns, b)
}

// damaged breaks a file: its end cut off, bytes or a length changed.
func damaged(random *rand.Rand, data []byte) []byte {
	data = bytes.Clone(data)
	at := random.IntN(len(data) - 8)
	if random.IntN(2) == 0 { // most of what can go wrong stands near the end
		at = max(0, len(data)-9-random.IntN(600))
	}
	switch random.IntN(4) {
	case 0:
		return data[:at]
	case 1:
		binary.LittleEndian.PutUint32(data[at:], random.Uint32())
	case 2:
		binary.LittleEndian.PutUint64(data[at:], random.Uint64()>>random.IntN(64))
	default:
		data[at] ^= 1 << random.IntN(8)
	}
	return data
}

// Broken files end in an error or in rows that add up, in time and in memory,
// as events and as a base.
func TestBrokenColumns(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	formats := slices.Sorted(maps.Keys(columnWriters))
	var seeds [][]byte
	for _, format := range formats {
		seeds = append(seeds, typedColumns(t, format, 40))
	}
	opts := shanghai(t)
	var whole, refused int
	for i := range 600 {
		data := damaged(random, seeds[i%len(seeds)])
		begun := time.Now()
		if _, err := gather(t, "broken", data, opts); err != nil {
			refused++
		} else {
			whole++
		}
		_, _, _ = Base("broken", bytes.NewReader(data), opts)
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("file %d (%s) took %v", i, formats[i%len(formats)], took)
		}
		var m runtime.MemStats
		if runtime.ReadMemStats(&m); m.HeapSys-m.HeapReleased > 1<<30 {
			t.Fatalf("file %d (%s): the heap has grown to %d MiB", i, formats[i%len(formats)], (m.HeapSys-m.HeapReleased)>>20)
		}
	}
	if whole == 0 || refused < 100 {
		t.Errorf("%d files were read and %d refused: that is no damage", whole, refused)
	}
}

// No bytes behind the marks of files of columns make the reading panic, and the
// counts of what it accepts add up.
func FuzzColumns(f *testing.F) {
	for format := range columnWriters {
		f.Add(typedColumns(f, format, 20))
		f.Add(gzipped(f, textColumns(f, format, append([][]string{sampleHeader}, sampleRows(3)...))))
	}
	f.Add([]byte("PAR1PAR1"))
	f.Add([]byte("ARROW1\x00\x00\xff\xff\xff\xff\x08\x00\x00\x00ARROW1"))
	opts := shanghai(f)
	opts.Limits = Limits{Decompressed: 16 << 20, RatioFrom: 1 << 20}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := gather(t, "fuzz", data, opts)
		if err == nil {
			for _, e := range r.Events {
				if reason, column := e.Impossible(); reason != "" || e.ID == "" {
					t.Fatalf("accepted %+v: %s of %s", e, reason, column)
				}
			}
		}
		_, _, _ = Base("fuzz", bytes.NewReader(data), opts)
	})
}

// A file that says of itself that it has many rows, in a few bytes, is refused
// before they are handed out.
func TestColumnsOfNothing(t *testing.T) {
	t.Parallel()
	columns := []columnar.Column{{Name: "event_id", Kind: columnar.Text}, {Name: "start", Kind: columnar.Moment}}
	dict := columnar.NewDict(columnar.Limits{})
	null := slices.Repeat([]bool{true}, 60_000)
	b := &columnar.Batch{Rows: len(null), Columns: []columnar.Values{
		{Column: columns[0], Dict: dict, Text: make([]uint32, len(null)), Null: null}, {Column: columns[1], Int: make([]int64, len(null)), Null: null},
	}}
	for _, format := range []string{"parquet", "arrow file", "arrow stream"} {
		data := columnFile(t, format, columns, slices.Repeat([]*columnar.Batch{b}, 10)...)
		opts := shanghai(t)
		opts.Limits = Limits{Ratio: 2, RatioFrom: 100_000}
		_, err := gather(t, "nothing", data, opts)
		wantError(t, err, "nothing: ", "more than the limit of 2 cells a byte")
	}
}

// What a file of columns lacks is said as it is of other files, and nested
// columns are named.
func TestColumnHeaders(t *testing.T) {
	t.Parallel()
	data := typedColumns(t, "parquet", 5)
	tests := []struct {
		name, mapping string
		want          []string
	}{
		{"a column of the mapping", "columns: {cause: Ursache}", []string{"the mapping m.yaml does not fit", `column "Ursache" for cause is not in the file`}},
		{"a misspelt one", "columns: {event_id: event_di}", []string{`did you mean "event_id"?`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := shanghai(t)
			m, err := ParseMapping("m.yaml", []byte(tt.mapping))
			if err != nil {
				t.Fatal(err)
			}
			opts.Mapping = m
			_, err = gather(t, "a.parquet", data, opts)
			wantError(t, err, append(tt.want, "a.parquet: ")...)
		})
	}
	_, err := gather(t, "a.parquet", textColumns(t, "parquet", [][]string{{"a", "b"}, {"1", "2"}}), shanghai(t))
	wantError(t, err, "no event header", "event_id and start", `"a", "b"`)
	_, err = gather(t, "old.arrow", []byte{0x84, 0, 0, 0, 0x10, 0, 0, 0, 0, 0}, shanghai(t))
	wantError(t, err, "before 0.15")
}

// Names of files and mappings that say something else are noted.
func TestColumnWarnings(t *testing.T) {
	t.Parallel()
	data := typedColumns(t, "parquet", 5)
	for name, want := range map[string]string{"a.csv": "does not tell that the content is parquet", "a.parquet": ""} {
		r, err := gather(t, name, data, shanghai(t))
		if err != nil {
			t.Fatal(err)
		}
		if notes := r.Delivery.Warnings; want == "" && len(notes) > 0 || want != "" && (len(notes) != 1 || !strings.Contains(notes[0].String(), want)) {
			t.Errorf("%s: warnings %v, want %q", name, notes, want)
		}
	}
	for format, warns := range map[string]bool{"parquet": false, "arrow": true, "csv": true} {
		opts := shanghai(t)
		opts.Mapping = mapping(t, "format: "+format)
		r, err := gather(t, "a.parquet", data, opts)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(r.Delivery.Warnings) > 0; got != warns {
			t.Errorf("format %s: warnings %v", format, r.Delivery.Warnings)
		}
	}
}

// A layout is for texts: a typed time is what it is. A day that is written as
// midnight makes a time with a clock.
func TestColumnTimes(t *testing.T) {
	t.Parallel()
	columns := []columnar.Column{
		{Name: "event_id", Kind: columnar.Integer}, {Name: "start", Kind: columnar.Moment}, {Name: "day", Kind: columnar.Date},
		{Name: "midnight", Kind: columnar.Moment}, {Name: "clock", Kind: columnar.Clock},
	}
	b := &columnar.Batch{Rows: 1, Columns: []columnar.Values{
		{Column: columns[0], Int: []int64{7}}, {Column: columns[1], Int: []int64{1_609_833_600}}, {Column: columns[2], Int: []int64{18_632}},
		{Column: columns[3], Int: []int64{18_632 * 86400}}, {Column: columns[4], Int: []int64{8*3600 + 180}},
	}}
	data := columnFile(t, "parquet", columns, b)
	for name, text := range map[string]string{
		"a layout for a moment":  "columns: {start: {column: start, layout: dd/MM/yyyy}}",
		"a day and a clock":      "columns: {start: {date: day, time: clock}}",
		"a midnight and a clock": "columns: {start: {date: midnight, time: clock}}",
	} {
		opts := shanghai(t)
		opts.Mapping = mapping(t, text)
		r, err := gather(t, "a.parquet", data, opts)
		if err != nil {
			t.Fatal(err)
		}
		want := instant(t, "2021-01-05T08:03:00+08:00")
		if name == "a layout for a moment" {
			want = instant(t, "2021-01-05T08:00:00+08:00")
		}
		if len(r.Events) != 1 || r.Events[0].Start != want || r.Events[0].ID != "7" {
			t.Errorf("%s: got %+v, rejected %+v, want a start at %d", name, r.Events, r.Rejected, want)
		}
	}
}

// Texts that are not UTF-8 reject their rows.
func TestColumnsOfBytes(t *testing.T) {
	t.Parallel()
	for format := range columnWriters {
		data := textColumns(t, format, [][]string{{"event_id", "start", "cause"}, {"E1", "2021-01-05", "\xff"}, {"E2", "2021-01-05", "x"}, {"\xfe", "2021-01-05", "x"}})
		r, err := gather(t, "a", data, shanghai(t))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Events) != 1 || r.Events[0].Row != 2 || len(r.Rejected) != 2 || r.Rejected[0].Reason != outage.Malformed || r.Rejected[1].Row != 3 {
			t.Errorf("%s: events %+v, rejected %+v", format, r.Events, r.Rejected)
		}
	}
}
