package main

import (
	"fmt"
	"os"
	"time"
)

// results are what a full run finds out.
type results struct {
	rows   int
	jobs   []result
	growth []result // of unite, by rows
}

// full runs everything and writes the page. The paces keep it within a quarter
// of an hour at 20 million rows.
func (p *plan) full(rows int, out string) error {
	m, err := p.machine()
	if err != nil {
		return err
	}
	r := results{rows: rows}
	small, err := p.growth(rows/10, pace{least: 5, most: 5}, p.alternate)
	if err != nil {
		return err
	}
	if r.jobs, err = p.all(rows); err != nil {
		return err
	}
	large, err := p.growth(rows*3, pace{least: 1, most: 2, enough: time.Minute}, p.alone)
	if err != nil {
		return err
	}
	r.growth = []result{small, r.jobs[0], large}
	if err := os.WriteFile(out, []byte(page(m, r)+clusterSection(out)), 0o666); err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	p.say("written to %s", out)
	return nil
}

// all runs every job at the main size.
func (p *plan) all(rows int) (list []result, err error) {
	dir, err := p.make(rows, "csv", "clean")
	if err != nil {
		return nil, err
	}
	for _, j := range jobs() {
		r, err := p.alternate(j, rows, dir, pace{least: 2, most: 3, enough: 2 * time.Minute})
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, p.drop(dir)
}

// growth runs unite at another size.
func (p *plan) growth(rows int, often pace, by func(job, int, string, pace) (result, error)) (result, error) {
	dir, err := p.make(rows)
	if err != nil {
		return result{}, err
	}
	r, err := by(jobs()[0], rows, dir, often)
	if err != nil {
		return result{}, err
	}
	return r, p.drop(dir)
}
