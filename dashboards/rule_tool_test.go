package dashboards

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// deployed is where the files that ship are checked in, seen from this package.
const deployed = "../deploy"

// runTool runs a program of Prometheus or Alertmanager and gives what it says.
// Without them nothing is known of the files, so that is a failure.
func runTool(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: run apt-get install -y prometheus prometheus-alertmanager", err)
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func TestPromtoolChecks(t *testing.T) {
	t.Parallel()
	runTool(t, "promtool", "check", "rules", deployed+"/prometheus/rules/saidi-recording.yml", deployed+"/prometheus/rules/saidi-alerts.yml")
	runTool(t, "promtool", "check", "config", deployed+"/prometheus/prometheus.yml")
}

// Every case of the rules comes out.
func TestPromtoolRules(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/rules/*.yml")
	if err != nil || len(paths) < 2 {
		t.Fatalf("%d files of cases, %v", len(paths), err)
	}
	runTool(t, "promtool", slices.Concat([]string{"test", "rules"}, paths)...)
}
