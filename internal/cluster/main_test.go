package cluster

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/testcluster"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// The servers of all tests of this package that do not kill any.
var (
	starting sync.Once
	servers  *testcluster.Cluster
	failed   error
	draws    atomic.Int64
)

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "cluster")
	if err != nil {
		panic(err)
	}
	serversDir = dir
	if os.Getenv("RAPID_CHECKS") == "" {
		if err := flag.Set("rapid.checks", "10"); err != nil { // each makes a database; -rapid.checks asks for more
			panic(err)
		}
	}
	code := m.Run()
	if servers != nil {
		servers.Close()
	}
	_ = os.RemoveAll(dir) // it is in the folder for temporary files
	os.Exit(code)
}

var serversDir string

// A failer is a test of either kind.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
	Fatal(args ...any)
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}

// freshURL names a database of two shards that nobody has used.
func freshURL(t failer) (url, database string) {
	t.Helper()
	starting.Do(func() { servers, failed = testcluster.New(serversDir, 2) })
	if failed != nil {
		t.Fatal(failed)
	}
	database = fmt.Sprintf("draw%d", draws.Add(1))
	return servers.URL(database), database
}

// A clock is set by the test.
type clock struct{ seconds atomic.Int64 }

func clockAt(t int64) *clock {
	c := &clock{}
	c.seconds.Store(t)
	return c
}

func (c *clock) now() time.Time { return time.Unix(c.seconds.Load(), 0) }

// opened opens a store as one more process.
func opened(t failer, url, id string, c *clock) *clickhouse.Store {
	t.Helper()
	s, err := clickhouse.Open(context.Background(), url, clickhouse.Options{Now: c.now, ID: id, Slots: 16})
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	return s
}

// put stores a delivery.
func put(t failer, st store.Keeper, h store.Head, fill func(store.Parcel) error) store.Receipt {
	t.Helper()
	p := st.Begin()
	defer p.Discard()
	if err := fill(p); err != nil {
		t.Fatalf("fill a parcel: %v", err)
	}
	list, err := st.Put(context.Background(), store.Told{Head: h, Parcel: p})
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	return list[0]
}
