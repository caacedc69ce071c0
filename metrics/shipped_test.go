package metrics_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// shipped is a state of the shipped policy in which everything that may be there
// is there.
func shipped(z size) *metrics.State {
	p := policy.Qinghai()
	s := &snapshot.Snapshot{
		Title: p.Title, Index: p.Index, Provenance: snapshot.Provenance{Policy: snapshot.Digest{ID: p.ID, SHA256: strings.Repeat("5a", 32)}},
		Judged:  snapshot.Judged{Years: []snapshot.JudgedYear{{Year: 2022}, {Year: 2021, Complete: true}}},
		Quality: snapshot.Quality{RejectedReasons: map[string]int{}, SuspiciousRows: map[string]int{}},
		Detail:  shippedDetail(p, z),
	}
	for _, scope := range s.Detail.Scopes {
		s.Indices = append(s.Indices, lines(p, z, scope.ID)...)
	}
	for year := 2022; year > 2022-z.windows/2; year-- {
		s.Targets = append(s.Targets, shippedTargets(p, year)...)
	}
	for _, r := range outage.Reasons() {
		s.Quality.RejectedReasons[string(r)] = 3
	}
	for _, flag := range outage.Flags(1<<16 - 1).Codes() {
		s.Quality.SuspiciousRows[flag] = 5
	}
	for _, a := range p.Areas {
		s.Quality.Coverage = append(s.Quality.Coverage, snapshot.Coverage{Area: string(a.ID), Ratio: new(0.9971)})
	}
	return &metrics.State{
		Snapshot: s, Computed: asOf, Steps: map[string]time.Duration{"read": 1, "count": 2, "build": 3},
		Sources: shippedSources(z), Store: shippedStore(z), ReloadOK: true, ReloadTime: asOf, DataAgeLimit: time.Hour, InterruptedLimit: 0.1,
	}
}

func shippedWindows(z size) []string {
	return []string{"ytd", "prior_ytd", "year", "prior_year"}[:z.windows]
}

// lines are the indices of one scope.
func lines(p *policy.Policy, z size, scope string) []snapshot.Entry {
	classes := []string{string(outage.AllClasses)}
	for _, c := range p.Classes {
		classes = append(classes, string(c.ID))
	}
	for _, g := range p.ClassGroups {
		classes = append(classes, g.ID)
	}
	var all []snapshot.Entry
	for i, class := range classes {
		for j, window := range shippedWindows(z) {
			e := entry(scope, class, window, fmt.Sprintf("%d-01-01", 2022-j+j/2), new(float64(i+1)*1.2345678/float64(j+1)))
			if e.ByIndex = map[string]snapshot.Index{}; window == "ytd" || window == "year" {
				e.Reduction = new(float64(i) / 19)
			}
			for k, set := range p.Indices {
				e.ByIndex[set] = snapshot.Index{SAIDIHours: new(float64(len(scope)+k+1) / float64(7+i+j)), SAIFI: new(float64(len(scope)+k+1) / float64(11+i+j)), CAIDIHours: new(float64(len(scope)+k+1) / float64(13+i+j))}
			}
			all = append(all, e)
		}
		for m := range z.months {
			all = append(all, entry(scope, class, "month", fmt.Sprintf("%d-%02d-01", 2021+m/12, m%12+1), new(float64(m)/17)))
		}
	}
	return all
}

func shippedTargets(p *policy.Policy, year int) []snapshot.Target {
	var all []snapshot.Target
	for i, t := range p.Targets {
		budget, left := snapshot.Milli(123_456_789*(i+1)), snapshot.Milli(12_345_678*(i+1))
		all = append(all, snapshot.Target{
			Scope: t.Scope, Class: t.Class, Rule: string(t.Rule), Strength: string(t.Strength), Year: year, Verdict: "at-risk",
			LimitHours: new(float64(i) + 0.1), ValueHours: new(float64(i) / 3), ExpectedShare: new(0.49), RequiredReduction: new(0.08), Reduction: new(0.0712),
			Budget: &budget, BudgetRemaining: &left, Burn: map[string]float64{"24h": 1.1, "7d": 0.9, "30d": 1.0},
			Projection: richProjection(), Budgets: shippedBudgets(p, &t, year),
		})
		if t.Rule == policy.Reduction {
			all[i].BaseStorm = &snapshot.BaseStorm{Share: 0.0312}
		}
	}
	return all
}

// shippedBudgets are those of a target, with a part for each month and, where its
// scope is pooled, each area.
func shippedBudgets(p *policy.Policy, t *policy.Target, year int) *snapshot.Budgets {
	part := snapshot.BudgetPart{Budget: 1_234_567_891, Used: 123_456_789, Remaining: 1_111_111_102}
	b := &snapshot.Budgets{PreArranged: part, Fault: part}
	for m := range monthsOfYear {
		b.Months = append(b.Months, snapshot.MonthPart{Month: fmt.Sprintf("%d-%02d", year, m+1), BudgetPart: part})
	}
	for _, area := range pooled(p, t.Scope) {
		b.Members = append(b.Members, snapshot.MemberPart{Area: string(area), BudgetPart: part})
	}
	return b
}

// monthsOfYear is how many months a year touches that begins with one.
const monthsOfYear = 12

// pooled are the areas of a scope that has several, else none.
func pooled(p *policy.Policy, scope string) []outage.Area {
	if scope == p.Whole.ID {
		return p.Whole.Areas
	}
	for _, g := range p.Groups {
		if g.ID == scope {
			return g.Areas
		}
	}
	return nil
}

