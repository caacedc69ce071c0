package outage

// A Reason is why a row was rejected, from a closed list.
type Reason string

// The reasons.
const (
	MissingValue     Reason = "missing-value"     // a required field is empty
	BadTime          Reason = "bad-time"          // not a date and time in any known form
	ImplausibleYear  Reason = "implausible-year"  // starts outside the plausible years
	AfterReceived    Reason = "after-received"    // starts more than a day after it was received, or if it was arranged beforehand more than a year
	EndBeforeStart   Reason = "end-before-start"  // the end lies before the start
	BadCustomers     Reason = "bad-customers"     // negative, not a whole number, or too large
	BadNumber        Reason = "bad-number"        // another number is not one
	MissingCustomers Reason = "missing-customers" // neither customers nor a unit that the base knows
	BadSteps         Reason = "bad-steps"         // steps out of order or outside the outage
	StepsExceed      Reason = "steps-exceed"      // steps restore more customers than went out
	UnknownPlace     Reason = "unknown-place"     // neither the feeder nor the area is known to the base
	RepeatedKey      Reason = "repeated-key"      // several different rows with one key in one delivery
	Malformed        Reason = "malformed-row"     // the row cannot be taken apart
	BadFlag          Reason = "bad-yes-no"        // neither yes nor no
	UnknownZone      Reason = "unknown-zone"      // a word that the mapping turns into no time zone
)

// Advice says in English what to do about a rejected row.
func (r Reason) Advice() string { return advice[r] }

var advice = map[Reason]string{
	MissingValue:     "fill the field, or map another column to it",
	BadTime:          "write it as 2006-01-02 15:04:05, or give the mapping a layout for the column",
	ImplausibleYear:  "correct the year, or widen plausible_years in the mapping",
	AfterReceived:    "correct the date, or the sender's clock",
	EndBeforeStart:   "swap or correct start and end; leave the end empty if supply is still out",
	BadCustomers:     "give a whole number of customers from 0 to 1000000000",
	BadNumber:        "give a plain decimal number, or leave it empty",
	MissingCustomers: "give the customers interrupted, or a unit of the base; a mapping may say missing_customers: whole_feeder",
	BadSteps:         "put the steps in order of time between start and end, with no negative customers",
	StepsExceed:      "let the steps restore no more than the customers interrupted",
	UnknownPlace:     "add the feeder or the area to the base, or correct the name",
	RepeatedKey:      "give the rows a stage each, or let the mapping say repeated: stages, latest or remaining",
	Malformed:        "mend the row: quotes, braces or the number of fields",
	BadFlag:          "write true or false",
	UnknownZone:      "add the word to the mapping's zone values",
}

// Reasons lists the closed list in order.
func Reasons() []Reason {
	return []Reason{
		MissingValue, BadTime, ImplausibleYear, AfterReceived, EndBeforeStart, BadCustomers, BadNumber, MissingCustomers,
		BadSteps, StepsExceed, UnknownPlace, RepeatedKey, Malformed, BadFlag, UnknownZone,
	}
}

// A Rejection is a row that could not be counted, kept with its place and what
// to do about it.
type Rejection struct {
	Event         // what could be read of the row: place and key, the rest as far as it went
	Column string // the name in the file's own header, or the canonical one
	Value  string // as the file has it
	Reason Reason
}
