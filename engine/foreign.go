package engine

import "github.com/saidi-exporter/saidi/outage"

// AddForeign takes in a stretch of a batch as [Load.AddRows] does, of rows that
// belong to other groups than those that the engine is asked about. They take part
// in the rules of identity, as a revision replaces its event and a cancellation
// withdraws it wherever that is, and count nowhere: neither in sums nor in counts
// of rows. Their outcome is [Elsewhere].
func (l *Load) AddForeign(b *outage.Batch, rows, rejected [2]int) error {
	l.foreign = true
	defer func() { l.foreign = false }()
	return l.AddRows(b, rows, rejected)
}
