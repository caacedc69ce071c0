package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/snapshot"
)

// PlanCSV writes the rows of a plan, one line each, those that do not count among
// them. Places stand between spaces as area/class=customer-seconds, and so do
// flags.
func PlanCSV(w io.Writer, x *snapshot.PlanCheck) error {
	out := newCSV(w)
	rows := [][]string{{
		"file", "sheet", "row", "event_id", "feeder_id", "unit_id", "nature", "start", "end", "rejected", "column", "value", "what_to_do",
		"customer_seconds", "interruptions", "customers", "not_counted", "places", "flags",
	}}
	for i := range x.Rows {
		r := &x.Rows[i]
		problem := &snapshot.Problem{}
		if r.Rejected != nil {
			problem = r.Rejected
		}
		rows = append(rows, []string{
			r.Path, r.Sheet, strconv.Itoa(r.Row), r.EventID, r.Feeder, r.Unit, r.Nature, r.Start, r.End, problem.Reason, problem.Column, problem.Value, problem.Advice,
			r.CustomerSeconds.String(), r.Interruptions.String(), r.Customers.String(), r.NotCounted.String(), costs(r.Places), strings.Join(r.Flags, " "),
		})
	}
	return out.WriteAll(rows)
}

// costs writes what a row costs in each area and class.
func costs(list []snapshot.PlanCost) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = c.Area + "/" + c.Class + "=" + c.CustomerSeconds.String()
	}
	return strings.Join(parts, " ")
}

// PlanTargetsCSV writes what a plan does to each target, one line each. Reasons and
// warnings stand between spaces, and so does what has to be kept on, as
// file:row=customers/of.
func PlanTargetsCSV(w io.Writer, x *snapshot.PlanCheck) error {
	out := newCSV(w)
	rows := [][]string{{
		"scope", "class", "rule", "strength", "limit_hours", "verdict", "cost_customer_seconds", "budget_customer_seconds", "used_customer_seconds", "scheduled_customer_seconds",
		"remaining_before_customer_seconds", "remaining_after_customer_seconds", "pre_arranged_remaining_before_customer_seconds", "pre_arranged_remaining_after_customer_seconds",
		"miss_probability_before", "miss_probability_after", "median_hours_before", "median_hours_after", "decides", "fits", "reasons", "warnings", "over_customer_seconds", "keep_on", "hopeless",
	}}
	for i := range x.Targets {
		t := &x.Targets[i]
		rows = append(rows, []string{
			t.Scope, t.Class, t.Rule, t.Strength, exact(t.LimitHours), t.Verdict, t.Cost.String(), exactly(t.Budget), exactly(t.Used), exactly(t.Scheduled),
			exactly(t.RemainingBefore), exactly(t.RemainingAfter), exactly(t.PreArrangedRemainingBefore), exactly(t.PreArrangedRemainingAfter),
			exact(t.MissBefore), exact(t.MissAfter), exact(t.MedianBefore), exact(t.MedianAfter), strconv.FormatBool(t.Decides), strconv.FormatBool(t.Fits),
			strings.Join(t.Reasons, " "), strings.Join(t.Warnings, " "), t.Over.String(), kept(t.KeepOn), strconv.FormatBool(t.Hopeless),
		})
	}
	return out.WriteAll(rows)
}

// kept writes what has to be kept on.
func kept(list []snapshot.KeepOn) string {
	parts := make([]string, len(list))
	for i, k := range list {
		parts[i] = k.Path + ":" + strconv.Itoa(k.Row) + "=" + strconv.FormatInt(k.Customers, 10) + "/" + strconv.FormatInt(k.Of, 10)
	}
	return strings.Join(parts, " ")
}

// exactly writes a sum, empty where there is none.
func exactly(m *snapshot.Milli) string {
	if m == nil {
		return ""
	}
	return m.String()
}
