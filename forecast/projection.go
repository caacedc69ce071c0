package forecast

import (
	"math"
	"slices"
)

// A Question asks where the year of some strata together will end.
type Question struct {
	Strata []int
	// Happened is what counts for certain, in thousandths of customer-seconds: what
	// has happened in the year, and what is sure to come beside [Ahead].
	Happened int64
	// Limit is the most that the year may count, in thousandths of customer-seconds.
	Limit int64
	// Marks are days of the history, ascending, at whose beginnings the year to date
	// is looked at; days after the origin and up to the year's end.
	Marks []int
}

// A Projection is the year's end of some strata as a distribution, which is made
// of draws that are all as likely. Numbers are thousandths of customer-seconds.
type Projection struct {
	Draws int
	Over  int // draws that end above the limit
	// Passes is the day of the history from which on the limit is passed in more than
	// half of all draws, where DoesPass: where the middle of the totals is above it.
	Passes   int
	DoesPass bool

	totals []int64   // of the year, ascending
	marks  [][]int64 // of the year to date at each mark, ascending
}

// Quantile is the smallest total that at least a share p of the draws does not
// exceed; p lies in (0, 1].
func (p *Projection) Quantile(share float64) int64 { return quantile(p.totals, share) }

// QuantileAt is the same of the year to date at mark n.
func (p *Projection) QuantileAt(n int, share float64) int64 { return quantile(p.marks[n], share) }

func quantile(sorted []int64, share float64) int64 {
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)]
}

// So many days have to be known of a stratum and its peers, and on so many of them
// something must have been out, for the rest of a year to be told from them.
const fewKnown, fewOut = 28, 10

// tells says whether there is enough history of some strata.
func (m *Model) tells(strata []int) bool {
	for _, s := range strata {
		if k := m.known[s]; m.ahead[s].Customers > 0 && (k.days < fewKnown || k.out < fewOut) {
			return false
		}
	}
	return true
}

// Project answers a question; ok is false where there is too little history of one
// of the strata, and of those like it. At the year's end every draw is what has
// happened.
func (m *Model) Project(q *Question) (p *Projection, ok bool) {
	if len(m.blocks) > 0 && (m.drawn == nil || !m.tells(q.Strata)) {
		return nil, false
	}
	p = &Projection{Draws: m.draws, totals: make([]int64, m.draws), marks: make([][]int64, len(q.Marks))}
	for n := range p.marks {
		p.marks[n] = make([]int64, m.draws)
	}
	passed := make([]int, len(m.blocks)+1) // draws by the block in which they pass the limit
	n := len(m.blocks)
	sums := make([]int64, n)
	for d := range m.draws {
		clear(sums)
		for _, s := range q.Strata {
			for i, v := range m.row(s, d) {
				sums[i] += v
			}
		}
		p.totals[d] = q.Happened
		if n > 0 {
			p.totals[d] += sums[n-1]
		}
		for k, day := range q.Marks {
			p.marks[k][d] = q.Happened + m.until(sums, day)
		}
		if p.totals[d] > q.Limit {
			p.Over++
			passed[m.passing(sums, q.Limit-q.Happened)]++
		}
	}
	p.Passes, p.DoesPass = m.passes(passed)
	slices.Sort(p.totals)
	for _, list := range p.marks {
		slices.Sort(list)
	}
	return p, true
}

// row is what a draw has of a stratum, by block.
func (m *Model) row(s, d int) []int64 {
	n := len(m.blocks)
	if n == 0 || m.drawn == nil {
		return nil
	}
	return m.of(s)[d*n : (d+1)*n]
}

func thousandths(seconds float64) int64 { return int64(math.Round(1000 * seconds)) }

// until is what running sums by block have reached at the beginning of a day, in a
// straight line within a block.
func (m *Model) until(sums []int64, day int) int64 {
	if len(sums) == 0 || day <= m.blocks[0].from {
		return 0
	}
	i := (day - m.blocks[0].from) / week
	if i >= len(sums) {
		return sums[len(sums)-1]
	}
	var before int64
	if i > 0 {
		before = sums[i-1]
	}
	b := &m.blocks[i]
	over, whole := int64(day-b.from), int64(b.to-b.from)
	return (before/whole)*(whole-over) + (sums[i]/whole)*over + (before%whole*(whole-over)+sums[i]%whole*over)/whole
}

// passing is the block in which a draw passes what is left.
func (m *Model) passing(sums []int64, left int64) int {
	for i, v := range sums {
		if v > left {
			return i
		}
	}
	return len(sums)
}

// passes is the day from which on more than half of all draws have passed the limit,
// in a straight line within a block.
func (m *Model) passes(passed []int) (day int, ok bool) {
	half, sum := float64(m.draws)/2, 0.0
	for i := range m.blocks {
		next := sum + float64(passed[i])
		if next > half {
			b := &m.blocks[i]
			within := float64(b.to-b.from) * (half - sum) / (next - sum)
			return max(m.origin.Today, min(b.to-1, b.from+int(within))), true
		}
		sum = next
	}
	return 0, false
}

// Usual is the customer-seconds of a part that history expects in some strata from
// one day to before another, at the customers of now and the level that the years
// before expect. Shares of a year, of months, of parts and of strata are divisions
// of it. ok is false as in [Model.Project].
func (m *Model) Usual(strata []int, p Part, from, to int) (seconds float64, ok bool) {
	if !m.tells(strata) {
		return 0, false
	}
	f := m.parts[p]
	var season float64
	for day := from; day < to; day++ {
		season += f.season.at(&m.origin, day)
	}
	for _, s := range strata {
		seconds += season * m.ahead[s].Customers * f.full.rate[s] * f.common.before.mean * f.own[s].before.mean
	}
	return seconds, true
}

// Level is what this year so far says of its level, against what the years before
// expect of it: 1 where it is the same or there is nothing to say. It is shrunk
// towards 1 by how little the days so far can tell.
func (m *Model) Level(strata []int) float64 {
	var now, before float64
	for p := range m.parts {
		f := m.parts[p]
		for _, s := range strata {
			usual := m.ahead[s].Customers * f.full.rate[s]
			now += usual * f.common.now.mean * f.own[s].now.mean
			before += usual * f.common.before.mean * f.own[s].before.mean
		}
	}
	if before == 0 {
		return 1
	}
	return now / before
}
