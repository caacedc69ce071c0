package reliability_test

import (
	"fmt"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// Two areas, 1000 customers at 30 h and 9000 at 10 h, are 12 h together: the sum
// of the customer-hours over the sum of the customers, not the mean of the two.
func ExampleSAIDI() {
	saidi, ok := reliability.SAIDI(1000*30+9000*10, 1000+9000)
	fmt.Println(saidi, ok)
	_, ok = reliability.SAIDI(0, 0)
	fmt.Println(ok)
	// Output:
	// 12 true
	// false
}

// A pool adds up sums, and divides last.
func ExampleTally_Pool() {
	year := period.Period{From: 0, To: 365 * 86400}
	tally := reliability.Tally{
		Window: year, Strata: make([]reliability.Block, 2),
		Service: []int64{1000 * year.Seconds(), 9000 * year.Seconds()},
	}
	bands := reliability.DefaultBands()
	long := bands.Of(outage.Open)
	tally.Strata[0][outage.FaultInternal][long].Seconds = 1000 * 30 * 3600 * reliability.Milli
	tally.Strata[1][outage.PlannedMaintenance][long].Seconds = 9000 * 10 * 3600 * reliability.Milli
	set, _ := reliability.SetByID(reliability.SAIDI1)
	for _, strata := range [][]int{{0}, {1}, {0, 1}} {
		pool := tally.Pool(strata, bands)
		sums, _ := pool.Of(set)
		hours, _ := pool.SAIDIHours(sums)
		fmt.Printf("%.1f h of %.0f customers\n", hours, pool.EquivalentCustomers())
	}
	// Output:
	// 30.0 h of 1000 customers
	// 10.0 h of 9000 customers
	// 12.0 h of 10000 customers
}

// An outage of exactly three minutes is momentary.
func ExampleBands_Of() {
	bands := reliability.DefaultBands()
	for _, seconds := range []int64{180, 181, 300, 301} {
		band := bands.Of(seconds)
		fmt.Println(seconds, bands.IsMomentary(band), bands.IsSustained(band))
	}
	// Output:
	// 180 true false
	// 181 false false
	// 300 false false
	// 301 false true
}
