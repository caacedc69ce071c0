package backtest

import "github.com/saidi-exporter/saidi/period"

// Naive lists the rules of thumb that a forecast is held against. Each gives a
// single number, from the same days and the same customers as the forecast.
func Naive() [3]string {
	return [3]string{"straight line", "last year's rest", "mean of three years' rests"}
}

// An origin is a day at which one looks ahead, in a series.
type origin struct {
	*Series
	year      Year
	today     int
	seen      int       // the first day that may be seen
	customers []float64 // in service from now on, by stratum
}

// rest is what came after the origin, at the customers of the origin.
func (o *origin) rest(strata []int) int64 {
	return o.sums.held(strata, o.today, o.year.To, o.customers, o.year.To-o.today)
}

// happened is what the year had before the origin.
func (o *origin) happened(strata []int) int64 { return o.sums.total(strata, o.year.From, o.today) }

// naive gives what the rules of thumb say, in the order of [Naive]. A rule that
// finds no year before says what the straight line says.
func (o *origin) naive(strata []int) [3]int64 {
	so := o.happened(strata)
	straight := so + o.sums.held(strata, o.year.From, o.today, o.customers, o.year.To-o.today)
	all := [3]int64{straight, straight, straight}
	var sum, n int64
	for back := 1; back <= 3; back++ {
		rest, ok := o.restOfYearBefore(strata, back)
		if !ok {
			break
		}
		if back == 1 {
			all[1] = so + rest
		}
		sum, n = sum+rest, n+1
	}
	if n > 0 {
		all[2] = so + sum/n
	}
	return all
}

// restOfYearBefore is what some years before the year had from the same date on,
// at the customers of the origin; ok is false where not all of it may be seen.
func (o *origin) restOfYearBefore(strata []int, back int) (rest int64, ok bool) {
	from := o.dateBefore(back)
	if from < o.seen {
		return 0, false
	}
	to := o.begins(o.year.Number - back + 1)
	return o.sums.held(strata, from, to, o.customers, o.year.To-o.today), true
}

// dateBefore is the day of the same date some years before.
func (o *origin) dateBefore(back int) int {
	year, month, day := (o.History.First + period.Day(o.today)).Date()
	return int(period.DayOfDate(year-back, month, day) - o.History.First)
}

// begins is the day on which a year begins.
func (o *origin) begins(year int) int { return int(o.starts.LastDay(year-1) + 1 - o.History.First) }
