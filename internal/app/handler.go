package app

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/web"
)

// Handler serves the pages and the API that reads, the metrics, the last snapshot
// as JSON, what the store was told, what proposed outages would cost, and what
// others ask about the program itself; and takes in what is pushed. live is gathered
// at every scrape: metrics of the process and of the program's own work.
func (a *App) Handler(live prometheus.Gatherer) http.Handler {
	mux := http.NewServeMux()
	read := func(pattern string, h http.Handler) { mux.Handle(pattern, a.reading(h)) }
	for _, r := range a.site().Routes() {
		read(r.Pattern, hurried(r.Handler))
	}
	read("/metrics", metrics.Handler(a.Metrics, live))
	read("GET /api/v1/report", http.HandlerFunc(a.serveReport))
	read("/api/v1/plan", a.planDoor())
	read("GET /api/v1/deliveries", http.HandlerFunc(a.serveDeliveries))
	read("GET /api/v1/deliveries/{id}", http.HandlerFunc(a.serveDelivery))
	mux.HandleFunc("GET /api/v1/openapi.yaml", serveOpenAPI)
	mux.Handle("/api/v1/events", a.pushing((*push.Handler).Events))
	mux.Handle("/api/v1/base", a.pushing((*push.Handler).Base))
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "saidi is healthy.") })
	mux.HandleFunc("GET /-/ready", a.serveReady)
	mux.HandleFunc("POST /-/reload", a.serveReload)
	mux.HandleFunc("PUT /-/reload", a.serveReload)
	return mux
}

// reading lets through who may read.
func (a *App) reading(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.access.Load().Read(next).ServeHTTP(w, r)
	})
}

// formTime is how long what a page takes in may take to come.
const formTime = 2 * time.Minute

// hurried bounds how much a page takes in, and how long it may take to come.
func hurried(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			control := http.NewResponseController(w)
			_ = control.SetReadDeadline(time.Now().Add(formTime)) // where that is not possible the server's own bounds hold
			r.Body = &form{http.MaxBytesReader(w, r.Body, planBytes+formBytes), control}
		}
		next.ServeHTTP(w, r)
	})
}

// formBytes is what a form adds to the file in it.
const formBytes = 1 << 20

// A form is a body that is hurried until it is whole: what is done with it then may
// take its time.
type form struct {
	io.ReadCloser
	control *http.ResponseController
}

// Read implements [io.Reader].
func (f *form) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = f.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// pushing hands on to the door of the present configuration.
func (a *App) pushing(to func(*push.Handler) http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d := a.door.Load(); d != nil {
			to(d.handler).ServeHTTP(w, r)
			return
		}
		refuse(w, http.StatusServiceUnavailable, "no-store", errNoStore.Error())
	})
}

func serveOpenAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	_, _ = w.Write(web.OpenAPI())
}

// answer writes a line of text.
func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}

// serveReport gives the snapshot as `saidi report --format json` does.
func (a *App) serveReport(w http.ResponseWriter, _ *http.Request) {
	s := a.state.Load().status.Snapshot
	if s == nil {
		answer(w, http.StatusServiceUnavailable, "There is no snapshot yet: see the page at /.")
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	_ = out.Encode(s)
}

func (a *App) serveReady(w http.ResponseWriter, _ *http.Request) {
	if a.state.Load().status.Snapshot == nil {
		answer(w, http.StatusServiceUnavailable, "saidi is not ready: there is no snapshot yet.")
		return
	}
	answer(w, http.StatusOK, "saidi is ready.")
}

// serveReload reloads. Where writers are configured, only these may ask for it.
func (a *App) serveReload(w http.ResponseWriter, r *http.Request) {
	if access := a.access.Load(); access.HasWriters() {
		access.Write(http.HandlerFunc(a.reloadNow)).ServeHTTP(w, r)
		return
	}
	a.reloadNow(w, r)
}

func (a *App) reloadNow(w http.ResponseWriter, r *http.Request) {
	if err := a.Reload(r.Context()); err != nil {
		answer(w, http.StatusInternalServerError, "The reload did not work, and the last good snapshot stays:\n"+err.Error())
		return
	}
	answer(w, http.StatusOK, "Reloaded.")
}
