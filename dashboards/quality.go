package dashboards

import "fmt"

// quality is the dashboard that says how far the numbers can be trusted.
func (t tongue) quality() board {
	b := t.board("quality", t.say("数据是否完整、及时、可信，程序是否正常。", "Whether the data is whole, fresh and sound, and the program well."), "now-24h", "1m")
	bands := []band{
		{4, t.health()},
		{4, t.trust()},
		{13, []panel{t.scopes()}},
		{7, []panel{t.sourceTable()}},
		{11, []panel{t.rejected(), t.uncountedTable()}},
		{11, []panel{t.outcomeTable(), t.suspicious()}},
		heading(t.say("程序", "The program")),
		{4, t.program()},
		{9, []panel{t.stepCurve(), t.groupCurve()}},
	}
	b.Panels = place(append(bands, t.storeBands()...)...)
	return b
}

func (t tongue) health() []panel {
	none := steps(green, step{1, vermillion})
	age := []property{unit("suffix:" + t.say("秒", "s")), decimals(0)}
	return []panel{
		tiles(4, t.say("中断的数据源", "Sources down"), t.say("上次读取失败的数据源数。", "Sources that could not be read when last looked at."), append([]property{decimals(0)}, none...),
			query{expr: "count(min by (source) (outage_source_up) == 0) or vector(0)"}),
		tiles(4, t.say("数据源故障", "Faults of sources"), t.say("无法读取的文件等，首页逐条列出。", "Files that cannot be read and the like, each named on the program's page."), append([]property{decimals(0)}, none...),
			query{expr: "sum(max by (source) (outage_source_faults))"}),
		tiles(4, t.say("过期的地区", "Areas with stale data"), t.say("数据落后于统计截至时刻超过限值的地区数。", "Areas whose data lags behind as-of by more than the limit."), append([]property{decimals(0)}, none...),
			query{expr: fmt.Sprintf("count(%s > on () group_left () max(outage_data_age_limit_seconds)) or vector(0)", areaAge)}),
		tiles(4, t.say("覆盖不足的地区", "Areas with gaps"), t.say("数据覆盖低于政策下限的地区数；未申报覆盖的不计入。", "Areas whose coverage is below the minimum of the policy; those that declare nothing are left out."), append([]property{decimals(0)}, none...),
			query{expr: "count(max by (area) (outage_coverage_ratio) < on () group_left () max(outage_coverage_minimum_ratio)) or vector(0)"}),
		stat(4, t.say("快照已有", "Age of the snapshot"), t.say("距上次计算完成的时间。", "Time since the numbers were last made."), append(age, steps(green, step{300, orange}, step{600, vermillion})...),
			query{expr: "time() - max(outage_snapshot_computed_timestamp_seconds)"}),
		tiles(4, t.say("配置重载", "Reload"), t.say("上次重新载入配置是否成功；失败时沿用原配置。", "Whether the last reload of the configuration worked; if not, the one before goes on."),
			[]property{yesNo(t.say("成功", "worked"), t.say("失败", "failed"))}, query{expr: "min(outage_config_last_reload_successful)"}),
	}
}

// areaAge is how far the data of each area lags behind as-of, in event time: the
// clock of the data may not be that of the wall.
const areaAge = `(scalar(max(outage_snapshot_as_of_timestamp_seconds)) - max by (area) (outage_data_through_timestamp_seconds))`

// rowsRead is what became of the rows read since the program started, by source;
// a second exporter reads the same rows.
func rowsRead(matchers string) string {
	return fmt.Sprintf("max by (source, outcome, reason) (outage_ingest_rows_total%s)", matchers)
}

func (t tongue) trust() []panel {
	plain := colour(plainColour)
	return []panel{
		stat(4, t.say("未恢复的记录", "Open rows"), t.say("截止时仍在停电的记录数。", "Rows without an end that are still out."), []property{unit("locale"), decimals(0), plain}, query{expr: "max(outage_open_events)"}),
		stat(4, t.say("长期未填恢复时间", "Stale open rows"), t.say("停电过久、可能漏填恢复时间的记录数。", "Rows open for so long that their end is probably missing."),
			append([]property{decimals(0)}, steps(plainColour, step{1, vermillion})...), query{expr: "max(outage_stale_open_events)"}),
		stat(4, t.say("未采用比例", "Share rejected"), t.say("程序启动以来读入的记录中未采用的比例。", "Share of the rows read since the program started that were rejected."),
			[]property{unit("percentunit"), decimals(2), plain}, query{expr: fmt.Sprintf("sum(%s) / sum(%s)", rowsRead(`{outcome="rejected"}`), rowsRead(""))}),
		stat(3, t.say("未采用上限", "Most rejected"), t.say("政策允许判定达标的未采用比例上限。", "The largest share of rejected rows with which the policy lets a target be met."),
			[]property{unit("percentunit"), decimals(2), plain}, query{expr: "max(outage_rejected_rows_maximum_ratio)"}),
		t.asOf(5), t.synthetic(4),
	}
}

