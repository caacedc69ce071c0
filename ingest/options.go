package ingest

import (
	"errors"
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// Options says how to read a delivery.
type Options struct {
	Mapping  *Mapping          // nil: known headers only
	Names    *outage.Names     // how areas and classes are recognised; nil recognises nothing
	Zone     *time.Location    // of times without a zone; required
	Planned  bool              // the events are proposed: what a header says of a plan is meant, and ids may be missing
	Source   string            // of rows that name none, where the mapping gives none either
	Limits   Limits            // the zero value stands for DefaultLimits
	Covers   []outage.Covers   // what the delivery is declared to hold whole, beside what the mapping says
	Progress func(bytes int64) // optional: how many bytes of the input, as it came, have been taken so far
	Wanted   func() error      // optional: asked again and again; an error, as of whoever asked and is gone, ends the reading
}

func (o Options) validate() error {
	if o.Zone == nil {
		return errors.New("ingest options: a time zone for times without one is required")
	}
	return nil
}
