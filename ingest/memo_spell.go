package ingest

import (
	"bytes"

	"github.com/saidi-exporter/saidi/outage"
)

// A spell is the time from start to end of a row, as it was read from two cells,
// or the reason for which the row is rejected.
type spell struct {
	columns  [2]int // of start and end; -1 where a time is not one cell
	cells    [2][]byte
	zone     *zoneClock // nil before the first row
	from, to int64
	flags    outage.Flags
	reason   outage.Reason
	field    field
}

// forget begins with the rows of a layout.
func (s *spell) forget(l *layout) {
	s.zone, s.columns = nil, [2]int{-1, -1}
	for i, f := range [...]field{fieldStart, fieldEnd} {
		if p := &l.places[f]; p.bound && p.one >= 0 {
			s.columns[i] = p.one
		}
	}
}

// repeats says whether a row has the cells and the zone that were kept, from
// which the same follows.
func (s *spell) repeats(cells [][]byte, zone *zoneClock) bool {
	return s.zone == zone && bytes.Equal(cells[s.columns[0]], s.cells[0]) && bytes.Equal(cells[s.columns[1]], s.cells[1])
}

// keep keeps what was read into rec, of which only the flags of the times are set.
func (s *spell) keep(cells [][]byte, zone *zoneClock, rec *record, reason outage.Reason, f field) {
	if s.columns[0] < 0 || s.columns[1] < 0 {
		return
	}
	for i, column := range s.columns {
		s.cells[i] = append(s.cells[i][:0], cells[column]...)
	}
	s.zone, s.from, s.to, s.flags, s.reason, s.field = zone, rec.start, rec.end, rec.flags, reason, f
}
