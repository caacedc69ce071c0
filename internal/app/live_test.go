package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/nats-io/nats-server/v2/server"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/policy"
)

// A broker is a NATS server with JetStream that a test stops and starts again on
// the same folder and port.
type broker struct {
	t    testing.TB
	dir  string
	port int
	stop func()
}

func newBroker(t testing.TB) *broker {
	t.Helper()
	b := &broker{t: t, dir: t.TempDir(), port: server.RANDOM_PORT, stop: func() {}}
	b.start()
	t.Cleanup(func() { b.stop() })
	b.do(func(ctx context.Context, js jetstream.JetStream) error {
		_, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "OUTAGES", Subjects: []string{"outages.>"}})
		return err
	})
	return b
}

func (b *broker) start() {
	b.t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: b.port, JetStream: true, StoreDir: b.dir, NoSigs: true, NoLog: true})
	if err != nil {
		b.t.Fatal(err)
	}
	go s.Start()
	if !s.ReadyForConnections(30 * time.Second) {
		b.t.Fatal("the server does not start")
	}
	b.port = s.Addr().(*net.TCPAddr).Port
	b.stop = func() {
		b.stop = func() {}
		s.Shutdown()
		s.WaitForShutdown()
	}
}

func (b *broker) url() string { return fmt.Sprintf("nats://127.0.0.1:%d", b.port) }

// do does something over a connection of its own.
func (b *broker) do(something func(context.Context, jetstream.JetStream) error) {
	b.t.Helper()
	conn, err := client.Connect(b.url())
	if err != nil {
		b.t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err == nil {
		err = something(b.t.Context(), js)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// publish stores messages in the stream.
func (b *broker) publish(texts ...string) {
	b.t.Helper()
	b.do(func(ctx context.Context, js jetstream.JetStream) error {
		for _, text := range texts {
			if _, err := js.Publish(ctx, "outages.scada", []byte(text)); err != nil {
				return err
			}
		}
		return nil
	})
}

// left is how many messages are not acknowledged yet.
func (b *broker) left() (n int) {
	b.t.Helper()
	b.do(func(ctx context.Context, js jetstream.JetStream) error {
		c, err := js.Consumer(ctx, "OUTAGES", "saidi")
		if err != nil {
			return err
		}
		info, err := c.Info(ctx)
		if err == nil {
			n = int(info.NumPending) + info.NumAckPending
		}
		return err
	})
	return n
}

// A database is a PostgreSQL on a socket in a folder of its own.
type database struct {
	t          testing.TB
	bin, dir   string
	credential *syscall.Credential // of who runs it; nil: ourselves
	stop       func()
}

func newDatabase(t testing.TB) *database {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, filepath.Dir(path))
	}
	if len(found) == 0 {
		t.Fatal("there is no PostgreSQL here: run  apt-get install -y postgresql")
	}
	dir, err := os.MkdirTemp("/tmp", "saidi-pg-") // the name of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	d := &database{t: t, bin: slices.Max(found), dir: dir, stop: func() {}}
	t.Cleanup(func() { d.stop(); _ = os.RemoveAll(dir) })
	if os.Getuid() == 0 { // whom PostgreSQL refuses
		d.lend()
	}
	if out, err := d.program("initdb", "-D", d.data(), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	d.start()
	return d
}

// lend gives the folder to somebody who may run the server.
func (d *database) lend() {
	d.t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2, os.Chown(d.dir, int(uid), int(gid))); err != nil {
			d.t.Fatal(err)
		}
		d.credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return
	}
	d.t.Fatal("neither a user postgres nor nobody, and PostgreSQL does not run as root")
}

func (d *database) data() string { return filepath.Join(d.dir, "data") }

func (d *database) program(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(d.bin, name), args...)
	c.Dir = d.dir
	c.SysProcAttr = &syscall.SysProcAttr{Credential: d.credential}
	return c
}

func (d *database) start() {
	d.t.Helper()
	c := d.program("postgres", "-D", d.data(), "-c", "listen_addresses=", "-c", "unix_socket_directories="+d.dir, "-c", "fsync=off", "-c", "log_min_messages=fatal", "-c", "TimeZone=UTC")
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.stop = func() {
		d.stop = func() {}
		_ = c.Process.Signal(syscall.SIGINT)
		_ = c.Wait() // by the signal
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgconn.Connect(context.Background(), d.dsn())
		if err == nil {
			_ = conn.Close(context.Background())
			return
		}
		if time.Now().After(end) {
			d.t.Fatal(err)
		}
	}
}

