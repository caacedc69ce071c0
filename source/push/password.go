package push

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// What checking passwords may cost.
const (
	checksAtOnce = 1               // each keeps a processor busy for some 50 ms
	longestCheck = 5 * time.Second // how long a request waits for its turn
)

// passwords checks passwords against their hashes. A right one is remembered,
// one a user, so that it costs little the next time; of wrong ones nothing is
// kept. What is remembered is a digest under a key that lives in this process
// only.
type passwords struct {
	key   []byte
	decoy []byte // is checked for users that there are not, so that they take as long
	turns chan struct{}
	wait  time.Duration // for a turn

	mu    sync.Mutex
	right map[string][]byte // by user
}

func newPasswords(users map[string]*user) (*passwords, error) {
	p := &passwords{key: make([]byte, sha256.Size), turns: make(chan struct{}, checksAtOnce), wait: longestCheck, right: map[string][]byte{}}
	if _, err := rand.Read(p.key); err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	if names := slices.Sorted(maps.Keys(users)); len(names) > 0 {
		p.decoy = users[names[0]].hash
	}
	return p, nil
}

// check says whether a password is that of a user; nil is a user that there is
// not. An error says that it could not be checked now.
func (p *passwords) check(ctx context.Context, u *user, password string) (bool, error) {
	digest := p.digest(password)
	if p.known(u, digest) {
		return true, nil
	}
	if err := p.turn(ctx); err != nil {
		return false, err
	}
	defer func() { <-p.turns }()
	if p.known(u, digest) { // others of the same user had their turn before
		return true, nil
	}
	if u == nil {
		_ = bcrypt.CompareHashAndPassword(p.decoy, []byte(password))
		return false, nil
	}
	if bcrypt.CompareHashAndPassword(u.hash, []byte(password)) != nil {
		return false, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.right[u.name] = digest
	return true, nil
}

func (p *passwords) digest(password string) []byte {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(password))
	return mac.Sum(nil)
}

func (p *passwords) known(u *user, digest []byte) bool {
	if u == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	right, ok := p.right[u.name]
	return ok && hmac.Equal(right, digest)
}

// turn waits until another password may be checked.
func (p *passwords) turn(ctx context.Context) error {
	late := time.NewTimer(p.wait)
	defer late.Stop()
	select {
	case p.turns <- struct{}{}:
		return nil
	case <-late.C:
		return faultf(http.StatusServiceUnavailable, "too-many", "too many passwords are being checked: try again later").retry(busyTime)
	case <-ctx.Done():
		return stopping()
	}
}
