package ingest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/saidi-exporter/saidi/outage"
)

// However many read the groups of a file, the events come in the order of its
// rows, and of a broken file the same error after the same rows.
func TestColumnsAbreast(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 13))
	var files [][]byte
	for _, format := range []string{"parquet in groups", "arrow in batches"} {
		data := typedColumns(t, format, 3000)
		files = append(files, data)
		for range 10 {
			broken := bytes.Clone(data)
			broken[len(broken)/8+random.IntN(len(broken)/2)] ^= 1 << random.IntN(8)
			files = append(files, broken)
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	errors := 0
	for i, data := range files {
		want, wantErr := carefully(data, shanghai(t))
		if wantErr != nil {
			errors++
		}
		for _, workers := range []int{1, 2, 8} {
			runtime.GOMAXPROCS(workers)
			var got result
			var told []int64
			opts := shanghai(t)
			opts.Progress = func(n int64) { told = append(told, n) }
			_, err := Events("events", bytes.NewReader(data), opts, got.take)
			if fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Fatalf("file %d, %d workers: error %v, want %v", i, workers, err, wantErr)
			}
			if diff := cmp.Diff(want.Events, got.Events, cmpopts.EquateEmpty()); diff != "" && err == nil {
				t.Fatalf("file %d, %d workers (-careful +abreast):\n%s", i, workers, diff)
			}
			if !slices.IsSorted(told) || err == nil && told[len(told)-1] != int64(len(data)) {
				t.Errorf("file %d, %d workers: progress %v of %d", i, workers, told, len(data))
			}
		}
	}
	if errors == 0 || errors == len(files) {
		t.Errorf("%d of %d files are broken", errors, len(files))
	}
}

// An error of the caller ends the reading of all.
func TestColumnsAbreastRefused(t *testing.T) {
	t.Parallel()
	data := typedColumns(t, "parquet in groups", 3000)
	refused := fmt.Errorf("refused")
	_, err := Events("events", bytes.NewReader(data), shanghai(t), func(*outage.Batch) error { return refused })
	wantError(t, err, "events: take a batch: refused")
}
