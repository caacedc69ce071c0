//go:build race

package store

import (
	"flag"
	"os"
)

// drawLess lets every law draw 20 worlds: under the race detector each takes ten
// times as long. Without it they draw 100, as in the second pass of make test.
// -rapid.checks and RAPID_CHECKS ask for more.
func drawLess() error {
	if os.Getenv("RAPID_CHECKS") != "" {
		return nil
	}
	return flag.Set("rapid.checks", "20")
}
