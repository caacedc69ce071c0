package outage

import (
	"fmt"
	"testing"
)

// BenchmarkDict interns so many distinct texts as short as ids are, then all of
// them again, in another order.
func BenchmarkDict(b *testing.B) {
	for _, n := range []int{1_000, 30_000, 400_000} {
		texts := make([][]byte, n)
		for i := range texts {
			texts[i] = fmt.Appendf(nil, "6301%07d-%d", i/4, i%4)
		}
		b.Run(fmt.Sprintf("new/texts=%d", n), func(b *testing.B) {
			for b.Loop() {
				d := NewDict()
				for _, text := range texts {
					d.InternBytes(text)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/text")
		})
		b.Run(fmt.Sprintf("known/texts=%d", n), func(b *testing.B) {
			d := NewDict()
			for _, text := range texts {
				d.InternBytes(text)
			}
			for b.Loop() {
				for i := range texts {
					d.InternBytes(texts[i*7919%n])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/text")
		})
	}
}
