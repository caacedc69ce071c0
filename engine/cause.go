package engine

import "github.com/saidi-exporter/saidi/outage"

// A cause is what a row says of why: the responsible cause and the technical one.
// There are few, so a row holds the number of both.
type cause struct{ responsible, technical outage.Ref }

// causes numbers them; 0 is that of a row that says nothing.
type causes struct {
	list    []cause
	numbers map[cause]causeNumber
	recent  [recentCauses]causeNumber // that came last, by a part of their hash
}

type causeNumber uint32

const recentCauses = 256

func newCauses() causes {
	return causes{list: []cause{{}}, numbers: map[cause]causeNumber{{}: 0}}
}

// number is that of a cause, a new one where it is new.
func (c *causes) number(k cause) causeNumber {
	slot := &c.recent[(uint32(k.responsible)*31+uint32(k.technical))%recentCauses]
	if c.list[*slot] == k {
		return *slot
	}
	n, ok := c.numbers[k]
	if !ok {
		n = causeNumber(len(c.list))
		c.list = append(c.list, k)
		c.numbers[k] = n
	}
	*slot = n
	return n
}

// cause is that of a row.
func (e *Engine) cause(r *row) cause { return e.causes.list[r.cause] }
