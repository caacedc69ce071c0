package clickhouse

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/reliability"
)

// shareTables are those of the shares of groups. Each share is written as an
// entry, which has a random number: the rows of one that was written in part, or
// twice, are those of no entry of the manifest.
func shareTables() []table {
	of := []column{{"era", "UInt64"}, {"moment", "UInt64"}, {"entry", "UInt64"}, {"slot", "UInt16"}, {"grp", "String"}}
	with := func(more ...column) []column { return append(slices.Clone(of), more...) }
	return []table{
		{name: manifestTable, partition: "era", order: "(era, slot, grp, moment)", columns: with(
			column{"known", "Int64"}, column{"as_of", "Int64"}, column{"due", "Int64"}, column{"first", "Int64"}, column{"last", "Int64"}, column{"rows", "Int64"},
			column{"days", "UInt32"}, column{"tallies", "UInt32"}, column{"goings", "UInt32"})},
		{name: dayTable, partition: "era", order: "(era, entry, stratum, day)", columns: with(
			column{"stratum", "Int32"}, column{"area", "String"}, column{"class", "String"}, column{"day", "Int32"}, natureColumn(), column{"band", "UInt8"},
			column{"customer_milliseconds", "Int64"}, column{"booked_customer_milliseconds", "Int64"}, column{"interrupted_milli_customers", "Int64"}, column{"events", "Int64"})},
		{name: tallyTable, partition: "era", order: "(era, entry)", columns: with(
			column{"kind", "UInt8"}, column{"key", "String"}, column{"n1", "Int64"}, column{"n2", "Int64"}, column{"n3", "Int64"}, column{"n4", "Int64"})},
		{name: goingTable, partition: "era", order: "(era, entry)", columns: with(column{"going", "String"})},
	}
}

// natureColumn is that of the rows, so that both are read in the same words.
func natureColumn() column {
	all := rowColumns()
	return all[slices.IndexFunc(all, func(c column) bool { return c.name == "nature" })]
}

func latestColumns() []column {
	return []column{{"era", "UInt64"}, {"moment", "UInt64"}, {"source", "String"}, {"start", "Int64"}}
}

// A GroupShare is the share of a group, and how many rows it was made of.
type GroupShare struct {
	Group
	Rows  int64
	Share *engine.Share
}

// Publish writes shares that were worked out for a moment. They count as a whole
// or not at all, each by itself, and may be written again.
func (s *Store) Publish(ctx context.Context, m *Moment, base *reliability.Base, shares []GroupShare) error {
	byShard := map[*link][]GroupShare{}
	for _, g := range shares {
		l := s.shardOf(g.Slot)
		byShard[l] = append(byShard[l], g)
	}
	return s.cluster.onShards(func(_ int, l *link) error {
		if len(byShard[l]) == 0 {
			return nil
		}
		return l.retry(ctx, func(ctx context.Context) error { return publish(ctx, l, m, base, byShard[l]) })
	})
}

// publish writes shares to one shard: the manifest last, so that what it names is
// there. A second try makes other entries.
func publish(ctx context.Context, l *link, m *Moment, base *reliability.Base, shares []GroupShare) error {
	entries, err := randomNumbers(len(shares))
	if err != nil {
		return &takingError{err}
	}
	p := &publication{m: m, base: base, shares: shares, entries: entries}
	fill := map[string]func() []any{manifestTable: p.manifest, dayTable: p.days, tallyTable: p.tallies, goingTable: p.goings}
	for _, t := range slices.Backward(shareTables()) { // the manifest is the first
		if err := insertOnce(ctx, l, &t, fill[t.name]()); err != nil {
			return fmt.Errorf("%s: %w", t.here(), err)
		}
	}
	return nil
}

// insertOnce inserts whole columns into a table, if they have any rows, and does
// not try again: what comes of an error nobody knows.
func insertOnce(ctx context.Context, l *link, t *table, columns []any) error {
	ctx, cancel := context.WithTimeout(l.inserting(ctx), l.timeout)
	defer cancel()
	if n, ok := columns[0].([]uint64); !ok || len(n) == 0 {
		return nil
	}
	batch, err := l.conn.PrepareBatch(ctx, "INSERT INTO "+t.here()+" ("+strings.Join(t.names(), ", ")+")")
	if err != nil {
		return err
	}
	defer batch.Close() //nolint:errcheck // Send says what matters
	for i, c := range columns {
		if err := batch.Column(i).Append(c); err != nil {
			return &takingError{err}
		}
	}
	return batch.Send()
}

