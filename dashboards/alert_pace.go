package dashboards

import "fmt"

// reductionOffTarget finds the reductions that the running year does not reach
// so far. A target has a burn only while its year runs.
const reductionOffTarget = `
min by (` + targetLabels + `) (
  (
    outage_target_reduction_ratio{strength!="informative"}
    < outage_target_required_reduction_ratio
  )
  and ignoring (burn_window)
  outage_target_burn_ratio
)`

// burning finds the targets whose budget was used faster than the policy wants
// in the time before as-of.
func burning(window string) string {
	return fmt.Sprintf(`
max by (%s, burn_window) (
  outage_target_burn_ratio{burn_window=%q,strength!="informative"}
  > ignoring (scope, class, rule, strength, year) group_left ()
  outage_burn_limit_ratio{burn_window=%[2]q}
)`, targetLabels, window)
}

// paceAlerts are of a year that runs and uses its limit too fast.
func paceAlerts() []alert {
	burn := func(name, window string, s severity, to audience, en, zh string) alert {
		return alert{
			name: name, expr: burning(window), severity: s, audience: to, about: aboutValue,
			summary: bilingual{
				"{scope}, {class}: the budget of {{ $labels.year }} was used {value} times as fast as it lasts in " + en + " before as-of ({{ $labels.rule }}, {strength})",
				"{scope}{class}：截止时间之前" + zh + "内，{{ $labels.year }} 年时户数预算消耗速度为平均的 {value} 倍（{strength}）"},
			detail: bilingual{
				"1 uses the customer-hours of the limit ({limit} hours a customer) up in exactly a year; the policy wants to be warned above {burn-limit}. So far: {used} hours a customer. For the outages behind it: saidi explain --scope {{ $labels.scope }} --class {{ $labels.class }}",
				"速度为 1 时，限值（{limit} 小时/户）对应的时户数恰好一年用完；政策的预警值为 {burn-limit}。目前 {used} 小时/户。相关停电见：saidi explain --scope {{ $labels.scope }} --class {{ $labels.class }}"},
		}
	}
	return []alert{
		{
			name: "SaidiReductionOffTarget", expr: reductionOffTarget, severity: severityWarning, audience: audienceBureau, about: aboutValue,
			summary: bilingual{
				"{scope}, {class}: reduction of {percent} so far in {{ $labels.year }}, {required} is asked for",
				"{scope}{class}：{{ $labels.year }} 年至今同比压缩 {percent}，要求 {required}"},
			detail: bilingual{
				"Against the same period of the base year, both as far as the data reaches. Below zero it is an increase. Strength: {strength}. So far: {used} hours a customer; {limit} for the whole year.",
				"与基准年同期相比，均截至数据所到之处；负数为上升。性质：{strength}。目前 {used} 小时/户，全年限值 {limit} 小时/户。"},
		},
		burn("SaidiBurnFast", "24h", severityWarning, audienceOperator, "the 24 hours", " 24 小时"),
		burn("SaidiBurnSlow", "7d", severityWarning, audienceOperator, "the 7 days", " 7 天"),
		burn("SaidiBurnMonthly", "30d", severityInfo, audienceBureau, "the 30 days", " 30 天"),
	}
}
