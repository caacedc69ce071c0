package ingest

import (
	"testing"

	"github.com/saidi-exporter/saidi/outage"
)

// Every form of time that the domain notes list, as it stands in a file of
// China Standard Time.
func TestTimes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"dashes", "2021-01-05 08:03:00", "2021-01-05T08:03:00+08:00"},
		{"slashes without zeros", "2021/1/5 8:03", "2021-01-05T08:03:00+08:00"},
		{"slashes with zeros", "2021/01/05 08:03:20", "2021-01-05T08:03:20+08:00"},
		{"dots", "2021.1.5 8:03", "2021-01-05T08:03:00+08:00"},
		{"compact", "20210105080300", "2021-01-05T08:03:00+08:00"},
		{"compact without seconds", "202101050803", "2021-01-05T08:03:00+08:00"},
		{"compact date", "20210105", "2021-01-05T00:00:00+08:00"},
		{"RFC 3339", "2021-01-05T08:03:00+08:00", "2021-01-05T08:03:00+08:00"},
		{"UTC", "2021-01-05T00:03:00Z", "2021-01-05T08:03:00+08:00"},
		{"T without zone", "2021-01-05T08:03:00", "2021-01-05T08:03:00+08:00"},
		{"fraction is cut off", "2021-01-05T08:03:00.999+08:00", "2021-01-05T08:03:00+08:00"},
		{"offset west without colon", "2021-01-05 08:03:00 -0330", "2021-01-05T08:03:00-03:30"},
		{"Chinese", "2021年1月5日 8时3分", "2021-01-05T08:03:00+08:00"},
		{"Chinese with seconds", "2021年1月5日8时3分20秒", "2021-01-05T08:03:20+08:00"},
		{"Chinese date, plain clock", "2021年01月05日 08:03:20", "2021-01-05T08:03:20+08:00"},
		{"Chinese weekday", "2021年1月5日 星期二 8:03", "2021-01-05T08:03:00+08:00"},
		{"morning", "2021/1/5 上午 8:03:00", "2021-01-05T08:03:00+08:00"},
		{"afternoon", "2021/1/5 下午8:03:00", "2021-01-05T20:03:00+08:00"},
		{"noon and midnight", "2021/1/5 上午12:03", "2021-01-05T00:03:00+08:00"},
		{"full width", "２０２１－０１－０５　０８：０３：００", "2021-01-05T08:03:00+08:00"},
		{"24:00", "2021-01-05 24:00", "2021-01-06T00:00:00+08:00"},
		{"24:00:00", "2021-12-31 24:00:00", "2022-01-01T00:00:00+08:00"},
		{"twelve hours, month first", "1/5/2021 5:03:00 PM", "2021-01-05T17:03:00+08:00"},
		{"twelve past noon", "1/5/2021 12:03 PM", "2021-01-05T12:03:00+08:00"},
		{"in words", "Friday, July 1, 2011 5:00:00 PM", "2011-07-01T17:00:00+08:00"},
		{"in short words", "1 Jul 2011 17:00", "2011-07-01T17:00:00+08:00"},
		{"Excel", "44201.33541666667", "2021-01-05T08:03:00+08:00"},
		{"Excel day", "44201", "2021-01-05T00:00:00+08:00"},
		{"epoch seconds", "1609804980", "2021-01-05T08:03:00+08:00"},
		{"epoch milliseconds", "1609804980999", "2021-01-05T08:03:00+08:00"},
		{"date only", "2021-01-05", "2021-01-05T00:00:00+08:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := one(t, "event_id\tstart\nE1\t"+tt.text+"\n", shanghai(t))
			if want := instant(t, tt.want); e.Start != want {
				t.Errorf("%q is %d, want %d (%s)", tt.text, e.Start, want, tt.want)
			}
		})
	}
}

func TestNoTimes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       outage.Reason
	}{
		{"day or month first", "05/01/2021", outage.BadTime},
		{"day or month first, with a clock", "05/01/2021 08:03", outage.BadTime},
		{"clock alone", "08:03", outage.BadTime},
		{"no such day", "2021-02-29 08:03:00", outage.BadTime},
		{"no such minute", "2021-01-05 08:60:00", outage.BadTime},
		{"after 24:00", "2021-01-05 24:01:00", outage.BadTime},
		{"two digits of a year", "21-01-05 08:03", outage.BadTime},
		{"text behind", "2021-01-05 08:03:00 ca.", outage.BadTime},
		{"a word", "yesterday", outage.BadTime},
		{"thirteen in the morning", "2021/1/5 13:03 AM", outage.BadTime},
		{"negative", "-44201", outage.BadTime},
		{"endless digits", "99999999999999999999999999", outage.BadTime},
		{"year 0019", "0019-01-05 08:03:00", outage.ImplausibleYear},
		{"year 1987", "1987-01-05 08:03:00", outage.ImplausibleYear},
		{"a bare year", "2021", outage.ImplausibleYear},
		{"nothing", "", outage.MissingValue},
		{"a word for nothing", "NULL", outage.MissingValue},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := read(t, "工单号\t停电开始时间\t馈线编码\nE1\t"+tt.text+"\tF1\n", shanghai(t))
			if len(r.Rejected) != 1 {
				t.Fatalf("got %+v, want a rejection", r.Events)
			}
			got := r.Rejected[0]
			if got.Reason != tt.want || got.Column != "停电开始时间" || got.Value != tt.text || got.ID != "E1" || got.Feeder != "F1" || got.Row != 2 {
				t.Errorf("got %+v, want %s with place and key", got, tt.want)
			}
		})
	}
}

