package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/saidi-exporter/saidi/internal/program"
)

// A station is where the programs are.
type station struct {
	saidi, prometheus, promtool, alertmanager, dashview string
}

// newStation finds the programs and builds saidi.
func newStation(t *testing.T) *station {
	t.Helper()
	s := &station{
		prometheus:   program.Need(t, "prometheus", "prometheus"),
		promtool:     program.Need(t, "promtool", "prometheus"),
		alertmanager: program.Need(t, "prometheus-alertmanager", "prometheus-alertmanager"),
		dashview:     dashview(t),
		saidi:        program.Saidi(t),
	}
	program.Need(t, "node", "nodejs")
	if os.Getenv("CHROMIUM") == "" {
		program.Need(t, "chromium", "chromium")
	}
	return s
}

// dashview is the program that checks and draws dashboards: $SAIDI_DASHVIEW, or
// that beside the project.
func dashview(t *testing.T) string {
	t.Helper()
	path := os.Getenv("SAIDI_DASHVIEW")
	if path == "" {
		path = filepath.Join(program.Root(t), "..", "shared", "tools", "dashview", "dashview")
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("dashview is needed, set SAIDI_DASHVIEW to it: %v", err)
	}
	return path
}
