package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/store"
)

// A deliveryList is the answer to who told what.
type deliveryList struct {
	SchemaVersion int             `json:"schema_version"`
	Deliveries    []deliveryEntry `json:"deliveries"`
	NextAfter     *int64          `json:"next_after"` // to ask again with; null: there are no more
}

// A deliveryEntry is one delivery in the JSON of the API.
type deliveryEntry struct {
	Delivery int64         `json:"delivery"`
	Kind     string        `json:"kind"` // events, base, withdrawal
	Source   string        `json:"source"`
	Channel  string        `json:"channel"` // file, push, nats, postgres
	Name     string        `json:"name"`    // path, subject, table
	Who      string        `json:"who"`
	Received time.Time     `json:"received"`
	Sequence push.Sequence `json:"sequence"`
	SHA256   string        `json:"sha256"`
	Content  string        `json:"content"`
	Position string        `json:"position"`
	Rows     int           `json:"rows"`
	Stored   int           `json:"stored"`
	Rejected int           `json:"rejected"` // by the reader
	Skipped  int           `json:"skipped"`
	Covers   []coversEntry `json:"covers"`
	// WithdrawnBy is the delivery that took its place, or withdrew it; 0: it is in
	// force.
	WithdrawnBy int64    `json:"withdrawn_by"`
	Notes       []string `json:"notes"` // what was odd about it; of a withdrawal, why
}

type coversEntry struct {
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	Areas []string  `json:"areas"` // none: all
}

// A deliveryDetail is a delivery with what became of its rows.
type deliveryDetail struct {
	SchemaVersion int `json:"schema_version"`
	deliveryEntry
	Applied    bool             `json:"applied"`            // the engine holds it
	Outcomes   *push.Outcomes   `json:"outcomes,omitempty"` // as of now, once applied
	Rejections []push.Rejection `json:"rejections"`         // as of now: at most 1000
	LeftOut    int              `json:"rejections_left_out"`
}

func entryOf(d *store.DeliveryInfo) deliveryEntry {
	e := deliveryEntry{
		Delivery: d.ID, Kind: d.Kind.String(), Source: d.Source, Channel: d.Channel, Name: d.Name, Who: d.Who, Received: d.Received.UTC(),
		Sequence: push.Sequence{First: d.First, Last: d.Last}, SHA256: d.SHA256, Content: d.Content, Position: d.Position,
		Rows: d.Rows, Stored: d.Stored, Rejected: d.Rejected, Skipped: d.Skipped, Covers: []coversEntry{}, WithdrawnBy: d.WithdrawnBy,
		Notes: append([]string{}, d.Warnings...),
	}
	for _, c := range d.Covers {
		e.Covers = append(e.Covers, coversEntry{From: time.Unix(c.From, 0).UTC(), To: time.Unix(c.To, 0).UTC(), Areas: areaNames(c.Areas)})
	}
	return e
}

// ListOf is what the JSON of the API says of some deliveries; more says that
// there are others behind them.
func ListOf(list []store.DeliveryInfo, more bool) any {
	answer := deliveryList{SchemaVersion: push.SchemaVersion, Deliveries: []deliveryEntry{}}
	for i := range list {
		answer.Deliveries = append(answer.Deliveries, entryOf(&list[i]))
	}
	if more && len(list) > 0 {
		answer.NextAfter = &list[len(list)-1].ID
	}
	return answer
}

func areaNames[T ~string](areas []T) []string {
	names := []string{}
	for _, a := range areas {
		names = append(names, string(a))
	}
	return names
}

// mostListed is how many deliveries one answer lists at most.
const mostListed = 1000

func (a *App) serveDeliveries(w http.ResponseWriter, r *http.Request) {
	if a.store == nil {
		refuse(w, http.StatusServiceUnavailable, "no-store", errNoStore.Error())
		return
	}
	q := store.Query{Source: r.URL.Query().Get("source"), Limit: 100}
	for name, to := range map[string]func(int64){"after": func(n int64) { q.After = n }, "limit": func(n int64) { q.Limit = int(n) }} {
		text := r.URL.Query().Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || name == "limit" && (n == 0 || n > mostListed) {
			refuse(w, http.StatusBadRequest, "bad-parameter", fmt.Sprintf("%s %q: want a whole number, of limit from 1 to %d", name, text, mostListed))
			return
		}
		to(n)
	}
	limit := q.Limit
	q.Limit++ // one more tells whether there are others
	list, err := a.store.Deliveries(r.Context(), q)
	if err != nil {
		a.storeTrouble(w, err)
		return
	}
	more := len(list) > limit
	writeJSON(w, http.StatusOK, ListOf(list[:min(limit, len(list))], more))
}

