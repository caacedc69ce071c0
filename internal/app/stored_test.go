package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/xuri/excelize/v2"

	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/web"
)

// storeConfig is that of a store that is told by files and by pushes.
const storeConfig = `store: data
base: base.csv
quiet: 0s
rescan: 1s
refresh: 1s
tokens:
- {name: scada, file: scada.token, access: write, sources: [scada]}
- {name: other, file: other.token, access: write, sources: [other]}
- {name: eyes, file: eyes.token, access: read}
sources:
- {name: grid, files: events}
- {name: scada, push: true}
- {name: other, push: true}
`

// A station is an App that runs and is asked over HTTP.
type station struct {
	*rig
	change  func(*Options) // of what it begins with; may be nil
	server  *httptest.Server
	client  *http.Client
	witness *witness
	stop    func()
}

// newStation starts an App on what lies in the folder of a rig.
func newStation(t testing.TB, r *rig) *station {
	t.Helper()
	return newStationWith(t, r, nil)
}

// newStationWith is newStation with other options.
func newStationWith(t testing.TB, r *rig, change func(*Options)) *station {
	t.Helper()
	s := &station{rig: r, change: change, witness: &witness{t: t, seen: map[string]bool{}}}
	s.client = &http.Client{Transport: s.witness, Timeout: time.Minute}
	s.start()
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *station) start() {
	s.t.Helper()
	o := Options{
		Load: func() (*Config, error) { return LoadConfig(s.path("saidi.yml")) }, Now: func() time.Time { return noon },
		Program: "saidi test", TZData: "test", Log: slog.New(slog.DiscardHandler),
	}
	if s.change != nil {
		s.change(&o)
	}
	var err error
	if s.App, err = New(o); err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	s.server = httptest.NewServer(s.Handler(prometheus.NewRegistry()))
	s.stop = func() {
		s.server.Close()
		cancel()
		if err := <-ended; err != nil {
			s.t.Error(err)
		}
		if err := s.Close(); err != nil {
			s.t.Error(err)
		}
		s.stop = func() {}
	}
}

// again ends the App and starts another one.
func (s *station) again() {
	s.t.Helper()
	s.stop()
	s.start()
}

// withStore is a station with a base, tokens and some files.
func withStore(t testing.TB, files ...string) *station {
	t.Helper()
	r := newRig(t, storeConfig, append([]string{"base.csv", smallBase, "scada.token", "s3cret\n", "other.token", "0ther", "eyes.token", "r3ad"}, files...)...)
	return newStation(t, r)
}

// do asks and gives status and body.
func (s *station) do(method, path, token, body string) (int, string) {
	s.t.Helper()
	return s.send(method, path, token, "", body)
}

