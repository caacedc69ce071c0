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
func (e *Engine) learn(r *row) {
	n := &e.numbers
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
	return number(e.areas, area, math.MaxUint16, &e.numbers.area, func(text string) int32 { return e.base.AreaNumber(outage.Area(text)) })
}

// classNumber is the 8-bit number of a class, or noNumber where there is no room
// for more than 254.
func (e *Engine) classNumber(class string) int32 {
	return number(e.classes, class, math.MaxUint8, &e.numbers.class, func(text string) int32 { return e.base.ClassNumber(outage.Class(text)) })
}

// number is that of a word among at most so many, of which inBase gives the base's
// own number to the cache.
func number(words *outage.Dict, word string, most int, cache *[]int32, inBase func(string) int32) int32 {
	if _, ok := words.Known(word); !ok && words.Len() >= most {
		return noNumber
	}
	n := int32(words.Intern(word))
	for int(n) >= len(*cache) {
		*cache = append(*cache, inBase(words.Text(outage.Ref(len(*cache)))))
	}
	return n
}
