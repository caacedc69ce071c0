package main

import (
	"cmp"
	"database/sql"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// Both sides and a plain program over the rows give the same answer, in full.
func TestQuestion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := (dataset{rows: 20_000, dir: dir, csv: true, clean: true}).make(); err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs() {
		t.Run(j.name, func(t *testing.T) {
			t.Parallel()
			want := askOracle(readOutages(t, filepath.Join(dir, j.events)), readCustomers(t, filepath.Join(dir, j.customers)))
			saidi, err := askSaidi(j, dir, func(string) {})
			if err != nil {
				t.Fatal(err)
			}
			duck, err := askDuck(j, dir, 2, func(string) {})
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(want, saidi); diff != "" {
				t.Errorf("saidi differs from the oracle (-want +got):\n%s", diff)
			}
			if diff := gocmp.Diff(want, duck); diff != "" {
				t.Errorf("DuckDB differs from the oracle (-want +got):\n%s", diff)
			}
		})
	}
}

// An outageRow is one row as it is, comparable. Times are the wall clock's, as
// if it were UTC: the zone of the data has not changed its clocks for long.
type outageRow struct {
	event, feeder, unit string
	start, end          int64
	nature, cause       string
}

// A served is the customers of a unit.
type served struct {
	area, class string
	customers   int64
}

// askOracle answers by the plainest means.
func askOracle(rows []outageRow, units map[string]served) answer {
	var a answer
	seen := map[outageRow]bool{}
	byUnit := map[string][]outageRow{}
	for _, r := range rows {
		if seen[r] {
			a.Duplicates++
			continue
		}
		seen[r] = true
		a.Accepted++
		byUnit[r.unit] = append(byUnit[r.unit], r)
	}
	cells := map[string]*cell{}
	at := func(s served, year int) *cell {
		c := cell{Area: s.area, Class: s.class, Year: year}
		if cells[c.key()] == nil {
			cells[c.key()] = &c
		}
		return cells[c.key()]
	}
	for unit, list := range byUnit {
		s := units[unit]
		for _, o := range united(list) {
			at(s, time.Unix(o.start, 0).UTC().Year()).Interruptions += s.customers
			for year := firstYear; year <= lastYear; year++ {
				from, to := max(o.start, newYear(year)), min(o.end, newYear(year+1))
				if from < to {
					at(s, year).Seconds += s.customers * (to - from)
				}
			}
		}
	}
	for _, c := range cells {
		a.add(*c)
	}
	a.sort()
	return a
}

// united merges the outages of one unit that overlap or touch.
func united(list []outageRow) []outageRow {
	slices.SortFunc(list, func(x, y outageRow) int { return cmp.Compare(x.start, y.start) })
	merged := list[:1]
	for _, o := range list[1:] {
		if last := &merged[len(merged)-1]; o.start <= last.end {
			last.end = max(last.end, o.end)
		} else {
			merged = append(merged, o)
		}
	}
	return merged
}

func newYear(year int) int64 { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix() }

// readOutages reads the rows of a file in their order.
func readOutages(t *testing.T, path string) []outageRow {
	t.Helper()
	var list []outageRow
	query(t, `SELECT event_id, feeder_id, unit_id, epoch_us(start) // 1000000, epoch_us("end") // 1000000, nature, cause FROM `+quoted(path),
		func(rows *sql.Rows) error {
			var r outageRow
			err := rows.Scan(&r.event, &r.feeder, &r.unit, &r.start, &r.end, &r.nature, &r.cause)
			list = append(list, r)
			return err
		})
	return list
}

func readCustomers(t *testing.T, path string) map[string]served {
	t.Helper()
	units := map[string]served{}
	query(t, "SELECT unit_id, area, class, customers FROM "+quoted(path), func(rows *sql.Rows) error {
		var unit string
		var s served
		err := rows.Scan(&unit, &s.area, &s.class, &s.customers)
		units[unit] = s
		return err
	})
	return units
}

// query asks DuckDB, which keeps the order of rows.
func query(t *testing.T, text string, take func(*sql.Rows) error) {
	t.Helper()
	if err := each(orderedDuck(t), text, take); err != nil {
		t.Fatal(err)
	}
}

func orderedDuck(t *testing.T) *sql.DB {
	t.Helper()
	db, err := openDuck(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := execute(db, "SET preserve_insertion_order = true"); err != nil {
		t.Fatal(err)
	}
	return db
}
