package clickhouse

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/internal/testcluster"
)

// refused opens a store that must not be opened, for writing and for reading.
func refused(t *testing.T, url, want string) {
	t.Helper()
	for _, readOnly := range []bool{false, true} {
		s, err := Open(context.Background(), url, Options{Now: clock(), ReadOnly: readOnly})
		if err == nil {
			_ = s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), testcluster.Password) {
			t.Errorf("%s, only read %t: error %v, want one with %q", Redacted(url), readOnly, err, want)
		}
	}
}

// exec executes a statement on a shard, counted from 1, as anybody may.
func exec(t *testing.T, c *testcluster.Cluster, n int, database, text string) {
	t.Helper()
	a, err := parseURL(c.ShardURL(n, database))
	if err != nil {
		t.Fatal(err)
	}
	l, err := open(a, n, a.hosts, "")
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	if err := l.exec(context.Background(), text); err != nil {
		t.Fatal(err)
	}
}

// A URL that names a server of another shard would have its rows twice.
func TestHostOfOtherShard(t *testing.T) {
	t.Parallel()
	c := shared(t)
	other := strings.ReplaceAll(c.Address(2), "127.0.0.1", "localhost")
	for name, hosts := range map[string]string{"by its name": c.Address(2), "by another name": other, "behind home": c.Address(1) + "," + c.Address(2)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, strings.Replace(c.URL(database()), c.Address(1), hosts, 1), "is of shard 2 of the cluster \"saidi\": name servers of its first shard in the URL: "+c.Address(1))
		})
	}
	home := strings.ReplaceAll(c.Address(1), "127.0.0.1", "localhost")
	closed(t, opened(t, strings.Replace(c.URL(database()), c.Address(1), home, 1), Options{}))
}

// A server that is not the one that the store was made on is refused.
func TestMarks(t *testing.T) {
	t.Parallel()
	c := shared(t)
	made := func(t *testing.T, url func(string) string) string {
		t.Helper()
		name := database()
		s := opened(t, url(name), Options{Slots: 5})
		put(t, s, head("1"), eventsOf(20, "a"))
		closed(t, s)
		return name
	}
	t.Run("a store of one server, of which it is another shard", func(t *testing.T) {
		t.Parallel()
		refused(t, c.ShardURL(2, made(t, c.URL)), "has shard 2 of the store and is named as shard 1")
	})
	t.Run("an empty server", func(t *testing.T) {
		t.Parallel()
		name := made(t, c.URL)
		exec(t, c, 2, name, "DROP DATABASE "+name)
		exec(t, c, 2, name, "CREATE DATABASE "+name)
		refused(t, c.URL(name), "is not marked as shard 2 of the store")
	})
	t.Run("an empty home", func(t *testing.T) {
		t.Parallel()
		name := made(t, c.URL)
		exec(t, c, 1, name, "DROP DATABASE "+name)
		exec(t, c, 1, name, "CREATE DATABASE "+name)
		refused(t, c.URL(name), "of another store")
	})
	t.Run("a shard of another store", func(t *testing.T) {
		t.Parallel()
		name := made(t, c.URL)
		exec(t, c, 2, name, "DROP TABLE "+name+"."+markView)
		exec(t, c, 2, name, fmt.Sprintf("CREATE VIEW %s.%s AS SELECT toUInt64(7) AS store, toUInt16(2) AS shard", name, markView))
		refused(t, c.URL(name), "has shard 2 of another store")
	})
	t.Run("another home of a store without marks", func(t *testing.T) {
		t.Parallel()
		name := made(t, func(name string) string { return c.ShardURL(2, name) })
		exec(t, c, 2, name, "DROP TABLE "+name+"."+markView)
		refused(t, c.URL(name), "the catalogue of the store is on "+c.Address(2))
	})
}

// A store that was made before there were marks gets them.
func TestMarksMigrate(t *testing.T) {
	t.Parallel()
	c := shared(t)
	name := database()
	s := opened(t, c.URL(name), Options{Slots: 5})
	put(t, s, head("1"), eventsOf(20, "a"))
	closed(t, s)
	for n := range 2 {
		exec(t, c, n+1, name, "DROP TABLE "+name+"."+markView)
	}
	exec(t, c, 1, name, "TRUNCATE TABLE "+name+"."+formatTable)
	exec(t, c, 1, name, "INSERT INTO "+name+"."+formatTable+" (version) SELECT toUInt32(1)")
	now := opened(t, c.URL(name), Options{})
	defer closed(t, now)
	if rows := readAll(t, now, 0, 0); len(rows) != 1 || len(rows[0].Rows) != 20 {
		t.Errorf("%d deliveries", len(rows))
	}
	if err := now.cluster.checkMarks(context.Background(), true); err != nil {
		t.Error(err)
	}
}
