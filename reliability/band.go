package reliability

import "github.com/saidi-exporter/saidi/outage"

// A Band is the class of an outage's recorded duration, cut at every threshold
// that an index set uses; a higher band is a longer outage.
type Band uint8

// BandCount is the number of bands: two thresholds cut three.
const BandCount = 3

// Bands are the thresholds in seconds up to which, inclusive, an outage is
// momentary: the policy's own (3 min in China and under EN 50160) and that of
// IEEE Std 1366 (5 min).
type Bands struct {
	Momentary int64
	IEEE      int64
}

// IEEEThreshold is the longest momentary interruption of IEEE Std 1366, in
// seconds.
const IEEEThreshold = 300

// DefaultBands are 3 and 5 minutes.
func DefaultBands() Bands { return Bands{Momentary: 180, IEEE: IEEEThreshold} }

// Of gives the band of an outage of so many seconds, or [outage.Open].
func (b Bands) Of(duration int64) Band {
	var band Band
	if duration > b.Momentary || duration == outage.Open {
		band++
	}
	if duration > b.IEEE || duration == outage.Open {
		band++
	}
	return band
}

// IsMomentary says whether outages of band are momentary by the policy's
// threshold.
func (b Bands) IsMomentary(band Band) bool {
	return band == 0 || band == 1 && b.Momentary > b.IEEE
}

// IsSustained says whether outages of band are sustained under IEEE Std 1366.
func (b Bands) IsSustained(band Band) bool {
	return band == 2 || band == 1 && b.Momentary > b.IEEE
}

// duration is the length of an outage in seconds, Open where it has no end.
func duration(start, end int64) int64 {
	if end == outage.Open {
		return outage.Open
	}
	return end - start
}
