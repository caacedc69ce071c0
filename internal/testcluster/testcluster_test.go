package testcluster_test

import (
	"database/sql"
	"testing"

	"github.com/saidi-exporter/saidi/internal/testcluster"
)

// Two shards answer as one cluster; one that was killed answers again once it is
// started again, with what it had.
func TestShards(t *testing.T) {
	t.Parallel()
	c := testcluster.Start(t, 2)
	count := func(url, query string) (n uint64, err error) {
		db, err := sql.Open("clickhouse", url)
		if err != nil {
			return 0, err
		}
		defer db.Close() //nolint:errcheck // only read
		return n, db.QueryRow(query).Scan(&n)
	}
	shards := "SELECT count() FROM system.clusters WHERE cluster = '" + testcluster.Name + "'"
	if n, err := count(c.ShardURL(1, ""), shards); err != nil || n != 2 {
		t.Errorf("the cluster has %d shards, %v; want 2", n, err)
	}
	c.Kill(2)
	if _, err := count(c.ShardURL(2, ""), "SELECT count() FROM system.one"); err == nil {
		t.Error("a server that was killed answers")
	}
	if err := c.Restart(2); err != nil {
		t.Fatal(err)
	}
	if n, err := count(c.ShardURL(2, ""), "SELECT count() FROM system.one"); err != nil || n != 1 {
		t.Errorf("after the restart: %d, %v; want 1", n, err)
	}
}
