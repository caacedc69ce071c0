package push

import (
	"cmp"
	"fmt"
	"time"
)

// Limits bound what a push may take of the program. Where a field is zero, that
// of [DefaultLimits] holds.
type Limits struct {
	Bytes      int64         // of a body as it comes over the wire
	Time       time.Duration // spent waiting for the bytes of one body
	Window     time.Duration // within each such time of waiting the least speed is kept
	LeastSpeed int64         // bytes a second; a body that comes slower is cut off
	AtOnce     int           // pushes whose bodies are taken at the same time
	Wait       time.Duration // the most that ?wait= may ask for; it holds a place
	Pushes     float64       // a second, by one writer on average; four times as many at once
	Speed      float64       // bytes a second, by one writer on average; one body of any length at once
	Answer     time.Duration // for a client to read its answer
	Linger     time.Duration // for a client to notice an answer that comes before its body has ended
}

// DefaultLimits suit a utility that sends its day in one piece and its outages
// one by one.
func DefaultLimits() Limits {
	return Limits{
		Bytes: 256 << 20, Time: 5 * time.Minute, Window: 10 * time.Second, LeastSpeed: 1 << 10, AtOnce: 16,
		Wait: 10 * time.Second, Pushes: 50, Speed: 64 << 20, Answer: 30 * time.Second, Linger: time.Second,
	}
}

// orDefault fills in what is not said.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		Bytes: cmp.Or(l.Bytes, d.Bytes), Time: cmp.Or(l.Time, d.Time), Window: cmp.Or(l.Window, d.Window),
		LeastSpeed: cmp.Or(l.LeastSpeed, d.LeastSpeed), AtOnce: cmp.Or(l.AtOnce, d.AtOnce), Wait: cmp.Or(l.Wait, d.Wait),
		Pushes: cmp.Or(l.Pushes, d.Pushes), Speed: cmp.Or(l.Speed, d.Speed), Answer: cmp.Or(l.Answer, d.Answer), Linger: cmp.Or(l.Linger, d.Linger),
	}
}

// validate says which limit would let nothing through.
func (l Limits) validate() error {
	for _, limit := range []struct {
		name  string
		above bool
	}{
		{"bytes", l.Bytes > 0}, {"time", l.Time > 0}, {"window", l.Window > 0}, {"least speed", l.LeastSpeed > 0}, {"at once", l.AtOnce > 0},
		{"wait", l.Wait > 0}, {"pushes", l.Pushes > 0}, {"speed", l.Speed > 0}, {"answer", l.Answer > 0}, {"linger", l.Linger > 0},
	} {
		if !limit.above {
			return fmt.Errorf("limit of %s: not above zero", limit.name)
		}
	}
	return nil
}
