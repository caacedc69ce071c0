package forecast

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
	f.normalise(h, o, days)
	f.sums = make([][]float64, n)
	for s := range h.Strata {
		f.sums[s] = runningSums(h, days, s)
	}
}

// mostScaled is by how much the days of a stratum are scaled up at most; what they
// lack then comes from the days of its peers, so that a single outage of years does
// not become a catastrophe.
const mostScaled = 2

// normalise lets the days of every stratum be 1 on average, weighted as its rate
// weighs them: a rate that is drawn towards that of its peers is else undone by
// days that are measured by it.
func (f *fit) normalise(h *History, o *Origin, days [][]float64) {
	lack := make([]float64, len(days))
	for s := range days {
		mean := f.meanDay(h, o, s, days[s])
		if mean < 0 {
			continue
		}
		scale := mostScaled / max(1, mostScaled*mean) // at most 1/mean
		lack[s] = max(0, 1-mean*scale)
		o.days(&h.Strata[s], func(day int) { days[s][day] *= scale })
	}
	added := make([][]float64, len(days)) // of all, before any is changed
	for s := range days {
		if lack[s] == 0 {
			continue
		}
		added[s] = make([]float64, len(days[s]))
		o.days(&h.Strata[s], func(day int) { added[s][day] = ofPeers(h, days, s, day) })
		if mean := f.meanDay(h, o, s, added[s]); mean > 0 {
			o.days(&h.Strata[s], func(day int) { added[s][day] *= lack[s] / mean })
		}
	}
	for s := range days {
		if lack[s] > 0 {
			o.days(&h.Strata[s], func(day int) { days[s][day] += added[s][day] })
		}
	}
}

// meanDay is the mean of the days that the rate of a stratum is made of, by the same
// weights; below zero where there are none, or the rate is zero.
func (f *fit) meanDay(h *History, o *Origin, s int, days []float64) float64 {
	x := &h.Strata[s]
	from := usedYears(x, o)
	var have, want float64
	o.days(x, func(day int) {
		if k := o.yearOf(day); k >= from {
			usual := o.faded[k] * x.Customers[day] * f.season.at(o, day)
			have, want = have+usual*days[day], want+usual
		}
	})
	if want == 0 || f.full.rate[s] == 0 {
		return -1
	}
	return have / want
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
func (f *fit) pool(h *History, o *Origin, ahead []Ahead) {
	if len(h.Strata) == 0 {
		return
	}
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
	for day := range f.pooled {
		f.pooled[day] /= total
	}
	from, to := days, 0 // the days between which anything is known
	for s := range h.Strata {
		o.days(&h.Strata[s], func(day int) { from, to = min(from, day), max(to, day+1) })
	}
	if from >= to {
		return
	}
	var weeks []float64
	for day := from + week; day <= to; day += week {
		weeks = append(weeks, (f.pooled[day]-f.pooled[day-week])/week)
	}
	f.luck = scatterOf(weeks) / float64(to-from)
}
