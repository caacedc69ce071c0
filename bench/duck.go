package main

import (
	"database/sql"
	"errors"
	"fmt"

	_ "github.com/duckdb/duckdb-go/v2" // the driver named duckdb
)

// openDuck opens a DuckDB in memory, with as many threads and without the order
// of rows where nothing asks for it.
func openDuck(threads int) (*sql.DB, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, fmt.Errorf("open DuckDB: %w", err)
	}
	db.SetMaxOpenConns(1) // views and settings of one session
	if err := execute(db, fmt.Sprintf("SET threads = %d", threads), "SET preserve_insertion_order = false"); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// execute runs statements one after the other.
func execute(db *sql.DB, statements ...string) error {
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			return fmt.Errorf("DuckDB: %w in: %s", err, s)
		}
	}
	return nil
}

// askDuck answers a job by DuckDB's SQL.
func askDuck(j job, dir string, threads int, tick func(step string)) (a answer, err error) {
	db, err := openDuck(threads)
	if err != nil {
		return answer{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := execute(db, j.opening(dir)...); err != nil {
		return answer{}, err
	}
	tick("open")
	err = each(db, j.query, func(rows *sql.Rows) error {
		var c cell
		err := rows.Scan(&c.Area, &c.Class, &c.Year, &c.Seconds, &c.Interruptions, &a.Accepted, &a.Duplicates)
		a.add(c)
		return err
	})
	a.sort()
	tick("query")
	return a, err
}

// each gives every row of a query to take.
func each(db *sql.DB, query string, take func(*sql.Rows) error) (err error) {
	rows, err := db.Query(query)
	if err != nil {
		return fmt.Errorf("DuckDB: %w in: %s", err, query)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := take(rows); err != nil {
			return fmt.Errorf("DuckDB: %w in: %s", err, query)
		}
	}
	return rows.Err()
}

// duckVersion is the version of DuckDB.
func duckVersion() (version string, err error) {
	db, err := openDuck(1)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.QueryRow("SELECT version()").Scan(&version)
	return version, err
}
