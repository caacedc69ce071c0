package forecast

// A fit is what a history says of one part in all strata.
type fit struct {
	season        season
	full          *worth
	common        walk    // of all strata together
	own           []walk  // of each against the common one
	seasonDoubt   float64 // the variance of a bin of the season
	unknownSeason float64 // the variance of the level for want of a season
	luck          float64 // the variance of the common rate for the luck with storms that it rests on

	sums   [][]float64 // by stratum: running sums of what days were against what was usual for them, from day 0 on
	pooled []float64   // the same of all strata together
}

// The variances by which levels are guessed to change from year to year: by 8 %
// as a whole, by 10 % in a stratum beside that; and how many years' differences
// these guesses count as much as.
const (
	commonStep, commonYears = 0.08 * 0.08, 4
	ownStep, ownYears       = 0.10 * 0.10, 10
)

// The variances of levels before anything is seen.
const commonStart, ownStart = 0.04, 0.02

func fitted(h *History, o *Origin, p Part, ahead []Ahead) *fit {
	g := flat()
	g, doubt, told := seasonOf(h, o, p, worthOf(h, o, p, &g, p == Fault))
	capped := worthOf(h, o, p, &g, p == Fault)
	f := &fit{season: g, seasonDoubt: doubt, full: worthOf(h, o, p, &g, false)}
	if !told {
		f.unknownSeason = seasonDoubt
	}
	f.levels(h, o, p, capped)
	f.accumulate(h, o, p)
	f.pool(h, ahead)
	return f
}

// years is how many years a history reaches back from the origin, the one that is
// looked at included.
func (o *Origin) years() int { return 1 + o.yearOf(0) }

// A yearSum is what a stratum had in a year, and what would have been usual.
type yearSum struct{ out, usual, days float64 }

// levels finds the levels of the years.
func (f *fit) levels(h *History, o *Origin, p Part, w *worth) {
	years := o.years()
	all := make([]yearSum, years)
	sums := make([][]yearSum, len(h.Strata))
	scatters := make([]float64, len(h.Strata))
	for s := range h.Strata {
		x := &h.Strata[s]
		sums[s] = make([]yearSum, years)
		from := usedYears(x, o)
		o.days(x, func(day int) {
			k := o.yearOf(day)
			y := &sums[s][k]
			y.out += w.seconds(x, p, s, day)
			y.usual += x.Customers[day] * w.rate[s] * f.season.at(o, day)
			y.days++
		})
		for k := range sums[s] {
			all[k].out += sums[s][k].out
			all[k].usual += sums[s][k].usual
			all[k].days = max(all[k].days, sums[s][k].days)
		}
		if from == 0 { // the rate is that of this year, which then says nothing of its level
			sums[s][0] = yearSum{}
		}
		scatters[s] = max(levelScatter, scatter(x, o, &f.season, w.rate[s], func(day int) float64 { return w.seconds(x, p, s, day) }))
	}
	if !before(h, o) {
		all[0] = yearSum{}
	}
	f.common = commonWalk(all, f.scatterOfAll(h, o, p, w), f.seasonDoubt)
	f.own = f.ownWalks(sums, scatters)
}

// before says whether any stratum has enough days before the year.
func before(h *History, o *Origin) bool {
	for s := range h.Strata {
		if usedYears(&h.Strata[s], o) == 1 {
			return true
		}
	}
	return false
}

// levelScatter is how little a day of a stratum is taken to scatter when its year
// says something of its level.
const levelScatter = 0.5

// scatterOfAll is the variance of a day of all strata together.
func (f *fit) scatterOfAll(h *History, o *Origin, p Part, w *worth) float64 {
	var weeks []float64
	var out, usual float64
	for day := range o.Today {
		for s := range h.Strata {
			if x := &h.Strata[s]; o.known(x, day) {
				out += w.seconds(x, p, s, day)
				usual += x.Customers[day] * w.rate[s] * f.season.at(o, day)
			}
		}
		if day%week == week-1 {
			if usual > 0 {
				weeks = append(weeks, out/usual)
			}
			out, usual = 0, 0
		}
	}
	return scatterOf(weeks)
}

