package ingest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// A drawnText is a delivery that has everything in it that a text can have.
type drawnText struct {
	text    []byte
	mapping string
}

// mappings are ways to read the columns a to g, which hold what their places say.
var mappings = []string{
	"columns: {event_id: a, feeder_id: b, unit_id: c, start: d, end: e, nature: f, cause: g}",
	"{columns: {event_id: [a, b], feeder_id: {value: F1}, unit_id: c, start: d, end: e, area: f, class: g}, empty: [x, E1, '0'], source: s}",
	"{columns: {event_id: a, source: b, stage: c, start: d, end: e, nature: f, technical_cause: g}, values: {nature: {x: fault_internal, 检修: planned_maintenance}, source: {'F1': '', 'x': y}, technical_cause: {'': z}}}",
	"{columns: {event_id: a, unit_id: [b, c], start: {date: d, time: e}, nature: f, cause: g}, empty: [2021-01-05]}",
	"{columns: {event_id: a, feeder_id: b, unit_id: c, start: d, end: e, customers: f, cause: g}, empty: ['2021-01-05 08:00:00']}",
	"{columns: {event_id: a, start: d, end: e}, zone: {column: f, values: {x: America/New_York, 检修: Asia/Shanghai}}}",
}

// cellWords are what cells can hold, by kind: names, times and words; the first
// of a kind are drawn most often.
var cellWords = [3][]string{
	{"E1", "E2", "F1", " F1 ", "12", "12.0", "0.0", "合计", "total", "", "NA", "-", "无", "x", strings.Repeat("long", 30), "\u3000E1", "\ufeffE1", "E1\u200b", "K", "\xff"},
	{"2021-01-05 08:00:00", "2021-01-05 09:00:00", "2021-01-05T23:59:59", "2021/1/5 8:03", " 2021-01-05 08:00:00", "2021-01-05T08:00:00+08:00", "2021-03-14 02:30:00", "2021-11-07 01:30:00", "1970-01-01 00:00:00", "2021-13-05 08:00:00", "2021-01-05 24:00:00", "2021-01-05", "08:03", "44201.5", "", "null", "x", "0021-01-05 08:00:00"},
	{"fault_internal", "检修", "x", "", "N/A", "西宁市", "市区", " 市区", "planned_maintenance", "12", "1,200", "-5", "NONE", "none", "ſ"},
}

// drawText draws a text of rows and of what disturbs them.
func drawText(t *rapid.T) drawnText {
	end := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "line end")
	word := func(kind int, label string) string {
		words := cellWords[kind]
		if rapid.IntRange(0, 9).Draw(t, "usual") < 8 {
			words = words[:2]
		}
		w := rapid.SampledFrom(words).Draw(t, label)
		if strings.Contains(w, ",") || rapid.IntRange(0, 19).Draw(t, "quoted") == 0 {
			w = `"` + w + rapid.SampledFrom([]string{"", `""`, "\n", "\r\n", ","}).Draw(t, "in quotes") + `"`
		}
		return w
	}
	var text strings.Builder
	text.WriteString(rapid.SampledFrom([]string{"", "title\n", "\n\n", "\"a\nb\"\n"}).Draw(t, "title") + "a,b,c,d,e,f,g" + end)
	text.WriteString(rapid.SampledFrom([]string{"", "", "(户),,,yyyy-mm-dd,,,\n", "\"x\"y\n"}).Draw(t, "units"))
	for range rapid.IntRange(0, 40).Draw(t, "rows") {
		if odd := rapid.IntRange(0, 40).Draw(t, "odd"); odd < 8 {
			text.WriteString([...]string{"", "a,\"b\n", "\"a\"b,c", "合计,,,,,,", "too,few", ",,,,,,", "5\" pipe,b,c,2021-01-05 08:00:00,,,", "1,2,3,4,5,6,7,8"}[odd] + end)
			continue
		}
		names := word(0, "a") + "," + word(0, "b") + "," + word(0, "c") + "," + word(1, "d") + "," + word(1, "e")
		text.WriteString(names + "," + word(2, "f") + "," + word(2, "g") + end)
	}
	text.WriteString(rapid.SampledFrom([]string{"", "", "E9", "\"", "\r"}).Draw(t, "end"))
	d := drawnText{text: []byte(text.String()), mapping: rapid.SampledFrom(mappings).Draw(t, "mapping")}
	if rapid.IntRange(0, 4).Draw(t, "GB18030") == 0 {
		if encoded, err := simplifiedchinese.GB18030.NewEncoder().Bytes(d.text); err == nil {
			d.text = encoded
		}
	}
	return d
}

// An outcome is all that a reading gave, in order.
type outcome struct {
	Rows     []string
	Delivery string
	Err      string
}

