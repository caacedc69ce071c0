package reliability_test

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

func TestRemaining(t *testing.T) {
	t.Parallel()
	type still = reliability.Still
	type restored = reliability.Restored
	tests := []struct {
		name string
		rows []still
		want []restored
	}{
		{"one row", []still{{0, 90, 120, 1}}, []restored{{0, 90, 120, 1}}},
		{"fewer and fewer", []still{{0, 90, 120, 1}, {90, 180, 60, 2}, {180, 360, 20, 3}}, []restored{{0, 90, 60, 1}, {0, 180, 40, 1}, {0, 360, 20, 1}}},
		{"rows that overlap", []still{{0, 500, 120, 1}, {90, 180, 60, 2}}, []restored{{0, 90, 60, 1}, {0, 180, 60, 1}}},
		{"as many as before", []still{{0, 90, 10, 1}, {90, 180, 10, 2}}, []restored{{0, 180, 10, 1}}},
		{"more, first out first back", []still{{0, 60, 4, 1}, {60, 180, 6, 2}, {120, 124, 2, 3}}, []restored{{0, 120, 4, 1}, {60, 124, 2, 2}}},
		{"all back in between", []still{{0, 60, 4, 1}, {61, outage.Open, 4, 2}}, []restored{{0, 60, 4, 1}, {61, outage.Open, 4, 2}}},
		{"none back yet", []still{{0, outage.Open, 4, 1}}, []restored{{0, outage.Open, 4, 1}}},
		{"open until the next row", []still{{0, outage.Open, 4, 1}, {60, outage.Open, 1, 2}}, []restored{{0, 60, 3, 1}, {0, outage.Open, 1, 1}}},
		{"all back by a row of none", []still{{0, outage.Open, 4, 1}, {60, outage.Open, 0, 2}}, []restored{{0, 60, 4, 1}}},
		{"nobody ever", []still{{0, 60, 0, 1}, {60, 90, 0, 2}}, []restored{{0, 90, 0, 1}}},
		{"the last row is over at once, who comes back together is one group", []still{{0, outage.Open, 8, 1}, {60, 60, 1, 2}}, []restored{{0, 60, 8, 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := reliability.Remaining(tt.rows)
			slices.SortFunc(got, func(a, b reliability.Restored) int {
				return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
			})
			if diff := gocmp.Diff(tt.want, got); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
		})
	}
}

// At every instant as many are out in the groups as the rows say.
func TestLawRemaining(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		starts := rapid.SliceOfNDistinct(rapid.Int64Range(0, 40), 1, 6, rapid.ID[int64]).Draw(t, "starts")
		slices.Sort(starts)
		var rows []reliability.Still
		for i, start := range starts {
			rows = append(rows, reliability.Still{
				Start: start, End: start + rapid.Int64Range(0, 30).Draw(t, "length"),
				Customers: rapid.Int64Range(0, 5).Draw(t, "customers"), Row: uint32(i),
			})
		}
		groups := reliability.Remaining(rows)
		for at := range int64(80) {
			if want, got := stillOut(rows, at), groupsOut(groups, at); got != want {
				t.Fatalf("at %d %d are out in the groups %+v, want %d", at, got, groups, want)
			}
		}
	})
}

// stillOut is what the last row that has begun says, until it ends.
func stillOut(rows []reliability.Still, at int64) (customers int64) {
	for _, r := range rows {
		if r.Start <= at {
			customers = 0
			if at < r.End {
				customers = r.Customers
			}
		}
	}
	return customers
}

func groupsOut(groups []reliability.Restored, at int64) (customers int64) {
	for _, g := range groups {
		if g.Start <= at && at < g.End {
			customers += g.Customers
		}
	}
	return customers
}
