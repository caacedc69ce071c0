package push

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"

	"github.com/saidi-exporter/saidi/internal/spelling"
)

// InquiryOptions say what is asked of whom.
type InquiryOptions struct {
	Parameters []string // that the query may have, each once at most

	// Ask reads a body to its end and gives the answer, which goes out as JSON. An
	// error is one of this package's if the sender is to be told what it is. ctx ends
	// when the client is gone.
	Ask func(ctx context.Context, query url.Values, body io.Reader) (any, error)

	Failed func(error) // is told of what was answered by 500, with all detail; nil: nobody is
	Limits Limits      // those of writers aside
}

// An Inquiry answers questions that are asked by sending rows, of which nothing
// is kept. Bodies are taken, bounded and refused as those that are pushed. Who may
// ask is seen to before, see [Access.Read]. Make it with [NewInquiry]; it may be
// used by many at once.
type Inquiry struct {
	options InquiryOptions
	places  chan struct{}
}

// NewInquiry checks the options.
func NewInquiry(o InquiryOptions) (*Inquiry, error) {
	o.Limits = o.Limits.orDefault()
	if o.Ask == nil {
		return nil, errors.New("push: nobody to ask")
	}
	if err := o.Limits.validate(); err != nil {
		return nil, fmt.Errorf("push: %w", err)
	}
	return &Inquiry{options: o, places: make(chan struct{}, o.Limits.AtOnce)}, nil
}

// ServeHTTP implements [http.Handler]. It answers every method, all but POST by
// saying so.
func (q *Inquiry) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := newExchange(w, r, q.options.Limits)
	defer x.finish()
	answer, err := q.enter(x)
	if err == nil {
		x.send(http.StatusOK, answer)
		return
	}
	f := faultOf(err)
	if f.status == http.StatusInternalServerError && q.options.Failed != nil {
		q.options.Failed(err)
	}
	x.refuse(f)
}

// enter looks at everything that can be known before the body, then asks if there
// is a place.
func (q *Inquiry) enter(x *exchange) (any, error) {
	if x.r.Method != http.MethodPost {
		return nil, faultf(http.StatusMethodNotAllowed, "method", "send a body here by POST").with("Allow", http.MethodPost)
	}
	query, err := url.ParseQuery(x.r.URL.RawQuery)
	if err != nil {
		return nil, badParameter("query", "cannot be taken apart: encode what is behind the question mark")
	}
	if err := q.check(query); err != nil {
		return nil, err
	}
	if err := checkMedia(x.r.Header); err != nil {
		return nil, err
	}
	if x.r.ContentLength > q.options.Limits.Bytes {
		return nil, q.tooMuch()
	}
	select {
	case q.places <- struct{}{}:
		defer func() { <-q.places }()
		return q.take(x, query)
	default:
		return nil, faultf(http.StatusServiceUnavailable, "too-many", "too many bodies are being taken at once: send it again later").retry(busyTime)
	}
}

// tooMuch says that less has to be asked about: answers to parts are not added up.
func (q *Inquiry) tooMuch() error {
	return faultf(http.StatusRequestEntityTooLarge, "too-large",
		"the body is larger than %d bytes: pack it by gzip or zstd, or ask about less at a time; the parts are not added up", q.options.Limits.Bytes)
}

// check refuses parameters that are not known or are there twice.
func (q *Inquiry) check(query url.Values) error {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		switch said := query[name]; {
		case !slices.Contains(q.options.Parameters, name):
			return badParameter(shorten(name, longestText), "is not known; did you mean %s?", spelling.Nearest(name, q.options.Parameters))
		case len(said) > 1:
			return badParameter(name, "is given %d times: give it once", len(said))
		}
	}
	return nil
}

// take hands the body on. How it ended has the last word: what broke off is not
// answered.
func (q *Inquiry) take(x *exchange, query url.Values) (any, error) {
	b := x.open(func(int) {})
	defer b.watch.end()
	forget := context.AfterFunc(x.r.Context(), func() { b.watch.stop(errStopped) })
	defer forget()
	answer, err := q.call(x.r.Context(), query, b)
	if err == nil {
		err = b.rest()
	}
	if broken := b.fault(q.options.Limits); broken != nil {
		if faultOf(broken).status == http.StatusRequestEntityTooLarge {
			broken = q.tooMuch()
		}
		return nil, broken
	}
	return answer, err
}

// call asks, and outlives whatever happens there.
func (q *Inquiry) call(ctx context.Context, query url.Values, body io.Reader) (answer any, err error) {
	defer func() {
		if v := recover(); v != nil {
			answer, err = nil, fmt.Errorf("answer a question: panic: %v\n%s", v, debug.Stack())
		}
	}()
	return q.options.Ask(ctx, query, body)
}
