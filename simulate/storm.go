package simulate

import (
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// A storm goes over one area and breaks lines on many feeders.
type storm struct {
	from     int64 // UTC seconds
	length   int   // 4 … 60 h in seconds, but not beyond the month
	severity int   // in thousandths, how many feeders of ten faults a year it hits
}

// storms draws the storms of an area and month.
func (o Options) storms(area outage.Area, m month) []storm {
	var d draws
	d.start(o.Seed, ofStorms, stratumOf(area, rural), int(m))
	var list []storm
	for range d.count(stormRate(m)) {
		length := d.between(4, 60) * hour
		if d.chance(500) {
			length = d.between(4, 20) * hour
		}
		at := d.below(m.days() * day)
		list = append(list, storm{from: m.from() + int64(at), length: min(length, m.days()*day-at), severity: d.between(60, 420)})
	}
	return list
}

// stormRate is how many storms a month has, in millionths.
func stormRate(m month) int64 {
	switch name := m.name(); {
	case name >= time.May && name <= time.September:
		return 1_200_000
	case name == time.December || name <= time.March:
		return 500_000
	}
	return 250_000
}
