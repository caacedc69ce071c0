package simulate

// calibrate finds the factors that bring every stratum and year to its level, if
// the kind is to be brought there.
func (p *Province) calibrate() {
	for year := p.o.First; year <= p.o.Last; year++ {
		s := p.sample(year)
		if p.o.Kind == Calibrated {
			p.factors = append(p.factors, s.solve(year))
		} else {
			p.factors = append(p.factors, unchanged())
		}
	}
}

// The bounds of factors, in parts of one: no stratum is so far from its level.
const (
	smallestFactor = one / 64
	largestFactor  = one * 64
)

// solve finds the factor of each stratum. Faults on feeders of two classes count
// in both, so each round takes the others as the last left them.
func (s *sample) solve(year int) (factors [len(strata)]int64) {
	factors = unchanged()
	for range 4 {
		s.spill(&factors)
		for at := range strata {
			if s.o.silent(strata[at].area, year) {
				continue
			}
			target := float64(float64(s.o.level(at, year))*3.6) * s.customers[at] / float64(s.yearLength(year))
			factors[at] = s.factor(at, target-s.fixed[at]-s.cross[at])
		}
	}
	return factors
}

// unchanged are the factors that change nothing.
func unchanged() (factors [len(strata)]int64) {
	for at := range factors {
		factors[at] = one
	}
	return factors
}

func (s *sample) yearLength(year int) int64 {
	return monthOf(year+1, 1).from() - monthOf(year, 1).from()
}

// spill works out what faults add to the strata beside their own.
func (s *sample) spill(factors *[len(strata)]int64) {
	s.cross = [len(strata)]float64{}
	for at := range strata {
		for _, e := range s.elastic[at] {
			if e.other > 0 {
				s.cross[e.beside] += float64(float64(stretch(e.length, factors[at], e.limit, e.seconds)) * e.other)
			}
		}
	}
}

// factor finds by halving the factor at which the faults of a stratum make up so
// many customer-seconds.
func (s *sample) factor(at int, want float64) int64 {
	low, high := int64(smallestFactor), int64(largestFactor)
	for high-low > 1 {
		middle := (low + high) / 2
		if s.sum(at, middle) <= want {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

func (s *sample) sum(at int, factor int64) (sum float64) {
	for _, e := range s.elastic[at] {
		sum += float64(float64(stretch(e.length, factor, e.limit, e.seconds)) * e.own)
	}
	return sum
}
