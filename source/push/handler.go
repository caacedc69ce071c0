package push

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/internal/spelling"
)

// Options say what a handler takes in, from whom and for whom.
type Options struct {
	Sources []string // those that take pushes; a request may leave out which if there is one only
	Access  *Access  // nil: nobody may write

	// Take takes one delivery in and returns once it is durable. It reads the body
	// to its end, and keeps nothing of one that did not come whole. An error is one
	// of this package's if the sender is to be told what it is. ctx ends when the
	// client is gone or the program stops.
	Take func(ctx context.Context, d *Delivery) (*Answer, error)

	Now    func() time.Time // the clock on the wall: for allowances and durations
	Failed func(error)      // is told of what was answered by 500, with all detail; nil: nobody is
	Limits Limits
}

// validate says what keeps a handler from working.
func (o *Options) validate() error {
	if o.Take == nil || o.Now == nil {
		return errors.New("push: nobody to take deliveries in, or no clock")
	}
	if err := o.Limits.validate(); err != nil {
		return fmt.Errorf("push: %w", err)
	}
	for _, w := range o.Access.writers() {
		for _, s := range w.sources {
			if !slices.Contains(o.Sources, s) {
				return fmt.Errorf("push: access of %s: source %q takes no pushes; did you mean %q?", w.name, s, spelling.Nearest(s, o.Sources))
			}
		}
	}
	return nil
}

// A Handler is the door. Make it with [New]; it may be used by many at once.
type Handler struct {
	options   Options
	places    chan struct{}
	desks     map[string]*desk // by the name of the writer
	strangers *tally           // everybody who was not let in
}

// New checks the options. Allowances and numbers begin anew with each handler.
func New(o Options) (*Handler, error) {
	o.Limits = o.Limits.orDefault()
	if err := o.validate(); err != nil {
		return nil, err
	}
	h := &Handler{options: o, places: make(chan struct{}, o.Limits.AtOnce), desks: map[string]*desk{}, strangers: &tally{}}
	for _, w := range o.Access.writers() {
		h.desks[w.name] = newDesk(o.Limits)
	}
	return h, nil
}

// Events takes events, at /api/v1/events. It answers every method, all but POST
// by saying so.
func (h *Handler) Events() http.Handler { return h.door(false) }

// Base takes customers, at /api/v1/base, as [Handler.Events] does.
func (h *Handler) Base() http.Handler { return h.door(true) }

func (h *Handler) door(base bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := h.options.Now()
		x := newExchange(w, r, h.options.Limits)
		defer x.finish()
		who, err := h.enter(r)
		t := h.strangers
		if who != nil {
			t = &h.desks[who.name].tally
		}
		t.inFlight.Add(1)
		defer t.inFlight.Add(-1)
		var answer *Answer
		if err == nil {
			answer, err = h.push(x, who, base)
		}
		f := h.fault(err)
		t.count(f.statusOf(), x.count(), h.options.Now().Sub(began), answer) // before it is known outside
		if f != nil {
			x.refuse(f)
			return
		}
		x.send(http.StatusOK, answer.shown())
	})
}

// enter says who comes in.
func (h *Handler) enter(r *http.Request) (*writer, error) {
	if r.Method != http.MethodPost {
		return nil, faultf(http.StatusMethodNotAllowed, "method", "send a body here by POST").with("Allow", http.MethodPost)
	}
	return h.options.Access.writer(r)
}

// push looks at everything that can be known before the body, then takes it in
// if there is a place.
func (h *Handler) push(x *exchange, who *writer, base bool) (*Answer, error) {
	d, err := h.delivery(x.r.URL.RawQuery, who)
	if err != nil {
		return nil, err
	}
	d.Base = base
	if err := checkMedia(x.r.Header); err != nil {
		return nil, err
	}
	if x.r.ContentLength > h.options.Limits.Bytes {
		return nil, tooLarge(h.options.Limits)
	}
	desk := h.desks[who.name]
	if err := desk.admit(h.options.Now()); err != nil {
		return nil, err
	}
	select {
	case h.places <- struct{}{}:
		defer func() { <-h.places }()
		return h.take(x, d, desk)
	default:
		return nil, faultf(http.StatusServiceUnavailable, "too-many", "too many bodies are being taken at once: send it again later").retry(busyTime)
	}
}

// take hands the body on. How it ended has the last word, whatever is made of
// it: what broke off is not acknowledged.
func (h *Handler) take(x *exchange, d *Delivery, desk *desk) (*Answer, error) {
	b := x.open(func(n int) { desk.spend(h.options.Now(), n) })
	defer b.watch.end()
	forget := context.AfterFunc(x.r.Context(), func() { b.watch.stop(errStopped) })
	defer forget()
	d.Body = b
	answer, err := h.call(x.r.Context(), d)
	if err == nil {
		err = b.rest()
	}
	if broken := b.fault(h.options.Limits); broken != nil {
		return nil, broken
	}
	if err == nil && answer == nil {
		err = errors.New("a delivery was taken without an answer")
	}
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// call takes one delivery in and outlives whatever happens there.
func (h *Handler) call(ctx context.Context, d *Delivery) (answer *Answer, err error) {
	defer func() {
		if v := recover(); v != nil {
			answer, err = nil, fmt.Errorf("take a delivery of %s: panic: %v\n%s", d.Source, v, debug.Stack())
		}
	}()
	return h.options.Take(ctx, d)
}

// fault words an error for the sender, and tells the operator of what the sender
// is not told. Nil is none.
func (h *Handler) fault(err error) *fault {
	if err == nil {
		return nil
	}
	f := faultOf(err)
	if f.status == http.StatusInternalServerError && h.options.Failed != nil {
		h.options.Failed(err)
	}
	return f
}
