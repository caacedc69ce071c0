package chaos

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A delivery is one as the API lists it.
type delivery struct {
	ID       int64 `json:"delivery"`
	Kind     string
	Source   string
	Channel  string
	Name     string
	Sequence struct{ First, Last int64 }
	SHA256   string
	Position string
	Rows     int
	Stored   int
	Rejected int
	Skipped  int

	WithdrawnBy int64 `json:"withdrawn_by"`
}

// A ledger is the deliveries that the exporter has listed so far, in order.
type ledger struct {
	exporter *exporter
	list     []delivery
}

// page is how many deliveries are asked for at once.
const page = 1000

// deliveries asks for those behind a number.
func (l *ledger) deliveries(ctx context.Context, after int64) ([]delivery, error) {
	var answer struct{ Deliveries []delivery }
	err := l.exporter.getJSON(ctx, fmt.Sprintf("/api/v1/deliveries?after=%d&limit=%d", after, page), &answer)
	return answer.Deliveries, err
}

// last is the last sequence.
func (l *ledger) last() int64 {
	if len(l.list) == 0 {
		return 0
	}
	return l.list[len(l.list)-1].Sequence.Last
}

// follow reads what is new, and finds holes and repeats.
func (l *ledger) follow(ctx context.Context) error {
	for {
		more, err := l.deliveries(ctx, int64(len(l.list)))
		if err != nil {
			return err
		}
		for _, d := range more {
			if err := l.fits(&d); err != nil {
				return err
			}
			l.list = append(l.list, d)
		}
		if len(more) < page {
			return nil
		}
	}
}

// fits says whether a delivery comes right behind the last one.
func (l *ledger) fits(d *delivery) error {
	if want := int64(len(l.list)) + 1; d.ID != want {
		return fmt.Errorf("delivery %d follows %d: a hole or a repeat", d.ID, want-1)
	}
	length := int64(max(1, d.Stored+d.Rejected))
	if first := l.last() + 1; d.Sequence.First != first || d.Sequence.Last != first+length-1 {
		return fmt.Errorf("delivery %d has the sequence %d to %d, want %d to %d", d.ID, d.Sequence.First, d.Sequence.Last, first, first+length-1)
	}
	if d.Kind == "events" && d.Rows != d.Stored+d.Rejected+d.Skipped {
		return fmt.Errorf("delivery %d: %d rows, which %d stored, %d rejected and %d skipped do not add up to", d.ID, d.Rows, d.Stored, d.Rejected, d.Skipped)
	}
	return nil
}

// reread reads everything anew and compares it with what was said before.
func (l *ledger) reread(ctx context.Context) error {
	again := ledger{exporter: l.exporter}
	if err := again.follow(ctx); err != nil {
		return err
	}
	if len(again.list) < len(l.list) {
		return fmt.Errorf("%d deliveries, there were %d", len(again.list), len(l.list))
	}
	for i, before := range l.list {
		now := again.list[i]
		if before.WithdrawnBy == 0 { // it may have been since
			before.WithdrawnBy = now.WithdrawnBy
		}
		if now != before {
			return fmt.Errorf("delivery %d is %+v, it was %+v", now.ID, now, before)
		}
	}
	l.list = again.list
	return nil
}

// rows adds up the rows of the deliveries of a source, withdrawn ones included.
func (l *ledger) rows(source string) (n int) {
	for i := range l.list {
		if d := &l.list[i]; d.Source == source && d.Kind == "events" {
			n += d.Rows
		}
	}
	return n
}

// files are the deliveries of files that are in force, by the ends of their paths.
func (l *ledger) files() map[string]delivery {
	all := map[string]delivery{}
	for _, d := range l.list {
		if d.Source == "drop" {
			all[d.Name[strings.LastIndexByte(d.Name, '/')+1:]] = d
		}
	}
	return all
}

// inForce adds up the rows of events that no later version of a file has replaced.
func (l *ledger) inForce() (rows int) {
	files := l.files()
	for _, d := range l.list {
		switch {
		case d.Kind != "events":
		case d.Source != "drop", files[d.Name[strings.LastIndexByte(d.Name, '/')+1:]].ID == d.ID:
			rows += d.Rows
		}
	}
	return rows
}

// watermark is up to where the table was read.
func (l *ledger) watermark() (time.Time, error) {
	var latest time.Time
	for i := range l.list {
		d := &l.list[i]
		if d.Source != "sql" {
			continue
		}
		words := strings.Fields(d.Position)
		if len(words) != 3 {
			return latest, fmt.Errorf("delivery %d of the table has the position %q", d.ID, d.Position)
		}
		at, err := time.Parse(time.RFC3339Nano, words[1])
		if err != nil {
			return latest, err
		}
		if at.After(latest) {
			latest = at
		}
	}
	return latest, nil
}

// A receipt is what an acknowledged push was told.
type receipt struct {
	Delivery int64
	Sequence struct{ First, Last int64 }
	SHA256   string
	Rows     int
	Stored   int
	Rejected int
	Skipped  int
	Again    bool
}

// holds asks for the delivery of a receipt.
func (x *exporter) holds(ctx context.Context, r *receipt) error {
	var d delivery
	if err := x.getJSON(ctx, fmt.Sprintf("/api/v1/deliveries/%d", r.Delivery), &d); err != nil {
		return fmt.Errorf("an acknowledged push: %w", err)
	}
	return r.isOf(&d)
}

// holds looks for the delivery of a receipt among those listed.
func (l *ledger) holds(r *receipt) error {
	if r.Delivery > int64(len(l.list)) {
		return fmt.Errorf("an acknowledged push is lost: %+v", r)
	}
	return r.isOf(&l.list[r.Delivery-1])
}

// isOf says whether a delivery is what was acknowledged.
func (r *receipt) isOf(d *delivery) error {
	if d.ID != r.Delivery || d.Sequence != r.Sequence || d.SHA256 != r.SHA256 || d.Rows != r.Rows || d.Skipped != r.Skipped || d.Source != "push" || d.WithdrawnBy != 0 {
		return fmt.Errorf("the delivery %+v is not what was acknowledged: %+v", d, r)
	}
	return nil
}

// errNotYet says that something is still on its way.
var errNotYet = errors.New("not yet")
