// Command saidi turns outage events and the customers served into average
// annual outage hours (SAIDI) per area and class.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	stop := make(chan os.Signal, 1)
	clean := cleanTemp(stop)
	code := run(world{
		args: os.Args[1:], stdout: os.Stdout, stderr: os.Stderr, now: time.Now, getenv: os.Getenv,
		untilStopped: func() (context.Context, context.CancelFunc) {
			signal.Stop(stop)
			clean() // whoever cleans up the place of temporary files leaves a long run without its own
			return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		},
	})
	clean()
	os.Exit(code)
}

// exitInterrupted is the status of a run that was told to stop, as shells count.
const exitInterrupted = 130

// cleanTemp gives the run a folder of its own for temporary files, which goes
// when the run ends or is told to stop. Where there is no room for one, the run
// will say so when it needs it.
func cleanTemp(stop chan os.Signal) (clean func()) {
	place := os.Getenv("TMPDIR")
	dir, err := os.MkdirTemp("", "saidi-")
	if err != nil || os.Setenv("TMPDIR", dir) != nil {
		return func() {}
	}
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stop
		_ = os.RemoveAll(dir)
		os.Exit(exitInterrupted)
	}()
	return func() { _ = errors.Join(os.RemoveAll(dir), os.Setenv("TMPDIR", place)) }
}
