package metrics

import (
	"time"

	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/snapshot"
)

// projection adds where the year of a target will end.
func (b book) projection(t *snapshot.Target, zone *time.Location, labels []string) {
	if t.BaseStorm != nil {
		b.add(TargetBaseStormRatio, t.BaseStorm.Share, labels...)
	}
	p := t.Projection
	if p == nil {
		return
	}
	for probability, hours := range p.Quantiles {
		b.add(TargetProjectedSeconds, hours*hour, with(labels, probability)...)
	}
	b.addSome(TargetMissProbabilityRatio, p.MissProbability, 1, labels...)
	b.add(TargetLevelRatio, p.Level, labels...)
	if at, ok := beginning(p.PassesOn, zone); ok {
		b.add(TargetPasses, float64(at), labels...)
	}
}

// beginning is the first instant of a local day that is written 2006-01-02, in
// UTC seconds; ok is false where there is none.
func beginning(day *string, zone *time.Location) (at int64, ok bool) {
	if day == nil {
		return 0, false
	}
	date, err := time.Parse(time.DateOnly, *day)
	if err != nil {
		return 0, false
	}
	return period.DayOfDate(date.Date()).Start(zone), true
}

// zoneOf is the zone of a snapshot's local days, UTC where it is not known.
func zoneOf(s *snapshot.Snapshot) *time.Location {
	zone, err := time.LoadLocation(s.Provenance.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}
