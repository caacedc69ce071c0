package web

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A planRow is a proposed row that counts.
type planRow struct {
	Event, Where, Feeder, Unit, Area, Class, Nature string
	Start, End, Customers, Cost, NotCounted, Flags  string
}

// A planReject is a proposed row that does not count, and what to do.
type planReject struct {
	Event, Where, Column, Value, Reason, Advice string
}

// rows lists the rows that count. With what is displaced they add up to the plan.
func (t *planTeller) rows(x *planAnswer, c *snapshot.PlanCheck) {
	for i := range c.Rows {
		r := &c.Rows[i]
		if r.Rejected != nil {
			continue
		}
		row := planRow{
			Event: t.event(r.EventID, r.Path), Where: t.place(r.Path, r.Sheet, r.Row), Feeder: r.Feeder, Unit: r.Unit, Nature: t.Word(wording.Nature, r.Nature),
			Start: local(r.Start), End: local(r.End), Customers: exact(r.Customers), Cost: hundredthHours(r.CustomerSeconds), NotCounted: absent,
			Flags: t.words(wording.Flag, r.Flags),
		}
		row.Area, row.Class = t.places(r.Places)
		if r.NotCounted != 0 {
			row.NotCounted = hundredthHours(r.NotCounted)
		}
		x.Rows = append(x.Rows, row)
	}
	x.Total = hundredthHours(c.CustomerSeconds)
}

// places names where a row has customers out: each area and each class once.
func (t *planTeller) places(list []snapshot.PlanCost) (areas, classes string) {
	var a, c []string
	for _, x := range list {
		if name := t.scopeName(x.Area); !slices.Contains(a, name) {
			a = append(a, name)
		}
		if name := t.className(x.Class); !slices.Contains(c, name) {
			c = append(c, name)
		}
	}
	return t.List(a), t.List(c)
}

func (t *planTeller) rejected(rows []snapshot.PlanRow) []planReject {
	var all []planReject
	for i := range rows {
		r := &rows[i]
		if r.Rejected == nil {
			continue
		}
		reason, advice := t.problemOfRow(r.Rejected)
		all = append(all, planReject{t.event(r.EventID, r.Path), t.place(r.Path, r.Sheet, r.Row), t.fieldName(r.Rejected.Column), r.Rejected.Value, reason, advice})
	}
	return all
}

// problemOfRow words why a row does not count, and what to do: by the words of
// plans, else by those of any row.
func (t *teller) problemOfRow(p *snapshot.Problem) (reason, advice string) {
	kind, what := wording.PlanProblem, wording.PlanAdvice
	if t.Word(kind, p.Reason) == p.Reason {
		kind, what = wording.Rejection, wording.Advice
	}
	reason, advice = t.Word(kind, p.Reason), p.Advice
	switch {
	case p.Reason == string(outage.EndBeforeStart): // in a plan no end is left out
		advice = t.Say("upload.swap")
	case t.Language == wording.Chinese:
		advice = t.Word(what, p.Reason)
	}
	return reason, advice
}
