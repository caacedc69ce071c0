package ingest

import (
	"strconv"
	"strings"
	"time"
)

// A clockwork turns the times of one file's rows into instants.
type clockwork struct {
	layout    *layout
	epoch1904 bool
	fallback  *zoneClock // for rows whose zone is not in a column
	words     map[string]*zoneClock
	from, to  int64 // local readings of plausible starts, half-open
}

// newClockwork has one cache for each zone that rows can name.
func newClockwork(p *plan, zone *time.Location) *clockwork {
	c := &clockwork{fallback: &zoneClock{loc: zone}, words: map[string]*zoneClock{}}
	c.from, c.to = dayNumber(p.years[0], 1, 1)*secondsPerDay, dayNumber(p.years[1]+1, 1, 1)*secondsPerDay
	if p.zone.fixed != nil {
		c.fallback.loc = p.zone.fixed
	}
	clocks := map[string]*zoneClock{}
	for word, loc := range p.zone.words {
		if clocks[loc.String()] == nil {
			clocks[loc.String()] = &zoneClock{loc: loc}
		}
		c.words[word] = clocks[loc.String()]
	}
	return c
}

// zone is the clock of a row, nil where the row's word means no zone.
func (c *clockwork) zone(cells [][]byte) *zoneClock {
	if c.layout.zoneColumn < 0 {
		return c.fallback
	}
	return c.words[string(trim(cells[c.layout.zoneColumn]))]
}

// A moment is a time of a row: the instant, and the local reading if the file
// gave one.
type moment struct {
	at      int64
	wall    int64 // what local clocks showed, counted as if it were UTC
	given   bool
	local   bool // the file gave the wall clock, not the instant
	skipped bool // a clock change left the reading out
}

// read gives the time of a field; ok is false where its text is no time.
func (c *clockwork) read(f field, cells [][]byte, zone *zoneClock) (m moment, ok bool) {
	r, given, ok := c.reading(f, cells)
	if !given || !ok {
		return moment{given: given}, ok
	}
	return zone.moment(r), true
}

// moment places a reading in the zone.
func (z *zoneClock) moment(r reading) moment {
	if r.absolute {
		return moment{at: r.seconds, wall: z.wall(r.seconds), given: true}
	}
	at, skipped := z.instant(r.seconds)
	return moment{at: at, wall: r.seconds, given: true, local: true, skipped: skipped}
}

// notBefore takes the last occurrence of a repeated reading where the first lies
// before start: supply does not return before it went.
func (m moment) notBefore(start int64, zone *zoneClock) moment {
	if m.local && m.at < start {
		if last := zone.last(m.wall); last >= start {
			m.at = last
		}
	}
	return m
}

// reading parses the text of a field in the layout that the mapping gives, or in
// any known form.
func (c *clockwork) reading(f field, cells [][]byte) (r reading, given, ok bool) {
	p := &c.layout.places[f]
	if p.bound && p.date >= 0 {
		return c.pair(p, cells)
	}
	if p.usual && len(cells[p.one]) == fixedSize {
		if r, ok = parseFixed(cells[p.one]); ok {
			return r, true, true
		}
	}
	text := c.layout.text(f, cells)
	if text == nil {
		return reading{}, false, true
	}
	if p.layout == nil {
		r, ok = parseReading(text, c.epoch1904)
		return r, true, ok
	}
	if r, ok = p.layout.parse(string(text)); !ok {
		r, ok = c.serial(text)
	}
	return r, true, ok
}

// serial reads a day of Excel: with a layout for text, cells of a workbook that
// hold real dates still read.
func (c *clockwork) serial(text []byte) (reading, bool) {
	if !isNumeric(text) {
		return reading{}, false
	}
	return parseSerial(string(text), c.epoch1904)
}

// pair reads a date and a time of the day from two columns; one alone is no
// time.
func (c *clockwork) pair(p *place, cells [][]byte) (r reading, given, ok bool) {
	date, clock := trim(cells[p.date]), trim(cells[p.clock])
	noDate, noClock := c.layout.isEmpty(date), c.layout.isEmpty(clock)
	if noDate && noClock {
		return reading{}, false, true
	}
	if noDate || noClock {
		return reading{}, true, false
	}
	if p.layout != nil {
		if r, ok = p.layout.parse(string(date) + " " + string(clock)); ok {
			return r, true, true
		}
		if !isNumeric(date) || !isNumeric(clock) {
			return reading{}, true, false
		}
	}
	r, ok = c.joined(date, clock)
	return r, true, ok
}

// joined puts a date and a time of the day together, each as text or as the
// number of a spreadsheet.
func (c *clockwork) joined(date, clock []byte) (reading, bool) {
	if isNumeric(clock) {
		seconds, ok := parseClockNumber(string(clock))
		day, dayOK := parseReading(date, c.epoch1904)
		return reading{seconds: midnight(day.seconds) + seconds}, ok && dayOK && !day.absolute
	}
	if isNumeric(date) {
		day, ok := parseReading(date, c.epoch1904)
		s := scanner{text: strings.ToLower(foldWidth(string(clock)))}
		seconds, clockOK := s.clock()
		return reading{seconds: midnight(day.seconds) + seconds}, ok && clockOK && s.text == "" && !day.absolute
	}
	return parseReading([]byte(string(date)+" "+string(clock)), c.epoch1904)
}

// isNumeric says whether a cell holds a number as a spreadsheet stores it.
func isNumeric(text []byte) bool {
	if len(text) == 0 || text[0] < '0' || text[0] > '9' || strings.Trim(string(text), "0123456789.eE+-") != "" {
		return false
	}
	_, err := strconv.ParseFloat(string(text), 64)
	return err == nil
}

func midnight(wall int64) int64 { return wall - (wall%secondsPerDay+secondsPerDay)%secondsPerDay }

// endsDay says whether local clocks show 23:59:59.
func (m moment) endsDay() bool {
	rest := m.wall % secondsPerDay
	return rest == secondsPerDay-1 || rest == -1
}

// plausible says whether the local year of a start is one of the plan's.
func (c *clockwork) plausible(start moment) bool { return c.from <= start.wall && start.wall < c.to }
