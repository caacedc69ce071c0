package engine_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/floats/scalar"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// goldenTolerance is relative, for what is not a sum (testdata/golden).
const goldenTolerance = 1e-6

// near compares with the tolerance of the known answers, and never takes NaN
// for a number.
func near(got, want float64) bool {
	return scalar.EqualWithinAbsOrRel(got, want, 0, goldenTolerance)
}

// Every case of counting.json, with every field: sums in thousandths of
// customer-seconds and customers are exact.
func TestCountingGolden(t *testing.T) {
	t.Parallel()
	var golden struct {
		Source string          `json:"source"`
		Zone   string          `json:"zone"`
		Cases  []goldenCase    `json:"cases"`
		Major  json.RawMessage `json:"major_event_day"`
	}
	readGolden(t, "counting.json", &golden)
	if golden.Zone != "Asia/Shanghai" {
		t.Fatalf("zone %q: the cases are read in Asia/Shanghai", golden.Zone)
	}
	if len(golden.Cases) == 0 {
		t.Fatal("there are no cases")
	}
	for _, c := range golden.Cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			if checks := c.checkSums(t) + c.checkRatios(t); checks == 0 {
				t.Error("the case expects nothing")
			}
		})
	}
}

// load makes an engine with the case's events, as of the case's instant.
func (c *goldenCase) load(t testing.TB) *engine.Engine {
	t.Helper()
	in := c.input(t)
	e := newEngine(t, in, 2)
	deliver(t, e, in.Deliveries[0])
	e.Advance(in.AsOf)
	for i := range e.Rows() {
		if o := e.Outcome(i); o != engine.Accepted {
			t.Fatalf("row %d is %s", i, o)
		}
	}
	return e
}

