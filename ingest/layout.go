package ingest

import (
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
)

// A layout says where the cells of a file's rows hold the canonical fields.
type layout struct {
	headers    []string
	places     [fieldCount]place
	zoneColumn int // -1 where the zone is not in a column
	empty      map[string]bool
	longest    int       // bytes of the longest word in empty
	mayBegin   [256]bool // the first bytes that a word in empty can have, in any case
	warnings   []outage.Note
	scratch    []byte
}

// A place is where a field's value comes from.
type place struct {
	bound    bool
	one      int   // the column, -1 where it is not one
	many     []int // columns that are joined with "/"
	date     int   // columns of a date and a time of the day, -1
	clock    int
	constant []byte
	layout   *timeLayout
	usual    bool // one column of times that are read as they stand
	table    map[string][]byte
	header   string // the columns' own names, for messages
}

// binder makes a layout out of a row of headers.
type binder struct {
	plan    *plan
	layout  *layout
	fit     fit
	claimed map[int]bool // columns that the mapping uses for one field
}

// bind looks for the plan's columns among the headers, and for known words
// where the plan says nothing.
func bind(headers []string, p *plan) (*layout, fit) {
	l := &layout{headers: headers, zoneColumn: -1}
	l.setEmpty(p.empty)
	b := binder{plan: p, layout: l, fit: fit{headers: headers}, claimed: map[int]bool{}}
	for f := range fieldCount {
		l.places[f] = place{one: -1, date: -1, clock: -1, table: p.values[f]}
		if c, ok := p.columns[f]; ok {
			b.mapped(f, c)
		}
	}
	b.zone()
	b.known()
	b.feederByName()
	l.setUsual()
	b.require()
	b.unread()
	for _, claimed := range b.claimed {
		b.fit.score += btoi(claimed)
	}
	return l, b.fit
}

// setUsual notes the places of times of which nothing is said: where a cell of
// the usual form stands for itself. A word for nothing as long as that could
// be one.
func (l *layout) setUsual() {
	for f := range fieldCount {
		p := &l.places[f]
		p.usual = p.bound && p.one >= 0 && p.layout == nil && p.table == nil && l.longest < fixedSize
	}
}

// zone finds the column of the zone. A base that shares a mapping with events may
// lack it; its times are then in the zone of the options.
func (b *binder) zone() {
	rule := b.plan.zone
	if rule.column == "" {
		return
	}
	before := len(b.fit.absent)
	b.layout.zoneColumn = b.find(noField, rule.column)
	if rule.inherited && b.layout.zoneColumn < 0 {
		b.fit.absent = b.fit.absent[:before]
	}
}

// mapped binds a field as the mapping says.
func (b *binder) mapped(f field, c column) {
	at := place{bound: true, one: -1, date: -1, clock: -1, layout: c.layout, table: b.plan.values[f], header: f.String()}
	before := len(b.fit.absent)
	switch {
	case c.given:
		at.constant = []byte(c.constant)
	case c.date != "":
		at.date, at.clock = b.find(f, c.date), b.find(f, c.clock)
		at.header = c.date + "/" + c.clock
		at.bound = at.date >= 0 && at.clock >= 0
	default:
		for _, name := range c.names {
			i := b.find(f, name)
			at.many = append(at.many, i)
			at.bound = at.bound && i >= 0
		}
		at.header = strings.Join(c.names, "/")
		if len(at.many) == 1 {
			at.one = at.many[0]
			b.claimed[at.one] = at.bound
		}
	}
	if c.inherited && !at.bound {
		b.fit.absent = b.fit.absent[:before]
		return
	}
	b.layout.places[f] = at
}

// find is the column of a name, -1 and noted where there is none. An exact name
// wins over one that differs in case, width, spaces or separators.
func (b *binder) find(f field, name string) int {
	want := strings.TrimSpace(name)
	if i := slices.IndexFunc(b.layout.headers, func(h string) bool { return strings.TrimSpace(h) == want }); i >= 0 {
		return i
	}
	key, _ := headerKey(want)
	for i, header := range b.layout.headers {
		if k, _ := headerKey(header); key != "" && k == key {
			return i
		}
	}
	b.fit.absent = append(b.fit.absent, absent{f, name})
	return -1
}

// A candidate is a column that a known word offers for a field.
type candidate struct{ column, rank int }

// known binds the fields of which the mapping says nothing by known headers. Of
// several columns for one field the word that says most wins, then the leftmost.
func (b *binder) known() {
	var best [fieldCount][]candidate
	for i, header := range b.layout.headers {
		f, rank, ok := recognise(header, b.plan.kind)
		if !ok || b.claimed[i] || b.layout.places[f].bound {
			continue
		}
		best[f] = append(best[f], candidate{i, rank})
	}
	for f := range fieldCount {
		if len(best[f]) == 0 {
			continue
		}
		slices.SortStableFunc(best[f], func(x, y candidate) int { return x.rank - y.rank })
		chosen := best[f][0].column
		b.layout.places[f] = place{bound: true, one: chosen, date: -1, clock: -1, table: b.plan.values[f], header: b.layout.headers[chosen]}
		b.fit.score++
		for _, other := range best[f][1:] {
			b.layout.warnings = append(b.layout.warnings, outage.Notef("two-columns", "columns %q and %q both look like %s: the first is taken", b.layout.headers[chosen], b.layout.headers[other.column], f))
		}
	}
}

// feederByName lets a feeder's name stand for its id where there is no id.
func (b *binder) feederByName() {
	places := &b.layout.places
	if !places[fieldFeeder].bound && places[fieldFeederName].bound {
		table := places[fieldFeeder].table
		places[fieldFeeder] = places[fieldFeederName]
		if table != nil {
			places[fieldFeeder].table = table
		}
	}
}

// require notes the required fields that have no place. Rows that cancel events
// need no start.
// unread notes the columns that mean nothing here, where no mapping chose them,
// and events without a column for their end, which would all count as open.
func (b *binder) unread() {
	if b.plan.kind != baseRows && !b.layout.places[fieldEnd].bound {
		b.layout.warnings = append(b.layout.warnings, outage.Notef("no-end", "no column says when supply came back, so every row counts as still out: name one in a mapping, such as columns: {end: COLUMN}"))
	}
	if len(b.plan.columns) > 0 {
		return
	}
	var names []string
	for i, header := range b.layout.headers {
		if _, _, known := recognise(header, b.plan.kind); !known && i != b.layout.zoneColumn {
			names = append(names, header)
		}
	}
	if len(names) > 0 && shown(names) != "no headers" {
		b.layout.warnings = append(b.layout.warnings, outage.Notef("columns-not-read", "columns not read, as their names are not known: %s", shown(names)))
	}
}

func (b *binder) require() {
	for _, f := range b.plan.kind.required() {
		if b.layout.places[f].bound || f == fieldStart && b.layout.places[fieldCancelled].bound {
			continue
		}
		b.fit.missing = append(b.fit.missing, f)
	}
}
