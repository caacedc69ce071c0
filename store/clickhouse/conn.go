package clickhouse

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	native "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// A link leads to one shard, or to the server that is home. Any number of
// goroutines may use it.
type link struct {
	shard      int // from 1
	addresses  []string
	conn       driver.Conn
	timeout    time.Duration
	replicated bool // the server keeps tables on several machines
}

// A cluster is the servers of a store.
type cluster struct {
	address
	home   *link
	shards []*link
}

// connect opens connections to all shards. The database is made where it is
// missing, unless nothing may be written.
func connect(ctx context.Context, a address, readOnly bool) (*cluster, error) {
	first, err := open(a, 1, a.hosts, "")
	if err != nil {
		return nil, err
	}
	defer first.close()
	if err := first.ping(ctx); err != nil {
		return nil, err
	}
	places, err := a.places(ctx, first)
	if err != nil {
		return nil, err
	}
	c := &cluster{address: a}
	for i, hosts := range places {
		l, err := a.openDatabase(ctx, i+1, hosts, readOnly)
		if err != nil {
			c.close()
			return nil, err
		}
		c.shards = append(c.shards, l)
	}
	c.home, err = open(a, 1, a.hosts[:1], a.database)
	if err == nil {
		c.home.replicated = c.shards[0].replicated
	}
	return c, err
}

// openDatabase opens the database of a shard, and makes it where it is missing.
func (a *address) openDatabase(ctx context.Context, shard int, hosts []string, readOnly bool) (*link, error) {
	plain, err := open(*a, shard, hosts, "")
	if err != nil {
		return nil, err
	}
	defer plain.close()
	if !readOnly && a.database != "default" {
		if err := plain.exec(ctx, "CREATE DATABASE IF NOT EXISTS "+a.database); err != nil {
			return nil, fmt.Errorf("make the database %s: %w", a.database, err)
		}
	}
	replicated, err := plain.keepsReplicas(ctx)
	if err != nil {
		return nil, err
	}
	if !replicated {
		hosts = hosts[:1] // what the others have is not the same
	}
	l, err := open(*a, shard, hosts, a.database)
	if err == nil {
		l.replicated = replicated
	}
	return l, err
}

// open prepares connections to one of some servers, the first that answers.
func open(a address, shard int, hosts []string, database string) (*link, error) {
	o := &native.Options{
		Addr: hosts, Auth: native.Auth{Database: database, Username: a.user, Password: a.password},
		DialTimeout: min(a.timeout, 5*time.Second), ReadTimeout: patience * a.timeout, MaxOpenConns: 32, MaxIdleConns: 8, ConnMaxLifetime: time.Hour,
		ConnOpenStrategy: native.ConnOpenInOrder, Compression: &native.Compression{Method: native.CompressionLZ4},
	}
	if a.secure {
		o.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	conn, err := native.Open(o)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", strings.Join(hosts, ", "), err)
	}
	return &link{shard: shard, addresses: hosts, conn: conn, timeout: a.timeout}, nil
}

func (l *link) close() { _ = l.conn.Close() } // whatever was written was acknowledged

func (c *cluster) close() {
	for _, l := range append(slices.Clone(c.shards), c.home) {
		if l != nil {
			l.close()
		}
	}
}

// patience is how many times as long as operations are tried a server that is busy
// may take for one.
const patience = 3

// The pauses between tries.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 2 * time.Second
)

// retry does something until it is done, is refused, or has been tried for as
// long as the URL says. Whatever is tried must do no harm when done twice.
func (l *link) retry(ctx context.Context, do func(context.Context) error) error {
	over := time.NewTimer(l.timeout)
	defer over.Stop()
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := do(ctx)
		if !mayPass(err) || ctx.Err() != nil {
			return l.named(ctx, err)
		}
		select {
		case <-time.After(pause):
		case <-over.C:
			return l.named(ctx, err)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// named says which shard an error is of that no server said.
func (l *link) named(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errTaken):
		taking, _ := errors.AsType[*takingError](err)
		return taking.error
	case codeOf(err) != 0:
		return kindOf(err)
	}
	return &ShardError{Shard: l.shard, Address: strings.Join(l.addresses, ", "), Err: err}
}

