package dashboards

import (
	"fmt"
	"strings"

	"github.com/saidi-exporter/saidi/policy"
)

// targetLabels name one target in one year.
const targetLabels = "policy, scope, class, rule, strength, year"

// A record is a recording rule.
type record struct {
	name string
	expr string
}

// recordGroups are the recording rules. The level "target" in their names stands
// for [targetLabels].
func recordGroups() []ruleGroup {
	group := ruleGroup{Name: "saidi-recording"}
	for _, r := range records() {
		group.Rules = append(group.Rules, rule{Record: r.name, Expr: strings.TrimSpace(r.expr)})
	}
	return []ruleGroup{group}
}

func records() []record {
	return []record{
		{"target:outage_target_used:ratio", `
max by (` + targetLabels + `) (outage_target_value_seconds / outage_target_limit_seconds)`},
		{"target:outage_target_verdict:rank", verdictRank()},
		{"policy_scope_strength_year:outage_target_verdict:worst_rank", `
max by (policy, scope, strength, year) (` + verdictRank() + `)`},
		{"policy_strength_verdict_year:outage_target_verdict:count", `
sum by (policy, strength, verdict, year) (
  max by (` + targetLabels + `, verdict) (outage_target_verdict)
)`},
		{"area_nature:outage_saidi_seconds:ytd", areaNature},
		{"scope_kind:outage_saidi_seconds:ytd", scopeKind()},
		{"area:outage_interrupted_customers:ratio", "max by (area) (" + shareOut + ")"},
		{"scope:outage_interrupted_customers:sum", ofScopes("sum without (class) (outage_interrupted_customers)")},
		{"area:outage_data_age_seconds:max", "max by (area) (" + dataAge + ")"},
	}
}

// verdictRank is the place of a target's verdict in the order of
// [policy.Verdicts], counted from the best, which is 0.
func verdictRank() string {
	verdicts := policy.Verdicts()
	var terms []string
	for i, v := range verdicts {
		terms = append(terms, fmt.Sprintf("%d * max by (%s) (outage_target_verdict{verdict=%q})", len(verdicts)-1-i, targetLabels, v))
	}
	return "\n  " + strings.Join(terms, "\n  + ") + "\n"
}

// areaNature is the SAIDI of each area by nature (停电性质), of the running year.
const areaNature = `
max by (area, nature) (
  sum without (class) (outage_customer_interruption_seconds{window="ytd"})
  / ignoring (nature) group_left ()
  sum without (class) (outage_equivalent_customers{window="ytd"})
)`

// scopeKind is the SAIDI of each scope by kind, of the running year: fault,
// prearranged (预安排) and unknown, which add up to all of it, as the index sets
// saidi-f, saidi-s and saidi-u do. It is pooled: Σ customer-seconds of the areas
// / Σ of their customers.
func scopeKind() string {
	var terms []string
	for _, k := range []struct{ kind, natures string }{
		{"fault", "fault_.+"}, {"prearranged", "(planned|short_notice|curtail)_.+"}, {"unknown", "unknown"},
	} {
		sum := fmt.Sprintf(`sum without (class, nature) (outage_customer_interruption_seconds{window="ytd",nature=~%q})`, k.natures)
		terms = append(terms, fmt.Sprintf("  label_replace(%s, \"kind\", %q, \"\", \"\")", ofScopes(sum), k.kind))
	}
	served := `sum without (class) (outage_equivalent_customers{window="ytd"})`
	return "\n(\n" + strings.Join(terms, "\n  or\n") + "\n)\n/ on (scope) group_left ()\n" + ofScopes(served)
}

// ofScopes adds up a value of areas over the members of each scope.
func ofScopes(byArea string) string {
	return "sum by (scope) (max by (scope, area) (outage_scope_member_info) * on (area) group_left () max by (area) (" + byArea + "))"
}
