package dashboards

import "fmt"

// A bound is a quantile of where a year will end, by its probability.
type bound struct{ probability, zh, en string }

// bounds are those that hold nine futures of ten between them, with the middle.
func bounds() (low, middle, high bound) {
	return bound{"0.05", "年末低值", "year's end, low"}, bound{"0.5", "年末预测", "year's end, middle"}, bound{"0.95", "年末高值", "year's end, high"}
}

// projected is a quantile of the targets of the year that the reader chose.
func projected(b bound) string {
	return fmt.Sprintf(`max by (%s) (outage_target_projected_seconds{probability="%s",year="$year"})`, byTarget, b.probability)
}

// projectionColumns say where the year of each target will end.
func (t tongue) projectionColumns() []column {
	low, mid, high := bounds()
	hours := []property{decimals(2)}
	return []column{
		{title: t.say("超限概率", "P(miss)"), query: ofTarget("outage_target_miss_probability_ratio"), width: 95, look: []property{unit("percentunit"), decimals(0), least(0), most(1), colour(orange), gaugeCell()}},
		{title: t.say("年末预测", "Year's end, h"), query: inHours(projected(mid)), width: 105, look: hours},
		{title: t.say("低值", "Low"), query: inHours(projected(low)), width: 65, look: hours},
		{title: t.say("高值", "High"), query: inHours(projected(high)), width: 65, look: hours},
		{title: t.say("预计超限日", "Passes on"), query: ofTarget("outage_target_passes_timestamp_seconds") + " * 1000", width: 105, look: []property{unit("time:YYYY-MM-DD")}},
	}
}

// band shows how the projection of some targets narrowed as the year went: the
// middle of where it will end, and what nine of ten futures lie between. The
// matchers choose the targets.
func (t tongue) band(matchers string) []query {
	of := func(b bound) string {
		return inHours(fmt.Sprintf("max(%s)", lately(fmt.Sprintf(`outage_target_projected_seconds{%s,probability="%s"}`, matchers, b.probability))))
	}
	low, mid, high := bounds()
	edge := []property{colour(skyBlue), {"custom.lineWidth", 1}}
	filled := append([]property{{"custom.fillBelowTo", t.say(low.zh, low.en)}, {"custom.fillOpacity", 18}}, edge...)
	return []query{
		{of(low), t.say(low.zh, low.en), edge},
		{of(high), t.say(high.zh, high.en), filled},
		{of(mid), t.say(mid.zh, mid.en), []property{colour(orange)}},
	}
}

// riskLimits shows from which probability on a target is at risk, and off track.
func (t tongue) riskLimits(width int) panel {
	of := func(verdict string) string {
		return fmt.Sprintf(`max(outage_miss_probability_limit_ratio{verdict="%s"})`, verdict)
	}
	p := stat(width, t.say("超限概率的界限", "Limits of P(miss)"),
		t.say("超限概率超过这些界限时，结论为“有风险”和“偏离”（政策规定）。", "Above these probabilities of missing, the policy calls a target at risk, and off track."),
		[]property{unit("percentunit"), decimals(0), colour(plainColour)})
	for _, s := range states() {
		if code := string(s.verdict); code == "at-risk" || code == "off-track" {
			p = asked(p, true, []query{{expr: of(code), legend: t.verdict(s)}})
		}
	}
	return p
}

// baseStorm is the part that storms have in the base year of one scope and class,
// said aloud where it is as much as the reduction that is asked for.
func (t tongue) baseStorm() []query {
	const target = `scope="$scope",class="$class",rule="reduction",year="$year"`
	const share, asked = `outage_target_base_storm_ratio{` + target + `}`, `outage_target_required_reduction_ratio{` + target + `}`
	percent := []property{unit("percentunit"), decimals(1)}
	return []query{
		{fmt.Sprintf("max(%s < %s)", share, asked), t.say("基准年风暴日占比", "storms of the base year"), percent},
		{fmt.Sprintf("max(%s >= %s)", share, asked), t.say("风暴年！风暴日占比", "storm year! its storms"), append(percent, colour(orange))},
	}
}

// pooledBudgets lists what each area has of the budgets of pooled scopes.
func (t tongue) pooledBudgets() panel {
	of := func(metric string) string {
		return fmt.Sprintf(`max by (%s, area) (%s{year="$year"})`, byTarget, metric)
	}
	budget, left := of("outage_target_budget_member_customer_seconds"), of("outage_target_budget_member_remaining_customer_seconds")
	used := fmt.Sprintf("1 - %s / (%s > 0)", left, budget)
	count := []property{unit("locale"), decimals(0)}
	hidden := []column{{title: "scope", label: "scope", hidden: true}, {title: "class", label: "class", hidden: true}, {title: "area", label: "area", hidden: true}}
	return table(gridColumns, t.say("合并范围的预算分解到地区", "Budgets of pooled scopes, by area"),
		t.say("几个地区合并考核的时户数预算，按各地区的历史用量（不足时按用户数）分解，相加等于总预算；用得多的在前。没有合并范围的政策无数据。(may be empty)", "What each area has of a budget that several areas share: as much as history expects of it, or by its customers where there is too little. The parts add up to the whole; the most used first. Nothing where a policy pools no areas. (may be empty)"),
		t.say("已用", "Used"), true,
		append(hidden,
			column{title: t.say("范围", "Scope"), label: "scope_name"},
			column{title: t.say("地区特征", "Class"), label: "class_name", width: 110},
			column{title: t.say("强度", "Strength"), label: "strength", width: 110, look: []property{t.strengths()}},
			column{title: t.say("规则", "Rule"), label: "rule", width: 130, look: []property{t.rules()}},
			column{title: t.say("地区", "Area"), label: "area_name", width: 170},
			column{title: t.say("预算（时户）", "Budget, customer-hours"), query: inHours(t.withArea(t.withClass(t.withScope(budget)))), width: 190, look: count},
			column{title: t.say("已用", "Used"), query: used, width: 260, look: append([]property{unit("percentunit"), decimals(1), least(0), most(1.2), gaugeCell()}, steps(blue, step{exceeded, vermillion})...)},
			column{title: t.say("剩余（时户）", "Left, customer-hours"), query: inHours(left), width: 190, look: append(append(count, colouredCell()), steps(vermillion, step{0, plainColour})...)},
		)...)
}
