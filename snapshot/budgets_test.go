package snapshot_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// addsUp is what a division has to add up to.
type addsUp struct{ budget, used snapshot.Milli }

func (a *addsUp) add(p *snapshot.BudgetPart) {
	a.budget += p.Budget
	a.used += p.Used
}

// The parts of every division add up to the whole, to the thousandth of a
// customer-second, whatever is judged and whenever.
func TestLawBudgetsAddUp(t *testing.T) {
	t.Parallel()
	var divided, pooled atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		index := rapid.SampledFrom([]string{"", "", reliability.SAIDIS, reliability.IEEE, reliability.IEEEExMED}).Draw(t, "the set")
		p := drawProvince(t, taste{index: index, heard: true})
		if share := rapid.Int64Range(-1, 7).Draw(t, "share of pre-arranged outages"); share >= 0 {
			p.policy.PreArrangedShare = &policy.Fraction{Num: share, Den: 7}
		}
		for _, target := range p.answer(t, plainly(p)).Targets {
			if (target.Budget == nil) != (target.Budgets == nil) {
				t.Fatalf("%s: a budget of %v, divided into %+v", verdictOf(&target), target.Budget, target.Budgets)
			}
			if target.Budgets != nil {
				divided.Add(1)
				pooled.Add(int64(len(target.Budgets.Members)))
				checkDivision(t, &target)
			}
		}
	})
	if divided.Load() < 10 || pooled.Load() < 10 {
		t.Errorf("%d budgets were divided, between %d members", divided.Load(), pooled.Load())
	}
}

func checkDivision(t *rapid.T, target *snapshot.Target) {
	whole := addsUp{*target.Budget, *target.Budget - *target.BudgetRemaining}
	b := target.Budgets
	same := func(what string, want addsUp, of ...*snapshot.BudgetPart) {
		var got addsUp
		for _, p := range of {
			got.add(p)
			if p.Remaining != p.Budget-p.Used || p.Budget < 0 || p.Used < 0 {
				t.Fatalf("%s: %s: %+v", verdictOf(target), what, *p)
			}
		}
		if got != want {
			t.Fatalf("%s: %s add up to %+v, want %+v", verdictOf(target), what, got, want)
		}
	}
	same("parts", whole, &b.PreArranged, &b.Fault)
	var months, preArranged, faults, members []*snapshot.BudgetPart
	for i := range b.Months {
		m := &b.Months[i]
		months, preArranged, faults = append(months, &m.BudgetPart), append(preArranged, &m.PreArranged), append(faults, &m.Fault)
		same("parts of "+m.Month, addsUp{m.Budget, m.Used}, &m.PreArranged, &m.Fault)
	}
	same("months", whole, months...)
	same("pre-arranged parts of months", addsUp{b.PreArranged.Budget, b.PreArranged.Used}, preArranged...)
	same("fault parts of months", addsUp{b.Fault.Budget, b.Fault.Used}, faults...)
	for i := range b.Members {
		members = append(members, &b.Members[i].BudgetPart)
	}
	if len(members) > 0 {
		same("members", whole, members...)
	}
}

// The parts of policies and provinces that recur: 100 customers in a, 300 in b.
const (
	pairCap   = "targets: [{scope: pair, class: rural, cap: 10h, strength: duty, deadline: 2022-12-31}]\n" // 10 h × 400 = 4000 customer-hours
	pairBase  = "F1 a rural 100\nF2 b rural 300\n"
	overNight = "N1 F1 - - 2022-01-31T23:00 2022-02-01T02:00 100\n"              // 100 customer-hours in January, 200 in February
	work      = "P1 F2 - - 2022-06-01T08:00 2022-06-01T12:00 300 pre-arranged\n" // 1200
	newYear   = "Y1 F1 - - 2021-12-31T23:00 2022-01-01T01:00 100\n"              // 100 in this year, none of it booked there
)

// customerHours writes a part as budget − used, in customer-hours with as many
// decimals as tell thousandths of customer-seconds apart.
func customerHours(p *snapshot.BudgetPart) string {
	return fmt.Sprintf("%.7f − %.7f", p.Budget.Float()/3600, p.Used.Float()/3600)
}

// divisionOf writes the divisions of a budget; of the months the first six.
func divisionOf(target *snapshot.Target) []string {
	b := target.Budgets
	all := []string{
		"parts by " + b.PartsBy, "pre-arranged " + customerHours(&b.PreArranged), "fault " + customerHours(&b.Fault),
		"months by " + b.MonthsBy,
	}
	for _, m := range b.Months[:6] {
		all = append(all, m.Month+" "+customerHours(&m.PreArranged)+", "+customerHours(&m.Fault))
	}
	all = append(all, "members by "+b.MembersBy)
	for _, m := range b.Members {
		all = append(all, m.Area+" "+customerHours(&m.BudgetPart))
	}
	return all
}

