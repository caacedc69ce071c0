package browse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/saidi-exporter/saidi/internal/program"
)

// testPinned holds that the rules of accessibility come at one version, are known
// by what is in them, and from wherever npm is told to fetch.
func testPinned(t *testing.T) {
	var wanted struct {
		Packages map[string]string `json:"devDependencies"`
	}
	var lock struct {
		Packages map[string]struct {
			Version, Integrity, Resolved string
		}
	}
	readJSON(t, "package.json", &wanted)
	readJSON(t, "package-lock.json", &lock)
	exact := regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)
	for name, version := range wanted.Packages {
		got := lock.Packages["node_modules/"+name]
		if !exact.MatchString(version) || got.Version != version || got.Integrity == "" || got.Resolved != "" {
			t.Errorf("%s is asked for at %q and locked as %+v", name, version, got)
		}
	}
	if len(wanted.Packages) != 1 || len(lock.Packages) != 2 {
		t.Errorf("%d packages are asked for and %d locked, want one that needs no other", len(wanted.Packages), len(lock.Packages)-1)
	}
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// accessibilityRules gives axe-core as JavaScript. It is installed into a folder of
// the test.
func accessibilityRules(t *testing.T) string {
	t.Helper()
	npm, dir := program.Need(t, "npm", "npm"), t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, name), string(data))
	}
	program.Output(t, dir, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	script, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}
