package dashboards

import (
	"fmt"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/wording"
)

// compliance is the dashboard that an energy bureau reads: how many targets are
// met, which are in danger, and how one of them has come about.
func (t tongue) compliance() board {
	b := t.board("compliance", t.say("每项目标的结论、与限值的距离和全年进程。", "The verdict on every target, how far it is from its limit, and how the year went."), "now/y", "5m")
	b.Templating.List = append(b.Templating.List, t.index(), t.year(), t.scope(), t.class())
	b.Panels = place(
		band{5, []panel{t.counts(policy.Duty), t.counts(policy.Aspiration)}},
		band{3, []panel{t.asOf(6), t.dataThrough(6), t.policyName(8), t.synthetic(4)}},
		band{33, []panel{t.targets()}},
		heading(t.say("一项看全年：${scope:text} ${class:text}", "One through the year: ${scope:text}, ${class:text}")),
		band{11, []panel{t.yearCurve()}},
		band{5, []panel{t.sameAsLastYear(), t.budget(), t.riskLimits(5)}},
		heading(t.say("合并考核的范围", "Scopes of several areas")),
		band{14, []panel{t.pooledBudgets()}},
	)
	return b
}

// counts shows how many targets of a strength have each verdict.
func (t tongue) counts(s policy.Strength) panel {
	var queries []query
	for _, state := range states() {
		queries = append(queries, query{
			expr: fmt.Sprintf(`sum(max by (%s) (outage_target_verdict{strength="%s",verdict="%s",year="$year"})) or vector(0)`, byTarget, s, state.verdict),
			// No colour where there are none, so that only what is the case meets the eye.
			legend: t.verdict(state), look: steps(grey, step{1, state.colour}),
		})
	}
	word := t.language.Word(wording.Strength, string(s))
	p := tiles(12, t.say(word+"目标：项数", "Targets, "+word),
		t.say("$year 年“"+word+"”目标各结论的项数，最严重的在前；灰色表示没有。", "Number of "+word+" targets of $year with each verdict, the worst first; grey where there are none."),
		[]property{decimals(0)}, queries...)
	p.Options["text"] = object{"titleSize": 16, "valueSize": 48}
	return p
}

func (t tongue) asOf(width int) panel {
	return stat(width, t.say("统计截至", "As of"), t.say("统计到这一时刻为止。", "Everything is counted up to this instant."),
		[]property{unit("dateTimeAsIso"), colour(plainColour)}, query{expr: "max(outage_snapshot_as_of_timestamp_seconds) * 1000"})
}

func (t tongue) dataThrough(width int) panel {
	return stat(width, t.say("数据完整至", "Data through"), t.say("各地区均已申报完整的最后时刻；未申报的地区按统计截至时刻计。", "Up to here every area has declared its data to be whole; an area that declares nothing counts up to as-of."),
		[]property{unit("dateTimeAsIso"), colour(plainColour)}, query{expr: "min(outage_data_through_timestamp_seconds) * 1000"})
}

func (t tongue) policyName(width int) panel {
	return label(width, t.say("考核政策", "Policy"), t.say("所依据的政策文件。", "The policy that targets come from."),
		query{expr: fmt.Sprintf("max by (%s) (outage_policy_info)", t.nameLabel()), legend: "{{" + t.nameLabel() + "}}"})
}

func (t tongue) synthetic(width int) panel {
	return tiles(width, t.say("数据来源", "Kind of data"), t.say("只要有一条记录是模拟的，全部数字即为模拟数据。", "If a single row is made up, so is everything shown."),
		[]property{mapped(shown{"0", t.say("上报数据", "reported"), green}, shown{"1", t.say("模拟数据", "SYNTHETIC"), purple})},
		query{expr: "max(outage_snapshot_synthetic)"})
}

