package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// patience is how long something may take on a busy machine.
const patience = 30 * time.Second

// A server is a PostgreSQL of the tests' own, on a socket in a folder of its own.
type server struct {
	bin, dir   string
	credential *syscall.Credential // of who runs it; nil: ourselves
	command    *exec.Cmd
	ended      chan struct{}
}

// shared is the one server of the package.
var shared = sync.OnceValues(func() (*server, error) {
	s := &server{}
	err := s.create()
	if err == nil {
		err = s.start()
	}
	return s, err
})

var begun atomic.Bool

func TestMain(m *testing.M) {
	code := m.Run()
	if begun.Load() {
		s, _ := shared()
		s.stop(syscall.SIGINT)
		_ = os.RemoveAll(s.dir)
	}
	os.Exit(code)
}

// needServer gives the server of the tests.
func needServer(t testing.TB) *server {
	t.Helper()
	if programs() == "" {
		if testing.Short() {
			t.Skip("there is no PostgreSQL here")
		}
		t.Fatal("there is no PostgreSQL here: run  apt-get install -y postgresql")
	}
	begun.Store(true)
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// programs is the folder of initdb and postgres; empty where there is none.
func programs() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(slices.Max(found))
}

// create makes the folder of a server. PostgreSQL refuses to run as root, so root
// lends it to somebody else.
func (s *server) create() (err error) {
	s.bin = programs()
	if s.dir, err = os.MkdirTemp("/tmp", "saidi-pg-"); err != nil { // the name of a socket is short
		return err
	}
	if os.Getuid() == 0 {
		if s.credential, err = somebody(); err != nil {
			return err
		}
		if err := os.Chown(s.dir, int(s.credential.Uid), int(s.credential.Gid)); err != nil {
			return err
		}
	}
	initdb := s.program("initdb", "-D", s.data(), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	hba := "local all keeper scram-sha-256\nlocal all all trust\n"
	return os.WriteFile(filepath.Join(s.data(), "pg_hba.conf"), []byte(hba), 0o644)
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

// somebody is who runs the server in root's place.
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

func (s *server) program(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin, name), args...)
	c.Dir = s.dir
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.credential}
	return c
}

// start starts the server and waits until it answers.
func (s *server) start() error {
	s.command = s.program("postgres", "-D", s.data(), "-c", "listen_addresses=", "-c", "unix_socket_directories="+s.dir,
		"-c", "fsync=off", "-c", "max_connections=60", "-c", "log_min_messages=fatal", "-c", "TimeZone=UTC")
	s.command.SysProcAttr.Pdeathsig = syscall.SIGQUIT // should the tests die
	if err := s.command.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	s.ended = ended
	go func(c *exec.Cmd) {
		_ = c.Wait()
		close(ended)
	}(s.command)
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgconn.Connect(context.Background(), s.dsn("public"))
		if err == nil {
			return conn.Close(context.Background())
		}
		if time.Now().After(end) {
			return err
		}
	}
}

// stop ends the server by a signal: SIGINT shuts it down, SIGQUIT is as good as a
// crash.
func (s *server) stop(signal syscall.Signal) {
	if s.command == nil || s.command.Process == nil {
		return
	}
	_ = s.command.Process.Signal(signal)
	<-s.ended
}

func (s *server) dsn(schema string) string {
	return fmt.Sprintf("host=%s user=postgres dbname=postgres search_path=%s sslmode=disable", s.dir, schema)
}

var schemas atomic.Int64

// A database is a schema for one test.
type database struct {
	t      testing.TB
	schema string
	dsn    string
	conn   *pgconn.PgConn
}

// newDatabase makes a schema and runs statements in it.
func newDatabase(t testing.TB, statements ...string) *database {
	t.Helper()
	s := needServer(t)
	name := fmt.Sprintf("test_%d", schemas.Add(1))
	d := &database{t: t, schema: name, dsn: s.dsn(name)}
	d.conn = d.connect()
	d.do("CREATE SCHEMA " + name)
	d.do(statements...)
	return d
}

// connect gives a connection that the test's end closes.
func (d *database) connect() *pgconn.PgConn {
	d.t.Helper()
	conn, err := pgconn.Connect(context.Background(), d.dsn)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// do runs statements.
func (d *database) do(statements ...string) {
	d.t.Helper()
	on(d.t, d.conn, statements...)
}

// failer is what both a test and a law can do.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func on(t failer, conn *pgconn.PgConn, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if err := conn.Exec(context.Background(), sql).Close(); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// query gives rows as their values with blanks between.
func query(t failer, conn *pgconn.PgConn, sql string) []string {
	t.Helper()
	found := conn.ExecParams(context.Background(), sql, nil, nil, nil, nil).Read()
	if found.Err != nil {
		t.Fatalf("%s: %v", sql, found.Err)
	}
	rows := []string{}
	for _, r := range found.Rows {
		var values []string
		for _, v := range r {
			values = append(values, string(v))
		}
		rows = append(rows, strings.Join(values, " "))
	}
	return rows
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if err = holds(); err == nil {
			return
		}
	}
	t.Fatalf("%s: %v", what, err)
}
