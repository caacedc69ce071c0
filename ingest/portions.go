package ingest

import (
	"errors"
	"io"
	"sync"
)

// inOrder reads the portions of a delivery on several goroutines and takes what
// they hold in the order of the portions, in the goroutine of the caller.
//
// next gives one portion after another, then [io.EOF]; it is called by one
// goroutine at a time. read reads a portion and gives what it holds piece by
// piece; worker, from 0, tells whose memory it may use. The error is the first
// one in the order of the portions, and what comes before it was taken, as if
// one goroutine had read them all. A panic of read is one of the caller's.
func inOrder[P, T any](workers int, next func() (P, error), read func(worker int, p P, give func(T) error) error, take func(T) error) error {
	o := &ordering[P, T]{next: next, read: read, lines: make(chan *line[T], 2*workers), stop: make(chan struct{})}
	var wait sync.WaitGroup
	for worker := range workers {
		wait.Go(func() { o.work(worker) })
	}
	go func() {
		wait.Wait()
		close(o.lines)
	}()
	defer wait.Wait()
	defer close(o.stop)
	return o.takeAll(take)
}

// ordering is the state of [inOrder].
type ordering[P, T any] struct {
	next  func() (P, error)
	read  func(worker int, p P, give func(T) error) error
	lines chan *line[T] // of the portions, in their order
	stop  chan struct{} // closed when nothing more is taken

	mu    sync.Mutex // holds next and the order of lines
	ended bool
}

// A line is where the pieces of one portion wait to be taken.
type line[T any] struct {
	pieces chan T
	err    error // once pieces is closed
	panics any
}

// waiting is how many pieces of a portion may wait while others are taken.
const waiting = 64

// errStopped ends a portion of which nothing more is taken.
var errStopped = errors.New("nothing more is taken")

func (o *ordering[P, T]) work(worker int) {
	for {
		p, l := o.begin()
		if l == nil {
			return
		}
		o.portion(worker, p, l)
	}
}

// begin takes the next portion and puts its line behind the others; nil after
// the last.
func (o *ordering[P, T]) begin() (p P, l *line[T]) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return p, nil
	}
	l = &line[T]{pieces: make(chan T, waiting)}
	if !o.ask(&p, l) {
		o.ended = true
		close(l.pieces)
	}
	select {
	case o.lines <- l:
	case <-o.stop:
		o.ended = true
		return p, nil
	}
	if o.ended {
		return p, nil
	}
	return p, l
}

// ask asks for the next portion; false where there is none.
func (o *ordering[P, T]) ask(p *P, l *line[T]) (ok bool) {
	defer func() {
		if l.panics = recover(); l.panics != nil {
			ok = false
		}
	}()
	var err error
	if *p, err = o.next(); err == nil {
		return true
	}
	if !errors.Is(err, io.EOF) {
		l.err = err
	}
	return false
}

// portion reads one portion.
func (o *ordering[P, T]) portion(worker int, p P, l *line[T]) {
	defer close(l.pieces)
	defer func() { l.panics = recover() }()
	l.err = o.read(worker, p, func(piece T) error {
		select {
		case l.pieces <- piece:
			return nil
		case <-o.stop:
			return errStopped
		}
	})
}

// takeAll takes all pieces in order, up to the first error.
func (o *ordering[P, T]) takeAll(take func(T) error) error {
	for l := range o.lines {
		for piece := range l.pieces {
			if err := take(piece); err != nil {
				return err
			}
		}
		if l.panics != nil {
			panic(l.panics)
		}
		if l.err != nil {
			return l.err
		}
	}
	return nil
}
