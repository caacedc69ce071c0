package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/store/clickhouse"
	"github.com/saidi-exporter/saidi/web"
)

// site is what pages and the API ask. What is not in the snapshot is asked of the
// engine that it was made of.
func (a *App) site() *web.Site {
	return &web.Site{
		Status: func() *web.Status { return a.state.Load().status },
		Events: a.askEvents, Feeders: a.askFeeders, Curve: a.askCurve, Record: a.askRecord, Plan: a.askPlan, Rejects: a.askRejects, Dossier: a.askDossier,
		Now: time.Now, Changed: a.news.listen, Done: a.quiet.done,
	}
}

// An inquiry is a question about the present snapshot, and what it is known by.
type inquiry struct {
	kind   string
	window string
	about  any // comparable
}

// about answers an inquiry: ask runs where the engine stands still and is that of
// the snapshot which is shown; size is what its answer holds, in bytes, about.
func about[T any](ctx context.Context, a *App, q inquiry, size func(T) int, ask func(*world) (T, error)) (T, error) {
	return answered[T](ctx, a, q, func(ctx context.Context) (reply, error) {
		var r reply
		var failed error
		err := a.desk.ask(ctx, func() {
			if a.world == nil || a.state.Load().status.Snapshot == nil {
				failed = web.NoSnapshot()
				return
			}
			var answer T
			if answer, failed = ask(a.world); failed == nil {
				r = reply{answer, size(answer), a.answers.now()}
			}
		})
		return r, cmp.Or(err, failed)
	})
}

// answered answers an inquiry with what is kept, or by asking.
func answered[T any](ctx context.Context, a *App, q inquiry, ask func(context.Context) (reply, error)) (T, error) {
	value, err := a.answers.get(ctx, q, ask)
	if err != nil {
		var none T
		return none, a.problem(q.kind, err)
	}
	return value.(T), nil
}

func (a *App) askEvents(ctx context.Context, window string, q snapshot.EventsQuestion) (*snapshot.EventList, error) {
	mine := q
	return aboutRows(ctx, a, inquiry{"events", window, q}, rowQuestion[*snapshot.EventList]{
		pose:   func(w *world) error { return w.pose(window, &mine.Question) },
		groups: ofScope(&mine.Question),
		answer: func(w *world) (*snapshot.EventList, error) { return asked(snapshot.Events(w.engine, w.policy, mine)) },
		size:   func(x *snapshot.EventList) int { return listBytes + lineBytes*len(x.Lines) },
	})
}

func (a *App) askFeeders(ctx context.Context, window string, q snapshot.Question) (*snapshot.FeederList, error) {
	mine := q
	return aboutRows(ctx, a, inquiry{"feeders", window, q}, rowQuestion[*snapshot.FeederList]{
		pose:   func(w *world) error { return w.pose(window, &mine) },
		groups: ofScope(&mine),
		answer: func(w *world) (*snapshot.FeederList, error) { return asked(snapshot.Feeders(w.engine, w.policy, mine)) },
		size:   func(x *snapshot.FeederList) int { return listBytes + feederBytes*len(x.Lines) },
	})
}

func (a *App) askCurve(ctx context.Context, scope, class string) (*snapshot.Curve, error) {
	return about(ctx, a, inquiry{"curve", "", [2]string{scope, class}}, sizeOfCurve, func(w *world) (*snapshot.Curve, error) {
		scope, class := cmp.Or(scope, w.policy.Whole.ID), cmp.Or(class, string(outage.AllClasses))
		return asked(snapshot.CurveOf(w.engine, w.policy, scope, class))
	})
}

func (a *App) askRecord(ctx context.Context, source, eventID string) (*snapshot.Record, error) {
	return aboutRows(ctx, a, inquiry{"record", "", [2]string{source, eventID}}, rowQuestion[*snapshot.Record]{
		pose: func(*world) error { return nil },
		groups: func(ctx context.Context, w *world, s *shared) ([]clickhouse.Group, error) {
			if exceptMajor(w.policy.Index) {
				return groupsIn(w, s, nil), nil
			}
			return s.store.GroupsOf(ctx, source, eventID, w.known)
		},
		answer: func(w *world) (*snapshot.Record, error) {
			r, ok, err := snapshot.FindRecord(w.engine, w.policy, snapshot.RecordQuestion{Source: source, EventID: eventID, Delivery: a.senders(ctx)})
			if err == nil && !ok {
				return nil, &web.Problem{Status: http.StatusNotFound, Code: "not-found", Err: fmt.Errorf("source %q told of no event %q", source, eventID)}
			}
			return r, err
		},
		size: func(x *snapshot.Record) int { return listBytes + lineBytes*(len(x.Told)+len(x.Counts)) },
	})
}

// senders says when deliveries were received; nil without a store. What the store
// cannot say is left empty.
func (a *App) senders(ctx context.Context) func(int64) snapshot.Sender {
	if a.store == nil {
		return nil
	}
	known := map[int64]snapshot.Sender{}
	return func(id int64) snapshot.Sender {
		s, ok := known[id]
		if !ok {
			if info, err := a.store.Delivery(ctx, id); err == nil {
				s = snapshot.Sender{Received: info.Received, WithdrawnBy: info.WithdrawnBy}
			}
			known[id] = s
		}
		return s
	}
}

// askRejects gives the rows that could not be counted, which the snapshot has.
func (a *App) askRejects(context.Context) ([]snapshot.Reject, error) {
	s := a.state.Load().status.Snapshot
	if s == nil {
		return nil, web.NoSnapshot()
	}
	return s.Rejects, nil
}

