package dashboards

import "fmt"

// operations is the dashboard of a control room: who is out now, how fast the
// year's budget goes, and what is scheduled.
func (t tongue) operations() board {
	b := t.board("operations", t.say("正在发生的停电、限值消耗速度、已安排的停电和当日情况。", "Outages that are going on, how fast limits are used up, what is scheduled, and today."), "now-24h", "1m")
	b.Panels = place(
		band{4, t.outNow()},
		band{12, []panel{t.outByArea(), t.outCurve()}},
		band{4, t.burnLimits()},
		band{14, []panel{t.burning()}},
		band{4, t.spentTiles()},
		band{14, []panel{t.scheduledTable()}},
		band{13, []panel{t.today(), t.todayCurve()}},
	)
	return b
}

const (
	outByAreaQuery    = `sum by (area) (max by (area, class) (outage_interrupted_customers))`
	servedByAreaQuery = `sum by (area) (max by (area, class) (outage_served_customers))`
)

func (t tongue) outNow() []panel {
	const out, served = `sum(max by (area, class) (outage_interrupted_customers))`, `sum(max by (area, class) (outage_served_customers))`
	count := []property{unit("locale"), decimals(0), colour(plainColour)}
	crowded := fmt.Sprintf("count(%s / %s > on () group_left () max(outage_interrupted_customers_limit_ratio)) or vector(0)", outByAreaQuery, servedByAreaQuery)
	return []panel{
		stat(5, t.say("正在停电用户", "Customers out now"), t.say("统计截至时刻没有电的用户数。", "Customers without supply at as-of."), count, query{expr: out}),
		stat(5, t.say("占在册用户", "Of customers served"), t.say("正在停电的用户占在册用户的比例。", "Share of the customers in service that are without supply."),
			[]property{unit("percentunit"), decimals(2), colour(plainColour)}, query{expr: out + " / " + served}),
		stat(4, t.say("正在停电事件", "Outages going on"), t.say("统计截至时刻尚未恢复的停电。", "Outages that are not over at as-of."),
			[]property{decimals(0), colour(plainColour)}, query{expr: `sum(max by (area, class) (outage_active_events))`}),
		tiles(5, t.say("大面积停电地区", "Areas with many out"), t.say("停电用户比例超过设定限值的地区数。", "Areas where the share of customers out is above the limit that is configured."),
			append([]property{decimals(0)}, steps(green, step{1, vermillion})...), query{expr: crowded}),
		t.asOf(5),
	}
}

func (t tongue) outByArea() panel {
	limit := `max(outage_interrupted_customers_limit_ratio)`
	share := fmt.Sprintf("%s / %s", outByAreaQuery, servedByAreaQuery)
	count := []property{unit("locale"), decimals(0)}
	return table(12, t.say("各地区正在停电", "Out now by area"),
		t.say("停电用户多的在前。“比限值”为停电比例与设定限值之比，达到 100% 即大面积停电。点击地区查看详情。", "The most customers out first. Of limit: share of customers out as part of the configured limit; at 100 % it is many. Click an area for its details."),
		t.say("停电用户", "Customers out"), true,
		column{title: "area", label: "area", hidden: true},
		column{title: t.say("地区", "Area"), label: "area_name", look: []property{leads(t.say("地区详情", "Details"), "/d/"+t.uid("area")+"?var-area=${__data.fields.area}")}},
		column{title: t.say("停电用户", "Customers out"), query: t.withArea(outByAreaQuery), width: 125, look: count},
		column{title: t.say("在册用户", "Served"), query: servedByAreaQuery, width: 105, look: count},
		column{title: t.say("停电比例", "Share out"), query: share, width: 100, look: []property{unit("percentunit"), decimals(2)}},
		column{title: t.say("比限值", "Of limit"), query: fmt.Sprintf("%s / on () group_left () %s", share, limit), width: 170,
			look: append([]property{unit("percentunit"), decimals(0), least(0), most(1.2), gaugeCell()}, steps(green, step{0.5, orange}, step{1, vermillion})...)},
		column{title: t.say("停电事件", "Outages"), query: `sum by (area) (max by (area, class) (outage_active_events))`, width: 90, look: []property{decimals(0)}},
	)
}

func (t tongue) outCurve() panel {
	perArea := t.withArea(fmt.Sprintf(`sum by (area) (max by (area, class) (%s))`, lately("outage_interrupted_customers")))
	return curve(12, t.say("停电用户变化", "Customers out over time"), t.say("所选时间内各地区停电用户数，叠加显示。", "Customers without supply in each area over the time range, on top of each other."),
		[]property{unit("locale"), decimals(0), {fieldColour, object{"mode": "palette-classic"}}, {"custom.stacking", object{"mode": "normal", "group": "A"}}, {"custom.fillOpacity", 35}, {"custom.lineWidth", 1}},
		query{expr: perArea, legend: "{{area_name}}"})
}

