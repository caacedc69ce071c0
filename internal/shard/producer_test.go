package shard

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	perPush  = 20 // rows
	perPhase = 15 // acknowledged pushes of each producer
)

// A producer pushes bodies to one exporter, each again and again until it is
// acknowledged.
type producer struct {
	to       *exporter
	author   *author
	acked    atomic.Int64
	receipts []receipt
	list     []record // of all receipts
	tries    int
}

// produce runs until there is no more time, or something is answered that must
// not be; the last body is acknowledged, too.
func (p *producer) produce(t *testing.T, until <-chan struct{}) error {
	for {
		select {
		case <-until:
			return nil
		case <-t.Context().Done():
			return t.Context().Err()
		case <-time.After(20 * time.Millisecond):
		}
		list := p.author.fresh(perPush)
		r, err := p.deliver(t.Context(), lines(t, list))
		if err != nil {
			return err
		}
		p.receipts, p.list = append(p.receipts, r), append(p.list, list...)
		p.acked.Add(1)
	}
}

// deliver sends a body until it is acknowledged.
func (p *producer) deliver(ctx context.Context, body []byte) (r receipt, err error) {
	begun := time.Now()
	for {
		p.tries++
		status, text, err := p.to.ask(ctx, http.MethodPost, "/api/v1/events?source="+source, body)
		switch {
		case err == nil && status == http.StatusOK:
			err = json.Unmarshal(text, &r)
			if err == nil && (r.Rows != perPush || r.Stored != perPush) {
				err = fmt.Errorf("a push of %d rows was answered %.500s", perPush, text)
			}
			return r, err
		case time.Since(begun) > 2*patience:
			return r, fmt.Errorf("a push is not acknowledged within %s: %d %.500s, %w", 2*patience, status, text, err)
		case err == nil && status < http.StatusInternalServerError && status != http.StatusTooManyRequests:
			return r, fmt.Errorf("a push was answered %d %.500s", status, text)
		case ctx.Err() != nil:
			return r, ctx.Err()
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// Producers are one for each exporter.
type producers struct {
	all    []*producer
	stop   chan struct{}
	done   sync.WaitGroup
	failed chan error
}

func (p *pair) produce(t *testing.T) *producers {
	t.Helper()
	all := &producers{stop: make(chan struct{}), failed: make(chan error, len(p.both))}
	for i, x := range p.both {
		one := &producer{to: x, author: newAuthor(fmt.Sprintf("P%d-", i), uint64(i))}
		all.all = append(all.all, one)
		all.done.Go(func() {
			if err := one.produce(t, all.stop); err != nil {
				all.failed <- err
			}
		})
	}
	return all
}

// more waits until each has so many more pushes acknowledged.
func (p *producers) more(t *testing.T, n int64) {
	t.Helper()
	for _, one := range p.all {
		want := one.acked.Load() + n
		for late := time.After(2 * patience); one.acked.Load() < want; {
			select {
			case err := <-p.failed:
				t.Fatal(err)
			case <-late:
				t.Fatalf("%d of %d pushes are acknowledged within %s", one.acked.Load(), want, 2*patience)
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
}

// end waits for the last push of each.
func (p *producers) end(t *testing.T) {
	t.Helper()
	close(p.stop)
	p.done.Wait()
	select {
	case err := <-p.failed:
		t.Fatal(err)
	default:
	}
}
