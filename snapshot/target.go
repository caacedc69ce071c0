package snapshot

import "github.com/saidi-exporter/saidi/policy"

// A Target is the verdict on one target of the policy in one year, with what it
// was worked out from. Hours that do not exist are null.
type Target struct {
	Scope    string `json:"scope"`
	Class    string `json:"class"`
	Rule     string `json:"rule"`     // cap or reduction
	Strength string `json:"strength"` // duty, aspiration or informative; after the deadline informative
	Deadline string `json:"deadline"` // 2006-01-02
	Year     int    `json:"year"`     // that is judged

	LimitHours *float64 `json:"limit_hours"`
	ValueHours *float64 `json:"value_hours"` // of the year, up to as-of while it runs
	BaseHours  *float64 `json:"base_hours"`  // of a reduction: of the base year
	Reduction  *float64 `json:"reduction"`   // 1 − value / base, while the year runs of both up to the same local date and clock

	Verdict       string   `json:"verdict"`
	Provisional   bool     `json:"provisional"`
	Reasons       []string `json:"reasons"` // codes of a closed list
	Arithmetic    string   `json:"arithmetic"`
	AfterDeadline bool     `json:"after_deadline"`

	BaseYear          *int     `json:"base_year"`          // of a reduction
	RequiredReduction *float64 `json:"required_reduction"` // of a reduction
	ExpectedShare     *float64 `json:"expected_share"`     // of the limit, by as-of; null once the year is complete
	Pace              *float64 `json:"pace"`               // value / (limit × expected share)
	WithoutData       []string `json:"without_data"`       // members without data, in the year or the base year
	Gaps              []string `json:"gaps"`               // members that are covered by less than the policy's minimum
	DataThrough       string   `json:"data_through"`       // RFC 3339: the reduction of a running year ends here
	From              string   `json:"from"`               // RFC 3339: the window of the value
	To                string   `json:"to"`
	Clause            string   `json:"clause"`

	Budget          *Milli             `json:"budget_customer_seconds"`           // limit × equivalent customers of the whole year, today's base held to its end
	BudgetRemaining *Milli             `json:"budget_remaining_customer_seconds"` // below zero once it is overspent
	Burn            map[string]float64 `json:"burn"`                              // by the time before as-of, such as 24h: 1 uses the budget up in exactly a year; empty once the year is complete

	Budgets    *Budgets    `json:"budgets"`    // null without a budget
	Projection *Projection `json:"projection"` // null where there is too little history, or the value cannot be told
	BaseStorm  *BaseStorm  `json:"base_storm"` // of a reduction: what storms made of its base year; null where that cannot be told

	Measures []Measure `json:"measures"` // of the ledger

	Name      policy.Text `json:"-"` // of the scope
	ClassName policy.Text `json:"-"`
}

// A BaseStorm says how much of a base year its storms were: a year after one is
// better without anybody's doing.
type BaseStorm struct {
	Days  []string `json:"days"`  // local days of the base year that were major event days (2.5 beta) of the whole
	Share float64  `json:"share"` // of the base year's customer-seconds that passed on them
	// ThresholdBy says which days give the threshold above which a day is one:
	// "years-before", the five years before the base year; "own-year", the base year
	// itself, where no year before it has data.
	ThresholdBy string `json:"threshold_by"`
	// StormYear is true where that share is at least the reduction that is asked for:
	// without such days alone the target would be met.
	StormYear bool `json:"storm_year"`
}

// A Measure is one entry of the ledger (任务台账): what is done to meet a target.
type Measure struct {
	Measure     string `json:"measure"`
	Responsible string `json:"responsible"`
	Due         string `json:"due"` // 2006-01-02, the last day
	State       string `json:"state"`
	Note        string `json:"note"`
	Overdue     bool   `json:"overdue"` // not finished, and as-of lies after the due day
}
