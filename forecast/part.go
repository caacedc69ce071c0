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
	f.pool(h, o, ahead)
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
	extra := 0.0
	if c, n := f.span(h, o, p, w); n > 0 {
		all[0].usual *= c
		for s := range sums {
			sums[s][0].usual *= c
		}
		extra = f.scatterOfAll(h, o, p, w) / n
	}
	f.common = commonWalk(all, f.scatterOfAll(h, o, p, w), f.seasonDoubt, f.unknownSeason, extra)
	f.own = f.ownWalks(sums, scatters)
}

// span is what the years before had in the time of the year that is over, against
// what is usual in it: by how much the season, which is smooth and drawn towards
// none, is wrong there, so that this year is held against the same months. It rests
// on n days; 0 where there are too few.
func (f *fit) span(h *History, o *Origin, p Part, w *worth) (c, n float64) {
	upTo := float64(o.Today - o.From)
	most := make([]float64, o.years()) // days in the span, of the stratum with most
	var out, usual float64
	for s := range h.Strata {
		x := &h.Strata[s]
		if usedYears(x, o) == 0 {
			continue
		}
		have := make([]float64, len(most))
		o.days(x, func(day int) {
			k := o.yearOf(day)
			if k == 0 || o.phase(day) >= upTo {
				return
			}
			weight := o.faded[k]
			out += weight * w.seconds(x, p, s, day)
			usual += weight * x.Customers[day] * w.rate[s] * f.season.at(o, day)
			have[k]++
		})
		for k := range have {
			most[k] = max(most[k], have[k])
		}
	}
	var days, squares float64
	for k, v := range most {
		weight := o.faded[k]
		days, squares = days+weight*v, squares+weight*weight*v
	}
	if usual == 0 || out == 0 || days < leastDays*fade {
		return 1, 0
	}
	return out / usual, days * days / squares
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
// by its season, too, the more so the smaller the part is. Of a season that nobody
// can tell unknown is the variance of the mean of half a year; what one part of a
// year has more, the other has less, so that it goes with what is not in the part
// over what is.
func commonWalk(all []yearSum, scatter, seasonDoubt, unknown, extra float64) walk {
	seen := observed(all, scatter, nil)
	if seen[0].variance > 0 {
		seen[0].variance += extra // of what the year is held against
	}
	for k := range seen {
		if seen[k].variance > 0 {
			seen[k].variance += seasonDoubt * max(0, 1-all[k].days/yearLength)
			seen[k].variance += unknown * max(0, yearLength/all[k].days-1)
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
