package snapshot

import (
	"errors"
	"fmt"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/internal/spelling"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// Contributions say what explains the change of a number from an earlier window
// to a later one. Feeders, natures, causes and technical causes each divide the
// same change: with its rest, every list adds up to the change of customer-seconds
// and of interruptions to the thousandth.
type Contributions struct {
	SchemaVersion int          `json:"schema_version"`
	Scope         string       `json:"scope"`
	Class         string       `json:"class"`
	Index         string       `json:"index"`
	Against       string       `json:"against"`      // prior_ytd, prior_year or custom
	AsOf          string       `json:"as_of"`        // RFC 3339
	DataThrough   string       `json:"data_through"` // RFC 3339: of the scope; against prior_ytd the windows of a running year end there at the latest
	Before        WindowAmount `json:"before"`
	After         WindowAmount `json:"after"`
	WithoutData   []string     `json:"without_data"` // members with customers of which nothing is known in one of the windows: then there are no hours

	Change              Milli `json:"customer_seconds_change"`
	InterruptionsChange Milli `json:"interruptions_change"`

	// The change in hours, with S customer-seconds and N equivalent customers, is
	// what the outages brought about at the customers of before, and what the
	// customers did to the outages of after. The two add up to it exactly.
	//
	//	S₁/N₁ − S₀/N₀ = (S₁ − S₀)/N₀ + S₁·(1/N₁ − 1/N₀)
	HoursChange Hours `json:"saidi_hours_change"`
	ByOutages   Hours `json:"saidi_hours_by_outages"`
	ByCustomers Hours `json:"saidi_hours_by_customers"`

	Feeders   Contributors `json:"feeders"`
	Natures   Contributors `json:"natures"`
	Causes    Contributors `json:"causes"` // responsible ones (责任原因)
	Technical Contributors `json:"technical_causes"`

	Name      policy.Text `json:"-"`
	ClassName policy.Text `json:"-"`
	Areas     []Named     `json:"-"`
	SoFar     bool        `json:"-"` // both are years, the later one so far, the earlier one as far
}

// A WindowAmount is what an index divides in a window.
type WindowAmount struct {
	From string `json:"from"` // RFC 3339
	To   string `json:"to"`
	Amount

	// Year is the year of the policy that a window begins with, and 0 where it does
	// not; of a calendar month it is the year in the calendar. Part says that it ends
	// before the year does.
	Year  int  `json:"-"`
	Month int  `json:"-"` // 1 to 12 of a whole calendar month
	Part  bool `json:"-"`
}

// Contributors are one way to divide a change: the largest, and the rest.
type Contributors struct {
	Lines []Contributor `json:"lines"` // the largest change first, either way
	Rest  Remainder     `json:"rest"`
}

// A Contributor is a feeder, a nature or a cause.
type Contributor struct {
	// Name is the id of a feeder, a code of a nature, or a cause; empty where the
	// rows give no cause, and for customers whom the base knows by area and class
	// only.
	Name string `json:"name"`
	Area string `json:"area,omitempty"` // of a feeder, which has a line for each of its areas
	// Reclassified is true of a feeder whose customers are in other areas or classes
	// than they were in the earlier window. Its outages moved with them.
	Reclassified bool `json:"reclassified,omitempty"`
	Shift
}

// A Remainder is the contributors beyond the largest ones.
type Remainder struct {
	Contributors int `json:"contributors"`
	Shift
}

// A Shift is a part of a change.
type Shift struct {
	Before              Milli `json:"customer_seconds_before"`
	After               Milli `json:"customer_seconds_after"`
	Change              Milli `json:"customer_seconds_change"`
	InterruptionsBefore Milli `json:"interruptions_before"`
	InterruptionsAfter  Milli `json:"interruptions_after"`
	InterruptionsChange Milli `json:"interruptions_change"`
	Hours               Hours `json:"saidi_hours_change"` // at the customers of before; all of a list add up to what the outages brought about
}

// A ChangeQuestion asks what explains the change of a number since an earlier
// window.
type ChangeQuestion struct {
	Question // Top is the number of lines of each list

	// Against is [PriorYearToDate]: the same local dates and clocks a year before,
	// while the year of the window runs both up to where the data of the scope
	// reaches, as a target's reduction has it; [PriorYear], of a complete year; or
	// [Custom]: Before.
	Against string
	Before  period.Period
}

// ErrIncomparable is of two windows that have instants in common, or of which one
// is more than a day longer, once both are cut at as-of.
var ErrIncomparable = errors.New("the windows cannot be compared")

// ExplainChange answers a question; an unknown scope, class or index set is an
// error, and so is a window of which nothing can be known. Windows that are not
// alike are [ErrIncomparable].
func ExplainChange(e *engine.Engine, p *policy.Policy, q ChangeQuestion) (*Contributions, error) {
	if err := mustHold(e); err != nil {
		return nil, err
	}
	b := newBuilder(e, p)
	s, set, err := b.asked(q.Question)
	if err != nil {
		return nil, err
	}
	x := b.examiner(e.Quality())
	ws, err := x.compared(&q, &s)
	if err != nil {
		return nil, err
	}
	c := &Contributions{
		SchemaVersion: SchemaVersion, Scope: s.id, Class: s.class, Index: set.ID, Against: q.Against,
		AsOf: x.at(x.asOf), DataThrough: x.at(x.cover.through(s.areas, x.asOf)), WithoutData: x.unheard(&s, ws),
		Name: s.name, ClassName: s.className, Areas: b.areas(),
	}
	var sums [2]reliability.Sums
	var pools [2]*reliability.Pool
	for i, w := range ws {
		pools[i] = x.tally(w).Pool(s.strata, e.Bands())
		var ok bool
		if sums[i], ok = pools[i].Of(set); !ok {
			return nil, fmt.Errorf("index set %q does not exist from %s to %s: there is no year before it from which to work out major event days", set.ID, x.at(w.From), x.at(w.To))
		}
	}
	c.divide(x, ws, sums, pools)
	unit := pools[0]
	if c.HoursChange.exact == nil {
		unit = &reliability.Pool{}
	}
	f := x.fold(&s, set, ws)
	c.Feeders, c.Natures = f.listFeeders(q.Top, unit), f.listNatures(q.Top, unit)
	c.Causes, c.Technical = listCauses(f.causes, q.Top, unit), listCauses(f.technical, q.Top, unit)
	return c, nil
}

// divide works out both numbers, and what the outages and the customers did to
// them.
func (c *Contributions) divide(x *examiner, ws [2]period.Period, sums [2]reliability.Sums, pools [2]*reliability.Pool) {
	var hours [2]Hours
	for i, to := range []*WindowAmount{&c.Before, &c.After} {
		if len(c.WithoutData) == 0 {
			hours[i] = hoursOf(sums[i].Seconds, pools[i].Service, ws[i].Seconds())
		}
		*to = WindowAmount{From: x.at(ws[i].From), To: x.at(ws[i].To), Amount: Amount{
			CustomerSeconds: Milli(sums[i].Seconds), Interruptions: Milli(sums[i].Interruptions),
			EquivalentCustomers: pools[i].EquivalentCustomers(), SAIDIHours: hours[i].Float(),
		}}
		to.name(x, ws[i])
	}
	c.SoFar = c.Against == PriorYearToDate && c.After.Part && c.Before.Part && (c.After.To == c.AsOf || c.After.To == c.DataThrough)
	c.Change = c.After.CustomerSeconds - c.Before.CustomerSeconds
	c.InterruptionsChange = c.After.Interruptions - c.Before.Interruptions
	if c.HoursChange = hours[1].less(hours[0]); c.HoursChange.exact == nil {
		return
	}
	c.ByOutages = hoursOf(int64(c.Change), pools[0].Service, ws[0].Seconds())
	c.ByCustomers = hours[1].less(hoursOf(sums[1].Seconds, pools[0].Service, ws[0].Seconds()))
}

// name finds a window in the calendar.
func (a *WindowAmount) name(x *examiner, w period.Period) {
	from := period.DayOf(w.From, x.p.Zone)
	year, month, day := from.Date()
	next := period.DayOfDate(year, month+1, 1)
	if day == 1 && w == (period.Period{From: from.Start(x.p.Zone), To: next.Start(x.p.Zone)}) {
		a.Year, a.Month = year, int(month)
		return
	}
	year = x.p.YearStart.YearOf(w.From, x.p.Zone)
	if whole := x.year(year); w.From == whole.From && w.To <= whole.To {
		a.Year, a.Part = year, w.To < whole.To
	}
}

// alike refuses windows that nobody should compare: those that share instants, of
// which what both have would explain nothing; and those of other lengths, of which
// the longer one has more of everything. Months of 30 and 31 days pass, on the
// clock of a zone that has an hour more in one of them, too.
func (x *examiner) alike(ws [2]period.Period) error {
	const dayAtMost = 25 * 3600
	say := func(w period.Period) string { return x.at(w.From) + " to " + x.at(w.To) }
	if ws[0].Overlap(ws[1]).Seconds() > 0 {
		return fmt.Errorf("%w: %s and %s have time in common", ErrIncomparable, say(ws[0]), say(ws[1]))
	}
	before, after := ws[0].Seconds(), ws[1].Seconds()
	if max(before, after)-min(before, after) > dayAtMost {
		return fmt.Errorf("%w: %s is %.1f days and %s is %.1f, as far as as-of", ErrIncomparable, say(ws[0]), float64(before)/86400, say(ws[1]), float64(after)/86400)
	}
	return nil
}

// compared gives the windows of a question, the earlier one first.
func (x *examiner) compared(q *ChangeQuestion, s *scope) (ws [2]period.Period, err error) {
	now := upTo(q.Window, x.asOf)
	year := x.p.YearStart.YearOf(now.From, x.p.Zone)
	switch q.Against {
	case PriorYearToDate:
		if through := x.cover.through(s.areas, x.asOf); x.asOf < x.year(year).To {
			now = upTo(now, through)
		}
		ws = [2]period.Period{{From: x.yearBefore(now.From), To: x.yearBefore(now.To)}, now}
	case PriorYear:
		if now != x.year(year) {
			return ws, errors.New("the window is not a complete year: compare it with the same time of the year before, prior-ytd")
		}
		ws = [2]period.Period{x.year(year - 1), now}
	default:
		ws = [2]period.Period{upTo(q.Before, x.asOf), now}
	}
	begin, known := begins(x.e, x.p.Zone)
	for _, w := range ws {
		switch {
		case w.Seconds() == 0:
			return ws, fmt.Errorf("nothing is known of the window from %s: the data of the scope reaches to %s", x.at(w.From), x.at(x.cover.through(s.areas, x.asOf)))
		case !known:
			return ws, errors.New("nothing is known of any window: no row was accepted")
		case w.To <= begin:
			return ws, fmt.Errorf("nothing is known from %s to %s: the first row or declared period begins on %s", x.at(w.From), x.at(w.To), x.at(begin))
		}
	}
	return ws, x.alike(ws)
}

// yearBefore gives the instant with the same local date and clock a year before;
// of the beginning of a year, the beginning of the year before.
func (x *examiner) yearBefore(t int64) int64 {
	if year := x.p.YearStart.YearOf(t, x.p.Zone); t == x.year(year).From {
		return x.year(year - 1).From
	}
	return period.YearBefore(t, x.p.Zone)
}

// unheard lists the members of a scope that have customers and of which nothing is
// known in one of the windows.
func (x *examiner) unheard(s *scope, ws [2]period.Period) []string {
	all := []string{}
	for _, area := range s.areas {
		for _, w := range ws {
			if x.served(area, s.strata, x.tally(w)) > 0 && x.silentAll(area, w) {
				all = append(all, string(area))
				break
			}
		}
	}
	return all
}

// asked finds what a question is about.
func (b *builder) asked(q Question) (scope, reliability.IndexSet, error) {
	if q.Class == "" {
		q.Class = string(outage.AllClasses)
	}
	if q.Index == "" {
		q.Index = b.p.Index
	}
	set, ok := reliability.SetByID(q.Index)
	if !ok {
		return scope{}, set, fmt.Errorf("index set %q is not known; the nearest known is %q", q.Index, spelling.Nearest(q.Index, setIDs()))
	}
	s, err := b.find(q.Scope, q.Class)
	return s, set, err
}
