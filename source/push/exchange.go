package push

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// An exchange is one request and its answer.
type exchange struct {
	w       http.ResponseWriter
	r       *http.Request
	control *http.ResponseController
	limits  Limits
	body    *body // nil until it is read
}

func newExchange(w http.ResponseWriter, r *http.Request, limits Limits) *exchange {
	return &exchange{w: w, r: r, control: http.NewResponseController(w), limits: limits}
}

// open makes the body ready to be read.
func (x *exchange) open(spent func(int)) *body {
	_ = x.control.SetReadDeadline(time.Time{}) // a server's own would end long bodies that come well
	cut := func() { _ = x.control.SetReadDeadline(longAgo()) }
	x.body = &body{from: http.MaxBytesReader(x.w, x.r.Body, x.limits.Bytes), watch: begin(x.limits, cut), spent: spent}
	return x.body
}

// whole says whether nothing of the request is left to be read.
func (x *exchange) whole() bool {
	return x.r.ContentLength == 0 || x.body != nil && x.body.whole()
}

// count is how many bytes of the body were read.
func (x *exchange) count() int64 {
	if x.body == nil {
		return 0
	}
	return x.body.count()
}

// refuse sends a fault.
func (x *exchange) refuse(f *fault) {
	for name, value := range f.header {
		x.w.Header().Set(name, value)
	}
	x.send(f.status, f.shown())
}

// send sends an answer, in the time that a client has to read it. A connection
// on which part of a request is left is good for no other.
func (x *exchange) send(status int, answer any) {
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	_ = out.Encode(answer) // texts and numbers only
	h := x.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(text.Len()))
	if !x.whole() && x.r.ProtoMajor == 1 {
		h.Set("Connection", "close")
	}
	g := after(x.limits.Answer, func() { _ = x.control.SetWriteDeadline(longAgo()) })
	defer g.end()
	x.w.WriteHeader(status)
	_, _ = x.w.Write(text.Bytes())
	_ = x.control.Flush()
}

// finish sees to it that what is left of a request holds the connection no
// longer: for a moment it is thrown away, as a client that is still sending may
// not look at its answer before, and would lose it if the connection were cut.
func (x *exchange) finish() {
	if x.whole() || x.r.ProtoMajor != 1 { // later versions end a request by itself
		return
	}
	asked := x.r.Header.Get("Expect") != "" && x.body == nil // it waits to be told whether to send
	if !asked {
		g := after(x.limits.Linger, func() { _ = x.control.SetReadDeadline(longAgo()) })
		_, _ = io.Copy(io.Discard, x.r.Body)
		g.end()
	}
	_ = x.control.SetReadDeadline(longAgo())
}