// Divisions worked out by hand, without any history before the year. January is 31 / 365 of the year: 2400 × 31 / 365
// = 203.8356164, 1600 × 31 / 365 = 135.8904109 customer-hours.
func TestBudgets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		story
		want []string
	}{
		"the policy sets the share": {
			story{policy: "prearranged_share: 60%\n" + pairCap, base: pairBase, events: overNight + work, asOf: "2022-07-01"},
			[]string{
				"parts by policy", "pre-arranged 2400.0000000 − 1200.0000000", "fault 1600.0000000 − 300.0000000",
				"months by time",
				"2022-01 203.8356164 − 0.0000000, 135.8904108 − 100.0000000",
				"2022-02 184.1095889 − 0.0000000, 122.7397261 − 200.0000000",
				"2022-03 203.8356164 − 0.0000000, 135.8904108 − 0.0000000",
				"2022-04 197.2602742 − 0.0000000, 131.5068494 − 0.0000000",
				"2022-05 203.8356164 − 0.0000000, 135.8904108 − 0.0000000",
				"2022-06 197.2602739 − 1200.0000000, 131.5068494 − 0.0000000",
				"members by customers", "a 1000.0000000 − 300.0000000", "b 3000.0000000 − 1200.0000000",
			},
		},
		"what was used, for want of a share": {
			story{policy: pairCap, base: pairBase, events: newYear + overNight + work, asOf: "2022-07-01"},
			[]string{
				"parts by used", "pre-arranged 3000.0000000 − 1200.0000000", "fault 1000.0000000 − 400.0000000",
				"months by time",
				"2022-01 254.7945203 − 0.0000000, 84.9315067 − 200.0000000",
				"2022-02 230.1369864 − 0.0000000, 76.7123289 − 200.0000000",
				"2022-03 254.7945206 − 0.0000000, 84.9315067 − 0.0000000",
				"2022-04 246.5753425 − 0.0000000, 82.1917808 − 0.0000000",
				"2022-05 254.7945206 − 0.0000000, 84.9315069 − 0.0000000",
				"2022-06 246.5753425 − 1200.0000000, 82.1917808 − 0.0000000",
				"members by customers", "a 1000.0000000 − 400.0000000", "b 3000.0000000 − 1200.0000000",
			},
		},
		"booked on the day of the start": {
			story{policy: "index: ieee\n" + pairCap, base: pairBase, events: newYear + overNight + work, asOf: "2022-07-01"},
			[]string{
				"parts by used", "pre-arranged 3200.0000000 − 1200.0000000", "fault 800.0000000 − 300.0000000",
				"months by time",
				"2022-01 271.7808217 − 0.0000000, 67.9452053 − 300.0000000",
				"2022-02 245.4794522 − 0.0000000, 61.3698631 − 0.0000000",
				"2022-03 271.7808219 − 0.0000000, 67.9452056 − 0.0000000",
				"2022-04 263.0136986 − 0.0000000, 65.7534247 − 0.0000000",
				"2022-05 271.7808219 − 0.0000000, 67.9452053 − 0.0000000",
				"2022-06 263.0136986 − 1200.0000000, 65.7534247 − 0.0000000",
				"members by customers", "a 1000.0000000 − 300.0000000", "b 3000.0000000 − 1200.0000000",
			},
		},
		"overspent, of one area": {
			story{policy: "targets: [{scope: a, class: rural, cap: 2h, strength: duty, deadline: 2022-12-31}]\n", base: pairBase, events: overNight, asOf: "2022-07-01"},
			[]string{
				"parts by used", "pre-arranged 0.0000000 − 0.0000000", "fault 200.0000000 − 300.0000000",
				"months by time",
				"2022-01 0.0000000 − 0.0000000, 16.9863011 − 100.0000000",
				"2022-02 0.0000000 − 0.0000000, 15.3424658 − 200.0000000",
				"2022-03 0.0000000 − 0.0000000, 16.9863014 − 0.0000000",
				"2022-04 0.0000000 − 0.0000000, 16.4383561 − 0.0000000",
				"2022-05 0.0000000 − 0.0000000, 16.9863014 − 0.0000000",
				"2022-06 0.0000000 − 0.0000000, 16.4383561 − 0.0000000",
				"members by ",
			},
		},
		"a year from April, cut inside an outage": {
			story{policy: "year_start: 04-01\nprearranged_share: 60%\n" + strings.ReplaceAll(pairCap, "2022-12-31", "2023-03-31"), base: pairBase, events: overNight + work + "M1 F1 - - 2022-05-01T00:00 2022-05-01T01:00 100\n", asOf: "2022-06-01T10:00"},
			[]string{
				"parts by policy", "pre-arranged 2400.0000000 − 600.0000000", "fault 1600.0000000 − 100.0000000",
				"months by time",
				"2022-04 197.2602739 − 0.0000000, 131.5068492 − 0.0000000",
				"2022-05 203.8356164 − 0.0000000, 135.8904108 − 100.0000000",
				"2022-06 197.2602739 − 600.0000000, 131.5068494 − 0.0000000",
				"2022-07 203.8356164 − 0.0000000, 135.8904108 − 0.0000000",
				"2022-08 203.8356167 − 0.0000000, 135.8904111 − 0.0000000",
				"2022-09 197.2602739 − 0.0000000, 131.5068492 − 0.0000000",
				"members by customers", "a 1000.0000000 − 100.0000000", "b 3000.0000000 − 600.0000000",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, divisionOf(&c.tell(t).Targets[0])); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
