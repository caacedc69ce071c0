package ingest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// sumOfAreas adds up the published sums of rows of the golden file.
func sumOfAreas(t *testing.T) int64 {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "golden", "aneel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Areas map[string]struct {
			Sum int64 `json:"sum_of_rows_customer_seconds"`
		} `json:"areas"`
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, area := range golden.Areas {
		sum += area.Sum
	}
	return sum
}
