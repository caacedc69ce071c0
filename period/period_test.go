package period

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func at(t testing.TB, text string) int64 {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when.Unix()
}

func TestDayStart(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, zone, day, want string }{
		{"plain", "Asia/Shanghai", "2022-03-01", "2022-03-01T00:00:00+08:00"},
		{"midnight skipped", "America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"evening repeated", "America/Sao_Paulo", "2018-02-18", "2018-02-18T00:00:00-03:00"},
		{"midnight skipped", "America/Havana", "2022-03-13", "2022-03-13T01:00:00-04:00"},
		{"midnight twice", "America/Havana", "2022-11-06", "2022-11-06T00:00:00-04:00"},
		{"returns to the day before", "America/St_Johns", "2010-11-07", "2010-11-07T00:00:00-02:30"},
		{"date left out", "Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"},
		{"daylight saving of old", "Asia/Shanghai", "1986-05-04", "1986-05-04T00:00:00+08:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name+" "+tt.zone, func(t *testing.T) {
			t.Parallel()
			when, _ := time.Parse(time.DateOnly, tt.day)
			d := DayOfDate(when.Year(), when.Month(), when.Day())
			if got, want := d.Start(zone(t, tt.zone)), at(t, tt.want); got != want {
				t.Errorf("start of %s = %s, want %s", d, time.Unix(got, 0).In(zone(t, tt.zone)), tt.want)
			}
		})
	}
}

func TestYearBefore(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, zone, at, want string }{
		{"same date and clock", "Asia/Shanghai", "2022-06-15T13:30:00+08:00", "2021-06-15T13:30:00+08:00"},
		{"29 February through the end of the 28th", "Asia/Shanghai", "2024-02-29T09:00:00+08:00", "2023-03-01T00:00:00+08:00"},
		{"1 March of a leap year", "Asia/Shanghai", "2024-03-01T00:00:00+08:00", "2023-03-01T00:00:00+08:00"},
		{"keeps the clock, not the offset", "Europe/Berlin", "2022-03-27T12:00:00+02:00", "2021-03-27T12:00:00+01:00"},
		{"clock that did not exist", "Europe/Berlin", "2022-03-28T02:30:00+02:00", "2021-03-28T03:00:00+02:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			loc := zone(t, tt.zone)
			if got, want := YearBefore(at(t, tt.at), loc), at(t, tt.want); got != want {
				t.Errorf("got %s, want %s", time.Unix(got, 0).In(loc), tt.want)
			}
		})
	}
}

func TestYears(t *testing.T) {
	t.Parallel()
	loc := zone(t, "Asia/Shanghai")
	if got := (YearStart{}).Year(2024, loc).Seconds(); got != 8784*3600 {
		t.Errorf("a leap year has %d s", got)
	}
	fiscal, err := ParseYearStart("04-01")
	if err != nil {
		t.Fatal(err)
	}
	if got := fiscal.YearOf(at(t, "2022-03-31T23:59:59+08:00"), loc); got != 2021 {
		t.Errorf("31 March belongs to %d", got)
	}
	months := fiscal.Months(2021, loc)
	if months[0].From != fiscal.Year(2021, loc).From || months[11].To != fiscal.Year(2021, loc).To {
		t.Error("the months do not fill the year")
	}
	for _, text := range []string{"", "4-1x", "13-01", "02-29"} {
		if _, err := ParseYearStart(text); err == nil {
			t.Errorf("ParseYearStart(%q) is no error", text)
		}
	}
}

func TestOccurrences(t *testing.T) {
	t.Parallel()
	loc := zone(t, "America/New_York")
	wall := at(t, "2022-11-06T01:30:00Z")
	if got, want := Local(wall, loc), at(t, "2022-11-06T01:30:00-04:00"); got != want {
		t.Errorf("first = %d, want %d", got, want)
	}
	if got, want := LocalLast(wall, loc), at(t, "2022-11-06T01:30:00-05:00"); got != want {
		t.Errorf("last = %d, want %d", got, want)
	}
}

// Days tile the time line, and the calendar agrees with the slow way.
func TestDaysTile(t *testing.T) {
	t.Parallel()
	zones := []string{"Asia/Shanghai", "America/Sao_Paulo", "America/Havana", "America/St_Johns", "Pacific/Apia", "Europe/Dublin", "Asia/Kathmandu", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		from := rapid.Int64Range(400_000_000, 1_900_000_000).Draw(t, "from")
		c := NewCalendar(from, from+40*secondsPerDay, loc)
		when := from + rapid.Int64Range(0, 40*secondsPerDay).Draw(t, "after")
		d := DayOf(when, loc)
		if p := d.Period(loc); !p.Holds(when) {
			t.Fatalf("%s does not hold %d", d, when)
		}
		if got := c.First + Day(c.Index(when)); got != d {
			t.Fatalf("calendar says %s, want %s", got, d)
		}
	})
}
