package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

const (
	serveConfig = "base: base.csv\nquiet: 0s\nsources:\n- {name: grid, files: events}\n"
	serveBase   = "feeder_id,area,class,customers\nF1,xining,rural,100\n"
	serveEvents = "event_id,feeder_id,start,end,customers\nE1,F1,2022-03-01 08:00:00,2022-03-01 10:00:00,100\n"
)

// serveFiles writes what a server follows, and gives the configuration.
func serveFiles(t *testing.T) (config string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"saidi.yml": serveConfig, "base.csv": serveBase, "events/1.csv": serveEvents} {
		putFile(t, filepath.Join(dir, name), text)
	}
	return filepath.Join(dir, "saidi.yml")
}

func putFile(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// A served is the program as a process that serves.
type served struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string
	client  *http.Client

	reading sync.WaitGroup
	lock    sync.Mutex
	log     bytes.Buffer
}

var listening = regexp.MustCompile(`msg="Listening on" address=(\S+)`)

// startServe starts the program on a port that is free, and ends it with the test.
func startServe(t *testing.T, args ...string) *served {
	t.Helper()
	s := &served{t: t, client: &http.Client{Timeout: 20 * time.Second}}
	s.cmd = exec.Command("saidi", append([]string{"serve", "--web.listen-address", "127.0.0.1:0"}, args...)...)
	s.cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	out, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 1)
	s.reading.Go(func() { s.read(out, address) })
	t.Cleanup(func() {
		if s.cmd.ProcessState == nil {
			s.end(syscall.SIGKILL)
		}
		if t.Failed() {
			t.Logf("log of the server:\n%s", s.text())
		}
	})
	select {
	case s.address = <-address:
	case <-time.After(30 * time.Second):
	}
	if s.address == "" {
		t.Fatal("the server does not listen")
	}
	return s
}

// read keeps the log, and tells the address when it is there.
func (s *served) read(out io.Reader, address chan<- string) {
	defer close(address)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		s.lock.Lock()
		s.log.WriteString(lines.Text() + "\n")
		s.lock.Unlock()
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			address <- m[1]
		}
	}
}

func (s *served) text() string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.log.String()
}

// end sends a signal and gives the exit status; −1 of a process that was killed.
func (s *served) end(signal os.Signal) int {
	_ = s.cmd.Process.Signal(signal)
	s.reading.Wait()
	_ = s.cmd.Wait()
	return s.cmd.ProcessState.ExitCode()
}

func (s *served) ask(method, path string) (status int, body string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.address+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(data)
}

// says checks an answer.
func (s *served) says(method, path string, status int, text string) {
	s.t.Helper()
	if got, body := s.ask(method, path); got != status || !strings.Contains(body, text) {
		s.t.Errorf("%s %s: got %d and %.400q, want %d and %q", method, path, got, body, status, text)
	}
}

// becomes waits until an answer says something.
func (s *served) becomes(path, text string) {
	s.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if _, body := s.ask("GET", path); strings.Contains(body, text) {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("%s does not say %q", path, text)
		}
	}
}

const (
	reloadFine   = "outage_config_last_reload_successful 1\n"
	reloadFailed = "outage_config_last_reload_successful 0\n"
)

