package store

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// checkScan reads a line both ways: what the scan can read, a reader of JSON
// reads so, too, and of what it cannot read it leaves nothing.
func checkScan(t failer, line []byte) (read bool) {
	t.Helper()
	b, want := outage.NewBatch(outage.NewDict()), outage.NewBatch(outage.NewDict())
	before := bytes.Clone(line)
	read = new(scan).row(b, line)
	if !bytes.Equal(line, before) {
		t.Fatalf("%q became %q", before, line)
	}
	if read {
		if err := decodeRow(want, line); err != nil {
			t.Fatalf("read %q, which JSON cannot: %v", line, err)
		}
	}
	if d := diff(want.Dict.Texts(), b.Dict.Texts()); d != "" {
		t.Errorf("texts of %q (-want +got):\n%s", line, d)
	}
	if d := diff(eventsIn(want), eventsIn(b)); d != "" {
		t.Errorf("rows of %q (-want +got):\n%s", line, d)
	}
	if d := diff(want.Rejected, b.Rejected); d != "" {
		t.Errorf("rejected rows of %q (-want +got):\n%s", line, d)
	}
	return read
}

func eventsIn(b *outage.Batch) (list []outage.Event) {
	for i := range b.Len() {
		list = append(list, b.Event(i))
	}
	return list
}

// lineOf is a row as the tail has it, without the end of the line.
func lineOf(r row) []byte { return bytes.TrimSuffix(linesOf(batchOf([]row{r})), []byte("\n")) }

// isPlain says whether the scan is to read a row: whether its texts are texts
// and its numbers of the usual kind.
func isPlain(r *row) bool {
	e := &r.Event
	for _, text := range []string{e.ID, e.Source, e.Feeder, e.Unit, e.Area, e.Class, e.Cause, e.TechnicalCause, e.Stage, r.Column, r.Value, r.Reason} {
		if sealed(text) != text {
			return false
		}
	}
	numbers := []int64{e.Customers, e.Revision}
	for _, s := range e.Steps {
		numbers = append(numbers, s.At, s.Restored)
	}
	most := int64(999_999_999_999_999_999)
	return slices.Max(numbers) <= most && slices.Min(numbers) >= -most && !math.IsNaN(e.CapacityKVA) && !math.IsInf(e.CapacityKVA, 0)
}

// The scan reads all rows as they are written but those of odd texts and numbers,
// and reads them as JSON does.
func TestLawScan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRow(t)
		line := lineOf(r)
		if read := checkScan(t, line); read != isPlain(&r) {
			t.Errorf("%q: read %t, want %t", line, read, isPlain(&r))
		}
	})
}

