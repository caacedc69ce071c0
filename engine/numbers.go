package engine

import (
	"math"

	"github.com/saidi-exporter/saidi/outage"
)

// numbers caches what the texts of rows mean to the base.
type numbers struct {
	feeder, unit []int32 // by reference into dict
	area, class  []int32 // by number of area and class
}

// unread is the number of a text that was not looked up yet.
const unread int32 = -2

// reserve makes room for the references below n.
func (n *numbers) reserve(refs int) {
	for len(n.unit) < refs {
		n.unit, n.feeder = append(n.unit, unread), append(n.feeder, unread)
	}
}

// learn looks up the texts of a row in the base.
func (n *numbers) learn(e *Engine, r *row) {
	if n.unit[r.unit] == unread {
		n.unit[r.unit] = e.base.UnitNumber(e.dict.Text(r.unit))
	}
	if n.feeder[r.feeder] == unread {
		n.feeder[r.feeder] = e.base.FeederNumber(e.dict.Text(r.feeder))
	}
}

// areaNumber is the 16-bit number of an area, or noNumber where there is no room
// for more than 65 534.
func (e *Engine) areaNumber(area string) int32 {
	if _, ok := e.areas.Known(area); !ok && e.areas.Len() >= math.MaxUint16 {
		return noNumber
	}
	n := int32(e.areas.Intern(area))
	for int(n) >= len(e.numbers.area) {
		next := e.areas.Text(outage.Ref(len(e.numbers.area)))
		e.numbers.area = append(e.numbers.area, e.base.AreaNumber(outage.Area(next)))
	}
	return n
}

// classNumber is the 8-bit number of a class, or noNumber where there is no room
// for more than 254.
func (e *Engine) classNumber(class string) int32 {
	if _, ok := e.classes.Known(class); !ok && e.classes.Len() >= math.MaxUint8 {
		return noNumber
	}
	n := int32(e.classes.Intern(class))
	for int(n) >= len(e.numbers.class) {
		next := e.classes.Text(outage.Ref(len(e.numbers.class)))
		e.numbers.class = append(e.numbers.class, e.base.ClassNumber(outage.Class(next)))
	}
	return n
}
