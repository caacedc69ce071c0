package forecast

import (
	"math/rand/v2"
	"slices"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// Options are what a model depends on besides its history.
type Options struct {
	Seed  uint64
	Draws int // zero means [DefaultDraws]
}

// DefaultDraws is how many futures are drawn where nothing else is asked for.
const DefaultDraws = 1000

// A Model is what a history says of the rest of a year: futures, each of all
// strata together, so that what hits several at once hits them in the same draw.
// It does not change after [New], so any number of goroutines may ask it.
type Model struct {
	history            *History
	origin             Origin
	ahead              []Ahead
	draws              int
	parts              [PartCount]*fit
	peers              [][]int     // by stratum: those like it, itself the first
	known              []knowledge // by stratum: of it and its peers
	since              []float64   // by stratum: the day from which on futures are drawn
	knownFrom, knownTo int         // the days between which anything is known
	blocks             []block
	drawn              []future // by draw, then block

	levels [PartCount][][]float64 // by stratum, then draw
	rest   []strand               // by stratum, once it is asked for
}

// A future is what is drawn for a block: a week of the past, from which of the peers,
// and how much larger its faults are.
type future struct {
	source int32
	turn   int32
	storm  float64
}

// A strand is the futures of one stratum.
type strand struct {
	once sync.Once
	sums []int64 // thousandths of customer-seconds from the origin to the end of each block, by draw, then block
}

// New makes the model of what comes after an origin; the history may go on beyond
// it and is not looked at there. ahead has an entry for each stratum.
func New(h *History, at Origin, ahead []Ahead, o Options) *Model {
	m := &Model{history: h, origin: at, ahead: ahead, draws: o.Draws, rest: make([]strand, len(h.Strata))}
	if m.draws == 0 {
		m.draws = DefaultDraws
	}
	m.origin.chart()
	m.relate()
	m.begin()
	for p := range Part(PartCount) {
		m.parts[p] = fitted(h, &m.origin, p, ahead)
	}
	if m.knownTo-m.knownFrom >= week && len(m.blocks) > 0 {
		m.draw(rand.New(rand.NewPCG(o.Seed, uint64(int64(h.First)+int64(at.Today)))))
	}
	return m
}

// begin finds from when on futures are drawn: in each stratum from the origin, or
// if what was told ends before, from there, as an outage that nobody has told of
// yet is none that did not happen.
func (m *Model) begin() {
	o := &m.origin
	m.knownFrom = o.Today
	m.since = make([]float64, len(m.history.Strata))
	first := float64(o.To)
	for s := range m.history.Strata {
		last := o.From
		o.days(&m.history.Strata[s], func(day int) {
			m.knownFrom, m.knownTo = min(m.knownFrom, day), max(m.knownTo, day+1)
			last = max(last, day+1)
		})
		m.since[s] = float64(max(0, last))
		if last == o.Today {
			m.since[s] += 1 - o.Left
		}
		if m.ahead[s].Customers > 0 {
			first = min(first, m.since[s])
		}
	}
	m.blocks = o.blocks(int(first))
}

// A knowledge is how much is known: days, and those of them on which something was
// out.
type knowledge struct{ days, out int }

// relate finds the peers of every stratum.
func (m *Model) relate() {
	for s := range m.history.Strata {
		var peers []int
		var known knowledge
		for k := range m.history.Strata {
			if m.history.Strata[k].Peers != m.history.Strata[s].Peers {
				continue
			}
			peers = append(peers, k)
			x := &m.history.Strata[k]
			m.origin.days(x, func(day int) {
				known.days++
				if x.Seconds[Fault][day]+x.Seconds[PreArranged][day] > 0 {
					known.out++
				}
			})
		}
		at := slices.Index(peers, s)
		m.peers = append(m.peers, slices.Concat(peers[at:], peers[:at]))
		m.known = append(m.known, known)
	}
}

// The shares of weeks that are taken from a peer instead of the stratum itself, by
// how many years are known; how unlike years are, as some have many storms and
// others few: each draw weighs them by gamma variates of this shape; and how much
// less a year weighs than the one after it.
const (
	turnsOfMany = 0.25
	turnsOfFew  = 0.4
	yearShape   = 1.3
	yearFade    = 0.85
)

// luckTimes is to the luck with storms of all strata together what [doubtTimes] is
// to that of one.
const luckTimes = 2

// seasonDoubt is the variance of the level where less than a year is known, so that
// nobody can say what its other seasons are like.
const seasonDoubt = 0.2 * 0.2

// draw draws the futures of all strata together.
func (m *Model) draw(r *rand.Rand) {
	for i := range m.blocks {
		m.blocks[i].find(&m.origin, m.knownFrom, m.knownTo)
	}
	turning := turnsOfMany
	if reach(m.knownFrom, m.knownTo) > reachOfMany {
		turning = turnsOfFew
	}
	storms := tailOf(m.parts[Fault].pooled, m.knownFrom, m.knownTo)
	m.drawn = make([]future, m.draws*len(m.blocks))
	weights := make([]float64, m.origin.years())
	for d := range m.draws {
		fade := 1.0
		for k := range weights {
			weights[k] = fade * distuv.Gamma{Alpha: yearShape, Beta: yearShape, Src: r}.Rand()
			fade *= yearFade
		}
		for i := range m.blocks {
			b := &m.blocks[i]
			w := future{source: int32(b.pick(r, weights))}
			if u := r.Float64(); u < turning {
				w.turn = 1 + int32(r.IntN(1<<16))
			}
			pooled := m.parts[Fault].pooled
			w.storm = storms.again(r, pooled[int(w.source)+b.to-b.from]-pooled[w.source])
			m.drawn[d*len(m.blocks)+i] = w
		}
	}
	for p := range m.parts {
		m.drawLevels(r, Part(p))
	}
}

// drawLevels draws the level of the rest of the year of every stratum: the common
// one times its own.
func (m *Model) drawLevels(r *rand.Rand, p Part) {
	f := m.parts[p]
	common := make([]float64, m.draws)
	for d := range common {
		common[d] = level{f.common.now.mean, f.common.now.variance + luckTimes*f.luck + f.unknownSeason}.draw(r)
	}
	for s := range m.history.Strata {
		own := f.own[s].now
		own.variance += f.full.doubt[s]
		drawn := make([]float64, m.draws)
		for d := range drawn {
			drawn[d] = common[d] * own.draw(r)
		}
		m.levels[p] = append(m.levels[p], drawn)
	}
}

// draw draws a level: a gamma variate of its mean and variance.
func (l level) draw(r *rand.Rand) float64 {
	if l.variance < 1e-9 {
		return l.mean
	}
	return distuv.Gamma{Alpha: l.mean * l.mean / l.variance, Beta: l.mean / l.variance, Src: r}.Rand()
}

// of gives what is drawn of a stratum.
func (m *Model) of(s int) []int64 {
	f := &m.rest[s]
	f.once.Do(func() { f.sums = m.futuresOf(s) })
	return f.sums
}

// windowBlocks is how many blocks make a month of work: in each the larger of what
// is drawn and what is scheduled counts, as work that is told is part of what is
// usual.
const windowBlocks = 4

// futuresOf adds up what is drawn of a stratum, block by block, in whole thousandths
// from the first sum on, so that none depends on the order of sums.
func (m *Model) futuresOf(s int) []int64 {
	n := len(m.blocks)
	sums := make([]int64, m.draws*n)
	usual := m.usualOfBlocks(s)
	scheduled := m.scheduled(s)
	arranged := make([]int64, n)
	missing, counted := m.missing(s)
	for d := range m.draws {
		row, weeks := sums[d*n:(d+1)*n], m.drawn[d*n:(d+1)*n]
		for i := range weeks {
			w, b := &weeks[i], &m.blocks[i]
			donor := m.peers[s][int(w.turn)%len(m.peers[s])]
			row[i] = thousandths(usual[Fault][i] * m.levels[Fault][s][d] * w.storm * b.of(m.parts[Fault].sums[donor], w, m.since[s]))
			arranged[i] = thousandths(usual[PreArranged][i] * m.levels[PreArranged][s][d] * b.of(m.parts[PreArranged].sums[donor], w, m.since[s]))
		}
		fill(arranged, scheduled)
		sum := -thousandths(counted)
		for p := range missing {
			sum += thousandths(missing[p] * m.levels[p][s][d])
		}
		for i := range row {
			sum += row[i] + arranged[i]
			row[i] = max(0, sum)
		}
	}
	return sums
}

// missing is what is usual in a stratum on the days of the year that were not told
// and lie before the time that is drawn, and what counts already on all days up to
// today that were not told, which would else count twice.
func (m *Model) missing(s int) (usual [PartCount]float64, counted float64) {
	o, x := &m.origin, &m.history.Strata[s]
	for day := max(0, o.From); day < min(o.Today, len(x.Known)); day++ {
		if x.Known[day] || x.Customers[day] <= 0 {
			continue
		}
		for p, f := range m.parts {
			counted += x.Seconds[p][day]
			if float64(day) < m.since[s] {
				usual[p] += x.Customers[day] * f.full.rate[s] * f.season.at(o, day)
			}
		}
	}
	return usual, counted
}

// of is what a week of the past was against what was usual in it, as far as the
// block lies at or after an instant.
func (b *block) of(sums []float64, w *future, since float64) float64 {
	from, length := int(w.source), b.to-b.from
	over := since - float64(b.from)
	if over <= 0 {
		return sums[from+length] - sums[from]
	}
	day := int(over)
	if day >= length {
		return 0
	}
	part := over - float64(day)
	return max(0, sums[from+length]-sums[from+day]-part*(sums[from+day+1]-sums[from+day]))
}

// usualOfBlocks is what is usual in a stratum on a day of each block, with the
// customers of now, before the level of this year.
func (m *Model) usualOfBlocks(s int) (usual [PartCount][]float64) {
	for p, f := range m.parts {
		usual[p] = make([]float64, len(m.blocks))
		for i := range m.blocks {
			b := &m.blocks[i]
			var season float64
			for day := b.from; day < b.to; day++ {
				season += f.season.at(&m.origin, day)
			}
			usual[p][i] = m.ahead[s].Customers * f.full.rate[s] * season / float64(b.to-b.from)
		}
	}
	return usual
}

// scheduled is what is told already of a stratum, by block, in thousandths.
func (m *Model) scheduled(s int) []int64 {
	if len(m.ahead[s].Scheduled) == 0 {
		return nil
	}
	all := make([]int64, len(m.blocks))
	for k, v := range m.ahead[s].Scheduled {
		if i := (m.origin.Today + k - m.blocks[0].from) / week; i < len(all) {
			all[i] += thousandths(v)
		}
	}
	return all
}

// fill raises what is drawn, from the beginning of each month on, to what is
// scheduled by then.
func fill(drawn, scheduled []int64) {
	for from := 0; scheduled != nil && from < len(drawn); from += windowBlocks {
		var have, told, last int64
		for i := from; i < min(from+windowBlocks, len(drawn)); i++ {
			have += drawn[i]
			told += scheduled[i]
			drawn[i], last = max(have, told)-last, max(have, told)
		}
	}
}
