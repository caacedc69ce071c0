package forecast

// A level is what is known of a rate against the one that is usual: a mean, which
// is 1 where nothing speaks against it, and a variance.
type level struct{ mean, variance float64 }

// An observation is a level as a year shows it.
type observation struct {
	value    float64
	variance float64 // of chance; zero where the year says nothing
}

// Levels that are lower than this are not believed.
const lowestLevel = 0.05

// A walk is the levels of the years, which change a little from each to the next.
type walk struct {
	smooth []float64 // by year, counted back from the one that is looked at
	before level     // of that year, as the years before it say
	now    level     // of that year, as its days so far say, too
}

// walked follows levels that go up or down by a variance from one year to the next
// (a local-level model: a Kalman filter forwards, and its smoother back). Years
// are counted back from the one that is looked at.
func walked(seen []observation, start level, step float64) walk {
	n := len(seen)
	predicted, filtered := make([]level, n), make([]level, n)
	last := start
	for k := n - 1; k >= 0; k-- {
		if k < n-1 {
			last.variance += step
		}
		predicted[k] = last
		last = last.seen(seen[k])
		filtered[k] = last
	}
	w := walk{smooth: make([]float64, n), before: predicted[0], now: filtered[0]}
	w.smooth[0] = filtered[0].mean
	for k := 1; k < n; k++ {
		gain := filtered[k].variance / (filtered[k].variance + step)
		w.smooth[k] = max(lowestLevel, filtered[k].mean+gain*(w.smooth[k-1]-predicted[k-1].mean))
	}
	return w
}

// seen is the level after an observation.
func (l level) seen(o observation) level {
	if o.variance <= 0 {
		return l
	}
	gain := l.variance / (l.variance + o.variance)
	return level{max(lowestLevel, l.mean+gain*(o.value-l.mean)), l.variance * (1 - gain)}
}

// stepOf is the variance by which levels change from year to year: what their
// differences show beyond chance, together with a guess that counts as much as
// some years.
func stepOf(series [][]observation, guess, weight float64) float64 {
	sum, n := guess*weight, weight
	for _, seen := range series {
		for k := 1; k+1 < len(seen); k++ { // the year that is looked at is not whole
			a, b := seen[k], seen[k+1]
			if a.variance <= 0 || b.variance <= 0 {
				continue
			}
			sum += (a.value-b.value)*(a.value-b.value) - a.variance - b.variance
			n++
		}
	}
	return max(guess/10, sum/n)
}
