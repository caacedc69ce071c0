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
func (a *App) Handler(live prometheus.Gatherer) http.Handler { return unhurried(a.mux(live)) }

// mux is what is served where.
func (a *App) mux(live prometheus.Gatherer) *http.ServeMux {
	mux := http.NewServeMux()
	read := func(pattern string, h http.Handler) { mux.Handle(pattern, sameOrigin(a.reading(a.answering(h)))) }
	for _, r := range a.site().Routes() {
		if r.Endless {
			mux.Handle(r.Pattern, a.reading(r.Handler)) // with bounds of its own
			continue
		}
		read(r.Pattern, hurried(r.Handler))
	}
	read("/metrics", metrics.Handler(a.Metrics, live))
	read("GET /api/v1/report", http.HandlerFunc(a.serveReport))
	read("/api/v1/plan", a.planDoor())
	read("GET /api/v1/deliveries", http.HandlerFunc(a.serveDeliveries))
	read("GET /api/v1/deliveries/{id}", http.HandlerFunc(a.serveDelivery))
	mux.Handle("GET /api/v1/openapi.yaml", a.answering(http.HandlerFunc(serveOpenAPI)))
	mux.Handle("/api/v1/events", a.pushing((*push.Handler).Events))
	mux.Handle("/api/v1/base", a.pushing((*push.Handler).Base))
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "saidi is healthy.") })
	mux.HandleFunc("GET /-/ready", a.serveReady)
	mux.Handle("POST /-/reload", sameOrigin(http.HandlerFunc(a.serveReload)))
	mux.Handle("PUT /-/reload", sameOrigin(http.HandlerFunc(a.serveReload)))
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

// hurried bounds how much a page takes in, how long it may take to come, and how
// slowly.
func hurried(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			limits := planLimits()
			limits.Bytes += formBytes
			body, end := push.Upload(w, r, limits)
			defer end()
			control := http.NewResponseController(w)
			_ = control.SetReadDeadline(time.Now().Add(formTime)) // where that is not possible the server's own bounds hold
			r.Body = &form{body, control}
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
	head(w.Header(), "application/yaml; charset=utf-8")
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
func (a *App) serveReport(w http.ResponseWriter, r *http.Request) {
	s := a.state.Load().status.Snapshot
	if s == nil {
		deny(w, r, web.NoSnapshot())
		return
	}
	head(w.Header(), "application/json; charset=utf-8")
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	_ = out.Encode(s) // whoever asked may have gone
}

func (a *App) serveReady(w http.ResponseWriter, _ *http.Request) {
	if a.state.Load().status.Snapshot == nil {
		answer(w, http.StatusServiceUnavailable, "saidi is not ready: "+web.NoSnapshot().Error())
		return
	}
	answer(w, http.StatusOK, "saidi is ready.")
}

// serveReload reloads. Where writers are configured only these may ask for it, and
// else whoever may read.
func (a *App) serveReload(w http.ResponseWriter, r *http.Request) {
	access := a.access.Load()
	if access.HasWriters() {
		access.Write(http.HandlerFunc(a.reloadNow)).ServeHTTP(w, r)
		return
	}
	access.Read(http.HandlerFunc(a.reloadNow)).ServeHTTP(w, r)
}

func (a *App) reloadNow(w http.ResponseWriter, r *http.Request) {
	if err := a.Reload(r.Context()); err != nil {
		answer(w, http.StatusInternalServerError, "The reload did not work, and the last good snapshot stays:\n"+err.Error())
		return
	}
	answer(w, http.StatusOK, "Reloaded.")
}
