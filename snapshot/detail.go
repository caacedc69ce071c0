package snapshot

import "github.com/saidi-exporter/saidi/policy"

// A Detail is what the exporter shows beside a report: the sums by cell and
// nature, what is out now, and what stands out. Customer-seconds of its parts
// are integers in thousandths, as all sums are.
type Detail struct {
	Scopes  []Scope // areas, groups and the whole, in the order of the policy
	Classes []Named // and groups of classes, unclassified and all
	Repeats []Named // the rules of repeat outages

	Cells  []Cell // by area, class and window
	Out    []Out  // by area and class, every one that has customers
	Causes []Cause
	Feeder []Feeder
	Repeat []Repeat
	Days   []Day // the running day, by scope
	// MajorHours is T_MED of the running year, of the whole; nil where no year
	// before it has data.
	MajorHours *float64

	AsOf        int64   // UTC seconds
	DataThrough []Reach // by area
	Limits      Limits  // of the policy, that alerts compare with
}

// A Scope is an area, a group or the whole with its members.
type Scope struct {
	Named
	Level string // area, group or whole
	Areas []string
}

// A Cell is the sums of one area and class, which may be unclassified, in one
// window: ytd, prior_ytd, year or prior_year.
type Cell struct {
	Area, Class, Window string
	EquivalentCustomers float64
	ByNature            map[string]Part
}

// An Out is what is going on in one area and class at as-of.
type Out struct {
	Area, Class string
	Served      Milli // customers in service
	Interrupted Milli // of these, without supply
	Events      int
}

// A Cause is what one cause has cost in an area. The smaller ones stand together
// as [OtherCause], so that all of an area add up.
type Cause struct {
	Area, Cause, Window string
	CustomerSeconds     Milli
}

// OtherCause stands for the causes that are not among the worst of an area, and
// for rows that give none.
const OtherCause = "other"

// A Feeder is one of the worst feeders of an area.
type Feeder struct {
	Feeder, Area, Window string
	CustomerSeconds      Milli
}

// A Repeat is the customers of an area and class that a rule of repeat outages
// (频繁停电) holds for.
type Repeat struct {
	Area, Class, Rule string
	Customers         Milli
}

// A Day is the IEEE SAIDI of the running local day.
type Day struct {
	Scope      string
	SAIDIHours float64
}

// A Reach is how far the data of an area reaches, UTC seconds.
type Reach struct {
	Area string
	To   int64
}

// Limits are the numbers of the policy that alerts compare with.
type Limits struct {
	Coverage policy.Fraction            // the least
	Rejected policy.Fraction            // the largest share of rows
	Burn     map[string]policy.Fraction // by burn window
	Risk     map[string]policy.Fraction // by verdict, at-risk and off-track: of the probability of missing, above which it is given
}
