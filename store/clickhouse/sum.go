package clickhouse

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/store"
)

// An InForce is what the manifest says of the share of a group that counts.
type InForce struct {
	Group
	Entry, Moment    uint64
	Known, AsOf, Due int64
	First, Last      int64 // starts, see [engine.Share]
	Rows             int64 // that it was made of
	Parts            Parts
}

// Parts are how many rows of the tables shares take.
type Parts struct{ Days, Tallies, Goings int64 }

// Add adds o, times sign.
func (p *Parts) Add(o Parts, sign int64) {
	p.Days, p.Tallies, p.Goings = p.Days+sign*o.Days, p.Tallies+sign*o.Tallies, p.Goings+sign*o.Goings
}

// InForce gives the shares of an era that count as of one moment and were written
// behind another, of some slots (nil: of all). Of two of one moment, which are
// worth the same, all processes take the same.
func (s *Store) InForce(ctx context.Context, era, after, until uint64, slots []int) ([]InForce, error) {
	lists := make([][]InForce, len(s.cluster.shards))
	text := `SELECT slot, grp, m.1, m.2, m.3, m.4, m.5, m.6, m.7, m.8, m.9, m.10, m.11 FROM (
		SELECT slot, grp, max((moment, entry, known, as_of, due, first, last, rows, days, tallies, goings)) AS m FROM manifest_here
		WHERE era = ? AND moment > ? AND moment <= ?` + inSlots(slots) + ` GROUP BY slot, grp)`
	err := s.cluster.onShards(func(i int, l *link) (err error) {
		lists[i], err = queryAll(ctx, l, scanInForce, text, era, after, until)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the manifest of shares: %w", err)
	}
	return slices.Concat(lists...), nil
}

func inSlots(slots []int) string {
	if slots == nil {
		return ""
	}
	return " AND slot IN (" + joined(slots) + ")"
}

func scanInForce(rows driver.Rows, f *InForce) error {
	var slot uint16
	var days, tallies, goings uint32
	err := rows.Scan(&slot, &f.Name, &f.Moment, &f.Entry, &f.Known, &f.AsOf, &f.Due, &f.First, &f.Last, &f.Rows, &days, &tallies, &goings)
	f.Slot, f.Parts = int(slot), Parts{int64(days), int64(tallies), int64(goings)}
	return err
}

// Sums are shares added up by the servers. Equal keys may come several times, from
// several shards.
type Sums struct {
	Days    []engine.DaySum
	Entries []engine.Entry
	Goings  []Going
	Parts   Parts   // how many rows were added up
	Seconds float64 // about all customer-seconds, in thousandths: whether they can be added up at all
}

// A Going is what is under way in a group.
type Going struct {
	Entry uint64
	Going []byte
}

// MostEntries is how many entries may be named to [Store.SumOf].
const MostEntries = 4000

// SumInForce adds up the shares of an era that count as of a moment.
func (s *Store) SumInForce(ctx context.Context, era, until uint64) (*Sums, error) {
	return s.sum(ctx, era, "(SELECT m.2 FROM (SELECT max((moment, entry)) AS m FROM manifest_here WHERE era = ? AND moment <= ? GROUP BY slot, grp))", era, until)
}

// SumOf adds up some entries of an era.
func (s *Store) SumOf(ctx context.Context, era uint64, entries []uint64) (*Sums, error) {
	if len(entries) == 0 {
		return &Sums{}, nil
	}
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = strconv.FormatUint(e, 10)
	}
	return s.sum(ctx, era, "("+strings.Join(texts, ", ")+")")
}

func (s *Store) sum(ctx context.Context, era uint64, entries string, args ...any) (*Sums, error) {
	args = append([]any{era}, args...)
	where := " WHERE era = ? AND entry IN " + entries
	parts := make([]Sums, len(s.cluster.shards))
	err := s.cluster.onShards(func(i int, l *link) error { return parts[i].read(ctx, l, where, args) })
	if err != nil {
		return nil, fmt.Errorf("add up the shares: %w", err)
	}
	all := &Sums{}
	for i := range parts {
		p := &parts[i]
		all.Days, all.Entries, all.Goings = append(all.Days, p.Days...), append(all.Entries, p.Entries...), append(all.Goings, p.Goings...)
		all.Parts.Add(p.Parts, 1)
		all.Seconds += p.Seconds
	}
	return all, nil
}

// A summed is what rows with one key add up to, and how many they are.
type summed[T any] struct {
	of      T
	rows    uint64
	seconds float64
}

