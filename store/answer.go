package store

import (
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// A StreamSum adds up the deliveries of a stream.
type StreamSum struct {
	Stream
	ID                          int64
	Deliveries                  int64
	Rows, Stored                int64 // read, and kept as readable
	Rejected, Skipped           int64
	Covers                      []outage.Covers // united where they meet
	SHA256                      string          // where it is one delivery only
	Delivery                    int64           // the last one
	FirstReceived, LastReceived time.Time
}

// Account is what an engine is told of the deliveries of the stream beforehand:
// how their rows were read.
func (s *StreamSum) Account() *outage.Delivery {
	return &outage.Delivery{
		Path: s.Name, Content: s.Content, SHA256: s.SHA256, Repeated: s.Repeated, WholeFeeder: s.WholeFeeder, Sheets: s.Sheets, Headers: s.Headers,
	}
}

// JoinBase gives the rows of all parts of a base, and the digests of their bytes.
func JoinBase(parts []BasePart) (rows []outage.Customers, digests []string) {
	for i := range parts {
		rows, digests = append(rows, parts[i].Rows...), append(digests, parts[i].SHA256)
	}
	return rows, digests
}

// A BasePart is one file or push of the base that is in force.
type BasePart struct {
	Stream
	Delivery int64
	SHA256   string
	Received time.Time
	Covers   []outage.Covers
	Rows     []outage.Customers
}

// A DeliveryInfo is what is known of a delivery.
type DeliveryInfo struct {
	Head
	ID, StreamID, First, Last int64
	Received                  time.Time
	Stored, Rejected          int
	WithdrawnBy               int64 // the delivery that withdrew it; 0: it is in force
}

// A Query selects deliveries.
type Query struct {
	Kind   Kind   // 0: all
	Source string // empty: all
	After  int64  // only those with a higher number, or a lower one with Newest; 0: no bound
	Limit  int    // at most so many; 0: 100
	Newest bool   // the last ones first
}

// A Remembrance is what a file held when it was told last.
type Remembrance struct {
	Kind                   Kind
	Name, Position, SHA256 string
	Delivery               int64
	Withdrawn              bool // by hand: it counts no longer
}
