package snapshot

import (
	"github.com/saidi-exporter/saidi/policy"
)

// targets judges every target in the years that are shown.
func (x *examiner) targets(years []int, ledger *policy.Ledger) []Target {
	all := []Target{}
	for _, year := range years {
		for _, s := range x.p.Standings(year) {
			t, _ := x.judge(s, x.subject(s.Target))
			t.Measures = x.measures(ledger, s.Target)
			all = append(all, t)
		}
	}
	return all
}

// judge judges one target in a year, and gives the finding, too.
func (x *examiner) judge(s policy.Standing, of subject) (Target, *policy.Finding) {
	e := x.evidence(s, of)
	storm := x.baseStorm(s, of, e)
	e.StormBase = storm != nil && storm.StormYear
	ahead := x.foresee(of, s.Year, e.Now.Value, s.Limit(e), 0)
	e.Forecast = ahead.evidence()
	f := x.p.Judge(s, e)
	t := x.target(f)
	t.BaseStorm = storm
	if t.Projection = x.projection(ahead, s.Year); x.asOf >= e.Year.To {
		t.Projection = x.closed(f, of)
	}
	x.budget(&t, f, of)
	t.DataThrough = x.at(x.cover.through(of.areas, x.asOf))
	t.Measures = []Measure{}
	return t, f
}

func (x *examiner) target(f *policy.Finding) Target {
	window := upTo(x.year(f.Year), x.asOf)
	t := Target{
		Scope: f.Scope, Class: f.Class, Rule: string(f.Rule), Strength: string(f.Strength), Deadline: f.Deadline.String(), Year: f.Year,
		LimitHours: some(f.Limit.Hours()), ValueHours: some(f.Value.Hours()), Reduction: some(f.Reduction()),
		Verdict: string(f.Verdict), Provisional: f.Provisional, Reasons: codes(f.Reasons), Arithmetic: f.Arithmetic(), AfterDeadline: f.AfterDeadline,
		ExpectedShare: some(f.ExpectedShare()), Pace: some(f.Pace()), WithoutData: codes(f.Without), Gaps: codes(f.Gaps),
		From: x.at(window.From), To: x.at(window.To), Clause: f.Clause, Name: x.p.ScopeName(f.Scope), ClassName: x.p.ClassName(f.Class),
	}
	if f.Rule == policy.Reduction {
		t.BaseHours, t.BaseYear = some(f.Base.Hours()), &f.BaseYear
		t.RequiredReduction = some(f.Target.Reduction.Float(), true)
	}
	return t
}

// codes writes a list of ids, empty rather than null.
func codes[ID ~string](ids []ID) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return all
}

// measures lists what the ledger has for a target.
func (x *examiner) measures(ledger *policy.Ledger, t *policy.Target) []Measure {
	all := []Measure{}
	for _, m := range ledger.Of(t) {
		all = append(all, Measure{
			Measure: m.Measure, Responsible: m.Responsible, Due: m.Due.String(), State: string(m.State), Note: m.Note,
			Overdue: m.Overdue(x.asOf, x.p.Zone),
		})
	}
	return all
}