func TestServe(t *testing.T) {
	t.Parallel()
	config := serveFiles(t)
	s := startServe(t, "--config", config)
	s.becomes("/-/ready", "saidi is ready.")
	s.says("GET", "/-/healthy", 200, "saidi is healthy.")
	s.says("GET", "/metrics", 200, `outage_source_up{source="grid"} 1`)
	s.says("GET", "/metrics", 200, "go_goroutines ")
	s.says("GET", "/metrics", 200, "outage_snapshot_synthetic 0\n")
	s.says("GET", "/data?lang=en", 200, "grid")
	s.says("GET", "/api/v1/report", 200, `"policy"`)
	s.says("GET", "/-/reload", 405, "")
	s.says("GET", "/nowhere", 404, "")

	putFile(t, config, serveConfig+"- {name: metering, files: more}\n")
	putFile(t, filepath.Join(filepath.Dir(config), "more/2.csv"), serveEvents)
	s.says("POST", "/-/reload", 200, "Reloaded.")
	s.says("GET", "/metrics", 200, `outage_source_up{source="metering"} 1`)

	putFile(t, config, serveConfig+"colour: red\n")
	_ = s.cmd.Process.Signal(syscall.SIGHUP)
	s.becomes("/metrics", reloadFailed)
	s.says("GET", "/metrics", 200, `outage_source_up{source="metering"} 1`)
	s.says("GET", "/", 200, "saidi.yml:5: unknown key")
	s.says("POST", "/-/reload", 500, "saidi.yml:5: unknown key")
	putFile(t, config, serveConfig)
	_ = s.cmd.Process.Signal(syscall.SIGHUP)
	s.becomes("/metrics", reloadFine)
	s.says("GET", "/-/ready", 200, "")

	begun := time.Now()
	if code, took := s.end(syscall.SIGTERM), time.Since(begun); code != 0 || took > 5*time.Second {
		t.Errorf("status %d after %v, want 0 within seconds", code, took)
	}
	if log := s.text(); !strings.Contains(log, "level=INFO") || !strings.Contains(log, "msg=stopping") || strings.Contains(log, "panic") {
		t.Errorf("the log is %s", log)
	}
}

// Without a configuration nothing is followed, and that is said.
func TestServeNothing(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	s.says("GET", "/-/ready", 503, "not ready")
	s.says("GET", "/metrics", 200, reloadFine)
	if code := s.end(os.Interrupt); code != 0 {
		t.Errorf("status %d, want 0", code)
	}
	if !strings.Contains(s.text(), "nothing is followed: give --config FILE, or --demo to look around") {
		t.Errorf("the log is %s", s.text())
	}
}

func TestServeDemo(t *testing.T) {
	t.Parallel()
	s := startServe(t, "--demo", "--demo.speed", "3600")
	s.becomes("/metrics", "outage_snapshot_synthetic 1\n")
	s.says("GET", "/?lang=zh", 200, "模拟")
	s.says("GET", "/?lang=en", 200, "SYNTHETIC DATA")
	s.says("POST", "/-/reload", 500, "the demo has no configuration to reload")
	s.says("GET", "/events?q="+strings.Repeat("x", 1<<20), 431, "")
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("status %d, want 0", code)
	}
	if !strings.Contains(s.text(), "demo: a synthetic province on a simulated clock; nothing in it was ever measured") {
		t.Errorf("the log is %s", s.text())
	}
}

// What is wrong at the start is told with its place, and the status says whose
// mistake it is.
func TestServeDoesNotStart(t *testing.T) {
	t.Parallel()
	config := serveFiles(t)
	wrong := filepath.Join(t.TempDir(), "wrong.yml")
	putFile(t, wrong, "base: base.csv\npolcy: x\n")
	web := filepath.Join(t.TempDir(), "web.yml")
	putFile(t, web, "tls_server_config: {cert_file: none.pem, key_file: none.pem}\n")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	tests := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"a wrong configuration", []string{"--config", wrong}, exitFailed, wrong + `:2: unknown key "polcy": the nearest known is "policy"`},
		{"no configuration there", []string{"--config", wrong + ".yml"}, exitFailed, "read configuration: open " + wrong + ".yml: no such file"},
		{"an address in use", []string{"--config", config, "--web.listen-address", taken.Addr().String()}, exitFailed, "serve: listen tcp " + taken.Addr().String() + ": bind: address already in use"},
		{"no address", []string{"--config", config, "--web.listen-address", "127.0.0.1:none"}, exitFailed, "serve: listen tcp: lookup tcp/none"},
		{"no certificate", []string{"--config", config, "--web.listen-address", "127.0.0.1:0", "--web.config.file", web}, exitFailed, "none.pem"},
		{"demo and configuration", []string{"--demo", "--config", config}, exitUsage, "give --config or --demo, not both"},
		{"a demo that stands still", []string{"--demo", "--demo.speed", "0"}, exitUsage, "--demo.speed 0: want a number from 1 to 1000000"},
		{"a demo of no speed", []string{"--demo", "--demo.speed", "NaN"}, exitUsage, "--demo.speed NaN: want a number"},
		{"an unknown flag", []string{"--nope"}, exitUsage, "unknown long flag '--nope'"},
		{"an unknown level", []string{"--log.level", "loud"}, exitUsage, "loud"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			cmd := exec.CommandContext(ctx, "saidi", append([]string{"serve"}, tt.args...)...)
			out, err := cmd.CombinedOutput()
			if failed, ok := errors.AsType[*exec.ExitError](err); !ok || failed.ExitCode() != tt.code || !strings.Contains(string(out), tt.says) {
				t.Errorf("got %v with\n%s\nwant status %d and %q", err, out, tt.code, tt.says)
			}
		})
	}
}

