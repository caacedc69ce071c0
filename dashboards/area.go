package dashboards

import "fmt"

// area is the dashboard of one area: how its average comes about.
func (t tongue) area() board {
	b := t.board("area", t.say("一个地区的停电时间由什么构成：地区特征、停电性质、原因、线路和月份，以及一项目标的预算和年末预测。", "What the outage time of one area is made of: classes, natures, causes, feeders and months; and the budget of one target, with where its year will end."), "now-30d", "5m")
	b.Templating.List = append(b.Templating.List, t.index(), t.areas(), t.window(), t.year(), t.classOf("$area"), t.rule())
	bands := []band{{4, t.areaIndices()}, {10, []panel{t.classes()}}}
	bands = append(bands, t.budgetBands()...)
	bands = append(bands, heading(t.say("${area:text}的停电由什么构成", "What the outages of ${area:text} are made of")),
		band{14, []panel{t.natureTable()}},
		band{11, []panel{t.months(), t.indexTable()}},
		band{14, []panel{t.causeTable(), t.feeders()}},
		band{14, []panel{t.repeats()}},
	)
	b.Panels = place(bands...)
	return b
}

// ofArea is an index of all classes of the area in a window: $window, or
// prior_$window for the year before.
func ofArea(metric, window string, more string) string {
	return fmt.Sprintf(`max(%s{scope="$area",class="all",window="%s"%s})`, metric, window, more)
}

// judged chooses the index set that the policy judges by.
const judged = `,index="$index"`

func (t tongue) areaIndices() []panel {
	plain := colour(plainColour)
	percent := []property{unit("percentunit"), decimals(1), t.withoutLastYear()}
	return []panel{
		stat(3, t.say("停电时间 SAIDI", "SAIDI"), t.say("所选时段每户平均停电小时，按考核指标。", "Average outage hours of a customer in the period, by the index that is judged."),
			append(t.hours(), plain), query{expr: inHours(ofArea("outage_saidi_seconds", "$window", judged))}),
		stat(3, t.say("上年同期", "Last year"), t.say("上年同一时段的每户平均停电小时。(may be empty)", "The same of the same period of the year before. (may be empty)"),
			append(t.hours(), plain, t.withoutLastYear()), query{expr: inHours(ofArea("outage_saidi_seconds", "prior_$window", judged))}),
		stat(3, t.say("同比压缩", "Reduction"), t.say("比上年同期减少的比例，负数为增加。(may be empty)", "By how much it is less than last year; below zero it is more. (may be empty)"),
			append(percent, steps(vermillion, step{0, green})...), query{expr: ofArea("outage_reduction_ratio", "$window", "")}),
		stat(3, t.say("停电次数 SAIFI", "SAIFI"), t.say("每户平均停电次数。", "Average number of interruptions of a customer."),
			append(t.times(), plain), query{expr: ofArea("outage_saifi", "$window", judged)}),
		stat(3, t.say("次均时间 CAIDI", "CAIDI"), t.say("每次停电的平均小时。", "Average hours of an interruption."),
			[]property{unit("suffix:" + t.say("小时/次", "h")), decimals(2), plain}, query{expr: inHours(ofArea("outage_caidi_seconds", "$window", judged))}),
		stat(3, t.say("短时停电 MAIFI", "MAIFI"), t.say("每户平均短时停电次数。", "Average number of momentary interruptions of a customer."),
			append(t.times(), plain), query{expr: ofArea("outage_maifi", "$window", "")}),
		stat(3, t.say("可靠率 ASAI", "ASAI"), t.say("有电时间占全部时间的比例。", "Share of the time with supply."),
			[]property{unit("percentunit"), decimals(3), plain}, query{expr: ofArea("outage_asai_ratio", "$window", "")}),
		stat(3, t.say("在册用户", "Customers"), t.say("统计截至时刻的在册用户数。", "Customers in service at as-of."),
			[]property{unit("locale"), decimals(0), plain}, query{expr: `sum(max by (area, class) (outage_served_customers{area="$area"}))`}),
	}
}

