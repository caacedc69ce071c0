package clickhouse

import (
	"context"
	"errors"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// markView is on every server of a store and holds its mark. It is a view, as the
// founding is.
const markView = "mark"

// A shardMark says of which store the database of a server is a shard, and which one.
// Where home is not the server it was, or the cluster has its shards in another
// order, rows would be looked for where they are not.
type shardMark struct {
	store uint64 // random; what home says is right; 0: there is no mark
	shard uint16 // from 1
}

// checkMarks looks whether the shards are those of one store in their order. Not
// all need be marked as long as it is being made, or where it is older than marks.
func (c *cluster) checkMarks(ctx context.Context, all bool) error {
	marks := make([]shardMark, len(c.shards))
	err := c.onShards(func(i int, l *link) (err error) {
		if i > 0 {
			marks[i], err = l.mark(ctx)
		}
		return err
	})
	if err != nil {
		return err
	}
	if marks[0], err = c.home.mark(ctx); err != nil { // last, as it is made first
		return err
	}
	for i, m := range marks {
		if err := c.checkMark(i, m, marks[0].store, all); err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) checkMark(i int, m shardMark, id uint64, all bool) error {
	server, n := c.shards[i].addresses[0], i+1
	switch {
	case m.store == 0 && all:
		return fmt.Errorf("the database %s on %s is not marked as shard %d of the store: name the servers that the store was made on, in their order", c.database, server, n)
	case m.store == 0:
		return nil
	case int(m.shard) != n:
		return fmt.Errorf("the server %s has shard %d of the store and is named as shard %d: name a server of shard 1 in the URL, and the shards of the cluster in the order in which the store was made", server, m.shard, n)
	case m.store != id:
		return fmt.Errorf("the database %s on %s has shard %d of another store than %s: name the servers that the store was made on, or another database", c.database, server, n, c.hosts[0])
	}
	return nil
}

// mark reads the mark of a server.
func (l *link) mark(ctx context.Context) (m shardMark, err error) {
	list, err := queryAll(ctx, l, func(rows driver.Rows, m *shardMark) error { return rows.Scan(&m.store, &m.shard) }, "SELECT store, shard FROM "+markView)
	if isUnknown(err) {
		return m, nil
	}
	if err != nil || len(list) == 0 {
		return m, err
	}
	return list[0], nil
}

// markShards marks the shards: home first, so that of several programs that do it
// at one time all take the number of one.
func (c *cluster) markShards(ctx context.Context) error {
	if has, err := c.home.hasCatalogue(ctx, c.database); err != nil || !has {
		return errors.Join(err, errNoCatalogue)
	}
	if err := c.home.setMark(ctx, shardMark{newTicket(), 1}); err != nil {
		return err
	}
	home, err := c.home.mark(ctx)
	if err != nil {
		return err
	}
	return c.onShards(func(i int, l *link) error {
		replicas, err := c.replicas(l)
		for k := 0; k < len(replicas) && err == nil; k++ {
			err = replicas[k].setMark(ctx, shardMark{home.store, uint16(i + 1)})
		}
		for k := 1; k < len(replicas); k++ {
			replicas[k].close()
		}
		return err
	})
}

func (l *link) setMark(ctx context.Context, m shardMark) error {
	return l.exec(ctx, fmt.Sprintf("CREATE VIEW IF NOT EXISTS %s AS SELECT toUInt64(%d) AS store, toUInt16(%d) AS shard", markView, m.store, m.shard))
}

// errNoCatalogue is of a home that is none.
var errNoCatalogue = errors.New("the first server of the URL has no catalogue of the store: name the server first that the store was made with")

// checkHome makes sure that no other shard has the catalogue: a store that is older
// than marks would be made a second time beside it.
func (c *cluster) checkHome(ctx context.Context) error {
	return c.onShards(func(i int, l *link) error {
		if i == 0 {
			return nil
		}
		has, err := l.hasCatalogue(ctx, c.database)
		if err == nil && has {
			err = fmt.Errorf("the catalogue of the store is on %s, which is named as shard %d: name that server in the URL, and the shards of the cluster in the order in which the store was made", l.addresses[0], i+1)
		}
		return err
	})
}

func (l *link) hasCatalogue(ctx context.Context, database string) (bool, error) {
	n, err := queryAll(ctx, l, func(rows driver.Rows, n *uint64) error { return rows.Scan(n) },
		"SELECT count() FROM system.tables WHERE database = ? AND name = ?", database, catalogueTable)
	if isUnknown(err) {
		return false, nil
	}
	return len(n) > 0 && n[0] > 0, err
}
