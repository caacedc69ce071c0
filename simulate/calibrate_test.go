package simulate

import (
	"math"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
)

// Whatever the seed, the customers of every stratum are without supply for the
// hours of the table, where overlaps count twice and an outage counts in the
// year in which it starts; no fault makes up a tenth of a year.
func TestCalibration(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		o := Options{Seed: seed, First: 2019, Last: 2022, Scale: 0.3, Units: true, Clean: true}
		p := province(t, o)
		hours, customers := trueHours(p), unitYears(p)
		for s := range strata {
			for year := o.First; year <= o.Last; year++ {
				key := cellYear{string(strata[s].area), string(strata[s].class), year}
				want := float64(o.level(s, year)) / 1000
				if o.silent(strata[s].area, year) {
					want = 0
				}
				if got := hours[key] / customers[key]; !(math.Abs(got-want) <= want/100) {
					t.Errorf("seed %d: %v: %.3f h, want %.3f h", seed, key, got, want)
				}
			}
		}
	}
}

// The year before the last is the table's, the last is changed as the table says,
// and each year before that is 4 % worse than the next.
func TestLevel(t *testing.T) {
	t.Parallel()
	o := Options{First: 2018, Last: 2022}
	for year, want := range map[int]int64{2018: 13452, 2019: 12935, 2020: 12438, 2021: 11960, 2022: 10524} {
		if got := o.level(stratumOf("xining", rural), year); got != want {
			t.Errorf("%d: %d thousandths of an hour, want %d", year, got, want)
		}
	}
	if got := (Options{First: 2022, Last: 2022}).level(stratumOf("xining", rural), 2022); got != 10524 {
		t.Errorf("a single year: %d thousandths of an hour, want those of the last", got)
	}
}

type cellYear struct {
	area, class string
	year        int
}

func yearOf(at int64) int {
	year, _, _ := date(at).Date()
	return year
}

// trueHours adds up the customer-hours that hold after both deliveries.
func trueHours(p *Province) map[cellYear]float64 {
	hours, corrected := map[cellYear]float64{}, map[string]bool{}
	add := func(e outage.Event) {
		if e.Nature == outage.NotAnOutage || e.Cancelled {
			return
		}
		if e.End == outage.Open {
			e.End = monthOf(p.o.Last+1, 1).from()
		}
		hours[cellYear{e.Area, e.Class, yearOf(e.Start)}] += float64(e.Customers*(e.End-e.Start)) / hour
	}
	for e := range eventsOf(p, Late) {
		corrected[e.ID] = true
		add(e)
	}
	for e := range eventsOf(p, First) {
		if !corrected[e.ID] {
			add(e)
		}
	}
	return hours
}

// unitYears adds up the customers in service, each for the part of the year in
// which it is there.
func unitYears(p *Province) map[cellYear]float64 {
	customers := map[cellYear]float64{}
	for c := range p.Customers() {
		for year := p.o.First; year <= p.o.Last; year++ {
			from, to := monthOf(year, 1).from(), monthOf(year+1, 1).from()
			there := max(0, min(to, c.ValidTo)-max(from, c.ValidFrom))
			customers[cellYear{string(c.Area), string(c.Class), year}] += float64(c.Customers*there) / float64(to-from)
		}
	}
	return customers
}

// The base grows by about 3 % a year, some feeders turn from the country's into
// the town's with a year, and some have two classes.
func TestBaseChanges(t *testing.T) {
	t.Parallel()
	o := options(1)
	p := province(t, o)
	type share struct {
		class       outage.Class
		from, until int64
	}
	feeders := map[string][]share{}
	at := map[int]int64{}
	for c := range p.Customers() {
		feeders[c.Feeder] = append(feeders[c.Feeder], share{c.Class, c.ValidFrom, c.ValidTo})
		for year := o.First; year <= o.Last+1; year++ {
			if first := monthOf(year, 1).from() - 1; c.ValidFrom <= first && first < c.ValidTo {
				at[year] += c.Customers
			}
		}
	}
	for year := o.First; year <= o.Last; year++ {
		if growth := float64(at[year+1]) / float64(at[year]); growth < 1.025 || growth > 1.035 {
			t.Errorf("%d: grows from %d to %d customers", year, at[year], at[year+1])
		}
	}
	mixed, moved := 0, 0
	for _, list := range feeders {
		last := list[len(list)-1]
		for _, s := range list[:len(list)-1] {
			if s.class == last.class {
				continue
			}
			if s.until <= last.from {
				moved++
			} else {
				mixed++
			}
			break
		}
	}
	if share := float64(mixed) / float64(len(feeders)); share < 0.09 || share > 0.15 || moved == 0 {
		t.Errorf("of %d feeders %d have two classes and %d changed theirs", len(feeders), mixed, moved)
	}
}
