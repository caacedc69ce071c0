package reliability

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// Rows come into the same order, whether their runs are put in order or all of
// them are sorted.
func TestSortedRows(t *testing.T) {
	t.Parallel()
	row := rapid.Custom(func(t *rapid.T) outage.Customers {
		return outage.Customers{
			Row: rapid.IntRange(1, 9).Draw(t, "row"), Feeder: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "feeder"),
			Unit: rapid.SampledFrom([]string{"1", "2", "3", "4"}).Draw(t, "unit"), Class: "urban",
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		var rows []*outage.Customers
		for range rapid.IntRange(0, 6).Draw(t, "runs") {
			run := pointers(rapid.SliceOfN(row, 0, 5).Draw(t, "run"))
			slices.SortStableFunc(run, compareCustomers)
			rows = append(rows, run...)
		}
		want := slices.Clone(rows)
		slices.SortStableFunc(want, compareCustomers)
		sortRows(rows)
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}
