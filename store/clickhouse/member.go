package clickhouse

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// The tables by which processes share the work of counting. Those on home say who
// is there, what is to be worked out and what is done; those on the shards hold
// the shares of groups.
const (
	memberTable   = "member"
	momentTable   = "moment"
	doneTable     = "done"
	refusedTable  = "refused"
	latestTable   = "latest"
	lostTable     = "lost"
	manifestTable = "manifest"
	dayTable      = "day_sum"
	tallyTable    = "tally"
	goingTable    = "going"
)

func homeTables() []table {
	return []table{
		{name: memberTable, home: true, columns: []column{{"setting", "UInt64"}, {"id", "String"}, {"at", "DateTime DEFAULT now()"}, {"gone", "UInt8"}}, order: "(setting, id, at)"},
		{name: momentTable, home: true, columns: momentColumns(), order: "(setting, id)"},
		{name: doneTable, home: true, columns: doneColumns(), order: "(setting, moment)"},
		{name: refusedTable, home: true, columns: []column{{"setting", "UInt64"}, {"told", "UInt64"}, {"delivery", "Int64"}, {"reason", "String"}}, order: "(setting, told, delivery)"},
		{name: lostTable, home: true, columns: []column{{"setting", "UInt64"}, {"era", "UInt64"}, {"reason", "String"}, {"at", "DateTime DEFAULT now()"}}, order: "(setting, era)"},
		{name: latestTable, home: true, columns: latestColumns(), order: "(era, source, moment)"},
	}
}

// PrepareShares makes the tables of members, moments and shares where they are
// missing.
func (s *Store) PrepareShares(ctx context.Context) error {
	return s.cluster.ensure(ctx, append(homeTables(), shareTables()...))
}

// Beat says that a member of those with one setting is alive, or that it is gone,
// by the clock of home.
func (s *Store) Beat(ctx context.Context, setting uint64, id string, gone bool) error {
	return s.cluster.home.insert(ctx, memberTable, []string{"setting", "id", "gone"}, func(b driver.Batch) error {
		return b.Append(setting, id, bit(gone))
	})
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// Members lists the members that said within a time that they are alive, and not
// since that they are gone, by name.
func (s *Store) Members(ctx context.Context, setting uint64, within time.Duration) ([]string, error) {
	scan := func(rows driver.Rows, id *string) error { return rows.Scan(id) }
	return queryAll(ctx, s.cluster.home, scan, `SELECT id FROM (SELECT id, max((at, gone)) AS last FROM member WHERE setting = ? AND at > now() - ? GROUP BY id)
		WHERE last.2 = 0 ORDER BY id`, setting, int64(max(within, time.Second)/time.Second))
}