func (d *database) dsn() string {
	return fmt.Sprintf("host=%s user=postgres dbname=postgres sslmode=disable", d.dir)
}

func (d *database) do(statements ...string) {
	d.t.Helper()
	conn, err := pgconn.Connect(context.Background(), d.dsn())
	if err != nil {
		d.t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // what it did is known
	for _, sql := range statements {
		if err := conn.Exec(context.Background(), sql).Close(); err != nil {
			d.t.Fatalf("%s: %v", sql, err)
		}
	}
}

const table = "CREATE TABLE outages (id text, feeder text, started timestamp, ended timestamp, customers int, changed bigint GENERATED ALWAYS AS IDENTITY)"

func insert(id, feeder, start, end string, customers int) string {
	return fmt.Sprintf("INSERT INTO outages (id, feeder, started, ended, customers) VALUES ('%s', '%s', '%s', '%s', %d)", id, feeder, start, end, customers)
}

// withLives is a station with a stream and a table beside files and pushes.
func withLives(t testing.TB, b *broker, d *database, change func(*Options)) *station {
	t.Helper()
	config := storeConfig + fmt.Sprintf(`- {name: stream, nats: {url: %q, stream: OUTAGES, durable: saidi}}
- name: table
  postgres:
    dsn_file: table.dsn
    query: |
      SELECT id AS event_id, feeder AS feeder_id, started AS start, ended AS "end", customers, changed FROM outages
    watermark: changed
    every: 1s
`, b.url())
	r := newRig(t, config, "base.csv", smallBase, "scada.token", "s3cret", "other.token", "0ther", "eyes.token", "r3ad", "table.dsn", d.dsn())
	return newStationWith(t, r, change)
}

// Messages of a real NATS server and rows of a real PostgreSQL count, once, however
// often servers and program stop and start; while one is away, the others go on.
func TestLiveSources(t *testing.T) {
	t.Parallel()
	b, d := newBroker(t), newDatabase(t)
	d.do(table)
	s := withLives(t, b, d, nil)
	s.counts(0)
	b.publish(event("N1", "F1", "2022-03-01 08:00:00", "2022-03-01 10:00:00", 100, 1)) // 200
	s.counts(200)
	d.do(insert("T1", "F2", "2022-03-02 08:00:00", "2022-03-02 09:00:00", 50)) // 50
	s.counts(250)
	s.faultless()
	s.until("both are up", func() bool {
		a, _ := value(t, s.Metrics(), metrics.SourceUp, "stream")
		b, _ := value(t, s.Metrics(), metrics.SourceUp, "table")
		return a == 1 && b == 1
	})

	b.publish("no event at all", `{"event_id":"N2"`)
	s.until("the messages are acknowledged", func() bool { return b.left() == 0 })
	s.until("they are rejected rows", func() bool {
		n, _ := value(t, s.Metrics(), metrics.IngestRowsTotal, "stream", "rejected")
		return n == 2
	})
	s.says("GET", "/api/v1/deliveries/4", "r3ad", "", 200, `"channel":"nats"`, `"reason":"malformed-row"`, "no event at all")

	b.stop()
	d.do(insert("T2", "F2", "2022-03-03 08:00:00", "2022-03-03 10:00:00", 50)) // 100, the others go on
	s.counts(350)
	s.faulty("stream", "nats/OUTAGES")
	s.until("the stream is down", func() bool { n, ok := value(t, s.Metrics(), metrics.SourceUp, "stream"); return ok && n == 0 })
	s.push(event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1)) // 200
	s.counts(550)
	d.stop()
	s.faulty("table", "postgres/table")
	s.again() // with both away
	s.counts(550)
	b.start()
	b.publish(event("N1", "F1", "2022-03-01 08:00:00", "2022-03-01 11:00:00", 100, 2)) // 300
	s.counts(650)
	d.start()
	d.do("UPDATE outages SET customers = 40, changed = DEFAULT WHERE id = 'T2'") // 80
	s.counts(630)
	d.do("BEGIN; " + insert("T3", "F2", "2022-03-04 08:00:00", "2022-03-04 10:00:00", 50) + "; " + insert("T3", "F2", "2022-03-04 08:00:00", "2022-03-04 09:00:00", 50) + "; COMMIT")
	s.counts(680) // of two rows with one key in a page the later one holds
	s.faultless()
	s.again()
	s.counts(680)
	b.publish(event("N1", "F1", "2022-03-01 08:00:00", "2022-03-01 11:00:00", 100, 2)) // as it was told before
	s.until("the message is acknowledged", func() bool { return b.left() == 0 })
	s.counts(680)
}