// A publication is shares on their way to one shard.
type publication struct {
	m       *Moment
	base    *reliability.Base
	shares  []GroupShare
	entries []uint64
}

// entry are the columns that all tables begin with, for so many rows of each
// share.
func (p *publication) entry(rows func(*engine.Share) int) []any {
	var eras, moments, entries []uint64
	var slots []uint16
	var groups []string
	for i := range p.shares {
		g := &p.shares[i]
		for range rows(g.Share) {
			eras, moments, entries = append(eras, p.m.Era), append(moments, p.m.ID), append(entries, p.entries[i])
			slots, groups = append(slots, uint16(g.Slot)), append(groups, g.Name)
		}
	}
	return []any{eras, moments, entries, slots, groups}
}

func (p *publication) manifest() []any {
	var known, asOf, due, first, last, rows []int64
	var days, tallies, goings []uint32
	for _, g := range p.shares {
		s := g.Share
		known, asOf, due = append(known, p.m.Known), append(asOf, s.AsOf), append(due, s.Due)
		first, last, rows = append(first, s.First), append(last, s.Last), append(rows, g.Rows)
		days, tallies, goings = append(days, uint32(len(s.Days))), append(tallies, uint32(len(s.Entries))), append(goings, uint32(goingRows(s)))
	}
	return append(p.entry(func(*engine.Share) int { return 1 }), known, asOf, due, first, last, rows, days, tallies, goings)
}

func goingRows(s *engine.Share) int { return int(bit(len(s.Going) > 0)) }

func (p *publication) days() []any {
	var strata, days []int32
	var areas, classes []string
	var natures []int8
	var bands []uint8
	var seconds, booked, interrupted, events []int64
	for _, g := range p.shares {
		for i := range g.Share.Days {
			d := &g.Share.Days[i]
			area, class := p.base.Stratum(int(d.Stratum))
			strata, areas, classes = append(strata, d.Stratum), append(areas, string(area)), append(classes, string(class))
			days, natures, bands = append(days, int32(d.Day)), append(natures, int8(d.Nature)), append(bands, uint8(d.Band))
			seconds, booked = append(seconds, d.Seconds), append(booked, d.Booked)
			interrupted, events = append(interrupted, d.Interruptions), append(events, d.Events)
		}
	}
	return append(p.entry(func(s *engine.Share) int { return len(s.Days) }), strata, areas, classes, days, natures, bands, seconds, booked, interrupted, events)
}

func (p *publication) tallies() []any {
	var kinds []uint8
	var keys []string
	var n [4][]int64
	for _, g := range p.shares {
		for i := range g.Share.Entries {
			e := &g.Share.Entries[i]
			kinds, keys = append(kinds, e.Kind), append(keys, e.Key)
			for k := range n {
				n[k] = append(n[k], e.N[k])
			}
		}
	}
	return append(p.entry(func(s *engine.Share) int { return len(s.Entries) }), kinds, keys, n[0], n[1], n[2], n[3])
}

func (p *publication) goings() []any {
	var goings []string
	for _, g := range p.shares {
		if goingRows(g.Share) > 0 {
			goings = append(goings, string(g.Share.Going))
		}
	}
	return append(p.entry(goingRows), goings)
}

func randomNumbers(n int) ([]uint64, error) {
	raw := make([]byte, 8*n)
	if _, err := rand.Read(raw); err != nil {
		return nil, fmt.Errorf("draw a random number: %w", err)
	}
	list := make([]uint64, n)
	for i := range list {
		list[i] = binary.LittleEndian.Uint64(raw[8*i:])
	}
	return list, nil
}

// AddLatest notes the start of the latest outage that each of some sources told
// of, as of a moment.
func (s *Store) AddLatest(ctx context.Context, m *Moment, latest map[string]int64) error {
	if len(latest) == 0 {
		return nil
	}
	return s.cluster.home.insert(ctx, latestTable, (&table{columns: latestColumns()}).names(), func(b driver.Batch) error {
		for _, source := range slices.Sorted(maps.Keys(latest)) {
			if err := b.Append(m.Era, m.ID, source, latest[source]); err != nil {
				return err
			}
		}
		return nil
	})
}
