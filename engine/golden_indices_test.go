package engine_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"gonum.org/v1/gonum/floats/scalar"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// The threshold of major event days, from the logarithms of daily SAIDI.
func TestMajorEventDayGolden(t *testing.T) {
	t.Parallel()
	var golden struct {
		Major []struct {
			Note      string    `json:"note"`
			Logs      []float64 `json:"ln_daily_saidi"`
			Zeros     int       `json:"zero_days"`
			TMED      float64   `json:"tmed"`
			Deviation string    `json:"deviation"`
		} `json:"major_event_day"`
		Source json.RawMessage `json:"source"`
		Zone   json.RawMessage `json:"zone"`
		Cases  json.RawMessage `json:"cases"`
	}
	readGolden(t, "counting.json", &golden)
	if len(golden.Major) == 0 {
		t.Fatal("there are no cases")
	}
	for i, c := range golden.Major {
		if c.Deviation != "sample" {
			t.Fatalf("case %d: deviation %q, want sample", i, c.Deviation)
		}
		daily := make([]float64, c.Zeros)
		for _, log := range c.Logs {
			daily = append(daily, math.Exp(log))
		}
		if got, ok := reliability.MajorEventThreshold(daily); !ok || !near(got, c.TMED) {
			t.Errorf("case %d: T_MED = %v, %t, want %v", i, got, ok, c.TMED)
		}
	}
}

// goldenIndices are the worked examples of indices.json, as far as events can
// be made of them; that nothing of the file goes unread is a test of package
// reliability.
type goldenIndices struct {
	IEEE struct {
		Served     int64          `json:"customers_served"`
		Hours      float64        `json:"period_hours"`
		Sustained  []goldenTimes  `json:"sustained"`
		Momentary  []goldenTimes  `json:"momentary"`
		ThresholdS int64          `json:"momentary_threshold_s"`
		Expect     goldenExpected `json:"expect"`
	} `json:"ieee1366_circuit7075"`
	Billinton struct {
		LoadPoints    map[string]int64 `json:"load_points"`
		Interruptions []struct {
			Event     int     `json:"event"`
			LoadPoint string  `json:"load_point"`
			Customers int64   `json:"customers"`
			Hours     float64 `json:"hours"`
		} `json:"interruptions"`
		Expect goldenExpected `json:"expect"`
	} `json:"billinton_allan_7_2"`
	GridLABD struct {
		Served    int64 `json:"customers_served"`
		Sustained []struct {
			Customers int64 `json:"customers"`
			Seconds   int64 `json:"seconds"`
		} `json:"sustained"`
		Expect struct {
			SAIDI []float64 `json:"saidi_hours"`
			SAIFI []float64 `json:"saifi"`
			CAIDI []float64 `json:"caidi_hours"`
		} `json:"expect_running"`
		Tolerance float64 `json:"absolute_tolerance"`
	} `json:"gridlabd_deterministic"`
	Simple struct {
		Served int64 `json:"customers_served"`
		Events []struct {
			Customers int64 `json:"customers"`
			Minutes   int64 `json:"minutes"`
		} `json:"events"`
		Expect goldenExpected `json:"expect"`
	} `json:"simple_four_events"`
}

// goldenTimes are of one day.
type goldenTimes struct {
	Off       string `json:"off"`
	On        string `json:"on"`
	Customers int64  `json:"customers"`
}

// goldenExpected is what an example expects of the indices that sums give.
type goldenExpected struct {
	CI           *float64 `json:"ci"`
	CHI          *float64 `json:"chi"`
	Minutes      *float64 `json:"customer_minutes"`
	SAIFI        *float64 `json:"saifi"`
	SAIDIHours   *float64 `json:"saidi_hours"`
	SAIDIMinutes *float64 `json:"saidi_minutes"`
	CAIDIHours   *float64 `json:"caidi_hours"`
	CAIDIMinutes *float64 `json:"caidi_minutes"`
	ASAI         *float64 `json:"asai"`
	MAIFI        *float64 `json:"maifi"`
}

