package engine

import (
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A book adds up what is asked of all rows again and again: of those that count
// or are rejected and are over by as-of, so that nothing of theirs changes as
// the clock goes on.
type book struct {
	e        *Engine
	years    yearFinder
	phase    int64            // seconds after the full hour at which an hour of silences begins
	flags    [16]int          // accepted rows
	noOutage wide             // customers × seconds of the excluded rows
	numbers  map[string]int32 // of places
	places   []*placeBook     // rows by where they are
	names    []string         // of places: areas as [Engine.areasOf] gives them
}

// A placeBook is the rows of one area, or of several together.
type placeBook struct {
	unknown RowCount // of which the year cannot be told
	years   [tableYears]struct {
		RowCount
		told int // accepted rows that start or last in the year
	}
	hours []*[hourBlock]int32 // accepted rows by the hour of their start
}

const hourBlock = 256

func (e *Engine) newBook() *book {
	return &book{e: e, years: e.yearFinder(e.books.ys), phase: e.books.phase, numbers: map[string]int32{}}
}

// add adds a row that is over by as-of (sign 1), or takes it out (−1).
func (b *book) add(i int32, sign int) {
	r := b.e.rows.at(i)
	if r.outcome == Excluded {
		if r.customers > 0 {
			b.noOutage.add(uint64(r.customers)*uint64(r.length), sign)
		}
		return
	}
	p := b.place(b.e.areasOf(i))
	n := &p.unknown
	if b.e.startKnown(i) {
		n = &p.years[b.years.index(int64(r.start))].RowCount
	}
	if r.outcome == Rejected {
		n.Rejected += sign
		return
	}
	n.InForce += sign
	if r.overBase() {
		n.OverBase += sign
	}
	first, last := b.years.index(int64(r.start)), b.years.index(max(r.end()-1, int64(r.start)))
	for y := first; y <= last; y++ {
		p.years[y].told += sign
	}
	*p.hour(b.hour(int64(r.start))) += int32(sign)
	for flags := uint32(r.flags); flags != 0; flags &= flags - 1 {
		b.flags[bits.TrailingZeros32(flags)] += sign
	}
}

// overBase says whether a row has more customers than the base has, which may
// have none.
func (r *row) overBase() bool {
	return r.flags&(outage.OverBase|outage.OutOfService) != 0 && r.customers != 0
}

// place is the book of the rows of some areas.
func (b *book) place(areas string) *placeBook {
	n, ok := b.numbers[areas]
	if !ok {
		n = int32(len(b.places))
		b.numbers[areas] = n
		b.places, b.names = append(b.places, &placeBook{}), append(b.names, areas)
	}
	return b.places[n]
}

// hour numbers the hours, from one before 1970 on.
func (b *book) hour(t int64) int { return int((t - b.phase + silenceStep) / silenceStep) }

// hour is the count of an hour.
func (p *placeBook) hour(n int) *int32 {
	block := n / hourBlock
	for block >= len(p.hours) {
		p.hours = append(p.hours, nil)
	}
	if p.hours[block] == nil {
		p.hours[block] = new([hourBlock]int32)
	}
	return &p.hours[block][n%hourBlock]
}

// starts says whether a row starts in an hour.
func (p *placeBook) starts(hour int) bool {
	block := hour / hourBlock
	return hour >= 0 && block < len(p.hours) && p.hours[block] != nil && p.hours[block][hour%hourBlock] > 0
}

// merge adds another book of the same years and phase.
func (b *book) merge(o *book) {
	for i, n := range o.flags {
		b.flags[i] += n
	}
	b.noOutage.plus(o.noOutage)
	for k, from := range o.places {
		to := b.place(o.names[k])
		to.unknown.add(from.unknown)
		for y := range from.years {
			to.years[y].add(from.years[y].RowCount)
			to.years[y].told += from.years[y].told
		}
		for block, counts := range from.hours {
			if counts == nil {
				continue
			}
			for n, count := range counts {
				*to.hour(block*hourBlock + n) += count
			}
		}
	}
}

// census is that of the rows in the book.
func (b *book) census() *Census {
	c := &Census{cells: map[censusKey]RowCount{}, told: map[censusKey]bool{}}
	for k, p := range b.places {
		if p.unknown != (RowCount{}) {
			c.cells[censusKey{b.names[k], noYear}] = p.unknown
		}
		for y := range p.years {
			year := firstYear + y
			if n := p.years[y].RowCount; n != (RowCount{}) {
				c.cells[censusKey{b.names[k], year}] = n
			}
			if p.years[y].told > 0 {
				c.tell(b.names[k], year, year)
			}
		}
	}
	return c
}

// active gives the areas and hours of a window in which a row starts.
func (b *book) active(w period.Period, hours int, emit func(area string, hour int)) {
	first := b.hour(w.From)
	for k, p := range b.places {
		for n := range hours {
			if !p.starts(first + n) {
				continue
			}
			for area := range strings.SplitSeq(b.names[k], between) {
				emit(area, n)
			}
		}
	}
}

// A wide is a sum too large for 64 bits.
type wide struct{ high, low uint64 }

func (w *wide) add(n uint64, sign int) {
	var carry uint64
	if sign > 0 {
		w.low, carry = bits.Add64(w.low, n, 0)
		w.high += carry
		return
	}
	w.low, carry = bits.Sub64(w.low, n, 0)
	w.high -= carry
}

func (w *wide) plus(o wide) {
	var carry uint64
	w.low, carry = bits.Add64(w.low, o.low, 0)
	w.high += o.high + carry
}

func (w *wide) float() float64 { return float64(w.high)*(1<<64) + float64(w.low) }

// A yearFinder finds the year of any instant that a row can have. It remembers
// when years begin, and is for one goroutine.
type yearFinder struct {
	ys     period.YearStart
	zone   *time.Location
	starts [tableYears]int64
	known  [tableYears]bool
}

// tableYears is the number of years that 32 bits of seconds span, and some at
// either end; firstYear is the first of them.
const (
	tableYears = 142
	firstYear  = 1968
)

func (e *Engine) yearFinder(ys period.YearStart) yearFinder {
	return yearFinder{ys: ys, zone: e.opts.Zone}
}

// start is when a year begins, counted from the first.
func (f *yearFinder) start(i int) int64 {
	if !f.known[i] {
		f.starts[i], f.known[i] = f.ys.Year(firstYear+i, f.zone).From, true
	}
	return f.starts[i]
}

// of is the year of an instant.
func (f *yearFinder) of(t int64) int { return firstYear + f.index(t) }

// index is how many years after the first an instant lies.
func (f *yearFinder) index(t int64) int {
	const year = 31556952 // seconds, on the average
	i := min(max(int(t/year)+1970-firstYear, 0), tableYears-2)
	for i > 0 && t < f.start(i) {
		i--
	}
	for i+1 < tableYears && t >= f.start(i+1) {
		i++
	}
	return i
}

// areaOfFeeders gives, by feeder, the area of the base in which all its cells
// are, or Nowhere.
func areaOfFeeders(base *reliability.Base) []int32 {
	list := slices.Repeat([]int32{unread}, len(base.Feeders()))
	for i, c := range base.Cells() {
		f, area := base.CellFeeder(int32(i)), int32(c.Stratum/len(base.Classes))
		if list[f] == unread {
			list[f] = area
		}
		if list[f] != area {
			list[f] = reliability.Nowhere
		}
	}
	return list
}