// scopes shows how whole and how fresh the data of every scope is, which is that
// of its worst member.
func (t tongue) scopes() panel {
	worst := func(aggregate, perArea string) string {
		return fmt.Sprintf(`%s by (scope) (max by (scope, area) (outage_scope_member_info) * on (area) group_left () %s)`, aggregate, perArea)
	}
	const limit = `max(outage_data_age_limit_seconds)`
	age, coverage := worst("max", areaAge), worst("min", "max by (area) (outage_coverage_ratio)")
	share := []property{unit("percentunit"), decimals(2)}
	return table(gridColumns, t.say("各范围数据", "Data of every scope"),
		t.say("数据落后统计截至时刻的小时数及覆盖率；组合取最差的成员，未申报覆盖的成员不计入覆盖率。", "How many hours the data lags behind as-of, and its coverage; a group has those of its worst member. Areas that declare no coverage are left out of it."),
		t.say("落后（小时）", "Behind, h"), true,
		column{title: t.say("范围", "Scope"), label: "scope_name"},
		column{title: t.say("数据完整至", "Data through"), query: worst("min", "max by (area) (outage_data_through_timestamp_seconds)") + " * 1000", width: 200, look: []property{unit("dateTimeAsIso")}},
		column{title: t.say("落后（小时）", "Behind, h"), query: t.withScope(inHours(age)), width: 140, look: []property{decimals(1)}},
		column{title: t.say("限值（小时）", "Limit, h"), query: inHours(fmt.Sprintf("%s * 0 + on () group_left () %s", age, limit)), width: 120, look: []property{decimals(1)}},
		column{title: t.say("占限值", "Of limit"), query: fmt.Sprintf("%s / on () group_left () %s", age, limit), width: 260,
			look: append([]property{unit("percentunit"), decimals(0), least(0), most(1.2), gaugeCell()}, steps(green, step{0.8, orange}, step{1, vermillion})...)},
		column{title: t.say("覆盖率", "Coverage"), query: coverage, width: 130, look: share},
		column{title: t.say("覆盖下限", "Minimum"), query: fmt.Sprintf("%s * 0 + on () group_left () max(outage_coverage_minimum_ratio)", coverage), width: 120, look: share},
		column{title: t.say("覆盖", "Covered"), query: fmt.Sprintf("%s >= bool on () group_left () max(outage_coverage_minimum_ratio)", coverage), width: 150,
			look: []property{yesNo(t.say("足够", "enough"), t.say("不足", "too little")), colouredCell()}},
		column{title: "scope", label: "scope", hidden: true},
	)
}

func (t tongue) sourceTable() panel {
	of := func(metric string) string { return fmt.Sprintf("max by (source) (%s)", metric) }
	rows := func(outcome string) string {
		return fmt.Sprintf("sum by (source) (%s)", rowsRead(fmt.Sprintf(`{outcome="%s"}`, outcome)))
	}
	count := []property{unit("locale"), decimals(0)}
	return table(gridColumns, t.say("数据源", "Sources"), t.say("每个数据源的状态、最近事件和读取情况；记录数自程序启动起计。", "How each source is, its latest outage and how reading went; rows since the program started."),
		t.say("数据源", "Source"), false,
		column{title: t.say("数据源", "Source"), label: "source"},
		column{title: t.say("状态", "State"), query: "min by (source) (outage_source_up)", width: 110, look: []property{yesNo(t.say("正常", "up"), t.say("中断", "down")), filledCell(), align("left")}},
		column{title: t.say("故障", "Faults"), query: of("outage_source_faults"), width: 90, look: append([]property{decimals(0), colouredCell()}, steps(plainColour, step{1, vermillion})...)},
		column{title: t.say("最近停电开始", "Latest outage"), query: of("outage_latest_event_timestamp_seconds") + " * 1000", width: 200, look: []property{unit("dateTimeAsIso")}},
		column{title: t.say("上次成功（秒前）", "Last success, s ago"), query: "time() - " + of("outage_ingest_last_success_timestamp_seconds"), width: 170, look: count},
		column{title: t.say("读取用时（秒）", "Reading, s"), query: of("outage_ingest_duration_seconds"), width: 140, look: []property{decimals(2)}},
		column{title: t.language.Say("rows.accepted"), query: rows("accepted"), width: 130, look: count},
		column{title: t.language.Say("rows.rejected"), query: rows("rejected"), width: 130, look: count},
	)
}

func (t tongue) rejected() panel {
	return table(17, t.say("未采用的记录", "Rejected rows"), t.say("不可能成立、因而未计入的记录，按原因，附处理办法。(may be empty)", "Rows that do not count because they are impossible, by reason, with what to do. (may be empty)"),
		t.say("行数", "Rows"), true,
		column{title: t.say("原因", "Reason"), label: "reason", width: 280, look: []property{t.rejections()}},
		column{title: t.say("行数", "Rows"), width: 90, look: []property{unit("locale"), decimals(0)},
			query: `label_replace(max by (reason) (outage_rejected_rows) > 0, "advice", "$1", "reason", "(.+)")`},
		column{title: t.say("处理办法", "What to do"), label: "advice", look: []property{t.advice()}},
	)
}

