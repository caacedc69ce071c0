package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// A progress shows on a terminal how much of the files has been read. Nil shows
// nothing.
type progress struct {
	bar   *progressbar.ProgressBar
	ended int64 // bytes of the files before this one
	now   int64
}

// longWork is the size in bytes from which reading is worth a bar.
const longWork = 16 << 20

func newProgress(stderr io.Writer, paths []string) *progress {
	if _, watched := terminal(stderr); !watched {
		return nil
	}
	var total int64
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			total += info.Size()
		}
	}
	if total < longWork {
		return nil
	}
	return &progress{bar: progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(stderr), progressbar.OptionSetDescription("reading"), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())}
}

// file begins the next file and gives what its reader reports to.
func (p *progress) file() func(bytes int64) {
	if p == nil {
		return nil
	}
	p.ended, p.now = p.ended+p.now, 0
	return func(bytes int64) {
		p.now = bytes
		_ = p.bar.Set64(p.ended + bytes) // a bar that cannot be drawn is no reason to stop
	}
}

func (p *progress) done() {
	if p != nil {
		_ = p.bar.Finish()
	}
}

// A counter shows on a terminal how many of many rows were read. Nil shows nothing.
type counter struct {
	bar *progressbar.ProgressBar
}

// manyRows is how many rows are worth a bar.
const manyRows = 1_000_000

func newCounter(stderr io.Writer) *counter {
	if _, watched := terminal(stderr); !watched {
		return nil
	}
	return &counter{bar: progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(stderr), progressbar.OptionSetDescription("rows"),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())}
}

// at gives what takes how far the work is.
func (c *counter) at() func(rows, of int64) {
	return func(rows, of int64) {
		if c == nil || of < manyRows {
			return
		}
		c.bar.ChangeMax64(of)
		_ = c.bar.Set64(min(rows, of)) // a bar that cannot be drawn is no reason to stop
	}
}

func (c *counter) done() {
	if c != nil {
		_ = c.bar.Finish()
	}
}