// With a web configuration only those who know the password come in, over TLS.
func TestServeSecurely(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	roots := certificate(t, dir)
	web := filepath.Join(dir, "web.yml")
	// The hash is bcrypt of "secret", of the least cost.
	putFile(t, web, "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\nbasic_auth_users: {grid: $2a$04$TeqFOItLNQ3RocF3AHAb3uv8uuNZiAQ7pnUr02UgkKjQpG48pJ4WW}\n")
	s := startServe(t, "--config", serveFiles(t), "--web.config.file", web)
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	t.Cleanup(client.CloseIdleConnections)
	for password, want := range map[string]int{"secret": 200, "wrong": 401, "": 401} {
		for _, path := range []string{"/metrics", "/", "/-/healthy"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+s.address+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if password != "" {
				request.SetBasicAuth("grid", password)
			}
			answer, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close() //nolint:errcheck // nothing of it is wanted
			if answer.StatusCode != want {
				t.Errorf("%s with the password %q: got %d, want %d", path, password, answer.StatusCode, want)
			}
		}
	}
	s.says("GET", "/metrics", 400, "HTTP request to an HTTPS server")
}

// certificate makes a certificate and its key in a folder, and those who trust it.
func certificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	putFile(t, filepath.Join(dir, "cert.pem"), string(public))
	putFile(t, filepath.Join(dir, "key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(public) {
		t.Fatal("the certificate cannot be read")
	}
	return roots
}

const serveStore = "store: data\nbase: base.csv\nquiet: 0s\nsources:\n- {name: grid, files: events}\n- {name: scada, push: true}\n"

// serveStored writes what a server with a store follows, and gives the
// configuration.
func serveStored(t *testing.T, more string) (config string) {
	t.Helper()
	config = serveFiles(t)
	putFile(t, config, serveStore+more)
	putFile(t, filepath.Join(filepath.Dir(config), "scada.token"), "s3cret\n")
	return config
}

const tokenOfScada = "tokens: [{name: scada, file: scada.token, access: write}]\n"

// line is an outage as a line of JSON.
func line(id string) string {
	return fmt.Sprintf(`{"event_id":%q,"feeder_id":"F1","start":"2022-03-05 08:00:00","end":"2022-03-05 09:00:00","customers":10}`, id) + "\n"
}

