package dashboards

import (
	"fmt"
	"strings"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/wording"
)

// A bilingual is the same text in English and Chinese.
type bilingual struct{ en, zh string }

// notice goes before the summary of what is worked out from rows that are made
// up, so that nobody takes a demonstration for an outage.
func (a alert) notice(language string) string {
	if a.about == aboutProgram {
		return ""
	}
	text := "[SYNTHETIC DATA] "
	if language == "zh" {
		text = "【模拟数据】"
	}
	return `{{ if query "max(outage_snapshot_synthetic) == 1" }}` + text + `{{ end }}`
}

// phrases puts what a template of Prometheus has to look up in place of short
// words in braces.
func phrases(language string) *strings.Replacer {
	return strings.NewReplacer(
		"{scope}", nameOf("scope", "outage_scope_info", language),
		"{class}", nameOf("class", "outage_class_info", language),
		"{strength}", strengthWord(wording.Language(language)),
		"{value}", `{{ printf "%.2f" $value }}`,
		"{count}", `{{ printf "%.0f" $value }}`,
		"{percent}", `{{ $value | humanizePercentage }}`,
		"{limit}", lookUp(`max(outage_target_limit_seconds{policy=%q,scope=%q,class=%q,rule=%q,year=%q}) / 3600`, targetArgs, `printf "%.2f"`),
		"{used}", lookUp(`max(outage_target_value_seconds{policy=%q,scope=%q,class=%q,rule=%q,year=%q}) / 3600`, targetArgs, `printf "%.2f"`),
		"{required}", lookUp(`max(outage_target_required_reduction_ratio{policy=%q,scope=%q,class=%q,rule=%q,year=%q})`, targetArgs, `humanizePercentage`),
		"{projected-low}", lookUp(`max(outage_target_projected_seconds{policy=%q,scope=%q,class=%q,rule=%q,year=%q,probability="0.05"}) / 3600`, targetArgs, `printf "%.2f"`),
		"{projected-high}", lookUp(`max(outage_target_projected_seconds{policy=%q,scope=%q,class=%q,rule=%q,year=%q,probability="0.95"}) / 3600`, targetArgs, `printf "%.2f"`),
		"{miss}", lookUp(`max(outage_target_miss_probability_ratio{policy=%q,scope=%q,class=%q,rule=%q,year=%q})`, targetArgs, `humanizePercentage`),
		"{budget}", lookUp(`max(outage_target_budget_customer_seconds{policy=%q,scope=%q,class=%q,rule=%q,year=%q}) / 3600`, targetArgs, `printf "%.0f"`),
		"{left}", lookUp(`min(outage_target_budget_remaining_customer_seconds{policy=%q,scope=%q,class=%q,rule=%q,year=%q}) / 3600`, targetArgs, `printf "%.0f"`),
		"{part-budget}", lookUp(`max(outage_target_budget_part_customer_seconds{policy=%q,scope=%q,class=%q,rule=%q,year=%q,part="pre-arranged"}) / 3600`, targetArgs, `printf "%.0f"`),
		"{part-left}", lookUp(`min(outage_target_budget_part_remaining_customer_seconds{policy=%q,scope=%q,class=%q,rule=%q,year=%q,part="pre-arranged"}) / 3600`, targetArgs, `printf "%.0f"`),
		"{scheduled}", lookUp(`max(outage_target_scheduled_customer_seconds{policy=%q,scope=%q,class=%q,rule=%q,year=%q,part="pre-arranged"}) / 3600`, targetArgs, `printf "%.0f"`),
		"{burn-limit}", lookUp(`max(outage_burn_limit_ratio{policy=%q,burn_window=%q})`, `$labels.policy $labels.burn_window`, `printf "%.2f"`),
		"{threshold}", lookUp(`max(outage_major_event_day_threshold_seconds{scope=%q}) / 3600`, `$labels.scope`, `printf "%.2f"`),
		"{share-limit}", lookUp(`max(outage_interrupted_customers_limit_ratio)`, "", `humanizePercentage`),
		"{age-limit}", lookUp(`max(outage_data_age_limit_seconds) / 3600`, "", `printf "%.2f"`),
		"{coverage-minimum}", lookUp(`max(outage_coverage_minimum_ratio{policy=%q})`, `$labels.policy`, `humanizePercentage`),
		"{rejected-maximum}", lookUp(`max(outage_rejected_rows_maximum_ratio)`, "", `humanizePercentage`),
	)
}

// targetArgs are the labels that name a target, as arguments.
const targetArgs = `$labels.policy $labels.scope $labels.class $labels.rule $labels.year`

// lookUp asks Prometheus for one number and shows it, or a question mark where
// there is none.
func lookUp(query, args, show string) string {
	ask := fmt.Sprintf("query %q", query)
	if args != "" {
		ask = fmt.Sprintf("printf `%s` %s | query", query, args)
	}
	return `{{ with ` + ask + ` }}{{ . | first | value | ` + show + ` }}{{ else }}?{{ end }}`
}

// nameOf shows the name of what a label holds the id of, or the id where it has
// no name; in Chinese in brackets, as names there stand side by side.
func nameOf(label, metric, language string) string {
	name, id := "name_"+language, "{{ $labels."+label+" }}"
	if language == "zh" {
		id = "「" + id + "」"
	}
	return fmt.Sprintf("{{ with printf `%s{%s=%%q,%[3]s!=\"\"}` $labels.%[2]s | query }}{{ . | first | label %[3]q }}{{ else }}%[4]s{{ end }}", metric, label, name, id)
}

// strengthWord words the label strength.
func strengthWord(l wording.Language) string {
	var b strings.Builder
	for i, s := range policy.Strengths() {
		if i > 0 {
			b.WriteString("else ")
		}
		fmt.Fprintf(&b, `if eq $labels.strength %q }}%s{{ `, s, l.Word(wording.Strength, string(s)))
	}
	return "{{ " + b.String() + "end }}"
}
