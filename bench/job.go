package main

import (
	_ "embed"
	"path/filepath"
	"strings"
)

// A job is one question asked of one pair of files.
type job struct {
	name      string
	title     string // for people
	events    string // name of the file
	customers string
	query     string // DuckDB's
}

//go:embed sql/unite.sql
var uniteSQL string

//go:embed sql/tuned.sql
var tunedSQL string

//go:embed sql/plain.sql
var plainSQL string

// jobs lists what is measured.
func jobs() []job {
	return []job{
		{"unite", "Parquet: duplicates dropped, outages united", "events.parquet", "customers.parquet", uniteSQL},
		{"tuned", "Parquet: the same, by SQL tuned by hand", "events.parquet", "customers.parquet", tunedSQL},
		{"csv", "CSV: the same", "events.csv", "customers.csv", tunedSQL},
		{"plain", "Parquet: nothing repeats or overlaps, DuckDB just sums", "clean.parquet", "customers.parquet", plainSQL},
	}
}

// eventColumns and customerColumns tell DuckDB what the columns of the CSV
// files are, so that it need not find out.
const (
	eventColumns    = `{'event_id': 'VARCHAR', 'feeder_id': 'VARCHAR', 'unit_id': 'VARCHAR', 'start': 'TIMESTAMP', 'end': 'TIMESTAMP', 'nature': 'VARCHAR', 'cause': 'VARCHAR'}`
	customerColumns = `{'feeder_id': 'VARCHAR', 'unit_id': 'VARCHAR', 'area': 'VARCHAR', 'class': 'VARCHAR', 'customers': 'INTEGER'}`
)

// opening is the statements that make a job's files in dir the tables outages
// and customers. Parquet is read where the query asks for it, more than once
// as it needs few of the columns; a CSV file is parsed once.
func (j job) opening(dir string) []string {
	events, customers := quoted(filepath.Join(dir, j.events)), quoted(filepath.Join(dir, j.customers))
	if filepath.Ext(j.events) == ".csv" {
		return []string{
			"CREATE TEMP TABLE outages AS FROM read_csv(" + events + ", header = true, auto_detect = false, columns = " + eventColumns + ")",
			"CREATE TEMP TABLE customers AS FROM read_csv(" + customers + ", header = true, auto_detect = false, columns = " + customerColumns + ")",
		}
	}
	return []string{
		"CREATE VIEW outages AS FROM read_parquet(" + events + ")",
		"CREATE VIEW customers AS FROM read_parquet(" + customers + ")",
	}
}

// quoted writes a text as a literal of SQL.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
