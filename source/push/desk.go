package push

import (
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

// A desk is what is kept of one writer: the doings, and what may still be sent
// now.
type desk struct {
	tally  tally
	pushes *rate.Limiter // one a push
	speed  *rate.Limiter // one a byte; may run into debt, which the next push waits for
	burst  int
}

// burstOf is how many pushes may come at once for each that may come a second.
const burstOf = 4

func newDesk(l Limits) *desk {
	burst := int(max(float64(l.Bytes), l.Speed))
	return &desk{
		pushes: rate.NewLimiter(rate.Limit(l.Pushes), max(1, int(burstOf*l.Pushes))),
		speed:  rate.NewLimiter(rate.Limit(l.Speed), burst), burst: burst,
	}
}

// admit takes one push out of the allowance.
func (d *desk) admit(now time.Time) error {
	if left := d.speed.TokensAt(now); left < 0 {
		return tooOften(time.Duration(-left / float64(d.speed.Limit()) * float64(time.Second)))
	}
	if d.pushes.AllowN(now, 1) {
		return nil
	}
	missing := 1 - d.pushes.TokensAt(now)
	return tooOften(time.Duration(missing / float64(d.pushes.Limit()) * float64(time.Second)))
}

// spend takes bytes out of the allowance, though there be none left.
func (d *desk) spend(now time.Time, n int) {
	for n > 0 {
		part := min(n, d.burst)
		d.speed.ReserveN(now, part)
		n -= part
	}
}

func tooOften(after time.Duration) error {
	return faultf(http.StatusTooManyRequests, "too-often", "you send too often or too much: wait as long as Retry-After says, and send more rows at a time").retry(after)
}
