package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/saidi-exporter/saidi/internal/program"
)

// patience is how long a server may take to start on a busy machine.
const patience = 60 * time.Second

// eventually tries until it works, and for half of the time it leaves the machine
// to others.
func eventually(ctx context.Context, within time.Duration, what string, try func() error) error {
	deadline := time.Now().Add(within)
	for {
		begun := time.Now()
		err := try()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("%s: %w: %w", what, context.Cause(ctx), err)
		case time.Now().After(deadline):
			return fmt.Errorf("%s: not within %s: %w", what, within, err)
		}
		time.Sleep(max(10*time.Millisecond, time.Since(begun)))
	}
}

// The stream of messages and its consumer.
const (
	stream  = "OUTAGES"
	durable = "saidi"
)

// startNATS starts a server with JetStream and makes the stream, and the consumer
// with a short wait: what was in hand when the exporter was killed comes again
// after it.
func startNATS(t *testing.T, dir string) (address string, js jetstream.JetStream) {
	t.Helper()
	path := program.Need(t, "nats-server", "nats-server")
	config := filepath.Join(dir, "nats.conf")
	text := fmt.Sprintf("listen: \"127.0.0.1:-1\"\njetstream { store_dir: %q }\nports_file_dir: %q\n", filepath.Join(dir, "jetstream"), dir)
	write(t, config, []byte(text))
	p, err := program.Launch(exec.Command(path, "-c", config), filepath.Join(dir, "nats.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.End(syscall.SIGTERM) })
	var conn *client.Conn
	err = eventually(t.Context(), patience, "nats-server answers", func() error {
		address, err = natsAddress(filepath.Join(dir, fmt.Sprintf("nats-server_%d.ports", p.PID())))
		if err == nil {
			conn, err = client.Connect(address, client.MaxReconnects(-1))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if js, err = jetstream.New(conn); err == nil {
		_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: stream, Subjects: []string{"outage.>"}})
	}
	if err == nil {
		_, err = js.CreateConsumer(t.Context(), stream, jetstream.ConsumerConfig{
			Durable: durable, FilterSubject: "outage.>", AckPolicy: jetstream.AckExplicitPolicy, AckWait: time.Second, MaxDeliver: -1, MaxAckPending: 5000,
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return address, js
}

// natsAddress reads the address that a server says it has.
func natsAddress(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var said struct{ Nats []string }
	if err := json.Unmarshal(data, &said); err != nil {
		return "", err
	}
	if len(said.Nats) == 0 {
		return "", errors.New("no address yet")
	}
	u, err := url.Parse(said.Nats[0])
	if err != nil {
		return "", err
	}
	return "nats://127.0.0.1:" + u.Port(), nil
}

// startPostgres starts a server on a socket in a folder of its own, and makes the
// table of outages.
func startPostgres(t *testing.T) (dsn string) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "saidi-pg-") // the name of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	bin := postgresPrograms(t)
	var as *syscall.Credential
	if os.Getuid() == 0 { // as whom PostgreSQL does not run
		if as, err = somebody(); err == nil {
			err = os.Chown(dir, int(as.Uid), int(as.Gid))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	command := func(name string, args ...string) *exec.Cmd {
		c := exec.Command(filepath.Join(bin, name), args...)
		c.Dir, c.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as}
		return c
	}
	data := filepath.Join(dir, "data")
	if out, err := command("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	// It is never killed, so it may be quick.
	p, err := program.Launch(command("postgres", "-D", data, "-c", "listen_addresses=", "-c", "unix_socket_directories="+dir, "-c", "fsync=off"), filepath.Join(dir, "postgres.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.End(syscall.SIGINT) })
	dsn = fmt.Sprintf("host=%s user=postgres dbname=postgres sslmode=disable", dir)
	if err := eventually(t.Context(), patience, "postgres answers", func() error { return createTable(dsn) }); err != nil {
		t.Fatal(err)
	}
	return dsn
}

// createTable makes the table that the exporter reads.
func createTable(dsn string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing is open on it
	_, err = conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS outage (number bigserial PRIMARY KEY, event_id text, source text, feeder_id text,
		started timestamptz, ended timestamptz, customers int, nature text, cause text, revision int, cancelled boolean,
		changed_at timestamptz NOT NULL DEFAULT clock_timestamp());
		CREATE INDEX IF NOT EXISTS outage_changed ON outage (changed_at)`)
	return err
}

// query is what the exporter asks.
const query = `SELECT event_id, source, feeder_id, started AS start, ended AS "end", customers, nature, cause, revision, cancelled, changed_at FROM outage`

// postgresPrograms is the folder of initdb and postgres.
func postgresPrograms(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		t.Fatal("there is no PostgreSQL here: run apt-get install -y postgresql")
	}
	return filepath.Dir(slices.Max(found))
}

// somebody is who runs PostgreSQL in root's place.
func somebody() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
			gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
		}
	}
	return nil, errors.New("neither a user postgres nor nobody, and PostgreSQL does not run as root")
}

// write writes a file and makes the folders above it.
func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
