package reliability_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gonum.org/v1/gonum/floats/scalar"

	"github.com/saidi-exporter/saidi/reliability"
)

// near compares with a relative tolerance, and never takes NaN for a number.
func near(got, want, tolerance float64) bool {
	return scalar.EqualWithinAbsOrRel(got, want, 0, tolerance)
}

// goldenTolerance is relative; the known answers are written to so many places.
const goldenTolerance = 1e-6

// A valued is one value that an example expects.
type valued struct {
	name      string
	got, want float64
	exists    bool
}

func checkValues(t *testing.T, values []valued) {
	t.Helper()
	for _, v := range values {
		if !v.exists || !near(v.got, v.want, goldenTolerance) {
			t.Errorf("%s = %v, %t, want %v", v.name, v.got, v.exists, v.want)
		}
	}
}

// value makes a valued of what a formula gives.
func value(name string, want float64) func(got float64, ok bool) valued {
	return func(got float64, ok bool) valued { return valued{name, got, want, ok} }
}

// A row of the examples; each gives its duration in one of several ways.
type indexRow struct {
	Event     int     `json:"event"`
	LoadPoint string  `json:"load_point"`
	Off       string  `json:"off"`
	On        string  `json:"on"`
	Hours     float64 `json:"hours"`
	Minutes   float64 `json:"minutes"`
	Seconds   float64 `json:"seconds"`
	Customers float64 `json:"customers"`
	KVA       float64 `json:"kva"`
	MW        float64 `json:"mw"`
}

// length is in seconds.
func (r indexRow) length(t *testing.T) float64 {
	t.Helper()
	if r.Off == "" {
		return r.Hours*3600 + r.Minutes*60 + r.Seconds
	}
	off, err := time.Parse(time.TimeOnly, r.Off)
	if err != nil {
		t.Fatal(err)
	}
	on, err := time.Parse(time.TimeOnly, r.On)
	if err != nil {
		t.Fatal(err)
	}
	return on.Sub(off).Seconds()
}

// total adds up a field of rows, times the duration in hours where timed.
func total(t *testing.T, rows []indexRow, timed bool, of func(indexRow) float64) float64 {
	t.Helper()
	var sum float64
	for _, r := range rows {
		weight := 1.0
		if timed {
			weight = r.length(t) / 3600
		}
		sum += of(r) * weight
	}
	return sum
}

func customers(r indexRow) float64 { return r.Customers }
func kva(r indexRow) float64       { return r.KVA }

// readExample reads one of the examples of indices.json; a field that the test
// does not know would go unchecked and is an error.
func readExample(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", "golden", "indices.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 4 {
		t.Errorf("indices.json has %d examples, four of them are read", len(all))
	}
	strictly(t, all[name], into)
}

// IEEE Std 1366, circuit 7075.
func TestIEEE1366Golden(t *testing.T) {
	t.Parallel()
	var g struct {
		Source, Note  string
		IndexSet      string     `json:"index_set"`
		Served        float64    `json:"customers_served"`
		KVA           float64    `json:"kva_served"`
		Distinct      float64    `json:"distinct_customers"`
		Threshold     float64    `json:"momentary_threshold_s"`
		Hours         float64    `json:"period_hours"`
		Sustained     []indexRow `json:"sustained"`
		MomentaryRows []indexRow `json:"momentary"`
		Expect        struct {
			SAIFI  float64 `json:"saifi"`
			SAIDI  float64 `json:"saidi_minutes"`
			CAIDI  float64 `json:"caidi_minutes"`
			CTAIDI float64 `json:"ctaidi_minutes"`
			CAIFI  float64 `json:"caifi"`
			ASAI   float64 `json:"asai"`
			ASIFI  float64 `json:"asifi"`
			ASIDI  float64 `json:"asidi_minutes"`
			MAIFI  float64 `json:"maifi"`
		} `json:"expect"`
	}
	readExample(t, "ieee1366_circuit7075", &g)
	for _, bands := range []reliability.Bands{{Momentary: 180, IEEE: 300}, {Momentary: int64(g.Threshold), IEEE: int64(g.Threshold)}} {
		for _, r := range g.Sustained {
			if band := bands.Of(int64(r.length(t))); !bands.IsSustained(band) || bands.IsMomentary(band) {
				t.Errorf("%+v is not sustained with %+v", r, bands)
			}
		}
		for _, r := range g.MomentaryRows {
			if band := bands.Of(int64(r.length(t))); bands.IsSustained(band) || !bands.IsMomentary(band) {
				t.Errorf("%+v is not momentary with %+v", r, bands)
			}
		}
	}
	minutes, n := total(t, g.Sustained, true, customers)*60, total(t, g.Sustained, false, customers)
	saidi, _ := reliability.SAIDI(minutes/60, g.Served)
	checkValues(t, []valued{
		value("SAIDI", g.Expect.SAIDI)(reliability.SAIDI(minutes, g.Served)),
		value("SAIFI", g.Expect.SAIFI)(reliability.SAIFI(n, g.Served)),
		value("CAIDI", g.Expect.CAIDI)(reliability.CAIDI(minutes, n)),
		value("CTAIDI", g.Expect.CTAIDI)(reliability.CTAIDI(minutes, g.Distinct)),
		value("CAIFI", g.Expect.CAIFI)(reliability.CAIFI(n, g.Distinct)),
		value("ASAI", g.Expect.ASAI)(reliability.ASAI(saidi, g.Hours)),
		value("ASIFI", g.Expect.ASIFI)(reliability.ASIFI(total(t, g.Sustained, false, kva), g.KVA)),
		value("ASIDI", g.Expect.ASIDI)(reliability.ASIDI(total(t, g.Sustained, true, kva)*60, g.KVA)),
		value("MAIFI", g.Expect.MAIFI)(reliability.MAIFI(total(t, g.MomentaryRows, false, customers), g.Served)),
	})
}

