package chaos

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// A report is what the exporter says, as far as it is checked.
type report struct {
	Provenance struct {
		AsOf    string `json:"as_of"`
		KnownAt int64  `json:"known_at"`
		Inputs  []counts
	}
	Indices []index
	Quality struct {
		Rows, Accepted, Rejected int
	}
}

// counts are what became of rows.
type counts struct {
	Path                                                                          string
	Rows, Accepted, Rejected, Duplicate, Superseded, Cancelled, Skipped, Excluded int
}

// An index is the sums of a scope, class and window. Numbers with decimals do not
// fit, as no event is split.
type index struct {
	Scope, Level, Class, Window, From, To string

	Seconds       int64 `json:"customer_seconds"`
	Interruptions int64 `json:"interruptions"`
	Momentary     int64 `json:"momentary_interruptions"`
	Events        int64 `json:"events"`
}

// check holds the exporter, which was just started again, against what was
// acknowledged: receipts at once, everything else when it has arrived.
func (r *run) check(ctx context.Context, whole bool) error {
	follow := r.ledger.follow
	if whole {
		follow = r.ledger.reread
		r.counted["times all deliveries were read again"]++
		r.checked = 0
	}
	acknowledged := r.receipts.after(r.checked)
	if err := r.lookUp(ctx, acknowledged); err != nil {
		return err
	}
	if err := follow(ctx); err != nil {
		return err
	}
	for i := range acknowledged {
		if err := r.ledger.holds(&acknowledged[i]); err != nil {
			return err
		}
	}
	r.checked += len(acknowledged)
	r.counted["receipts found among the deliveries"] += len(acknowledged)
	r.lap("receipts and sequences")
	r.gate.Lock() // the producers stand still, and every push is acknowledged
	defer r.gate.Unlock()
	r.lap("producers stand still")
	if err := r.settled(ctx); err != nil {
		return err
	}
	if !whole {
		return nil
	}
	r.keep()
	return r.verify(ctx)
}

// looked is how many of the last receipts are looked up one by one, and of others.
const looked = 4

// lookUp asks for the pushes that were acknowledged last, and some of the others.
func (r *run) lookUp(ctx context.Context, acknowledged []receipt) error {
	list := slices.Clone(acknowledged[max(0, len(acknowledged)-looked):])
	for range min(looked, len(acknowledged)-len(list)) {
		list = append(list, acknowledged[r.rng.IntN(len(acknowledged)-looked)])
	}
	for i := range list {
		if err := r.exporter.holds(ctx, &list[i]); err != nil {
			return err
		}
	}
	r.counted["receipts looked up"] += len(list)
	return nil
}

// settled waits until everything has arrived, and compares.
func (r *run) settled(ctx context.Context) error {
	begun := time.Now()
	if err := eventually(ctx, patience, "everything told arrives", func() error { return r.arrived(ctx) }); err != nil {
		return err
	}
	r.lap("arrived")
	var said moment
	err := eventually(ctx, patience, "what arrived counts", func() (err error) {
		said, err = r.current(ctx)
		return err
	})
	if err != nil {
		return err
	}
	r.lap("counted")
	if err := r.compare(&said.report); err != nil {
		return err
	}
	r.said = said
	r.drained = append(r.drained, time.Since(begun))
	r.counted["reports equal to the model"]++
	return nil
}

// arrived says what has not.
func (r *run) arrived(ctx context.Context) error {
	left, err := pending(ctx, r.js)
	if err == nil && left > 0 {
		err = fmt.Errorf("%d messages are pending: %w", left, errNotYet)
	}
	if err == nil {
		err = r.ledger.follow(ctx)
	}
	if err != nil {
		return err
	}
	end, err := r.clerk.end(ctx)
	if err != nil {
		return err
	}
	if read, err := r.ledger.watermark(); err != nil || read.Before(end) && end.Unix() > 0 {
		return fmt.Errorf("the table is read up to %s of %s, %w: %w", read, end, errNotYet, err)
	}
	files := r.ledger.files()
	for _, f := range r.dropper.files {
		if d := files[f.name]; d.SHA256 != hex.EncodeToString(f.sha256[:]) || d.Rows != len(f.list) {
			return fmt.Errorf("the file %s of %d rows is listed as %+v: %w", f.name, len(f.list), d, errNotYet)
		}
	}
	return nil
}