// read adds up what one shard holds.
func (p *Sums) read(ctx context.Context, l *link, where string, args []any) error {
	days, err := queryAll(ctx, l, scanDay, `SELECT stratum, day, toInt8(nature) AS n, band, sum(customer_milliseconds), sum(booked_customer_milliseconds),
		sum(interrupted_milli_customers), sum(events), count(), sum(toFloat64(customer_milliseconds)) FROM day_sum_here`+where+` GROUP BY stratum, day, n, band`, args...)
	if err != nil {
		return err
	}
	for _, d := range days {
		p.Days, p.Parts.Days, p.Seconds = append(p.Days, d.of), p.Parts.Days+int64(d.rows), p.Seconds+math.Abs(d.seconds)
	}
	tallies, err := queryAll(ctx, l, scanTally, "SELECT kind, key, sum(n1), sum(n2), sum(n3), sum(n4), count() FROM tally_here"+where+" GROUP BY kind, key", args...)
	if err != nil {
		return err
	}
	for _, t := range tallies {
		p.Entries, p.Parts.Tallies = append(p.Entries, t.of), p.Parts.Tallies+int64(t.rows)
	}
	p.Goings, err = queryAll(ctx, l, func(rows driver.Rows, g *Going) error { return rows.Scan(&g.Entry, &g.Going) }, "SELECT entry, going FROM going_here"+where, args...)
	p.Parts.Goings = int64(len(p.Goings))
	return err
}

func scanDay(rows driver.Rows, d *summed[engine.DaySum]) error {
	var day int32
	var nature int8
	var band uint8
	err := rows.Scan(&d.of.Stratum, &day, &nature, &band, &d.of.Seconds, &d.of.Booked, &d.of.Interruptions, &d.of.Events, &d.rows, &d.seconds)
	d.of.Day, d.of.Nature, d.of.Band = period.Day(day), outage.Nature(nature), reliability.Band(band)
	return err
}

func scanTally(rows driver.Rows, e *summed[engine.Entry]) error {
	return rows.Scan(&e.of.Kind, &e.of.Key, &e.of.N[0], &e.of.N[1], &e.of.N[2], &e.of.N[3], &e.rows)
}

// Latest gives the start of the latest outage that each source told of as of a
// moment.
func (s *Store) Latest(ctx context.Context, era, until uint64) (map[string]int64, error) {
	type row struct {
		source string
		start  int64
	}
	scan := func(rows driver.Rows, r *row) error { return rows.Scan(&r.source, &r.start) }
	list, err := queryAll(ctx, s.cluster.home, scan, "SELECT source, max(start) FROM latest WHERE era = ? AND moment <= ? GROUP BY source", era, until)
	latest := map[string]int64{}
	for _, r := range list {
		latest[r.source] = r.start
	}
	return latest, err
}

// LastStart gives the last start of readable rows before an instant or at it,
// whether they count or not; ok is false where there is none.
func (s *Store) LastStart(ctx context.Context, until int64) (start int64, ok bool, err error) {
	type last struct {
		start int64
		rows  uint64
	}
	lists := make([][]last, len(s.cluster.shards))
	err = s.cluster.onShards(func(i int, l *link) (err error) {
		lists[i], err = queryAll(ctx, l, func(rows driver.Rows, r *last) error { return rows.Scan(&r.start, &r.rows) },
			"SELECT max(start), count() FROM row_here WHERE reason = '' AND start <= ?", until)
		return err
	})
	for _, r := range slices.Concat(lists...) {
		if r.rows > 0 && (!ok || r.start > start) {
			start, ok = r.start, true
		}
	}
	return start, ok, err
}

// Kept is how many rows of events count as known at a sequence, those that were
// not readable too, but for those of some deliveries: what shares that are made
// without them are made of.
func (s *Store) Kept(ctx context.Context, until int64, without []int64) (rows int64, err error) {
	err = s.eachInForce(ctx, until, func(d *delivery) {
		if !slices.Contains(without, d.id) {
			rows += d.kept()
		}
	})
	return rows, err
}

// eachInForce gives the deliveries of events that count as known at a sequence and
// have rows.
func (s *Store) eachInForce(ctx context.Context, until int64, take func(*delivery)) error {
	return s.lookAt(ctx, until, func(l *ledger) error {
		cut := l.cut(until)
		for i := range cut {
			if d := &l.deliveries[i]; d.counts(cut) && d.kept() > 0 && l.kind(d) == store.Events {
				take(d)
			}
		}
		return nil
	})
}

// Missing names a delivery in force as known at a sequence whose rows are not all
// there; nil where all are.
func (s *Store) Missing(ctx context.Context, until int64) error {
	var list []delivery
	if err := s.eachInForce(ctx, until, func(d *delivery) { list = append(list, *d) }); err != nil {
		return err
	}
	findings, err := s.verifyRows(ctx, list)
	if err == nil && len(findings) > 0 {
		err = faultf(store.ErrCorrupt, "%s", findings[0].What)
	}
	return err
}
