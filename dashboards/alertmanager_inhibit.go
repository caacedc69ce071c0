package dashboards

// An inhibition holds back the targets while a source fires with the same
// values of some labels.
type inhibition struct {
	SourceMatchers []string `yaml:"source_matchers,flow"`
	TargetMatchers []string `yaml:"target_matchers,flow"`
	Equal          []string `yaml:"equal,omitempty,flow"`
}

// inhibitions keep what follows from a cause behind the cause, and what is
// smaller behind what is larger of the same target. A duty and an aspiration
// never hold each other back.
func inhibitions() []inhibition {
	target := []string{"policy", "scope", "class", "rule", "strength", "year"}
	const pace = "SaidiReductionOffTarget|SaidiBurnFast|SaidiBurnSlow|SaidiBurnMonthly"
	const room = "SaidiPreArrangedBudgetSpent|SaidiPlanDoesNotFit"
	return []inhibition{
		// Figures that are not renewed say nothing of now.
		{[]string{`alertname="SaidiSnapshotOld"`}, []string{`about="value"`}, nil},
		// Nor do those of a scope whose latest outages are unknown.
		{[]string{`alertname="SaidiDataStale"`}, []string{`about="value"`}, []string{"scope"}},
		// Old data is a gap at the end of what is covered.
		{[]string{`alertname="SaidiDataStale"`}, []string{`alertname="SaidiCoverageLow"`}, []string{"scope"}},
		// A source that cannot be read is silent too, and what it has to tell waits.
		{[]string{`alertname="SaidiSourceFailing"`}, []string{`alertname=~"SaidiSourceSilent|SaidiSourceBacklog"`}, []string{"source"}},
		// Nothing can be taken, or counts, as long as the store is faulty.
		{[]string{`alertname="SaidiStoreFaulty"`}, []string{`alertname=~"SaidiStoreBehind|SaidiPushesFailing|SaidiSourceBacklog"`}, nil},
		// The verdict of a year is more than that its limit was passed; what
		// cannot be told is not alleged.
		{[]string{`alertname=~"SaidiDutyMissed|SaidiAspirationMissed|SaidiVerdictCannotTell"`}, []string{`alertname=~"SaidiCapExceeded|SaidiLimitPassed|SaidiProjectionOverLimit|SaidiBudgetSpent|` + room + `|` + pace + `"`}, target},
		// Where nothing of a limit is left, its pace says nothing new, nor does where
		// the year will end. That the budget is spent is the same, said to those who
		// plan work.
		{[]string{`alertname=~"SaidiCapExceeded|SaidiLimitPassed"`}, []string{`alertname=~"SaidiProjectionOverLimit|` + pace + `"`}, target},
		// The year's end takes the reduction so far into account.
		{[]string{`alertname="SaidiProjectionOverLimit"`}, []string{`alertname="SaidiReductionOffTarget"`}, target},
		// Nothing fits a budget that is spent, or a part of it: the alert of that
		// tells what is scheduled.
		{[]string{`alertname="SaidiBudgetSpent"`}, []string{`alertname=~"` + room + `"`}, target},
		{[]string{`alertname="SaidiPreArrangedBudgetSpent"`}, []string{`alertname="SaidiPlanDoesNotFit"`}, target},
	}
}
