package push

import (
	"io"
	"time"
)

// A Delivery is one push that was let in: who sends what for which source.
type Delivery struct {
	Base   bool          // customers rather than events
	Source string        // one of the configured sources
	Name   string        // what the sender calls it, such as a file's name; may be empty
	Who    string        // the name of the token or of the user
	Covers []string      // each FROM..TO as it was given: the periods for which it is declared to hold everything
	Strict bool          // nothing is to be stored if a row is rejected
	Wait   time.Duration // answer once the numbers hold it, at most so long after it is stored; zero: do not wait

	// Body is what was sent, still packed if it was. Only io.EOF says that it came
	// whole; any other error means that nothing of it is to be kept.
	Body io.Reader
}
