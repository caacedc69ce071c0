// Command saidi turns outage events and the customers served into average
// annual outage hours (SAIDI) per area and class.
package main

import (
	"os"
	"time"
)

func main() {
	os.Exit(run(world{args: os.Args[1:], stdout: os.Stdout, stderr: os.Stderr, now: time.Now}))
}