// current gives the report of all that is listed.
func (r *run) current(ctx context.Context) (said moment, err error) {
	if said.text, err = r.exporter.get(ctx, "/api/v1/report"); err != nil {
		return said, err
	}
	if err := json.Unmarshal(said.text, &said.report); err != nil {
		return said, err
	}
	if err := r.ledger.follow(ctx); err != nil {
		return said, err
	}
	if said.Provenance.KnownAt != r.ledger.last() {
		return said, fmt.Errorf("the report is as known at %d of %d: %w", said.Provenance.KnownAt, r.ledger.last(), errNotYet)
	}
	return said, nil
}

// compare holds a report against the model.
func (r *run) compare(said *report) error {
	if err := r.compareRows(said); err != nil {
		return err
	}
	asOf, err := time.Parse(time.RFC3339, said.Provenance.AsOf)
	if err != nil {
		return err
	}
	got := map[cell]sums{}
	spans := map[span]bool{}
	for _, i := range said.Indices {
		if i.Level != "area" || !slices.Contains(counted(), i.Scope) || i.Class != "all" && !slices.Contains(classes(), i.Class) {
			continue
		}
		s, err := spanOf(i.From, i.To)
		if err != nil {
			return err
		}
		spans[s] = true
		if sum := (sums{i.Seconds, i.Interruptions, i.Momentary, i.Events}); sum != (sums{}) {
			got[cell{i.Scope, i.Class, s}] = sum
		}
	}
	if len(spans) < 3 {
		return fmt.Errorf("a report of %d windows", len(spans))
	}
	want := r.model.expect(asOf.Unix(), slices.Collect(maps.Keys(spans)))
	r.counted["sums equal to the model's"] += len(want)
	return difference(got, want)
}

func spanOf(from, to string) (span, error) {
	a, err := time.Parse(time.RFC3339, from)
	if err != nil {
		return span{}, err
	}
	b, err := time.Parse(time.RFC3339, to)
	return span{a.Unix(), b.Unix()}, err
}

// difference says where sums are not those wanted.
func difference(got, want map[cell]sums) error {
	var wrong []string
	for c := range want {
		if got[c] != want[c] {
			wrong = append(wrong, fmt.Sprintf("%s %s %s to %s: %+v, want %+v", c.area, c.class, told(c.span.from), told(c.span.to), got[c], want[c]))
		}
	}
	for c := range got {
		if _, ok := want[c]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s %s %s to %s: %+v, want nothing", c.area, c.class, told(c.span.from), told(c.span.to), got[c]))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("%d sums are not those of the model, such as: %q", len(wrong), wrong[:min(len(wrong), 8)])
}

// compareRows holds the numbers of rows against the model: the rows that count to
// the last one, and all rows by the ways they came.
func (r *run) compareRows(said *report) error {
	var all counts
	for _, in := range said.Provenance.Inputs {
		if sum := in.Accepted + in.Rejected + in.Duplicate + in.Superseded + in.Cancelled + in.Skipped + in.Excluded; sum != in.Rows {
			return fmt.Errorf("%s: %d rows, of which %d are told: %+v", in.Path, in.Rows, sum, in)
		}
		all.Rows, all.Accepted, all.Rejected, all.Excluded = all.Rows+in.Rows, all.Accepted+in.Accepted, all.Rejected+in.Rejected, all.Excluded+in.Excluded
	}
	accepted, excluded := r.model.inForce()
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"rows of quality and of the inputs", said.Quality.Rows, all.Rows},
		{"rows of quality and of the deliveries in force", said.Quality.Rows, r.ledger.inForce()},
		{"accepted rows of quality and of the inputs", said.Quality.Accepted, all.Accepted},
		{"rejected rows of quality and of the inputs", said.Quality.Rejected, all.Rejected},
		{"accepted rows and events in force", all.Accepted, accepted},
		{"excluded rows and no outages", all.Excluded, excluded},
		{"rows of stored and of acknowledged pushes", r.ledger.rows("push"), r.receipts.rows},
		{"rows of stored and of published messages", r.ledger.rows("nats"), r.payloads.rows},
	} {
		if c.got != c.want {
			return fmt.Errorf("%s: %d, want %d", c.what, c.got, c.want)
		}
	}
	if got, want := r.ledger.rows("sql"), r.model.told["sql"]-r.events["rows of the table overwritten"]; got < want {
		return fmt.Errorf("%d rows of the table are stored, want at least %d", got, want)
	}
	return nil
}
