package snapshot

import (
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
)

// A PlanCheck is what proposed outages cost, held against the budgets of the
// targets of a year before anybody approves them (先算后停). The customer-seconds of
// its rows, less what is displaced, are those of the plan.
type PlanCheck struct {
	SchemaVersion int    `json:"schema_version"`
	Program       string `json:"program"`
	Policy        Digest `json:"policy"`
	Index         string `json:"index"`
	AsOf          string `json:"as_of"` // RFC 3339: proposed outages begin at it or after
	Zone          string `json:"zone"`
	Year          int    `json:"year"` // of the instant before as-of; what lies after it is not checked
	Synthetic     bool   `json:"synthetic"`

	Fits    bool     `json:"fits"`
	Reasons []string `json:"reasons"` // why it does not, codes of a closed list: [policy.PlanReasons]
	// Warnings are what should be known although it decides nothing, of the plan and
	// of all its targets: codes of [policy.PlanWarnings].
	Warnings []string `json:"warnings"`

	Inputs []File    `json:"inputs"` // counts as of any delivery
	Rows   []PlanRow `json:"rows"`   // in the order of the files: those that count, and those that are rejected

	CustomerSeconds Milli `json:"customer_seconds"` // that the plan adds to the year
	Interruptions   Milli `json:"interruptions"`
	// Displaced is what outages that were told already count less because the plan
	// has their customers out.
	Displaced Milli `json:"displaced_customer_seconds"`

	Targets []PlanTarget  `json:"targets"` // those of which the plan changes the value, and no others; the worst first
	Repeats []PlanRepeat  `json:"repeats"` // for whom repeat rules hold with the plan and not without it
	Notes   []outage.Note `json:"notes"`

	Title   policy.Text `json:"-"`
	Areas   []Named     `json:"-"`
	Classes []Named     `json:"-"`
}

// CannotTell says whether the plan does not fit only because there is nothing to hold
// it against.
func (c *PlanCheck) CannotTell() bool {
	reasons := make([]policy.PlanReason, len(c.Reasons))
	for i, code := range c.Reasons {
		reasons[i] = policy.PlanReason(code)
	}
	return !c.Fits && policy.CannotTellPlan(reasons)
}

// A PlanRow is one proposed row.
type PlanRow struct {
	Path     string   `json:"path"`
	Sheet    string   `json:"sheet"`
	Row      int      `json:"row"`
	EventID  string   `json:"event_id"` // of a row without one, its file and row
	Feeder   string   `json:"feeder_id"`
	Unit     string   `json:"unit_id"`
	Nature   string   `json:"nature"`
	Start    string   `json:"start"` // RFC 3339, empty where it could not be read
	End      string   `json:"end"`
	Rejected *Problem `json:"rejected"` // null where the row counts

	CustomerSeconds Milli      `json:"customer_seconds"` // in the year, all it has
	Interruptions   Milli      `json:"interruptions"`
	Customers       Milli      `json:"customers"`   // the most out at one instant
	NotCounted      Milli      `json:"not_counted"` // customer-seconds that others hold or the base does not have
	Places          []PlanCost `json:"places"`      // by area and class, adding up
	Flags           []string   `json:"flags"`       // what is odd about it
}

// A Problem is why a row does not count, and what to do.
type Problem struct {
	Reason string `json:"reason"` // a reason of [outage.Rejection], or of [policy.PlanProblems]
	Column string `json:"column"`
	Value  string `json:"value"`
	Advice string `json:"advice"` // in English
}

// A PlanCost is what a row costs in one area and class.
type PlanCost struct {
	Area            string `json:"area"`
	Class           string `json:"class"`
	CustomerSeconds Milli  `json:"customer_seconds"`
}

// A PlanTarget is what a plan does to one target.
type PlanTarget struct {
	Scope      string   `json:"scope"`
	Class      string   `json:"class"`
	Rule       string   `json:"rule"`
	Strength   string   `json:"strength"`
	LimitHours *float64 `json:"limit_hours"`
	Verdict    string   `json:"verdict"` // before

	Cost      Milli  `json:"cost_customer_seconds"` // of the plan
	Budget    *Milli `json:"budget_customer_seconds"`
	Used      *Milli `json:"used_customer_seconds"`
	Scheduled *Milli `json:"scheduled_customer_seconds"`
	// Remaining is budget − used − scheduled, before and after the plan; below zero
	// it is overspent. So is that of the part of pre-arranged outages.
	RemainingBefore            *Milli `json:"remaining_before_customer_seconds"`
	RemainingAfter             *Milli `json:"remaining_after_customer_seconds"`
	PreArrangedRemainingBefore *Milli `json:"pre_arranged_remaining_before_customer_seconds"`
	PreArrangedRemainingAfter  *Milli `json:"pre_arranged_remaining_after_customer_seconds"`

	// The probability of missing the target, and the middle of where the year will
	// end, with the plan on top of what is usual and scheduled.
	MissBefore   *float64 `json:"miss_probability_before"`
	MissAfter    *float64 `json:"miss_probability_after"`
	MedianBefore *float64 `json:"median_hours_before"`
	MedianAfter  *float64 `json:"median_hours_after"`

	Decides  bool     `json:"decides"` // whether the plan has to fit it: informative targets do not decide
	Fits     bool     `json:"fits"`
	Reasons  []string `json:"reasons"`  // codes of [policy.PlanReasons]
	Warnings []string `json:"warnings"` // codes of [policy.PlanWarnings]

	// Over is by how much the plan does not fit, and KeepOn how it would: customers
	// of rows that are kept on by work without interruption (不停电作业), a transfer or
	// a temporary supply, as few as can be. KeepOn is empty where it fits, and where
	// keeping on all customers of the plan is not enough, in which case Hopeless.
	Over     Milli    `json:"over_customer_seconds"`
	KeepOn   []KeepOn `json:"keep_on"`
	Hopeless bool     `json:"hopeless"`

	Name      policy.Text `json:"-"`
	ClassName policy.Text `json:"-"`
}

// A KeepOn is how many customers of a row would have to be kept on.
type KeepOn struct {
	Path      string `json:"path"`
	Row       int    `json:"row"`
	EventID   string `json:"event_id"`
	Customers int64  `json:"customers"`
	Of        int64  `json:"of"`                     // the most that the row has out at one instant in the target's scope and class
	Saves     Milli  `json:"saves_customer_seconds"` // in the target's scope and class
}

// A PlanRepeat is customers of an area and class for whom a repeat rule (频繁停电)
// would begin to hold.
type PlanRepeat struct {
	Rule      string `json:"rule"`
	Area      string `json:"area"`
	Class     string `json:"class"`
	Customers Milli  `json:"customers"`

	Name policy.Text `json:"-"`
}
