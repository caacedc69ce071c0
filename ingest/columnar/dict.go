package columnar

import (
	"fmt"

	"github.com/saidi-exporter/saidi/outage"
)

// A Dict holds each distinct text of a column once, as an [outage.Dict] does,
// within the limits of the file that it is of. References are the codes of
// [Values].
type Dict struct {
	*outage.Dict
	limits Limits
	budget *budget
	booked int64 // bytes taken of the budget
}

// NewDict makes a dictionary that holds just the empty text.
func NewDict(limits Limits) *Dict {
	limits = limits.withDefaults()
	return newDict(limits, newBudget(limits.Memory))
}

func newDict(limits Limits, b *budget) *Dict {
	d := &Dict{Dict: outage.NewDict(), limits: limits, budget: b}
	d.booked = d.Size() // a few bytes, which every column has
	return d
}

// Intern gives the code of a text and keeps a copy of one not yet known. It is
// an error where the limits are reached.
func (d *Dict) Intern(text []byte) (uint32, error) {
	if len(text) > d.limits.Text {
		return 0, fmt.Errorf("a text of %d bytes, more than the limit of %d", len(text), d.limits.Text)
	}
	code := uint32(d.InternBytes(text))
	if size := d.Size(); size > d.booked {
		if err := d.budget.take(size - d.booked); err != nil {
			return 0, fmt.Errorf("%d distinct texts: %w", d.Len(), err)
		}
		d.booked = size
	}
	return code, nil
}

// Text is the text of a code.
func (d *Dict) Text(code uint32) string { return d.Dict.Text(outage.Ref(code)) }

// smallDict is how many bytes a dictionary may take even where memory is short.
const smallDict = 1 << 20

// renewed is the dictionary to go on with: another one where this one has grown
// so large that its texts hardly come again, or that memory has become short.
// Codes of the old one mean nothing in the new one.
func (d *Dict) renewed() *Dict {
	if d == nil || d.Len() <= d.limits.Dictionary && (d.booked <= smallDict || !d.budget.isShort()) {
		return d
	}
	fresh := newDict(d.limits, d.budget)
	d.budget.give(d.booked - fresh.booked)
	return fresh
}