func (a *App) serveDelivery(w http.ResponseWriter, r *http.Request) {
	if a.store == nil {
		refuse(w, http.StatusServiceUnavailable, "no-store", errNoStore.Error())
		return
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		refuse(w, http.StatusBadRequest, "bad-parameter", fmt.Sprintf("delivery %q: want its number", r.PathValue("id")))
		return
	}
	info, err := a.store.Delivery(r.Context(), id)
	switch {
	case errors.Is(err, store.ErrUnknown):
		refuse(w, http.StatusNotFound, "unknown-delivery", fmt.Sprintf("there is no delivery %d", id))
		return
	case err != nil:
		a.storeTrouble(w, err)
		return
	}
	d := deliveryDetail{SchemaVersion: push.SchemaVersion, deliveryEntry: entryOf(&info), Rejections: []push.Rejection{}}
	o, err := a.outcomes(r.Context(), id)
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		a.storeTrouble(w, err)
		return
	}
	if err != nil { // nobody is there any more who asks, or who answers
		refuse(w, http.StatusServiceUnavailable, "stopping", errStopped.Error())
		return
	}
	d.Applied = o.known >= d.Sequence.Last && d.WithdrawnBy == 0
	if o.Counts != nil {
		d.Outcomes = outcomesOf(o.Counts)
		d.Rejections, d.LeftOut = rejectionsOf(o.rejects)
	}
	writeJSON(w, http.StatusOK, d)
}

// An outcome is what has become of the rows of a delivery, as of now.
type outcome struct {
	known          int64 // the last sequence that counts
	*engine.Counts       // nil where the engine holds none of the rows
	rejects        []engine.RejectedRow
}

// outcomes asks the engine what has become of the rows of a delivery.
func (a *App) outcomes(ctx context.Context, delivery int64) (o *outcome, err error) {
	o = &outcome{}
	var s *shared
	var now world
	err = a.ask(ctx, func() {
		if a.stored != nil && a.stored.shared != nil && a.world != nil {
			s, now = a.stored.shared, *a.world
			return
		}
		if a.stored == nil || a.stored.memory == nil {
			return
		}
		m := a.stored.memory
		o.known = m.At
		if got, ok := m.Engine.Delivered(delivery); ok {
			o.Counts, o.rejects = &got.Counts, m.Engine.RejectsOf(delivery)
		}
	})
	if err == nil && s != nil {
		err = a.desk.aside(ctx, func() error { o, err = s.outcomeOf(ctx, &now, delivery); return err })
	}
	return o, err
}

func outcomesOf(c *engine.Counts) *push.Outcomes {
	return &push.Outcomes{
		Accepted: c.Accepted, Duplicate: c.Duplicate, Superseded: c.Superseded, Cancelled: c.Cancelled, Excluded: c.Excluded, Rejected: c.Rejected,
	}
}

// rejectionsOf shows rejected rows, as many as go into one answer.
func rejectionsOf(list []engine.RejectedRow) (shown []push.Rejection, leftOut int) {
	shown = []push.Rejection{}
	for _, r := range list[:min(len(list), mostRejections)] {
		shown = append(shown, push.Rejection{
			Row: r.Row, Sheet: r.Sheet, EventID: r.Event.ID, Column: r.Column, Value: r.Value, Reason: string(r.Reason), Advice: r.Reason.Advice(),
		})
	}
	return shown, len(list) - len(shown)
}

// storeTrouble answers an error of the store, of which the log has the detail.
func (a *App) storeTrouble(w http.ResponseWriter, err error) {
	a.opts.Log.Error("store", "err", err)
	refuse(w, http.StatusInternalServerError, "internal", "the store cannot be read: see the page at / and the log of the program")
}

// errNoStore says why nothing can be pushed.
var errNoStore = errors.New("there is no store to keep it in: give the configuration a folder with the key store")

// refuse answers in the JSON that errors have.
func refuse(w http.ResponseWriter, status int, code, message string) {
	type failed struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	writeJSON(w, status, struct {
		SchemaVersion int    `json:"schema_version"`
		Error         failed `json:"error"`
	}{push.SchemaVersion, failed{code, message}})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	_ = out.Encode(v)
}
