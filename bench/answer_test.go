package main

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDifferences(t *testing.T) {
	t.Parallel()
	xining := cell{Area: "xining", Class: "town", Year: 2020, Seconds: 7200, Interruptions: 3}
	haixi := cell{Area: "haixi", Class: "rural", Year: 2021, Seconds: 60, Interruptions: 1}
	longer := xining
	longer.Seconds++
	tests := []struct {
		name        string
		saidi, duck answer
		want        []string
	}{
		{"equal", answer{Cells: []cell{haixi, xining}, Accepted: 4}, answer{Cells: []cell{haixi, xining}, Accepted: 4}, nil},
		{"one second", answer{Cells: []cell{longer}}, answer{Cells: []cell{xining}}, []string{"xining/town/2020 customer-seconds: saidi 7201, DuckDB 7200"}},
		{"rows", answer{Accepted: 4}, answer{Accepted: 3, Duplicates: 1}, []string{"accepted rows: saidi 4, DuckDB 3", "duplicates: saidi 0, DuckDB 1"}},
		{"a cell of DuckDB's only", answer{}, answer{Cells: []cell{haixi}}, []string{
			"cells: saidi 0, DuckDB 1", "haixi/rural/2021 customer-seconds: saidi 0, DuckDB 60", "haixi/rural/2021 interruptions: saidi 0, DuckDB 1",
		}},
		{"a cell of saidi's only", answer{Cells: []cell{haixi}}, answer{}, []string{
			"cells: saidi 1, DuckDB 0", "haixi/rural/2021 customer-seconds: saidi 60, DuckDB 0", "haixi/rural/2021 interruptions: saidi 1, DuckDB 0",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := gocmp.Diff(tt.want, differences(tt.saidi, tt.duck)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		runs []float64
		want float64
	}{
		{"one", []float64{3}, 3},
		{"two", []float64{3, 1}, 2},
		{"three", []float64{9, 1, 2}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var runs []measurement
			for _, s := range tt.runs {
				runs = append(runs, measurement{Seconds: s})
			}
			if got := seconds(runs); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1 000", 20_001_002: "20 001 002"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

// Distinct rows and the copies of every hundredth are all the rows, or one more
// where no number of distinct rows makes just as many.
func TestDistinctRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(fewestRows, 100_000_000).Draw(t, "rows")
		distinct := distinctRows(rows)
		if got := distinct + copies(distinct); got != rows && got != rows+1 {
			t.Fatalf("got %d distinct rows, which make %d", distinct, got)
		}
	})
}
