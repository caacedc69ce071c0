package app

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/web"
)

// Handler serves the page at /, the metrics, the last snapshot as JSON, and what
// others ask about the program itself. live is gathered at every scrape: metrics
// of the process and of the program's own work.
func (a *App) Handler(live prometheus.Gatherer) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/{$}", web.Page(func() *web.Status { return a.state.Load().status }))
	mux.Handle("/metrics", metrics.Handler(a.Metrics, live))
	mux.HandleFunc("GET /api/v1/report", a.serveReport)
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "saidi is healthy.") })
	mux.HandleFunc("GET /-/ready", a.serveReady)
	mux.HandleFunc("POST /-/reload", a.serveReload)
	mux.HandleFunc("PUT /-/reload", a.serveReload)
	return mux
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

func (a *App) serveReload(w http.ResponseWriter, r *http.Request) {
	if err := a.Reload(r.Context()); err != nil {
		answer(w, http.StatusInternalServerError, "The reload did not work, and the last good snapshot stays:\n"+err.Error())
		return
	}
	answer(w, http.StatusOK, "Reloaded.")
}
