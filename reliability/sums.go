package reliability

import (
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// Sums are what is added up. They are integers, so they merge in any order.
type Sums struct {
	Seconds       int64 // customer-seconds without supply, in thousandths, on the days on which they pass
	Booked        int64 // the same, on the day on which the outage started
	Interruptions int64 // customers interrupted, in thousandths
	Events        int64
}

// Add adds o, times sign.
func (s *Sums) Add(o Sums, sign int64) {
	s.Seconds += sign * o.Seconds
	s.Booked += sign * o.Booked
	s.Interruptions += sign * o.Interruptions
	s.Events += sign * o.Events
}

// A Block is the sums of one stratum and span, by nature and band.
type Block [outage.NatureCount][BandCount]Sums

// Add adds o, times sign.
func (b *Block) Add(o *Block, sign int64) {
	for n := range b {
		for k := range b[n] {
			b[n][k].Add(o[n][k], sign)
		}
	}
}

// Loss is what could not be counted, in thousandths of customer-seconds, and
// what was counted after a split.
type Loss struct {
	OverBase int64 // a record alone exceeds the customers in service
	Overlap  int64 // others were out already
	Split    int64 // counted customer-seconds of rows split over cells in proportion
	Unplaced int64 // counted customer-seconds on feeders that the base does not know
}

// Add adds o, times sign.
func (l *Loss) Add(o Loss, sign int64) {
	l.OverBase += sign * o.OverBase
	l.Overlap += sign * o.Overlap
	l.Split += sign * o.Split
	l.Unplaced += sign * o.Unplaced
}

// DaySums are pieces folded by stratum, local day, nature and band.
type DaySums struct {
	calendar *period.Calendar
	days     [][]*Block // by stratum, then day of the calendar; nil where there is nothing
	Loss     Loss
}

// NewDaySums is empty. Every piece that is added lies on the days of c.
func NewDaySums(strata int, c *period.Calendar) *DaySums {
	s := &DaySums{calendar: c, days: make([][]*Block, strata)}
	for i := range s.days {
		s.days[i] = make([]*Block, c.Days())
	}
	return s
}

// Calendar gives the days of s.
func (s *DaySums) Calendar() *period.Calendar { return s.calendar }

func (s *DaySums) block(stratum int32, day int) *Block {
	if b := s.days[stratum][day]; b != nil {
		return b
	}
	b := new(Block)
	s.days[stratum][day] = b
	return b
}

// Add counts a piece, times sign: its time on every local day on which it
// passes, once more on the day on which the outage started, and its
// interruptions on the day on which they happen.
func (s *DaySums) Add(p *Piece, sign int64) {
	day := s.calendar.Index(p.From)
	first := &s.block(p.Stratum, day)[p.Nature][p.Band]
	first.Interruptions += sign * p.Interrupted
	first.Events += sign * p.Events
	s.addLoss(p, sign)
	if p.Milli == 0 || p.From == p.To {
		return
	}
	if p.Booked == p.From && p.To <= s.calendar.Start(day+1) { // as most are, and the short way
		first.Booked += sign * p.Seconds()
		first.Seconds += sign * p.Seconds()
		return
	}
	booked := s.calendar.Index(p.Booked)
	s.block(p.Stratum, booked)[p.Nature][p.Band].Booked += sign * p.Seconds()
	for from := p.From; from < p.To; day++ {
		to := min(p.To, s.calendar.Start(day+1))
		s.block(p.Stratum, day)[p.Nature][p.Band].Seconds += sign * p.Milli * (to - from)
		from = to
	}
}

// AddSums adds what was folded elsewhere to a day of the calendar.
func (s *DaySums) AddSums(stratum int32, day int, n outage.Nature, b Band, sums Sums) {
	s.block(stratum, day)[n][b].Add(sums, 1)
}

func (s *DaySums) addLoss(p *Piece, sign int64) {
	length := p.To - p.From
	s.Loss.OverBase += sign * p.OverBase * length
	s.Loss.Overlap += sign * p.Overlap * length
	if p.Split {
		s.Loss.Split += sign * p.Seconds()
	}
	if p.Cell == Nowhere {
		s.Loss.Unplaced += sign * p.Seconds()
	}
}

// Merge adds o, which has the same strata and calendar.
func (s *DaySums) Merge(o *DaySums) {
	s.Loss.Add(o.Loss, 1)
	for stratum, days := range o.days {
		for day, b := range days {
			if b == nil {
				continue
			}
			if s.days[stratum][day] == nil {
				s.days[stratum][day] = b
				continue
			}
			s.days[stratum][day].Add(b, 1)
		}
	}
}

// Recalendar moves the sums to the days of another calendar, which covers
// those of this one that have any.
func (s *DaySums) Recalendar(c *period.Calendar) {
	shift := int(s.calendar.First - c.First)
	for i, old := range s.days {
		s.days[i] = make([]*Block, c.Days())
		for day, b := range old {
			if b != nil {
				s.days[i][day+shift] = b
			}
		}
	}
	s.calendar = c
}

// Day is the sums of one stratum and day of the calendar; nil where there is
// nothing.
func (s *DaySums) Day(stratum, day int) *Block { return s.days[stratum][day] }

// Total is the sums of all strata and days.
func (s *DaySums) Total() *Block {
	total := new(Block)
	for _, days := range s.days {
		for _, b := range days {
			if b != nil {
				total.Add(b, 1)
			}
		}
	}
	return total
}

// Any says whether anything was ever counted in a stratum.
func (s *DaySums) Any(stratum int) bool {
	for _, b := range s.days[stratum] {
		if b != nil && *b != (Block{}) {
			return true
		}
	}
	return false
}
