package period

import (
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 8*3600)
	day := func(d int) int64 { return time.Date(2022, time.March, d, 0, 0, 0, 0, zone).Unix() }
	for _, c := range []struct {
		text string
		want Period
		err  string
	}{
		{"2022-03-01..2022-03-02", Period{From: day(1), To: day(2)}, ""},
		{"2022-03-01T06:30..2022-03-01 06:30:01", Period{From: day(1) + 23400, To: day(1) + 23401}, ""},
		{"2022-02-28T16:00:00Z..2022-03-02T00:00:00+08:00", Period{From: day(1), To: day(2)}, ""},
		{"2022-02-28 16:00:00Z..2022-03-02 00:00:00+08:00", Period{From: day(1), To: day(2)}, ""},
		{"2022-03-01", Period{}, `"2022-03-01": want FROM..TO, such as 2022-01-01..2022-07-01; TO is exclusive`},
		{"2022-03-01..soon", Period{}, `"soon": want 2006-01-02, 2006-01-02T15:04 or RFC 3339`},
		{"2022-02-30..2022-03-02", Period{}, `"2022-02-30": want 2006-01-02, 2006-01-02T15:04 or RFC 3339`},
		{"2022-03-02..2022-03-02", Period{}, `"2022-03-02..2022-03-02": it must end after it begins`},
	} {
		got, err := Parse(c.text, zone)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != c.want || text != c.err {
			t.Errorf("Parse(%q) = %v, %q, want %v, %q", c.text, got, text, c.want, c.err)
		}
	}
}
