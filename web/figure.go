package web

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/wording"
)

// absent stands for a number that does not exist.
const absent = "–"

// fixed writes a number with so many decimals.
func fixed(v *float64, decimals int) string {
	if v == nil {
		return absent
	}
	return strings.Replace(strconv.FormatFloat(*v, 'f', decimals, 64), "-", wording.Minus, 1)
}

// percent writes a share in per cent with one decimal.
func percent(v *float64) string {
	if v == nil {
		return absent
	}
	share := *v * 100
	return fixed(&share, 1) + " %"
}

// signed writes a share as a change in per cent.
func signed(v *float64) string {
	if v == nil {
		return absent
	}
	return wording.Change(*v)
}

// count writes an integer with its thousands apart.
func count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = wording.Minus, digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// local writes an RFC 3339 instant by its own clock, without the zone.
func local(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	return clock(t)
}

// clock writes an instant with seconds only where it has any.
func clock(t time.Time) string {
	if t.Second() == 0 {
		return t.Format("2006-01-02 15:04")
	}
	return t.Format(time.DateTime)
}

// in gives an instant by the clock of the policy's zone, where that is known.
func (t *teller) in(at time.Time) time.Time {
	if t.zone == nil {
		return at
	}
	return at.In(t.zone)
}

// date writes an instant of the simulated clock.
func (t *teller) date(at time.Time) string { return clock(t.in(at)) }

// stamp writes a wall time to the second, with its distance from UTC.
func (t *teller) stamp(at time.Time) stamp {
	if at.IsZero() {
		return stamp{Text: t.Say("page.never")}
	}
	at = t.in(at)
	return stamp{Text: at.Format("2006-01-02 15:04:05 -07:00"), Machine: at.Format(time.RFC3339)}
}

// age writes how long ago an instant is in its largest whole unit; a clock that
// went back makes it zero.
func (t *teller) age(at time.Time) string {
	const day = 24 * time.Hour
	d := max(t.now.Sub(at), 0)
	switch {
	case d < time.Minute:
		return t.Say("page.seconds", int(d/time.Second))
	case d < time.Hour:
		return t.Say("page.minutes", int(d/time.Minute))
	case d < day:
		return t.Say("page.hours", int(d/time.Hour))
	}
	return t.Say("page.days", int(d/day))
}

// customerHours rounds customer-seconds to whole customer-hours.
func customerHours(seconds float64) string {
	return count(int64(math.Round(seconds / time.Hour.Seconds())))
}
