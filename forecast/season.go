package forecast

import "math"

// A season is how a part is spread over the year: the rate of a time of the year
// as a multiple of that of the whole year, which is 1 on average.
type season [seasonBins]float64

const (
	seasonBins  = 73 // of five days
	seasonReach = 15 // bins on either side that the kernel takes in
	// seasonDays is how many days have to be known for a season to be told.
	seasonDays = 330
)

// seasonWidth is the standard deviation, in bins, of the kernel by which the bins
// are smoothed: half a month for work, which begins and ends with frost and
// holidays; for faults nearly a month, as a few storms make much of them.
var seasonWidth = [PartCount]float64{Fault: 5, PreArranged: 2.5}

func flat() season {
	var g season
	for b := range g {
		g[b] = 1
	}
	return g
}

// seasonBin is the bin of a phase.
func seasonBin(phase float64) int {
	return min(seasonBins-1, int(phase*seasonBins/yearLength))
}

// at is the multiple of a day.
func (g *season) at(o *Origin, day int) float64 {
	if 0 <= day && day < len(o.charted) {
		return g[o.charted[day].bin]
	}
	return g[seasonBin(o.phase(day))]
}

// seasonOf finds the season of all strata together: what was out in each bin over
// what would have been without a season, smoothed around the year. How far it
// leaves 1 is shrunk by how much of that is chance. doubt is the variance of a bin;
// told is false where less than a year is known.
func seasonOf(h *History, o *Origin, p Part, w *worth) (g season, doubt float64, told bool) {
	var out, usual season
	seen := map[int]bool{}
	for s := range h.Strata {
		x := &h.Strata[s]
		o.days(x, func(day int) {
			b := seasonBin(o.phase(day))
			out[b] += w.seconds(x, p, s, day)
			usual[b] += x.Customers[day] * w.rate[s]
			seen[day] = true
		})
	}
	if len(seen) < seasonDays {
		return flat(), 0, false
	}
	g = flat()
	smooth, norm := around(&out, seasonWidth[p]), around(&usual, seasonWidth[p])
	for b := range g {
		if norm[b] > 0 {
			g[b] = smooth[b] / norm[b]
		}
	}
	g, doubt = g.shrunk(&out, &usual, seasonWidth[p])
	return g, doubt, true
}

// around smooths bins by a normal kernel around the year.
func around(bins *season, width float64) (smooth season) {
	for b := range bins {
		for k := -seasonReach; k <= seasonReach; k++ {
			smooth[b] += bins[(b+k+seasonBins)%seasonBins] * math.Exp(-0.5*float64(k*k)/(width*width))
		}
	}
	return smooth
}

// shrunk moves a season towards 1 by the share of its variance that chance
// explains: the scatter of single bins about it over how many of them the kernel
// takes together. The result is 1 on average; what is left of chance is the
// variance of a bin.
func (g *season) shrunk(out, usual *season, width float64) (s season, doubt float64) {
	var signal, scatter float64
	for b := range g {
		if usual[b] > 0 {
			signal += (g[b] - 1) * (g[b] - 1)
			apart := out[b]/usual[b] - g[b]
			scatter += apart * apart
		}
	}
	chance := scatter / (2 * math.Sqrt(math.Pi) * width)
	keep := 0.0
	if signal > chance {
		keep = (signal - chance) / signal
	}
	var mean float64
	s = *g
	for b := range s {
		s[b] = max(0.05, 1+keep*(s[b]-1))
		mean += s[b] / seasonBins
	}
	for b := range s {
		s[b] /= mean
	}
	return s, keep * chance / seasonBins
}
