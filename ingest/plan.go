package ingest

import (
	"maps"
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// A plan is what a mapping says about files of one kind.
type plan struct {
	kind        kind
	columns     map[field]column
	values      map[field]map[string][]byte // what the file's words stand for
	zone        zoneRule
	empty       []string // words that mean empty, beside the usual ones
	source      string
	format      string
	encoding    string
	delimiter   byte // 0 where not given
	sheets      []string
	skipRows    int
	years       [2]int // plausible years of a start, both inclusive
	repeated    outage.Repeated
	wholeFeeder bool
}

// A column says where a field's value comes from.
type column struct {
	names     []string // joined with "/"; for a time only one
	date      string   // or a date and a time of the day
	clock     string
	layout    *timeLayout
	constant  string // or the same value in every row
	given     bool   // constant is given
	inherited bool   // said for events, and may be missing in a base
}

// A zoneRule is the time zone of readings without one: fixed, or by the words of
// a column, or neither, and then that of the options.
type zoneRule struct {
	fixed     *time.Location
	column    string
	words     map[string]*time.Location
	inherited bool // said for events
}

// defaultYears are the plausible years of a start where no mapping says others.
var defaultYears = [2]int{1990, 2100}

func newPlan(k kind) *plan {
	return &plan{kind: k, columns: map[field]column{}, values: map[field]map[string][]byte{}, years: defaultYears}
}

// inherit copies p for files of another kind, with the columns that those have.
// A constant is not inherited: what holds for every event, such as the one area
// of a file, would overwrite what the base says row by row. Nor is what is said
// of the bytes: the base is another file, and its own content tells.
func (p *plan) inherit(k kind) *plan {
	c := *p
	c.kind, c.columns, c.values = k, map[field]column{}, maps.Clone(p.values)
	c.zone.inherited = true
	c.format, c.encoding, c.delimiter, c.sheets, c.skipRows = "", "", 0, nil, 0
	for f, from := range p.columns {
		if k.has(f) && !from.given {
			from.inherited = true
			c.columns[f] = from
		}
	}
	return &c
}

// plan gives what m, which may be nil, says about files of kind k.
func (m *Mapping) plan(k kind) *plan {
	switch {
	case m == nil:
		return newPlan(k)
	case k == baseRows:
		return m.base
	case k == plannedRows:
		p := *m.events
		p.kind = k
		return &p
	}
	return m.events
}
