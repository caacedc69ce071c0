package simulate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
)

// options are those of a small province of three years.
func options(scale float64) Options {
	o := DefaultOptions()
	o.Scale = scale
	return o
}

func province(t testing.TB, o Options) *Province {
	t.Helper()
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// everything is the bytes of all files of a province.
func everything(t *testing.T, o Options, f Format) []byte {
	t.Helper()
	var b bytes.Buffer
	folder := Folder{Province: province(t, o), Format: f}
	for _, file := range folder.Files() {
		if err := file.Write(&b); err != nil {
			t.Fatalf("%s: %v", file.Name, err)
		}
	}
	return b.Bytes()
}

func TestSameOptionsSameBytes(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		for _, units := range []bool{false, true} {
			o := options(0.01)
			o.First, o.Units = o.Last, units
			first := everything(t, o, f)
			if !bytes.Equal(first, everything(t, o, f)) {
				t.Errorf("%s, units %v: the same options make other bytes", f, units)
			}
			o.Seed++
			if bytes.Equal(first, everything(t, o, f)) {
				t.Errorf("%s, units %v: another seed makes the same bytes", f, units)
			}
		}
	}
}

// Every option changes the rows, not just the page that names it.
func TestOtherOptionsOtherRows(t *testing.T) {
	t.Parallel()
	rows := func(o Options) (b bytes.Buffer) {
		if _, err := WriteEvents(&b, CanonicalCSV, province(t, o).Records(First)); err != nil {
			t.Fatal(err)
		}
		return b
	}
	usual := rows(options(0.1))
	for name, change := range map[string]func(*Options){
		"seed": func(o *Options) { o.Seed = 2 }, "first": func(o *Options) { o.First = 2021 }, "last": func(o *Options) { o.Last = 2023 },
		"scale": func(o *Options) { o.Scale = 0.2 }, "units": func(o *Options) { o.Units = true }, "clean": func(o *Options) { o.Clean = true },
	} {
		o := options(0.1)
		change(&o)
		if other := rows(o); bytes.Equal(usual.Bytes(), other.Bytes()) {
			t.Errorf("another %s changes nothing", name)
		}
	}
}

// The bytes are those of every platform: this is what the smallest province
// was when this test was last changed on purpose.
func TestBytesAreThoseOfEveryPlatform(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256(everything(t, options(0.01), CanonicalCSV))
	const want = "e5b9bd295cf45c902a19d486bb3ce4cd6110888a9e82f7ecbc70ec128de1b081"
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("sha256 %s, want %s", got, want)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		change  func(*Options)
		problem string // a part of the error, empty for none
	}{
		{"usual", func(*Options) {}, ""},
		{"one year", func(o *Options) { o.First = o.Last }, ""},
		{"smallest", func(o *Options) { o.Scale = 0.01 }, ""},
		{"years the wrong way round", func(o *Options) { o.First, o.Last = 2022, 2020 }, "years 2022..2020: the first is after the last"},
		{"too early", func(o *Options) { o.First = 1999 }, "years 1999..2022: want years from 2000 to 2099"},
		{"too late", func(o *Options) { o.Last = 2100 }, "years 2020..2100: want years from 2000 to 2099"},
		{"nothing", func(o *Options) { o.Scale = 0 }, "scale 0: want a number from 0.01 to 10000"},
		{"negative", func(o *Options) { o.Scale = -1 }, "scale -1: want"},
		{"too large", func(o *Options) { o.Scale = 10_001 }, "scale 10001: want"},
		{"not a number", func(o *Options) { o.Scale = math.NaN() }, "scale NaN: want"},
		{"infinite", func(o *Options) { o.Scale = math.Inf(1) }, "scale +Inf: want"},
	}
	for _, tt := range tests {
		o := options(0.01)
		tt.change(&o)
		_, err := New(o)
		if (err != nil) != (tt.problem != "") || err != nil && !strings.Contains(err.Error(), tt.problem) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.problem)
		}
	}
}

