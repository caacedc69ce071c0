package ingest

import (
	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// A columnTime is the column read of a time, with the day in which its last
// value lies.
type columnTime struct {
	bound bool
	at    int
	day   columnDay
}

// A columnDay is a local day on which the clock does not change, in the values of
// a column, which are instants or what local clocks showed.
type columnDay struct {
	from, to int64 // values within it of which a text could tell, half-open
	midnight int64 // the value at its beginning
	offset   int64 // what values are more than instants
	wall     int64 // what local clocks showed at its beginning
}

// The seconds of the years 1 to 9999, of which a text can tell.
const (
	firstSecond = -62135596800
	lastSecond  = 253402300799
)

// dayOf is the day of a value; false where its values need care.
func (e *columnEvents) dayOf(hasZone bool, at int64) (d columnDay, ok bool) {
	if at < firstSecond || at > lastSecond {
		return d, false
	}
	zone, wall := e.taker.clock.fallback, at
	if hasZone {
		wall = at + e.east
	}
	offset, ok := zone.offset(wall)
	if hasZone && (!ok || offset != e.east) {
		wall = zone.wall(at)
		e.east = wall - at
		offset, ok = zone.offset(wall)
	}
	d.wall, d.offset = midnight(wall), offset
	d.midnight = d.wall
	if hasZone {
		d.midnight, d.offset = d.wall-offset, 0
	}
	d.from, d.to = max(d.midnight, firstSecond), min(d.midnight+secondsPerDay, lastSecond+1)
	return d, ok
}

// interval reads start and end. An end at 23:59:59 needs care, as do outages
// that are very long or end before they start.
func (e *columnEvents) interval(b *columnar.Batch, lo, hi int) {
	start, end, care := e.found.ints[fieldStart], e.found.ints[fieldEnd], e.found.care
	v := &b.Columns[e.times[0].at]
	day := e.times[0].day
	for i, at := range v.Int[lo:hi] {
		if v.IsNull(lo + i) {
			care[i] = true
			continue
		}
		if at < day.from || at >= day.to {
			var ok bool
			if day, ok = e.dayOf(v.HasZone, at); !ok || !e.taker.clock.plausible(moment{wall: day.wall}) {
				day, care[i] = columnDay{}, true
				continue
			}
		}
		start[i] = at - day.offset
	}
	e.times[0].day = day
	if !e.times[1].bound {
		return
	}
	v, day = &b.Columns[e.times[1].at], e.times[1].day
	for i, at := range v.Int[lo:hi] {
		end[i] = outage.Open
		if v.IsNull(lo + i) {
			continue
		}
		if at < day.from || at >= day.to {
			var ok bool
			if day, ok = e.dayOf(v.HasZone, at); !ok {
				day, care[i] = columnDay{}, true
				continue
			}
		}
		end[i] = at - day.offset
		length := end[i] - start[i]
		if at-day.midnight == secondsPerDay-1 || length < 0 || length > outage.LongestPlausible {
			care[i] = true
		}
	}
	e.times[1].day = day
}
