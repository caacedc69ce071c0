package dashboards

// projectedOver finds the targets of a running year, which alone has a burn, that
// are more likely than not to end above their limit.
const projectedOver = `
max by (` + targetLabels + `) (
  (
    outage_target_projected_seconds{probability="0.5",strength!="informative"}
    > ignoring (probability)
    outage_target_limit_seconds
  )
  and ignoring (probability, burn_window)
  outage_target_burn_ratio
) / 3600`

// budgetSpent finds the budgets of a running year of which something is used and
// nothing is left. A budget of nothing that nobody used is not spent.
const budgetSpent = `
max by (` + targetLabels + `) (
  (
    outage_target_budget_customer_seconds{strength!="informative"}
    - outage_target_budget_remaining_customer_seconds
    > 0
  )
  >= outage_target_budget_customer_seconds
  and ignoring (burn_window)
  outage_target_burn_ratio
) / 3600`

// preArrangedSpent finds the same of what is set aside for pre-arranged outages.
const preArrangedSpent = `
max by (` + targetLabels + `) (
  (
    outage_target_budget_part_customer_seconds{part="pre-arranged",strength!="informative"}
    - outage_target_budget_part_remaining_customer_seconds
    > 0
  )
  >= outage_target_budget_part_customer_seconds
  and ignoring (part, burn_window)
  outage_target_burn_ratio
) / 3600`

// planDoesNotFit finds the targets of which more is scheduled than is left, of the
// part of pre-arranged outages or of the whole budget. Only a running year has
// anything scheduled.
const planDoesNotFit = `
max by (` + targetLabels + `) (
  (outage_target_scheduled_customer_seconds{part="pre-arranged",strength!="informative"} > 0)
  > outage_target_budget_part_remaining_customer_seconds
  or
  (outage_target_scheduled_customer_seconds{part="pre-arranged",strength!="informative"} > 0)
  > ignoring (part)
  outage_target_budget_remaining_customer_seconds
) / 3600`

// projectionHold is how long a projection has to be above a limit. It is an
// estimate that can cross the limit and come back with every outage; what it is
// about is months away.
const projectionHold = "1h"

// budgetAlerts are of a running year that will end above its limit, and of budgets
// of customer-hours with nothing left for work.
func budgetAlerts() []alert {
	return []alert{
		{
			name: "SaidiProjectionOverLimit", expr: projectedOver, hold: projectionHold, severity: severityWarning, audience: audienceBureau, about: aboutValue,
			summary: bilingual{
				"{scope}, {class}: {{ $labels.year }} will probably end at {value} hours a customer, above the limit of {limit} ({{ $labels.rule }}, {strength})",
				"{scope}{class}：预计 {{ $labels.year }} 年末达 {value} 小时/户，超过限值 {limit} 小时/户（{strength}）"},
			detail: bilingual{
				"So far: {used} hours. Nine futures of ten end between {projected-low} and {projected-high} hours; the limit is missed with a probability of {miss}. Put planned work off, spread it or do it without interruption: saidi plan tells what each outage costs and what has to be kept on. The dashboard Area shows the year and the budget.",
				"目前 {used} 小时/户；十次中有九次年末在 {projected-low} 至 {projected-high} 小时之间，超限概率 {miss}。计划停电应推迟、合并或改为不停电作业，saidi plan 给出每次停电的代价和需要不停电作业或转供的户数。全年进程和预算见“地区”面板。"},
		},
		{
			name: "SaidiBudgetSpent", expr: budgetSpent, severity: severityWarning, audience: audienceOperator, about: aboutValue,
			summary: bilingual{
				"{scope}, {class}: the budget of {{ $labels.year }} is spent, {count} customer-hours used of {budget} ({{ $labels.rule }}, {strength})",
				"{scope}{class}：{{ $labels.year }} 年时户数预算已用完，已用 {count}，预算 {budget}（{strength}）"},
			detail: bilingual{
				"Nothing is left of the limit ({limit} hours a customer). Pre-arranged outages that are still scheduled cost {scheduled} customer-hours more, none of which fits. Do the work without interruption or with a temporary supply, or have it signed for. The dashboard Operations lists what is scheduled; for what used the budget: saidi explain --scope {{ $labels.scope }} --class {{ $labels.class }}",
				"限值（{limit} 小时/户）对应的时户数已无剩余；尚有已安排的预安排停电 {scheduled} 时户，全部放不下。应改为不停电作业、临时供电，或提级审批。已安排情况见“运行”面板，预算去向见：saidi explain --scope {{ $labels.scope }} --class {{ $labels.class }}"},
		},
		{
			name: "SaidiPreArrangedBudgetSpent", expr: preArrangedSpent, severity: severityWarning, audience: audienceOperator, about: aboutValue,
			summary: bilingual{
				"{scope}, {class}: what {{ $labels.year }} has for pre-arranged outages is spent, {count} customer-hours used of {part-budget} ({{ $labels.rule }}, {strength})",
				"{scope}{class}：{{ $labels.year }} 年预安排停电的时户数已用完，已用 {count}，预算 {part-budget}（{strength}）"},
			detail: bilingual{
				"Of the whole budget {left} customer-hours are left, which faults will need. Pre-arranged outages that are still scheduled cost {scheduled}. Do the work without interruption, put it off to the next year, or change the share in the policy knowingly. The dashboard Operations lists what is scheduled.",
				"全部预算尚余 {left} 时户，须留给故障；尚有已安排的预安排停电 {scheduled} 时户。应改为不停电作业或推迟到下一年；确需调整份额的，在政策文件中修改。已安排情况见“运行”面板。"},
		},
		{
			name: "SaidiPlanDoesNotFit", expr: planDoesNotFit, severity: severityWarning, audience: audienceOperator, about: aboutValue,
			summary: bilingual{
				"{scope}, {class}: {count} customer-hours of pre-arranged outages are scheduled and do not fit the budget of {{ $labels.year }} ({{ $labels.rule }}, {strength})",
				"{scope}{class}：已安排的预安排停电 {count} 时户，{{ $labels.year }} 年预算放不下（{strength}）"},
			detail: bilingual{
				"Left are {part-left} customer-hours for pre-arranged outages and {left} of the whole budget. Check the outages with saidi plan before they begin: it names the rows and how many customers would have to be kept on for them to fit. The dashboard Operations shows every target.",
				"预安排部分尚余 {part-left} 时户，全部预算尚余 {left} 时户。先算后停：停电之前用 saidi plan 核对，它逐条列出代价和需要不停电作业或转供的户数。各目标见“运行”面板。"},
		},
	}
}
