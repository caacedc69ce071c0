package app

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/store"
)

// A door takes in what is pushed over HTTP. Many use it at once.
type door struct {
	*rules
	store   store.Keeper
	bases   *bases
	now     func() time.Time
	handler *push.Handler
	// outcomes asks the engine what became of the rows of a delivery.
	outcomes func(ctx context.Context, delivery int64) (*outcome, error)
	trials   *trials
	waits    *waits

	mu    sync.Mutex
	shown map[string]condition // by source
}

// newDoor makes the door of a configuration.
func newDoor(r *rules, st store.Keeper, b *bases, access *push.Access, o *Options) (*door, error) {
	d := &door{rules: r, store: st, bases: b, now: o.Now, waits: &waits{}, trials: &trials{policy: r.policy}, shown: map[string]condition{}}
	var sources []string
	for _, s := range r.config.Sources {
		if s.Push {
			sources = append(sources, s.Name)
			d.shown[s.Name] = condition{name: s.Name, places: []string{"/api/v1/events?source=" + s.Name}, up: true}
		}
	}
	limits := push.Limits{Bytes: r.config.Push.Body, AtOnce: r.config.Push.AtOnce, Pushes: float64(cmp.Or(r.config.Push.Rate, defaultPushes))}
	var err error
	d.handler, err = push.New(push.Options{
		Sources: sources, Access: access, Take: d.take, Now: time.Now, Limits: limits,
		Failed: func(err error) { o.Log.Error("push", "err", err) },
	})
	return d, err
}

// defaultPushes is how many pushes a writer may send a second where nothing is
// configured: a storm tells of some hundred outages a second.
const defaultPushes = 500

// take takes in one push.
func (d *door) take(ctx context.Context, p *push.Delivery) (*push.Answer, error) {
	if p.Base {
		return d.takeBase(ctx, p)
	}
	return d.takeEvents(ctx, p)
}

// inMemory is up to how many bytes a body is held in memory rather than in a
// temporary file.
const inMemory = 8 << 20

// held reads a short body into memory, so that it can be read again from the
// front; a longer one is left to the reader.
func held(body io.Reader) (io.Reader, error) {
	head, err := io.ReadAll(io.LimitReader(body, inMemory))
	if err != nil {
		return nil, err
	}
	if len(head) < inMemory {
		return bytes.NewReader(head), nil
	}
	return io.MultiReader(bytes.NewReader(head), body), nil
}

func (d *door) takeEvents(ctx context.Context, p *push.Delivery) (*push.Answer, error) {
	begun := time.Now()
	opts := d.reading(p.Source, d.mappingOf(p.Source))
	var err error
	if opts.Covers, err = d.covers(p); err != nil {
		return nil, err
	}
	body, err := held(p.Body)
	if err != nil {
		return nil, err
	}
	trial := d.trials.begin(d.now())
	defer d.trials.end(trial)
	in := &intake{parcel: d.store.Begin(), also: trial.add}
	defer in.parcel.Discard()
	if in.delivery, err = d.read(p, body, opts, in); err != nil {
		return nil, wordedForSender(err)
	}
	answer := d.answerOf(in, trial)
	if p.Strict && answer.Rejected > 0 {
		return nil, &push.Refused{Err: fmt.Errorf("%d of %d rows are rejected, and the push is strict", answer.Rejected, answer.Rows), Rejections: answer.Rejections, LeftOut: answer.LeftOut}
	}
	head := in.head(store.Stream{Kind: store.Events, Source: p.Source, Channel: store.Push, Name: fromPush + "/" + p.Source, Who: p.Who, Live: true, Mapping: digest(opts.Mapping)})
	head.Position = p.Name
	if err := d.put(ctx, head, in.parcel, answer); err != nil {
		return nil, err
	}
	d.note(p.Source, time.Since(begun))
	d.wait(ctx, p.Wait, answer)
	return answer, nil
}

// read reads a body. An empty one that declares a period says that there was no
// outage in it.
func (d *door) read(p *push.Delivery, body io.Reader, opts ingest.Options, in *intake) (*outage.Delivery, error) {
	name := fromPush + "/" + p.Source
	if held, ok := body.(*bytes.Reader); ok && held.Len() == 0 && len(opts.Covers) > 0 {
		return &outage.Delivery{Path: name, SHA256: digestOf(nil), Content: "nothing", Covers: opts.Covers, Sheets: []outage.Sheet{{}}}, nil
	}
	return ingest.Events(name, body, opts, in.add)
}

// put tells the store of a push and completes the answer.
func (d *door) put(ctx context.Context, head store.Head, parcel store.Parcel, answer *push.Answer) error {
	receipts, err := put(ctx, d.store, []store.Told{{Head: head, Parcel: parcel}})
	if err != nil {
		return refusedByStore(err)
	}
	acknowledge(answer, head, receipts[0])
	return nil
}

