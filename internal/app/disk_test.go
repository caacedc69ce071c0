package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sys/unix"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/store"
)

// childDir is set where the tests' program is to be the exporter: see [serveChild].
const childDir = "SAIDI_APP_TEST_DIR"

// childNobody is set where it is to have no rights of its own.
const childNobody = "SAIDI_APP_TEST_NOBODY"

func TestMain(m *testing.M) {
	dir := os.Getenv(childDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := serveChild(dir); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// serveChild serves the configuration in a folder and prints where, until its
// input ends. Each line of that is how many bytes a file may have, as on a disk
// that is full.
func serveChild(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	if os.Getenv(childNobody) != "" {
		if err := syscall.Setuid(65534); err != nil {
			return err
		}
	}
	a, err := New(Options{
		Load: func() (*Config, error) { return LoadConfig(filepath.Join(dir, "saidi.yml")) }, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		cancel()
		return err
	}
	server := &http.Server{Handler: a.Handler(prometheus.NewRegistry())}
	go func() { _ = server.Serve(l) }()
	fmt.Println(l.Addr())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var bytes uint64
		if _, err := fmt.Sscan(lines.Text(), &bytes); err != nil {
			cancel()
			return err
		}
		err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: unix.RLIM_INFINITY})
		fmt.Println("limited", err)
	}
	err = server.Close()
	cancel()
	return errors.Join(err, <-ended, a.Close())
}

// A child is the exporter in a process of its own.
type child struct {
	t       testing.TB
	url     string
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
}

func newChild(t testing.TB, dir string, change func(*exec.Cmd)) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, command: exec.Command(self)}
	c.command.Env = append(os.Environ(), childDir+"="+dir)
	c.command.Stderr = os.Stderr
	if change != nil {
		change(c.command)
	}
	out, err := c.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if c.in, err = c.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := c.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if c.command.ProcessState == nil {
			_ = c.command.Process.Kill()
			_ = c.command.Wait()
		}
	})
	c.out = bufio.NewScanner(out)
	c.url = "http://" + c.line()
	return c
}

// line is the next line that the child prints.
func (c *child) line() string {
	c.t.Helper()
	if !c.out.Scan() {
		c.t.Fatalf("the child says nothing: %v", c.out.Err())
	}
	return c.out.Text()
}

// limit sets how many bytes a file of the child may have.
func (c *child) limit(bytes uint64) {
	c.t.Helper()
	if _, err := fmt.Fprintln(c.in, bytes); err != nil {
		c.t.Fatal(err)
	}
	if got := c.line(); got != "limited <nil>" {
		c.t.Fatal(got)
	}
}

// end ends the child in order.
func (c *child) end() {
	c.t.Helper()
	if err := errors.Join(c.in.Close(), c.command.Wait()); err != nil {
		c.t.Error(err)
	}
}

func (c *child) ask(method, path, body string) (int, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer s3cret")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// becomes waits until a page says all of some texts.
func (c *child) becomes(path string, texts ...string) {
	c.t.Helper()
	var page string
	for range 600 {
		_, page = c.ask("GET", path, "")
		missing := false
		for _, text := range texts {
			missing = missing || !strings.Contains(page, text)
		}
		if !missing {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.t.Fatalf("%s does not say %q: %.3000s", path, texts, page)
}

// counts waits for customer-hours of the year.
func (c *child) counts(hours float64) {
	c.t.Helper()
	got := -1.0
	for range 600 {
		_, page := c.ask("GET", "/metrics", "")
		if got = sumOf(page, metrics.CustomerInterruptionSeconds, `window="ytd"`) / 3600; got == hours {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.t.Fatalf("%v customer-hours, want %v", got, hours)
}

// On a full disk pushes are answered by 507, files and messages wait, and what
// was known goes on being shown; with room again everything is taken in, once.
func TestDiskIsFull(t *testing.T) {
	t.Parallel()
	b := newBroker(t)
	config := pushConfig + "- {name: grid, files: events}\n" + fmt.Sprintf("- {name: stream, nats: {url: %q, stream: OUTAGES, durable: saidi}}\n", b.url())
	r := newRig(t, config, "scada.token", "s3cret", "events/1.csv", header+e1)
	r.fill()
	r.remove("events/1.csv")
	c := newChild(t, r.dir, nil)
	c.counts(850)
	push := func(id string, want int, says string) {
		t.Helper()
		day := "2022-03-1" + id[1:]
		if status, text := c.ask("POST", "/api/v1/events?source=scada", event(id, "F3", day+" 08:00:00", day+" 09:00:00", 200, 1)); status != want || !strings.Contains(text, says) {
			t.Errorf("push of %s: %d %s, want %d and %q", id, status, text, want, says)
		}
	}
	push("P1", 200, `"stored":1`)
	c.counts(1050)

	c.limit(1)
	push("P2", http.StatusInsufficientStorage, `"code":"full"`)
	r.put("events/2.csv", header+"G1,F2,2022-03-20 08:00:00,2022-03-20 09:00:00,50\n", noon)
	b.publish(event("N1", "F1", "2022-03-21 08:00:00", "2022-03-21 09:00:00", 100, 1))
	c.becomes("/metrics", metrics.SourceUp+`{source="grid"} 0`, metrics.SourceUp+`{source="stream"} 0`)
	c.becomes("/?lang=en", "no space is left")
	push("P2", http.StatusInsufficientStorage, `"code":"full"`)
	c.counts(1050)
	if status, _ := c.ask("GET", "/-/ready", ""); status != http.StatusOK {
		t.Errorf("not ready (%d) although there is a snapshot", status)
	}

	c.limit(1 << 40)
	push("P2", 200, `"again":false`)
	c.counts(1400)
	c.becomes("/metrics", metrics.SourceUp+`{source="grid"} 1`, metrics.SourceUp+`{source="stream"} 1`, metrics.StoreFaults+" 0\n")
	push("P2", 200, `"again":true`)
	c.counts(1400)
	_, text := c.ask("GET", "/api/v1/deliveries", "")
	var list deliveryList
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list.Deliveries) != 6 { // base and segment, P1, and once each P2, G1 and N1
		t.Errorf("%d deliveries, %v, want 6:\n%s", len(list.Deliveries), err, text)
	}
	c.end()
	st, err := store.OpenReadOnly(r.path("data"))
	if err != nil {
		t.Fatal(err)
	}
	findings, err := st.Verify(t.Context())
	if err := errors.Join(err, st.Close()); err != nil || len(findings) > 0 {
		t.Errorf("the store: %v, %v", findings, err)
	}
}

// In a folder that may not be written the program does not start, and says why.
func TestStoreIsReadOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t, pushConfig, "scada.token", "s3cret")
	r.fill()
	if err := os.Chmod(r.path("data"), 0o555); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self)
	c.Env = append(os.Environ(), childDir+"="+r.dir)
	if os.Getuid() == 0 { // who may write everything
		for dir := r.dir; dir != "/" && strings.HasPrefix(dir, os.TempDir()) && dir != os.TempDir(); dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		c.Env = append(c.Env, childNobody+"=1")
	}
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "the store is read-only") || !strings.Contains(string(out), r.path("data")) {
		t.Errorf("got %v and %q, want an error that says that the store is read-only", err, out)
	}
}
