package snapshot_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// Three feeders in two years: F2 grows from 100 customers to 200, F3 is rural in
// 2021 and of the town in 2022. N is 260 rural customers, then 300.
const threeFeeders = "F1 a rural 100\nF2 a rural 100 - 2022-01-01\nF2 a rural 200 2022-01-01\n" +
	"F3 a rural 60 - 2022-01-01\nF3 a town 60 2022-01-01\n"

// changeStory is a story of which the change is asked.
type changeStory struct {
	base   string
	rows   []outage.Event // times in the text of Source, as the story's reader reads them: from, to
	covers string
	asOf   string
}

// happened is a row; times are local.
func happened(id, place, from, to string, customers int64, nature outage.Nature, cause string) outage.Event {
	feeder, area, _ := strings.Cut(place, "@")
	return outage.Event{ID: id, Feeder: feeder, Area: area, Source: from + " " + to, Customers: customers, Nature: nature, Cause: cause, Served: outage.Missing}
}

func (s *changeStory) engine(t *testing.T) (*engine.Engine, *policy.Policy) {
	t.Helper()
	p := (&story{policy: eight}).parsed(t)
	r := storyReader{t: t, zone: p.Zone}
	base, err := reliability.NewBase(r.base(s.base), []outage.Class{"rural", "town"})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, engine.Options{Zone: p.Zone, Workers: 1})
	batch := outage.NewBatch(outage.NewDict())
	for i, row := range s.rows {
		from, to, _ := strings.Cut(row.Source, " ")
		row.Row, row.Start, row.End, row.Source = outage.Row(i+2), r.at(from), r.at(to), ""
		batch.Append(&row)
	}
	load := e.Begin()
	if err := load.Add(batch); err != nil {
		t.Fatal(err)
	}
	if err := load.Commit(&outage.Delivery{Path: "events", Rows: batch.Len(), Covers: r.covers(s.covers)}); err != nil {
		t.Fatal(err)
	}
	e.Advance(r.at(s.asOf))
	return e, p
}

// change asks what explains the change of area a's rural number, or that of the
// scope and class given.
func (s *changeStory) change(t *testing.T, window, against string, scope ...string) (*snapshot.Contributions, error) {
	t.Helper()
	e, p := s.engine(t)
	q := snapshot.ChangeQuestion{Question: snapshot.Question{Scope: "a", Class: "rural", Window: span(t, p, window)}, Against: against}
	if len(scope) == 2 {
		q.Scope, q.Class = scope[0], scope[1]
	}
	if strings.Contains(against, "..") {
		q.Against, q.Before = snapshot.Custom, span(t, p, against)
	}
	return snapshot.ExplainChange(e, p, q)
}

