package program

import (
	"bytes"
	"sync"
)

// A Log is what a program says, for several goroutines.
type Log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write adds to the log.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// Text is all that was said.
func (l *Log) Text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// Last is the end of what was said, of at most n bytes.
func (l *Log) Last(n int) string { return last(l.Text(), n) }

func last(text string, n int) string { return text[max(0, len(text)-n):] }
