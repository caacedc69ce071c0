//go:build race

package snapshot_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// TestMain lets every law draw 30 worlds: under the race detector each takes ten
// times as long. Without it they draw 100, as in the second pass of make test.
// -rapid.checks and RAPID_CHECKS ask for more.
func TestMain(m *testing.M) {
	if os.Getenv("RAPID_CHECKS") == "" {
		if err := flag.Set("rapid.checks", "30"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}
