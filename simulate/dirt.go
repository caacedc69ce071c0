package simulate

import (
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// dirt is what is wrong with a row of the first delivery.
type dirt uint8

const (
	clean dirt = iota
	twice      // it repeats another in every field
	endBeforeStart
	negativeCustomers
	wordForCustomers
	nowhere // neither the feeder nor the area is known
	year19  // the year 0019
	year1987
)

// The shares in a hundred thousand rows.
const (
	impossible = 150
	repeated   = 200
)

// dirtOf chooses a kind by a number below a hundred. Rows of which place or year
// cannot be told are few: they count against every area or year.
func dirtOf(n int64) dirt {
	switch {
	case n < 42:
		return endBeforeStart
	case n < 64:
		return negativeCustomers
	case n < 86:
		return wordForCustomers
	case n < 92:
		return nowhere
	case n < 96:
		return year19
	}
	return year1987
}

// matters says whether a row makes up more than 4 thousandths of the year of one
// of its strata. Dirt spares those rows, so that what it hides stays small
// beside what a year is calibrated to.
func (p *Province) matters(r *Record, i *incident) bool {
	year, seconds := i.month.year(), r.Customers*(r.End-r.Start)
	if i.feeder.second != none && p.little(i.feeder.second, year) < seconds {
		return true
	}
	return p.little(i.feeder.home(year), year) < seconds
}

// little is 4 thousandths of the customer-seconds of a stratum and year, at scale
// 1 where the province is smaller.
func (p *Province) little(s, year int) int64 {
	customers := int64(max(p.counts[s], strata[s].feeders)) * int64(strata[s].customers)
	return customers * p.o.level(s, year) * hour / million * 4
}

// dirt says what is wrong with row n of an incident, and gives a number to draw
// the rest from.
func (o Options) dirt(i *incident, n int) (dirt, int64) {
	h := hash(o.Seed, ofDirt, i.feeder.stratum, i.feeder.number, int(i.month), i.number, n)
	drawn := int64(h >> 32)
	switch u := h % 100_000; {
	case u < impossible:
		return dirtOf(drawn % 100), drawn >> 8
	case u < impossible+repeated:
		return twice, 0
	}
	return clean, 0
}

// spoil makes the row impossible in one of the ways, if it is not clean.
func (r *Record) spoil(kind dirt, drawn int64) {
	switch kind {
	case endBeforeStart:
		r.End = r.Start - (1+drawn%600)*minute
	case negativeCustomers:
		r.Customers = -r.Customers - 1
	case wordForCustomers:
		r.Customers, r.CustomersText = outage.Missing, "不详"
	case nowhere:
		r.Feeder, r.Unit, r.FeederName, r.Area, r.Flags = "", "", "", "未知地区", outage.UnknownArea
	case year19:
		r.Start = instant(period.DayOfDate(19, 1, 1+int(drawn%365)))
	case year1987:
		r.Start = instant(period.DayOfDate(1987, 1, 1+int(drawn%365)))
	}
}
