package snapshot

// What a division of a budget goes by.
const (
	ByPolicy    = "policy"    // the policy sets the share
	ByHistory   = "history"   // what history expects of each in the year
	ByUsed      = "used"      // what each used so far
	ByTime      = "time"      // how long each is
	ByCustomers = "customers" // how many each serves in the year
)

// A Budgets is a target's budget of customer-hours (时户数预算) divided three ways.
// The parts of each division add up to the whole to the thousandth of a
// customer-second: budgets to Target.Budget, what was used to what the target's
// year used.
type Budgets struct {
	// PartsBy says where the share of pre-arranged outages comes from: [ByPolicy],
	// [ByHistory], or [ByUsed] where there is neither.
	PartsBy     string       `json:"parts_by"`
	PreArranged BudgetPart   `json:"pre_arranged"`
	Fault       BudgetPart   `json:"fault"` // and of unknown nature
	Months      []MonthPart  `json:"months"`
	MonthsBy    string       `json:"months_by"`  // [ByHistory], or [ByTime] where it is too short
	Members     []MemberPart `json:"members"`    // of a pooled scope; else empty
	MembersBy   string       `json:"members_by"` // [ByHistory], or [ByCustomers] where it is too short; empty without members
}

// A BudgetPart is a part of a budget.
type BudgetPart struct {
	Budget    Milli `json:"budget_customer_seconds"`
	Used      Milli `json:"used_customer_seconds"`
	Scheduled Milli `json:"scheduled_customer_seconds"` // told already and still to come
	Remaining Milli `json:"remaining_customer_seconds"` // budget − used; below zero once it is overspent
}

// A MonthPart is the part of one month.
type MonthPart struct {
	Month string `json:"month"` // 2022-06; of a year that does not begin with a month, the month in which it begins
	BudgetPart
	PreArranged BudgetPart `json:"pre_arranged"`
	Fault       BudgetPart `json:"fault"`
}

// A MemberPart is the part of one area of a pooled scope.
type MemberPart struct {
	Area string `json:"area"`
	BudgetPart
}
