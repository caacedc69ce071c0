package dashboards

import "fmt"

// ofBudget matches the one target whose budget the dashboard of an area shows.
const ofBudget = `scope="$area",class="$class",rule="$rule",year="$year"`

// budgetBands are the year and the budget of customer-hours (时户数预算) of one
// target of the area.
func (t tongue) budgetBands() []band {
	return []band{
		heading(t.say("时户数预算：${area:text} ${class:text}，${rule:text}", "Budget of customer-hours: ${area:text}, ${class:text}, ${rule:text}")),
		{4, t.budgetStats()},
		{11, []panel{t.budgetCurve()}},
		{10, []panel{t.budgetMonths(), t.budgetParts(), t.budgetBurn()}},
	}
}

func (t tongue) budgetStats() []panel {
	one := func(metric string) string { return fmt.Sprintf("max(%s{%s})", metric, ofBudget) }
	hours := []property{unit("locale"), decimals(0)}
	plain, left := append(hours, colour(plainColour)), append(hours, steps(vermillion, step{0, plainColour})...)
	return []panel{
		stat(4, t.say("预算（时户）", "Budget"), t.say("全年时户数预算：限值乘以全年等效用户数。(may be empty)", "Customer-hours of the year: the limit times the equivalent customers. (may be empty)"),
			plain, query{expr: inHours(one("outage_target_budget_customer_seconds"))}),
		stat(4, t.say("剩余（时户）", "Left"), t.say("预算减去已用；负数为超支。(may be empty)", "Budget less what is used, in customer-hours; below zero it is overspent. (may be empty)"),
			left, query{expr: inHours(one("outage_target_budget_remaining_customer_seconds"))}),
		stat(4, t.say("已安排（时户）", "Scheduled"), t.say("已上报、年内尚未发生的预安排停电。先算后停。(may be empty)", "Customer-hours of pre-arranged outages that are told and still to come this year. (may be empty)"),
			plain, query{expr: inHours(fmt.Sprintf(`max(outage_target_scheduled_customer_seconds{%s,part="pre-arranged"})`, ofBudget))}),
		stat(4, t.say("超限概率", "P(miss)"), t.say("全年数值超过限值的概率。(may be empty)", "Probability that the value of the year will be above the limit. (may be empty)"),
			[]property{unit("percentunit"), decimals(0), colour(plainColour)}, query{expr: one("outage_target_miss_probability_ratio")}),
		stat(4, t.say("预计超限日", "Passes on"), t.say("从这一天起，限值已被超过的可能性大于一半；年内不会或已经超过时为空。(may be empty)", "The day from which on the limit is more likely passed than not; nothing where it is not by the year's end, or was passed already. (may be empty)"),
			[]property{unit("time:YYYY-MM-DD"), colour(plainColour), noValue(t.say("无", "none"))}, query{expr: one("outage_target_passes_timestamp_seconds") + " * 1000"}),
		stat(4, t.say("本年水平", "Level"), t.say("本年与往年相比的水平，预测所用；1 为相同。(may be empty)", "This year against the years before, as the projection takes it; 1 is the same. (may be empty)"),
			[]property{decimals(2), colour(plainColour)}, query{expr: one("outage_target_level_ratio")}),
	}
}

// budgetCurve shows the year of the target: how it came here, and where it will end.
func (t tongue) budgetCurve() panel {
	of := func(metric string) string {
		return inHours(fmt.Sprintf("max(%s)", lately(metric+"{"+ofBudget+"}")))
	}
	p := curve(gridColumns, t.say("全年进程与年末预测", "The year, and where it will end"),
		t.say("本年累计、应有进度和限值，以及每一时刻对全年数值的预测：十次中有九次落在色带之内。均为每户平均小时。(may be empty)", "This year so far, the expected path and the limit, and what was projected of the whole year at each time: nine futures of ten lie in the band. Average hours of a customer. (may be empty)"),
		append(t.hours(), least(0)), t.band(ofBudget)...)
	return asked(p, false, []query{
		{of("outage_target_value_seconds"), t.say("本年累计", "this year"), []property{colour(blue), {"custom.lineWidth", 4}}},
		{of("outage_target_expected_seconds"), t.say("应有进度", "expected"), []property{colour(purple), dotted()}},
		{of("outage_target_limit_seconds"), t.say("限值", "limit"), []property{colour(vermillion), dashed()}},
	})
}

