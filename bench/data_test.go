package main

import (
	"path/filepath"
	"slices"
	"testing"
)

// The data is what the page says of it.
func TestData(t *testing.T) {
	t.Parallel()
	const rows = 50_000
	dir := t.TempDir()
	if err := (dataset{rows: rows, dir: dir, clean: true}).make(); err != nil {
		t.Fatal(err)
	}
	events, clean := readOutages(t, filepath.Join(dir, "events.parquet")), readOutages(t, filepath.Join(dir, "clean.parquet"))
	units := readCustomers(t, filepath.Join(dir, "customers.parquet"))
	once, far := copiesOf(events)
	tests := []struct {
		name           string
		got, low, high float64
	}{
		{"rows", float64(len(events)), rows, rows},
		{"clean rows", float64(len(clean)), rows, rows},
		{"distinct rows", float64(len(once)), float64(distinctRows(rows)), float64(distinctRows(rows))},
		{"copies far behind", float64(far), 0.9 * float64(rows-distinctRows(rows)), float64(rows - distinctRows(rows))},
		{"units", float64(len(units)), 1600, 1600},
		{"rows of unknown units", float64(countIf(once, func(r outageRow) bool { return units[r.unit].customers == 0 })), 0, 0},
		{"distinct keys", float64(distinctKeys(once)), float64(len(once)), float64(len(once))},
		{"overlapping or touching share", overlapping(once), 0.08, 0.12},
		{"overlapping or touching share, clean", overlapping(clean), 0, 0},
		{"rows from half an hour to four hours", share(once, 1800, 4*3600), 0.5, 1},
		{"rows shorter than twenty seconds", share(once, 0, 20), 0, 0},
		{"rows longer than two days", share(once, 2*86400+1, 1<<40), 0, 0},
		{"rows over the end of a year", float64(countIf(once, crossesYear)), 1, rows},
		{"events", float64(len(slices.Compact(idsOf(once)))), rows / 45, rows / 35},
		{"steps back in the order of starts", float64(backwards(once)), 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.got < tt.low || tt.got > tt.high {
				t.Errorf("got %v, want %v to %v", tt.got, tt.low, tt.high)
			}
		})
	}
}

// copiesOf gives the rows without those that came before, and how many of the
// latter stand at least a hundred rows behind.
func copiesOf(rows []outageRow) (once []outageRow, far int) {
	at := map[outageRow]int{}
	for i, r := range rows {
		if before, ok := at[r]; !ok {
			at[r] = i
			once = append(once, r)
		} else if i-before >= 100 {
			far++
		}
	}
	return once, far
}

func distinctKeys(rows []outageRow) int {
	keys := map[[3]string]bool{}
	for _, r := range rows {
		keys[[3]string{r.event, r.feeder, r.unit}] = true
	}
	return len(keys)
}

// overlapping is the share of rows that share an instant, or touch, another of
// their unit.
func overlapping(rows []outageRow) float64 {
	byUnit := map[string][]outageRow{}
	for _, r := range rows {
		byUnit[r.unit] = append(byUnit[r.unit], r)
	}
	n := 0
	for _, list := range byUnit {
		for i, r := range list {
			if slices.ContainsFunc(slices.Concat(list[:i], list[i+1:]), func(o outageRow) bool { return r.start <= o.end && o.start <= r.end }) {
				n++
			}
		}
	}
	return float64(n) / float64(len(rows))
}

// share is the share of rows that last from low to below high seconds.
func share(rows []outageRow, low, high int64) float64 {
	return float64(countIf(rows, func(r outageRow) bool { return r.end-r.start >= low && r.end-r.start < high })) / float64(len(rows))
}

func crossesYear(r outageRow) bool {
	for year := firstYear + 1; year <= lastYear; year++ {
		if r.start < newYear(year) && r.end > newYear(year) {
			return true
		}
	}
	return false
}

func backwards(rows []outageRow) (n int) {
	for i := range rows[1:] {
		if rows[i+1].start < rows[i].start {
			n++
		}
	}
	return n
}

func idsOf(rows []outageRow) []string {
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.event)
	}
	return ids
}

func countIf(rows []outageRow, is func(outageRow) bool) (n int) {
	for _, r := range rows {
		if is(r) {
			n++
		}
	}
	return n
}