// classes compares the classes of the area and the groups of classes.
func (t tongue) classes() panel {
	of := func(metric, window, more string) string {
		return fmt.Sprintf(`max by (class) (%s{scope="$area",class!="all",window="%s"%s})`, metric, window, more)
	}
	percent := []property{unit("percentunit"), decimals(1)}
	count := []property{unit("locale"), decimals(0)}
	saidi := inHours(of("outage_saidi_seconds", "$window", judged))
	return table(gridColumns, t.say("各地区特征", "Classes"),
		t.say("各地区特征及其组合，停电时间长的在前；组合没有自己的户数。等效用户数是时段内平均在册户数，是各指标的分母。没有上年数据时该列为空。(may be empty)", "Classes and groups of classes, the longest outage time first; groups have no customers of their own. Equivalent customers are those in service at an average instant of the period, which every index is divided by. The columns of last year are empty where there is no data of it. (may be empty)"),
		t.say("停电小时", "SAIDI, h"), true,
		column{title: t.say("地区特征", "Class"), label: "class_name"},
		column{title: t.say("停电小时", "SAIDI, h"), query: t.withClass(saidi), width: 130, look: []property{decimals(2)}},
		column{title: t.say("上年同期", "Last year, h"), query: inHours(of("outage_saidi_seconds", "prior_$window", judged)), width: 130, look: []property{decimals(2)}},
		column{title: t.say("同比压缩", "Reduction"), query: of("outage_reduction_ratio", "$window", ""), width: 120, look: append(append(percent, colouredCell()), steps(vermillion, step{0, green})...)},
		column{title: t.say("停电次数", "SAIFI"), query: of("outage_saifi", "$window", judged), width: 120, look: []property{decimals(2)}},
		column{title: t.say("次均小时", "CAIDI, h"), query: inHours(of("outage_caidi_seconds", "$window", judged)), width: 120, look: []property{decimals(2)}},
		column{title: t.say("短时次数", "MAIFI"), query: of("outage_maifi", "$window", ""), width: 120, look: []property{decimals(2)}},
		column{title: t.say("可靠率", "ASAI"), query: of("outage_asai_ratio", "$window", ""), width: 130, look: []property{unit("percentunit"), decimals(3)}},
		column{title: t.say("停电事件", "Outages"), query: `sum by (class) (max by (class, nature) (outage_events{area="$area",window="$window"}))`, width: 120, look: count},
		column{title: t.say("等效用户", "Equivalent customers"), query: `max by (class) (outage_equivalent_customers{area="$area",window="$window"})`, width: 170, look: count},
		column{title: "class", label: "class", hidden: true},
	)
}

// natureTable shows what kind of outages the customer-hours are from.
func (t tongue) natureTable() panel {
	of := func(metric, window string) string {
		return fmt.Sprintf(`sum by (nature) (max by (class, nature) (%s{area="$area",window="%s"}))`, metric, window)
	}
	all := of("outage_customer_interruption_seconds", "$window")
	count := []property{unit("locale"), decimals(0)}
	return table(gridColumns, t.say("按停电性质", "By nature"),
		t.say("时户数（停电户数乘以停电小时）按停电性质分，多的在前；短时为其中不超过短时界限的部分。(may be empty)", "Customer-hours by nature, the most first; momentary is the part that is not longer than the momentary threshold. (may be empty)"),
		t.say("时户数", "Customer-hours"), true,
		column{title: t.say("停电性质", "Nature"), label: "nature", look: []property{t.natures()}},
		column{title: t.say("时户数", "Customer-hours"), query: inHours(all), width: 150, look: count},
		column{title: t.say("占比", "Share"), query: fmt.Sprintf("%s / on () group_left () sum(%s)", all, all), width: 260,
			look: []property{unit("percentunit"), decimals(1), least(0), most(1), colour(blue), gaugeCell()}},
		column{title: t.say("上年同期时户数", "Last year"), query: inHours(of("outage_customer_interruption_seconds", "prior_$window")), width: 150, look: count},
		column{title: t.say("停电户次", "Customers interrupted"), query: of("outage_customer_interruptions", "$window"), width: 170, look: count},
		column{title: t.say("停电事件", "Outages"), query: of("outage_events", "$window"), width: 120, look: count},
		column{title: t.say("短时时户数", "Momentary customer-hours"), query: inHours(of("outage_momentary_customer_interruption_seconds", "$window")), width: 210, look: count},
		column{title: t.say("短时户次", "Momentary interruptions"), query: of("outage_momentary_customer_interruptions", "$window"), width: 190, look: count},
	)
}

// months compares every month of this year with that of the last.
func (t tongue) months() panel {
	p := barChart(14, t.say("各月停电时间", "Outage time by month"),
		t.say("每月每户平均停电小时，本年与上年并列，按考核指标。", "Average outage hours of a customer in each month of this year and the last, by the index that is judged."),
		append(t.hours(), least(0), property{fieldColour, object{"mode": "palette-classic"}}))
	p.FieldConfig.Overrides = []override{{matcher{"byName", `month\year`}, []property{unit("string")}}}
	p.Transformations = []transformation{
		{"sortBy", object{"sort": []object{{"field": "year"}}}},
		{"sortBy", object{"sort": []object{{"field": "month"}}}},
		{"groupingToMatrix", object{"columnField": "year", "rowField": "month", "valueField": "Value", "emptyValue": "null"}},
	}
	const split = `label_replace(label_replace(outage_month_saidi_seconds{scope="$area",class="all"}, "year", "$1", "month", "(.+)-.+"), "month", "$1", "month", ".+-(.+)")`
	p.Targets = []target{{RefID: "A", Datasource: chosen(), Expr: fmt.Sprintf("max by (year, month) (%s) / 3600", split), Format: "table", Instant: true, EditorMode: "code"}}
	return p
}

