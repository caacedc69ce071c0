package reliability

import "github.com/saidi-exporter/saidi/outage"

// A Piece is the smallest thing that is counted: so many customers of a cell
// without supply from From to To by one record. Everything that is ever summed,
// explained or listed is a fold over pieces.
type Piece struct {
	Record      int32 // index into the records given
	Unit        int32 // of the base, or Nowhere
	Cell        int32 // of the base, or Nowhere
	Stratum     int32
	From, To    int64 // UTC seconds, half-open; equal where only the interruption counts
	Milli       int64 // customers counted, in thousandths
	Booked      int64 // the start of the outage, merged with others of its unit
	Interrupted int64 // customers interrupted at From, in thousandths
	Events      int64 // 1 where the event is counted here, in its largest cell of the feeder
	OverBase    int64 // customers not counted as the record alone exceeds the base, in thousandths
	Overlap     int64 // customers not counted as others are already out, in thousandths
	Nature      outage.Nature
	Band        Band
	Split       bool
}

// Seconds are the thousandths of customer-seconds that p counts.
func (p *Piece) Seconds() int64 { return p.Milli * (p.To - p.From) }

// demand is what a record asks of a cell during one span of time.
type demand struct {
	from, to int64
	milli    int64
	booked   int64
	record   int32
	unit     int32
	cell     int32
	band     Band
	starts   bool // the span begins with the interruption itself
	yields   bool // at its first instant another record holds the unit
	// What it has been given since the instant at which that last changed.
	since                int64
	given, over, overlap int64
	interrupted          int64
}

// before is the order in which customers are handed out: longest band first,
// then the order of the records.
func (d *demand) before(e *demand) bool {
	if d.band != e.band {
		return d.band > e.band
	}
	return d.record < e.record
}
