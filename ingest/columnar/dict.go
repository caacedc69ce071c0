package columnar

import (
	"fmt"
	"sync/atomic"

	"github.com/saidi-exporter/saidi/outage"
)

// A Dict holds each distinct text of a column once, as an [outage.Dict] does,
// within the limits of the file that it is of. References are the codes of
// [Values].
type Dict struct {
	*texts
	trail  outage.Trail
	limits Limits
	budget *budget // of the file
}

// texts are what the dictionaries of several columns and readers may share.
type texts struct {
	*outage.Dict
	budget *budget      // of the file, or of shared texts their own
	booked atomic.Int64 // bytes taken of it
	shared bool
}

func newTexts(d *outage.Dict, b *budget, shared bool) *texts {
	t := &texts{Dict: d, budget: b, shared: shared}
	t.booked.Store(d.Size()) // a few bytes, which every column has
	return t
}

// sharedTexts are texts with a limit beside that of the file, of which the
// readers of one file take no more than that again.
func sharedTexts(d *outage.Dict, limits Limits) *texts {
	return newTexts(d, newBudget(limits.Memory/8*5), true)
}

// NewDict makes a dictionary that holds just the empty text.
func NewDict(limits Limits) *Dict {
	limits = limits.withDefaults()
	return newDict(limits, newBudget(limits.Memory), nil)
}

// newDict makes a dictionary of shared texts, or without of its own.
func newDict(limits Limits, b *budget, shared *texts) *Dict {
	if shared == nil {
		shared = newTexts(outage.NewDict(), b, false)
	}
	return &Dict{texts: shared, trail: outage.NewTrail(shared.Dict), limits: limits, budget: b}
}

// Intern gives the code of a text and keeps a copy of one not yet known. It is
// an error where the limits are reached.
func (d *Dict) Intern(text []byte) (uint32, error) {
	if len(text) > d.limits.Text {
		return 0, fmt.Errorf("a text of %d bytes, more than the limit of %d", len(text), d.limits.Text)
	}
	code := uint32(d.trail.Intern(text))
	if was, size := d.booked.Load(), d.Size(); size > was && d.booked.CompareAndSwap(was, size) {
		if err := d.texts.budget.take(size - was); err != nil {
			return 0, fmt.Errorf("%d distinct texts: %w", d.Len(), err)
		}
	}
	return code, nil
}

// Text is the text of a code.
func (d *Dict) Text(code uint32) string { return d.texts.Text(outage.Ref(code)) }

// smallDict is how many bytes a dictionary may take even where memory is short.
const smallDict = 1 << 20

// renewed is the dictionary to go on with: another one where this one has grown
// so large that its texts hardly come again, or that memory has become short.
// Codes of the old one mean nothing in the new one.
func (d *Dict) renewed() *Dict {
	if d == nil || d.Len() <= d.limits.Dictionary && !d.isLarge() {
		return d
	}
	fresh := newDict(d.limits, d.budget, nil)
	if !d.shared {
		d.budget.give(d.booked.Load() - fresh.booked.Load())
	}
	return fresh
}

// isLarge says whether the texts should grow no further over the groups of a
// file: shared ones where half of the memory that a file may take is theirs.
func (d *Dict) isLarge() bool {
	if d.shared {
		return d.booked.Load() > d.limits.Memory/2
	}
	return d.booked.Load() > smallDict && d.budget.isShort()
}
