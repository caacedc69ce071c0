package e2e

import (
	"os"
	"testing"
	"time"
)

// A part is one of the long tests.
type part struct {
	name string
	run  func(*testing.T, *station)
}

// parts are the long tests. Each starts programs of its own.
func parts() []part {
	return []part{
		{"demo", testDemo},
		{"history", testHistory},
		{"alerts", testAlerts},
		{"faults", testFaults},
	}
}

// The configurations always; the parts where SAIDI_E2E is 1.
func TestEndToEnd(t *testing.T) {
	t.Parallel()
	t.Run("configurations", testConfigurations)
	if os.Getenv("SAIDI_E2E") != "1" {
		t.Log("the programs together: SAIDI_E2E=1 go test ./internal/e2e, or make e2e")
		return
	}
	s := newStation(t)
	for _, p := range parts() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			p.run(t, s)
			t.Logf("%s took %.1f s", p.name, time.Since(begun).Seconds())
		})
	}
}
