package push

import (
	"errors"
	"sync"
	"time"
)

// Why a body was cut off.
var (
	errSlow    = errors.New("the body comes too slowly")
	errStopped = errors.New("the reading was stopped")
)

// looksAWindow is how often a watch looks within a window.
const looksAWindow = 16

// A watch cuts off a body that comes too slowly. Only time in which somebody
// waits for bytes counts: a sender is not to blame for a store that is busy. It
// takes samples of that rather than read a clock, so a short wait counts as long
// as it takes from one look to the next, or not at all: right on average.
type watch struct {
	limits Limits
	step   time.Duration // from one look to the next
	cut    func()        // makes every read fail from now on

	mu      sync.Mutex
	timer   *time.Timer
	over    bool
	reading bool
	why     error         // why it was cut off; nil: it was not
	waited  time.Duration // for all of the body
	window  time.Duration // of this, in the running window
	came    int64         // bytes in the running window
}

// begin watches until end.
func begin(limits Limits, cut func()) *watch {
	w := &watch{limits: limits, cut: cut, step: max(time.Millisecond, min(limits.Window, limits.Time)/looksAWindow)}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(w.step, w.look)
	return w
}

// look is one look at the body.
func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	if w.reading && w.late() {
		w.stopLocked(errSlow)
		return
	}
	w.timer.Reset(w.step)
}

// late counts one step of waiting and says whether it was one too many.
func (w *watch) late() bool {
	w.waited += w.step
	w.window += w.step
	if w.waited >= w.limits.Time {
		return true
	}
	if w.window < w.limits.Window {
		return false
	}
	least := float64(w.limits.LeastSpeed) * w.window.Seconds()
	slow := float64(w.came) < least
	w.window, w.came = 0, 0
	return slow
}

// stop cuts the body off, unless the watch is over.
func (w *watch) stop(why error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopLocked(why)
}

func (w *watch) stopLocked(why error) {
	if w.over {
		return
	}
	w.why = why
	w.endLocked()
	w.cut()
}

// end ends the watch; nothing is cut off after it.
func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.endLocked()
}

func (w *watch) endLocked() {
	w.over = true
	w.timer.Stop()
}

// waiting says that somebody waits for bytes.
func (w *watch) waiting() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reading = true
}

// got says that n bytes came, and gives why nothing more will.
func (w *watch) got(n int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reading = false
	w.came += int64(n)
	return w.why
}