// targets is the table of every target, the most endangered first.
func (t tongue) targets() panel {
	used := fmt.Sprintf("%s / %s", ofTarget("outage_target_value_seconds"), ofTarget("outage_target_limit_seconds"))
	order := fmt.Sprintf("%[1]s * 1000 + (clamp_max(%[2]s, 999) or %[1]s * 0)", danger(), used)
	share := append([]property{unit("percentunit"), decimals(1), least(0), most(1.2), gaugeCell()}, steps(blue, step{exceeded, vermillion})...)
	columns := []column{
		{title: "danger", query: order, hidden: true},
		{title: "scope", label: "scope", hidden: true},
		{title: "class", label: "class", hidden: true},
		{title: t.say("结论", "Verdict"), query: t.withClass(t.withScope(danger())), width: 110, look: []property{t.verdicts(), filledCell(), align("left")}},
		{title: t.say("范围", "Scope"), label: "scope_name", look: []property{leads(t.say("看全年", "See its year"), "/d/"+t.uid("compliance")+"?var-scope=${__data.fields.scope}&var-class=${__data.fields.class}&var-year=${year}")}},
		{title: t.say("地区特征", "Class"), label: "class_name", width: 95},
		{title: t.say("强度", "Strength"), label: "strength", width: 90, look: []property{t.strengths()}},
		{title: t.say("规则", "Rule"), label: "rule", width: 105, look: []property{t.rules()}},
		{title: t.say("数值", "Value, h"), query: inHours(ofTarget("outage_target_value_seconds")), width: 75, look: []property{decimals(2)}},
		{title: t.say("限值", "Limit, h"), query: inHours(ofTarget("outage_target_limit_seconds")), width: 75, look: []property{decimals(2)}},
		{title: t.say("占限值", "Of limit"), query: used, width: 110, look: share},
		{title: t.say("同比压缩", "Reduction"), query: t.reduction(), width: 85, look: []property{unit("percentunit"), decimals(1)}},
		{title: t.say("要求", "Required"), query: ofTarget("outage_target_required_reduction_ratio"), width: 75, look: []property{unit("percentunit"), decimals(1)}},
		{title: t.say("剩余时户", "Budget left"), query: inHours(ofTarget("outage_target_budget_remaining_customer_seconds")), width: 95,
			look: append([]property{unit("locale"), decimals(0), colouredCell()}, steps(vermillion, step{0, plainColour})...)},
	}
	return table(gridColumns, t.say("全部目标", "Every target"),
		t.say("最危险的在前：先按结论，再按占限值的比例。数值、限值、年末预测及其低值和高值为每户平均停电小时，十次中有九次落在低值和高值之间；剩余时户为预算减去已用，负数表示超出。历史不足时没有预测。点击范围可在下方看全年。(may be empty)",
			"The most endangered first: by verdict, then by share of the limit. Value, limit and where the year will end are average outage hours of a customer; nine futures of ten lie between low and high. Budget left is in customer-hours, below zero once exceeded. No projection where there is too little history. Click a scope to see its year below. (may be empty)"),
		"danger", true, append(columns, t.projectionColumns()...)...)
}

// reduction is how much less a reduction has than its base year, and the scope and
// class of a cap than last year: in the same period, or of the whole year once a
// verdict is final.
func (t tongue) reduction() string {
	const final = `max(outage_target_verdict{verdict=~"met|missed",year="$year"}) == 1`
	const change = `(max by (scope, class) (outage_reduction_ratio{window="year"}) and on () (%[1]s)) or (max by (scope, class) (outage_reduction_ratio{window="ytd"}) unless on () (%[1]s))`
	return fmt.Sprintf("%s or %s * 0 + on (scope, class) group_left () (%s)", ofTarget("outage_target_reduction_ratio"), ofTarget("outage_target_value_seconds"), fmt.Sprintf(change, final))
}

