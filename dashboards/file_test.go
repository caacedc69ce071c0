package dashboards_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/dashboards"
)

var update = flag.Bool("update", false, "write the shipped files anew")

// checkIn holds the files below deploy to those that the code makes.
func checkIn(t *testing.T, files []dashboards.File) {
	t.Helper()
	for _, f := range files {
		path := filepath.Join("..", "deploy", filepath.FromSlash(f.Path))
		if *update {
			write(t, path, f.Data)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(f.Data), string(got)); diff != "" {
			t.Errorf("%s (-made +checked in), go test ./dashboards -update writes it anew:\n%s", f.Path, diff)
		}
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