func TestLayouts(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, layout, text, want string }{
		{"day first", "dd/MM/yyyy HH:mm", "05/01/2021 08:03", "2021-01-05T08:03:00+08:00"},
		{"month first", "M/d/yyyy h:mm:ss a", "1/5/2021 5:03:00 PM", "2021-01-05T17:03:00+08:00"},
		{"words", "EEEE, MMMM d, yyyy HH:mm", "Friday, July 1, 2011 17:00", "2011-07-01T17:00:00+08:00"},
		{"two digits of a year", "dd.MM.yy HH:mm", "05.01.21 08:03", "2021-01-05T08:03:00+08:00"},
		{"literal and zone", "yyyy-MM-dd'T'HH:mm:ss.SSSX", "2021-01-05T08:03:00.123Z", "2021-01-05T08:03:00Z"},
		{"no separators", "yyyyMMdd HHmm", "20210105 0803", "2021-01-05T08:03:00+08:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := shanghai(t)
			opts.Mapping = mapping(t, "columns: {start: {column: start, layout: \""+tt.layout+"\"}}")
			e := one(t, "event_id\tstart\nE1\t"+tt.text+"\n", opts)
			if want := instant(t, tt.want); e.Start != want {
				t.Errorf("%q is %d, want %d (%s)", tt.text, e.Start, want, tt.want)
			}
		})
	}
}

// A column with a layout takes that layout and no other.
func TestLayoutIsStrict(t *testing.T) {
	t.Parallel()
	opts := shanghai(t)
	opts.Mapping = mapping(t, `columns: {start: {column: start, layout: "dd/MM/yyyy HH:mm"}}`)
	r := read(t, "event_id,start\nE1,2021-01-05 08:03\n", opts)
	if len(r.Rejected) != 1 || r.Rejected[0].Reason != outage.BadTime {
		t.Errorf("got %+v, want one row rejected for its time", r)
	}
}

func TestDateAndTimeColumns(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, date, clock, want string }{
		{"words", "Friday, July 1, 2011", "5:00:00 PM", "2011-07-01T17:00:00+08:00"},
		{"ISO", "2011-07-01", "17:00", "2011-07-01T17:00:00+08:00"},
		{"midnight of the next day", "2011-07-01", "24:00", "2011-07-02T00:00:00+08:00"},
		{"Excel", "40725", "0.70833333333333337", "2011-07-01T17:00:00+08:00"},
		{"Excel, early", "40725", "8.3333333333333329E-2", "2011-07-01T02:00:00+08:00"},
		{"Excel date, clock in text", "40725", "5:00 PM", "2011-07-01T17:00:00+08:00"},
		{"date in text, Excel clock", "2011-07-01", "0.5", "2011-07-01T12:00:00+08:00"},
		{"neither", "", "NA", ""},
		{"no date", "", "17:00", "bad"},
		{"no clock", "2011-07-01", "", "bad"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := shanghai(t)
			opts.Mapping = mapping(t, "columns: {end: {date: D, time: C}}")
			r := read(t, "event_id\tstart\tD\tC\nE1\t2011-07-01 00:00:00\t"+tt.date+"\t"+tt.clock+"\n", opts)
			if tt.want == "bad" {
				if len(r.Rejected) != 1 || r.Rejected[0].Reason != outage.BadTime || r.Rejected[0].Column != "D/C" {
					t.Errorf("got %+v, want one row rejected for its end", r)
				}
				return
			}
			want := outage.Open
			if tt.want != "" {
				want = instant(t, tt.want)
			}
			if len(r.Events) != 1 || r.Events[0].End != want {
				t.Errorf("got %+v, want an end at %d", r, want)
			}
		})
	}
}

func TestClockChanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, start, end   string
		wantStart, wantEnd string
		flags              outage.Flags
	}{
		{"across the change", "2022-11-05 20:00:00", "2022-11-06 20:00:00", "2022-11-05T20:00:00-04:00", "2022-11-06T20:00:00-05:00", 0},
		{"skipped", "2022-03-13 02:30:00", "2022-03-13 04:00:00", "2022-03-13T03:00:00-04:00", "2022-03-13T04:00:00-04:00", outage.SkippedClock},
		{"repeated, first occurrence", "2022-11-06 01:10:00", "2022-11-06 01:40:00", "2022-11-06T01:10:00-04:00", "2022-11-06T01:40:00-04:00", 0},
		{"repeated, the end before the start", "2022-11-06 01:40:00", "2022-11-06 01:10:00", "2022-11-06T01:40:00-04:00", "2022-11-06T01:10:00-05:00", 0},
		{"end of the day", "2022-06-01 01:40:00", "2022-06-01 23:59:59", "2022-06-01T01:40:00-04:00", "2022-06-01T23:59:59-04:00", outage.EndOfDay},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := one(t, "event_id,start,end\nE1,"+tt.start+","+tt.end+"\n", Options{Zone: location(t, "America/New_York")})
			if e.Start != instant(t, tt.wantStart) || e.End != instant(t, tt.wantEnd) || e.Flags != tt.flags {
				t.Errorf("got %d to %d flags %v, want %s to %s flags %v", e.Start, e.End, e.Flags.Codes(), tt.wantStart, tt.wantEnd, tt.flags.Codes())
			}
		})
	}
}
