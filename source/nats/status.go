package nats

import "time"

// A Status is how a source is at one instant. Counts are of this source since it
// was made.
type Status struct {
	Connected bool      // there is a connection to a server
	Up        bool      // connected, the consumer is there, and what came last was taken and acknowledged
	Err       error     // why it is not up; nil while it is up or nothing was tried yet
	Since     time.Time // since when it has been up, or not; zero before Run

	Pending    uint64 // messages that the server has for the consumer and has sent to no instance, as last told
	AckPending int    // messages that the server has sent to some instance without an acknowledgement, as last told

	Received    uint64 // messages that came, repeats too
	Redelivered uint64 // those of them that the server knew to have been sent before, to whomever
	Acked       uint64 // acknowledgements that reached the server
	AckErrors   uint64 // acknowledgements that may not have: the messages come again
	TakeErrors  uint64 // batches that were refused

	LastMessage  time.Time // when the last message came, by Config.Now; zero if none did
	LastSequence uint64    // the highest sequence of the batch that was taken last; 0 if none was
}

// Status is how the source is now. It waits for nothing.
func (s *Source) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// note changes the status.
func (s *Source) note(change func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.status)
}

// turn notes that the source is up or, for a reason, not.
func (s *Source) turn(up bool, err error) {
	now := s.config.Now()
	s.note(func(is *Status) {
		if is.Up != up || is.Since.IsZero() {
			is.Since = now
		}
		is.Up, is.Err = up, err
	})
}