// indexTable shows what the index sets make of the same outages.
func (t tongue) indexTable() panel {
	of := func(metric string) string {
		return fmt.Sprintf(`max by (index) (%s{scope="$area",class="all",window="$window"})`, metric)
	}
	return table(10, t.say("各口径指标", "Index sets"), t.say("同样的停电，按不同口径计入的结果。", "The same outages, by what each index set counts."),
		"index", false,
		column{title: t.say("口径", "Index set"), query: "", label: "index", look: []property{t.indexSets()}},
		column{title: t.say("停电小时", "SAIDI, h"), query: inHours(of("outage_saidi_seconds")), width: 100, look: []property{decimals(2)}},
		column{title: t.say("次数", "SAIFI"), query: of("outage_saifi"), width: 90, look: []property{decimals(2)}},
		column{title: t.say("次均小时", "CAIDI, h"), query: inHours(of("outage_caidi_seconds")), width: 100, look: []property{decimals(2)}},
	)
}

// shownWorst is how many rows the tables of the worst have.
const shownWorst = 12

func (t tongue) causeTable() panel {
	return t.worst("outage_cause_customer_interruption_seconds", "cause", t.say("停电原因", "Causes"),
		t.say("时户数最多的原因。(may be empty)", "The causes of most customer-hours. (may be empty)"),
		column{title: t.say("原因", "Cause"), label: "cause", look: []property{t.causes()}})
}

func (t tongue) feeders() panel {
	return t.worst("outage_feeder_customer_interruption_seconds", "feeder", t.say("停电最多的线路", "Worst feeders"),
		t.say("本地区时户数最多的线路；其余线路不在表中，不可相加。(may be empty)", "The worst feeders of the area; the others are missing, so that they do not add up. (may be empty)"),
		column{title: t.say("线路", "Feeder"), label: "feeder"})
}

// worst lists what has most customer-hours, and its share of the area's. The year
// before is not exported.
func (t tongue) worst(metric, label, title, description string, what column) panel {
	most := fmt.Sprintf(`topk(%d, max by (%s) (%s{area="$area",window="$window"}) / 3600)`, shownWorst, label, metric)
	const all = `sum(max by (class, nature) (outage_customer_interruption_seconds{area="$area",window="$window"}))`
	count := []property{unit("locale"), decimals(0)}
	return table(12, title, description, t.say("时户数", "Customer-hours"), true, what,
		column{title: t.say("时户数", "Customer-hours"), query: most, width: 330, look: append(count, colour(blue), least(0), gaugeCell())},
		column{title: t.say("占比", "Share"), query: fmt.Sprintf("%s / on () group_left () (%s)", most, inHours(all)), width: 90, look: []property{unit("percentunit"), decimals(1)}},
	)
}

// repeats shows how many customers are out again and again.
func (t tongue) repeats() panel {
	customers := `max by (class, rule) (outage_repeat_interruption_customers{area="$area"})`
	share := customers + ` / on (class) group_left () max by (class) (outage_served_customers{area="$area"})`
	return table(gridColumns, t.say("频繁停电用户", "Customers with repeat outages"),
		t.say("本年频繁停电的用户数；一户可能同时符合几条规则，不可相加。停电记录没有用户编号时无数据。(may be empty)", "Customers that are out again and again this year; one may fall under several rules, so that they do not add up. Nothing where outages do not name customers. (may be empty)"),
		t.say("用户", "Customers"), true,
		column{title: t.say("规则", "Rule"), label: "rule_name"},
		column{title: t.say("地区特征", "Class"), label: "class_name"},
		column{title: t.say("用户", "Customers"), query: t.withClass(t.withRule(customers)), width: 400, look: []property{unit("locale"), decimals(0), least(0), colour(blue), gaugeCell()}},
		column{title: t.say("占在册用户", "Of customers served"), query: share, width: 200, look: []property{unit("percentunit"), decimals(2)}},
		column{title: "class", label: "class", hidden: true},
		column{title: "rule", label: "rule", hidden: true},
	)
}
