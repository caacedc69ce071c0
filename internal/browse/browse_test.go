package browse

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

// parts are the long tests, the longest first.
func parts() []part {
	return []part{
		{"accessibility", testAccessibility},
		{"layout", testLayout},
		{"links", testLinks},
		{"areas", testAreas},
		{"overview", testOverview},
		{"charts", testCharts},
		{"events", testEvents},
		{"keyboard", testKeyboard},
		{"plan", testPlan},
		{"data", testData},
		{"empty", testEmpty},
		{"live", testLive},
		{"watch", testWatch},
		{"hostile", testHostile},
		{"paper", testPaper},
		{"office", testOffice},
		{"paint", testPaint},
	}
}

// The rules are pinned always; the pages are looked at where SAIDI_E2E is 1.
func TestPages(t *testing.T) {
	t.Parallel()
	t.Run("rules are pinned", testPinned)
	if os.Getenv("SAIDI_E2E") != "1" {
		t.Log("the pages in a browser: SAIDI_E2E=1 go test ./internal/browse, or make e2e-pages")
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
