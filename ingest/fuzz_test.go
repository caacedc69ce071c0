package ingest

import (
	"bytes"
	"strings"
	"testing"
)

// No bytes make the reading panic, and the counts of what it accepts add up;
// read as a base they do not panic either.
func FuzzEvents(f *testing.F) {
	dirty := "标题\n工单号,馈线编码,停电开始时间,停电结束时间,停电户数,停电性质\n,,,,,\nG1,1.0,2021/1/5 8:03,24:00,\"1,2\",故障\nG2,\"x\nG3,F,2021-01-05 08:00:00,2021-01-05 07:00:00,1,\n合计,,,,,\n"
	rows := sampleRows(3)
	for _, seed := range [][]byte{
		[]byte(sample), []byte(dirty), []byte("\xef\xbb\xbf" + sample), []byte("\xff\xfee\x00v\x00"),
		[]byte(jsonSample(f, rows, false)), []byte(jsonSample(f, rows, true)), gzipped(f, []byte(dirty)), zstandard(f, []byte(sample)), workbookSample(f, rows),
	} {
		f.Add(seed, "")
	}
	f.Add([]byte("a;b;c\n1;2021年1月5日;x\n"), "{encoding: latin-1, columns: {event_id: [a, c], start: b}, empty: [x]}")
	names := chinese(f)
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		opts := Options{Names: names, Zone: location(t, "America/New_York"), Limits: Limits{Record: 1 << 16, Decompressed: 16 << 20, RatioFrom: 1 << 20}}
		if m, err := ParseMapping("m", []byte(text)); err == nil {
			opts.Mapping = m
		}
		r, err := gather(t, "fuzz", data, opts)
		if err == nil {
			for _, e := range r.Events {
				if reason, column := e.Impossible(); reason != "" {
					t.Fatalf("accepted %+v, which is impossible: %s of %s", e, reason, column)
				}
				if e.ID == "" || e.Flags&e.Suspicious() != e.Suspicious() {
					t.Fatalf("accepted %+v", e)
				}
			}
		}
		_, _, _ = Base("fuzz", bytes.NewReader(data), opts)
	})
}

func FuzzMapping(f *testing.F) {
	for _, seed := range []string{"", "columns: {event_id: [A, B], start: {date: A, time: B, layout: \"M/d/yyyy h:mm a\"}}", "zone: {column: A, values: {x: UTC}}", "base: {columns: {area: {value: x}}}", "a: &a [*a]", "values: {nature: {01: fault_internal}}\nempty: [x]", "plausible_years: [1, 9999]\ncovers: {from: 2021-01-01, to: 2022-01-01}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMapping("m.yaml", []byte(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "m.yaml:") {
				t.Fatalf("error %q does not begin with the file", err)
			}
			return
		}
		if m.plan(eventRows) == nil || m.plan(baseRows) == nil {
			t.Fatal("a mapping without a plan")
		}
	})
}

// Any text is a time or none, without a panic, and in the range of four digits
// of a year or of an epoch.
func FuzzReading(f *testing.F) {
	for _, seed := range []string{"2021-01-05 08:03:00", "2021年1月5日 8时3分20秒", "1/5/2021 5:03 PM", "44201.5", "1e5", "Friday, July 1, 2011 5:00 am +08:00", "２０２１－０１－０５", "周"} {
		f.Add(seed, "yyyy-MM-dd'T'HH:mm:ss.SSSX")
	}
	f.Fuzz(func(t *testing.T, text, layout string) {
		const first, last = -62_135_700_000, 253_402_400_000 + 86_400
		if r, ok := parseReading([]byte(text), false); ok && !r.absolute && (r.seconds < first || r.seconds > last) {
			t.Fatalf("%q is %d", text, r.seconds)
		}
		if l, err := parseLayout(layout); err == nil {
			l.parse(text)
		}
	})
}
