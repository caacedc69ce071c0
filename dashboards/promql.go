package dashboards

import (
	"fmt"
	"strings"
)

// Every query adds up or takes the largest by the labels that matter, so that
// neither job and instance nor their absence in history that was written
// afterwards, nor a second exporter for safety, changes what is shown.

// byTarget are the labels of the rows of a target.
const byTarget = "scope, class, rule, strength"

// ofTarget is a metric of the targets of the year that the reader chose.
func ofTarget(metric string) string {
	return fmt.Sprintf(`max by (%s) (%s{year="$year"})`, byTarget, metric)
}

// danger ranks the verdict of every target: 6 for the worst, 1 for the best.
func danger() string {
	var ranks []string
	for i, s := range states() {
		ranks = append(ranks, fmt.Sprintf(`%d * outage_target_verdict{verdict="%s",year="$year"}`, len(states())-i, s.verdict))
	}
	return fmt.Sprintf(`max by (%s) (%s)`, byTarget, strings.Join(ranks, " or "))
}

// nameLabel is the label that holds names in this language.
func (t tongue) nameLabel() string { return t.say("name_zh", "name_en") }

// renamed gives the series of an info metric with the label that names a thing
// and a label with the thing's name.
func (t tongue) renamed(info, label, name string) string {
	return fmt.Sprintf(`max by (%[2]s, %[3]s) (label_replace(%[1]s, "%[3]s", "$1", "%[4]s", "(.+)"))`, info, label, name, t.nameLabel())
}

// withScope joins the name of the scope as scope_name.
func (t tongue) withScope(promql string) string {
	return fmt.Sprintf(`%s * on (scope) group_left (scope_name) %s`, promql, t.renamed("outage_scope_info", "scope", "scope_name"))
}

// withClass joins the name of the class as class_name.
func (t tongue) withClass(promql string) string {
	return fmt.Sprintf(`%s * on (class) group_left (class_name) %s`, promql, t.renamed("outage_class_info", "class", "class_name"))
}

// withRule joins the name of a rule of repeat outages as rule_name.
func (t tongue) withRule(promql string) string {
	return fmt.Sprintf(`%s * on (rule) group_left (rule_name) %s`, promql, t.renamed("outage_repeat_rule_info", "rule", "rule_name"))
}

// withArea joins the name of the area as area_name.
func (t tongue) withArea(promql string) string {
	scopes := `label_replace(outage_scope_info{level="area"}, "area", "$1", "scope", "(.+)")`
	return fmt.Sprintf(`%s * on (area) group_left (area_name) %s`, promql, t.renamed(scopes, "area", "area_name"))
}

// inHours divides seconds.
func inHours(promql string) string { return fmt.Sprintf("(%s) / 3600", promql) }

// lately takes the latest samples since the point before, so that curves have no
// holes where history was written at longer intervals than the curve's.
func lately(selector string) string {
	return fmt.Sprintf("last_over_time(%s[$__rate_interval])", selector)
}
