// Package testcluster starts real servers of ClickHouse on the loopback, each a
// shard of one cluster, for tests and benchmarks.
package testcluster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/ClickHouse/clickhouse-go/v2" // the driver

	"github.com/saidi-exporter/saidi/internal/program"
)

// What the servers are set to.
const (
	Name     = "saidi" // of the cluster
	User     = "saidi"
	Password = "not-so-secret"
)

// patience is how long a server may take until it answers.
const patience = 60 * time.Second

// A Cluster is some servers, each one shard.
type Cluster struct {
	dir    string
	shards []*shard
}

type shard struct {
	dir     string
	address string // of the native protocol
	http    string // between servers
	server  *program.Program
}

// Start starts a cluster that ends with the test.
func Start(t testing.TB, shards int) *Cluster {
	t.Helper()
	c, err := New(t.TempDir(), shards)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		if t.Failed() {
			t.Log(c.Log())
		}
	})
	return c
}

// New starts a cluster in a folder. It is closed at the end.
func New(dir string, shards int) (*Cluster, error) {
	c := &Cluster{dir: dir}
	for n := range shards {
		s := &shard{dir: filepath.Join(dir, fmt.Sprint("shard", n+1))}
		var err error
		if s.address, err = program.FreeAddress(); err == nil {
			s.http, err = program.FreeAddress()
		}
		if err != nil {
			return nil, err
		}
		c.shards = append(c.shards, s)
	}
	for n := range c.shards {
		if err := errors.Join(c.configure(n), c.start(n)); err != nil {
			c.Close()
			return nil, err
		}
	}
	for n := range c.shards {
		if err := c.await(n); err != nil {
			c.Close()
			return nil, err
		}
	}
	return c, nil
}

// URL names a database of the cluster as saidi takes it; "" names default, which
// every server has.
func (c *Cluster) URL(database string) string {
	return fmt.Sprintf("clickhouse://%s:%s@%s/%s?cluster=%s", User, Password, c.shards[0].address, orDefault(database), Name)
}

// ShardURL names a database of one shard alone, counted from 1.
func (c *Cluster) ShardURL(n int, database string) string {
	return fmt.Sprintf("clickhouse://%s:%s@%s/%s", User, Password, c.shards[n-1].address, orDefault(database))
}

func orDefault(database string) string {
	if database == "" {
		return "default"
	}
	return database
}

// Address is where shard n listens, counted from 1.
func (c *Cluster) Address(n int) string { return c.shards[n-1].address }

// PID is the process of shard n.
func (c *Cluster) PID(n int) int { return c.shards[n-1].server.PID() }

// Kill ends shard n at once, as a fault of its machine would.
func (c *Cluster) Kill(n int) { c.shards[n-1].server.Kill() }

// Restart starts shard n again on what it had on its disk.
func (c *Cluster) Restart(n int) error {
	if !c.shards[n-1].server.Gone() {
		return fmt.Errorf("shard %d runs", n)
	}
	if err := c.start(n - 1); err != nil {
		return err
	}
	return c.await(n - 1)
}

// Close ends all servers.
func (c *Cluster) Close() {
	for _, s := range c.shards {
		if s.server != nil && !s.server.Gone() {
			s.server.Kill() // its folder goes with it
		}
	}
}

// Log is the end of what the servers said.
func (c *Cluster) Log() string {
	var all strings.Builder
	for n, s := range c.shards {
		text, _ := os.ReadFile(filepath.Join(s.dir, "error.log")) // there may be none
		fmt.Fprintf(&all, "shard %d:\n%s\n", n+1, text[max(0, len(text)-4000):])
		if s.server != nil {
			fmt.Fprintln(&all, s.server.LastOfLog(1000))
		}
	}
	return all.String()
}

func (c *Cluster) start(n int) error {
	path, err := program.Find("clickhouse-server")
	if err != nil {
		return err
	}
	s := c.shards[n]
	s.server, err = program.Start([]string{"TMPDIR=" + s.dir}, path, "--config-file="+filepath.Join(s.dir, "config.xml"))
	return err
}

// await waits until a server answers.
func (c *Cluster) await(n int) error {
	s := c.shards[n]
	db, err := sql.Open("clickhouse", c.ShardURL(n+1, ""))
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // it has served its purpose
	err = program.Await(patience, func() error {
		if s.server.Gone() {
			return nil // it will not answer any more
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return db.PingContext(ctx)
	})
	switch {
	case s.server.Gone():
		return fmt.Errorf("shard %d ended: %s", n+1, c.Log())
	case err != nil:
		return fmt.Errorf("shard %d does not answer: %w\n%s", n+1, err, c.Log())
	}
	return nil
}

// configure writes the settings of a server.
func (c *Cluster) configure(n int) error {
	s := c.shards[n]
	if err := os.MkdirAll(filepath.Join(s.dir, "tmp"), 0o755); err != nil {
		return err
	}
	files := map[string]string{"config.xml": c.config(n), "users.xml": users()}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) config(n int) string {
	s := c.shards[n]
	var remote strings.Builder
	for _, o := range c.shards {
		host, port, _ := net.SplitHostPort(o.address)
		fmt.Fprintf(&remote, "<shard><internal_replication>true</internal_replication><replica><host>%s</host><port>%s</port><user>%s</user><password>%s</password></replica></shard>", host, port, User, Password)
	}
	_, port, _ := net.SplitHostPort(s.address)
	_, between, _ := net.SplitHostPort(s.http)
	return fmt.Sprintf(`<yandex>
<logger><level>warning</level><log>%[1]s/server.log</log><errorlog>%[1]s/error.log</errorlog><size>10M</size><count>2</count></logger>
<listen_host>127.0.0.1</listen_host><tcp_port>%[2]s</tcp_port><interserver_http_port>%[3]s</interserver_http_port><interserver_http_host>127.0.0.1</interserver_http_host>
<path>%[1]s/</path><tmp_path>%[1]s/tmp/</tmp_path><users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
<mark_cache_size>268435456</mark_cache_size><uncompressed_cache_size>0</uncompressed_cache_size><max_concurrent_queries>200</max_concurrent_queries>
<remote_servers><%[4]s>%[5]s</%[4]s></remote_servers><timezone>UTC</timezone>
</yandex>
`, s.dir, port, between, Name, remote.String())
}

func users() string {
	return fmt.Sprintf(`<yandex>
<profiles><default><max_memory_usage>8000000000</max_memory_usage></default></profiles>
<users><%[1]s><password>%[2]s</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></%[1]s></users>
<quotas><default/></quotas>
</yandex>
`, User, Password)
}
