package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// askSaidi answers a job by the library as the program uses it, with all of its
// counting rules.
func askSaidi(j job, dir string, tick func(step string)) (answer, error) {
	p := policy.Qinghai()
	opts := ingest.Options{Names: p.Names(), Zone: p.Zone}
	base, err := loadBase(filepath.Join(dir, j.customers), p, opts)
	if err != nil {
		return answer{}, err
	}
	tick("base")
	e := engine.New(base, engine.Options{
		Zone: p.Zone, Bands: reliability.Bands{Momentary: p.Momentary, IEEE: reliability.IEEEThreshold},
	})
	load := e.Begin()
	delivery, err := ingest.EventsFile(filepath.Join(dir, j.events), opts, load.Add)
	if err != nil {
		return answer{}, err
	}
	tick("read")
	if err := load.Commit(delivery); err != nil {
		return answer{}, err
	}
	tick("commit")
	e.Advance(time.Date(lastYear+1, 1, 1, 0, 0, 0, 0, p.Zone).Unix())
	tick("advance")
	a, err := tally(e, p)
	tick("tally")
	return a, err
}

func loadBase(path string, p *policy.Policy, opts ingest.Options) (*reliability.Base, error) {
	rows, _, err := ingest.BaseFile(path, opts)
	if err != nil {
		return nil, err
	}
	var classes []outage.Class
	for _, c := range p.Classes {
		classes = append(classes, c.ID)
	}
	return reliability.NewBase(rows, classes)
}

// tally takes the answer from the engine's sums.
func tally(e *engine.Engine, p *policy.Policy) (answer, error) {
	counts := e.Counts(0)
	if counts.Rows != counts.Accepted+counts.Duplicate {
		return answer{}, fmt.Errorf("saidi: rows are neither accepted nor duplicates: %+v", counts)
	}
	a := answer{Accepted: int64(counts.Accepted), Duplicates: int64(counts.Duplicate)}
	for year := firstYear; year <= lastYear; year++ {
		t := e.Tally(p.YearStart.Year(year, p.Zone), nil)
		for s := range t.Strata {
			c, err := stratumCell(&t.Strata[s])
			if err != nil {
				return answer{}, err
			}
			area, class := e.Base().Stratum(s)
			c.Area, c.Class, c.Year = string(area), string(class), year
			a.add(c)
		}
	}
	a.sort()
	return a, nil
}

// stratumCell adds up natures and bands. Sums are in thousandths; where every
// customer is a whole one, so are they.
func stratumCell(b *reliability.Block) (cell, error) {
	var all reliability.Sums
	for n := range b {
		for k := range b[n] {
			all.Add(b[n][k], 1)
		}
	}
	if all.Seconds%reliability.Milli != 0 || all.Interruptions%reliability.Milli != 0 {
		return cell{}, fmt.Errorf("saidi: sums of parts of customers: %+v", all)
	}
	return cell{Seconds: all.Seconds / reliability.Milli, Interruptions: all.Interruptions / reliability.Milli}, nil
}