func shippedDetail(p *policy.Policy, z size) *snapshot.Detail {
	d := &snapshot.Detail{AsOf: asOf.Unix(), MajorHours: new(0.4), Limits: richDetail().Limits}
	d.Limits.Burn["30d"] = policy.Fraction{Num: 122, Den: 100}
	for _, a := range p.Areas {
		d.Scopes = append(d.Scopes, snapshot.Scope{Named: snapshot.Named{ID: string(a.ID), Name: a.Name}, Level: "area", Areas: []string{string(a.ID)}})
	}
	for _, g := range p.Groups {
		d.Scopes = append(d.Scopes, snapshot.Scope{Named: snapshot.Named{ID: g.ID, Name: g.Name}, Level: "group", Areas: strung(g.Areas)})
	}
	d.Scopes = append(d.Scopes, snapshot.Scope{Named: snapshot.Named{ID: p.Whole.ID, Name: p.Whole.Name}, Level: "whole", Areas: strung(p.Whole.Areas)})
	for _, s := range d.Scopes {
		d.Days = append(d.Days, snapshot.Day{Scope: s.ID, SAIDIHours: 0.01})
	}
	classes := []string{"unclassified"}
	for _, c := range p.Classes {
		classes = append(classes, string(c.ID))
	}
	for _, class := range append(classes[:len(classes):len(classes)], "all", "urban-grid", "rural-grid", "city") {
		d.Classes = append(d.Classes, named(class, class, class))
	}
	for i := range z.repeats {
		d.Repeats = append(d.Repeats, named(fmt.Sprint("rule-", i), "规则", "Rule"))
	}
	for _, a := range p.Areas {
		fillArea(d, z, string(a.ID), classes)
	}
	for _, window := range shippedWindows(z) {
		for _, a := range p.Areas {
			for i := range z.feeders {
				d.Feeder = append(d.Feeder, snapshot.Feeder{Feeder: fmt.Sprint("10kV 多巴线 ", i), Area: string(a.ID), Window: window, CustomerSeconds: 1_234_567})
			}
		}
	}
	return d
}

// fillArea adds everything that is known of one area.
func fillArea(d *snapshot.Detail, z size, area string, classes []string) {
	d.DataThrough = append(d.DataThrough, snapshot.Reach{Area: area, To: asOf.Unix()})
	for i, class := range classes {
		d.Out = append(d.Out, snapshot.Out{Area: area, Class: class, Served: 123_456_000, Interrupted: 789_000, Events: i})
		for j := range z.repeats {
			d.Repeat = append(d.Repeat, snapshot.Repeat{Area: area, Class: class, Rule: fmt.Sprint("rule-", j), Customers: 2000})
		}
		for _, window := range shippedWindows(z) {
			c := snapshot.Cell{Area: area, Class: class, Window: window, EquivalentCustomers: 123_456.789, ByNature: map[string]snapshot.Part{}}
			for n := range z.natures {
				c.ByNature[outage.Nature(n).String()] = varied(len(d.Cells)*z.natures + n)
			}
			d.Cells = append(d.Cells, c)
		}
	}
	for _, window := range shippedWindows(z) {
		for i := range z.causes {
			d.Causes = append(d.Causes, snapshot.Cause{Area: area, Cause: fmt.Sprint("外力破坏 ", i), Window: window, CustomerSeconds: 7_654_321})
		}
	}
}

// varied are sums that look as different as real ones do.
func varied(n int) snapshot.Part {
	mixed := int64((n+1)*2_654_435_761) % 1_000_000_007
	return snapshot.Part{
		CustomerSeconds: snapshot.Milli(mixed), Interruptions: snapshot.Milli(mixed / 977 * 1000),
		MomentarySeconds: snapshot.Milli(mixed / 1013), MomentaryInterruptions: snapshot.Milli(mixed / 99_991 * 1000), Events: mixed % 101,
	}
}

func strung(ids []outage.Area) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return all
}

func shippedSources(z size) []metrics.Source {
	var all []metrics.Source
	for i := range z.sources {
		s := metrics.Source{Name: fmt.Sprint("source-", i), Up: true, LatestEvent: asOf.Unix(), LastSuccess: asOf, Duration: time.Second, Pending: new(int64(i))}
		for _, outcome := range []string{"accepted", "duplicate", "superseded", "cancelled", "skipped", "excluded"} {
			s.Rows = append(s.Rows, metrics.Rows{Outcome: outcome, Count: 123_456})
		}
		for _, r := range outage.Reasons() {
			s.Rows = append(s.Rows, metrics.Rows{Outcome: "rejected", Reason: string(r), Count: 7})
		}
		all = append(all, s)
	}
	return all
}

func shippedStore(z size) *metrics.Store {
	s := &metrics.Store{Sequence: 12_345_678, Applied: 12_345_678, Deliveries: 123_456, Rows: 12_345_678, TailRows: 1234, Segments: 56, Bytes: 1_234_567_890}
	for i := range z.writers {
		s.Writers = append(s.Writers, metrics.Writer{
			Name: fmt.Sprint("writer-", i), Requests: map[string]int64{"2xx": 123_456, "4xx": 78, "5xx": 9}, Bytes: 123_456_789, Seconds: 1234.5,
		})
	}
	return s
}
