package reliability

import (
	"cmp"
	"slices"
)

// sumService adds up the customers in service of the cells of every stratum.
func (b *Base) sumService() {
	type change struct {
		at, by int64
	}
	changes := make([][]change, b.Strata())
	for i := range b.cells {
		c := &b.cells[i]
		before := int64(0)
		for k, t := range c.service.times {
			changes[c.Stratum] = append(changes[c.Stratum], change{t, c.service.values[k] - before})
			before = c.service.values[k]
		}
	}
	b.service = make([]steps, b.Strata())
	for s, list := range changes {
		slices.SortFunc(list, func(x, y change) int { return cmp.Compare(x.at, y.at) })
		total, sum := &b.service[s], int64(0)
		for _, c := range list {
			sum += c.by
			if last := len(total.times) - 1; last >= 0 && total.times[last] == c.at {
				total.values[last] = sum
				continue
			}
			total.times, total.values = append(total.times, c.at), append(total.values, sum)
		}
	}
}

// InService is the customers in service of a stratum at an instant, in
// thousandths.
func (b *Base) InService(stratum int, t int64) int64 { return b.service[stratum].at(t) }