func (t tongue) suspicious() panel {
	return table(10, t.say("存疑的记录", "Suspicious rows"), t.say("已计入但有疑问的记录，按疑点。(may be empty)", "Rows that count and about which something is odd, by what it is. (may be empty)"),
		t.say("行数", "Rows"), true,
		column{title: t.say("疑点", "What is odd"), label: "reason", look: []property{t.flags()}},
		column{title: t.say("行数", "Rows"), query: "max by (reason) (outage_suspicious_rows) > 0", width: 90, look: []property{unit("locale"), decimals(0)}},
	)
}

func (t tongue) outcomeTable() panel {
	all := fmt.Sprintf("sum by (outcome) (%s)", rowsRead(""))
	return table(14, t.say("读入的记录", "Rows read"), t.say("程序启动以来读入的记录的去向，以及所选时间内的新增。", "What became of the rows read since the program started, and those of the time range."),
		t.say("启动以来", "Since the start"), true,
		column{title: t.say("去向", "Outcome"), label: "outcome", look: []property{t.outcomes()}},
		column{title: t.say("启动以来", "Since the start"), query: all, width: 150, look: []property{unit("locale"), decimals(0)}},
		column{title: t.say("占比", "Share"), query: fmt.Sprintf("%s / on () group_left () sum(%s)", all, rowsRead("")), width: 240, look: []property{unit("percentunit"), decimals(1), least(0), most(1), colour(blue), gaugeCell()}},
		column{title: t.say("所选时间内", "In the time range"), query: `sum by (outcome) (max by (source, outcome, reason) (increase(outage_ingest_rows_total[$__range])))`, width: 150, look: []property{unit("locale"), decimals(0)}},
	)
}

func (t tongue) uncountedTable() panel {
	return table(7, t.say("未计入的时户数", "Customer-hours not counted"), t.say("已采用的记录所述、但没有计入的时户数。", "Customer-hours that accepted rows speak of and that do not count."),
		t.say("时户数", "Customer-hours"), true,
		column{title: t.say("原因", "Why"), label: "reason", look: []property{t.uncounted()}},
		column{title: t.say("时户数", "Customer-hours"), query: inHours("max by (reason) (outage_uncounted_customer_seconds)"), width: 140, look: []property{unit("locale"), decimals(0)}},
	)
}

func (t tongue) program() []panel {
	plain := colour(plainColour)
	return []panel{
		label(5, t.say("程序版本", "Version"), t.say("正在运行的版本。", "The version that runs."), query{expr: `max by (version) (label_replace(outage_build_info, "version", "devel", "version", ""))`, legend: "{{version}}"}),
		t.policyName(9),
		stat(5, t.say("上次计算完成", "Last computed"), t.say("上次计算完成的时刻，实际时钟。", "When the numbers were last made, wall time."), []property{unit("dateTimeAsIso"), plain},
			query{expr: "max(outage_snapshot_computed_timestamp_seconds) * 1000"}),
		stat(5, t.say("上次载入配置", "Configuration loaded"), t.say("上次成功载入配置的时刻，实际时钟。", "When a reload of the configuration last worked, wall time."), []property{unit("dateTimeAsIso"), plain},
			query{expr: "max(outage_config_last_reload_success_timestamp_seconds) * 1000"}),
	}
}

func (t tongue) stepCurve() panel {
	of := func(step string) string {
		return fmt.Sprintf(`max(%s)`, lately(fmt.Sprintf(`outage_snapshot_duration_seconds{step="%s"}`, step)))
	}
	return curve(12, t.say("计算用时", "Making a snapshot"), t.say("每次计算各步骤的用时；没有读取时无该项。(may be empty)", "How long each step of making a snapshot took; nothing of a step that was not needed. (may be empty)"),
		[]property{unit("suffix:" + t.say("秒", "s")), decimals(2), {"custom.stacking", object{"mode": "normal", "group": "A"}}, {"custom.fillOpacity", 35}, {"custom.lineWidth", 1}},
		query{of("read"), t.say("读取", "read"), []property{colour(skyBlue)}},
		query{of("count"), t.say("计算", "count"), []property{colour(green)}},
		query{of("build"), t.say("汇总", "build"), []property{colour(orange)}},
	)
}

func (t tongue) groupCurve() panel {
	return curve(12, t.say("重新计算的线路", "Feeders counted again"), t.say("每小时重新计算了停电的线路次数。", "How often the outages of a feeder were counted again, per hour."),
		[]property{unit("suffix:" + t.say("次/时", "per h")), decimals(0), {"custom.fillOpacity", 15}},
		query{"max(rate(outage_groups_recomputed_total[$__rate_interval])) * 3600", t.say("重算次数", "recounts"), []property{colour(blue)}})
}
