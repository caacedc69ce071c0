package reliability_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/saidi-exporter/saidi/internal/realdata"
)

// strictly decodes JSON in which every field is known.
func strictly(t *testing.T, text []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("read known answers: %v", err)
	}
}

// The known answers of the repository are those that were handed down, byte for
// byte.
func TestGoldenIsUnchanged(t *testing.T) {
	t.Parallel()
	handedDown := realdata.Path(t, "..", "golden")
	want, got := goldenFiles(t, handedDown), goldenFiles(t, filepath.Join("..", "testdata", "golden"))
	if len(want) == 0 {
		t.Fatalf("there are no known answers in %s", handedDown)
	}
	for name, text := range want {
		if !bytes.Equal(got[name], text) {
			t.Errorf("testdata/golden/%s differs from what was handed down", name)
		}
	}
	for name := range got {
		if want[name] == nil {
			t.Errorf("testdata/golden/%s was not handed down", name)
		}
	}
}

func goldenFiles(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, path := range paths {
		if files[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return files
}