// ping asks for a sign of life, and tries for a while.
func (l *link) ping(ctx context.Context) error { return l.retry(ctx, l.conn.Ping) }

// exec executes a statement that may be executed twice.
func (l *link) exec(ctx context.Context, text string, args ...any) error {
	return l.retry(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, patience*l.timeout)
		defer cancel()
		return l.conn.Exec(ctx, text, args...)
	})
}

// query gives each row of a query. It is tried again as long as no row was given;
// see [link.queryAll] for small answers.
func (l *link) query(ctx context.Context, text string, args []any, take func(driver.Rows) error) error {
	given := false
	return l.retry(ctx, func(ctx context.Context) error {
		rows, err := l.conn.Query(ctx, text, args...)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // its error is that of Err
		for rows.Next() {
			given = true
			if err := take(rows); err != nil {
				return &takingError{err}
			}
		}
		if err := rows.Err(); err != nil && given {
			return &takingError{l.named(ctx, err)}
		} else if err != nil {
			return err
		}
		return nil
	})
}

// queryAll gives all rows of a small answer. Each try begins anew.
func queryAll[T any](ctx context.Context, l *link, scan func(driver.Rows, *T) error, text string, args ...any) (list []T, err error) {
	err = l.retry(ctx, func(ctx context.Context) error {
		list = nil
		rows, err := l.conn.Query(ctx, text, args...)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // its error is that of Err
		for rows.Next() {
			var item T
			if err := scan(rows, &item); err != nil {
				return &takingError{err}
			}
			list = append(list, item)
		}
		return rows.Err()
	})
	return list, err
}

// insert inserts some columns of a table as one block. A row may be there twice
// after an error, or after a try that was not acknowledged.
func (l *link) insert(ctx context.Context, table string, columns []string, fill func(driver.Batch) error) error {
	text := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ")"
	return l.retry(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(l.inserting(ctx), patience*l.timeout)
		defer cancel()
		batch, err := l.conn.PrepareBatch(ctx, text)
		if err != nil {
			return err
		}
		defer batch.Close() //nolint:errcheck // Send says what matters
		if err := fill(batch); err != nil {
			return &takingError{err}
		}
		return batch.Send()
	})
}

// inserting gives the settings of inserts: where there are replicas, two have
// to have a block, and a block that is sent again goes to what hangs on the table
// too, as it may not have got there.
func (l *link) inserting(ctx context.Context) context.Context {
	if !l.replicated {
		return ctx
	}
	settings := native.Settings{"insert_deduplicate": 0}
	if len(l.addresses) > 1 {
		settings["insert_quorum"] = 2
	}
	return native.Context(ctx, native.WithSettings(settings))
}

// keepsReplicas says whether the server keeps tables on several machines: it has
// a keeper, and says which shard and replica it is.
func (l *link) keepsReplicas(ctx context.Context) (bool, error) {
	scan := func(rows driver.Rows, n *uint64) error { return rows.Scan(n) }
	keeper, err := queryAll(ctx, l, scan, "SELECT count() FROM system.tables WHERE database = 'system' AND name = 'zookeeper'")
	if err != nil || len(keeper) == 0 || keeper[0] == 0 {
		return false, err
	}
	macros, err := queryAll(ctx, l, scan, "SELECT count() FROM system.macros WHERE macro IN ('shard', 'replica')")
	return len(macros) > 0 && macros[0] == 2, err
}

// onShards does something on all shards at once.
func (c *cluster) onShards(do func(i int, l *link) error) error {
	errs := make([]error, len(c.shards))
	var wg sync.WaitGroup
	for i, l := range c.shards {
		wg.Go(func() { errs[i] = do(i, l) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
