package push

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// Where all turns are taken, a password that is not yet known waits, but not for
// ever; one that is known does not wait at all.
func TestTurns(t *testing.T) {
	t.Parallel()
	hash, err := bcrypt.GenerateFromPassword([]byte("right"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	ada := &user{writer: writer{name: "ada"}, hash: hash}
	p, err := newPasswords(map[string]*user{"ada": ada})
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := p.check(t.Context(), ada, "right"); !ok || err != nil {
		t.Fatalf("got %v, %v, want a right password", ok, err)
	}
	for range checksAtOnce {
		p.turns <- struct{}{}
	}
	if ok, err := p.check(t.Context(), ada, "right"); !ok || err != nil {
		t.Errorf("known: got %v, %v, want a right password", ok, err)
	}
	p.wait = time.Millisecond
	for _, u := range []*user{ada, nil} {
		ok, err := p.check(t.Context(), u, "wrong")
		if f, is := errors.AsType[*fault](err); ok || !is || f.status != http.StatusServiceUnavailable || f.code != "too-many" {
			t.Errorf("full: got %v, %v, want too-many", ok, err)
		}
	}
	p.wait = time.Hour
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	ok, err := p.check(gone, ada, "wrong")
	if f, is := errors.AsType[*fault](err); ok || !is || f.code != "stopping" {
		t.Errorf("gone: got %v, %v, want stopping", ok, err)
	}
}

// A password is checked once, by whoever comes first; those who waited for their
// turn meanwhile find it known. The hash is spoilt in between: whoever asked it
// again would be wrong.
func TestCheckedOnce(t *testing.T) {
	t.Parallel()
	hash, err := bcrypt.GenerateFromPassword([]byte("right"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	ada := &user{writer: writer{name: "ada"}, hash: hash}
	p, err := newPasswords(map[string]*user{"ada": ada})
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := p.check(t.Context(), ada, "right"); !ok || err != nil {
		t.Fatalf("got %v, %v, want a right password", ok, err)
	}
	digest := p.right["ada"]
	p.right = map[string][]byte{}
	ada.hash = []byte("spoilt")
	for range checksAtOnce {
		p.turns <- struct{}{}
	}
	const crowd = 64
	results := make(chan bool, crowd)
	for range crowd {
		go func() {
			ok, err := p.check(t.Context(), ada, "right")
			results <- ok && err == nil
		}()
	}
	time.Sleep(20 * time.Millisecond) // most of them wait now, and none has had a turn
	p.mu.Lock()
	p.right["ada"] = digest
	p.mu.Unlock()
	for range checksAtOnce {
		<-p.turns
	}
	for range crowd {
		if !<-results {
			t.Error("a known password was checked again")
		}
	}
}

// What is remembered of a user is one digest, and wrong passwords leave it there.
func TestRemembered(t *testing.T) {
	t.Parallel()
	hash, err := bcrypt.GenerateFromPassword([]byte("right"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	ada := &user{writer: writer{name: "ada"}, hash: hash}
	p, err := newPasswords(map[string]*user{"ada": ada})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		user     *user
		password string
		want     bool
	}{{ada, "right", true}, {ada, "wrong", false}, {nil, "right", false}, {nil, "", false}, {ada, "", false}, {ada, "right", true}} {
		if got, err := p.check(t.Context(), tt.user, tt.password); got != tt.want || err != nil {
			t.Errorf("%q: got %v, %v, want %v", tt.password, got, err, tt.want)
		}
	}
	if len(p.right) != 1 || !p.known(ada, p.digest("right")) || p.known(ada, p.digest("wrong")) {
		t.Errorf("%d passwords are remembered, want the right one", len(p.right))
	}
}