// A heartbeat vouches for the time in which a source is up and read to its end,
// and for none while it is away.
func TestHeartbeats(t *testing.T) {
	t.Parallel()
	b, d := newBroker(t), newDatabase(t)
	d.do(table)
	begun := time.Now()
	s := withLives(t, b, d, func(o *Options) {
		load := o.Load
		o.Load = func() (*Config, error) {
			c, err := load()
			if err != nil {
				return nil, err
			}
			for i := range c.Sources {
				if c.Sources[i].NATS != nil || c.Sources[i].Postgres != nil {
					c.Sources[i].Heartbeat = time.Second // less than a file may say
				}
			}
			return c, nil
		}
		o.Now = func() time.Time { return noon.Add(600 * time.Since(begun)) }
	})
	s.counts(0)
	reach := func() float64 {
		v, _ := value(t, s.Metrics(), metrics.DataThrough, string(policy.Qinghai().Areas[0].ID))
		return v
	}
	covers := func(source string) (list []coversEntry) {
		s.t.Helper()
		for _, e := range s.deliveries(source) {
			list = append(list, e.Covers...)
		}
		return list
	}
	for _, source := range []string{"stream", "table"} {
		s.until(source+" vouches for some time", func() bool { return len(covers(source)) >= 3 })
		list := covers(source)
		for i := 1; i < len(list); i++ {
			if !list[i].From.Equal(list[i-1].To) || !list[i].To.After(list[i].From) {
				t.Errorf("%s: beats %v and %v, want them to meet", source, list[i-1], list[i])
			}
		}
	}
	before := reach()
	s.until("the metric follows", func() bool { return reach() > before && reach() > float64(noon.Unix()) })

	b.stop()
	s.faulty("stream", "nats/OUTAGES")
	away := len(covers("stream"))
	table := len(covers("table"))
	s.until("the table goes on", func() bool { return len(covers("table")) >= table+2 })
	if got := len(covers("stream")); got > away {
		t.Errorf("%d beats of the stream while its server was away", got-away)
	}
	b.start()
	s.until("the stream vouches again", func() bool { return len(covers("stream")) > away })
	s.faultless()
}

// deliveries lists those of a source, the first thousand.
func (s *station) deliveries(source string) []deliveryEntry {
	s.t.Helper()
	var list deliveryList
	s.decode("/api/v1/deliveries?limit=1000&source="+source, &list)
	return list.Deliveries
}

// A live source that cannot be begun keeps the program from starting, and a reload
// from working, and says which key is wrong.
func TestLiveSourceIsMisconfigured(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ source, says string }{
		"both secrets": {"{name: stream, nats: {url: \"nats://localhost\", stream: OUTAGES, durable: saidi, credentials: a, token_file: b}}", `source "stream": `},
		"no server":    {"{name: stream, nats: {url: \"http://localhost\", stream: OUTAGES, durable: saidi}}", "no address such as nats://host:4222"},
		"two dsn":      {"{name: table, postgres: {dsn: host=a, dsn_file: table.dsn, query: SELECT 1, watermark: a}}", `source "table": `},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := withStore(t)
			s.counts(0)
			s.put("saidi.yml", storeConfig+"- "+tt.source+"\n", noon)
			s.says("POST", "/-/reload", "s3cret", "", 500, tt.says)
			s.stop()
			a, err := New(Options{Load: func() (*Config, error) { return LoadConfig(s.path("saidi.yml")) }})
			if err == nil || a != nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, %v, want an error that says %q", a, err, tt.says)
			}
			s.put("saidi.yml", storeConfig, noon)
			s.start() // what was opened is closed again
			s.counts(0)
		})
	}
}
