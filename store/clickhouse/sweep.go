package clickhouse

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	native "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// What is kept at least, by the clock of home: shares that a member may be adding
// up at this moment, or may still be writing; and those of members who are away.
const (
	keepReplaced = 10 * time.Minute
	keepEras     = 48 * time.Hour
)

// A Sweeping is how long what nobody needs any more is kept.
type Sweeping struct {
	Replaced time.Duration // shares that were replaced; 0: ten minutes
	Eras     time.Duration // shares of an era after its last moment; 0: two days
	Few      uint64        // replaced shares that a shard may hold in any case; 0: 1000
}

// Sweep removes what no answer needs any more: shares of past eras, those that
// were replaced once they are more than those that count, and what members noted
// of moments long past. It may be done by several at once.
func (s *Store) Sweep(ctx context.Context, setting uint64, keep Sweeping) error {
	keep = Sweeping{cmp.Or(keep.Replaced, keepReplaced), cmp.Or(keep.Eras, keepEras), cmp.Or(keep.Few, fewReplaced)}
	if err := s.sweepEras(ctx, keep.Eras); err != nil {
		return fmt.Errorf("remove the shares of past eras: %w", err)
	}
	past, err := s.lastPast(ctx, setting, keep.Replaced)
	if err != nil || past == nil {
		return err
	}
	if err := s.sweepReplaced(ctx, past, keep.Few); err != nil {
		return fmt.Errorf("remove shares that were replaced: %w", err)
	}
	return s.sweepHome(ctx, past)
}

// sweepEras drops the eras of which there was no moment for some time. What is
// there is listed before what is needed: an era that begins meanwhile is not in
// the list. That slots were done goes before the shares do: who comes then must
// not believe it.
func (s *Store) sweepEras(ctx context.Context, keep time.Duration) error {
	shares, err := s.shareEras(ctx)
	if err != nil {
		return err
	}
	noted := map[string][]uint64{}
	for _, t := range []string{doneTable, latestTable} {
		if noted[t], err = queryAll(ctx, s.cluster.home, scanEra, "SELECT era FROM "+t+" GROUP BY era ORDER BY era"); err != nil {
			return err
		}
	}
	needed, err := queryAll(ctx, s.cluster.home, scanEra, "SELECT era FROM moment WHERE at > now() - ? OR id IN (SELECT max(id) FROM moment GROUP BY setting, ahead HAVING max(at) > now() - ?) GROUP BY era",
		int64(keep/time.Second), int64(keep/time.Second))
	if err != nil {
		return err
	}
	for _, t := range []string{doneTable, latestTable} {
		past := slices.DeleteFunc(noted[t], func(era uint64) bool { return slices.Contains(needed, era) })
		if len(past) == 0 {
			continue
		}
		if gone, err := s.cluster.home.remove(ctx, t, "ALTER TABLE "+t+" DELETE WHERE era IN ("+joinedEras(past)+")"); err != nil || !gone {
			return err
		}
	}
	return s.cluster.onShards(func(i int, l *link) error { return dropEras(ctx, l, shares[i], needed) })
}

func scanEra(rows driver.Rows, era *uint64) error { return rows.Scan(era) }

func joinedEras(list []uint64) string {
	texts := make([]string, len(list))
	for i, era := range list {
		texts[i] = strconv.FormatUint(era, 10)
	}
	return strings.Join(texts, ", ")
}

// A partition is one era in one table of a shard.
type partition struct{ table, era string }

// shareEras lists the eras of shares, by shard.
func (s *Store) shareEras(ctx context.Context) ([][]partition, error) {
	var tables []string
	for _, t := range shareTables() {
		tables = append(tables, "'"+t.here()+"'")
	}
	lists := make([][]partition, len(s.cluster.shards))
	err := s.cluster.onShards(func(i int, l *link) (err error) {
		lists[i], err = queryAll(ctx, l, func(rows driver.Rows, p *partition) error { return rows.Scan(&p.table, &p.era) },
			"SELECT table, partition FROM system.parts WHERE database = currentDatabase() AND table IN ("+strings.Join(tables, ", ")+") AND active GROUP BY table, partition ORDER BY table, partition")
		return err
	})
	return lists, err
}

func dropEras(ctx context.Context, l *link, there []partition, needed []uint64) error {
	for _, p := range there {
		era, err := strconv.ParseUint(p.era, 10, 64)
		if err != nil || slices.Contains(needed, era) {
			continue
		}
		if err := l.exec(ctx, fmt.Sprintf("ALTER TABLE %s DROP PARTITION %d", p.table, era)); err != nil {
			return err
		}
	}
	return nil
}