// readIndices reads the examples.
func readIndices(t testing.TB) (g goldenIndices) {
	t.Helper()
	var all map[string]json.RawMessage
	readGolden(t, "indices.json", &all)
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// An example is rows of an engine, each on a day of 2021 of its own.
type example struct {
	base   []outage.Customers
	events []outage.Event
}

// add puts an outage on the next day; clock is the time of day in seconds.
func (x *example) add(id, feeder string, clock, seconds, customers int64) {
	e := refOut(id, "2021-01-01 00:00", "", customers)
	e.Feeder = feeder
	e.Start += int64(len(x.events))*24*refHour + clock
	e.End = e.Start + seconds
	x.events = append(x.events, e)
}

func (x *example) engine(t testing.TB, bands reliability.Bands) *engine.Engine {
	t.Helper()
	in := refCase(x.base, outage.RepeatedReject, x.events...)
	in.Momentary, in.IEEE = bands.Momentary, bands.IEEE
	e := newEngine(t, in, 2)
	deliver(t, e, in.Deliveries[0])
	e.Advance(in.AsOf)
	return e
}

// goldenYear2021 is the window of the examples, 8760 hours.
func goldenYear2021() period.Period {
	return period.YearStart{}.Year(2021, refZone("Asia/Shanghai"))
}

// check holds the indices that sums give against the example.
func (want *goldenExpected) check(t *testing.T, e *engine.Engine, id string) {
	t.Helper()
	p := e.Tally(goldenYear2021(), nil).Pool(strataOf(e, ""), e.Bands())
	set, _ := reliability.SetByID(id)
	sums, _ := p.Of(set)
	saidi, _ := p.SAIDIHours(sums)
	saifi, _ := p.SAIFI(sums)
	caidi, _ := p.CAIDIHours(sums)
	asai, _ := reliability.ASAI(saidi, float64(p.Window.Seconds())/3600)
	maifi, _ := p.SAIFI(p.Momentary())
	for _, c := range []struct {
		name string
		got  float64
		want *float64
	}{
		{"customers interrupted", float64(sums.Interruptions) / reliability.Milli, want.CI},
		{"customer-hours", float64(sums.Seconds) / reliability.Milli / 3600, want.CHI},
		{"customer-minutes", float64(sums.Seconds) / reliability.Milli / 60, want.Minutes},
		{"SAIFI", saifi, want.SAIFI}, {"MAIFI", maifi, want.MAIFI}, {"ASAI", asai, want.ASAI},
		{"SAIDI in hours", saidi, want.SAIDIHours}, {"SAIDI in minutes", saidi * 60, want.SAIDIMinutes},
		{"CAIDI in hours", caidi, want.CAIDIHours}, {"CAIDI in minutes", caidi * 60, want.CAIDIMinutes},
	} {
		if c.want != nil && !near(c.got, *c.want) {
			t.Errorf("%s: %s = %v, want %v", id, c.name, c.got, *c.want)
		}
	}
	if want.SAIFI == nil {
		t.Error("the example expects nothing")
	}
}

// clock is a time of day in seconds.
func clock(t testing.TB, text string) int64 {
	t.Helper()
	at, err := time.Parse(time.TimeOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return int64(at.Hour()*3600 + at.Minute()*60 + at.Second())
}

// The example of IEEE Std 1366, with its own threshold for momentary
// interruptions and with three minutes.
func TestIEEE1366ThroughEngine(t *testing.T) {
	t.Parallel()
	g := readIndices(t).IEEE
	x := example{base: []outage.Customers{refServed("f1", "a", "rural", g.Served)}}
	for i, row := range append(g.Sustained, g.Momentary...) {
		off := clock(t, row.Off)
		x.add(fmt.Sprint(i), "f1", off, clock(t, row.On)-off, row.Customers)
	}
	if got := float64(goldenYear2021().Seconds()) / 3600; got != g.Hours {
		t.Fatalf("the window has %v h, want %v", got, g.Hours)
	}
	g.Expect.check(t, x.engine(t, reliability.Bands{Momentary: g.ThresholdS, IEEE: g.ThresholdS}), reliability.IEEE)
	g.Expect.check(t, x.engine(t, reliability.DefaultBands()), reliability.IEEE)
	g.Expect.check(t, x.engine(t, reliability.DefaultBands()), reliability.SAIDI4)
}

// The load points of Billinton and Allan are feeders.
func TestBillintonThroughEngine(t *testing.T) {
	t.Parallel()
	g := readIndices(t).Billinton
	var x example
	for name, customers := range g.LoadPoints {
		x.base = append(x.base, refServed(name, "a", "rural", customers))
	}
	for _, row := range g.Interruptions {
		x.add(fmt.Sprint(row.Event), row.LoadPoint, 0, int64(row.Hours*3600), row.Customers)
	}
	e := x.engine(t, reliability.DefaultBands())
	g.Expect.check(t, e, reliability.SAIDI1)
	g.Expect.check(t, e, reliability.IEEE)
}

// The known answers of GridLAB-D run on from event to event.
func TestGridLABDThroughEngine(t *testing.T) {
	t.Parallel()
	g := readIndices(t).GridLABD
	x := example{base: []outage.Customers{refServed("f1", "a", "rural", g.Served)}}
	for i, row := range g.Sustained {
		x.add(fmt.Sprint(i), "f1", 0, row.Seconds, row.Customers)
	}
	e := x.engine(t, reliability.DefaultBands())
	ieee, _ := reliability.SetByID(reliability.IEEE)
	if len(g.Sustained) == 0 {
		t.Fatal("there are no rows")
	}
	for i := range g.Sustained {
		w := goldenYear2021()
		w.To = w.From + int64(i+1)*24*refHour
		p := e.Tally(w, nil).Pool(strataOf(e, ""), e.Bands())
		sums, _ := p.Of(ieee)
		saidi, _ := p.SAIDIHours(sums)
		saifi, _ := p.SAIFI(sums)
		caidi, _ := p.CAIDIHours(sums)
		got, want := []float64{saidi, saifi, caidi}, []float64{g.Expect.SAIDI[i], g.Expect.SAIFI[i], g.Expect.CAIDI[i]}
		for k, name := range []string{"SAIDI", "SAIFI", "CAIDI"} {
			if !scalar.EqualWithinAbs(got[k], want[k], g.Tolerance) {
				t.Errorf("after %d events %s = %v, want %v", i+1, name, got[k], want[k])
			}
		}
	}
}

// The teaching example.
func TestSimpleThroughEngine(t *testing.T) {
	t.Parallel()
	g := readIndices(t).Simple
	x := example{base: []outage.Customers{refServed("f1", "a", "rural", g.Served)}}
	for i, row := range g.Events {
		x.add(fmt.Sprint(i), "f1", 0, row.Minutes*60, row.Customers)
	}
	g.Expect.check(t, x.engine(t, reliability.DefaultBands()), reliability.SAIDI1)
}
