package simulate

import (
	"fmt"
	"strconv"
)

// A feeder is one line of medium voltage (线路). Its transformers stand along it
// in the order of their numbers, so that what is behind a fault is a range of
// them.
type feeder struct {
	stratum   int // of its first transformers
	second    int // of those from split on, or none
	number    int // within its stratum, from 0
	split     int // transformers of the first class, where there are two
	size      int // transformers when the first year begins
	townsFrom int // the year from which a rural feeder is a town's, or never
	id        string
}

// never is a year after all others.
const never = latestYear + 1

// The shares of feeders in thousandths.
const (
	twoClasses = 120
	urbanised  = 15
)

// feeder draws the feeder with a number within its stratum.
func (o Options) feeder(s, number int) feeder {
	var d draws
	d.start(o.Seed, ofFeeder, s, number)
	usual := strata[s].customers
	f := feeder{stratum: s, second: none, number: number, townsFrom: never, id: fmt.Sprintf("%s%05d", strata[s].code, number+1)}
	f.size = d.between(usual*6/10, usual*14/10)
	f.split = f.size
	mixed, share, moves, year := d.chance(twoClasses), d.between(15, 45), d.chance(urbanised), d.below(o.Last-o.First+1)
	near := neighbour(s)
	switch {
	case number == 0: // the one that every stratum has is of that stratum alone
	case mixed && near != none:
		f.second, f.split = near, f.size-f.size*share/100
	case moves && strata[s].class == rural && year > 0:
		f.townsFrom = o.First + year
	}
	return f
}

// home is the stratum of the feeder's first transformers in a year.
func (f *feeder) home(year int) int {
	if year >= f.townsFrom {
		return stratumOf(strata[f.stratum].area, town)
	}
	return f.stratum
}

// of is the stratum of transformer number n in a year.
func (f *feeder) of(n, year int) int {
	if f.second != none && n >= f.split {
		return f.second
	}
	return f.home(year)
}

// unit is the id of a transformer.
func (f *feeder) unit(n int) string {
	text := make([]byte, 0, 16)
	text = append(append(text, f.id...), 'T')
	if n < 9 {
		text = append(text, '0')
	}
	if n < 99 {
		text = append(text, '0')
	}
	return string(strconv.AppendInt(text, int64(n+1), 10))
}

// name is what the register calls the feeder, such as 10kV 湟中变 12 多巴线.
func (f *feeder) name() string {
	p := placeOf(strata[f.stratum].area)
	county := p.counties[f.number%len(p.counties)]
	bay := 11 + f.number/len(p.counties)%18
	place := p.towns[f.number/3%len(p.towns)]
	return "10kV " + county + "变 " + strconv.Itoa(bay) + " " + place + "线"
}

// growth is how many transformers a year adds, all on the first of one month:
// about 3 % of the first ones.
func (o Options) growth(f *feeder, year int) (at month, added int) {
	h := hash(o.Seed, ofGrowth, f.stratum, f.number, year)
	added = (f.size*3 + int(h>>8%100)) / 100
	return monthOf(year, 1) + month(h%12), added
}

// sizeIn is the number of transformers in a month.
func (o Options) sizeIn(f *feeder, m month) int {
	size := f.size
	for year := o.First; year <= m.year(); year++ {
		if at, added := o.growth(f, year); at <= m {
			size += added
		}
	}
	return size
}
