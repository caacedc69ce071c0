package snapshot

import (
	"math"
	"strconv"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/forecast"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// memoryYears is how many years before the running one the forecast of a snapshot
// looks back: what is older says little of a network that is rebuilt all the time,
// and takes time.
const memoryYears = 8

// wholeDay is the least part of a day that deliveries must declare to cover, where
// they declare any, for the day to be known.
const wholeDay = 0.99

// Days gives what an engine knows day by day, in the strata of its base: the
// customer-seconds that the index set which is judged counts. It ends with the day
// before that of as-of. The classes are the peers.
func Days(e *engine.Engine, p *policy.Policy) *forecast.History {
	return newBuilder(e, p).examiner(e.Quality()).dayByDay()
}

func (x *examiner) dayByDay() *forecast.History {
	h := &forecast.History{First: period.DayOf(x.asOf, x.p.Zone)}
	if begin, ok := begins(x.e, x.p.Zone); ok && begin < x.asOf {
		h.First = period.DayOf(begin, x.p.Zone)
	}
	n := int(period.DayOf(x.asOf, x.p.Zone) - h.First)
	known := map[outage.Area][]bool{}
	for s := range x.e.Base().Strata() {
		area, class := x.e.Base().Stratum(s)
		if known[area] == nil {
			known[area] = x.knownDays(area, h.First, n)
		}
		h.Strata = append(h.Strata, x.stratumDays(s, h.First, n, known[area]))
		h.Strata[s].Peers = string(class)
	}
	return h
}

// knownDays says of which of n days all outages of an area were told: those that
// deliveries declare to cover, or where none declares anything, those from the
// first with an outage on.
func (x *examiner) knownDays(area outage.Area, first period.Day, n int) []bool {
	known := make([]bool, n)
	spans, declared := x.cover.spans(area)
	if !declared {
		if from, ok := x.firstDay(area, first, n); ok {
			for k := from; k < n; k++ {
				known[k] = true
			}
		}
		return known
	}
	for k := range known {
		day := (first + period.Day(k)).Period(x.p.Zone)
		known[k] = float64(spans.Within(day)) >= wholeDay*float64(day.Seconds())
	}
	return known
}

// firstDay is the first of n days on which anything was out in an area.
func (x *examiner) firstDay(area outage.Area, first period.Day, n int) (k int, ok bool) {
	sums := x.e.Sums()
	shift := int(first - sums.Calendar().First)
	for k := range n {
		for s := range x.e.Base().Strata() {
			if a, _ := x.e.Base().Stratum(s); a == area && within(sums, k+shift) && anything(sums.Day(s, k+shift)) {
				return k, true
			}
		}
	}
	return 0, false
}

// anything says whether a day has any sums.
func anything(b *reliability.Block) bool { return b != nil && *b != reliability.Block{} }

func within(sums *reliability.DaySums, day int) bool {
	return 0 <= day && day < sums.Calendar().Days()
}

// stratumDays is one stratum of n days.
func (x *examiner) stratumDays(s int, first period.Day, n int, known []bool) forecast.Stratum {
	out := forecast.Stratum{Customers: make([]float64, n), Known: known}
	for p := range out.Seconds {
		out.Seconds[p] = make([]float64, n)
	}
	sums := x.e.Sums()
	for k := range n {
		day := first + period.Day(k)
		noon := day.Start(x.p.Zone) + 43200
		out.Customers[k] = float64(x.e.Base().InService(s, noon)) / reliability.Milli
		if sums == nil || !within(sums, int(day-sums.Calendar().First)) {
			continue
		}
		fault, arranged := x.ofDay(sums, s, day)
		out.Seconds[forecast.Fault][k] = float64(fault) / reliability.Milli
		out.Seconds[forecast.PreArranged][k] = float64(arranged) / reliability.Milli
	}
	return out
}

// ofDay is what the judged set counts of a stratum on a day, in thousandths of
// customer-seconds: pre-arranged, and all else.
func (x *examiner) ofDay(sums *reliability.DaySums, s int, day period.Day) (fault, arranged int64) {
	block := sums.Day(s, int(day-sums.Calendar().First))
	if block == nil || x.set.ExceptMajor && x.major.Days[day] {
		return 0, 0
	}
	for n := range block {
		for b := range block[n] {
			v := block[n][b].Seconds
			if x.set.StartDay {
				v = block[n][b].Booked
			}
			switch {
			case v == 0 || !x.set.Counts(outage.Nature(n), reliability.Band(b), x.e.Bands()):
			case outage.Nature(n).PreArranged():
				arranged += v
			default:
				fault += v
			}
		}
	}
	return fault, arranged
}

// An outlook is what is expected of the rest of the running year.
type outlook struct {
	span  period.Period
	first period.Day // day 0 of the model
	at    forecast.Origin
	told  told
	model *forecast.Model
}

// told is what outages that are told already will add, by part, stratum and day from
// that of as-of on, in thousandths of customer-seconds.
type told [forecast.PartCount][][]int64

// outlook looks ahead in the running year. It is made once.
func (x *examiner) outlook() *outlook {
	if x.ahead != nil {
		return x.ahead
	}
	year := x.p.YearStart.YearOf(x.asOf-1, x.p.Zone)
	if x.series == nil {
		x.series = x.dayByDay()
	}
	series := x.series.Since(period.DayOf(x.year(year-memoryYears).From, x.p.Zone))
	o := &outlook{span: x.year(year), first: series.First}
	today := period.DayOf(x.asOf, x.p.Zone).Period(x.p.Zone)
	index := func(t int64) int { return int(period.DayOf(t, x.p.Zone) - o.first) }
	o.at = forecast.Origin{
		Today: index(x.asOf), From: index(o.span.From), To: index(o.span.To),
		Left: float64(today.To-x.asOf) / float64(today.Seconds()),
	}
	o.told = x.toldAhead(o.span)
	ahead := make([]forecast.Ahead, len(series.Strata))
	for s, served := range x.servedNow() {
		ahead[s] = forecast.Ahead{Customers: float64(served), Scheduled: inSeconds(o.told[forecast.PreArranged][s])}
	}
	o.model = forecast.New(series, o.at, ahead, forecast.Options{})
	x.ahead = o
	return o
}

func inSeconds(milli []int64) []float64 {
	var all []float64
	for _, v := range milli {
		all = append(all, float64(v)/reliability.Milli)
	}
	return all
}

// toldAhead is what outages that are told already will add to the rest of a year:
// pre-arranged ones, and faults under way until the end that is told of them. Of an
// instant in the past of the data nobody knows what had been told by then: of one
// that [History] goes through, or after which something begins that nobody could
// tell beforehand.
func (x *examiner) toldAhead(year period.Period) told {
	t := x.toldNothing()
	if x.past {
		return t
	}
	past := false
	x.e.Ahead(year.To, func(p *reliability.Piece) {
		part := forecast.PreArranged
		if !p.Nature.PreArranged() {
			part = forecast.Fault
			past = past || p.Booked > x.asOf+clockDoubt
		}
		if x.set.Counts(p.Nature, p.Band, x.e.Bands()) {
			x.tellAhead(t[part], year, p)
		}
	})
	if past {
		return x.toldNothing()
	}
	return t
}

func (x *examiner) toldNothing() (t told) {
	for part := range t {
		t[part] = make([][]int64, x.e.Base().Strata())
	}
	return t
}

// tellAhead adds a piece to what is told, on the days on which it passes; or where
// the set books on the first day, on that one, or today if it is over.
func (x *examiner) tellAhead(t [][]int64, year period.Period, p *reliability.Piece) {
	today := period.DayOf(x.asOf, x.p.Zone)
	add := func(day period.Day, milli int64) {
		for int(day-today) >= len(t[p.Stratum]) {
			t[p.Stratum] = append(t[p.Stratum], 0)
		}
		t[p.Stratum][day-today] += milli
	}
	if x.set.StartDay {
		if p.Booked >= year.From {
			add(period.DayOf(max(p.Booked, x.asOf), x.p.Zone), p.Seconds())
		}
		return
	}
	for at := p.From; at < p.To; {
		day := period.DayOf(at, x.p.Zone)
		to := min(p.To, (day + 1).Start(x.p.Zone))
		add(day, p.Milli*(to-at))
		at = to
	}
}

// clockDoubt is by how many seconds what happened may seem to lie ahead, as clocks
// differ.
const clockDoubt = 86400

// scheduledIn is the customer-seconds, in thousandths, that outages which are told
// already will add to a part of a subject after as-of, in a window of whole days.
func (x *examiner) scheduledIn(of subject, part forecast.Part, w period.Period) int64 {
	if x.asOf >= w.To || !x.runs(w) {
		return 0
	}
	o, today := x.outlook(), period.DayOf(x.asOf, x.p.Zone)
	var sum int64
	for _, s := range of.strata {
		for k, milli := range o.told[part][s] {
			if start := (today + period.Day(k)).Start(x.p.Zone); max(start, x.asOf) >= w.From && start < w.To {
				sum += milli
			}
		}
	}
	return sum
}

// rest is what is still to come of a year.
func (x *examiner) rest(year period.Period) period.Period {
	return period.Period{From: x.asOf, To: year.To}
}

// runs says whether a window lies in the year of the instant before as-of.
func (x *examiner) runs(w period.Period) bool {
	year := x.year(x.p.YearStart.YearOf(x.asOf-1, x.p.Zone))
	return x.asOf < year.To && year.From <= w.From && w.To <= year.To
}

// usual is the customer-seconds that history expects of a part of a subject in a
// window of the running year; ok is false where there is too little history, or the
// year does not run.
func (x *examiner) usual(of subject, part forecast.Part, w period.Period) (seconds float64, ok bool) {
	if !x.runs(w) {
		return 0, false
	}
	o := x.outlook()
	from, to := period.DayOf(w.From, x.p.Zone)-o.first, period.DayOf(w.To, x.p.Zone)-o.first
	return o.model.Usual(of.strata, part, int(from), int(to))
}

// usualShare is the part of a usual year that history expects to have passed by an
// instant of the running year.
func (x *examiner) usualShare(of subject, t int64) (share float64, ok bool) {
	year := x.outlook().span
	day := period.DayOf(t, x.p.Zone).Period(x.p.Zone)
	var whole, sum float64
	for part := range forecast.Part(forecast.PartCount) {
		all, ok := x.usual(of, part, year)
		if !ok {
			return 0, false
		}
		before, _ := x.usual(of, part, period.Period{From: year.From, To: day.From})
		whole += all
		sum += before
		if t > day.From && t < year.To {
			today, _ := x.usual(of, part, period.Period{From: day.From, To: min(day.To, year.To)})
			sum += today * float64(t-day.From) / float64(day.Seconds())
		}
	}
	return sum / whole, whole > 0
}

// foreseen is a target's year as a distribution, and what is made of it.
type foreseen struct {
	*forecast.Projection
	of      subject
	service int64 // of the year
	limit   policy.Value
	marks   []period.Period // the months of the year
	future  []int           // of these, the number of the projection's mark, or −1
	share   float64         // of a usual year, by as-of
}

// foresee draws the year's end of a subject; nil where the year does not run, its
// value cannot be told, or there is too little history. Extra customer-seconds, in
// thousandths, come on top.
func (x *examiner) foresee(of subject, year int, value, limit policy.Value, extra int64) *foreseen {
	span := x.year(year)
	if !x.runs(span) || !value.Exists() {
		return nil
	}
	used, ok := x.used(upTo(span, x.asOf), of)
	if !ok {
		return nil
	}
	o := x.outlook()
	f := &foreseen{of: of, service: x.serviceOfYear(span, of), limit: limit, marks: x.p.YearStart.Months(year, x.p.Zone)}
	q := forecast.Question{Strata: of.strata, Happened: used + x.scheduledIn(of, forecast.Fault, x.rest(span)) + extra, Limit: math.MaxInt64}
	if budget, ok := limit.Budget(f.service, span.Seconds()); ok {
		q.Limit = budget
	}
	for _, m := range f.marks {
		f.future = append(f.future, -1)
		if m.To > x.asOf && !x.past {
			f.future[len(f.future)-1] = len(q.Marks)
			q.Marks = append(q.Marks, int(period.DayOf(m.To, x.p.Zone)-o.first))
		}
	}
	if f.Projection, ok = o.model.Project(&q); !ok {
		return nil
	}
	f.share, _ = x.usualShare(of, x.asOf)
	return f
}

// evidence is what a verdict needs to know of a projection.
func (f *foreseen) evidence() *policy.Forecast {
	if f == nil {
		return nil
	}
	const parts = 1_000_000
	return &policy.Forecast{Over: f.Over, Draws: f.Draws, Share: policy.Fraction{Num: int64(math.Round(f.share * parts)), Den: parts}}
}

// hoursOf is an average over the whole year of so many customer-seconds in
// thousandths.
func (x *examiner) hoursOf(milli, service int64, year period.Period) float64 {
	hours, _ := policy.Average(milli, service, year.Seconds()).Hours()
	return hours
}

// projection shows a projection.
func (x *examiner) projection(f *foreseen, year int) *Projection {
	if f == nil {
		return nil
	}
	span, o := x.year(year), x.outlook()
	p := &Projection{
		Quantiles: map[string]float64{}, Level: o.model.Level(f.of.strata), Draws: f.Draws, Path: []PathPoint{},
		Scheduled: Milli(x.scheduledIn(f.of, forecast.PreArranged, x.rest(span)) + x.scheduledIn(f.of, forecast.Fault, x.rest(span))),
	}
	for _, text := range ProjectedProbabilities() {
		p.Quantiles[text] = x.hoursOf(f.Quantile(probability(text)), f.service, span)
	}
	if f.limit.Exists() {
		p.MissProbability = some(float64(f.Over)/float64(f.Draws), true)
	}
	if used, _ := x.used(upTo(span, x.asOf), f.of); f.DoesPass && f.limit.Exists() && !x.over(used, f, span) {
		p.PassesOn = new((o.first + period.Day(f.Passes)).String())
	}
	if x.past { // nobody draws it
		return p
	}
	for n, month := range f.marks {
		p.Path = append(p.Path, x.pathPoint(f, n, month.To, span))
	}
	return p
}

func probability(text string) float64 {
	p, _ := strconv.ParseFloat(text, 64)
	return p
}

// over says whether so many customer-seconds, in thousandths, are above a limit.
func (x *examiner) over(used int64, f *foreseen, year period.Period) bool {
	budget, ok := f.limit.Budget(f.service, year.Seconds())
	return ok && used > budget
}

// pathPoint is the year to date at the end of a month.
func (x *examiner) pathPoint(f *foreseen, n int, at int64, year period.Period) PathPoint {
	point := PathPoint{At: x.at(at), Quantiles: map[string]float64{}}
	if share, ok := x.usualShare(f.of, at); ok && f.limit.Exists() {
		limit, _ := f.limit.Hours()
		point.ExpectedHours = some(limit*share, true)
	}
	so := period.Period{From: year.From, To: at}
	if f.future[n] < 0 {
		point.ValueHours = x.valueUntil(f.of, so)
		return point
	}
	for _, text := range ProjectedProbabilities() {
		point.Quantiles[text] = x.hoursOf(f.QuantileAt(f.future[n], probability(text)), x.serviceUntil(at, year, f.of), so)
	}
	return point
}

// valueUntil is the year to date, of time that is over.
func (x *examiner) valueUntil(of subject, so period.Period) *float64 {
	used, ok := x.used(so, of)
	return some(x.hoursOf(used, x.serviceUntil(so.To, so, of), so), ok)
}

// closed is the projection of a year that is over: its value, with what was used at
// the end of each month.
func (x *examiner) closed(f *policy.Finding, of subject) *Projection {
	hours, ok := f.Value.Hours()
	if !ok {
		return nil
	}
	p := &Projection{Quantiles: map[string]float64{}, Level: 1, Path: []PathPoint{}}
	for _, text := range ProjectedProbabilities() {
		p.Quantiles[text] = hours
	}
	if f.Limit.Exists() {
		p.MissProbability = new(0.0)
		if f.Value.Cmp(f.Limit) > 0 {
			p.MissProbability = new(1.0)
		}
	}
	if x.past {
		return p
	}
	year := x.year(f.Year)
	for _, month := range x.p.YearStart.Months(f.Year, x.p.Zone) {
		value := x.valueUntil(of, period.Period{From: year.From, To: month.To})
		p.Path = append(p.Path, PathPoint{At: x.at(month.To), ValueHours: value, Quantiles: map[string]float64{}})
	}
	return p
}
