package ingest

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/internal/realdata"
	"github.com/saidi-exporter/saidi/outage"
)

func exampleMapping(t *testing.T, name string) *Mapping {
	t.Helper()
	m, err := LoadMapping(filepath.Join("..", "examples", name, "mapping.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// span is the interval of one event.
type span struct{ start, end int64 }

// spans reads the intervals by event id, of rejected rows too as far as they
// were read.
func spans(t *testing.T, path string, m *Mapping) (map[string]span, *outage.Delivery, []outage.Rejection) {
	t.Helper()
	got := map[string]span{}
	var rejected []outage.Rejection
	rows := 0
	d, err := EventsFile(path, Options{Mapping: m, Zone: location(t, "America/New_York")}, func(b *outage.Batch) error {
		for i := range b.Len() {
			got[b.ID.At(i)] = span{b.Start[i], b.End[i]}
		}
		rows += b.Len() + len(b.Rejected)
		rejected = append(rejected, b.Rejected...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if d.Rows != rows+d.Skipped {
		t.Errorf("%d rows read, but %d handed out and %d skipped", d.Rows, rows, d.Skipped)
	}
	return got, d, rejected
}

// Of the 1476 rows of the OE-417 data that have an interval and a duration, the
// two agree on 1439 by any arithmetic and on 31 more where the clock changes
// are counted; 6 disagree.
func TestPublishedDurations(t *testing.T) {
	t.Parallel()
	path := realdata.Path(t, "purdue", "outage_raw.csv")
	got, _, rejected := spans(t, path, exampleMapping(t, "oe417"))
	for _, r := range rejected {
		got[r.ID] = span{r.Start, r.End}
	}
	both, agree := 0, 0
	for id, minutes := range publishedMinutes(t, path) {
		s, ok := got[id]
		if !ok || s.end == outage.Open || s.start == 0 {
			continue
		}
		both++
		if s.end-s.start == minutes*60 {
			agree++
		}
	}
	if both != 1476 || agree != 1470 {
		t.Errorf("%d of %d rows agree with the published duration, want 1470 of 1476", agree, both)
	}
}

func publishedMinutes(t *testing.T, path string) map[string]int64 {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	minutes := map[string]int64{}
	for _, record := range records[2:] {
		if n, err := strconv.ParseInt(record[17], 10, 64); err == nil {
			minutes[record[1]] = n
		}
	}
	return minutes
}

// The second copy of the data is a workbook that calls itself .csv, with real
// dates in its cells.
func TestSameIntervalsFromWorkbook(t *testing.T) {
	t.Parallel()
	m := exampleMapping(t, "oe417")
	want, _, _ := spans(t, realdata.Path(t, "purdue", "outage_raw.csv"), m)
	got, d, _ := spans(t, realdata.Path(t, "purdue", "outage_is_really_xlsx.csv"), m)
	if d.Content != "xlsx" || len(d.Warnings) == 0 {
		t.Errorf("content %q with warnings %q, want a workbook and a warning of its name", d.Content, d.Warnings)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(span{})); diff != "" {
		t.Errorf("intervals (-csv +xlsx):\n%s", diff)
	}
}

// All 10 000 rows of the ANEEL sample are readable.
func TestEveryRowOfANEEL(t *testing.T) {
	t.Parallel()
	path := realdata.Path(t, "aneel", "exemplo_base_de_dados.csv")
	var seconds int64
	rejected := 0
	d, err := EventsFile(path, Options{Mapping: exampleMapping(t, "aneel"), Zone: location(t, "America/Belem")}, func(b *outage.Batch) error {
		rejected += len(b.Rejected)
		for i := range b.Len() {
			seconds += b.Customers[i] * (b.End[i] - b.Start[i])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if d.Rows != 10000 || rejected != 0 || d.Repeated != outage.RepeatedStages || d.Content != "csv, latin-1, ;" {
		t.Errorf("%d rows, %d rejected, repeated %d, %q; want 10000, 0, stages and latin-1", d.Rows, rejected, d.Repeated, d.Content)
	}
	if want := sumOfAreas(t); seconds != want {
		t.Errorf("%d customer-seconds, want %d as in testdata/golden/aneel.json", seconds, want)
	}
}
