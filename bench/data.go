package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

//go:embed sql/draw.sql
var drawSQL string

//go:embed sql/base.sql
var baseSQL string

//go:embed sql/events.sql
var eventsSQL string

// A dataset is the files of one size: customers and events as Parquet, and
// where asked for as CSV, and clean events as Parquet.
type dataset struct {
	rows  int
	dir   string
	csv   bool
	clean bool
}

const (
	unitsPerFeeder = 100  // on average
	rowsPerFeeder  = 5000 // fifty outages a unit
	fewestFeeders  = 16   // so that small data has several areas and classes too
	oneInDoubled   = 100  // one row in so many is delivered twice
)

// distinctRows is how many of the rows are no copies: with the copies of every
// hundredth they are all, or all and one more where no number makes it even.
func distinctRows(rows int) int {
	distinct := rows * oneInDoubled / (oneInDoubled + 1)
	for distinct+copies(distinct) < rows {
		distinct++
	}
	return distinct
}

// copies counts the row numbers below n that the SQL delivers twice: those that
// leave 37 when divided by a hundred.
func copies(n int) int { return (n + oneInDoubled - 1 - 37) / oneInDoubled }

// make writes the files. DuckDB keeps the order of rows, on one thread as that
// needs the least memory and hardly more time.
func (d dataset) make() (err error) {
	if err := os.MkdirAll(d.dir, 0o777); err != nil {
		return fmt.Errorf("make a folder for the data: %w", err)
	}
	db, err := openDuck(1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return execute(db, d.statements()...)
}

// statements is the SQL that makes the files.
func (d dataset) statements() []string {
	list := []string{
		"SET preserve_insertion_order = true",
		fmt.Sprintf("SET VARIABLE rows = %d", d.rows),
		fmt.Sprintf("SET VARIABLE feeders = %d", max(fewestFeeders, d.rows/rowsPerFeeder)),
		drawSQL, baseSQL,
		d.copyTo("customers", "customers.parquet"),
		"SET VARIABLE clean = false",
		fmt.Sprintf("SET VARIABLE distinct_rows = %d", distinctRows(d.rows)),
		eventsSQL,
		d.copyTo("outages", "events.parquet"),
	}
	if d.clean {
		list = append(list,
			"SET VARIABLE clean = true",
			fmt.Sprintf("SET VARIABLE distinct_rows = %d", d.rows),
			eventsSQL,
			d.copyTo("outages", "clean.parquet"))
	}
	if d.csv {
		list = append(list,
			fmt.Sprintf("SET threads = %d", runtime.NumCPU()),
			d.copyTo("read_parquet("+d.file("customers.parquet")+")", "customers.csv"),
			d.copyTo("read_parquet("+d.file("events.parquet")+")", "events.csv"))
	}
	return list
}

func (d dataset) file(name string) string { return quoted(filepath.Join(d.dir, name)) }

func (d dataset) copyTo(from, name string) string {
	return "COPY (FROM " + from + ") TO " + d.file(name)
}
