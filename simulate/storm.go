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
	weight   int64 // so many times as long as others do its faults last
}

// storms draws the storms of an area and month.
func (o Options) storms(area outage.Area, m month) []storm {
	var d draws
	d.start(o.Seed, ofStorms, stratumOf(area, rural), int(m))
	list := d.storms(stormRate(m)*o.storminess(m.year())/1000, m)
	if !o.climate().wild {
		return list
	}
	for i := range list {
		list[i].swell(d.along(swells[:]))
	}
	return append(list, o.gales(area, m)...)
}

// storms draws a month's storms that are so many millionths on average.
func (d *draws) storms(rate int64, m month) []storm {
	var list []storm
	for range d.count(rate) {
		length := d.between(4, 60) * hour
		if d.chance(500) {
			length = d.between(4, 20) * hour
		}
		at := d.below(m.days() * day)
		list = append(list, storm{from: m.from() + int64(at), length: min(length, m.days()*day-at), severity: d.between(60, 420), weight: 2})
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

// seasons are what stormy and quiet years have of the usual storms, in
// thousandths.
var seasons = [...]int64{400, 700, 1000, 1300, 1900}

// storminess is what a year has of the usual storms, in thousandths.
func (o Options) storminess(year int) int64 {
	c := o.climate()
	if !c.wild {
		return c.storms
	}
	var d draws
	d.start(o.Seed, ofGales, year)
	return c.storms * seasons[d.below(len(seasons))] / 1000
}

// gales are the storms of a month that go over the whole province, at one time
// and with one swell, twice that of others, as an area has them: one more than
// another.
func (o Options) gales(area outage.Area, m month) []storm {
	var d draws
	d.start(o.Seed, ofGales, int(m), 0)
	list := d.storms(stormRate(m)*o.storminess(m.year())/1000*galeShare/1000, m)
	for i := range list {
		list[i].swell(2 * d.along(swells[:]))
		h := hash(o.Seed, ofGales, int(m), 1+i, stratumOf(area, rural))
		list[i].severity = list[i].severity * int(40+h%121) / 100
	}
	return list
}

// galeShare is how many gales there are for a thousand storms of an area.
const galeShare = 150

// swells is how much worse than the mildest a storm is, in hundredths, twice: in
// what it hits and in how long it lasts there. The harm is the product, so that
// its tail is Pareto's with an exponent of about 1.75, that of each of the two
// 3.5.
var swells = [...]knot{
	{0, 100}, {5000, 122}, {8000, 158}, {9000, 193}, {9500, 235}, {9800, 306}, {9900, 373},
	{9950, 454}, {9980, 590}, {9990, 720}, {9998, 1140}, {10000, 1400},
}

// swell makes a storm so many hundredths as severe, and its faults as long.
func (s *storm) swell(hundredths int64) {
	s.severity = s.severity * int(hundredths) / 100
	s.weight = s.weight * hundredths / 100
}
