package metrics

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

// Handler serves a page of metrics and behind it what live gathers, such as the
// metrics of the Go runtime. The page is sent as it was encoded; only what live
// gathers is encoded for each request. It speaks the text format 0.0.4 and
// OpenMetrics, plain and gzip. Before there is a page, when live fails, and when
// live has a family of the page, it answers with an error and no metrics, so
// that the scrape fails and does not look whole.
func Handler(page func() *Page, live prometheus.Gatherer) http.Handler {
	return &handler{page: page, live: live}
}

type handler struct {
	page    func() *Page
	live    prometheus.Gatherer
	zippers sync.Pool // of *gzip.Writer
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "metrics are read with GET or HEAD", http.StatusMethodNotAllowed)
		return
	}
	page := h.page()
	if page == nil {
		http.Error(w, "no metrics have been made yet", http.StatusServiceUnavailable)
		return
	}
	format := expfmt.NegotiateAccept(r.Header, expfmt.FmtOpenMetrics_1_0_0, expfmt.FmtOpenMetrics_0_0_1, expfmt.FmtText)
	body := page.form(format)
	tail, err := h.tail(page, format)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", string(format))
	header.Set("Vary", "Accept, Accept-Encoding")
	if !acceptsGzip(r.Header.Values("Accept-Encoding")) {
		send(w, r, body.plain, tail)
		return
	}
	if tail, err = h.zip(tail); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header.Set("Content-Encoding", "gzip")
	send(w, r, body.zipped, tail)
}

// send writes the parts of an answer. A reader that is gone is told nothing.
func send(w http.ResponseWriter, r *http.Request, parts ...[]byte) {
	length := 0
	for _, p := range parts {
		length += len(p)
	}
	w.Header().Set("Content-Length", strconv.Itoa(length))
	if r.Method == http.MethodHead {
		return
	}
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return
		}
	}
}

// tail encodes what live gathers, and the end of the format.
func (h *handler) tail(page *Page, format expfmt.Format) ([]byte, error) {
	families, err := h.live.Gather()
	if err != nil {
		return nil, fmt.Errorf("gather live metrics: %w", err)
	}
	var b bytes.Buffer
	e := expfmt.NewEncoder(&b, format)
	for _, f := range families {
		if page.names[f.GetName()] {
			return nil, fmt.Errorf("gather live metrics: %s is on the page of the snapshot already", f.GetName())
		}
		if err := e.Encode(f); err != nil {
			return nil, fmt.Errorf("encode live metrics: %s: %w", f.GetName(), err)
		}
	}
	if closer, ok := e.(expfmt.Closer); ok {
		if err := closer.Close(); err != nil {
			return nil, fmt.Errorf("encode live metrics: %w", err)
		}
	}
	return b.Bytes(), nil
}

// zip compresses data as a gzip member of its own: one behind another is gzip.
func (h *handler) zip(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z, ok := h.zippers.Get().(*gzip.Writer)
	if ok {
		z.Reset(&b)
	} else {
		z = gzip.NewWriter(&b)
	}
	defer h.zippers.Put(z)
	if _, err := z.Write(data); err != nil {
		return nil, fmt.Errorf("compress live metrics: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("compress live metrics: %w", err)
	}
	return b.Bytes(), nil
}

// acceptsGzip reads Accept-Encoding: gzip by its name or by "*", unless with a
// weight of zero; the name goes before the star.
func acceptsGzip(headers []string) bool {
	star := false
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		coding, params, _ := strings.Cut(part, ";")
		wanted := weight(params) > 0
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip":
			return wanted
		case "*":
			star = wanted
		}
	}
	return star
}

// weight reads "q=0.5"; 1 where there is none, 0 where it is no number.
func weight(params string) float64 {
	name, value, _ := strings.Cut(params, "=")
	if !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 0
	}
	return q
}
