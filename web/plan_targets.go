package web

import (
	"fmt"
	"math"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A planTarget is what a plan does to one target.
type planTarget struct {
	Check                         badge
	Scope, Class, Strength        string
	Limit                         string // empty without one
	Budget, Used, Scheduled       string
	Before, Cost, After           string
	Over                          bool
	ArrangedBefore, ArrangedAfter string
	MissBefore, MissAfter         string
	MedianBefore, MedianAfter     string
	Href                          string // to the rows behind what is used
}

func (t *planTeller) targets(list []snapshot.PlanTarget) []planTarget {
	var all []planTarget
	for i := range list {
		x := &list[i]
		all = append(all, planTarget{
			Check: t.check(x), Scope: x.Name.In(string(t.Language)), Class: x.ClassName.In(string(t.Language)), Strength: t.Word(wording.Strength, x.Strength),
			Budget: someHundredthHours(x.Budget), Used: someHundredthHours(x.Used), Scheduled: someHundredthHours(x.Scheduled),
			Before: someHundredthHours(x.RemainingBefore), Cost: hundredthHours(x.Cost), After: someHundredthHours(x.RemainingAfter),
			Over:           x.RemainingAfter != nil && *x.RemainingAfter < 0,
			ArrangedBefore: someHundredthHours(x.PreArrangedRemainingBefore), ArrangedAfter: someHundredthHours(x.PreArrangedRemainingAfter),
			MissBefore: chance(x.MissBefore), MissAfter: chance(x.MissAfter), MedianBefore: fixed(x.MedianBefore, 2), MedianAfter: fixed(x.MedianAfter, 2),
		})
		if x.LimitHours != nil {
			all[i].Limit = fixed(x.LimitHours, 2)
		}
		if x.Used != nil {
			all[i].Href = t.link("/events", "scope", x.Scope, "class", x.Class)
		}
	}
	return all
}

// check says whether the plan fits a target, or is not held against it.
func (t *planTeller) check(x *snapshot.PlanTarget) badge {
	switch {
	case x.Budget == nil:
		return t.fitting(policy.CannotTell, t.Say("plan.unknown"))
	case !x.Fits && x.Decides:
		return t.fitting(policy.Missed, t.Say("plan.over"))
	case !x.Fits:
		return t.fitting(policy.AtRisk, t.Say("plan.over"))
	}
	return t.fitting(policy.Met, t.Say("plan.yes"))
}

// A planKeepOn is how the plan would fit a target that it does not.
type planKeepOn struct {
	Head string
	Rows []string
}

func (t *planTeller) keepOn(list []snapshot.PlanTarget) []planKeepOn {
	var all []planKeepOn
	for i := range list {
		x := &list[i]
		switch {
		case x.Hopeless:
			all = append(all, planKeepOn{Head: t.Say("plan.hopeless", t.target(x), hundredthHours(x.Over))})
		case len(x.KeepOn) > 0:
			one := planKeepOn{Head: t.Say("plan.keep-on", t.target(x), hundredthHours(x.Over))}
			for _, k := range x.KeepOn {
				one.Rows = append(one.Rows, t.Say("plan.keep-on-row", t.place(k.Path, "", k.Row), t.event(k.EventID, k.Path), k.Customers, k.Of, hundredthHours(k.Saves)))
			}
			all = append(all, one)
		}
	}
	return all
}

// chance writes a probability as a report does: in whole per cent, and never as
// certain.
func chance(v *float64) string {
	if v == nil {
		return absent
	}
	switch p := math.Round(*v * 100); {
	case p < 1:
		return "< 1 %"
	case p > 99:
		return "> 99 %"
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}
