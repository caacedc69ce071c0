package app

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/web"
)

// How many answers are made and written at the same time. A client is one address,
// so that all who come through one proxy are one: the share has to do for them.
const (
	atOnce   = 256
	ofClient = 64
)

// answering bounds how many are answered at the same time, and how long who asked
// may take to read.
func (a *App) answering(next http.Handler) http.Handler {
	next = patient(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client := web.ClientOf(r)
		leave, ok := a.crowd.Enter(client)
		if !ok {
			deny(w, r, tooMany())
			return
		}
		defer leave()
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r.WithContext(web.WithClient(r.Context(), client)))
	})
}

// tooMany is the problem of who asks for more at once than there is room for.
func tooMany() *web.Problem {
	return &web.Problem{Status: http.StatusServiceUnavailable, Code: "too-many", Err: errTooMany, Again: 5 * time.Second}
}

var errTooMany = errors.New("too many ask at once, or too many from your address: ask again a little later")

// sameOrigin refuses what a page of another site made a browser send: the browser
// may add a user's password by itself.
func sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if protection.Check(r) != nil {
			deny(w, r, &web.Problem{Status: http.StatusForbidden, Code: "cross-origin", Err: errCrossOrigin})
			return
		}
		next.ServeHTTP(w, r)
	})
}

var errCrossOrigin = errors.New("a page of another site may not send this: send it from a page of this site, or from a program")

// deny tells programs of a problem in the JSON of the API, and people in a line.
func deny(w http.ResponseWriter, r *http.Request, p *web.Problem) {
	if p.Again > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(p.Again.Seconds())))))
	}
	if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/-/") {
		refuse(w, p.Status, p.Code, p.Error())
		return
	}
	answer(w, p.Status, p.Error())
}

// head sets what programs and browsers are told of an answer that loads nothing.
func head(h http.Header, kind string) {
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
}
