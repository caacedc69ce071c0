package backtest

import (
	"math"

	"github.com/saidi-exporter/saidi/forecast"
	"github.com/saidi-exporter/saidi/period"
)

// A Trial is one target at one origin: what was said, and what came.
type Trial struct {
	Series, Year int // the number of the series, and the year: trials that hang together
	Kind, Size   string
	Month        int     // whole months of the year that are over
	History      float64 // years of history before the year
	Usual        float64 // what the target loses in an average year
	Answered     bool    // the forecast knew; else there are no quantiles and no guesses
	Quantiles    [5]int64
	Naive        [3]int64
	Ranged       bool // other series teach a range of thumb; else Range is empty
	Range        [5]int64
	Guesses      []Guess
	Happened     int64 // before the origin
	Outcome      int64
}

// A Guess is the probability of missing a limit, and whether it was missed.
type Guess struct {
	Probability float64
	Missed      bool
}

// limits are those whose miss is guessed at, in thousandths of what the hours of
// an average customer were the year before.
var limits = [...]int64{920, 1000, 1050}

// try makes the trials of one year of a series, which is number n.
func (s *Series) try(n int, y Year, f Forecaster) []Trial {
	var all []Trial
	for _, today := range s.origins(y) {
		o := s.origin(y, today)
		ask := f(o.before(), forecast.Origin{Today: today - o.seen, Left: 1, From: y.From - o.seen, To: y.To - o.seen}, o.ahead())
		for _, target := range s.Targets {
			t := o.trial(target, ask)
			t.Series, t.Year = n, y.Number
			all = append(all, t)
		}
	}
	return all
}

func (s *Series) origin(y Year, today int) *origin {
	o := &origin{Series: s, year: y, today: today, seen: s.Seen}
	for n := range s.History.Strata {
		o.customers = append(o.customers, s.History.Strata[n].Customers[today])
	}
	return o
}

// before is the history that may be seen: what ends where the origin begins, so
// that no forecast can look at what it is judged by.
func (o *origin) before() *forecast.History {
	h := &forecast.History{First: o.History.First + period.Day(o.seen)}
	for n := range o.History.Strata {
		of := &o.History.Strata[n]
		cut := forecast.Stratum{Peers: of.Peers, Customers: of.Customers[o.seen:o.today:o.today], Known: of.Known[o.seen:o.today:o.today]}
		for part := range of.Seconds {
			cut.Seconds[part] = of.Seconds[part][o.seen:o.today:o.today]
		}
		h.Strata = append(h.Strata, cut)
	}
	return h
}

// ahead is what is known of the time to come: the customers, and of no outage.
func (o *origin) ahead() []forecast.Ahead {
	all := make([]forecast.Ahead, len(o.customers))
	for n, customers := range o.customers {
		all[n].Customers = customers
	}
	return all
}

// trial asks about a target.
func (o *origin) trial(target Target, ask func([]int, int64) (Outlook, bool)) Trial {
	strata, happened := target.Strata, o.happened(target.Strata)
	_, month, _ := (o.History.First + period.Day(o.today)).Date()
	_, first, _ := (o.History.First + period.Day(o.year.From)).Date()
	t := Trial{
		Kind: o.Kind, Size: target.Size, Month: (int(month-first) + 12) % 12, History: math.Round(float64(o.year.From-o.seen)/365.25*2) / 2,
		Usual: o.mean(strata), Naive: o.naive(strata), Happened: happened, Outcome: happened + o.rest(strata),
	}
	outlook, ok := ask(strata, happened)
	if !ok {
		return t
	}
	t.Answered, t.Quantiles = true, outlook.Quantiles
	for _, limit := range o.limits(strata) {
		t.Guesses = append(t.Guesses, Guess{outlook.Over(limit), t.Outcome > limit})
	}
	return t
}

// limits are [limits] of the year before, for the customers of this one as they
// are known; none where that year is not whole or nothing happened in it.
func (o *origin) limits(strata []int) []int64 {
	from := o.begins(o.year.Number - 1)
	if from < 0 {
		return nil
	}
	before, served := o.sums.total(strata, from, o.year.From), o.sums.served(strata, from, o.year.From)
	if before == 0 || served == 0 {
		return nil
	}
	now := o.sums.served(strata, o.year.From, o.today)
	for _, n := range strata {
		now += o.customers[n] * float64(o.year.To-o.today)
	}
	var all []int64
	for _, of := range limits {
		all = append(all, int64(math.Round(float64(before)*now/served))*of/1000)
	}
	return all
}