// lastPast gives the newest moment that was complete some time ago; nil where
// there is none.
func (s *Store) lastPast(ctx context.Context, setting uint64, keep time.Duration) (*Moment, error) {
	list, err := queryAll(ctx, s.cluster.home, scanMoment, selectMoment+"id IN (SELECT max(complete) FROM moment WHERE setting = ? AND at <= now() - ?)",
		setting, setting, int64(keep/time.Second))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// fewReplaced is how many replaced shares a shard may hold in any case.
const fewReplaced = 1000

// sweepReplaced removes, on shards that have many of them, the shares that no
// longer count as of a moment, and the rest of those that were never finished.
func (s *Store) sweepReplaced(ctx context.Context, past *Moment, few uint64) error {
	type count struct{ all, groups uint64 }
	return s.cluster.onShards(func(_ int, l *link) error {
		counts, err := queryAll(ctx, l, func(rows driver.Rows, c *count) error { return rows.Scan(&c.all, &c.groups) },
			"SELECT sum(n), count() FROM (SELECT count() AS n FROM manifest_here WHERE era = ? AND moment <= ? GROUP BY slot, grp)", past.Era, past.ID)
		if err != nil || len(counts) == 0 || counts[0].all < 2*counts[0].groups+few {
			return err
		}
		// One query without another inside it: old servers know no more in the background.
		counting := fmt.Sprintf("SELECT argMax(entry, (moment, entry)) FROM manifest_here WHERE era = %d AND moment <= %d GROUP BY slot, grp", past.Era, past.ID)
		for _, t := range slices.Backward(shareTables()) { // the manifest last: it says what counts
			text := fmt.Sprintf("ALTER TABLE %s DELETE WHERE era = %d AND moment <= %d AND entry NOT IN (%s)", t.here(), past.Era, past.ID, counting)
			if gone, err := l.remove(ctx, t.here(), text); err != nil || !gone {
				return err
			}
		}
		return nil
	})
}

// remove has rows of a table removed, and waits until they are gone, for as long as
// the URL says: what takes longer, or was asked for before, the server does
// meanwhile, and the next sweep goes on.
func (l *link) remove(ctx context.Context, table, text string) (gone bool, err error) {
	if idle, err := l.idle(ctx, table); err != nil || !idle {
		return false, err
	}
	if err := l.mutate(ctx, text); err != nil {
		return false, err
	}
	for pause := firstPause; pause < l.timeout; pause *= 2 {
		if gone, err := l.idle(ctx, table); err != nil || gone {
			return gone, err
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(pause):
		}
	}
	return false, nil
}

// mutate has rows removed by a query on the same table. Servers of today take it
// for one whose answer may differ between replicas, and want to be told that it
// does not: what is asked for is long past, and the same on all.
func (l *link) mutate(ctx context.Context, text string) error {
	const setting = "allow_nondeterministic_mutations"
	known, err := queryAll(ctx, l, func(rows driver.Rows, name *string) error { return rows.Scan(name) }, "SELECT name FROM system.settings WHERE name = ?", setting)
	if err != nil {
		return err
	}
	if len(known) > 0 {
		ctx = native.Context(ctx, native.WithSettings(native.Settings{setting: 1}))
	}
	return l.exec(ctx, text)
}

// idle says whether no rows of a table are being removed.
func (l *link) idle(ctx context.Context, table string) (bool, error) {
	left, err := queryAll(ctx, l, func(rows driver.Rows, n *uint64) error { return rows.Scan(n) },
		"SELECT count() FROM system.mutations WHERE database = currentDatabase() AND table = ? AND is_done = 0", table)
	return len(left) > 0 && left[0] == 0, err
}

// sweepHome removes notes of moments before one.
func (s *Store) sweepHome(ctx context.Context, past *Moment) error {
	home := s.cluster.home
	for _, text := range []string{
		fmt.Sprintf("ALTER TABLE moment DELETE WHERE setting = %d AND id < %d AND (ahead = 0 OR era = %d)", past.Setting, past.ID, past.Era),
		fmt.Sprintf("ALTER TABLE done DELETE WHERE era = %d AND moment < %d", past.Era, past.ID),
		fmt.Sprintf("ALTER TABLE latest DELETE WHERE era = %[1]d AND moment <= %[2]d AND (source, start) NOT IN (SELECT source, max(start) FROM latest WHERE era = %[1]d AND moment <= %[2]d GROUP BY source)", past.Era, past.ID),
	} {
		if err := home.mutate(ctx, text); err != nil {
			return fmt.Errorf("remove notes of past moments: %w", err)
		}
	}
	return s.sweepMembers(ctx)
}

// sweepMembers removes the beats of yesterday and before.
func (s *Store) sweepMembers(ctx context.Context) error {
	home := s.cluster.home
	clock, err := queryAll(ctx, home, func(rows driver.Rows, t *uint32) error { return rows.Scan(t) }, "SELECT toUInt32(now())")
	if err != nil || len(clock) == 0 {
		return err
	}
	return home.exec(ctx, fmt.Sprintf("ALTER TABLE member DELETE WHERE toUInt32(at) < %d", int64(clock[0])-86400))
}

// ShareCounts is how many shares there are, those that were replaced and those of
// past eras included.
func (s *Store) ShareCounts(ctx context.Context) (n int64, err error) {
	counts := make([][]uint64, len(s.cluster.shards))
	err = s.cluster.onShards(func(i int, l *link) (err error) {
		counts[i], err = queryAll(ctx, l, func(rows driver.Rows, n *uint64) error { return rows.Scan(n) }, "SELECT count() FROM manifest_here")
		return err
	})
	for _, c := range slices.Concat(counts...) {
		n += int64(c)
	}
	return n, err
}