func (t tongue) burnLimits() []panel {
	var panels []panel
	for _, w := range t.burnWindows() {
		expr := fmt.Sprintf(`count(max by (%[1]s, burn_window) (outage_target_burn_ratio{burn_window="%[2]s"}) > on (burn_window) group_left () max by (burn_window) (outage_burn_limit_ratio)) or vector(0)`, byTarget, w[0])
		panels = append(panels, tiles(4, t.say("消耗过快："+w[1], "Burning too fast: "+w[1]),
			t.say(w[1]+"的消耗速度超过政策预警线的目标数。", "Targets whose burn of "+w[1]+" is above the limit of the policy."), append([]property{decimals(0)}, steps(green, step{1, vermillion})...), query{expr: expr}))
		panels = append(panels, stat(4, t.say("预警线："+w[1], "Burn limit: "+w[1]),
			t.say("政策规定的预警线：1 表示恰好一年用完限值的速度。", "The limit of the policy: 1 is the speed that uses up the limit in exactly a year."),
			[]property{decimals(2), colour(plainColour)}, query{expr: fmt.Sprintf(`max(outage_burn_limit_ratio{burn_window="%s"})`, w[0])}))
	}
	return panels
}

// burnWindows are the spans over which burn is measured, with their names.
func (t tongue) burnWindows() [][2]string {
	return [][2]string{{"24h", t.say("24小时", "24 hours")}, {"7d", t.say("7天", "7 days")}, {"30d", t.say("30天", "30 days")}}
}

// shownBurns is how many targets the table of burns has.
const shownBurns = 12

// burning lists the targets that use up their limits fastest.
func (t tongue) burning() panel {
	against := fmt.Sprintf(`max by (%[1]s) (max by (%[1]s, burn_window) (outage_target_burn_ratio) / on (burn_window) group_left () max by (burn_window) (outage_burn_limit_ratio))`, byTarget)
	worst := fmt.Sprintf("topk(%d, %s)", shownBurns, against)
	columns := []column{
		{title: "scope", label: "scope", hidden: true}, {title: "class", label: "class", hidden: true},
		{title: t.say("范围", "Scope"), label: "scope_name"},
		{title: t.say("地区特征", "Class"), label: "class_name", width: 140},
		{title: t.say("强度", "Strength"), label: "strength", width: 120, look: []property{t.strengths()}},
		{title: t.say("规则", "Rule"), label: "rule", width: 140, look: []property{t.rules()}},
	}
	for _, w := range t.burnWindows() {
		columns = append(columns, column{
			title: w[1], width: 130, look: []property{decimals(2)},
			query: fmt.Sprintf(`max by (%[1]s) (outage_target_burn_ratio{burn_window="%[2]s"}) and on (%[1]s) %[3]s`, byTarget, w[0], worst),
		})
	}
	columns = append(columns, column{
		title: t.say("与预警线之比（最高）", "Of its limit, worst"), query: t.withClass(t.withScope(worst)), width: 340,
		look: append([]property{unit("percentunit"), decimals(0), least(0), most(1.5), gaugeCell()}, steps(green, step{0.8, orange}, step{1, vermillion})...),
	})
	return table(gridColumns, fmt.Sprintf(t.say("消耗最快的%d项目标", "The %d targets that burn fastest"), shownBurns),
		t.say("消耗速度：1 表示恰好一年用完限值。最右列是各时段中与预警线之比的最大值，超过 100% 应当处置。", "Burn: 1 uses up the limit in exactly a year. The last column is the largest share of a limit over the three spans; above 100 % something must be done."),
		t.say("与预警线之比（最高）", "Of its limit, worst"), true, columns...)
}

// inMinutes divides seconds by 60: the SAIDI of a day is minutes.
func inMinutes(promql string) string { return fmt.Sprintf("(%s) / 60", promql) }

func (t tongue) minutes() []property {
	return []property{unit("suffix:" + t.say("分钟/户", "min")), decimals(2)}
}

func (t tongue) today() panel {
	return bars(10, t.say("今日停电时间", "Outage time today"),
		t.say("当日每户平均停电分钟（IEEE 1366：只计持续停电，计入开始的那一天）。", "SAIDI of the running day in minutes (IEEE 1366: sustained interruptions, on the day on which they start)."),
		append(t.minutes(), least(0), colour(blue)), query{expr: fmt.Sprintf("sort_desc(%s)", t.withScope(inMinutes(`max by (scope) (outage_day_saidi_seconds)`))), legend: "{{scope_name}}"})
}

func (t tongue) todayCurve() panel {
	threshold := lately("outage_major_event_day_threshold_seconds")
	whole := fmt.Sprintf("max by (scope) (%s) and on (scope) max by (scope) (%s)", lately("outage_day_saidi_seconds"), threshold)
	return curve(14, t.say("今日停电时间与重大事件日界限", "Today against the major event day threshold"),
		t.say("全境当日每户平均停电分钟；超过界限的日子为重大事件日。(may be empty)", "SAIDI of the running day of the whole; a day above the threshold is a major event day. (may be empty)"),
		append(t.minutes(), least(0)),
		query{inMinutes(whole), t.say("当日累计", "so far today"), []property{colour(blue), {"custom.fillOpacity", 15}}},
		query{inMinutes(fmt.Sprintf("max by (scope) (%s)", threshold)), t.say("重大事件日界限", "major event day threshold"), []property{colour(vermillion), dashed()}},
	)
}
