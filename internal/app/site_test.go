package app

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
)

// get asks as somebody who may read, and expects an answer.
func (s *station) get(path string) string {
	s.t.Helper()
	status, text := s.do("GET", path, "r3ad", "")
	if status != http.StatusOK {
		s.t.Fatalf("%s: %d %.300s", path, status, text)
	}
	return text
}

// counted gives what a function of package snapshot answers of the engine as it
// is, as JSON.
func counted[T any](s *station, ask func(w *world) (T, error)) string {
	s.t.Helper()
	var text bytes.Buffer
	if err := s.App.ask(s.t.Context(), func() {
		answer, err := ask(s.world)
		if err == nil {
			err = report.JSON(&text, answer)
		}
		if err != nil {
			s.t.Error(err)
		}
	}); err != nil {
		s.t.Fatal(err)
	}
	return text.String()
}

// spanOf is a window of the world.
func spanOf(w *world, text string, q *snapshot.Question) error { return w.pose(text, q) }

// The API answers what the functions of package snapshot do.
func TestAnswersOfTheAPI(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1+e2+e3+"E9,F9,2022-03-01 08:00:00,x,1\n")
	s.counts(850)
	for path, want := range map[string]string{
		"/api/v1/events?area=xining&sort=start&asc=1&limit=1&offset=1": counted(s, func(w *world) (*snapshot.EventList, error) {
			q := snapshot.EventsQuestion{Area: "xining", Sort: snapshot.SortStart, Ascending: true, Limit: 1, Offset: 1}
			if err := spanOf(w, "", &q.Question); err != nil {
				return nil, err
			}
			return snapshot.Events(w.engine, w.policy, q)
		}),
		"/api/v1/feeders?scope=xining&class=rural&window=2022-03&top=1": counted(s, func(w *world) (*snapshot.FeederList, error) {
			q := snapshot.Question{Scope: "xining", Class: "rural", Top: 1}
			if err := spanOf(w, "2022-03", &q); err != nil {
				return nil, err
			}
			return snapshot.Feeders(w.engine, w.policy, q)
		}),
		"/api/v1/curve?scope=haixi": counted(s, func(w *world) (*snapshot.Curve, error) {
			return snapshot.CurveOf(w.engine, w.policy, "haixi", string(outage.AllClasses))
		}),
		"/api/v1/record?source=grid&event=E1": counted(s, func(w *world) (*snapshot.Record, error) {
			q := snapshot.RecordQuestion{Source: "grid", EventID: "E1", Delivery: s.senders(t.Context())}
			r, ok, err := snapshot.FindRecord(w.engine, w.policy, q)
			if !ok {
				t.Error("there is no record")
			}
			return r, err
		}),
	} {
		if diff := cmp.Diff(want, s.get(path)); diff != "" {
			t.Errorf("%s differs (-snapshot +API):\n%s", path, diff)
		}
	}
	live := snapshot.Live{}
	s.decode("/api/v1/live", &live)
	if live.AsOf != s.status().Snapshot.Provenance.AsOf || len(live.Scopes) == 0 {
		t.Errorf("live %+v, want that of the snapshot", live)
	}
	if text := s.get("/api/v1/rejected?lang=zh"); !strings.Contains(text, `"event_id": "E9"`) || !strings.Contains(text, `"rows": 1,`) {
		t.Errorf("rejected rows %s, want E9", text)
	}
	if text := s.get("/api/v1/record?source=grid&event=E1"); !strings.Contains(text, `"received": "2022-04-01T12:00:00+08:00"`) {
		t.Errorf("record %s, want when it was received", text)
	}
}

// CSV has all rows that the filter leaves, and adds up.
func TestEventsAsCSV(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1+e2+strings.Replace(e3, "E3", "=E3", 1))
	s.counts(850)
	text := s.get("/api/v1/events?format=csv&limit=1&offset=1&sort=start&asc=on")
	if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) != 4 || !strings.HasPrefix(lines[1], "720000,") || !strings.Contains(lines[3], ",'=E3,") {
		t.Errorf("got %s, want a head and three rows, of which none is a formula", text)
	}
	if text := s.get("/api/v1/rejected?format=csv"); !strings.HasPrefix(text, "file,sheet,row,") {
		t.Errorf("rejected rows %s, want a head", text)
	}
}