// readIn reads a text in portions of a size, 0 for the whole at once.
func readIn(size int, text []byte, opts Options, refuse int) outcome {
	var o outcome
	taken := 0
	emit := func(b *outage.Batch) error {
		if taken += b.Len() + len(b.Rejected); taken > refuse {
			return errors.New("no more")
		}
		events, rejected := 0, b.Rejected
		for events < b.Len() || len(rejected) > 0 {
			if len(rejected) == 0 || events < b.Len() && b.Row[events] < rejected[0].Row {
				o.Rows = append(o.Rows, fmt.Sprintf("%+v", b.Event(events)))
				events++
				continue
			}
			o.Rows = append(o.Rows, fmt.Sprintf("%+v", rejected[0]))
			rejected = rejected[1:]
		}
		return nil
	}
	d, err := deliver("events", bytes.NewReader(text), "", opts, eventRows, func(d *delivering) handler {
		taker := newEventTaker(d, outage.NewDict(), emit)
		taker.portion = size
		return taker
	})
	if err != nil {
		return outcome{Err: err.Error()} // nothing that was emitted counts
	}
	o.Delivery = fmt.Sprintf("%+v", *d)
	return o
}

// A text read in portions by several goroutines gives what it gives when read at
// once: each event and rejection in its place, every count, warning and error.
func TestPortionsOfText(t *testing.T) {
	opts := shanghai(t)
	for _, procs := range []int{1, 2, 8} {
		t.Run(fmt.Sprint(procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			rapid.Check(t, func(t *rapid.T) {
				drawn := drawText(t)
				m, err := ParseMapping("m", []byte(drawn.mapping))
				if err != nil {
					t.Fatal(err)
				}
				opts := opts
				opts.Mapping = m
				opts.Limits = Limits{Record: rapid.SampledFrom([]int{0, 0, 0, 200}).Draw(t, "limit"), Columns: rapid.SampledFrom([]int{0, 0, 0, 7}).Draw(t, "columns")}
				want := readIn(0, drawn.text, opts, 1000)
				got := readIn(rapid.IntRange(1, len(drawn.text)).Draw(t, "size"), drawn.text, opts, 1000)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%q (-whole +portions):\n%s", drawn.text, diff)
				}
			})
		})
	}
}

// Portions come back with what is broken behind them, after all that came before.
func TestPortionsOfBrokenText(t *testing.T) {
	t.Parallel()
	rows := strings.Repeat("E1,2021-01-05 08:00:00,2021-01-05 09:00:00\n", 3000)
	tests := []struct {
		name, middle string
		refuse       int
		want         string
	}{
		{"record beyond the limit", strings.Repeat("x", 2000), 1 << 20, "the record on line 3002 is longer than the limit of 1000 bytes"},
		{"too many columns", strings.Repeat(",", 20), 1 << 20, "line 3002 has 21 columns, more than the limit of 10"},
		{"a taker that refuses", "", 2000, "take a batch: no more"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := shanghai(t)
			opts.Limits = Limits{Record: 1000, Columns: 10}
			for _, size := range []int{0, 100, 5000} {
				if got := readIn(size, []byte("event_id,start,end\n"+rows+tt.middle+"\n"+rows), opts, tt.refuse); got.Err != "events: "+tt.want {
					t.Errorf("portions of %d bytes: error %q, want %q", size, got.Err, tt.want)
				}
			}
		})
	}
}

// What several goroutines look at is what was read, whole and in order.
func TestShare(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("0123456789\n"), (5*shareSize+123)/11)
	refused := errors.New("refused")
	for _, limit := range []int{len(text), 2*shareSize + 1} {
		var looked, a, b []byte
		err := share(bytes.NewReader(text), func(p []byte) error {
			if looked = append(looked, p...); len(looked) > limit {
				return refused
			}
			return nil
		}, func(p []byte) { a = append(a, p...) }, func(p []byte) { b = append(b, p...) })
		want := text
		if limit < len(text) {
			want = text[:2*shareSize]
			if !errors.Is(err, refused) {
				t.Errorf("error %v, want that of the look", err)
			}
		} else if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, want) || !bytes.Equal(b, want) {
			t.Errorf("of %d bytes the takers saw %d and %d, want the first %d", len(text), len(a), len(b), len(want))
		}
	}
	broken := errors.New("the wire is cut")
	if err := share(io.MultiReader(bytes.NewReader(text), failing{broken}), func([]byte) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("error %v, want that of the stream", err)
	}
}

// The survey finds the first byte that is not UTF-8 wherever it lies, and hashes
// all of a text.
func TestSurveyOfLongText(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("event,中文,\n"), 3<<20/14)
	for _, at := range []int{-1, 10, headSize - 1, headSize, headSize + shareSize - 1, headSize + shareSize, len(text) - 1} {
		broken := bytes.Clone(text)
		want := int64(-1)
		if at >= 0 {
			broken[at] = 0xFF
			want = int64(at)
			for !utf8.Valid(text[:want]) {
				want-- // the first byte of the character that it breaks
			}
		}
		s, err := take(bytes.NewReader(broken), "", DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(broken); s.badUTF8 != want || s.sha256 != hex.EncodeToString(sum[:]) || s.raw != int64(len(broken)) {
			t.Errorf("with 0xFF at %d: wrong at %d, want %d; hash %s of %d bytes", at, s.badUTF8, want, s.sha256, s.raw)
		}
	}
}
