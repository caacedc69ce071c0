package simulate

import (
	"fmt"
	"math"
)

// Options say which province to make up.
type Options struct {
	Seed  uint64
	First int     // the first year, 2000 … 2099
	Last  int     // the last year, included, not before First
	Scale float64 // 0.01 … 10000; 1 is about 10 000 rows a year by feeder
	Units bool    // customers and outages by transformer instead of by feeder
	Clean bool    // without rows that are impossible or repeated
	Kind  Kind    // what its years are like
}

// The bounds of the options. Clocks in Qinghai have stood still at UTC+8 in all
// these years.
const (
	earliestYear = 2000
	latestYear   = 2099
	smallest     = 0.01
	largest      = 10_000
)

// DefaultOptions are three years of a province with about 10 000 rows a year.
func DefaultOptions() Options {
	return Options{Seed: 1, First: 2020, Last: 2022, Scale: 1}
}

// validate says which option makes no sense.
func (o Options) validate() error {
	switch {
	case o.First < earliestYear || o.Last > latestYear:
		return fmt.Errorf("years %d..%d: want years from %d to %d", o.First, o.Last, earliestYear, latestYear)
	case o.First > o.Last:
		return fmt.Errorf("years %d..%d: the first is after the last", o.First, o.Last)
	case math.IsNaN(o.Scale) || o.Scale < smallest || o.Scale > largest:
		return fmt.Errorf("scale %v: want a number from %v to %v", o.Scale, smallest, largest)
	case o.Kind >= kindCount:
		return fmt.Errorf("kind %d: there are those from 0 to %d", o.Kind, kindCount-1)
	}
	return nil
}
