package dashboards

// judgedHours is the value in hours of the targets that have a verdict.
func judgedHours(verdict, strength string) string {
	return `
max by (` + targetLabels + `) (
  outage_target_value_seconds
  and ignoring (verdict)
  outage_target_verdict{verdict="` + verdict + `",strength="` + strength + `"} == 1
) / 3600`
}

// aboveLimit is the value in hours of the targets of a rule whose value is above
// their limit. What is informative asks nothing of anybody.
func aboveLimit(rule string) string {
	return `
max by (` + targetLabels + `) (
  outage_target_value_seconds{rule="` + rule + `",strength!="informative"}
  > outage_target_limit_seconds
) / 3600`
}

// verdictAlerts are of targets that are not met, or can hardly be any more.
func verdictAlerts() []alert {
	return []alert{
		{
			name: "SaidiDutyMissed", expr: judgedHours("missed", "duty"), severity: severityCritical, audience: audienceBureau, about: aboutValue,
			summary: bilingual{
				"{scope}, {class}: duty of {{ $labels.year }} missed, {value} hours a customer",
				"{scope}{class}：{{ $labels.year }} 年约束性目标未达标，{value} 小时/户"},
			detail: bilingual{
				"The year is complete. An average customer of {scope}, {class} was without supply for {value} hours; the limit of the duty ({{ $labels.rule }}) is {limit} hours. The data may still be corrected until the year is settled.",
				"全年已结束。{scope}{class}用户年均停电 {value} 小时，约束性目标限值 {limit} 小时。定案之前数据尚可更正。"},
		},
		{
			name: "SaidiAspirationMissed", expr: judgedHours("missed", "aspiration"), severity: severityWarning, audience: audienceBureau, about: aboutValue,
			summary: bilingual{
				"{scope}, {class}: aspiration of {{ $labels.year }} missed, {value} hours a customer",
				"{scope}{class}：{{ $labels.year }} 年力争目标未达标，{value} 小时/户"},
			detail: bilingual{
				"The year is complete. An average customer of {scope}, {class} was without supply for {value} hours; what was striven for ({{ $labels.rule }}) is {limit} hours. This is no missed duty.",
				"全年已结束。{scope}{class}用户年均停电 {value} 小时，力争目标限值 {limit} 小时。此项不是约束性目标。"},
		},
		{
			name: "SaidiCapExceeded", expr: aboveLimit("cap"), severity: severityWarning, audience: audienceBureau, about: aboutValue,
			summary: bilingual{
				"{scope}, {class}: above the cap of {{ $labels.year }} with {value} hours a customer",
				"{scope}{class}：已超过 {{ $labels.year }} 年上限，{value} 小时/户"},
			detail: bilingual{
				"Customers of {scope}, {class} have been without supply for {value} hours on average in {{ $labels.year }}, more than the cap of {limit} hours ({strength}). It comes down again only by corrections or if customers join.",
				"{scope}{class} {{ $labels.year }} 年用户平均停电已达 {value} 小时，超过上限 {limit} 小时（{strength}）。除非数据更正或用户增加，不会回落。"},
		},
		{
			name: "SaidiLimitPassed", expr: aboveLimit("reduction"), severity: severityWarning, audience: audienceBureau, about: aboutValue,
			summary: bilingual{
				"{scope}, {class}: the whole of what the reduction leaves for {{ $labels.year }} is used up, {value} hours a customer",
				"{scope}{class}：{{ $labels.year }} 年压减后的限值已用完，{value} 小时/户"},
			detail: bilingual{
				"A reduction by {required} against the base year leaves {limit} hours a customer for {{ $labels.year }} ({strength}); {scope}, {class} already has {value}. It comes down again only by corrections or if customers join.",
				"较基准年压减 {required} 后，{{ $labels.year }} 年限值为 {limit} 小时/户（{strength}）；{scope}{class}已达 {value} 小时。除非数据更正或用户增加，不会回落。"},
		},
		{
			name: "SaidiVerdictCannotTell", severity: severityInfo, audience: audienceBureau, about: aboutValue,
			expr: "max by (" + targetLabels + `) (outage_target_verdict{verdict="cannot-tell",strength="duty"}) == 1`,
			summary: bilingual{
				"{scope}, {class}: whether the duty of {{ $labels.year }} is met cannot be told",
				"{scope}{class}：{{ $labels.year }} 年约束性目标无法判定"},
			detail: bilingual{
				"Data of the year or of its base year is missing, or too much of it is doubtful. So far: {used} hours a customer, limit {limit}. For the reasons: saidi explain --scope {{ $labels.scope }} --class {{ $labels.class }}",
				"本年或基准年数据缺失，或存疑过多。目前 {used} 小时/户，限值 {limit} 小时。理由见：saidi explain --scope {{ $labels.scope }} --class {{ $labels.class }}"},
		},
	}
}
