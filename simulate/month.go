package simulate

import (
	"time"

	"github.com/saidi-exporter/saidi/period"
)

// The lengths of time in seconds.
const (
	minute = 60
	hour   = 3600
	day    = 86400
)

// zoneOffset is how far Asia/Shanghai is ahead of UTC, in seconds, in all years
// that can be simulated.
const zoneOffset = 8 * hour

// wall is the reading of local clocks at an instant, counted as if it were UTC.
func wall(t int64) int64 { return t + zoneOffset }

// instant is the instant at which local clocks begin a day.
func instant(d period.Day) int64 { return int64(d)*day - zoneOffset }

// A month is counted from January of the year 0.
type month int

func monthOf(year int, m time.Month) month { return month(year*12 + int(m) - 1) }

func (m month) year() int         { return int(m) / 12 }
func (m month) name() time.Month  { return time.Month(int(m)%12 + 1) }
func (m month) first() period.Day { return period.DayOfDate(m.year(), m.name(), 1) }
func (m month) days() int         { return int((m + 1).first() - m.first()) }
func (m month) from() int64       { return instant(m.first()) }
func (m month) to() int64         { return instant((m + 1).first()) }

// A season gives each month its weight; the twelve add up to twelve times
// seasonUnit.
type season [12]int64

const seasonUnit = 16

var (
	// ofWeather follows the thunderstorms of the plateau from May to September
	// and the wind and ice of its winter.
	ofWeather = season{14, 13, 14, 14, 17, 19, 22, 21, 17, 13, 13, 15}
	// ofWork follows the ground, which is frozen in winter, and the rain.
	ofWork = season{6, 5, 18, 22, 20, 17, 14, 16, 22, 20, 20, 12}
)

// in is the rate of a month in millionths, of a rate a year in millionths.
func (s season) in(m month, yearly int64) int64 {
	return yearly * s[m.name()-1] / (12 * seasonUnit)
}

// workday is how many of a hundred jobs that could be done on a day are put
// there: most from Tuesday to Friday, few in the weeks of festivals.
func workday(d period.Day) int {
	weight := [7]int{4, 30, 100, 100, 100, 100, 12}[(int(d)+4)%7] // 1970-01-01 was a Thursday
	if festive(d) {
		return weight / 10
	}
	return weight
}

// festive says whether a day lies in the week of the National Day or about the
// Spring Festival, which begins between 21 January and 20 February.
func festive(d period.Day) bool {
	_, m, n := d.Date()
	return m == time.October && n <= 7 || m == time.February && n >= 4 && n <= 14
}