// A line that was changed is read as JSON does, or not at all.
func TestLawScanChanged(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"", "", " ", ",", `"`, `\`, "{", "}", "[", "]", "0", "9", "-", ".", "e", "\x00", "\x1f", "\x7f", "\xff", "\xef\xbf\xbf", "null", "true", "false", `""`,
		`\u0000`, `\u001F`, `\u0020`, `\n`, `\ud800`, `"end":1,`, `"End":1`, `,"reason":"x"`, `,"steps":[]`, `"flags":65536`, `"row":4294967296`, `"nature":"Unknown"`, "999999999999999999",
	}
	rapid.Check(t, func(t *rapid.T) {
		line := lineOf(drawRow(t))
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			from := rapid.IntRange(0, len(line)).Draw(t, "from")
			to := min(len(line), from+rapid.IntRange(0, 3).Draw(t, "fewer"))
			line = slices.Replace(line, from, to, []byte(rapid.SampledFrom(pieces).Draw(t, "piece"))...)
		}
		checkScan(t, line)
	})
}

// Lines that are spelt in another way are read all the same, at their own pace.
func TestDecodeOther(t *testing.T) {
	t.Parallel()
	plain := outage.Event{Row: 3, ID: "x", Source: "oms", Start: 1, End: outage.Open, Customers: outage.Missing, Served: outage.Missing}
	changed := func(change func(*outage.Event)) outage.Event {
		e := plain
		change(&e)
		return e
	}
	for _, c := range []struct {
		name, line string
		want       outage.Event
		scanned    bool
	}{
		{"as it is written", `{"event_id":"x","source":"oms","start":1,"nature":"unknown","row":3}`, plain, true},
		{"another order", `{"row":3,"nature":"unknown","start":1,"source":"oms","event_id":"x"}`, plain, false},
		{"blanks", ` { "event_id" : "x", "source": "oms", "start": 1, "nature": "unknown", "row": 3 } `, plain, false},
		{"names in capitals", `{"EVENT_ID":"x","SOURCE":"oms","START":1,"NATURE":"unknown","ROW":3}`, plain, false},
		{"unknown field", `{"event_id":"x","source":"oms","start":1,"nature":"unknown","row":3,"more":[{}]}`, plain, false},
		{"field twice", `{"event_id":"y","event_id":"x","source":"oms","start":1,"nature":"unknown","row":3}`, plain, false},
		{"nulls", `{"event_id":"x","source":"oms","start":1,"end":null,"customers":null,"nature":"unknown","steps":null,"row":3}`, plain, false},
		{"empty texts", `{"event_id":"x","source":"oms","feeder_id":"","start":1,"nature":"unknown","stage":"","row":3}`, plain, true},
		{"no steps", `{"event_id":"x","source":"oms","start":1,"nature":"unknown","steps":[],"row":3}`, plain, false},
		{"not cancelled", `{"event_id":"x","source":"oms","start":1,"nature":"unknown","cancelled":false,"row":3}`, plain, false},
		{"no start", `{"event_id":"x","source":"oms","nature":"unknown","row":3}`, changed(func(e *outage.Event) { e.Start = 0 }), false},
		{"no row", `{"event_id":"x","source":"oms","start":1,"nature":"unknown"}`, changed(func(e *outage.Event) { e.Row = 0 }), false},
		{
			"escapes of its own", `{"event_id":"a\"b\\c\u0000\u001f市","source":"oms","start":1,"nature":"unknown","row":3}`,
			changed(func(e *outage.Event) { e.ID = "a\"b\\c\x00\x1f市" }), true,
		},
		{
			"other escapes", `{"event_id":"\n\/\u5e02\ud83d\ude00\ud800","source":"oms","start":1,"nature":"unknown","row":3}`,
			changed(func(e *outage.Event) { e.ID = "\n/市😀\ufffd" }), false,
		},
		{
			"other bytes escaped", `{"event_id":"\u0041\u00e9\u00af","source":"oms","start":1,"nature":"unknown","row":3}`,
			changed(func(e *outage.Event) { e.ID = "Aé¯" }), false,
		},
		{"escapes in capitals", `{"event_id":"\u001F","source":"oms","start":1,"nature":"unknown","row":3}`, changed(func(e *outage.Event) { e.ID = "\x1f" }), false},
		{"broken text", "{\"event_id\":\"\xff\",\"source\":\"oms\",\"start\":1,\"nature\":\"unknown\",\"row\":3}", changed(func(e *outage.Event) { e.ID = "\ufffd" }), false},
		{"sealed text", `{"event_id":"` + notText + `\"\\xff\"","source":"oms","start":1,"nature":"unknown","row":3}`, changed(func(e *outage.Event) { e.ID = "\xff" }), false},
		{
			"all fields", `{"event_id":"x","source":"oms","start":1,"end":2,"customers":3,"nature":"fault_internal","steps":[{"at":1,"restored":2},{"at":2,"restored":1}],` +
				`"revision":-4,"cancelled":true,"capacity_kva":2.5e-07,"flags":65535,"row":4294967295}`,
			outage.Event{
				Row: math.MaxUint32, ID: "x", Source: "oms", Start: 1, End: 2, Customers: 3, Nature: outage.FaultInternal, Steps: []outage.Step{{At: 1, Restored: 2}, {At: 2, Restored: 1}},
				Revision: -4, Cancelled: true, CapacityKVA: 2.5e-7, Served: outage.Missing, Flags: math.MaxUint16,
			}, true,
		},
		{
			"another spelling of a number", `{"event_id":"x","source":"oms","start":1,"nature":"unknown","capacity_kva":250.0,"row":3}`,
			changed(func(e *outage.Event) { e.CapacityKVA = 250 }), false,
		},
		{
			"a long number", fmt.Sprintf(`{"event_id":"x","source":"oms","start":1,"nature":"unknown","revision":%d,"row":3}`, int64(math.MinInt64)),
			changed(func(e *outage.Event) { e.Revision = math.MinInt64 }), false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if read := checkScan(t, []byte(c.line)); read != c.scanned {
				t.Errorf("scanned %t, want %t", read, c.scanned)
			}
			b := outage.NewBatch(outage.NewDict())
			if err := decodeRows(b, []byte(c.line+"\n")); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]outage.Event{c.want}, eventsIn(b)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// What is no line is an error, in any place of what is read.
func TestDecodeErrors(t *testing.T) {
	t.Parallel()
	good := `{"event_id":"x","start":1,"nature":"unknown","row":3}` + "\n"
	for _, c := range []struct{ name, lines, want string }{
		{"it ends early", good + strings.TrimSuffix(good, "\n"), "line 2: it breaks off"},
		{"empty", good + "\n", "line 2: unexpected end of JSON input"},
		{"a nature", good + good + `{"start":1,"nature":"odd","row":3}` + "\n", `line 3: the nature "odd" is not known`},
		{"too many flags", `{"start":1,"nature":"unknown","flags":65536,"row":3}` + "\n", "line 1: json: cannot unmarshal number 65536 into Go struct field line.flags of type uint16"},
		{"row too large", `{"start":1,"nature":"unknown","row":4294967296}` + "\n", "line 1: json: cannot unmarshal number 4294967296 into Go struct field line.row of type uint32"},
		{"row below nought", `{"start":1,"nature":"unknown","row":-1}` + "\n", "line 1: json: cannot unmarshal number -1 into Go struct field line.row of type uint32"},
		{"no name of the row", `{"start":1,"nature":"unknown","cancelled":true5}` + "\n", "line 1: invalid character '5' after object key:value pair"},
		{"steps without an end", `{"start":1,"nature":"unknown","steps":[{"at":1,"restored":1}` + "\n", "line 1: unexpected end of JSON input"},
		{"steps with a stray name", `{"start":1,"nature":"unknown","steps":[{"at":1,"restored":1},"revision":2,"row":3}` + "\n", "line 1: invalid character ':' after array element"},
		{"more behind it", `{"start":1,"nature":"unknown","row":3}{}` + "\n", "line 1: invalid character '{' after top-level value"},
		{"leading nought", `{"start":01,"nature":"unknown","row":3}` + "\n", "line 1: invalid character '1' after object key:value pair"},
		{"control character behind an escape", `{"event_id":"\\` + "\x01" + `","start":1,"nature":"unknown","row":3}` + "\n", `line 1: invalid character '\x01' in string literal`},
		{"raw control character", `{"event_id":"` + "\x01" + `","start":1,"nature":"unknown","row":3}` + "\n", `line 1: invalid character '\x01' in string literal`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for line := range strings.Lines(c.lines) {
				checkScan(t, []byte(strings.TrimSuffix(line, "\n")))
			}
			err := decodeRows(outage.NewBatch(outage.NewDict()), []byte(c.lines))
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// The sum of a text does not depend on the portions in which it is added up.
func TestLawRowSum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Repeat("a", rapid.IntRange(0, 3*sumPortion).Draw(t, "before")) + rapid.String().Draw(t, "text")
		want := int64(crc32.Checksum([]byte("7\x00"+text+"\x00"), castagnoli()))
		if got := rowSum(int64(7), text); got != want {
			t.Errorf("%d, want %d", got, want)
		}
	})
}
