package policy

import (
	"fmt"
	"math"

	"github.com/saidi-exporter/saidi/period"
)

// The bounds of a validity that has no beginning or no end.
const (
	AlwaysFrom  period.Day = math.MinInt32
	AlwaysUntil period.Day = math.MaxInt32
)

// A Validity is the local days on which a policy is in force.
type Validity struct {
	From  period.Day // the first day, or AlwaysFrom
	Until period.Day // the last day, or AlwaysUntil
}

// String writes the days for messages.
func (v Validity) String() string {
	switch {
	case v.From == AlwaysFrom && v.Until == AlwaysUntil:
		return "always"
	case v.From == AlwaysFrom:
		return fmt.Sprintf("until %s", v.Until)
	case v.Until == AlwaysUntil:
		return fmt.Sprintf("from %s", v.From)
	}
	return fmt.Sprintf("from %s until %s", v.From, v.Until)
}

// Holds says whether the policy is in force on the day d.
func (v Validity) Holds(d period.Day) bool { return v.From <= d && d <= v.Until }
