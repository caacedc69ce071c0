package program

import (
	"fmt"
	"time"
)

// pollEvery is how long Await rests between two tries.
const pollEvery = 50 * time.Millisecond

// Await tries until it works; the error says why the last try within the time did
// not.
func Await(within time.Duration, try func() error) error {
	late := time.After(within)
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-late:
			return fmt.Errorf("not within %s: %w", within, err)
		case <-time.After(pollEvery):
		}
	}
}