// send asks with credentials, one Authorization header each.
func (s *served) send(method, path, body string, credentials ...string) (status int, text string, err error) {
	request, err := http.NewRequest(method, "http://"+s.address+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	for _, c := range credentials {
		request.Header.Add("Authorization", c)
	}
	answer, err := s.client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	data, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(data), err
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// Behind the users of a web configuration only those write who are named as
// writers, with their password, and no token is a way around it.
func TestServeWriters(t *testing.T) {
	t.Parallel()
	config := serveStored(t, "writers: [operator]\n")
	web := filepath.Join(filepath.Dir(config), "web.yml")
	users := "basic_auth_users:\n"
	for user, password := range map[string]string{"operator": "0perate", "viewer": "l00k"} {
		hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
		if err != nil {
			t.Fatal(err)
		}
		users += fmt.Sprintf("  %s: %s\n", user, hash)
	}
	putFile(t, web, users)
	s := startServe(t, "--config", config, "--web.config.file", web)
	operator, viewer, token := basic("operator", "0perate"), basic("viewer", "l00k"), "Bearer s3cret"
	const push, reload = "/api/v1/events?source=scada", "/-/reload"
	tests := []struct {
		name, method, path string
		credentials        []string
		want               int
	}{
		{"nobody", "POST", push, nil, 401},
		{"a wrong password", "POST", push, []string{basic("operator", "l00k")}, 401},
		{"no password", "POST", push, []string{basic("operator", "")}, 401},
		{"an unknown user", "POST", push, []string{basic("root", "0perate")}, 401},
		{"a user who only reads", "POST", push, []string{viewer}, 403},
		{"a token without a user", "POST", push, []string{token}, 401},
		{"a token behind a user who only reads", "POST", push, []string{viewer, token}, 401},
		{"a writer behind a user who only reads", "POST", push, []string{viewer, operator}, 401},
		{"a user who only reads pushes a base", "POST", "/api/v1/base?source=scada", []string{viewer}, 403},
		{"a user who only reads reloads", "POST", reload, []string{viewer}, 403},
		{"nobody reads", "GET", "/api/v1/deliveries", nil, 401},
		{"a reader reads", "GET", "/api/v1/deliveries", []string{viewer}, 200},
		{"a reader reads metrics", "GET", "/metrics", []string{viewer}, 200},
		{"a writer", "POST", push, []string{operator}, 200},
		{"a writer reloads", "POST", reload, []string{operator}, 200},
	}
	for _, tt := range tests {
		if status, text, err := s.send(tt.method, tt.path, line("E7"), tt.credentials...); err != nil || status != tt.want {
			t.Errorf("%s: %d %.300s %v, want %d", tt.name, status, text, err, tt.want)
		}
	}
	_, text, err := s.send("GET", "/api/v1/deliveries?source=scada", "", viewer)
	if err != nil || strings.Count(text, `"delivery":`) != 1 || !strings.Contains(text, `"who":"operator"`) {
		t.Errorf("deliveries %s, %v, want one, of operator", text, err)
	}
	for name, tt := range map[string]struct {
		config, users string
		status        int
		says          string
	}{
		"a token beside users":            {"writers: [operator]\n" + tokenOfScada, users, 500, "has basic_auth_users"},
		"a writer who is no user":         {"writers: [nobody]\n", users, 500, `writers: "nobody" is none of the basic_auth_users`},
		"a writer who is no user anymore": {"writers: [operator]\n", strings.Replace(users, "operator", "other", 1), 401, "Unauthorized"},
	} {
		putFile(t, config, serveStore+tt.config)
		putFile(t, web, tt.users)
		if status, text, err := s.send("POST", reload, "", operator); err != nil || status != tt.status || !strings.Contains(text, tt.says) {
			t.Errorf("reload with %s: %d %s %v, want %d and %q", name, status, text, err, tt.status, tt.says)
		}
	}
	putFile(t, web, users)
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("status %d, want 0", code)
	}
}

// The program ends in order while it is pushed to, and what it has acknowledged is
// there when it starts again, once.
func TestServeStopsWhilePushed(t *testing.T) {
	t.Parallel()
	config := serveStored(t, tokenOfScada+"push: {per_second: 100000}\n")
	s := startServe(t, "--config", config)
	s.becomes("/-/ready", "saidi is ready.")
	var lock sync.Mutex
	acknowledged := map[int64]string{} // the digest by delivery
	var senders sync.WaitGroup
	enough := make(chan struct{})
	for sender := range 4 {
		senders.Go(func() {
			for i := 0; ; i++ {
				body := line(fmt.Sprintf("S%d-%d", sender, i))
				status, text, err := s.send("POST", "/api/v1/events?source=scada", body, "Bearer s3cret")
				if err != nil || status != http.StatusOK {
					return // the program stops
				}
				var a struct {
					Delivery int64
					SHA256   string
				}
				if err := json.Unmarshal([]byte(text), &a); err != nil {
					t.Error(err)
				}
				lock.Lock()
				acknowledged[a.Delivery] = a.SHA256
				if len(acknowledged) == 40 {
					close(enough)
				}
				lock.Unlock()
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(30 * time.Second):
		t.Error("40 pushes take more than half a minute")
	}
	begun := time.Now()
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("status %d, want 0", code)
	}
	took := time.Since(begun)
	senders.Wait()
	t.Logf("%d pushes were acknowledged; stopping took %v", len(acknowledged), took)

	again := startServe(t, "--config", config)
	again.becomes("/-/ready", "saidi is ready.")
	var list struct {
		Deliveries []struct {
			Delivery int64
			SHA256   string
		}
	}
	_, text := again.ask("GET", "/api/v1/deliveries?source=scada&limit=1000")
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	digests := map[string]bool{}
	for _, d := range list.Deliveries {
		if digests[d.SHA256] {
			t.Errorf("delivery %d is stored twice", d.Delivery)
		}
		digests[d.SHA256] = true
		if want, ok := acknowledged[d.Delivery]; ok && want != d.SHA256 {
			t.Errorf("delivery %d is another one", d.Delivery)
		}
		delete(acknowledged, d.Delivery)
	}
	if len(acknowledged) > 0 && len(list.Deliveries) < 1000 {
		t.Errorf("%d deliveries were acknowledged and are not there", len(acknowledged))
	}
	if code := again.end(syscall.SIGTERM); code != 0 {
		t.Errorf("status %d, want 0", code)
	}
}

// What the metrics of a store and of pushes look like is as Prometheus wants it.
func TestServeMetricsOfAStore(t *testing.T) {
	t.Parallel()
	s := startServe(t, "--config", serveStored(t, tokenOfScada))
	s.becomes("/-/ready", "saidi is ready.")
	if status, text, err := s.send("POST", "/api/v1/events?source=scada&wait=10s", line("E7")+"{}\n", "Bearer s3cret"); err != nil || status != 200 {
		t.Fatalf("push: %d %s %v", status, text, err)
	}
	if status, text, err := s.send("POST", "/api/v1/events?source=scada", line("E8"), "Bearer wrong"); err != nil || status != 401 {
		t.Fatalf("push: %d %s %v", status, text, err)
	}
	// While a push waits, the snapshot that it waits for is made; the next one is of a
	// push that does not wait.
	if status, text, err := s.send("POST", "/api/v1/events?source=scada", line("E9"), "Bearer s3cret"); err != nil || status != 200 {
		t.Fatalf("push: %d %s %v", status, text, err)
	}
	for _, text := range []string{
		"outage_store_sequence ", "outage_store_applied_sequence ", "outage_store_faults 0\n", "outage_push_requests_total{", "outage_push_bytes_total{", "outage_push_in_flight 0\n",
		`outage_ingest_rows_total{outcome="accepted",reason="",source="scada"}`, `outage_source_up{source="scada"} 1`,
	} {
		s.becomes("/metrics", text)
	}
	path, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("promtool is missing: apt-get install -y prometheus")
	}
	_, page := s.ask("GET", "/metrics")
	lint := exec.CommandContext(t.Context(), path, "check", "metrics")
	lint.Stdin = strings.NewReader(page)
	if out, err := lint.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}
