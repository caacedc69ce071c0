package dashboards

import "fmt"

// A variable is something that the reader of a dashboard chooses.
type variable struct {
	Name       string     `json:"name"`
	Type       string     `json:"type"`
	Label      string     `json:"label"`
	Query      any        `json:"query"`
	Datasource *reference `json:"datasource,omitempty"`
	Regex      string     `json:"regex,omitempty"`
	Sort       int        `json:"sort"`
	Refresh    int        `json:"refresh"`
	Hide       int        `json:"hide"`
	Current    object     `json:"current"`
	Options    []object   `json:"options"`
	Multi      bool       `json:"multi"`
	IncludeAll bool       `json:"includeAll"`
}

const (
	sortByName       = 1 // rising
	sortNumbersDown  = 4
	refreshOnRange   = 2 // and when the dashboard is opened
	hiddenFromReader = 2
)

func (t tongue) datasource() variable {
	return variable{
		Name: "datasource", Type: "datasource", Label: t.say("数据源", "Data source"), Query: "prometheus", Refresh: 1, Current: object{}, Options: []object{},
	}
}

func listed(name, label, promql string) variable {
	return variable{
		Name: name, Type: "query", Label: label, Query: object{"query": promql, "refId": "variable"}, Datasource: chosen(), Sort: sortByName,
		Refresh: refreshOnRange, Current: object{}, Options: []object{},
	}
}

// index is the index set that the policy judges by, which no reader chooses.
func (t tongue) index() variable {
	v := listed("index", t.say("考核指标", "Index"), "label_values(outage_policy_info, index)")
	v.Hide = hiddenFromReader
	return v
}

// year is one that is judged, the latest unless the reader wants another.
func (t tongue) year() variable {
	v := listed("year", t.say("年份", "Year"), "label_values(outage_target_verdict, year)")
	v.Sort = sortNumbersDown
	return v
}

// named lists what a query finds by its names. The regular expression takes the
// value and the text out of a series as Prometheus writes it, labels in the order
// of the alphabet; %s in it is the label of names.
func (t tongue) named(name, label, promql, regex string) variable {
	v := listed(name, label, fmt.Sprintf("query_result(%s)", promql))
	v.Regex = fmt.Sprintf(regex, t.nameLabel())
	return v
}

// scope is one that has a target.
func (t tongue) scope() variable {
	return t.named("scope", t.say("范围", "Scope"),
		fmt.Sprintf(`max by (%s, scope) (outage_scope_info and on (scope) outage_target_verdict{year="$year"})`, t.nameLabel()), scopeRegex)
}

// class is one for which the scope has a target.
func (t tongue) class() variable { return t.classOf("$scope") }

// classOf is one for which a scope has a target.
func (t tongue) classOf(scope string) variable {
	return t.named("class", t.say("地区特征", "Class"),
		fmt.Sprintf(`max by (class, %s) (outage_class_info and on (class) outage_target_verdict{scope="%s",year="$year"})`, t.nameLabel(), scope),
		`/class="(?<value>[^"]+)".*%s="(?<text>[^"]+)"/`)
}

// rule is one by which the area and class have a target, by its word.
func (t tongue) rule() variable {
	promql := `max by (rule) (outage_target_verdict{scope="$area",class="$class",year="$year"})`
	for _, r := range [][2]string{{"cap", t.capWord()}, {"reduction", t.reductionWord()}} {
		promql = fmt.Sprintf(`label_replace(%s, "text", "%s", "rule", "%s")`, promql, r[1], r[0])
	}
	v := listed("rule", t.say("规则", "Rule"), fmt.Sprintf("query_result(%s)", promql))
	v.Regex = `/rule="(?<value>[^"]+)".*text="(?<text>[^"]+)"/`
	return v
}

// areas lists the areas.
func (t tongue) areas() variable {
	return t.named("area", t.say("地区", "Area"), fmt.Sprintf(`max by (%s, scope) (outage_scope_info{level="area"})`, t.nameLabel()), scopeRegex)
}

const scopeRegex = `/%s="(?<text>[^"]+)".*scope="(?<value>[^"]+)"/`

// window is the running year or, until its data is settled, the one that has
// ended; prior_ before it is the same time of the year before.
func (t tongue) window() variable {
	return variable{
		Name: "window", Type: "custom", Label: t.say("时段", "Period"), Query: t.say("本年至今 : ytd,刚结束的年度 : year", "This year so far : ytd,The year just ended : year"),
		Current: object{"text": t.say("本年至今", "This year so far"), "value": "ytd"}, Options: []object{},
	}
}
