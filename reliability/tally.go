package reliability

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// A Tally is the sums of a window by stratum.
type Tally struct {
	Window period.Period
	Strata []Block
	// Service is ∫ customers in service dt of each stratum over the window, in
	// customer-seconds.
	Service []int64
	// ExMajor is, by stratum, what the window counts apart from major event
	// days; nil where no threshold could be worked out for some of its days.
	ExMajor []Block
}

// MajorDays are the major event days of a span of time, the same everywhere.
type MajorDays map[period.Day]bool

// AddDays adds the whole days of s with numbers from first to before last; major
// days count in Strata only.
func (t *Tally) AddDays(s *DaySums, first, last int, major MajorDays) {
	for stratum := range s.days {
		for day := max(first, 0); day < min(last, s.calendar.Days()); day++ {
			b := s.days[stratum][day]
			if b == nil {
				continue
			}
			t.Strata[stratum].Add(b, 1)
			if t.ExMajor != nil && !major[s.calendar.First+period.Day(day)] {
				t.ExMajor[stratum].Add(b, 1)
			}
		}
	}
}

// AddPiece counts what of a piece lies in the part of the window given: time
// that passes there, interruptions that happen there, and all the time of an
// outage that started there.
func (t *Tally) AddPiece(p *Piece, part period.Period, major bool) {
	var s Sums
	s.Seconds = p.Milli * part.Overlap(period.Period{From: p.From, To: p.To}).Seconds()
	if part.Holds(p.From) {
		s.Interruptions, s.Events = p.Interrupted, p.Events
	}
	if part.Holds(p.Booked) {
		s.Booked = p.Seconds()
	}
	if s == (Sums{}) {
		return
	}
	t.Strata[p.Stratum][p.Nature][p.Band].Add(s, 1)
	if t.ExMajor != nil && !major {
		t.ExMajor[p.Stratum][p.Nature][p.Band].Add(s, 1)
	}
}

// Plus is t and o together, of which the window follows that of t.
func (t *Tally) Plus(o *Tally) *Tally {
	sum := &Tally{
		Window: period.Period{From: t.Window.From, To: o.Window.To},
		Strata: slices.Clone(t.Strata), Service: slices.Clone(t.Service), ExMajor: slices.Clone(t.ExMajor),
	}
	if o.ExMajor == nil {
		sum.ExMajor = nil
	}
	sum.Merge(o)
	for i := range sum.Service {
		sum.Service[i] += o.Service[i]
	}
	return sum
}

// Merge adds the sums of o, a tally of another part of the same window.
func (t *Tally) Merge(o *Tally) {
	for i := range t.Strata {
		t.Strata[i].Add(&o.Strata[i], 1)
		if t.ExMajor != nil {
			t.ExMajor[i].Add(&o.ExMajor[i], 1)
		}
	}
}

// A Pool is the sums of some strata together: of an area, a group or the whole,
// of a class or of all. Indices of a pool are divisions over its sums; indices
// are never averaged.
type Pool struct {
	Window  period.Period
	Block   Block
	ExMajor *Block
	Service int64
	Bands   Bands
}

// Pool adds up strata of t.
func (t *Tally) Pool(strata []int, bands Bands) *Pool {
	p := &Pool{Window: t.Window, Bands: bands}
	if t.ExMajor != nil {
		p.ExMajor = new(Block)
	}
	for _, s := range strata {
		p.Block.Add(&t.Strata[s], 1)
		p.Service += t.Service[s]
		if t.ExMajor != nil {
			p.ExMajor.Add(&t.ExMajor[s], 1)
		}
	}
	return p
}

// EquivalentCustomers (等效用户数) are the customers in service of an average
// instant of the window.
func (p *Pool) EquivalentCustomers() float64 {
	if p.Window.Seconds() == 0 {
		return 0
	}
	return float64(p.Service) / float64(p.Window.Seconds())
}

// Of gives the customer-seconds and interruptions that a set counts, in
// thousandths; ok is false where the set needs major event days and there is
// no threshold for them.
func (p *Pool) Of(set IndexSet) (s Sums, ok bool) {
	block := &p.Block
	if set.ExceptMajor {
		if block = p.ExMajor; block == nil {
			return Sums{}, false
		}
	}
	for n := range block {
		for b := range block[n] {
			if !set.Counts(outage.Nature(n), Band(b), p.Bands) {
				continue
			}
			s.Add(block[n][b], 1)
		}
	}
	if set.StartDay {
		s.Seconds = s.Booked
	}
	return s, true
}

// Nature gives the sums of one nature, all bands.
func (p *Pool) Nature(n outage.Nature) Sums {
	var s Sums
	for b := range p.Block[n] {
		s.Add(p.Block[n][b], 1)
	}
	return s
}

// MomentaryOf gives the momentary part of the sums of one nature.
func (p *Pool) MomentaryOf(n outage.Nature) Sums {
	var s Sums
	for b := range p.Block[n] {
		if p.Bands.IsMomentary(Band(b)) {
			s.Add(p.Block[n][b], 1)
		}
	}
	return s
}

// Momentary gives the sums of the interruptions that the policy calls
// momentary; Longer those of the rest.
func (p *Pool) Momentary() Sums { return p.byBand(p.Bands.IsMomentary) }

// Longer gives the sums of the interruptions longer than the momentary
// threshold.
func (p *Pool) Longer() Sums {
	return p.byBand(func(b Band) bool { return !p.Bands.IsMomentary(b) })
}

func (p *Pool) byBand(in func(Band) bool) Sums {
	var s Sums
	for n := range p.Block {
		for b := range p.Block[n] {
			if in(Band(b)) {
				s.Add(p.Block[n][b], 1)
			}
		}
	}
	return s
}

// SAIDIHours is the average hours without supply of a customer served, over
// the sums of a set; ok is false where nobody was served.
func (p *Pool) SAIDIHours(s Sums) (float64, bool) {
	return SAIDI(float64(s.Seconds)/Milli/3600, p.EquivalentCustomers())
}

// SAIFI is the average number of interruptions of a customer served, over the
// sums of a set.
func (p *Pool) SAIFI(s Sums) (float64, bool) {
	return SAIFI(float64(s.Interruptions)/Milli, p.EquivalentCustomers())
}

// CAIDIHours is the average length in hours of an interruption.
func (p *Pool) CAIDIHours(s Sums) (float64, bool) {
	return CAIDI(float64(s.Seconds)/3600, float64(s.Interruptions))
}
