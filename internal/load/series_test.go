package load

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A series is what one side did in its turns.
type series struct {
	took   time.Duration
	acks   []time.Duration // of each push
	rows   int
	errors int
}

// A parcel is rows as one push tells them.
type parcel struct {
	spell
	body []byte
}

// A sender sends one push for one of several writers, and returns when it is
// acknowledged.
type sender func(ctx context.Context, writer int, body []byte, rows int) error

// turn lets writers send one after another of a list at once, until its end or
// that of the time, and gives what was acknowledged.
func (s *series) turn(ctx context.Context, writers int, most time.Duration, list []parcel, send sender) ([]spell, error) {
	var (
		next   atomic.Int64
		mu     sync.Mutex
		all    sync.WaitGroup
		done   []spell
		failed error
	)
	begun := time.Now()
	for w := range writers {
		all.Go(func() {
			for time.Since(begun) < most {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return
				}
				sent := time.Now()
				err := send(ctx, w, list[i].body, list[i].to-list[i].from)
				took := time.Since(sent)
				mu.Lock()
				switch {
				case err == nil:
					s.acks, s.rows = append(s.acks, took), s.rows+list[i].to-list[i].from
					done = append(done, list[i].spell)
				case isRefusal(err):
					s.errors++
				default:
					failed = errors.Join(failed, err)
				}
				stop := failed != nil
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	all.Wait()
	s.took += time.Since(begun)
	return done, failed
}

// isRefusal says whether a push was put off, so that nothing of it is stored.
func isRefusal(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && (r.status == http.StatusTooManyRequests || r.status == http.StatusServiceUnavailable)
}

// perSecond is how many rows were acknowledged a second.
func (s *series) perSecond() float64 { return float64(s.rows) / s.took.Seconds() }

// quantile is the time within which a share of the pushes was acknowledged.
func quantile(list []time.Duration, share float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
