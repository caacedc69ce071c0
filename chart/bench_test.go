package chart_test

import "testing"

func BenchmarkSVG(b *testing.B) {
	for _, bench := range []struct {
		name string
		d    drawing
	}{{"lines", year()}, {"bars", months()}, {"map", qinghai(b, 640, 420)}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bench.d.SVG()
			}
		})
	}
}
