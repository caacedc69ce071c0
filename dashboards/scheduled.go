package dashboards

import "fmt"

// shownScheduled is how many targets the table of scheduled work has.
const shownScheduled = 12

// Only a running year has anything scheduled, which chooses the year of what it is
// held against.
const (
	scheduledWork  = `max by (` + byTarget + `, year) (outage_target_scheduled_customer_seconds{part="pre-arranged"})`
	partLeft       = `max by (` + byTarget + `, year) (outage_target_budget_part_remaining_customer_seconds{part="pre-arranged"})`
	partBudget     = `max by (` + byTarget + `, year) (outage_target_budget_part_customer_seconds{part="pre-arranged"})`
	wholeLeft      = `max by (` + byTarget + `, year) (outage_target_budget_remaining_customer_seconds)`
	leftAfterWork  = `(` + partLeft + ` - ` + scheduledWork + `)`
	stillScheduled = `sum by (` + byTarget + `, year) (max by (` + byTarget + `, year, part) (outage_target_scheduled_customer_seconds))`
)

// inRunningYear drops the year from the labels of a target.
func inRunningYear(promql string) string {
	return fmt.Sprintf("max by (%s) (%s)", byTarget, promql)
}

// spentTiles count the targets of the running year that leave no room for work.
func (t tongue) spentTiles() []panel {
	count := func(promql string) query { return query{expr: fmt.Sprintf("count(%s) or vector(0)", promql)} }
	look := append([]property{decimals(0)}, steps(green, step{1, vermillion})...)
	running := func(left string) string { return inRunningYear(left + ` <= 0 and ` + scheduledWork) }
	over := inRunningYear(fmt.Sprintf(`max by (%[1]s, year) (outage_target_projected_seconds{probability="0.5"}) > max by (%[1]s, year) (outage_target_limit_seconds) and %[2]s`, byTarget, scheduledWork))
	return []panel{
		tiles(6, t.say("预测超限", "Projected above their limits"), t.say("预计年末数值（中值）超过限值的目标数。", "Targets of which the middle of the projection is above the limit."), look, count(over)),
		tiles(6, t.say("预算用完", "Budgets spent"), t.say("全年时户数预算已用完的目标数。", "Targets that have used their budget of customer-hours."), look, count(running(wholeLeft))),
		tiles(6, t.say("预安排预算用完", "Pre-arranged parts spent"), t.say("预安排停电部分的预算已用完的目标数。", "Targets that have used what is set aside for pre-arranged outages."), look, count(running(partLeft))),
		tiles(6, t.say("已安排放不下", "Scheduled work does not fit"), t.say("已安排的预安排停电超过预安排部分或全部预算剩余的目标数。", "Targets of which the scheduled pre-arranged outages are more than is left of their part, or of the whole budget."), look,
			count(inRunningYear(fmt.Sprintf("(%[1]s > 0) > %[2]s or (%[1]s > 0) > %[3]s", scheduledWork, partLeft, wholeLeft)))),
	}
}

// scheduledTable holds the work that is scheduled against what is left (先算后停).
func (t tongue) scheduledTable() panel {
	share := inRunningYear(leftAfterWork + " / (" + partBudget + " > 0)")
	tightest := fmt.Sprintf("bottomk(%d, %s)", shownScheduled, share)
	among := func(promql string) string {
		return inHours(fmt.Sprintf("%s and on (%s) %s", inRunningYear(promql), byTarget, tightest))
	}
	count := []property{unit("locale"), decimals(0)}
	below := append(append(count, colouredCell()), steps(vermillion, step{0, plainColour})...)
	rest := t.say("扣除后占分项预算", "After it, of the part")
	return table(gridColumns, fmt.Sprintf(t.say("已安排停电与剩余预算：最紧的%d项目标", "Scheduled work against what is left: the %d tightest targets"), shownScheduled),
		t.say("先算后停：已上报、年内尚未发生的预安排停电，与预安排部分剩余的时户数相比；扣除后为负即放不下。“全部已安排”含正在发生的停电到预计恢复为止的部分。(may be empty)", "Pre-arranged outages that are told and still to come this year, held against what is left of their part of the budget, in customer-hours; below zero afterwards they do not fit. All still to come has what outages under way will cost until the end that is told of them. (may be empty)"),
		rest, false,
		column{title: "scope", label: "scope", hidden: true}, column{title: "class", label: "class", hidden: true},
		column{title: t.say("范围", "Scope"), label: "scope_name"},
		column{title: t.say("地区特征", "Class"), label: "class_name", width: 120},
		column{title: t.say("强度", "Strength"), label: "strength", width: 110, look: []property{t.strengths()}},
		column{title: t.say("规则", "Rule"), label: "rule", width: 120, look: []property{t.rules()}},
		column{title: t.say("已安排", "Scheduled"), query: among(scheduledWork), width: 120, look: count},
		column{title: t.say("预安排剩余", "Left, pre-arranged"), query: among(partLeft), width: 160, look: below},
		column{title: t.say("扣除已安排后", "After it"), query: among(leftAfterWork), width: 130, look: below},
		column{title: rest, query: t.withClass(t.withScope(tightest)), width: 190, look: append([]property{unit("percentunit"), decimals(1), colouredCell()}, steps(vermillion, step{0, plainColour})...)},
		column{title: t.say("全部剩余", "Left of the whole"), query: among(wholeLeft), width: 160, look: below},
		column{title: t.say("全部已安排", "All still to come"), query: among(stillScheduled), width: 160, look: count},
	)
}
