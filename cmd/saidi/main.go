// Command saidi turns outage events and the customers served into average
// annual outage hours (SAIDI) per area and class.
package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	clean := cleanTemp()
	code := run(world{args: os.Args[1:], stdout: os.Stdout, stderr: os.Stderr, now: time.Now, getenv: os.Getenv})
	clean()
	os.Exit(code)
}

// exitInterrupted is the status of a run that was told to stop, as shells count.
const exitInterrupted = 130

// cleanTemp gives the run a folder of its own for temporary files, which goes
// when the run ends or is told to stop. Where there is no room for one, the run
// will say so when it needs it.
func cleanTemp() (clean func()) {
	dir, err := os.MkdirTemp("", "saidi-")
	if err != nil || os.Setenv("TMPDIR", dir) != nil {
		return func() {}
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stop
		_ = os.RemoveAll(dir)
		os.Exit(exitInterrupted)
	}()
	return func() { _ = os.RemoveAll(dir) }
}