func span(t *testing.T, p *policy.Policy, text string) period.Period {
	t.Helper()
	w, err := period.Parse(text, p.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

const (
	year2021 = "2021-01-01..2022-01-01"
	year2022 = "2022-01-01..2023-01-01"
)

func grown() *changeStory {
	return &changeStory{
		base: threeFeeders, asOf: "2023-01-01",
		rows: []outage.Event{
			happened("A", "F1", "2021-03-01T00:00", "2021-03-01T02:00", 100, outage.FaultInternal, "tree"),    // 200 customer-hours
			happened("B", "F2", "2021-04-01T00:00", "2021-04-01T01:00", 50, outage.PlannedMaintenance, ""),    // 50
			happened("C", "F3", "2021-05-01T00:00", "2021-05-01T03:00", 60, outage.FaultInternal, "wind"),     // 180
			happened("D", "F1", "2022-03-01T00:00", "2022-03-01T01:00", 100, outage.FaultInternal, "tree"),    // 100
			happened("E", "F2", "2022-04-01T00:00", "2022-04-01T04:00", 150, outage.PlannedMaintenance, ""),   // 600
			happened("F", "F3", "2022-05-01T00:00", "2022-05-01T01:00", 60, outage.FaultInternal, "tree"),     // of the town
			happened("G", "F9@a", "2022-06-01T00:00", "2022-06-01T01:00", 5, outage.FaultInternal, "nobody"),  // no class: unclassified
			happened("H", "F1", "2020-06-01T00:00", "2020-06-01T01:00", 5, outage.FaultInternal, "long past"), // in neither year
		},
	}
}

const customerHour = 3600 * 1000 // of one customer, in thousandths of customer-seconds

// shift is a part of a change, in customer-hours and customers.
func shift(before, after, interruptedBefore, interrupted int64) snapshot.Shift {
	return snapshot.Shift{
		Before: snapshot.Milli(before * customerHour), After: snapshot.Milli(after * customerHour), Change: snapshot.Milli((after - before) * customerHour),
		InterruptionsBefore: snapshot.Milli(interruptedBefore * 1000), InterruptionsAfter: snapshot.Milli(interrupted * 1000),
		InterruptionsChange: snapshot.Milli((interrupted - interruptedBefore) * 1000),
	}
}

// sameShift compares parts of a change apart from their hours.
var sameShift = cmpopts.IgnoreFields(snapshot.Shift{}, "Hours")

func fraction(h snapshot.Hours) string {
	if h.Rat() == nil {
		return "none"
	}
	return h.Rat().RatString()
}

// The change by hand: 430 customer-hours of 260 customers, then 700 of 300. The
// outages make it 270 / 260 h more, the customers 700 (1/300 − 1/260) = −14/39 h.
func TestChangeByHand(t *testing.T) {
	t.Parallel()
	c, err := grown().change(t, year2022, snapshot.PriorYear)
	if err != nil {
		t.Fatal(err)
	}
	if c.Change != 270*customerHour || c.InterruptionsChange != 40_000 || c.Before.EquivalentCustomers != 260 || c.After.EquivalentCustomers != 300 {
		t.Errorf("change %v, interruptions %v, customers %v and %v", c.Change, c.InterruptionsChange, c.Before.EquivalentCustomers, c.After.EquivalentCustomers)
	}
	got := []string{fraction(c.HoursChange), fraction(c.ByOutages), fraction(c.ByCustomers)}
	if diff := cmp.Diff([]string{"53/78", "27/26", "-14/39"}, got); diff != "" { // 700/300 − 430/260
		t.Errorf("hours (-want +got):\n%s", diff)
	}
	lists := map[string][]snapshot.Contributor{
		"feeders": {
			{Name: "F2", Area: "a", Shift: shift(50, 600, 50, 150)},
			{Name: "F3", Area: "a", Reclassified: true, Shift: shift(180, 0, 60, 0)},
			{Name: "F1", Area: "a", Shift: shift(200, 100, 100, 100)},
		},
		"natures": {
			{Name: "planned_maintenance", Shift: shift(50, 600, 50, 150)},
			{Name: "fault_internal", Shift: shift(380, 100, 160, 100)},
		},
		"causes": {
			{Name: "", Shift: shift(50, 600, 50, 150)},
			{Name: "wind", Shift: shift(180, 0, 60, 0)},
			{Name: "tree", Shift: shift(200, 100, 100, 100)},
		},
		"technical causes": {{Name: "", Shift: shift(430, 700, 210, 250)}},
	}
	for what, got := range map[string]snapshot.Contributors{"feeders": c.Feeders, "natures": c.Natures, "causes": c.Causes, "technical causes": c.Technical} {
		if diff := cmp.Diff(lists[what], got.Lines, sameShift); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	if got := fraction(c.Feeders.Lines[0].Hours); got != "55/26" { // 550 / 260
		t.Errorf("the part of F2 in hours is %s", got)
	}
}

// What is left of a list stands together, and adds up to the change.
func TestTheRestOfAChange(t *testing.T) {
	t.Parallel()
	e, p := grown().engine(t)
	c, err := snapshot.ExplainChange(e, p, snapshot.ChangeQuestion{
		Question: snapshot.Question{Scope: "a", Class: "rural", Window: span(t, p, year2022), Top: 1}, Against: snapshot.PriorYear,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := snapshot.Remainder{Contributors: 2, Shift: shift(380, 100, 160, 100)}
	if diff := cmp.Diff(want, c.Feeders.Rest, sameShift); diff != "" || len(c.Feeders.Lines) != 1 {
		t.Errorf("rest of the feeders (-want +got):\n%s", diff)
	}
	if got := fraction(c.Feeders.Rest.Hours); got != "-14/13" { // −280 / 260
		t.Errorf("the rest in hours is %s", got)
	}
}

// Rows count under the feeder that they name where the base does not know it, and
// under the area where its base names no feeders.
func TestFeedersOfAChange(t *testing.T) {
	t.Parallel()
	s := &changeStory{
		base: "F1 a rural 100\n- b rural 50\n", asOf: "2023-01-01",
		rows: []outage.Event{
			happened("A", "F1", "2021-03-01T00:00", "2021-03-01T02:00", 10, outage.Unknown, ""),
			happened("B", "X@a", "2022-03-01T00:00", "2022-03-01T03:00", 10, outage.Unknown, ""),
			happened("C", "X@b", "2022-03-01T00:00", "2022-03-01T05:00", 10, outage.Unknown, ""),
		},
	}
	c, err := s.change(t, year2022, snapshot.PriorYear, "pair", "all")
	if err != nil {
		t.Fatal(err)
	}
	want := []snapshot.Contributor{
		{Name: "", Area: "b", Shift: shift(0, 50, 0, 10)},
		{Name: "X", Area: "a", Shift: shift(0, 30, 0, 10)},
		{Name: "F1", Area: "a", Shift: shift(20, 0, 10, 0)},
	}
	if diff := cmp.Diff(want, c.Feeders.Lines, sameShift); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Nothing is known of b in 2021, so that nobody can tell the hours of the pair.
	if diff := cmp.Diff([]string{"b"}, c.WithoutData); diff != "" || c.HoursChange.Rat() != nil || c.Before.SAIDIHours != nil || c.Feeders.Lines[0].Hours.Rat() != nil {
		t.Errorf("without data (-want +got):\n%s, change %s", diff, fraction(c.HoursChange))
	}
	text, err := json.Marshal(c)
	if err != nil || !strings.Contains(string(text), `"saidi_hours_change":null,"saidi_hours_by_outages":null,"saidi_hours_by_customers":null`) {
		t.Errorf("in JSON: %s, %v", text, err)
	}
}

// The windows against prior_ytd end where the data of the scope reaches while the
// year runs, at the same date and clock.
func TestWindowsOfAChange(t *testing.T) {
	t.Parallel()
	s := grown()
	tests := []struct {
		name, covers, asOf, window, against string
		before, after                       [2]string
	}{
		{"a running year", "", "2022-08-01T12:00", year2022, snapshot.PriorYearToDate, [2]string{"2021-01-01", "2021-08-01T12:00"}, [2]string{"2022-01-01", "2022-08-01T12:00"}},
		{"as far as the data reaches", "2021-01-01 2022-07-01 a\n", "2022-08-01", year2022, snapshot.PriorYearToDate, [2]string{"2021-01-01", "2021-07-01"}, [2]string{"2022-01-01", "2022-07-01"}},
		{"a month before it", "2021-01-01 2022-07-01 a\n", "2022-08-01", "2022-02-01..2022-03-01", snapshot.PriorYearToDate, [2]string{"2021-02-01", "2021-03-01"}, [2]string{"2022-02-01", "2022-03-01"}},
		{"a complete year", "2021-01-01 2022-07-01 a\n", "2023-02-01", year2022, snapshot.PriorYearToDate, [2]string{"2021-01-01", "2022-01-01"}, [2]string{"2022-01-01", "2023-01-01"}},
		{"as asked", "2021-01-01 2022-07-01 a\n", "2022-08-01", "2022-03-01..2022-04-01", "2021-04-01..2021-05-01", [2]string{"2021-04-01", "2021-05-01"}, [2]string{"2022-03-01", "2022-04-01"}},
		{"cut alike", "", "2022-08-01", "2022-07-15..2022-09-01", "2021-07-15..2021-08-01", [2]string{"2021-07-15", "2021-08-01"}, [2]string{"2022-07-15", "2022-08-01"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := *s
			s.covers, s.asOf = tt.covers, tt.asOf
			c, err := s.change(t, tt.window, tt.against)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{}
			for _, at := range append(tt.before[:], tt.after[:]...) {
				if !strings.Contains(at, "T") {
					at += "T00:00"
				}
				want = append(want, at+":00+08:00")
			}
			if diff := cmp.Diff(want, []string{c.Before.From, c.Before.To, c.After.From, c.After.To}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Windows that overlap, or of which one is more than a day longer as far as as-of,
// are not compared.
func TestWindowsThatAreNotAlike(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, asOf, window, against, want string }{
		{"the same", "2022-08-01", "2022-03-01..2022-04-01", "2022-03-01..2022-04-01", "have time in common"},
		{"one in the other", "2022-08-01", "2022-03-01..2022-04-01", "2021-03-01..2022-04-01", "have time in common"},
		{"a day in common", "2022-08-01", "2022-03-01..2022-04-01", "2022-03-31..2022-05-01", "have time in common"},
		{"more than a year before it", "2022-08-01", "2021-01-01..2022-07-01", snapshot.PriorYearToDate, "have time in common"},
		{"a year and a month", "2023-01-01", year2022, "2021-03-01..2021-04-01", "is 31.0 days and 2022-01-01T00:00:00+08:00 to 2023-01-01T00:00:00+08:00 is 365.0"},
		{"two days longer", "2022-08-01", "2022-03-01..2022-04-02", "2021-04-01..2021-05-01", "is 30.0 days"},
		{"longer as far as as-of", "2022-07-16", "2022-07-01..2022-08-01", "2021-07-01..2021-08-01", "is 31.0 days and 2022-07-01T00:00:00+08:00 to 2022-07-16T00:00:00+08:00 is 15.0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := grown()
			s.asOf = tt.asOf
			if _, err := s.change(t, tt.window, tt.against); !errors.Is(err, snapshot.ErrIncomparable) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

// Windows have the names that the calendar and the policy give them.
func TestNamesOfWindows(t *testing.T) {
	t.Parallel()
	type names struct {
		Year, Month int
		Part        bool
	}
	tests := []struct {
		name, asOf, window, against string
		before, after               names
		soFar                       bool
	}{
		{"years", "2023-01-01", year2022, snapshot.PriorYear, names{Year: 2021}, names{Year: 2022}, false},
		{"a running year", "2022-08-01", year2022, snapshot.PriorYearToDate, names{Year: 2021, Part: true}, names{Year: 2022, Part: true}, true},
		{"a part of a year that is chosen", "2022-08-01", "2022-01-01..2022-07-01", snapshot.PriorYearToDate, names{Year: 2021, Part: true}, names{Year: 2022, Part: true}, false},
		{"months", "2022-08-01", "2022-07-01..2022-08-01", "2021-06-01..2021-07-01", names{Year: 2021, Month: 6}, names{Year: 2022, Month: 7}, false},
		{"December", "2023-01-01", "2022-12-01..2023-01-01", snapshot.PriorYearToDate, names{Year: 2021, Month: 12}, names{Year: 2022, Month: 12}, false},
		{"dates", "2022-08-01", "2022-03-02..2022-04-01", "2021-03-02..2021-04-01", names{}, names{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := grown()
			s.asOf = tt.asOf
			c, err := s.change(t, tt.window, tt.against)
			if err != nil {
				t.Fatal(err)
			}
			of := func(w snapshot.WindowAmount) names { return names{w.Year, w.Month, w.Part} }
			if diff := cmp.Diff([]names{tt.before, tt.after}, []names{of(c.Before), of(c.After)}); diff != "" || c.SoFar != tt.soFar {
				t.Errorf("so far %v, want %v; (-want +got):\n%s", c.SoFar, tt.soFar, diff)
			}
		})
	}
}

// The windows against prior_ytd are those of the target's reduction.
func TestChangeIsThatOfTheReduction(t *testing.T) {
	t.Parallel()
	s := grown()
	s.asOf, s.covers = "2022-08-01", "2021-01-01 2022-03-15 a\n"
	e, p := s.engine(t)
	target := snapshot.Build(e, p, snapshot.Options{}).Targets[0]
	c, err := s.change(t, year2022, snapshot.PriorYearToDate)
	if err != nil {
		t.Fatal(err)
	}
	// 100 / 300 against 200 / 260: to 15 March only A and D have been.
	if got := 1 - *c.After.SAIDIHours / *c.Before.SAIDIHours; target.Reduction == nil || math.Abs(got-*target.Reduction) > 1e-12 || math.Abs(got-(1-260.0/600)) > 1e-12 {
		t.Errorf("the windows are less by %v, the target's reduction is %s", got, hoursOf(target.Reduction))
	}
}

// What cannot be compared is said.
func TestChangesThatCannotBeTold(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, window, against string
		scope, class, index   string
		want                  string
	}{
		{"before all data", "2020-01-01..2021-01-01", snapshot.PriorYear, "a", "rural", "", "nothing is known from 2019-01-01T00:00:00+08:00 to 2020-01-01T00:00:00+08:00: the first row or declared period begins on 2020-06-01T00:00:00+08:00"},
		{"part of a year against a whole one", "2022-01-01..2022-07-01", snapshot.PriorYear, "a", "rural", "", "the window is not a complete year"},
		{"after as-of", "2023-01-01..2024-01-01", snapshot.PriorYearToDate, "a", "rural", "", "nothing is known of the window from 2022-01-01"},
		{"unknown scope", year2022, snapshot.PriorYear, "aa", "rural", "", `scope "aa" is not an area`},
		{"unknown class", year2022, snapshot.PriorYear, "a", "urban", "", `has no customers of class "urban"`},
		{"unknown index", year2022, snapshot.PriorYear, "a", "rural", "saidi", `index set "saidi" is not known`},
		{"no year before from which to work out major event days", "2021-01-01..2022-01-01", snapshot.PriorYear, "a", "rural", "ieee-ex-med", `index set "ieee-ex-med" does not exist`},
	}
	e, p := grown().engine(t)
	for _, tt := range tests {
		q := snapshot.ChangeQuestion{Question: snapshot.Question{Scope: tt.scope, Class: tt.class, Index: tt.index, Window: span(t, p, tt.window)}, Against: tt.against}
		if _, err := snapshot.ExplainChange(e, p, q); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

// A feeder is reclassified where it has customers in other areas or classes than
// before; one that comes or goes is not.
func TestReclassified(t *testing.T) {
	t.Parallel()
	const other = "F0 a rural 10\n"
	for name, c := range map[string]struct {
		base string
		want bool
	}{
		"stays":                       {"F1 a rural 100\n", false},
		"grows":                       {"F1 a rural 100\nF1 a rural 20 2021-09-01\n", false},
		"moves between the years":     {"F1 a rural 100 - 2022-01-01\nF1 a town 100 2022-01-01\n", true},
		"moves within the first year": {"F1 a rural 100 - 2021-05-01\nF1 a town 100 2021-05-01\n", true},
		"moves in part":               {"F1 a rural 100 - 2022-01-01\nF1 a rural 60 2022-01-01\nF1 a town 40 2022-01-01\n", true},
		"moves to another area":       {"F1 a rural 100 - 2022-01-01\nF1 b rural 100 2022-01-01\n", true},
		"goes":                        {"F1 a rural 100 - 2022-01-01\n", false},
	} {
		s := &changeStory{base: other + c.base, asOf: "2023-01-01", rows: []outage.Event{
			happened("A", "F1", "2021-03-01T00:00", "2021-03-01T02:00", 10, outage.Unknown, ""),
			happened("B", "F0", "2022-03-01T00:00", "2022-03-01T01:00", 10, outage.Unknown, ""),
		}}
		got, err := s.change(t, year2022, snapshot.PriorYear)
		if err != nil {
			t.Fatal(err)
		}
		if line := got.Feeders.Lines[0]; line.Name != "F1" || line.Reclassified != c.want {
			t.Errorf("%s: %+v, want reclassified %v", name, line, c.want)
		}
	}
}

// Sets that book on the first day count an outage where it started, also what of
// it passes later: F2 has 100 customers out for 4 h in 2021 and 150 for 4 h in
// 2022.
func TestChangeBookedOnTheFirstDay(t *testing.T) {
	t.Parallel()
	s := &changeStory{base: threeFeeders, asOf: "2023-01-01", rows: []outage.Event{
		happened("A", "F2", "2021-12-31T20:00", "2022-01-01T04:00", 150, outage.Unknown, "tree"),
		happened("B", "F1", "2022-03-01T00:00", "2022-03-01T01:00", 10, outage.Unknown, "wind"),
	}}
	for index, want := range map[string][]snapshot.Contributor{
		"saidi-1": {{Name: "F2", Area: "a", Shift: shift(400, 600, 100, 0)}, {Name: "F1", Area: "a", Shift: shift(0, 10, 0, 10)}},
		"ieee":    {{Name: "F2", Area: "a", Shift: shift(1000, 0, 100, 0)}, {Name: "F1", Area: "a", Shift: shift(0, 10, 0, 10)}},
	} {
		e, p := s.engine(t)
		c, err := snapshot.ExplainChange(e, p, snapshot.ChangeQuestion{
			Question: snapshot.Question{Scope: "a", Class: "rural", Index: index, Window: span(t, p, year2022)}, Against: snapshot.PriorYear,
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, c.Feeders.Lines, sameShift); diff != "" {
			t.Errorf("%s (-want +got):\n%s", index, diff)
		}
	}
}

// Without major event days the storm of 1 August 2022 explains nothing.
func TestChangeWithoutMajorEventDays(t *testing.T) {
	t.Parallel()
	s := story{policy: eight, base: hundred, asOf: "2023-01-01", events: daily("2020-03-01", 90, 1, 2) + daily("2021-03-01", 90, 1, 2) + daily("2022-03-01", 90, 1, 2) +
		"S F1 - - 2022-08-01T08:00 2022-08-01T09:00 50\n"}
	p := s.parsed(t)
	e := s.engine(t, p)
	for index, want := range map[string]snapshot.Shift{"ieee": shift(135, 185, 135, 185), "ieee-ex-med": shift(135, 135, 135, 135)} {
		c, err := snapshot.ExplainChange(e, p, snapshot.ChangeQuestion{
			Question: snapshot.Question{Scope: "a", Class: "rural", Index: index, Window: span(t, p, year2022)}, Against: snapshot.PriorYear,
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]snapshot.Contributor{{Name: "F1", Area: "a", Shift: want}}, c.Feeders.Lines, sameShift); diff != "" || c.Change != want.Change {
			t.Errorf("%s: change %v (-want +got):\n%s", index, c.Change, diff)
		}
	}
}
