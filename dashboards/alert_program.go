package dashboards

import "fmt"

// oldestSnapshot is how long ago the last snapshot may have been made, in
// seconds of wall time: many times what making one takes.
const oldestSnapshot = 600

// programAlerts are of the exporter itself.
func programAlerts(o RuleOptions) []alert {
	return []alert{
		{
			name: "SaidiExporterDown", hold: "5m", severity: severityCritical, audience: audienceOperator, about: aboutProgram,
			expr: fmt.Sprintf("max by (job) (up{job=%[1]q}) == 0\nor absent(up{job=%[1]q})", o.Job),
			summary: bilingual{
				"No exporter of job {{ $labels.job }} answers",
				"任务 {{ $labels.job }} 的导出程序没有应答"},
			detail: bilingual{
				"Nothing is shown and no other alert can fire. Alerts that were firing look resolved and are not.",
				"没有任何数据，其他告警也无从触发。此前的告警看似恢复，其实没有。"},
		},
		{
			name: "SaidiSnapshotMissing", hold: "5m", severity: severityCritical, audience: audienceOperator, about: aboutProgram,
			expr: fmt.Sprintf("max by (job) (up{job=%q}) == 1\nunless on ()\noutage_snapshot_computed_timestamp_seconds", o.Job),
			summary: bilingual{
				"The exporter of job {{ $labels.job }} answers and has nothing to show",
				"任务 {{ $labels.job }} 的导出程序有应答，但没有结果"},
			detail: bilingual{
				"It has not made its first snapshot, so that no alert about figures can fire. Its log and its page say why.",
				"尚未算出第一份结果，有关数值的告警无从触发。原因见其日志和页面。"},
		},
		{
			name: "SaidiSnapshotOld", hold: "5m", severity: severityCritical, audience: audienceOperator, about: aboutProgram,
			expr: fmt.Sprintf("max(time() - outage_snapshot_computed_timestamp_seconds) > %d", oldestSnapshot),
			summary: bilingual{
				"The figures were worked out {{ $value | humanizeDuration }} ago",
				"数值是 {{ $value | humanizeDuration }} 之前算出的"},
			detail: bilingual{
				"The exporter answers, with a snapshot that is not renewed. What is out now and what is used of each limit are of then; alerts about figures are held back.",
				"导出程序有应答，但结果没有更新。当前停电和限值使用情况都停在那时；有关数值的告警暂被抑制。"},
		},
		storeFaulty(),
		storeBehind(),
		{
			name: "SaidiConfigReloadFailed", expr: "min(outage_config_last_reload_successful) == 0", severity: severityWarning, audience: audienceOperator, about: aboutProgram,
			summary: bilingual{
				"The exporter could not load its changed configuration",
				"导出程序未能加载修改后的配置"},
			detail: bilingual{
				"It goes on with the one before, and will not start with this one. saidi check --config names every mistake with its place.",
				"程序仍按原配置运行；若重启，将无法以现配置启动。saidi check --config 列出每处错误。"},
		},
	}
}
