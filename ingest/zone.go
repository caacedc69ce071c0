package ingest

import (
	"math"
	"time"

	"github.com/saidi-exporter/saidi/period"
)

// A zoneClock turns local readings of one zone into instants. It keeps the
// offsets of days without a clock change, so that most readings cost one look.
type zoneClock struct {
	loc  *time.Location
	days [zoneDays]zoneDay

	// The time between two clock changes in which the last instant lay, half-open
	// and empty before the first, and the offset that holds in it.
	from, to, east int64
}

// zoneDays is how many days are kept; a power of two.
const zoneDays = 4096

type zoneDay struct {
	day    int64
	state  zoneState
	offset int32 // seconds east of UTC on all of the day
}

type zoneState uint8

const (
	zoneNew     zoneState = iota // nothing is kept here
	zoneUniform                  // one offset all day
	zoneChanges                  // the clock changes on the day
)

// instant gives the first occurrence of a local reading, or of one that a clock
// change skips the instant of the change.
func (z *zoneClock) instant(wall int64) (at int64, skipped bool) {
	if offset, ok := z.offset(wall); ok {
		return wall - offset, false
	}
	at = period.Local(wall, z.loc)
	return at, z.wall(at) != wall
}

// last gives the last occurrence of a local reading.
func (z *zoneClock) last(wall int64) int64 {
	if offset, ok := z.offset(wall); ok {
		return wall - offset
	}
	return period.LocalLast(wall, z.loc)
}

// wall is what clocks show at an instant, counted as if it were UTC.
func (z *zoneClock) wall(at int64) int64 {
	if at < z.from || at >= z.to {
		z.turn(at)
	}
	return at + z.east
}

// turn finds the time between two clock changes in which an instant lies.
func (z *zoneClock) turn(at int64) {
	t := time.Unix(at, 0).In(z.loc)
	_, offset := t.Zone()
	from, to := t.ZoneBounds()
	z.from, z.to, z.east = math.MinInt64, math.MaxInt64, int64(offset)
	if !from.IsZero() {
		z.from = from.Unix()
	}
	if !to.IsZero() {
		z.to = to.Unix()
	}
}

// offset is the zone's offset where one holds on all of the reading's day.
func (z *zoneClock) offset(wall int64) (int64, bool) {
	day := wall / secondsPerDay
	if wall < 0 {
		day = (wall - secondsPerDay + 1) / secondsPerDay
	}
	kept := &z.days[uint64(day)%zoneDays]
	if kept.state == zoneNew || kept.day != day {
		*kept = z.survey(day)
	}
	return int64(kept.offset), kept.state == zoneUniform
}

// survey compares the offsets at both ends of a day, by first and by last
// occurrence: a change within the day makes two of them differ.
func (z *zoneClock) survey(day int64) zoneDay {
	first, last := day*secondsPerDay, (day+1)*secondsPerDay-1
	offset := first - period.Local(first, z.loc)
	uniform := offset == first-period.LocalLast(first, z.loc) &&
		offset == last-period.Local(last, z.loc) && offset == last-period.LocalLast(last, z.loc)
	if !uniform {
		return zoneDay{day: day, state: zoneChanges}
	}
	return zoneDay{day: day, state: zoneUniform, offset: int32(offset)}
}
