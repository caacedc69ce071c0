package backtest

import "math"

// A Score adds up trials. What is a mean or a share divides by their number.
type Score struct {
	Trials     int // that the forecast answered
	Unanswered int

	within  [2]int // outcomes within the 50 % and the 90 % interval
	below   [5]int // outcomes up to each quantile
	loss    float64
	naive   [3]float64
	ranged  ranged
	miss    float64 // of the median
	misses  [3]float64
	brier   float64
	guesses int
	missed  int
	bins    [binCount]Bin
}

// ranged adds up the trials that have a range of thumb.
type ranged struct {
	trials int
	within [2]int  // outcomes within its 50 % and its 90 % interval
	loss   float64 // of the range of thumb
	beside float64 // of the forecast, in the same trials
}

// binCount is in how many equal bins probabilities of missing are told apart.
const binCount = 10

// A Bin is the guesses whose probability lies in a tenth of those that there are.
type Bin struct {
	Guesses, Missed int
	sum             float64
}

// Said is the mean probability; Came is the share that missed. Both are 0 of none.
func (b Bin) Said() float64 { return ratio(b.sum, b.Guesses) }

// Came is the share of the guesses that missed.
func (b Bin) Came() float64 { return ratio(float64(b.Missed), b.Guesses) }

func ratio(sum float64, n int) float64 {
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// Sum adds up trials.
func Sum(trials []Trial) *Score {
	s := &Score{}
	for n := range trials {
		s.add(&trials[n])
	}
	return s
}

// add adds a trial. Losses are in hundredths of the target's usual year. What the
// forecast did not answer counts for the rules of thumb neither.
func (s *Score) add(t *Trial) {
	if !t.Answered {
		s.Unanswered++
		return
	}
	s.Trials++
	q, unit := t.Quantiles, 100/t.Usual
	holds(&s.within, q, t.Outcome)
	for n := range q {
		if t.Outcome <= q[n] {
			s.below[n]++
		}
	}
	s.loss += Pinball(q, t.Outcome) * unit
	s.miss += math.Abs(float64(t.Outcome-q[2])) * unit
	for n, said := range t.Naive {
		s.naive[n] += Pinball([5]int64{said, said, said, said, said}, t.Outcome) * unit
		s.misses[n] += math.Abs(float64(t.Outcome-said)) * unit
	}
	if t.Ranged {
		s.ranged.add(t)
	}
	for _, g := range t.Guesses {
		s.guess(g)
	}
}

// holds counts an outcome that lies within the 50 % or the 90 % interval.
func holds(within *[2]int, q [5]int64, outcome int64) {
	if q[1] <= outcome && outcome <= q[3] {
		within[0]++
	}
	if q[0] <= outcome && outcome <= q[4] {
		within[1]++
	}
}

func (r *ranged) add(t *Trial) {
	r.trials++
	holds(&r.within, t.Range, t.Outcome)
	r.loss += Pinball(t.Range, t.Outcome) * 100 / t.Usual
	r.beside += Pinball(t.Quantiles, t.Outcome) * 100 / t.Usual
}

func (s *Score) guess(g Guess) {
	came := 0.0
	b := &s.bins[min(int(g.Probability*binCount), binCount-1)]
	if g.Missed {
		came = 1
		b.Missed++
		s.missed++
	}
	b.Guesses++
	b.sum += g.Probability
	s.guesses++
	s.brier += (g.Probability - came) * (g.Probability - came)
}

// Coverage gives the shares of outcomes within the 50 % and the 90 % interval,
// whose ends belong to them.
func (s *Score) Coverage() (half, ninety float64) {
	return ratio(float64(s.within[0]), s.Trials), ratio(float64(s.within[1]), s.Trials)
}

// Below gives the shares of outcomes up to the quantiles at [Shares], which they
// should be near to.
func (s *Score) Below() (all [5]float64) {
	for n := range all {
		all[n] = ratio(float64(s.below[n]), s.Trials)
	}
	return all
}

// Loss is the mean pinball loss, in per cent of a usual year.
func (s *Score) Loss() float64 { return ratio(s.loss, s.Trials) }

// Naive is the mean pinball loss of the rules of thumb, in the order of [Naive].
func (s *Score) Naive() (all [3]float64) {
	for n := range all {
		all[n] = ratio(s.naive[n], s.Trials)
	}
	return all
}

// Error is the mean distance of the median from the outcome, in per cent of a
// usual year.
func (s *Score) Error() float64 { return ratio(s.miss, s.Trials) }

// Errors are the mean distances of the rules of thumb from the outcome.
func (s *Score) Errors() (all [3]float64) {
	for n := range all {
		all[n] = ratio(s.misses[n], s.Trials)
	}
	return all
}

// best is the smallest number and where it stands.
func best(all [3]float64) (n int, least float64) {
	for k, v := range all {
		if v < all[n] {
			n = k
		}
	}
	return n, all[n]
}

// Gain is by how much the forecast loses less than the best rule of thumb, which
// is number n: in pinball loss, and in the distance of the median from that of
// the rule that comes nearest.
func (s *Score) Gain() (n int, loss, distance float64) {
	n, least := best(s.Naive())
	_, nearest := best(s.Errors())
	return n, gain(s.Loss(), least), gain(s.Error(), nearest)
}

// A Ranged is the range of thumb beside the forecast, in the trials that have one.
type Ranged struct {
	Trials       int
	Half, Ninety float64 // shares of outcomes within its 50 % and its 90 % interval
	Loss         float64 // its mean pinball loss, in per cent of a usual year
	Beside       float64 // that of the forecast
	Gain         float64 // by how much the forecast loses less
}

// Ranged holds the forecast against the range of thumb; ok is false where there is
// none.
func (s *Score) Ranged() (r Ranged, ok bool) {
	of := &s.ranged
	r = Ranged{
		Trials: of.trials, Half: ratio(float64(of.within[0]), of.trials), Ninety: ratio(float64(of.within[1]), of.trials),
		Loss: ratio(of.loss, of.trials), Beside: ratio(of.beside, of.trials),
	}
	r.Gain = gain(r.Beside, r.Loss)
	return r, of.trials > 0
}

func gain(is, was float64) float64 {
	if was == 0 {
		return 0
	}
	return 1 - is/was
}

// Brier is the mean square of the distance between the probability of missing and
// what came, 1 or 0; base is what it is for whoever always says the share that
// missed.
func (s *Score) Brier() (score, base float64) {
	share := s.Missed()
	return ratio(s.brier, s.guesses), share * (1 - share)
}

// Missed is the share of limits that were missed.
func (s *Score) Missed() float64 { return ratio(float64(s.missed), s.guesses) }

// Bins are the guesses by probability.
func (s *Score) Bins() []Bin { return s.bins[:] }