// Equal questions are answered once a snapshot.
func TestAnswersOfOneSnapshotAreKept(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	ask := func() *snapshot.EventList {
		x, err := s.askEvents(t.Context(), "", snapshot.EventsQuestion{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	kept := false
	for range 10 { // the clock makes a snapshot each second
		first := ask()
		kept = kept || first == ask()
	}
	if !kept {
		t.Error("no answer was kept, want the same one again while the snapshot stays")
	}
	before := ask()
	s.push(event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1))
	if after := ask(); after == before || after.CustomerSeconds.Float() != 400*3600 {
		t.Errorf("after a push: %v customer-seconds, want 400 hours", after.CustomerSeconds)
	}
}

// A question that comes while the numbers are counted waits and is answered.
func TestQuestionWaitsForTheSnapshot(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	begun, counting := make(chan struct{}), make(chan struct{})
	go func() { _ = s.App.ask(t.Context(), func() { close(begun); <-counting }) }()
	<-begun
	answered := make(chan string, 1)
	go func() { answered <- s.get("/api/v1/feeders") }()
	select {
	case text := <-answered:
		t.Errorf("answered while the engine was counting: %s", text)
	case <-time.After(100 * time.Millisecond):
	}
	if text := s.get("/"); !strings.Contains(text, "<html") {
		t.Errorf("the first page waits: %.300s", text)
	}
	close(counting)
	if text := <-answered; !strings.Contains(text, `"customer_seconds": 720000,`) {
		t.Errorf("got %s, want 200 hours", text)
	}
}

// Whatever is asked while events come in, each answer is of one snapshot, and
// nobody goes back in time.
func TestAnswersWhileEventsCome(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	const clients, pushes = 50, 10
	done := make(chan struct{})
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			last := 0
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				var x snapshot.EventList
				s.decode(fmt.Sprintf("/api/v1/events?limit=%d", 1000-c%2), &x)
				sum := snapshot.Milli(0)
				for _, l := range x.Lines {
					sum += l.CustomerSeconds
				}
				if n := len(x.Lines); sum != x.CustomerSeconds || x.Rows != n || x.Matched.Rows != n || x.CustomerSeconds.Float() != float64(n*200*3600) || n < last {
					t.Errorf("%d rows after %d, of %v customer-seconds: the rows add up to %v", n, last, x.CustomerSeconds, sum)
				}
				last = len(x.Lines)
			}
		})
	}
	for i := range pushes {
		s.push(event(fmt.Sprintf("C%d", i), "F3", fmt.Sprintf("2022-03-%02d 08:00:00", i+4), fmt.Sprintf("2022-03-%02d 09:00:00", i+4), 200, 1))
	}
	close(done)
	all.Wait()
	var x snapshot.EventList
	if s.decode("/api/v1/events", &x); x.Rows != 1+pushes {
		t.Errorf("%d rows in the end, want %d", x.Rows, 1+pushes)
	}
}

// reads lists what may be read, each path as one that can be asked.
func (s *station) reads() []string {
	paths := []string{"/metrics", "/api/v1/report", "/api/v1/deliveries", "/api/v1/deliveries/1"}
	for _, r := range s.site().Routes() {
		path := strings.TrimPrefix(r.Pattern, "GET ")
		paths = append(paths, strings.NewReplacer("{$}", "", "{scope}", "xining", "{name}", "icon.svg").Replace(path))
	}
	return paths
}

// Where readers are known, nothing is shown to others.
func TestReadersOnly(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	for _, path := range s.reads() {
		for _, token := range []string{"", "wrong"} {
			for _, method := range []string{"GET", "HEAD"} {
				if status, text := s.do(method, path, token, ""); status != http.StatusUnauthorized {
					t.Errorf("%s %s with token %q: %d %.200s, want 401", method, path, token, status, text)
				}
			}
		}
	}
}

// What is read takes no other method, and HEAD gives no body.
func TestMethodsOfReading(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	takes := []string{"/plan", "/api/v1/events"} // a body by POST
	for _, path := range s.reads() {
		if status, text := s.do("HEAD", path, "r3ad", ""); status >= 500 || text != "" {
			t.Errorf("HEAD %s: %d %.200q, want no body", path, status, text)
		}
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			if method == "POST" && slices.Contains(takes, path) {
				continue
			}
			if status, text := s.do(method, path, "s3cret", ""); status != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d %.200s, want 405", method, path, status, text)
			}
		}
	}
}