// send is do of a body that says what it is.
func (s *station) send(method, path, token, kind, body string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequest(method, s.server.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// push pushes events as scada does, and waits until they count.
func (s *station) push(body string) *push.Answer {
	s.t.Helper()
	status, text := s.do("POST", "/api/v1/events?source=scada&wait=10s", "s3cret", body)
	if status != http.StatusOK {
		s.t.Fatalf("push: %d %s", status, text)
	}
	var a push.Answer
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		s.t.Fatal(err)
	}
	return &a
}

// until waits for a condition.
func (s *station) until(what string, holds func() bool) {
	s.t.Helper()
	for range 2000 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatalf("waited in vain for: %s; faults %v", what, s.status().Faults)
}

func (s *station) counts(hours float64) {
	s.t.Helper()
	s.until(fmt.Sprintf("%v customer-hours, now %v", hours, s.hours()), func() bool { return s.hours() == hours })
}

// event is one outage of scada as a line of JSON.
func event(id, feeder, start, end string, customers, revision int, more ...string) string {
	return fmt.Sprintf(`{"event_id":%q,"feeder_id":%q,"start":%q,"end":%q,"customers":%d,"revision":%d%s}`+"\n", id, feeder, start, end, customers, revision, strings.Join(more, ""))
}

func TestPushCounts(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	a := s.push(event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1))
	if !a.Applied || a.Rows != 1 || a.Stored != 1 || a.Rejected != 0 || a.Outcomes == nil || a.Outcomes.Accepted != 1 {
		t.Errorf("answer %+v, want one row that counts", a)
	}
	s.counts(400)

	again := s.push(event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1))
	if !again.Again || again.Delivery != a.Delivery {
		t.Errorf("told again: %+v, want delivery %d again", again, a.Delivery)
	}
	s.counts(400)

	s.push(event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 10:00:00", 200, 2)) // a correction
	s.counts(600)
	s.push(event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 10:00:00", 200, 3, `,"cancelled":true`))
	s.counts(200)

	before := s.status().Snapshot.Provenance
	s.again()
	s.counts(200)
	if diff := gocmp.Diff(before, s.status().Snapshot.Provenance); diff != "" {
		t.Errorf("where the answer comes from, before and after the restart (-before +after):\n%s", diff)
	}
	if got, want := sampleOf(s, "outage_latest_event_timestamp_seconds", "scada"), float64(1646438400); got != want { // 2022-03-05 08:00 there
		t.Errorf("latest event of scada after the restart: %v, want %v", got, want)
	}
	if got, want := s.status().Snapshot.Provenance.KnownAt, int64(7); got != want { // three rows of the base, one each of file, push, correction and withdrawal; P1 again stored nothing
		t.Errorf("known at %d, want %d", got, want)
	}
}

// sampleOf is the only sample of a metric with a label value; −1 where there is none.
func sampleOf(s *station, name, label string) float64 {
	s.t.Helper()
	if sum, ok := value(s.t, s.Metrics(), name, label); ok {
		return sum
	}
	return -1
}

// What a push holds that cannot count is told row by row, by the reader, by the
// base and by its company alike.
func TestPushRejects(t *testing.T) {
	t.Parallel()
	s := withStore(t)
	s.counts(0)
	body := event("P1", "F1", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 100, 0) +
		event("P2", "F1", "2022-03-05 08:00:00", "2022-03-04 09:00:00", 100, 0) + // ends before it starts
		event("P3", "F9", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 100, 0) + // a feeder that nobody knows, in no area
		event("P4", "F1", "2022-03-06 08:00:00", "2022-03-06 09:00:00", 100, 0) +
		event("P4", "F1", "2022-03-06 08:00:00", "2022-03-06 10:00:00", 100, 0) + // another row with its key
		event("P5", "F1", "2022-04-09 08:00:00", "2022-04-09 10:00:00", 100, 0) // a week after it was told
	a := s.push(body)
	var got []string
	for _, r := range a.Rejections {
		got = append(got, fmt.Sprintf("%d %s %s", r.Row, r.EventID, r.Reason))
	}
	want := []string{"2 P2 end-before-start", "3 P3 unknown-place", "4 P4 repeated-key", "5 P4 repeated-key", "6 P5 after-received"}
	if !slices.Equal(got, want) {
		t.Errorf("rejections %q, want %q", got, want)
	}
	if a.Rows != 6 || a.Rejected != 5 || a.Stored != 1 || a.Outcomes == nil || a.Outcomes.Accepted != 1 || a.Outcomes.Rejected != 5 {
		t.Errorf("answer %+v %+v, want 6 rows, 5 rejected", a, a.Outcomes)
	}
	s.counts(100)

	status, text := s.do("POST", "/api/v1/events?source=scada&strict=true", "s3cret", body+" ")
	if status != http.StatusUnprocessableEntity || !strings.Contains(text, "repeated-key") {
		t.Errorf("strict: %d %s, want 422 with the rejections", status, text)
	}
	status, text = s.do("GET", fmt.Sprintf("/api/v1/deliveries/%d", a.Delivery), "r3ad", "")
	var d deliveryDetail
	if err := json.Unmarshal([]byte(text), &d); err != nil || status != http.StatusOK {
		t.Fatalf("delivery: %d %s %v", status, text, err)
	}
	if d.Outcomes == nil || *d.Outcomes != *a.Outcomes || len(d.Rejections) != 5 || d.Who != "scada" || d.Channel != "push" || d.Rows != 6 {
		t.Errorf("delivery %+v, want what the answer to the push says", d)
	}
}

func TestWhoMayReadAndWrite(t *testing.T) {
	t.Parallel()
	s := withStore(t)
	s.counts(0)
	row := event("P1", "F1", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 100, 0)
	for _, c := range []struct {
		method, path, token string
		want                int
	}{
		{"POST", "/api/v1/events?source=scada", "", 401},
		{"POST", "/api/v1/events?source=scada", "wrong", 401},
		{"POST", "/api/v1/events?source=scada", "r3ad", 403},
		{"POST", "/api/v1/events?source=scada", "0ther", 403},
		{"POST", "/api/v1/events?source=nobody", "s3cret", 404},
		{"POST", "/api/v1/base?source=scada", "r3ad", 403},
		{"POST", "/-/reload", "", 401},
		{"POST", "/-/reload", "r3ad", 403},
		{"GET", "/api/v1/report", "", 401},
		{"GET", "/metrics", "", 401},
		{"GET", "/", "", 401},
		{"GET", "/api/v1/deliveries", "", 401},
		{"GET", "/api/v1/report", "r3ad", 200},
		{"GET", "/metrics", "r3ad", 200},
		{"GET", "/", "s3cret", 200},
		{"GET", "/-/healthy", "", 200},
		{"GET", "/api/v1/openapi.yaml", "", 200},
		{"POST", "/-/reload", "s3cret", 200},
	} {
		if got, text := s.do(c.method, c.path, c.token, row); got != c.want {
			t.Errorf("%s %s as %q: %d %s, want %d", c.method, c.path, c.token, got, text, c.want)
		}
	}
	if got := s.hours(); got != 0 {
		t.Errorf("%v customer-hours, want none: nobody was let in", got)
	}
	if got, text := s.do("POST", "/api/v1/events?source=scada&wait=10s", "s3cret", row); got != http.StatusOK {
		t.Errorf("with the token: %d %s", got, text)
	}
	s.counts(100)
}

// The base may be pushed, too; one that makes none is refused and changes nothing.
func TestPushBase(t *testing.T) {
	t.Parallel()
	r := newRig(t, strings.Replace(storeConfig, "base: base.csv\n", "", 1), "scada.token", "s3cret", "other.token", "0ther", "eyes.token", "r3ad")
	s := newStation(t, r)
	s.until("the fault that there is no base", func() bool { return len(s.status().Faults) > 0 })
	row := event("P1", "F1", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 100, 0)
	if got, text := s.do("POST", "/api/v1/events?source=scada", "s3cret", row); got != http.StatusOK {
		t.Fatalf("push without a base: %d %s", got, text)
	}
	for _, c := range []struct {
		body string
		want int
	}{
		{"feeder_id,area,class,customers\nF1,xining,rural,many\n", 400},
		{"feeder_id,area,class,customers\n", 422},
		{"feeder_id,unit_id,area,class,customers\nF1,,xining,rural,10\nF1,U1,xining,rural,12\n", 422},
		{smallBase, 200},
		{smallBase, 200},
	} {
		if got, text := s.do("POST", "/api/v1/base?source=scada", "s3cret", c.body); got != c.want {
			t.Errorf("base %q: %d %s, want %d", c.body, got, text, c.want)
		}
	}
	s.counts(100)
	if got, text := s.do("POST", "/api/v1/base?source=scada&wait=10s", "s3cret", strings.Replace(smallBase, "F1,xining,rural,100", "F1,xining,rural,80", 1)); got != http.StatusOK {
		t.Fatalf("base: %d %s", got, text)
	}
	s.counts(80) // capped by the base of now
	s.again()
	s.counts(80)
}

// Files are remembered: one that goes away goes on counting, one that changes is
// held for what it says now.
func TestFilesAreRemembered(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1, "events/2.csv", header+e3)
	s.counts(800)
	s.put("events/1.csv", header+strings.Replace(e1, "10:00:00", "09:00:00", 1)+e2, noon)
	s.counts(750)
	s.put("events/2.csv", header, noon) // its row was a mistake
	s.counts(150)
	s.remove("events/1.csv")
	s.put("events/3.csv", header+e3, noon)
	s.counts(750)
	s.again()
	s.counts(750)
	_, text := s.do("GET", "/api/v1/deliveries?source=grid&limit=10", "r3ad", "")
	var list deliveryList
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	var inForce []string
	for _, d := range list.Deliveries {
		if d.WithdrawnBy == 0 {
			inForce = append(inForce, strings.TrimPrefix(d.Name, s.dir+"/"))
		}
	}
	if want := []string{"events/1.csv", "events/2.csv", "events/3.csv"}; len(list.Deliveries) != 5 || !slices.Equal(inForce, want) {
		t.Errorf("%d deliveries, of which %q are in force; want 5 and %q", len(list.Deliveries), inForce, want)
	}
}

