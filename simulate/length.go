package simulate

// A knot is a point of a distribution: so many of ten thousand are shorter.
type knot struct {
	below int
	at    int64 // in the unit of the distribution
}

// repairs is how long faults last, in seconds, before they are calibrated: the body follows a
// lognormal law with a median of 75 minutes, from 9500 on the tail is Pareto's
// with an exponent of about 1.6.
var repairs = [...]knot{
	{0, 6 * minute}, {500, 17 * minute}, {1000, 24 * minute}, {2000, 35 * minute}, {3000, 47 * minute}, {4000, 60 * minute},
	{5000, 75 * minute}, {6000, 94 * minute}, {7000, 121 * minute}, {8000, 162 * minute}, {9000, 240 * minute}, {9500, 330 * minute},
	{9800, 585 * minute}, {9900, 905 * minute}, {9950, 1390 * minute}, {9990, 3800 * minute}, {10000, 5800 * minute},
}

// repair draws how long a fault lasts, in seconds.
func (d *draws) repair() int64 {
	length := d.along(repairs[:])
	return length + int64(d.below(minute))
}

// along draws from a distribution.
func (d *draws) along(knots []knot) int64 {
	u := d.below(10_000)
	k := 1
	for knots[k].below <= u {
		k++
	}
	low, high := knots[k-1], knots[k]
	return low.at + (high.at-low.at)*int64(u-low.below)/int64(high.below-low.below)
}

// one is the factor of lengths that changes nothing.
const one = 1 << 16

// shortestRepair keeps what is no momentary interruption from becoming one, and
// longestRepair is what the worst storm takes, in seconds.
const (
	shortestRepair = 4 * minute
	longestRepair  = 72 * hour
)

// stretch is a length by a factor in parts of [one], no longer than a limit, to
// the minute unless it is recorded to the second.
func stretch(length, factor, limit int64, seconds bool) int64 {
	length = max(min(length*factor/one, limit), shortestRepair)
	if !seconds {
		length -= length % minute
	}
	return length
}

// largestShare is how much of a stratum's year at scale 1 one fault can make up,
// in thousandths.
const largestShare = 40

// limit is the longest that a fault may last, in seconds. Where years are
// calibrated it stays below largestShare of the strata that it hits, and is over,
// but for some hours, in the year to which calibration counts it.
func (o Options) limit(i *incident) int64 {
	if o.Kind != Calibrated {
		return longestRepair
	}
	year := i.month.year()
	limit := o.share(i.feeder.home(year), year, i.to-i.from)
	if i.feeder.second != none {
		limit = min(limit, o.share(i.feeder.second, year, i.to-i.from))
	}
	left := monthOf(year+1, 1).from() - i.start
	return min(limit, max(6*hour, left*3/4))
}

// share is how long so many customers can be without supply, in seconds.
func (o Options) share(s, year, customers int) int64 {
	all := int64(strata[s].feeders) * int64(strata[s].customers) * o.level(s, year) * hour / 1000
	return min(all*largestShare/1000/int64(customers), longestRepair)
}
