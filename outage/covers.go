package outage

import (
	"slices"

	"github.com/saidi-exporter/saidi/period"
)

// A Covers is a period for which a delivery declares that it holds every outage
// of some areas.
type Covers struct {
	period.Period
	Areas []Area // none means all
}

// Names says whether c speaks of an area.
func (c Covers) Names(a Area) bool { return len(c.Areas) == 0 || slices.Contains(c.Areas, a) }
