package shard

import (
	"bytes"
	"fmt"
	"time"
)

// A base is who is supplied by what, as a file.
type base struct{ bytes.Buffer }

func newBase() *base {
	b := &base{}
	b.WriteString("feeder_id,unit_id,area,class,customers,valid_from,valid_to\n")
	return b
}

// row adds a feeder or a unit of it, with customers; an instant that is zero is no
// bound.
func (b *base) row(feeder int, unit string, customers int, from, to time.Time) {
	name, area, class := placeOf(feeder)
	fmt.Fprintf(b, "%s,%s,%s,%s,%d,%s,%s\n", name, unit, area, class, customers, bound(from), bound(to))
}

func bound(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return rfc3339(at)
}

// firstBase knows all feeders, and the units of some.
func firstBase() []byte {
	b := newBase()
	for f := range feeders {
		b.feeder(f, customersOf(f))
	}
	return b.Bytes()
}

// feeder adds a feeder with all that it has.
func (b *base) feeder(f, customers int) {
	if f < byUnit {
		b.row(f, "", customers, time.Time{}, time.Time{})
		return
	}
	for n := range unitsOf {
		b.row(f, unitOf(f, n), customers, time.Time{}, time.Time{})
	}
}

// secondBase has grown, forgets a feeder in twelve, knows new ones of which events
// were told before, and has moved units from one feeder to the next: each time
// their events become part of other groups.
func secondBase(moved time.Time) []byte {
	b := newBase()
	for f := range feeders + 4 {
		switch {
		case f%12 == 5:
		case f >= feeders:
			b.row(f, "", customersOf(f), time.Time{}, time.Time{})
		case f >= byUnit && f%4 == 0:
			for n := range unitsOf - 1 {
				b.row(f, unitOf(f, n), customersOf(f)+5, time.Time{}, time.Time{})
			}
			last := unitOf(f, unitsOf-1)
			b.row(f, last, customersOf(f), time.Time{}, moved)
			b.row(f+1, last, customersOf(f), moved, time.Time{})
		default:
			b.feeder(f, customersOf(f)+f%3)
		}
	}
	return b.Bytes()
}