// askDossier makes everything that a report shows, of the instant of the snapshot.
func (a *App) askDossier(ctx context.Context) (*snapshot.Dossier, error) {
	return aboutRows(ctx, a, inquiry{kind: "dossier"}, rowQuestion[*snapshot.Dossier]{
		pose: func(*world) error { return nil }, groups: ofAll, size: sizeOfDossier,
		answer: func(w *world) (*snapshot.Dossier, error) {
			o := w.options(a.opts.Program, a.opts.TZData)
			o.Suspicious = true
			d, err := snapshot.NewDossier(w.engine, w.policy, o)
			if err != nil {
				return nil, &web.Problem{Status: http.StatusUnprocessableEntity, Code: "refused", Err: err}
			}
			return d, nil
		},
	})
}

// askPlan has a plan checked that a page takes in.
func (a *App) askPlan(ctx context.Context, source string, body io.Reader) (*snapshot.PlanCheck, error) {
	leave, ok := a.plans.Enter(web.ClientIn(ctx))
	if !ok {
		return nil, tooMany()
	}
	defer leave()
	if a.state.Load().status.Snapshot == nil {
		return nil, web.NoSnapshot()
	}
	query := url.Values{}
	if source != "" {
		query.Set("source", source)
	}
	counted := &bounded{from: body, left: planBytes}
	answer, err := a.plan(ctx, query, counted)
	switch {
	case counted.left < 0:
		return nil, &web.Problem{Status: http.StatusRequestEntityTooLarge, Code: "too-large", Err: fmt.Errorf("the plan is larger than %d bytes: ask about less at a time; the parts are not added up", planBytes)}
	case counted.broken != nil:
		return nil, &web.Problem{Status: http.StatusBadRequest, Code: "incomplete", Err: errIncomplete}
	case err != nil:
		return nil, a.problem("plan", err)
	}
	return answer.(*snapshot.PlanCheck), nil
}

// pose fills in what a question leaves out: the whole, and its window.
func (w *world) pose(window string, q *snapshot.Question) (err error) {
	q.Scope = cmp.Or(q.Scope, w.policy.Whole.ID)
	if q.Window, err = snapshot.ParseWindow(window, w.engine, w.policy); err != nil {
		return &web.Problem{Status: http.StatusBadRequest, Code: "bad-parameter", Parameter: "window", Err: err}
	}
	return nil
}

// asked words an error of the snapshot: a word of the question that it does not
// know, which it names.
func asked[T any](answer T, err error) (T, error) {
	if err != nil {
		err = &web.Problem{Status: http.StatusBadRequest, Code: "bad-parameter", Err: err}
	}
	return answer, err
}

// About how much answers hold, in bytes.
const (
	listBytes   = 4 << 10
	lineBytes   = 700 // of a row with its texts
	feederBytes = 150
	dayBytes    = 80
	baseBytes   = 2 << 20 // of a snapshot
)

func sizeOfCurve(c *snapshot.Curve) int { return listBytes + dayBytes*(len(c.Days)+len(c.PriorDays)) }

func sizeOfDossier(d *snapshot.Dossier) int {
	n := baseBytes + lineBytes*(len(d.Rejects)+len(d.Suspicious)+len(d.OpenOutages)+len(d.Excluded))
	for i := range d.Curves {
		n += sizeOfCurve(&d.Curves[i])
	}
	for i := range d.Feeders {
		n += listBytes + feederBytes*len(d.Feeders[i].Lines)
	}
	return n
}

// problem words an error for who asks. What only the program can mend goes to its
// log.
func (a *App) problem(what string, err error) error {
	if p, ok := errors.AsType[*web.Problem](err); ok {
		return p
	}
	if e, ok := errors.AsType[*push.BadParameter](err); ok {
		return &web.Problem{Status: http.StatusBadRequest, Code: "bad-parameter", Parameter: e.Name, Err: e.Err}
	}
	if e, ok := errors.AsType[*push.Unreadable](err); ok {
		return &web.Problem{Status: http.StatusBadRequest, Code: "unreadable", Err: e.Err}
	}
	if e, ok := errors.AsType[*push.Refused](err); ok {
		return &web.Problem{Status: http.StatusUnprocessableEntity, Code: "refused", Err: e.Err}
	}
	if e, ok := errors.AsType[*push.Busy](err); ok {
		why := errBusy
		if gone, ok := errors.AsType[*shardGoneError](e.Err); ok {
			why = gone
		}
		return &web.Problem{Status: http.StatusServiceUnavailable, Code: "busy", Err: why, Again: e.RetryAfter}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &web.Problem{Status: http.StatusServiceUnavailable, Code: "stopping", Err: errStopped, Again: 5 * time.Second}
	}
	a.opts.Log.Error("answer a question", "what", what, "err", err)
	return &web.Problem{Status: http.StatusInternalServerError, Code: "internal", Err: errInside}
}

// What is said of errors whose text is not for who asks.
var (
	errBusy    = errors.New("others ask at this moment: ask again a little later")
	errStopped = errors.New("the question was not answered, as the work was interrupted: ask again")
	errInside  = errors.New("something went wrong inside: the log of the program says what")
)

// A bounded reader remembers how reading ended, if not well.
type bounded struct {
	from   io.Reader
	left   int64 // below zero: more came
	broken error
}

// Read implements [io.Reader].
func (b *bounded) Read(p []byte) (n int, err error) {
	if b.left < 0 {
		return 0, errTooMuch
	}
	n, err = b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooMuch
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.broken = err
	}
	return n, err
}

var (
	errTooMuch    = errors.New("the body is too large")
	errIncomplete = errors.New("the file did not come whole: send it again")
)
