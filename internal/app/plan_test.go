package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/snapshot"
)

const planned = "/api/v1/plan"

// p1 is a plan that fits: 200 customer-hours of the 1650 that 11 h make for 150
// customers.
const p1 = "P1,F1,2022-04-05 08:00:00,2022-04-05 10:00:00,100\n"

// ask asks what a plan costs.
func (s *station) ask(token, body string) *snapshot.PlanCheck {
	s.t.Helper()
	status, text := s.send("POST", planned, token, "text/csv", body)
	if status != http.StatusOK {
		s.t.Fatalf("plan: %d %s", status, text)
	}
	var x snapshot.PlanCheck
	if err := json.Unmarshal([]byte(text), &x); err != nil {
		s.t.Fatal(err)
	}
	return &x
}

// Whoever may read is told what a plan costs, from whatever the events come.
func TestPlan(t *testing.T) {
	t.Parallel()
	packed := &bytes.Buffer{}
	z := gzip.NewWriter(packed)
	if _, err := z.Write([]byte(header + p1)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*station{
		"store": withStore(t, "events/1.csv", header+e1),
		"files": newStation(t, newRig(t, config, "base.csv", smallBase, "events/1.csv", header+e1)),
	} {
		s.counts(200)
		for what, body := range map[string]string{
			"CSV": header + p1, "gzip": packed.String(),
			"a sheet without ids": "线路编码,计划停电时间,计划送电时间,影响户数\nF1,2022-04-05 08:00,2022-04-05 10:00,100\n",
			"NDJSON":              strings.TrimSuffix(event("P1", "F1", "2022-04-05 08:00:00", "2022-04-05 10:00:00", 100, 1), "\n"),
		} {
			x := s.ask("r3ad", body)
			if !x.Fits || x.CustomerSeconds.Float() != 200*3600 || len(x.Rows) != 1 || len(x.Targets) != 2 || x.Program != "saidi test" {
				t.Errorf("%s, %s: %+v, want a plan of 200 customer-hours that fits, held against two targets", name, what, x)
			}
		}
		x := s.ask("r3ad", header+p1+"P2,F1,2022-04-06 00:00:00,2022-04-21 00:00:00,100\nP3,F1,2022-03-06 00:00:00,2022-03-06 01:00:00,100\n")
		if want := []string{"over-budget", "rows-rejected"}; x.Fits || !containsAll(x.Reasons, want) || x.Rows[2].Rejected == nil {
			t.Errorf("%s: fits %t, %v, want %v", name, x.Fits, x.Reasons, want)
		}
	}
}

func containsAll(all, some []string) bool {
	for _, s := range some {
		if !strings.Contains(strings.Join(all, " "), s) {
			return false
		}
	}
	return true
}

// The demo answers too, on its own clock, and says that it is made up.
func TestPlanOfTheDemo(t *testing.T) {
	t.Parallel()
	s := newStationWith(t, &rig{t: t, dir: t.TempDir()}, func(o *Options) { o.Demo, o.DemoSpeed = true, 1 })
	s.until("a snapshot", func() bool { return s.status().Snapshot != nil })
	x := s.ask("", "event_id,area,class,feeder_id,start,end,customers\nP1,xining,rural,NOWHERE,2022-12-01 08:00,2022-12-01 09:00,1\n")
	if !x.Synthetic || x.Year != 2022 || len(x.Rows) != 1 || x.Rows[0].Rejected == nil {
		t.Errorf("%+v, want one rejected row in 2022, made up", x)
	}
}

// A question changes nothing: neither the report nor the store, however odd it is.
func TestPlanChangesNothing(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1+open4)
	s.until("the snapshot", func() bool { return s.hours() >= 200 })
	before, stats := answerOf(t, s.status().Snapshot), s.store.Stats()
	for _, body := range []string{
		header + p1, header + e1, header + "E1,F1,2022-04-05 08:00:00,2022-04-05 10:00:00,100\n", header, "", "nonsense", "\x1f\x8b\x08broken", "PK\x03\x04broken", "[[[[",
		header + strings.Repeat(p1, 100), header + "P1,F3,2022-05-01 08:00:00,2022-05-01 09:00:00,200\n",
	} {
		if status, text := s.send("POST", planned, "r3ad", "text/csv", body); status != http.StatusOK && status != http.StatusBadRequest {
			t.Errorf("%.40q: %d %s", body, status, text)
		}
	}
	s.changed()
	computed := s.status().Computed
	s.until("another snapshot", func() bool { return s.status().Computed.After(computed) })
	if diff := cmp.Diff(before, answerOf(t, s.status().Snapshot)); diff != "" {
		t.Errorf("the report changed (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(stats, s.store.Stats()); diff != "" {
		t.Errorf("the store changed (-before +after):\n%s", diff)
	}
}

// Plans are answered while events come in, and each by one state of the numbers.
func TestPlansWhileEventsCome(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	var all sync.WaitGroup
	for w := range 3 {
		all.Go(func() {
			for i := range 10 {
				id := fmt.Sprintf("C%d-%d", w, i)
				if status, text := s.do("POST", "/api/v1/events?source=scada", "s3cret", event(id, "F3", fmt.Sprintf("2022-03-%02d %02d:00:00", i+4, w), fmt.Sprintf("2022-03-%02d %02d:00:00", i+4, w+1), 200, 1)); status != http.StatusOK {
					t.Errorf("push: %d %s", status, text)
				}
			}
		})
		all.Go(func() {
			for range 10 {
				status, text := s.send("POST", planned, "r3ad", "text/csv", header+p1)
				if status != http.StatusOK || !strings.Contains(text, `"customer_seconds":720000,`) {
					t.Errorf("plan: %d %.300s, want 720000 customer-seconds", status, text)
				}
			}
		})
	}
	all.Wait()
	s.counts(200 + 30*200)
}

// What is too much, and what cannot be answered, is said.
func TestPlanRefused(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	var many strings.Builder
	many.WriteString(header)
	for i := range planRows + 1 {
		fmt.Fprintf(&many, "P%d,F1,2022-04-05 08:00:00,2022-04-05 10:00:00,1\n", i)
	}
	for _, tt := range []struct {
		name, path, body, code string
		status                 int
	}{
		{"too many rows", planned, many.String(), "refused", 422},
		{"too many bytes", planned, strings.Repeat(" ", planBytes+1), "too-large", 413},
		{"no such source", planned + "?source=scade", header + p1, "bad-parameter", 400},
		{"no such parameter", planned + "?strict=true", header + p1, "bad-parameter", 400},
		{"nothing", planned, "", "unreadable", 400},
	} {
		status, text := s.send("POST", tt.path, "r3ad", "text/csv", tt.body)
		if status != tt.status || !strings.Contains(text, `"code":"`+tt.code+`"`) {
			t.Errorf("%s: %d %.200s, want %d %s", tt.name, status, text, tt.status, tt.code)
		}
		if much := tt.status == 413 || tt.status == 422; much != strings.Contains(text, "ask about less at a time; the parts are not added up") {
			t.Errorf("%s: %.200s, of which a plan can do something: %t", tt.name, text, much)
		}
	}
	if status, text := s.send("POST", planned+"?source=grid", "r3ad", "text/csv", header+p1); status != http.StatusOK {
		t.Errorf("read as the events of a source: %d %s", status, text)
	}
}

// While nothing is there to hold a plan against, nothing is held.
func TestPlanWithoutSnapshot(t *testing.T) {
	t.Parallel()
	s := newStation(t, newRig(t, config))
	if status, text := s.send("POST", planned, "", "text/csv", header+p1); status != http.StatusServiceUnavailable || !strings.Contains(text, `"no-snapshot"`) {
		t.Errorf("%d %s, want 503 no-snapshot", status, text)
	}
}

// A question that throws is a mistake of one answer, and ends nothing else.
func TestAskSoonOutlivesMistakes(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	if err := s.askSoon(t.Context(), func() { panic("a mistake") }); err == nil || !strings.Contains(err.Error(), "a mistake") {
		t.Errorf("%v, want the mistake", err)
	}
	if err := s.askSoon(t.Context(), func() {}); err != nil {
		t.Error(err)
	}
}

// Plans take turns: one whose sender is gone does not wait for its own, and the
// turn of each ends.
func TestPlanTurns(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	<-s.desk.turn.queue("another")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.check(gone, snapshot.Proposal{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v while another has the turn, want that the sender is gone", err)
	}
	s.desk.turn.leave()
	for range 3 {
		if x, err := s.check(t.Context(), snapshot.Proposal{}); err != nil || x.Fits {
			t.Errorf("%+v, %v, want a plan of nothing", x, err)
		}
	}
}
