package web

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"sync"
)

// A Crowd bounds how many are let in at the same time: all of them, and those of
// one client, so that none shuts the others out. Make it with [NewCrowd].
type Crowd struct {
	all, each int
	mu        sync.Mutex
	inside    int
	of        map[string]int // by client; none has zero
}

// NewCrowd lets in so many in all, and so many of each client.
func NewCrowd(all, each int) *Crowd { return &Crowd{all: all, each: each, of: map[string]int{}} }

// Enter lets one of a client in, if there is a place; leave is to be called once
// after.
func (c *Crowd) Enter(client string) (leave func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inside >= c.all || c.of[client] >= c.each {
		return nil, false
	}
	c.inside++
	c.of[client]++
	return sync.OnceFunc(func() { c.leave(client) }), true
}

func (c *Crowd) leave(client string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inside--
	if c.of[client]--; c.of[client] == 0 {
		delete(c.of, client)
	}
}

// Inside is how many are let in at this moment.
func (c *Crowd) Inside() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inside
}

// ClientOf is the host that a request comes from, by its connection: what headers
// say of that can be made up. A network of IPv6 as one customer has it, 64 bits
// wide, is one client.
func ClientOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if address = address.Unmap().WithZone(""); address.Is6() {
		if network, err := address.Prefix(64); err == nil {
			return network.String()
		}
	}
	return address.String()
}

// clientKey is under what a context knows the client.
type clientKey struct{}

// WithClient notes for whom work is done.
func WithClient(ctx context.Context, client string) context.Context {
	return context.WithValue(ctx, clientKey{}, client)
}

// ClientIn is for whom work is done; empty where nobody asked from outside.
func ClientIn(ctx context.Context) string {
	client, _ := ctx.Value(clientKey{}).(string)
	return client
}
