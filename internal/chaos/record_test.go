package chaos

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A record is what is told of an event at one time. Records of one event with the
// same revision are equal in every field.
type record struct {
	id         string
	feeder     int
	start, end int64 // UTC seconds; no end: open
	customers  int
	nature     string
	cause      string
	revision   int
	cancelled  bool
	wrong      wrong
}

// open is the end of an outage that goes on.
const open = -1

// wrong is what keeps a record from ever counting.
type wrong int

const (
	fine            wrong = iota
	endsBeforeStart       // the reader sees it
	unknownPlace          // only the base tells
)

// A feeder is where events are.
type feeder struct {
	name, area, class string
	customers         int
}

const (
	alone    = 512 // feeders whose events do not overlap
	endless  = 32  // behind them: feeders with a single event, which may be open
	crowded  = 32  // behind them: feeders whose events overlap
	subsets  = 64  // of the first: the feeders among which an event moves
	inSubset = alone / subsets
)

// counted are the areas of the model, crowdedAreas those of overlapping events.
func counted() []string {
	return []string{"xining", "haidong", "haixi", "huangnan", "hainan", "haibei"}
}
func crowdedAreas() []string { return []string{"golog", "yushu"} }
func classes() []string      { return []string{"urban-core", "urban", "town", "rural"} }

// feederOf is a feeder by its number.
func feederOf(n int) feeder {
	areas := counted()
	if n >= alone+endless {
		areas = crowdedAreas()
	}
	return feeder{
		name: fmt.Sprintf("F%04d", n), area: areas[(n+n/subsets)%len(areas)], class: classes()[n/11%len(classes())], customers: 50 + n*37%400,
	}
}

// province is the base as a file.
func province() []byte {
	var b bytes.Buffer
	b.WriteString("feeder_id,area,class,customers\n")
	for n := range alone + endless + crowded {
		f := feederOf(n)
		fmt.Fprintf(&b, "%s,%s,%s,%d\n", f.name, f.area, f.class, f.customers)
	}
	return b.Bytes()
}

// source is the source of all records, whatever way they take.
const source = "grid"

// place is the feeder as it is told.
func (r *record) place() string {
	if r.wrong == unknownPlace {
		return "nowhere"
	}
	return feederOf(r.feeder).name
}

// line is a record as a line of NDJSON.
func (r *record) line() []byte {
	fields := map[string]any{
		"event_id": r.id, "source": source, "feeder_id": r.place(), "start": told(r.start), "customers": r.customers,
		"nature": r.nature, "cause": r.cause, "revision": r.revision,
	}
	if r.end != open {
		fields["end"] = told(r.end)
	}
	if r.cancelled {
		fields["cancelled"] = true
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err) // texts and numbers
	}
	return append(text, '\n')
}

// told is an instant as it is told.
func told(at int64) string { return time.Unix(at, 0).UTC().Format(time.RFC3339) }

// A form is how a body is written.
type form int

const (
	ndjson form = iota
	commas
	packed // NDJSON by gzip
	forms
)

func (f form) extension() string { return [...]string{".ndjson", ".csv", ".ndjson.gz"}[f] }

// write writes records as a body.
func (f form) write(list []record) []byte {
	var b bytes.Buffer
	if f == commas {
		writeCSV(&b, list)
		return b.Bytes()
	}
	for i := range list {
		b.Write(list[i].line())
	}
	if f == ndjson {
		return b.Bytes()
	}
	var small bytes.Buffer
	w := gzip.NewWriter(&small)
	if _, err := w.Write(b.Bytes()); err != nil {
		panic(err) // into memory
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return small.Bytes()
}

func writeCSV(b *bytes.Buffer, list []record) {
	w := csv.NewWriter(b)
	_ = w.Write([]string{"event_id", "source", "feeder_id", "start", "end", "customers", "nature", "cause", "revision", "cancelled"})
	for i := range list {
		r := &list[i]
		end, cancelled := "", ""
		if r.end != open {
			end = told(r.end)
		}
		if r.cancelled {
			cancelled = "true"
		}
		_ = w.Write([]string{r.id, source, r.place(), told(r.start), end, strconv.Itoa(r.customers), r.nature, r.cause, strconv.Itoa(r.revision), cancelled})
	}
	w.Flush() // into memory
}

// Every form tells the same, and the base has customers for every feeder.
func TestForms(t *testing.T) {
	t.Parallel()
	list := []record{
		{id: "A", feeder: 3, start: 1_700_000_000, end: open, customers: 7, nature: "fault_internal", revision: 2},
		{id: "B", feeder: 3, start: 1_700_000_000, end: 1_700_000_060, customers: 7, nature: "fault_internal", revision: 1, cancelled: true, wrong: unknownPlace},
	}
	want := `event_id,source,feeder_id,start,end,customers,nature,cause,revision,cancelled
A,grid,F0003,2023-11-14T22:13:20Z,,7,fault_internal,,2,
B,grid,nowhere,2023-11-14T22:13:20Z,2023-11-14T22:14:20Z,7,fault_internal,,1,true
`
	if got := string(commas.write(list)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := bytes.Count(ndjson.write(list), []byte("\n")); got != 2 {
		t.Errorf("got %d lines, want 2", got)
	}
	if got := strings.Count(string(province()), "\n"); got != 1+alone+endless+crowded {
		t.Errorf("got %d rows of the base", got)
	}
}
