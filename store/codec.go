package store

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// What follows is for keepers elsewhere, so that what was told means the same
// wherever it is kept.

// A HeadText is what is known of a delivery in the one way of writing it.
type HeadText struct {
	Spec     string // of the stream: equal streams are equal texts
	Covers   string // the declared periods; empty where there are none
	Warnings string // as JSON; empty where there are none
	Key      int64  // by which a delivery told before is found; 0: it is not looked for
}

// TextOf writes what is known of a delivery. Its digest is put in lower case.
func TextOf(h *Head) (HeadText, error) {
	p, err := prepareHead(*h)
	h.SHA256 = p.head.SHA256
	return HeadText{p.spec, p.covers, p.warnings, p.key}, err
}

// IsAgain says whether two deliveries of equal declared periods are the same
// told again.
func (h *Head) IsAgain(before *Head) bool {
	p := prepared{head: *h}
	return p.isAgain(before)
}

// ParseStream reads the Spec of a [HeadText].
func ParseStream(spec string) (Stream, error) { return parseStream(spec) }

// ParseCovers reads the Covers of a [HeadText].
func ParseCovers(text string) ([]outage.Covers, error) { return parseCovers(text) }

// JoinCovers adds declared periods to others and unites those of the same areas
// that meet.
func JoinCovers(list, more []outage.Covers) []outage.Covers { return joined(list, more) }

// SortCovers puts declared periods in order.
func SortCovers(list []outage.Covers) {
	slices.SortFunc(list, func(x, y outage.Covers) int {
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), slices.Compare(x.Areas, y.Areas))
	})
}

// CheckRow says why a row of a batch cannot be kept, if it cannot.
func CheckRow(b *outage.Batch, i int) error {
	if e := (outage.Event{Start: b.Start[i], End: b.End[i]}); !fits(&e) {
		return fmt.Errorf("row %d: a time of %d or %d seconds after 1970 cannot be stored", b.Row[i], e.Start, e.End)
	}
	if b.Nature[i] > outage.NotAnOutage {
		return fmt.Errorf("row %d: %s is not known", b.Row[i], b.Nature[i])
	}
	return nil
}

// FitRejected moves times of a rejected row that cannot be kept to the nearest
// that can: it may say anything.
func FitRejected(e *outage.Event) { fitted(e) }

// CheckCustomers says why a row of the base cannot be kept, if it cannot.
func CheckCustomers(r *outage.Customers) error {
	if !validity(r.ValidFrom, outage.AlwaysFrom) || !validity(r.ValidTo, outage.AlwaysTo) {
		return fmt.Errorf("%s, row %d: a validity of %d to %d seconds after 1970 cannot be stored", r.Path, r.Row, r.ValidFrom, r.ValidTo)
	}
	return nil
}

// StepsText writes steps as JSON; empty where there are none.
func StepsText(steps []outage.Step) string {
	if len(steps) == 0 {
		return ""
	}
	return string(appendSteps(nil, steps))
}

// ParseSteps reads what StepsText wrote.
func ParseSteps(text string) ([]outage.Step, error) {
	if text == "" {
		return nil, nil
	}
	return parseSteps([]byte(text))
}
