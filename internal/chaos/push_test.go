package chaos

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// receipts are those of all acknowledged pushes.
type receipts struct {
	mu    sync.Mutex
	list  []receipt
	shas  map[string]int64 // the delivery of each body
	sent  map[string]int   // how often each body was sent
	rows  int              // of all bodies, each once
	again int              // pushes that were stored although their answer was lost
	acks  chan struct{}    // is told of each
}

func newReceipts() *receipts {
	return &receipts{shas: map[string]int64{}, sent: map[string]int{}, acks: make(chan struct{}, 1)}
}

// send notes that a body is sent.
func (a *receipts) send(digest string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sent[digest]++
}

// add takes a receipt in. Sending the same body again changes nothing.
func (a *receipts) add(r receipt) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	before, known := a.shas[r.SHA256]
	switch {
	case known && (before != r.Delivery || !r.Again):
		return fmt.Errorf("the body of delivery %d, sent again, was answered %+v", before, r)
	case known:
	case r.Again && a.sent[r.SHA256] < 2:
		return fmt.Errorf("a body that was never sent before was answered %+v", r)
	default:
		a.shas[r.SHA256], a.rows = r.Delivery, a.rows+r.Rows
		a.list = append(a.list, r)
		if r.Again {
			a.again++
		}
	}
	select {
	case a.acks <- struct{}{}:
	default:
	}
	return nil
}

// after is the receipts from one on.
func (a *receipts) after(n int) []receipt {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.list[n:])
}

// A pusher sends bodies by HTTP.
type pusher struct {
	*run
	rng  *rand.Rand
	sent []body // some that were acknowledged
}

// A body is what was sent once.
type body struct {
	data    []byte
	list    []record
	strange int // rows that are rejected whatever else is known
}

// turn sends one body, or what must not count.
func (p *pusher) turn(ctx context.Context) error {
	switch x := p.rng.IntN(100); {
	case x < 8:
		return p.breakOff(ctx)
	case x < 11:
		return p.refused(ctx, "?source=push", p.torn())
	case x < 15:
		bad := append(p.author.ghost(3), p.author.rejected(1, endsBeforeStart)...)
		return p.refused(ctx, "?source=push&strict=true", ndjson.write(bad))
	case x < 22 && len(p.sent) > 0:
		return p.deliver(ctx, p.sent[p.rng.IntN(len(p.sent))])
	}
	b := body{list: p.author.batch(size(p.rng))}
	if p.rng.IntN(5) == 0 {
		bad := p.author.rejected(1+p.rng.IntN(3), endsBeforeStart)
		for i := range bad {
			if strings.HasPrefix(bad[i].id, ghostly) { // a row of a known event may be superseded instead
				b.strange++
			}
		}
		b.list = append(b.list, bad...)
		b.list = append(b.list, p.author.rejected(p.rng.IntN(3), unknownPlace)...)
		p.rng.Shuffle(len(b.list), func(i, j int) { b.list[i], b.list[j] = b.list[j], b.list[i] })
	}
	b.data = form(p.rng.IntN(int(forms))).write(b.list)
	if err := p.deliver(ctx, b); err != nil {
		return err
	}
	if p.sent = append(p.sent, b); len(p.sent) > 50 {
		p.sent = p.sent[1:]
	}
	return nil
}

// size is how many records come at once: few more often than many.
func size(rng *rand.Rand) int { return 1 + rng.IntN(1+rng.IntN(1+rng.IntN(200))) }

// deliver sends a body again and again until it is acknowledged.
func (p *pusher) deliver(ctx context.Context, b body) error {
	sum := sha256.Sum256(b.data)
	digest := hex.EncodeToString(sum[:])
	for begun := time.Now(); ctx.Err() == nil; {
		if time.Since(begun) > 2*patience {
			return fmt.Errorf("a push of %d rows is not acknowledged within %s", len(b.list), 2*patience)
		}
		p.receipts.send(digest)
		status, text, err := p.exporter.ask(ctx, http.MethodPost, "/api/v1/events?source=push", writes, b.data)
		switch {
		case err != nil: // nobody knows whether it was stored
			time.Sleep(20 * time.Millisecond)
		case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
			p.count("push put off")
			time.Sleep(100 * time.Millisecond)
		case status != http.StatusOK:
			return fmt.Errorf("push: %d %.1000s", status, text)
		default:
			return p.acknowledged(text, &b, digest)
		}
	}
	return nil
}

// acknowledged looks at the answer to a body.
func (p *pusher) acknowledged(text []byte, b *body, digest string) error {
	var r receipt
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("push: %w", err)
	}
	if r.SHA256 != digest || r.Rows != len(b.list) || r.Rejected < b.strange || r.Stored+r.Rejected != r.Rows {
		return fmt.Errorf("push of %d rows, of which at least %d are to be rejected: answered %.1000s", len(b.list), b.strange, text)
	}
	if err := p.receipts.add(r); err != nil {
		return err
	}
	p.model.tell("push", b.list)
	return nil
}

// torn is a packed body of which the end is missing.
func (p *pusher) torn() []byte {
	data := packed.write(p.author.ghost(20))
	return data[:len(data)/2+p.rng.IntN(len(data)/2-8)]
}

// refused sends a body that must not be taken in, once.
func (p *pusher) refused(ctx context.Context, query string, data []byte) error {
	status, text, err := p.exporter.ask(ctx, http.MethodPost, "/api/v1/events"+query, writes, data)
	if err != nil {
		return nil
	}
	if status == http.StatusOK {
		return fmt.Errorf("a body that must be refused was answered %.1000s", text)
	}
	p.count(fmt.Sprintf("pushes refused by %d", status))
	return nil
}

// breakOff sends the beginning of a body and hangs up.
func (p *pusher) breakOff(ctx context.Context) error {
	data := form(p.rng.IntN(int(forms))).write(p.author.ghost(1 + p.rng.IntN(50)))
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.exporter.address)
	if err != nil {
		return nil
	}
	defer conn.Close() //nolint:errcheck // that is the point
	head := fmt.Sprintf("POST /api/v1/events?source=push HTTP/1.1\r\nHost: saidi\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n", writes, len(data))
	if _, err := conn.Write(append([]byte(head), data[:p.rng.IntN(len(data))]...)); err == nil {
		p.count("pushes broken off")
		time.Sleep(time.Duration(p.rng.IntN(20)) * time.Millisecond)
	}
	return nil
}
