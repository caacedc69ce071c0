package dashboards

import "fmt"

// dataAge is how far each area's data lags behind as-of, in event time.
const dataAge = `
  outage_snapshot_as_of_timestamp_seconds
  - ignoring (area) group_right ()
  outage_data_through_timestamp_seconds
`

// dataStale finds the scopes with a member whose data is too old.
const dataStale = `
max by (scope) (
  outage_scope_member_info
  * ignoring (scope) group_left ()
  (
    (` + dataAge + `)
    > ignoring (area) group_left ()
    outage_data_age_limit_seconds
  )
) / 3600`

// fewestRejected is how many rows have to be rejected within an hour before
// their share says anything.
const fewestRejected = 5

// newRows counts the rows of the last hour by source. A counter that was not
// there an hour ago began at zero, which increase cannot know.
func newRows(outcomes string) string {
	rows := fmt.Sprintf("outage_ingest_rows_total{outcome=~%q}", outcomes)
	return fmt.Sprintf(`sum by (source) ((%[1]s unless %[1]s offset 1h) or increase(%[1]s[1h]))`, rows)
}

// rejectsRising finds the sources of which too large a share of rows was
// rejected in the last hour.
func rejectsRising() string {
	rejected := newRows("rejected")
	return fmt.Sprintf(`
(
  %s
  / %s
  > on () group_left ()
  max(outage_rejected_rows_maximum_ratio)
)
and on (source)
%s >= %d`, rejected, newRows("accepted|rejected"), rejected, fewestRejected)
}

// dataAlerts are of what the figures are made of.
func dataAlerts() []alert {
	return []alert{
		{
			name: "SaidiDataStale", expr: dataStale, severity: severityWarning, audience: audienceOperator, about: aboutData,
			summary: bilingual{
				"{scope}: the data ends {value} hours before as-of",
				"{scope}：数据滞后 {value} 小时"},
			detail: bilingual{
				"Deliveries declare nothing of {scope}, or of a member of it, for the last {value} hours before as-of; the configured limit is {age-limit}. Outages since then are unknown, so that its figures look better than they are, and its other alerts are held back.",
				"{scope}（或其成员地区）截止时间之前 {value} 小时没有声明覆盖的数据，配置的限度为 {age-limit} 小时。此后的停电未知，数值偏好，该范围的其他告警暂被抑制。"},
		},
		{
			name: "SaidiSourceFailing", expr: "min by (source) (outage_source_up) == 0", hold: "5m", severity: severityWarning, audience: audienceOperator, about: aboutData,
			summary: bilingual{
				"Source {{ $labels.source }} or one of its files cannot be read",
				"数据源 {{ $labels.source }} 或其中的文件无法读取"},
			detail: bilingual{
				"What was read before still counts, and nothing new does. The page of the exporter names the faults.",
				"此前读入的数据仍然有效，新数据进不来。导出程序页面列有故障。"},
		},
		{
			name: "SaidiSourceSilent", hold: "5m", severity: severityWarning, audience: audienceOperator, about: aboutData,
			expr: `
max by (source) (
  time() - outage_ingest_last_success_timestamp_seconds
  > ignoring (source) group_left ()
  outage_data_age_limit_seconds
) / 3600`,
			summary: bilingual{
				"Source {{ $labels.source }}: nothing was heard of it for {value} hours",
				"数据源 {{ $labels.source }}：{value} 小时没有成功读取"},
			detail: bilingual{
				"It was last looked at with success {value} hours ago; the configured limit is {age-limit}. Whoever sends it may have stopped.",
				"上次成功读取在 {value} 小时之前，配置的限度为 {age-limit} 小时。发送方可能已经停止。"},
		},
		sourceBacklog(),
		pushesFailing(),
		{
			name: "SaidiRejectsRising", expr: rejectsRising(), severity: severityWarning, audience: audienceOperator, about: aboutData,
			summary: bilingual{
				"Source {{ $labels.source }}: {percent} of the rows of the last hour were rejected",
				"数据源 {{ $labels.source }}：最近一小时 {percent} 的记录未被采用"},
			detail: bilingual{
				"The policy lets a target be met with {rejected-maximum} of the rows at most; with more, verdicts become \"cannot tell\". saidi check names each row and what to do about it.",
				"政策允许的最大比例为 {rejected-maximum}，超过则目标“无法判定”。saidi check 列出每条记录和处理办法。"},
		},
		{
			name: "SaidiCoverageLow", severity: severityWarning, audience: audienceOperator, about: aboutData,
			expr: asScope("min", "policy, scope", "\n  outage_coverage_ratio\n  < ignoring (policy, area) group_left (policy)\n  outage_coverage_minimum_ratio\n"),
			summary: bilingual{
				"{scope}: only {percent} of the year so far is covered by deliveries",
				"{scope}：本年至今仅 {percent} 的时间有数据覆盖"},
			detail: bilingual{
				"The policy lets a target be met from {coverage-minimum} on; below it, \"met\" and \"on track\" become \"cannot tell\". The gaps: the dashboard Data quality, or saidi report.",
				"政策要求至少 {coverage-minimum}；不足时“达标”和“进度正常”变为“无法判定”。缺口见“数据质量”面板或 saidi report。"},
		},
	}
}
