package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// A reader that remembers reads every row as one that has forgotten all rows
// before it: whatever the mapping, the cells, and how much there is room for.
func TestMemory(t *testing.T) {
	t.Parallel()
	opts := shanghai(t)
	rapid.Check(t, func(t *rapid.T) {
		m, err := ParseMapping("m", []byte(rapid.SampledFrom(mappings).Draw(t, "mapping")))
		if err != nil {
			t.Fatal(err)
		}
		book := &sheet{excel: rapid.Bool().Draw(t, "workbook"), y1904: rapid.Bool().Draw(t, "1904")}
		open := func() *eventTaker {
			l, _ := bind([]string{"a", "b", "c", "d", "e", "f", "g"}, m.plan(eventRows))
			taker := newEventTaker(&delivering{plan: m.plan(eventRows), opts: opts}, outage.NewDict(), nil)
			taker.begin(l, book)
			return taker
		}
		remembers, forgets := open(), open()
		remembers.room = rapid.SampledFrom([]int{0, 1, 2, 3, 10, mostKnown}).Draw(t, "room")
		kinds := [...]int{0, 0, 0, 1, 1, 2, 2}
		var cells [len(kinds)][]byte
		for row := range rapid.IntRange(1, 60).Draw(t, "rows") {
			for i, kind := range kinds {
				if rapid.IntRange(0, 2).Draw(t, "new") == 0 {
					words := rapid.OneOf(rapid.SampledFrom(cellWords[kind]), rapid.StringMatching(`[ a-c.0-9E+\-:,]{0,20}`), rapid.Just("1.5E+07"))
					cells[i] = []byte(words.Draw(t, "cell"))
				}
			}
			forgets.forget()
			want := readRow(forgets, outage.Row(row), cells[:])
			if got := readRow(remembers, outage.Row(row), cells[:]); got != want {
				t.Fatalf("row %d of %q is read as\n%s\nwith a memory and as\n%s\nwithout", row, cells, got, want)
			}
		}
	})
}

// readRow is all that a row is read as.
func readRow(t *eventTaker, row outage.Row, cells [][]byte) string {
	reason, f := t.read(row, cells)
	return fmt.Sprintf("%+v %q %s", t.rec.event(t.dict), reason, f)
}

// A memory holds no more cells than there is room for.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	l, _ := bind([]string{"event_id", "start", "nature"}, newPlan(eventRows))
	taker := newEventTaker(&delivering{plan: newPlan(eventRows), opts: shanghai(t)}, outage.NewDict(), nil)
	taker.room = 10
	taker.begin(l, &sheet{})
	for i := range 100 {
		readRow(taker, outage.Row(i), [][]byte{[]byte("E1"), []byte("2021-01-05 08:00:00"), fmt.Append(nil, "word", i)})
	}
	if got := taker.memories[fieldNature].known.Len(); got != 10 {
		t.Errorf("%d cells are kept, want 10", got)
	}
}

// A time of the usual form is read straight from its cell as it is read with
// care.
func TestUsualTimes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := newPlan(eventRows)
		p.empty = rapid.SampledFrom([][]string{nil, {"x"}, {"2021-01-05 08:00:00"}}).Draw(t, "empty")
		l, _ := bind([]string{"event_id", "start"}, p)
		c := &clockwork{layout: l}
		cell := rapid.OneOf(
			rapid.Just("2021-01-05 08:00:00"), rapid.StringMatching(`[0-9]{4}[-/.][01][0-9][-/.][0-3][0-9][ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9]`),
			rapid.StringMatching(`[ 0-9]{4}[-/][ 0-9]{2}[-/][ 0-9]{2}[ T][ 0-9]{2}[: ][ 0-9]{2}[: ][ 0-9]{2}`), rapid.StringN(0, 19, 19),
		).Draw(t, "cell")
		cells := [][]byte{nil, []byte(cell)}
		got, given, ok := c.reading(fieldStart, cells)
		l.places[fieldStart].usual = false
		want, wantGiven, wantOK := c.reading(fieldStart, cells)
		if got != want && ok || given != wantGiven || ok != wantOK {
			t.Fatalf("%q is %+v, %v, %v; with care it is %+v, %v, %v", cell, got, given, ok, want, wantGiven, wantOK)
		}
	})
}

// Words for nothing are those of the list in any case, whatever letter they begin
// with.
func TestIsEmpty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := &layout{}
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"x", "Kk", "0", "0a", "已作废", "İ", "--x", " y "}), 0, 4).Draw(t, "words")
		l.setEmpty(words)
		text := rapid.OneOf(rapid.SampledFrom([]string{"K", "Kk", "NA", "n/A", "NULL", `\N`, "İ", "i̇", "0A", "0a", "00", "X", "无", "\xff"}), rapid.StringN(0, 5, 6)).Draw(t, "text")
		want := l.empty[strings.ToLower(text)] && len(text) <= l.longest
		if text == "" {
			want = true
		} else if text[0] >= '0' && text[0] <= '9' {
			want = want && l.empty[text]
		}
		if got := l.isEmpty([]byte(text)); got != want {
			t.Fatalf("%q with %q is empty: %v, want %v", text, words, got, want)
		}
	})
}

// What clocks show is what the zone says, whichever instant was asked for before.
func TestWall(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"} {
		zone := &zoneClock{loc: location(t, name)}
		rapid.Check(t, func(t *rapid.T) {
			at := rapid.OneOf(rapid.Int64Range(-3e9, 5e9), rapid.Int64Range(1.6e9, 1.64e9)).Draw(t, "at")
			_, offset := time.Unix(at, 0).In(zone.loc).Zone()
			if got, want := zone.wall(at), at+int64(offset); got != want {
				t.Fatalf("%s: clocks show %d at %d, want %d", name, got, at, want)
			}
		})
	}
}