// leastDays is how many days of a year say something of its level.
const leastDays = 14

// commonWalk follows all strata together. What a part of a year shows is in doubt
// by its season, too, the more so the smaller the part is.
func commonWalk(all []yearSum, scatter, seasonDoubt float64) walk {
	seen := observed(all, scatter, nil)
	for k := range seen {
		if seen[k].variance > 0 {
			seen[k].variance += seasonDoubt * max(0, 1-all[k].days/yearLength)
		}
	}
	return walked(seen, level{1, commonStart}, stepOf([][]observation{seen}, commonStep, commonYears))
}

// ownWalks follows each stratum against all together.
func (f *fit) ownWalks(sums [][]yearSum, scatters []float64) []walk {
	series := make([][]observation, len(sums))
	for s := range sums {
		series[s] = observed(sums[s], scatters[s], f.common.smooth)
	}
	step := stepOf(series, ownStep, ownYears)
	walks := make([]walk, len(sums))
	for s := range walks {
		walks[s] = walked(series[s], level{1, ownStart}, step)
	}
	return walks
}

// observed gives the levels that years show, against others if there are any.
func observed(sums []yearSum, scatter float64, against []float64) []observation {
	seen := make([]observation, len(sums))
	for k, y := range sums {
		if y.days < leastDays || y.usual == 0 {
			continue
		}
		seen[k] = observation{y.out / y.usual, scatter / y.days}
		if against != nil {
			seen[k].value /= against[k]
		}
	}
	return seen
}

// accumulate runs through the days of every stratum: each against what was usual
// in it, at its time of the year and in its year. A day that is not known was as
// those of its peers, or as usual.
func (f *fit) accumulate(h *History, o *Origin, p Part) {
	n := len(h.Strata)
	days := make([][]float64, n)
	for s := range h.Strata {
		days[s] = make([]float64, o.Today)
		for day := range days[s] {
			days[s][day] = unknownDay
		}
		x := &h.Strata[s]
		o.days(x, func(day int) {
			k := o.yearOf(day)
			usual := x.Customers[day] * f.full.rate[s] * f.season.at(o, day) * f.common.smooth[k] * f.own[s].smooth[k]
			if usual > 0 {
				days[s][day] = x.Seconds[p][day] / usual
			}
		})
	}
	f.sums = make([][]float64, n)
	for s := range h.Strata {
		f.sums[s] = runningSums(h, days, s)
	}
}

// unknownDay stands for a day of which nothing is known.
const unknownDay = -1

func runningSums(h *History, days [][]float64, s int) []float64 {
	sums := make([]float64, len(days[s])+1)
	for day, v := range days[s] {
		if v == unknownDay {
			v = ofPeers(h, days, s, day)
		}
		sums[day+1] = sums[day] + v
	}
	return sums
}

// ofPeers is the mean of a day among the peers of a stratum.
func ofPeers(h *History, days [][]float64, s, day int) float64 {
	var sum, n float64
	for k := range days {
		if h.Strata[k].Peers == h.Strata[s].Peers && days[k][day] != unknownDay {
			sum += days[k][day]
			n++
		}
	}
	if n == 0 {
		return 1
	}
	return sum / n
}

// pool adds up all strata, each by what is usual in it with the customers of now,
// and finds how far luck with storms goes into that.
func (f *fit) pool(h *History, ahead []Ahead) {
	days := len(f.sums[0])
	f.pooled = make([]float64, days)
	var total float64
	for s := range h.Strata {
		weight := ahead[s].Customers * f.full.rate[s]
		total += weight
		for day := range f.pooled {
			f.pooled[day] += weight * f.sums[s][day]
		}
	}
	if total == 0 {
		return
	}
	var weeks []float64
	for day := range f.pooled {
		f.pooled[day] /= total
		if day >= week && day%week == 0 {
			weeks = append(weeks, (f.pooled[day]-f.pooled[day-week])/week)
		}
	}
	f.luck = scatterOf(weeks) / float64(days)
}
