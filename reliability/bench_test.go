package reliability_test

import (
	"fmt"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// BenchmarkNewBase builds bases of so many units, a hundred on each feeder.
func BenchmarkNewBase(b *testing.B) {
	for _, units := range []int{4_000, 40_000, 400_000} {
		b.Run(fmt.Sprintf("units=%d", units), func(b *testing.B) {
			var rows []outage.Customers
			for u := range units {
				feeder := u / 100
				rows = append(rows, outage.Customers{
					Row: u + 1, Feeder: fmt.Sprintf("6301-%05d", feeder), Unit: fmt.Sprintf("6301%07d-%d", u/4, u%4),
					Area: outage.Area([]string{"xining", "haidong", "haixi"}[feeder%3]), Class: []outage.Class{"urban", "rural"}[feeder%2],
					Customers: int64(1 + u%60), ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo,
				})
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := reliability.NewBase(rows, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(units*b.N)/b.Elapsed().Seconds(), "units/s")
		})
	}
}