// checkSums compares all that the case wants exactly, and says how much that
// was.
func (c *goldenCase) checkSums(t *testing.T) int {
	t.Helper()
	want := c.want(t)
	facts, got := goldenFacts(c.load(t)), map[string]int64{}
	for name := range want {
		if n, ok := facts[name]; ok {
			got[name] = n
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("sums differ, in thousandths (-want +got):\n%s", diff)
	}
	return len(want)
}

// want names every sum that the case gives.
func (c *goldenCase) want(t *testing.T) map[string]int64 {
	t.Helper()
	want := map[string]int64{}
	all := func(prefix string, unit int64, numbers map[string]exact) {
		for key, x := range numbers {
			want[strings.TrimSpace(prefix+" "+key)] = x.thousandths(t, unit)
		}
	}
	one := func(name string, unit int64, x exact) {
		if x.Rat != nil {
			want[name] = x.thousandths(t, unit)
		}
	}
	all("seconds", 3600, c.Hours)
	all("seconds", 60, c.Minutes)
	all("seconds", 1, c.Seconds)
	all("momentary seconds", 1, c.MomentarySeconds)
	all("booked", 3600, c.BookedHours)
	all("longer", 1, c.Interruptions)
	all("momentary", 1, c.Momentary)
	all("seconds", 3600, c.HoursByNature)
	for class, years := range c.HoursByClass {
		all("seconds "+class, 3600, years)
	}
	for class, years := range c.InterruptionsByClass {
		all("longer "+class, 1, years)
	}
	for id, index := range c.ByIndex {
		one(id+" seconds", 1, index.Seconds)
		one(id+" interruptions", 1, index.Interruptions)
	}
	one("events", 1, c.Counted)
	one("overlap", 3600, c.OverlapHours)
	one("overlap", 1, c.OverlapSeconds)
	one("over base", 3600, c.OverBaseHours)
	return want
}

// years are those of the cases, and all time under the empty name.
func years() map[string]period.Period {
	all := map[string]period.Period{"": {From: math.MinInt64, To: math.MaxInt64}}
	for text, year := range map[string]int{" 2021": 2021, " 2022": 2022} {
		all[text] = period.YearStart{}.Year(year, refZone("Asia/Shanghai"))
	}
	return all
}

// goldenFacts adds up, in thousandths, what an engine counts: by year, class
// and nature, band and index set.
func goldenFacts(e *engine.Engine) map[string]int64 {
	loss := e.Quality().Loss
	facts := map[string]int64{"overlap": loss.Overlap, "over base": loss.OverBase}
	for year, w := range years() {
		tally := e.Tally(w, nil)
		poolFacts(facts, year, tally.Pool(strataOf(e, ""), e.Bands()))
		for _, class := range e.Base().Classes {
			poolFacts(facts, " "+string(class)+year, tally.Pool(strataOf(e, class), e.Bands()))
		}
	}
	whole := e.Tally(years()[""], nil).Pool(strataOf(e, ""), e.Bands())
	for n := range outage.NatureCount {
		facts["seconds "+outage.Nature(n).String()] = whole.Nature(outage.Nature(n)).Seconds
	}
	for _, set := range reliability.Sets() {
		if sums, ok := whole.Of(set); ok {
			facts[set.ID+" seconds"], facts[set.ID+" interruptions"] = sums.Seconds, sums.Interruptions
		}
	}
	everything, _ := whole.Of(reliability.Sets()[0])
	facts["events"] = everything.Events * reliability.Milli
	return facts
}

func poolFacts(facts map[string]int64, suffix string, p *reliability.Pool) {
	longer, momentary := p.Longer(), p.Momentary()
	facts["seconds"+suffix] = longer.Seconds + momentary.Seconds
	facts["booked"+suffix] = longer.Booked + momentary.Booked
	facts["momentary seconds"+suffix] = momentary.Seconds
	facts["longer"+suffix] = longer.Interruptions
	facts["momentary"+suffix] = momentary.Interruptions
}

// strataOf lists the strata of a class, of all where it is empty.
func strataOf(e *engine.Engine, class outage.Class) []int {
	var strata []int
	for s := range e.Base().Strata() {
		if _, c := e.Base().Stratum(s); class == "" || c == class {
			strata = append(strata, s)
		}
	}
	return strata
}

// checkRatios compares what is not a sum, and says how much that was.
func (c *goldenCase) checkRatios(t *testing.T) (checks int) {
	t.Helper()
	e := c.load(t)
	whole := e.Tally(years()[""], nil).Pool(strataOf(e, ""), e.Bands())
	for id, index := range c.ByIndex {
		checkCAIDI(t, whole, id, index)
		checks++
	}
	if c.Provisional != nil {
		checks++
		if got := len(e.Quality().Open) > 0; got != *c.Provisional {
			t.Errorf("provisional = %t, want %t", got, *c.Provisional)
		}
	}
	if c.SplitShare != nil {
		checks++
		q := e.Quality()
		if got := float64(q.Loss.Split) / float64(q.Seconds); !near(got, *c.SplitShare) {
			t.Errorf("split share = %v, want %v", got, *c.SplitShare)
		}
	}
	return checks + c.checkServed(t, e) + c.checkPooled(t, e)
}

func checkCAIDI(t *testing.T, whole *reliability.Pool, id string, index goldenIndex) {
	t.Helper()
	set, ok := reliability.SetByID(id)
	if !ok || index.CAIDI == nil || index.Seconds.Rat == nil || index.Interruptions.Rat == nil {
		t.Fatalf("index %q: want a known one with its three numbers", id)
	}
	sums, _ := whole.Of(set)
	hours, exists := whole.CAIDIHours(sums)
	var want *float64
	if err := json.Unmarshal(index.CAIDI, &want); err != nil {
		t.Fatal(err)
	}
	switch {
	case (want != nil) != exists:
		t.Errorf("%s: CAIDI exists is %t, want %s", id, exists, index.CAIDI)
	case exists && !near(hours*3600, *want):
		t.Errorf("%s: CAIDI = %v s, want %v s", id, hours*3600, *want)
	}
}

// checkServed holds the equivalent customers of years, and the running SAIDI of
// a year at several instants, against the case.
func (c *goldenCase) checkServed(t *testing.T, e *engine.Engine) (checks int) {
	t.Helper()
	zone := refZone("Asia/Shanghai")
	for year, want := range c.Equivalent {
		w := period.YearStart{}.Year(goldenYear(t, year), zone)
		checks++
		if got := e.Tally(w, nil).Pool(strataOf(e, ""), e.Bands()).EquivalentCustomers(); !near(got, want) {
			t.Errorf("equivalent customers of %s = %v, want %v", year, got, want)
		}
	}
	for text, want := range c.YearToDate {
		asOf := refAt(asOfDate(t, text) + " 00:00")
		e.Advance(asOf)
		w := period.YearStart{}.Year(period.YearStart{}.YearOf(asOf-1, zone), zone)
		checks++
		if got := saidiHours(t, e, strataOf(e, ""), w); !near(got, want) {
			t.Errorf("SAIDI %s = %v h, want %v h", text, got, want)
		}
	}
	return checks
}

// saidiHours is that of saidi-1.
func saidiHours(t testing.TB, e *engine.Engine, strata []int, w period.Period) float64 {
	t.Helper()
	p := e.Tally(w, nil).Pool(strata, e.Bands())
	sums, _ := p.Of(reliability.Sets()[0])
	hours, ok := p.SAIDIHours(sums)
	if !ok {
		t.Fatal("SAIDI does not exist")
	}
	return hours
}

// checkPooled holds the SAIDI of every area, and of all together, against the
// case.
func (c *goldenCase) checkPooled(t *testing.T, e *engine.Engine) (checks int) {
	t.Helper()
	if c.Pooled == nil {
		return 0
	}
	year := period.YearStart{}.Year(2021, refZone("Asia/Shanghai"))
	for i, area := range c.Areas {
		checks++
		classes := len(e.Base().Classes)
		var strata []int
		for k := range classes {
			strata = append(strata, i*classes+k)
		}
		if got := saidiHours(t, e, strata, year); !near(got, area.Hours) {
			t.Errorf("SAIDI of area %d = %v h, want %v h", i, got, area.Hours)
		}
	}
	if got := saidiHours(t, e, strataOf(e, ""), year); !near(got, *c.Pooled) {
		t.Errorf("pooled SAIDI = %v h, want %v h", got, *c.Pooled)
	}
	return checks + 1
}
