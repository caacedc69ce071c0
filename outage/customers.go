package outage

import "math"

// Always are the bounds of a validity without a beginning or an end.
const (
	AlwaysFrom int64 = math.MinInt64
	AlwaysTo   int64 = math.MaxInt64
)

// A Kind is what the base counts as one customer. Counting public transformers
// and households together makes a denominator that means nothing.
type Kind string

// The kinds of customers.
const (
	MediumVoltage Kind = "mv" // a public transformer or a dedicated account is one customer
	LowVoltage    Kind = "lv" // a meter is one customer
)

// Customers is one row of the base: so many customers were served here from
// ValidFrom until ValidTo. A row is of a feeder, of a unit (transformer or
// customer), or of an area and class only.
type Customers struct {
	Path        string // the file it came in, for messages
	Sheet       string
	Row         int
	Feeder      string // empty for a row of an area and class only
	Unit        string // empty for a row that gives a number of customers without identity
	Area        Area
	Class       Class // Unclassified where the file gives none
	Customers   int64 // 0 … MaxCustomers
	ValidFrom   int64 // UTC seconds, inclusive; AlwaysFrom where open
	ValidTo     int64 // UTC seconds, exclusive; AlwaysTo where open
	CapacityKVA float64
	Kind        Kind // empty where the file does not say
}