// What is not understood is told with the parameter and the nearest word.
func TestBadQuestions(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	for _, tt := range []struct {
		path, code, says string
		status           int
	}{
		{"/api/v1/events?scop=xining", "bad-parameter", `parameter scop: there is no such parameter; did you mean \"scope\"?`, 400},
		{"/api/v1/events?scope=xining&scope=haixi", "bad-parameter", "parameter scope: it is given 2 times", 400},
		{"/api/v1/events?scope=xinning", "bad-parameter", `\"xining\"`, 400},
		{"/api/v1/events?class=rurl", "bad-parameter", `rurl`, 400},
		{"/api/v1/events?index=saidi-9", "bad-parameter", `saidi-9`, 400},
		{"/api/v1/events?nature=falt", "bad-parameter", `\"fault\"`, 400},
		{"/api/v1/events?sort=strat", "bad-parameter", `\"start\"`, 400},
		{"/api/v1/events?window=yesterday", "bad-parameter", "parameter window: ", 400},
		{"/api/v1/events?limit=0", "bad-parameter", `parameter limit: \"0\": want a whole number from 1 to 1000`, 400},
		{"/api/v1/events?limit=1001", "bad-parameter", "parameter limit", 400},
		{"/api/v1/events?offset=-1", "bad-parameter", "parameter offset", 400},
		{"/api/v1/events?page=2&offset=50", "bad-parameter", "parameter page: give a page or an offset, not both", 400},
		{"/api/v1/events?out=perhaps", "bad-parameter", "parameter out", 400},
		{"/api/v1/events?format=jsn", "bad-parameter", `did you mean \"json\"?`, 400},
		{"/api/v1/events?lang=fr", "bad-parameter", "parameter lang", 400},
		{"/api/v1/events?q=" + strings.Repeat("x", 1001), "bad-parameter", "parameter q: it is longer than 1000 bytes", 400},
		{"/api/v1/events?q=%zz", "bad-parameter", "parameter query", 400},
		{"/api/v1/record?source=grid", "bad-parameter", "parameter event", 400},
		{"/api/v1/record?source=grid&event=E77", "not-found", `no event \"E77\"`, 404},
		{"/api/v1/feeders?top=0", "bad-parameter", "parameter top", 400},
		{"/api/v1/curve?scope=xi", "bad-parameter", `\"haixi\"`, 400},
		{"/api/v1/rejected?page=1", "bad-parameter", "parameter page", 400},
		{"/api/v1/live?x=1", "bad-parameter", "parameter x", 400},
		{"/api/v1/live/stream?x=1", "bad-parameter", "lang", 400},
		{"/api/v1/report.html?lang=de", "bad-parameter", "parameter lang", 400},
	} {
		status, text := s.do("GET", tt.path, "r3ad", "")
		if status != tt.status || !strings.Contains(text, `"code": "`+tt.code+`"`) || !strings.Contains(text, tt.says) {
			t.Errorf("%s: %d %s, want %d %s with %q", tt.path, status, text, tt.status, tt.code, tt.says)
		}
	}
}

// The report can be had as a file of either form, and looking changes nothing.
func TestReportsToSave(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	before := answerOf(t, s.status().Snapshot)
	for path, begins := range map[string]string{"/api/v1/report.html": "<!", "/api/v1/report.xlsx": "PK"} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", s.server.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer r3ad")
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := bodyOf(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK || !bytes.HasPrefix(body, []byte(begins)) {
			t.Errorf("%s: %d %.200s, %v", path, answer.StatusCode, body, err)
		}
		ending := path[strings.LastIndex(path, "."):]
		if got, want := answer.Header.Get("Content-Disposition"), `attachment; filename="qinghai-2021-101-2022-04-01T120000-en`+ending+`"`; got != want {
			t.Errorf("%s: disposition %s, want %s", path, got, want)
		}
		if csp := answer.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || strings.Contains(csp, "unsafe") || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v, want what closes it", path, answer.Header)
		}
	}
	s.changed()
	computed := s.status().Computed
	s.until("another snapshot", func() bool { return s.status().Computed.After(computed) })
	if diff := cmp.Diff(before, answerOf(t, s.status().Snapshot)); diff != "" {
		t.Errorf("the snapshot changed (-before +after):\n%s", diff)
	}
}

// Whoever asks for the same report at the same time gets the same bytes.
func TestReportsAtOnce(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1+open4)
	s.until("the snapshot", func() bool { return s.hours() >= 200 })
	for _, path := range []string{"/api/v1/report.html?lang=zh", "/api/v1/report.xlsx?lang=zh"} {
		var all sync.WaitGroup
		texts := make([]string, 4)
		for i := range texts {
			all.Go(func() { texts[i] = s.get(path) })
		}
		all.Wait()
		for i, text := range texts {
			if text != texts[0] || text == "" {
				t.Errorf("%s: answer %d of %d bytes differs from the first one", path, i, len(text))
			}
		}
	}
}

// An event of which no row could be read is found all the same, with why.
func TestRecordOfWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	const wrong = "E9,F1,2022-03-01 08:00:00,2022-13-45 10:00:00,100\n"
	s := withStore(t, "events/1.csv", header+e1+wrong)
	s.counts(200)
	status, text := s.do("GET", "/api/v1/record?source=grid&event=E9", "r3ad", "")
	if status != http.StatusOK || strings.Count(text, `"outcome": "rejected"`) != 1 || !strings.Contains(text, `"2022-13-45 10:00:00"`) {
		t.Errorf("%d %s, want one rejected row", status, text)
	}
	if status, text := s.do("GET", "/api/v1/record?source=grid&event=E8", "r3ad", ""); status != http.StatusNotFound {
		t.Errorf("an event that nobody told of: %d %s, want 404", status, text)
	}
}
