package store

import (
	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// The columns of a segment, in their order.
const (
	columnID = iota
	columnSource
	columnFeeder
	columnUnit
	columnArea
	columnClass
	columnStart
	columnEnd
	columnCustomers
	columnNature
	columnCause
	columnTechnical
	columnStage
	columnSteps
	columnRevision
	columnCancelled
	columnCapacity
	columnFlags
	columnRow
	columnReason
	columnReasonColumn
	columnReasonValue
	columnSequence // this one and those behind it are known once the delivery is stored
	columnReceived
	columnDelivery
	columnStream
	columnCount
)

// isSealed is the bit, behind those of the columns, that says that texts of a
// segment are sealed; isSingle that it is of one delivery.
const (
	isSealed = 1 << 62
	isSingle = 1 << 61
)

// segmentColumns describes the columns of a segment.
func segmentColumns() []columnar.Column {
	columns := make([]columnar.Column, columnCount)
	for i, name := range []string{
		"event_id", "source", "feeder_id", "unit_id", "area", "class", "start", "end", "customers", "nature", "cause", "technical_cause",
		"stage", "steps", "revision", "cancelled", "capacity_kva", "flags", "row", "reason", "reason_column", "reason_value",
		"sequence", "received", "delivery", "stream",
	} {
		columns[i] = columnar.Column{Name: name, Kind: columnar.Integer}
	}
	for _, i := range []int{
		columnID, columnSource, columnFeeder, columnUnit, columnArea, columnClass, columnNature, columnCause, columnTechnical, columnStage,
		columnSteps, columnReason, columnReasonColumn, columnReasonValue,
	} {
		columns[i].Kind = columnar.Text
	}
	for _, i := range []int{columnStart, columnEnd, columnReceived} {
		columns[i].Kind, columns[i].HasZone = columnar.Moment, true
	}
	columns[columnCancelled].Kind = columnar.Bool
	columns[columnCapacity].Kind = columnar.Float
	return columns
}

// trusted are limits for files whose sums are right: what this package wrote.
func trusted() columnar.Limits {
	return columnar.Limits{Memory: 1 << 42, Dictionary: 1 << 31, Text: 1 << 30}
}

// The instants that microseconds can say, in seconds.
const (
	earliest = -9_223_372_036_854
	latest   = 9_223_372_036_853
)

// fits says whether the times of a row can be stored.
func fits(e *outage.Event) bool {
	return e.Start >= earliest && e.Start <= latest && (e.End == outage.Open || e.End >= earliest && e.End <= latest)
}

// fitted moves times that cannot be stored to the nearest that can: a rejected
// row may say anything.
func fitted(e *outage.Event) {
	if e.Nature > outage.NotAnOutage {
		e.Nature = outage.Unknown
	}
	e.Start = min(max(e.Start, earliest), latest)
	if e.End != outage.Open {
		e.End = min(max(e.End, earliest), latest)
	}
}