// yearCurve shows how the value of one scope and class grew against its limits.
// A path has the colour of its limit.
func (t tongue) yearCurve() panel {
	of := func(metric, rule string) string {
		return inHours(fmt.Sprintf("max(%s)", lately(fmt.Sprintf(`%s{scope="$scope",class="$class",rule=~"%s",year="$year"}`, metric, rule))))
	}
	p := curve(gridColumns, t.say("累计停电时间与限值", "Outage time against its limit"),
		t.say("本年累计、限值、应有进度、上年同期和每一时刻对年末的预测（十次中有九次落在色带之内），均为每户平均小时。限值有两种：小时上限，以及压缩后的上年数值；不是每项都有两种。(may be empty)", "This year so far, limits, expected path, the same time of last year, and what was projected of the year's end at each time (nine futures of ten lie in the band), in average hours of a customer. A limit is a cap in hours, or what a reduction leaves of last year; not every scope has both. (may be empty)"),
		append(t.hours(), least(0)),
		query{of("outage_target_value_seconds", ".+"), t.say("本年累计", "this year"), []property{colour(blue), {"custom.lineWidth", 4}}},
		query{inHours(fmt.Sprintf("max(%s)", lately(`outage_saidi_seconds{scope="$scope",class="$class",index="$index",window="prior_ytd"}`))), t.say("上年同期", "last year"), []property{colour(grey)}})
	for _, rule := range []struct{ code, word, colour string }{{"cap", t.capWord(), vermillion}, {"reduction", t.reductionWord(), purple}} {
		p = asked(p, false, []query{
			{of("outage_target_limit_seconds", rule.code), t.say("限值：", "limit: ") + rule.word, []property{colour(rule.colour), dashed()}},
			{of("outage_target_expected_seconds", rule.code), t.say("应有进度：", "expected: ") + rule.word, []property{colour(rule.colour), dotted()}},
		})
	}
	return asked(p, false, t.band(`scope="$scope",class="$class",year="$year"`))
}

func (t tongue) sameAsLastYear() panel {
	// The whole year where no year runs: between its last instant and the next.
	of := func(metric, before, set string) string {
		return fmt.Sprintf(`max(%[1]s{scope="$scope",class="$class",window="%[2]sytd"%[3]s}) or max(%[1]s{scope="$scope",class="$class",window="%[2]syear"%[3]s})`, metric, before, set)
	}
	percent := []property{unit("percentunit"), decimals(1)}
	return asked(stat(12, t.say("与上年同期相比", "Against the same time of last year"),
		t.say("年内用截至目前的数值。压缩为正表示停电时间减少；没有上年数据时为空。风暴日占比是基准年停电时间中发生在重大事件日的部分，不小于要求的压缩比例即为风暴年：不作任何努力也会下降。(may be empty)", "While the year runs, up to as-of. A reduction above zero means less outage time; nothing where there is no data of last year. Storms are the part of the base year's outage time on major event days; from the reduction that is asked for on it was a storm year, after which any year is better without anybody's doing. (may be empty)"),
		append(t.hours(), colour(plainColour), t.withoutLastYear()),
		query{expr: inHours(of("outage_saidi_seconds", "", judged)), legend: t.say("本年至今", "this year so far")},
		query{expr: inHours(of("outage_saidi_seconds", "prior_", judged)), legend: t.say("上年同期", "same time of last year")},
		query{of("outage_reduction_ratio", "", ""), t.say("同比压缩", "reduction"), append(percent, steps(vermillion, step{0, green})...)},
	), true, t.baseStorm())
}

// budget shows how much of the customer-hours of one scope and class is used.
func (t tongue) budget() panel {
	used := func(rule string) string {
		of := func(metric string) string {
			return fmt.Sprintf(`max(%s{scope="$scope",class="$class",rule="%s",year="$year"})`, metric, rule)
		}
		return fmt.Sprintf("1 - %s / %s", of("outage_target_budget_remaining_customer_seconds"), of("outage_target_budget_customer_seconds"))
	}
	look := append([]property{unit("percentunit"), decimals(1), least(0), most(1.2)}, steps(blue, step{exceeded, vermillion})...)
	return bars(7, t.say("时户数预算已用", "Budget of customer-hours used"),
		t.say("预算为限值乘以全年等效用户数；超过 100% 即超支。(may be empty)", "The budget is the limit times the equivalent customers of the year; above 100 % it is overspent. (may be empty)"),
		look, query{expr: used("cap"), legend: t.capWord()}, query{expr: used("reduction"), legend: t.reductionWord()})
}
