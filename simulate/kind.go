package simulate

import (
	"fmt"
	"strings"
)

// A Kind says what the years of a province are like.
type Kind uint8

// The kinds. In all but the first nothing is brought to a level: years and
// storms are drawn from the seed, every area delivers in every year, and nothing
// is left open at the end, so that a forecast can be judged by what happens.
const (
	Calibrated Kind = iota // every stratum and year has the hours of a table
	Calm                   // few storms; years differ little
	Stormy                 // stormy and quiet years, storms over the whole province, some of them far worse than the others
	Trending               // as calm, but fewer outages from year to year
	kindCount
)

var kindNames = [kindCount]string{"calibrated", "calm", "stormy", "trending"}

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Calibrated, Calm, Stormy, Trending} }

// String is the name of k.
func (k Kind) String() string {
	if k < kindCount {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// ParseKind finds a kind by its name.
func ParseKind(name string) (Kind, error) {
	for _, k := range Kinds() {
		if k.String() == name {
			return k, nil
		}
	}
	return 0, fmt.Errorf("kind %q: want one of %s", name, strings.Join(kindNames[:], ", "))
}

// A climate is what makes a kind.
type climate struct {
	storms int64 // of one area, in thousandths of the usual ones
	whole  int   // the standard deviation of the years, in thousandths
	own    int   // that of the years of one stratum, beside
	falls  bool  // from year to year
	wild   bool  // storms are as [Options.gales] and [storm.swell] make them
}

var climates = [kindCount]climate{
	Calibrated: {storms: 1000},
	Calm:       {storms: 300, whole: 60, own: 80},
	Stormy:     {storms: 1000, whole: 150, own: 80, wild: true},
	Trending:   {storms: 300, whole: 60, own: 80, falls: true},
}

func (o Options) climate() climate { return climates[o.Kind] }

// The bounds of the fall of a year, in thousandths of the year before.
const (
	smallestFall = 60
	largestFall  = 100
)

// effect is by how much faults and work of a stratum and year are more or fewer
// than the stratum's level asks for, in thousandths.
func (o Options) effect(s, year int) int64 {
	c := o.climate()
	if c.whole == 0 {
		return 1000
	}
	all := o.fallen(year)
	for _, part := range [...]struct{ of, spread int }{{none, c.whole}, {s, c.own}} {
		var d draws
		d.start(o.Seed, ofYears, year, part.of)
		all = all * int64(1000+part.spread*d.normal()/1000) / 1000
	}
	return all
}

// fallen is what is left in a year of the level of the first one, in thousandths.
func (o Options) fallen(year int) int64 {
	left := int64(1000)
	if !o.climate().falls {
		return left
	}
	var d draws
	d.start(o.Seed, ofTrend)
	fall := d.between(smallestFall, largestFall)
	for range year - o.First {
		left = left * int64(1000-fall) / 1000
	}
	return left
}

// normal draws from about the normal distribution, in thousandths of the
// standard deviation: it adds up twelve equal chances.
func (d *draws) normal() int {
	sum := -6000
	for range 12 {
		sum += d.below(1001)
	}
	return sum
}
