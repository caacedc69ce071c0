package dashboards

import (
	"slices"
	"strings"
)

// An alert is one rule that tells somebody. Its expression compares series with
// series, so that it holds no number of any policy, and gives one sample for
// each thing that is wrong, however many exporters say so.
type alert struct {
	name string
	expr string
	// hold is how long the expression has to be true. Only what is measured in
	// wall time has one, and what is projected: figures of outages do not flap.
	hold     string
	severity severity
	audience audience
	about    about
	summary  bilingual // {scope}, {limit} and the like are put in by phrases
	detail   bilingual
}

// A severity is how soon somebody has to look.
type severity string

const (
	severityCritical severity = "critical" // now
	severityWarning  severity = "warning"  // today
	severityInfo     severity = "info"     // when there is time
)

// An audience is who has to look.
type audience string

const (
	audienceOperator audience = "operator" // runs the exporter and brings the data
	audienceBureau   audience = "bureau"   // answers for the targets
)

// An about is what an alert rests on; alerts of what lies deeper silence the
// others.
type about string

const (
	aboutValue   about = "value"   // figures of outages
	aboutData    about = "data"    // what the figures are made of
	aboutProgram about = "program" // what makes them
)

// alerts lists every alert, by what it is about and the worst first.
func alerts(o RuleOptions) []alert {
	return slices.Concat(verdictAlerts(), paceAlerts(), budgetAlerts(), networkAlerts(), dataAlerts(), programAlerts(o))
}

// alertGroups are the alerts as Prometheus reads them.
func alertGroups(o RuleOptions) []ruleGroup {
	var groups []ruleGroup
	for _, a := range alerts(o) {
		name := "saidi-" + string(a.about)
		if len(groups) == 0 || groups[len(groups)-1].Name != name {
			groups = append(groups, ruleGroup{Name: name})
		}
		last := &groups[len(groups)-1]
		last.Rules = append(last.Rules, a.rule(o))
	}
	return groups
}

func (a alert) rule(o RuleOptions) rule {
	return rule{
		Alert: a.name, Expr: strings.TrimSpace(a.expr), For: a.hold,
		Labels: map[string]string{"severity": string(a.severity), "audience": string(a.audience), "about": string(a.about)},
		Annotations: map[string]string{
			"summary":        a.notice("en") + phrases("en").Replace(a.summary.en),
			"summary_zh":     a.notice("zh") + phrases("zh").Replace(a.summary.zh),
			"description":    phrases("en").Replace(a.detail.en),
			"description_zh": phrases("zh").Replace(a.detail.zh),
			"runbook_url":    o.Runbooks + a.name + ".md",
		},
	}
}
