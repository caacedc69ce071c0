package columnar

import (
	"errors"
	"fmt"
	"io"

	"github.com/saidi-exporter/saidi/outage"
)

// A grouped source knows the groups of rows that a file consists of and can
// read them one by one.
type grouped interface {
	source
	groups() []int64 // rows of each
	share(t *texts)  // before fork
	fork() (grouped, error)
	need() int64            // about how many bytes of memory reading any one group takes
	turnTo(group int) error // the rows that come next are those of the group alone
}

// Groups are the numbers of rows of the file's row groups or record batches, in
// their order; nil where only reading can tell, as it is with a stream. They
// are what the file says, which may be broken.
func (r *Reader) Groups() []int64 {
	if g, ok := r.src.(grouped); ok {
		return g.groups()
	}
	return nil
}

// Abreast is how many forked readers, of n, can read at once without coming near
// the limit of the memory; at least one.
func (r *Reader) Abreast(n int) int {
	g, ok := r.src.(grouped)
	if !ok {
		return 1
	}
	return max(1, int(min(int64(n), r.limits.Memory/2/max(1, g.need()))))
}

// Share lets all text columns of readers that are forked from now on intern into
// one dictionary, so that their codes are its references, unless memory becomes
// short.
func (r *Reader) Share(d *outage.Dict) {
	if g, ok := r.src.(grouped); ok {
		g.share(sharedTexts(d, r.limits))
	}
}

// Fork gives another reader of the same columns of the same file, for another
// goroutine. It shares what is known of the file and the limit of the memory,
// and gives rows only of the groups that [Reader.Group] names. It is an error
// where [Reader.Groups] knows nothing.
func (r *Reader) Fork() (_ *Reader, err error) {
	defer guard(&err, r.format)
	g, ok := r.src.(grouped)
	if !ok {
		return nil, errors.New("the groups of the file are not known")
	}
	src, err := g.fork()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.format, broken(err))
	}
	f := &Reader{format: r.format, limits: r.limits, src: src, columns: r.columns, skipped: r.skipped, begun: true, err: io.EOF}
	f.choose(r.chosen, r.plain)
	return f, nil
}

// Group makes a forked reader give the rows of one group, which must be among
// [Reader.Groups]; behind them Next gives [io.EOF].
func (r *Reader) Group(group int) (err error) {
	defer guard(&err, r.format)
	if r.err != nil && r.err != io.EOF { //nolint:errorlint // the end is never wrapped
		return r.err
	}
	g, ok := r.src.(grouped)
	if !ok || !r.begun {
		return errors.New("only a forked reader turns to a group")
	}
	if err := g.turnTo(group); err != nil {
		r.err = fmt.Errorf("%s: %w", r.format, broken(err))
		return r.err
	}
	r.err = nil
	return nil
}
