// Package realdata finds, for tests, the public data and the known answers that
// stay outside the project.
package realdata

import (
	"os"
	"path/filepath"
	"testing"
)

// Path is a file or folder of the real data, by its path below the data's folder:
// $SAIDI_DATA, or shared/data beside the project. Where it is absent the test is
// skipped and says so; where CI is true it has to be there.
func Path(t testing.TB, parts ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{folder(t)}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("real data is required here: %v", err)
		}
		t.Skipf("NOT RUN for want of real data, set SAIDI_DATA to its folder: %v", err)
	}
	return path
}

// folder is where the real data is, or would be.
func folder(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("SAIDI_DATA"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "..", "shared", "data")
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}
