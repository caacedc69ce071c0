package nats

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// patience is how long anything may take on a busy machine.
const patience = 15 * time.Second

// program is the server's, from Debian's package of the same name.
const program = "nats-server"

// A host is a NATS server with JetStream that a test starts, stops and starts
// again on the same folder and port.
type host struct {
	program string // the server's program; the library in this process if empty
	dir     string
	conf    string // further lines of its configuration
	port    int    // -1 before the first start
	halt    func(*testing.T)
}

// onHosts runs a test against the server in this process and against the
// program that Debian ships, which is older.
func onHosts(t *testing.T, test func(t *testing.T, serve func(conf string) *host)) {
	t.Helper()
	t.Run("library", func(t *testing.T) {
		t.Parallel()
		test(t, func(conf string) *host { return serve(t, "", conf) })
	})
	if testing.Short() {
		return
	}
	t.Run("program", func(t *testing.T) {
		t.Parallel()
		path, err := exec.LookPath(program)
		if err != nil {
			path, err = exec.LookPath("/usr/sbin/" + program) // where Debian puts it and not everybody looks
		}
		if err != nil {
			t.Fatalf("%s is not here: install it (apt-get install %s), or run with -short", program, program)
		}
		test(t, func(conf string) *host { return serve(t, path, conf) })
	})
}

// serve starts a server that ends with the test.
func serve(t *testing.T, program, conf string) *host {
	t.Helper()
	h := &host{program: program, dir: t.TempDir(), conf: conf, port: -1}
	h.start(t)
	t.Cleanup(func() { h.stop(t) })
	return h
}

// start starts the server and waits until it answers.
func (h *host) start(t *testing.T) {
	t.Helper()
	text := fmt.Sprintf("listen: \"127.0.0.1:%d\"\njetstream { store_dir: %q }\nports_file_dir: %q\n%s\n", h.port, filepath.Join(h.dir, "js"), h.dir, h.conf)
	path := filepath.Join(h.dir, "nats.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if h.program == "" {
		h.startLibrary(t, path)
	} else {
		h.startProgram(t, path)
	}
}

func (h *host) startLibrary(t *testing.T, conf string) {
	t.Helper()
	options, err := server.ProcessConfigFile(conf)
	if err != nil {
		t.Fatal(err)
	}
	options.NoSigs, options.NoLog, options.PortsFileDir = true, true, ""
	s, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	h.halt = func(*testing.T) {
		s.Shutdown()
		s.WaitForShutdown()
	}
	if !s.ReadyForConnections(patience) {
		t.Fatal("the server does not start")
	}
	h.port = s.Addr().(*net.TCPAddr).Port
}

func (h *host) startProgram(t *testing.T, conf string) {
	t.Helper()
	command := exec.Command(h.program, "-c", conf)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	h.halt = func(t *testing.T) {
		t.Helper()
		if err := command.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = command.Wait() // "killed"
	}
	ports := filepath.Join(h.dir, fmt.Sprintf("%s_%d.ports", filepath.Base(h.program), command.Process.Pid))
	eventually(t, "the server says its port", func() bool {
		data, err := os.ReadFile(ports)
		var said struct{ Nats []string }
		if err != nil || json.Unmarshal(data, &said) != nil || len(said.Nats) == 0 {
			return false
		}
		u, err := url.Parse(said.Nats[0])
		if err != nil {
			return false
		}
		h.port, err = strconv.Atoi(u.Port())
		return err == nil
	})
	eventually(t, "the server answers", func() bool {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", h.port))
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
}

// stop ends the server: the library's in order, the program by killing it.
func (h *host) stop(t *testing.T) {
	t.Helper()
	if h.halt != nil {
		h.halt(t)
		h.halt = nil
	}
}

// url is the address of the server, with a user "name:password@" or without.
func (h *host) url(user string) string { return fmt.Sprintf("nats://%s127.0.0.1:%d", user, h.port) }

// A publisher is the test's own connection to a server.
type publisher struct {
	t    *testing.T
	conn *client.Conn
	js   jetstream.JetStream
}

// publisher connects to the server, until the test ends.
func (h *host) publisher(t *testing.T, options ...client.Option) *publisher {
	t.Helper()
	conn, err := client.Connect(h.url(""), append(options, client.MaxReconnects(-1), client.ReconnectWait(20*time.Millisecond))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return &publisher{t, conn, js}
}

// stream makes the stream "OUTAGES" of the subjects "outage.>".
func (p *publisher) stream() {
	p.t.Helper()
	config := jetstream.StreamConfig{Name: "OUTAGES", Subjects: []string{"outage.>"}}
	if _, err := p.js.CreateStream(p.t.Context(), config); err != nil {
		p.t.Fatal(err)
	}
}

// publish stores messages whose texts are the numbers from and up to below to.
func (p *publisher) publish(subject string, from, to int) {
	p.t.Helper()
	for i := from; i < to; i++ {
		if _, err := p.js.PublishAsync(subject, []byte(strconv.Itoa(i))); err != nil {
			p.t.Fatal(err)
		}
		if i%1000 == 999 || i == to-1 {
			select {
			case <-p.js.PublishAsyncComplete():
			case <-time.After(patience):
				p.t.Fatal("the messages are not stored")
			}
		}
	}
}

// info is what the server says of the consumer "saidi".
func (p *publisher) info() *jetstream.ConsumerInfo {
	p.t.Helper()
	consumer, err := p.js.Consumer(p.t.Context(), "OUTAGES", "saidi")
	if err != nil {
		p.t.Fatal(err)
	}
	return consumer.CachedInfo()
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
	}
}
