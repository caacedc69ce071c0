package forecast

import "math"

// yearLength is the mean length of a year of the Gregorian calendar in days.
const yearLength = 365.2425

// charted is what is asked of a day again and again.
type charted struct {
	year int // see [Origin.yearOf]
	bin  int // of a season
}

// chart notes what is asked of every day up to the year's end, once.
func (o *Origin) chart() {
	o.charted = nil
	days := make([]charted, max(0, o.To))
	for day := range days {
		days[day] = charted{o.yearOf(day), seasonBin(o.phase(day))}
	}
	o.charted = days
	for k := range o.years() {
		o.faded = append(o.faded, math.Pow(fade, float64(k)))
	}
}

// yearOf counts the years back from the one that is looked at: 0 is that one, 1
// the one before.
func (o *Origin) yearOf(day int) int {
	if 0 <= day && day < len(o.charted) {
		return o.charted[day].year
	}
	if day >= o.From {
		return 0
	}
	return 1 + int(float64(o.From-1-day)/yearLength)
}

// phase is how many days a day lies after the beginning of its year.
func (o *Origin) phase(day int) float64 {
	p := math.Mod(float64(day-o.From), yearLength)
	if p < 0 {
		p += yearLength
	}
	return p
}

// known is whether a day before today was told of a stratum with customers.
func (o *Origin) known(s *Stratum, day int) bool {
	return day < o.Today && s.Known[day] && s.Customers[day] > 0
}

// days are the numbers of the days of a stratum that are known.
func (o *Origin) days(s *Stratum, do func(day int)) {
	for day := range min(o.Today, len(s.Known)) {
		if o.known(s, day) {
			do(day)
		}
	}
}