func TestParseFormat(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		if got, err := ParseFormat(string(f)); got != f || err != nil {
			t.Errorf("ParseFormat(%q) = %q, %v", f, got, err)
		}
	}
	if _, err := ParseFormat("xls"); err == nil || !strings.Contains(err.Error(), "ndjson") {
		t.Errorf("an unknown format: %v", err)
	}
}

// Every class of every area has customers and outages in every year, however
// small the province, but Golog, which delivers in the last year only.
func TestEveryStratumEveryYear(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		o := options(0.01)
		o.Seed = seed
		p := province(t, o)
		customers, events := map[string]int64{}, map[string]map[int]int{}
		for c := range p.Customers() {
			customers[string(c.Area)+" "+string(c.Class)] += c.Customers
		}
		for e := range eventsOf(p, First) {
			key := e.Area + " " + e.Class
			if events[key] == nil {
				events[key] = map[int]int{}
			}
			year, _, _ := date(e.Start).Date()
			events[key][year]++
		}
		for _, s := range strata {
			key := string(s.area) + " " + string(s.class)
			if customers[key] == 0 {
				t.Errorf("seed %d: %s has no customers", seed, key)
			}
			for year := o.First; year <= o.Last; year++ {
				if silent := s.area == "golog" && year < o.Last; (events[key][year] == 0) != silent {
					t.Errorf("seed %d: %s has %d rows in %d", seed, key, events[key][year], year)
				}
			}
		}
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		first, last int
		want        string
	}{
		{2020, 2022, "{from: 2020-01-01, to: 2023-01-01, areas: [xining, haidong, haixi, huangnan, hainan, haibei, yushu]}\n  - {from: 2022-01-01, to: 2023-01-01, areas: [golog]}"},
		{2022, 2022, "{from: 2022-01-01, to: 2023-01-01, areas: [xining, haidong, haixi, huangnan, hainan, haibei, golog, yushu]}"},
	}
	for _, tt := range tests {
		o := options(0.01)
		o.First, o.Last = tt.first, tt.last
		var b strings.Builder
		if err := province(t, o).WriteMapping(&b); err != nil {
			t.Fatal(err)
		}
		want := "# Synthetic data (模拟数据): no outage in it ever happened.\ncovers:\n  - " + tt.want + "\n"
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("%d..%d (-want +got):\n%s", tt.first, tt.last, diff)
		}
	}
}

// After both deliveries one event is still open: in the towns of Haixi that have
// no target, from the last two days on.
func TestOneEventStaysOpen(t *testing.T) {
	t.Parallel()
	p := province(t, options(1))
	open := map[string]outage.Event{}
	for e := range eventsOf(p, First) {
		if e.End == outage.Open {
			open[e.ID] = e
		}
	}
	if len(open) < 3 {
		t.Errorf("%d events are open in the first delivery, want some that are closed later", len(open))
	}
	for e := range eventsOf(p, Late) {
		if e.End == outage.Open {
			t.Errorf("%s is open in the late delivery", e.ID)
		}
		delete(open, e.ID)
	}
	end := monthOf(2023, 1).from()
	for _, e := range open {
		if e.Area != "haixi" || e.Class != "urban" || e.Start < end-2*day || e.Start >= end {
			t.Errorf("open: %+v", e)
		}
	}
	if len(open) != 1 {
		t.Errorf("%d events are open after both deliveries, want 1", len(open))
	}
}

// What a reader of one format sees, a reader of another sees too: as many rows.
func TestFormatsHaveTheSameRows(t *testing.T) {
	t.Parallel()
	p := province(t, options(0.05))
	want, err := WriteEvents(io.Discard, CanonicalCSV, p.Records(First))
	if err != nil || want == 0 {
		t.Fatal(want, err)
	}
	for _, f := range Formats() {
		if got, err := WriteEvents(io.Discard, f, p.Records(First)); got != want || err != nil {
			t.Errorf("%s: %d rows, %v; want %d", f, got, err, want)
		}
	}
	if about := p.Rows(First); math.Abs(float64(about-want)) > 0.01*float64(want) {
		t.Errorf("Rows says about %d, and there are %d", about, want)
	}
}
