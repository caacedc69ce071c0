package dashboards

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// updating says whether the flag -update is set, which the tests of the Grafana
// dashboards define for the whole package.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// deployed is where the files that ship are checked in, seen from this package.
const deployed = "../deploy"

func TestRulesAreCheckedIn(t *testing.T) {
	t.Parallel()
	files, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		path := filepath.Join(deployed, filepath.FromSlash(f.Path))
		if updating() {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(f.Data), string(got)); diff != "" {
			t.Errorf("%s (-code +file), run go test ./dashboards -update:\n%s", f.Path, diff)
		}
	}
}
