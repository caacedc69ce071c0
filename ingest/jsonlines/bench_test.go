package jsonlines

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"testing"
)

// BenchmarkRead takes typical events apart: one a line, one a line in plain
// ASCII as some writers escape it, and in an array.
func BenchmarkRead(b *testing.B) {
	for _, form := range []string{"lines", "escaped", "array"} {
		for _, rows := range []int{1_000, 30_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", form, rows), func(b *testing.B) {
				text := typical(form, rows)
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					readTypical(b, text, form == "array", rows)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/row")
			})
		}
	}
}

// readTypical reads all rows of a text.
func readTypical(b *testing.B, text []byte, array bool, rows int) {
	b.Helper()
	r := NewReader(bytes.NewReader(text), array, testLimits)
	for n := 0; ; n++ {
		_, _, err := r.Read()
		if errors.Is(err, io.EOF) && n == rows {
			return
		}
		if err != nil {
			b.Fatalf("row %d of %d: %v", n, rows, err)
		}
	}
}

// typical are events as they are pushed.
func typical(form string, rows int) []byte {
	var text bytes.Buffer
	before, between, behind, quote := "", "\n", "\n", strconv.Quote
	switch form {
	case "escaped":
		quote = strconv.QuoteToASCII
	case "array":
		before, between, behind = "[", ",\n", "]\n"
	}
	text.WriteString(before)
	for i := range rows {
		if i > 0 {
			text.WriteString(between)
		}
		fmt.Fprintf(&text, `{"event_id":"E%010d","source":"oms","feeder_id":"F%06d","unit_id":"6301%07d","area":%s,"class":%s,"start":"2021-%02d-%02dT%02d:03:00Z","end":"2021-12-31T09:41:30Z","customers":%d,"nature":"fault_internal","cause":%s}`,
			i, i*7919%6000, i%100_000, quote("西宁市"), quote("市区"), i%12+1, i%28+1, i%24, i%900, quote("配网检修"))
	}
	text.WriteString(behind)
	return text.Bytes()
}
