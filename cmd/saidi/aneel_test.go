package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"gonum.org/v1/gonum/floats/scalar"

	"github.com/saidi-exporter/saidi/internal/realdata"
	"github.com/saidi-exporter/saidi/snapshot"
)

// answer runs the program and gives what it prints as JSON.
func answer(t *testing.T, args ...string) *snapshot.Snapshot {
	t.Helper()
	var stdout, stderr bytes.Buffer
	now := func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }
	if code := run(world{args: args, stdout: &stdout, stderr: &stderr, now: now}); code != exitDone {
		t.Fatalf("status %d: %s", code, stderr.String())
	}
	var s snapshot.Snapshot
	if err := json.Unmarshal(stdout.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// The sums of every area of the ANEEL data equal the known answers, which two
// independent programs worked out, to the last customer-second.
func TestANEEL(t *testing.T) {
	t.Parallel()
	events := realdata.Path(t, "aneel/exemplo_base_de_dados.csv")
	var want struct {
		Rows, Rejected int
		Areas          map[string]struct {
			Customers             float64
			CustomerSeconds       int64   `json:"customer_seconds"`
			Interruptions         int64   `json:"interruptions"`
			MomentaryInterruption int64   `json:"momentary_interruptions"`
			SAIDIHours            float64 `json:"saidi_hours"`
		}
	}
	golden, err := os.ReadFile("../../testdata/golden/aneel.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(golden, &want); err != nil {
		t.Fatal(err)
	}
	s := answer(t, "report", "--policy", "../../examples/aneel/policy.yaml", "--mapping", "../../examples/aneel/mapping.yaml",
		"--as-of", "2024-03-14T00:00:00-03:00", "--format", "json", events)
	if s.Quality.Rows != want.Rows || s.Quality.Rejected != want.Rejected {
		t.Errorf("rows %d, rejected %d; want %d, %d", s.Quality.Rows, s.Quality.Rejected, want.Rows, want.Rejected)
	}
	seen := 0
	for _, e := range s.Indices {
		area, ok := want.Areas[e.Scope]
		if !ok || e.Window != snapshot.YearToDate || e.Class != "all" {
			continue
		}
		seen++
		if e.CustomerSeconds != snapshot.Milli(area.CustomerSeconds*1000) || e.Interruptions != snapshot.Milli(area.Interruptions*1000) ||
			e.MomentaryInterruption != snapshot.Milli(area.MomentaryInterruption*1000) || e.EquivalentCustomers != area.Customers {
			t.Errorf("%s: got %v customer-seconds, %v + %v interruptions, %v customers; want %+v",
				e.Scope, e.CustomerSeconds, e.Interruptions, e.MomentaryInterruption, e.EquivalentCustomers, area)
		}
		if !scalar.EqualWithinRel(*e.SAIDIHours, area.SAIDIHours, 1e-6) {
			t.Errorf("%s: SAIDI %v h, want %v", e.Scope, *e.SAIDIHours, area.SAIDIHours)
		}
	}
	if seen != len(want.Areas) || seen != 28 {
		t.Errorf("compared %d areas, want %d", seen, len(want.Areas))
	}
}
