package app

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/source/folder"
)

// rules are what does not change but by a reload.
type rules struct {
	config   *Config
	policy   *policy.Policy
	ledger   *policy.Ledger
	mapping  *ingest.Mapping   // of the base; nil: none
	mappings []*ingest.Mapping // of the sources; nil: none
}

// loadRules reads policy, ledger and mappings of a configuration.
func loadRules(c *Config) (*rules, error) {
	p, err := c.LoadPolicy()
	if err != nil {
		return nil, err
	}
	r := &rules{config: c, policy: p}
	if r.mapping, err = r.loadMapping(c.Mapping); err != nil {
		return nil, err
	}
	if c.Ledger != "" {
		data, err := os.ReadFile(c.Ledger)
		if err != nil {
			return nil, fmt.Errorf("read ledger: %w", err)
		}
		if r.ledger, err = policy.ParseLedger(c.Ledger, data, p); err != nil {
			return nil, err
		}
	}
	for _, s := range c.Sources {
		m := r.mapping
		if s.Mapping != "" {
			if m, err = r.loadMapping(s.Mapping); err != nil {
				return nil, err
			}
		}
		r.mappings = append(r.mappings, m)
	}
	return r, nil
}

func (r *rules) loadMapping(path string) (*ingest.Mapping, error) {
	if path == "" {
		return nil, nil
	}
	m, err := ingest.LoadMapping(path)
	if err != nil {
		return nil, err
	}
	return m, m.CheckAreas(r.policy.Names())
}

// reading says how the deliveries of a source are read.
func (r *rules) reading(source string, m *ingest.Mapping) ingest.Options {
	return ingest.Options{Mapping: m, Names: r.policy.Names(), Zone: r.policy.Zone, Source: source}
}

// digest is that of a mapping; empty without one.
func digest(m *ingest.Mapping) string {
	if m == nil {
		return ""
	}
	return m.SHA256
}

// newWorld makes a world without events for the customers served.
func (r *rules) newWorld(rows []outage.Customers, baseSHA256 string, notes []outage.Note) (*world, error) {
	w, err := newWorld(r.policy, rows, r.config.StaleAfter)
	if err != nil {
		return nil, err
	}
	w.ledger, w.base, w.worst, w.mapping = r.ledger, baseSHA256, r.config.Worst, digest(r.mapping)
	w.notes = append(slices.Clone(notes), w.notes...)
	return w, nil
}

// baseFiles is what the files of a base hold.
type baseFiles struct {
	rows    []outage.Customers
	digests []string
	notes   []outage.Note
	skipped int
}

// digest is the one by which reports name the base.
func (b *baseFiles) digest() string { return snapshot.DigestOfBase(b.digests) }

// baseOf reads the files of the base, which count together or not at all. What is
// wrong with one is noted at s.
func (r *rules) baseOf(ctx context.Context, s *source, list []folder.File, read baseReader, now time.Time) (*baseFiles, error) {
	b := &baseFiles{}
	for _, file := range list {
		rows, d, err := readBase(ctx, read, file.Path, r.reading("", r.mapping), r.config.Timeout)
		if err == nil {
			err = unchanged(file)
		}
		if err == nil && len(rows) == 0 {
			err = fmt.Errorf("%s: the base has no rows", file.Path)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			s.failed(file, err, now)
			return nil, err
		}
		delete(s.bad, file.Path)
		b.rows, b.digests, b.skipped = append(b.rows, rows...), append(b.digests, d.SHA256), b.skipped+d.Skipped
		for _, n := range d.Warnings {
			n.Path = file.Path
			b.notes = append(b.notes, n)
		}
	}
	return b, nil
}
