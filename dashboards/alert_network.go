package dashboards

// shareOut is the share of each area's customers that are out at as-of.
const shareOut = `
  sum without (class) (outage_interrupted_customers)
  / sum without (class) (outage_served_customers)
`

// networkAlerts are of what goes on in the network.
func networkAlerts() []alert {
	return []alert{
		{
			name: "SaidiManyCustomersOut", severity: severityCritical, audience: audienceOperator, about: aboutValue,
			expr: asScope("max", "scope", "(\n"+shareOut+"  > ignoring (area) group_left ()\n  outage_interrupted_customers_limit_ratio\n)"),
			summary: bilingual{
				"{scope}: {percent} of the customers are without supply",
				"{scope}：{percent} 的用户正在停电"},
			detail: bilingual{
				"At as-of, {percent} of the customers in service in {scope} are out; many is above {share-limit}. The dashboard Operations shows where; for the outages: saidi explain --scope {{ $labels.scope }} --window FROM..TO",
				"截止时间，{scope}在册用户有 {percent} 停电，超过 {share-limit} 即为大面积。各地区情况见“运行”面板；停电明细见：saidi explain --scope {{ $labels.scope }} --window 起..止"},
		},
		{
			name: "SaidiMajorEventDay", severity: severityWarning, audience: audienceBureau, about: aboutValue,
			expr: `
max by (scope) (
  outage_day_saidi_seconds
  > outage_major_event_day_threshold_seconds
) / 3600`,
			summary: bilingual{
				"{scope}: today is a major event day, {value} hours a customer",
				"{scope}：今日为重大事件日，{value} 小时/户"},
			detail: bilingual{
				"The sustained interruptions that started on the running day have cost {value} hours a customer, above the threshold T_MED of {threshold} hours (IEEE Std 1366). The index set ieee-ex-med leaves the day out; what the policy judges does so only if the policy says so.",
				"今日开始的持续停电已累计 {value} 小时/户，超过重大事件日阈值 T_MED {threshold} 小时（IEEE Std 1366）。指标 ieee-ex-med 剔除该日；考核指标是否剔除以政策为准。"},
		},
	}
}

// asScope carries the id of an area in the label scope, as other alerts do.
func asScope(aggregate, labels, byArea string) string {
	return aggregate + " by (" + labels + `) (label_replace(` + byArea + `, "scope", "$1", "area", "(.+)"))`
}
