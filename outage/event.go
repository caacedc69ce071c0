package outage

import (
	"fmt"
	"math"
	"slices"
)

// Open is the end of an outage that is still going on.
const Open int64 = math.MaxInt64

// Missing is a number that the record does not give.
const Missing int64 = -1

// MaxCustomers bounds the customers of one record or one row of the base; more
// than this many is a slip of the keyboard, and would overflow the sums.
const MaxCustomers = 1_000_000_000

// An Event is one row of outage data: supply to some customers was cut from
// Start to End. Several rows may make up one event (its stages, its units).
type Event struct {
	Row            Row    // where it was read
	Source         string // the system it is from, as configured
	ID             string // unique within the source
	Feeder         string // empty where the row names none
	Unit           string // transformer or customer; empty where the row names none
	Area           string // an Area, or the raw word with the flag UnknownArea
	Class          string // a Class, or empty
	Start          int64  // first instant without supply, UTC seconds
	End            int64  // first instant with supply again, or Open
	Customers      int64  // interrupted, 0 … MaxCustomers, or Missing
	Nature         Nature
	Cause          string  // 责任原因
	TechnicalCause string  // 技术原因
	Stage          string  // tells the rows of one event, feeder and unit apart
	Steps          []Step  // partial restorations before End, in order of time
	Revision       int64   // a higher one replaces the whole event
	Cancelled      bool    // the event is withdrawn
	CapacityKVA    float64 // interrupted capacity, 0 where not given
	Served         int64   // customers served in the area and class, where the base travels in the event file, else Missing
	Flags          Flags   // what is suspicious about the row
}

// A Step restores some of the customers before the event ends.
type Step struct {
	At       int64 // UTC seconds
	Restored int64 // customers
}

// A Row is the place of a record within its delivery: an ordinal that
// [Delivery.Place] turns into sheet and row.
type Row uint32

// A Flag is one thing about a row that counts but is listed.
type Flags uint16

// The flags that a reader of files can raise.
const (
	LongOutage      Flags = 1 << iota // longer than 60 days
	EndOfDay                          // ends at 23:59:59, often a placeholder
	UnknownArea                       // the area's name is not one of the policy's
	UnknownClass                      // the class's name is not one of the policy's
	UnknownNature                     // the word for the nature is not known
	DerivedDiffers                    // 时户数 or a duration in the file differs from the row's own interval
	SkippedClock                      // a local time that a clock change left out
	OverBase                          // more customers than the base has; this flag and those below need the base
	ContradictsBase                   // names an area or class where the base has the feeder or unit elsewhere
	UnknownFeeder                     // the base does not know the feeder
	UnknownUnit                       // the base does not know the unit
	OutOfService                      // the base has nobody in service there when the outage starts
)

var flagCodes = []string{
	"longer-than-60-days", "ends-at-23:59:59", "unknown-area", "unknown-class", "unknown-nature", "derived-value-differs", "skipped-clock-time",
	"more-customers-than-base", "contradicts-base", "unknown-feeder", "unknown-unit", "nobody-in-service",
}

// Codes lists the names of the flags that are set, in a fixed order.
func (f Flags) Codes() []string {
	var codes []string
	for i, code := range flagCodes {
		if f&(1<<i) != 0 {
			codes = append(codes, code)
		}
	}
	return codes
}

// FromRow says whether the flag with a code follows from the row alone, without
// a base.
func FromRow(code string) bool {
	for f := Flags(1); f < OverBase; f <<= 1 {
		if slices.Contains(f.Codes(), code) {
			return true
		}
	}
	return false
}

// LongestPlausible is the length in seconds above which an outage is listed as
// suspicious (60 days).
const LongestPlausible = 60 * 86400

// Impossible says what makes the event impossible, if anything: an end before
// the start, customers out of range, steps out of order or restoring more than
// went out. The column is that of the canonical record.
func (e *Event) Impossible() (reason Reason, column string) {
	switch {
	case e.Cancelled:
		return "", ""
	case e.End < e.Start:
		return EndBeforeStart, "end"
	case e.Customers < Missing || e.Customers > MaxCustomers:
		return BadCustomers, "customers"
	}
	return e.impossibleSteps()
}

func (e *Event) impossibleSteps() (Reason, string) {
	var restored int64
	before := e.Start
	for _, s := range e.Steps {
		if s.At < before || s.At > e.End || s.Restored < 0 || s.Restored > MaxCustomers {
			return BadSteps, "steps"
		}
		before = s.At
		restored += s.Restored
		if e.Customers != Missing && restored > e.Customers {
			return StepsExceed, "steps"
		}
	}
	return "", ""
}

// Suspicious gives the flags that follow from the event alone.
func (e *Event) Suspicious() Flags {
	if e.End != Open && e.End-e.Start > LongestPlausible {
		return LongOutage
	}
	return 0
}

// String names the event for people.
func (e *Event) String() string {
	if e.Source == "" {
		return e.ID
	}
	return fmt.Sprintf("%s/%s", e.Source, e.ID)
}
