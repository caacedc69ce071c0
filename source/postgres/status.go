package postgres

import (
	"sync"
	"time"
)

// A Status is how a source is doing.
type Status struct {
	Up    bool      // the last look went well
	Err   error     // why not; nil while Up and before the first look ended
	Since time.Time // from when on Up and Err have been so; zero before the first look ended

	LastSuccess time.Time // when the last look ended well, or the last page was taken; zero: never
	Rows, Pages int64     // that were taken since the source was made
	Position    string    // of the last page that was taken, or with which Run began

	// Lag is now less the highest watermark that was met, not below 0; it grows
	// while nothing is written. LagKnown says whether there is one: the watermark
	// is a time and a look has met it.
	Lag      time.Duration
	LagKnown bool
}

// A standing is a status under lock.
type standing struct {
	now func() time.Time

	mu      sync.Mutex
	status  Status
	reached time.Time // the instant of the highest watermark; zero: unknown
}

// Status tells how the source is doing. It may be called at any time.
func (s *Source) Status() Status {
	st := &s.standing
	st.mu.Lock()
	defer st.mu.Unlock()
	told := st.status
	if !st.reached.IsZero() {
		told.Lag, told.LagKnown = max(st.now().Sub(st.reached), 0), true
	}
	return told
}

// begin notes with which position Run began.
func (st *standing) begin(position string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.status.Position = position
}

// well notes a look that went well.
func (st *standing) well() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.turn(nil)
}

// ill notes what went wrong.
func (st *standing) ill(err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.turn(err)
}

// took notes a page that was taken.
func (st *standing) took(p Page) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.turn(nil)
	st.status.Rows += int64(p.Count)
	st.status.Pages++
	st.status.Position = p.Position
}

// reach notes how far behind the server's clock the highest watermark is.
func (st *standing) reach(behind time.Duration) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.reached = st.now().Add(-behind)
}

// turn sets whether all is well. The same trouble keeps its beginning, whatever
// its words.
func (st *standing) turn(err error) {
	now := st.now()
	if up := err == nil; up != st.status.Up || st.status.Since.IsZero() {
		st.status.Up, st.status.Since = up, now
	}
	if st.status.Err = err; err == nil {
		st.status.LastSuccess = now
	}
}
