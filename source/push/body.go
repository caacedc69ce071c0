package push

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
)

// A body is what is sent, counted, bounded and watched. It remembers how it
// ended, so that no reader can take a body that broke off for a whole one.
type body struct {
	from  io.Reader
	watch *watch
	spent func(n int) // is told of every piece

	mu    sync.Mutex
	bytes int64
	over  error // how it ended: io.EOF if whole; nil: it did not
}

// errRest is a body that was taken though nobody has seen its end.
var errRest = errors.New("a delivery was taken whose body had not been read to its end")

// Read reads on, and gives the same error for ever once there was one.
func (b *body) Read(p []byte) (int, error) {
	if over := b.state(); over != nil {
		return 0, over
	}
	b.watch.waiting()
	n, err := b.from.Read(p)
	if why := b.watch.got(n); why != nil && (errors.Is(err, io.EOF) || errors.Is(err, os.ErrDeadlineExceeded)) {
		err = why // that failed the read, or came with its end and may have ended the request as well
	}
	b.spent(n)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bytes += int64(n)
	if err != nil && b.over == nil {
		b.over = err
		b.watch.end()
	}
	return n, err
}

// state is how the body ended; nil: it did not yet.
func (b *body) state() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.over
}

// count is how many bytes came.
func (b *body) count() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bytes
}

// whole says whether all of the body has come.
func (b *body) whole() bool { return b.state() == io.EOF } //nolint:errorlint // as a reader gives it, never wrapped

// rest looks whether there is anything after what was read: an error unless it
// was everything.
func (b *body) rest() error {
	var one [1]byte
	n, err := io.ReadFull(b, one[:])
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil
	case n > 0:
		return errRest
	}
	return err
}

// fault words how the body ended; nil if it is whole, or nobody read so far.
func (b *body) fault(limits Limits) error {
	over := b.state()
	if over == nil || b.whole() {
		return nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](over); ok {
		return tooLarge(limits)
	}
	switch {
	case errors.Is(over, errStopped):
		return stopping()
	case errors.Is(over, errSlow), errors.Is(over, os.ErrDeadlineExceeded):
		return faultf(http.StatusRequestTimeout, "too-slow",
			"nothing is stored, as the body came too slowly: send at least %d bytes a second, and all of it within %v; pack it, or send it in parts", limits.LeastSpeed, limits.Time)
	}
	return faultf(http.StatusBadRequest, "incomplete", "nothing is stored, as the body broke off after %d bytes: send all of it", b.count())
}

func tooLarge(limits Limits) error {
	return faultf(http.StatusRequestEntityTooLarge, "too-large", "nothing is stored, as the body is larger than %d bytes: pack it by gzip or zstd, or send it in parts", limits.Bytes)
}