// Billinton and Allan, tables 7.1 and 7.2.
func TestBillintonGolden(t *testing.T) {
	t.Parallel()
	var g struct {
		Source     string
		LoadPoints map[string]float64 `json:"load_points"`
		Rows       []indexRow         `json:"interruptions"`
		Expect     struct {
			CI     float64 `json:"ci"`
			CHI    float64 `json:"chi"`
			SAIFI  float64 `json:"saifi"`
			CAIFI  float64 `json:"caifi"`
			SAIDI  float64 `json:"saidi_hours"`
			CAIDI  float64 `json:"caidi_hours"`
			CTAIDI float64 `json:"ctaidi_hours"`
			ASAI   float64 `json:"asai"`
			ENS    float64 `json:"ens_mwh"`
			AENS   float64 `json:"aens_kwh"`
		} `json:"expect"`
	}
	readExample(t, "billinton_allan_7_2", &g)
	var served, distinct float64
	for _, n := range g.LoadPoints {
		served += n
	}
	out := map[string]bool{}
	var load, hours []float64
	for _, r := range g.Rows {
		if !out[r.LoadPoint] {
			distinct += g.LoadPoints[r.LoadPoint]
		}
		out[r.LoadPoint] = true
		load, hours = append(load, r.MW), append(hours, r.Hours)
	}
	time, n := total(t, g.Rows, true, customers), total(t, g.Rows, false, customers)
	saidi, _ := reliability.SAIDI(time, served)
	ens := reliability.ENS(load, hours)
	checkValues(t, []valued{
		{"CI", n, g.Expect.CI, true}, {"CHI", time, g.Expect.CHI, true}, {"ENS", ens, g.Expect.ENS, true},
		value("SAIDI", g.Expect.SAIDI)(reliability.SAIDI(time, served)),
		value("SAIFI", g.Expect.SAIFI)(reliability.SAIFI(n, served)),
		value("CAIDI", g.Expect.CAIDI)(reliability.CAIDI(time, n)),
		value("CTAIDI", g.Expect.CTAIDI)(reliability.CTAIDI(time, distinct)),
		value("CAIFI", g.Expect.CAIFI)(reliability.CAIFI(n, distinct)),
		value("ASAI", g.Expect.ASAI)(reliability.ASAI(saidi, 8760)),
		value("AENS", g.Expect.AENS)(reliability.AENS(ens*1000, served)),
	})
}

// GridLAB-D's deterministic autotest: the indices after each event.
func TestGridLABDGolden(t *testing.T) {
	t.Parallel()
	var g struct {
		Source    string
		Served    float64    `json:"customers_served"`
		Threshold int64      `json:"momentary_threshold_s"`
		Sustained []indexRow `json:"sustained"`
		Expect    struct {
			SAIDI []float64 `json:"saidi_hours"`
			SAIFI []float64 `json:"saifi"`
			CAIDI []float64 `json:"caidi_hours"`
		} `json:"expect_running"`
		Tolerance float64 `json:"absolute_tolerance"`
	}
	readExample(t, "gridlabd_deterministic", &g)
	bands := reliability.Bands{Momentary: g.Threshold, IEEE: g.Threshold}
	for i, r := range g.Sustained {
		if !bands.IsSustained(bands.Of(int64(r.Seconds))) {
			t.Errorf("%+v is not sustained", r)
		}
		so := g.Sustained[:i+1]
		time, n := total(t, so, true, customers), total(t, so, false, customers)
		for _, v := range []valued{
			value("SAIDI", g.Expect.SAIDI[i])(reliability.SAIDI(time, g.Served)),
			value("SAIFI", g.Expect.SAIFI[i])(reliability.SAIFI(n, g.Served)),
			value("CAIDI", g.Expect.CAIDI[i])(reliability.CAIDI(time, n)),
		} {
			if !v.exists || !scalar.EqualWithinAbs(v.got, v.want, g.Tolerance) {
				t.Errorf("after %d events %s = %v, %t, want %v", i+1, v.name, v.got, v.exists, v.want)
			}
		}
	}
}

// The teaching example of four events.
func TestSimpleGolden(t *testing.T) {
	t.Parallel()
	var g struct {
		Source string
		Served float64    `json:"customers_served"`
		Events []indexRow `json:"events"`
		Expect struct {
			CI      float64 `json:"ci"`
			Minutes float64 `json:"customer_minutes"`
			SAIDI   float64 `json:"saidi_minutes"`
			SAIFI   float64 `json:"saifi"`
			CAIDI   float64 `json:"caidi_minutes"`
		} `json:"expect"`
	}
	readExample(t, "simple_four_events", &g)
	minutes, n := total(t, g.Events, true, customers)*60, total(t, g.Events, false, customers)
	checkValues(t, []valued{
		{"CI", n, g.Expect.CI, true}, {"customer-minutes", minutes, g.Expect.Minutes, true},
		value("SAIDI", g.Expect.SAIDI)(reliability.SAIDI(minutes, g.Served)),
		value("SAIFI", g.Expect.SAIFI)(reliability.SAIFI(n, g.Served)),
		value("CAIDI", g.Expect.CAIDI)(reliability.CAIDI(minutes, n)),
	})
}