// budgetParts shows what is set aside for pre-arranged outages and for the rest, and
// what is left of each.
func (t tongue) budgetParts() panel {
	of := func(metric string) string { return fmt.Sprintf("max by (part) (%s{%s})", metric, ofBudget) }
	budget, left := of("outage_target_budget_part_customer_seconds"), of("outage_target_budget_part_remaining_customer_seconds")
	count := []property{unit("locale"), decimals(0)}
	return table(8, t.say("预安排和故障的预算", "Budget of pre-arranged outages and faults"),
		t.say("预算分为预安排和故障（含性质不明）两部分，份额由政策规定，或取自历史，单位时户。已安排：已上报的预安排停电，以及正在发生的停电到预计恢复为止的部分，尚未从剩余中扣除。(may be empty)", "The budget in two parts, pre-arranged outages and faults (with what is unknown), in the share that the policy sets or history gives, in customer-hours. To come: pre-arranged outages that are told already, and outages under way until the end that is told of them; not taken off what is left. (may be empty)"),
		t.say("部分", "Part"), true,
		column{title: t.say("部分", "Part"), label: "part", width: 105, look: []property{mapped(shown{"pre-arranged", t.say("预安排", "pre-arranged"), ""}, shown{"fault", t.say("故障", "faults"), ""})}},
		column{title: t.say("预算", "Budget"), query: inHours(budget), width: 85, look: count},
		column{title: t.say("已用", "Used"), query: fmt.Sprintf("1 - %s / (%s > 0)", left, budget), width: 120,
			look: append([]property{unit("percentunit"), decimals(0), least(0), most(1.2), gaugeCell()}, steps(blue, step{exceeded, vermillion})...)},
		column{title: t.say("剩余", "Left"), query: inHours(left), width: 85, look: append(append(count, colouredCell()), steps(vermillion, step{0, plainColour})...)},
		column{title: t.say("已安排", "To come"), query: inHours(of("outage_target_scheduled_customer_seconds")), width: 80, look: count},
	)
}

// budgetMonths compares what each month has of the budget with what it used.
func (t tongue) budgetMonths() panel {
	p := barChart(12, t.say("各月预算与已用", "Budget and use by month"),
		t.say("年度预算按历史季节规律分到各月，与当月已用并列，单位时户；只有进行中的年度有数据。(may be empty)", "What each month has of the budget by the season of history, beside what it used, in customer-hours; of the running year only. (may be empty)"),
		[]property{unit("locale"), decimals(0), least(0)})
	budget, used := t.say("预算", "budget"), t.say("已用", "used")
	for i, metric := range []string{"outage_target_budget_month_customer_seconds", "outage_target_budget_month_used_customer_seconds"} {
		p.Targets = append(p.Targets, target{RefID: refID(i), Datasource: chosen(), Expr: inHours(fmt.Sprintf("max by (month) (%s{%s})", metric, ofBudget)), Format: "table", Instant: true, EditorMode: "code"})
	}
	p.Transformations = []transformation{
		{"merge", object{}},
		{"sortBy", object{"sort": []object{{"field": "month"}}}},
		{arranging, object{"excludeByName": object{"Time": true}, "indexByName": object{"month": 0, valueField(0, 2): 1, valueField(1, 2): 2}, "renameByName": object{valueField(0, 2): budget, valueField(1, 2): used}}},
	}
	p.FieldConfig.Overrides = append(p.FieldConfig.Overrides,
		override{matcher{"byName", budget}, []property{colour(grey)}}, override{matcher{"byName", used}, []property{colour(blue)}})
	return p
}

// budgetBurn shows how fast the budget was used lately, against the policy's limits.
func (t tongue) budgetBurn() panel {
	var queries []query
	for _, w := range t.burnWindows() {
		queries = append(queries, query{
			expr:   fmt.Sprintf(`max(outage_target_burn_ratio{%s,burn_window="%s"}) / max(outage_burn_limit_ratio{burn_window="%[2]s"})`, ofBudget, w[0]),
			legend: w[1],
		})
	}
	return bars(4, t.say("消耗速度与预警线之比", "Burn, of its limit"),
		t.say("截止时间之前各时段的预算消耗速度，与政策预警线之比；超过 100% 应当处置。(may be empty)", "How fast the budget was used in each span before as-of, as part of the policy's limit; above 100 % something must be done. (may be empty)"),
		append([]property{unit("percentunit"), decimals(0), least(0), most(1.5)}, steps(green, step{0.8, orange}, step{1, vermillion})...), queries...)
}
