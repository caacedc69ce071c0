package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"

	"github.com/saidi-exporter/saidi/internal/program"
)

// An alertmanager is a running Alertmanager with the shipped routes and
// inhibitions, whose receivers are an inbox.
type alertmanager struct {
	*program.Program
	address string
	inbox   *inbox
}

func (s *station) startAlertmanager(t *testing.T) *alertmanager {
	t.Helper()
	in, dir, address := newInbox(t), t.TempDir(), program.Address(t)
	config := filepath.Join(dir, "alertmanager.yml")
	writeFile(t, config, alertmanagerConfig(t, in.url))
	p := program.StartFor(t, s.alertmanager, "--config.file="+config, "--storage.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+address, "--cluster.listen-address=")
	ready(t, p, "http://"+address+"/-/ready")
	return &alertmanager{Program: p, address: address, inbox: in}
}

// A held is an alert as Alertmanager holds it.
type held struct {
	Labels map[string]string `json:"labels"`
	Status struct {
		State       string   `json:"state"` // active or suppressed
		InhibitedBy []string `json:"inhibitedBy"`
	} `json:"status"`
	Fingerprint string `json:"fingerprint"`
}

// alerts lists what Alertmanager holds.
func (a *alertmanager) alerts(t *testing.T) []held {
	t.Helper()
	var all []held
	if err := getJSON(t, "http://"+a.address+"/api/v2/alerts", &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// A letter is an alert as a receiver is told of it.
type letter struct {
	Receiver    string
	Status      string            `json:"status"` // firing or resolved
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// An inbox is a web server that keeps what Alertmanager sends to its webhooks.
type inbox struct {
	url     string
	mu      sync.Mutex
	letters []letter
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	in := &inbox{}
	server := httptest.NewServer(http.HandlerFunc(in.take))
	t.Cleanup(server.Close)
	in.url = server.URL
	return in
}

func (in *inbox) take(w http.ResponseWriter, r *http.Request) {
	var message struct {
		Receiver string   `json:"receiver"`
		Alerts   []letter `json:"alerts"`
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &message)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, l := range message.Alerts {
		l.Receiver = message.Receiver
		in.letters = append(in.letters, l)
	}
}

// empty takes all letters out.
func (in *inbox) empty() []letter {
	in.mu.Lock()
	defer in.mu.Unlock()
	all := in.letters
	in.letters = nil
	return all
}

// all gives the letters and leaves them.
func (in *inbox) all() []letter {
	in.mu.Lock()
	defer in.mu.Unlock()
	return append([]letter(nil), in.letters...)
}
