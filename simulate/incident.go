package simulate

import (
	"cmp"
	"strconv"

	"github.com/saidi-exporter/saidi/outage"
)

// An incident is one outage on one feeder as it really was: transformers from …
// to lose supply at start, and come back stage by stage, those nearer to the
// substation first.
type incident struct {
	feeder   *feeder
	month    month
	number   int // within the feeder and month, from 0
	start    int64
	nature   outage.Nature
	cause    cause
	from, to int
	named    int // the stratum that its row names, or none
	stages   [4]stage
	steps    int  // how many stages
	elastic  bool // its length is not settled before the stratum's hours are
	seconds  bool // it is recorded to the second, not to the minute
	open     bool // nobody has brought supply back by the end of the last year
	amends   amendment
}

// A stage is the transformers up to a number that come back together.
type stage struct {
	to     int
	length int64 // seconds from the start of the incident
}

// once lets all transformers come back together.
func (i *incident) once(length int64) {
	i.steps, i.stages[0] = 1, stage{i.to, length}
}

// id is the event id, such as SIM-202107-XNRU00012-03.
func (i *incident) id() string {
	text := append(make([]byte, 0, 32), idPrefix...)
	text = strconv.AppendInt(text, int64(i.month.year()*100+int(i.month.name())), 10)
	text = append(append(append(text, '-'), i.feeder.id...), '-')
	if i.number < 9 {
		text = append(text, '0')
	}
	return string(strconv.AppendInt(text, int64(i.number+1), 10))
}

// idPrefix begins the id of every event.
const idPrefix = "SIM-"

// compareIncidents orders by start, then by where the incident was drawn.
func compareIncidents(x, y incident) int {
	return cmp.Or(cmp.Compare(x.start, y.start), cmp.Compare(x.feeder.id, y.feeder.id), cmp.Compare(x.number, y.number))
}