// acknowledge completes an answer by what the store says.
func acknowledge(answer *push.Answer, head store.Head, r store.Receipt) {
	answer.Delivery, answer.Sequence, answer.Received, answer.Again = r.Delivery, push.Sequence{First: r.First, Last: r.Last}, r.Received, r.Again
	answer.SHA256, answer.Content = head.SHA256, head.Content
}

// refusedByStore words an error of the store for the sender.
func refusedByStore(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, store.ErrFull):
		return &push.Full{Err: err}
	}
	return &push.Busy{RetryAfter: 10 * time.Second, Err: err}
}

// wordedForSender words an error of reading a body for the sender.
func wordedForSender(err error) error {
	switch {
	case errors.Is(err, errStore):
		return refusedByStore(err)
	case errors.Is(err, ingest.ErrTemporary):
		return &push.Full{Err: err}
	}
	return &push.Unreadable{Err: err}
}

// mappingOf is the mapping of a source that is pushed.
func (d *door) mappingOf(source string) *ingest.Mapping {
	for i, s := range d.config.Sources {
		if s.Name == source {
			return d.mappings[i]
		}
	}
	return d.mapping
}

// covers reads the periods that a push declares.
func (d *door) covers(p *push.Delivery) ([]outage.Covers, error) {
	var all []outage.Covers
	for _, text := range p.Covers {
		w, err := period.Parse(text, d.policy.Zone)
		if err != nil {
			return nil, &push.BadParameter{Name: "covers", Err: err}
		}
		if w.To > d.now().Unix() {
			return nil, &push.BadParameter{Name: "covers", Err: fmt.Errorf("%q: it ends in the future", text)}
		}
		all = append(all, outage.Covers{Period: w})
	}
	return all, nil
}

// takeBase takes in customers, which replace what the same source told of them.
func (d *door) takeBase(ctx context.Context, p *push.Delivery) (*push.Answer, error) {
	body, err := held(p.Body)
	if err != nil {
		return nil, err
	}
	rows, delivery, err := ingest.Base(fromPush+"/"+p.Source, body, d.reading("", d.mappingOf(p.Source)))
	if err != nil {
		return nil, wordedForSender(err)
	}
	if len(rows) == 0 {
		return nil, &push.Refused{Err: errors.New("the base has no rows")}
	}
	head := store.Head{
		Stream: store.Stream{
			Kind: store.Base, Source: p.Source, Channel: store.Push, Name: fromPush + "/" + p.Source, Who: p.Who,
			Content: delivery.Content, Mapping: digest(d.mappingOf(p.Source)),
		},
		SHA256: delivery.SHA256, Rows: delivery.Rows, Skipped: delivery.Skipped, Warnings: inEnglish(delivery.Warnings), Replace: true,
	}
	answer := &push.Answer{Rows: delivery.Rows, Stored: len(rows), Skipped: delivery.Skipped, Notes: inEnglish(delivery.Warnings)}
	receipt, err := d.bases.put(ctx, head, rows)
	switch {
	case errors.Is(err, errStore):
		return nil, refusedByStore(err)
	case err != nil:
		return nil, &push.Refused{Err: err}
	}
	acknowledge(answer, head, receipt)
	d.wait(ctx, p.Wait, answer)
	return answer, nil
}

// wait waits for a delivery to be in the snapshot.
func (d *door) wait(ctx context.Context, most time.Duration, answer *push.Answer) {
	if most == 0 {
		return
	}
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-d.waits.until(answer.Sequence.Last):
		answer.Applied = true
		if o, err := d.outcomes(ctx, answer.Delivery); err == nil && o.Counts != nil {
			answer.Outcomes = outcomesOf(o.Counts)
		}
	case <-ctx.Done():
	case <-timer.C:
	}
}

// note keeps what a source did last.
func (d *door) note(source string, took time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.shown[source]
	c.lastSuccess, c.duration = time.Now(), took
	d.shown[source] = c
}

// condition is how a source is doing.
func (d *door) condition(source string) condition {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shown[source]
}

// answerOf counts the rows of a push, and lists those that do not count.
func (d *door) answerOf(in *intake, t *trial) *push.Answer {
	a := &push.Answer{Rows: in.delivery.Rows, Skipped: in.delivery.Skipped, Rejected: in.rejected, Notes: inEnglish(in.delivery.Warnings)}
	list, ok := t.rejects(in.delivery)
	if ok {
		a.Rejected = len(list)
		a.Rejections, _ = rejectionsOf(list)
	} else {
		for i := range in.rejection {
			r := &in.rejection[i]
			sheet, row := in.delivery.Place(r.Row)
			a.Rejections = append(a.Rejections, push.Rejection{
				Row: row, Sheet: sheet, EventID: r.ID, Column: r.Column, Value: r.Value, Reason: string(r.Reason), Advice: r.Reason.Advice(),
			})
		}
	}
	a.LeftOut = a.Rejected - len(a.Rejections)
	a.Stored = a.Rows - a.Skipped - a.Rejected
	if t.err != nil {
		a.Notes = append(a.Notes, strings.TrimSpace(t.err.Error()))
	}
	return a
}
