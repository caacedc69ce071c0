package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/internal/spelling"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/web"
)

// What a plan may take of the program. While one is checked nothing else is
// counted, so that its rows are bounded and not its bytes alone.
const (
	planBytes     = 32 << 20 // of a body as it comes over the wire
	planUnpacked  = 64 << 20 // of a body that is packed, as a workbook is
	planRows      = 10_000   // of a body, those that are rejected or skipped among them
	plansAtOnce   = 8        // that are read at the same time
	plansOfClient = 4        // of one client
)

// planLimits bound how a plan comes.
func planLimits() push.Limits {
	return push.Limits{Bytes: planBytes, Time: formTime, AtOnce: plansAtOnce}
}

// planPath is what the rows of a plan are said to come from.
const planPath = "plan"

// planDoor answers what proposed outages cost. It changes nothing.
func (a *App) planDoor() http.Handler {
	door, err := push.NewInquiry(push.InquiryOptions{
		Parameters: []string{"source"}, Ask: a.plan, Limits: planLimits(),
		Failed: func(err error) { a.opts.Log.Error("plan", "err", err) },
	})
	if err != nil {
		panic(err) // of constants
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			door.ServeHTTP(w, r)
			return
		}
		if a.state.Load().status.Snapshot == nil {
			deny(w, r, web.NoSnapshot())
			return
		}
		leave, ok := a.plans.Enter(web.ClientIn(r.Context()))
		if !ok {
			deny(w, r, tooMany())
			return
		}
		defer leave()
		door.ServeHTTP(w, r)
	})
}

// plan reads a plan outside and has it checked inside, where the engine stands
// still.
func (a *App) plan(ctx context.Context, query url.Values, body io.Reader) (any, error) {
	opts, err := a.planReading(ctx, query)
	if err != nil {
		return nil, err
	}
	if body, err = held(body); err != nil {
		return nil, err
	}
	var proposed snapshot.Proposed
	proposed.Delivery, err = ingest.Events(planPath, body, opts, proposed.Add)
	switch {
	case errors.Is(err, ingest.ErrRows):
		return nil, &push.Refused{Err: errPlanRows}
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, wordedForSender(err)
	}
	return a.check(ctx, snapshot.Proposal{Deliveries: []snapshot.Proposed{proposed}, Program: a.opts.Program, Synthetic: a.opts.Demo})
}

// check waits for its turn and has a plan checked.
func (a *App) check(ctx context.Context, q snapshot.Proposal) (*snapshot.PlanCheck, error) {
	r, err := a.askRows(ctx, func(*world) error { return nil }, ofAll, func(w *world) (reply, error) {
		answer, err := snapshot.CheckPlan(w.engine, w.policy, q)
		return reply{value: answer}, err
	})
	if err != nil {
		return nil, err
	}
	return r.value.(*snapshot.PlanCheck), nil
}

// errPlanRows says why a plan is not checked.
var errPlanRows = fmt.Errorf("the plan has more than %d rows: ask about less at a time; the parts are not added up", planRows)

// planReading says how a plan is read: by the headers that are known, or as the
// events of a source that the query names.
func (a *App) planReading(ctx context.Context, query url.Values) (opts ingest.Options, err error) {
	source := query.Get("source")
	var known []string
	asked := a.askSoon(ctx, func() {
		r := a.rulesNow()
		opts = r.reading("", nil)
		for i, s := range r.config.Sources {
			known = append(known, s.Name)
			if s.Name == source {
				opts.Mapping = r.mappings[i]
			}
		}
	})
	opts.Planned, opts.Wanted = true, ctx.Err
	opts.Limits = ingest.Limits{Rows: planRows, Decompressed: planUnpacked}
	if asked != nil {
		return opts, asked
	}
	return opts, nameOfSource(query, known)
}

// nameOfSource refuses a source that is not configured.
func nameOfSource(query url.Values, known []string) error {
	name := query.Get("source")
	switch {
	case !query.Has("source") || slices.Contains(known, name):
		return nil
	case len(known) == 0:
		return &push.BadParameter{Name: "source", Err: errors.New("no source is configured: leave it out")}
	}
	return &push.BadParameter{Name: "source", Err: fmt.Errorf("there is no source %q; did you mean %q?", name, spelling.Nearest(name, known))}
}

// rulesNow are the rules in force. It is for the goroutine that runs.
func (a *App) rulesNow() *rules {
	switch {
	case a.stored != nil:
		return a.stored.rules
	case a.files != nil:
		return a.files.rules
	}
	return &rules{config: a.config, policy: a.demo.policy}
}
