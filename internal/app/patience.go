package app

import (
	"net/http"
	"time"
)

// How patiently answers are written: each piece within a time, and so at a least
// rate of 8.7 kB a second, so that who does not read holds nothing for long.
const (
	pieceBytes = 256 << 10
	pieceTime  = 30 * time.Second
)

// patient lets answers go out piece by piece.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &pieces{w, http.NewResponseController(w), pieceTime}
		defer p.hurry() // what the server still holds
		next.ServeHTTP(p, r)
	})
}

// pieces is an answer that goes out piece by piece.
type pieces struct {
	http.ResponseWriter
	control *http.ResponseController
	time    time.Duration
}

// Write implements [io.Writer].
func (p *pieces) Write(data []byte) (n int, err error) {
	for {
		p.hurry()
		k, err := p.ResponseWriter.Write(data[n:min(n+pieceBytes, len(data))])
		if n += k; err != nil || n == len(data) {
			return n, err
		}
	}
}

// hurry gives the next piece its time. Where that is not possible the bounds of
// the server hold.
func (p *pieces) hurry() { _ = p.control.SetWriteDeadline(time.Now().Add(p.time)) }

// Unwrap is for [http.ResponseController].
func (p *pieces) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// unhurried begins every request without the deadline of the one before it on the
// same connection.
func unhurried(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		next.ServeHTTP(w, r)
	})
}