// A delivery whose numbers are beyond what can be added up is told as a fault and
// keeps no other from counting.
func TestBeyondCounting(t *testing.T) {
	t.Parallel()
	s := withStore(t)
	s.counts(0)
	huge := `{"event_id":"H","area":"haixi","feeder_id":"F9","start":"2022-03-05 08:00:00","customers":1000000000}` + "\n"
	if got, text := s.do("POST", "/api/v1/events?source=scada", "s3cret", huge+strings.Replace(huge, `"H"`, `"H2"`, 1)); got != http.StatusOK {
		t.Fatalf("push: %d %s", got, text)
	}
	s.push(event("P1", "F1", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 100, 0))
	s.until("the fault", func() bool {
		return slices.ContainsFunc(s.status().Faults, func(f web.Fault) bool { return strings.Contains(f.What, "cannot be counted") })
	})
	s.counts(100)
	s.again()
	s.counts(100)
}

// Without a store nothing can be pushed, and the answer says what to do.
func TestPushWithoutStore(t *testing.T) {
	t.Parallel()
	r := newRig(t, config, "base.csv", smallBase, "events/1.csv", header+e1)
	s := newStation(t, r)
	s.counts(200)
	for _, path := range []string{"/api/v1/events", "/api/v1/base"} {
		if got, text := s.do("POST", path, "", e1); got != http.StatusServiceUnavailable || !strings.Contains(text, "the key store") {
			t.Errorf("%s: %d %s, want 503 and what to do", path, got, text)
		}
	}
}

// The same rows count the same whether they come in files or are pushed, in any
// format.
func TestFormatsThatArePushed(t *testing.T) {
	t.Parallel()
	s := withStore(t)
	s.counts(0)
	array := "[" + strings.ReplaceAll(strings.TrimSpace(event("A1", "F1", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 100, 0)+event("A2", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 0)), "\n", ",") + "]"
	for i, body := range []string{array, header + e1, packed(t, header+e2)} {
		if a := s.push(body); a.Rejected != 0 || a.Stored == 0 {
			t.Errorf("format %d: %+v", i, a)
		}
	}
	s.counts(100 + 200 + 200 + 50)
	if a := s.push(workbookOf(t, header+e3)); a.Rejected != 0 || a.Stored != 1 {
		t.Errorf("a workbook: %+v", a)
	}
	s.counts(100 + 200 + 200 + 50 + 600)
}

// workbookOf writes comma-separated lines as an XLSX file.
func workbookOf(t *testing.T, text string) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		row := strings.Split(line, ",")
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	data, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return data.String()
}

func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
