package report

import (
	"slices"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// why gives the reasons of a verdict in words, the one that decides first.
func (p *page) why(t *snapshot.Target) string {
	var words []string
	for _, code := range telling(t) {
		words = append(words, p.reason(t, code))
	}
	return p.Language.List(words)
}

// telling lists the reasons of a verdict that say more than the verdict does.
func telling(t *snapshot.Target) []string {
	quiet := []policy.Reason{
		policy.WithinLimit, policy.OverLimit, policy.PaceWithin, policy.PaceAbove, policy.PaceFarAbove,
		policy.MissUnlikely, policy.MissPossible, policy.MissLikely, policy.ShareHistory, policy.ShareLastYear, policy.ShareElapsed, policy.NotSettled, policy.CoverageUnknown, policy.BaseUnknown,
	}
	return slices.DeleteFunc(slices.Clone(t.Reasons), func(code string) bool { return slices.Contains(quiet, policy.Reason(code)) })
}

// reason words a reason, with the members that it is about.
func (p *page) reason(t *snapshot.Target, code string) string {
	text := p.word(wording.Reason, code)
	switch policy.Reason(code) {
	case policy.MemberWithoutData, policy.BaseMemberWithout:
		text += p.Language.Say("reason.members", p.Language.List(p.namesOf(t.WithoutData)))
	}
	return text
}

// namesOf gives the names of areas.
func (p *page) namesOf(areas []string) []string {
	names := make([]string, len(areas))
	for i, id := range areas {
		names[i] = p.names[id]
	}
	return names
}

// reasons lists under a table what the verdicts do not say, each reason once
// with the targets that it is about.
func (p *page) reasons(list []*snapshot.Target) {
	about := map[string][]string{}
	var order []string
	for _, t := range list {
		why := p.why(t)
		if why == "" {
			continue
		}
		if len(about[why]) == 0 {
			order = append(order, why)
		}
		if name := p.name(t); !slices.Contains(about[why], name) {
			about[why] = append(about[why], name)
		}
	}
	for _, why := range order {
		p.put("  ", p.Language.Say("reason.about", why, p.Language.List(about[why])))
	}
}
