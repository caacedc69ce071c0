package ingest

import "github.com/saidi-exporter/saidi/outage"

// OfDeliveries lists the keys of m, which may be nil, that say something about
// deliveries of events as a whole. Events that are written in canonical columns
// no longer need the rest of it.
func (m *Mapping) OfDeliveries() []string {
	if m == nil {
		return nil
	}
	var keys []string
	for _, key := range []struct {
		name string
		said bool
	}{
		{"covers", len(m.covers) > 0}, {"repeated", m.events.repeated != outage.RepeatedReject},
		{"missing_customers", m.events.wholeFeeder}, {"plausible_years", m.events.years != defaultYears},
	} {
		if key.said {
			keys = append(keys, key.name)
		}
	}
	return keys
}
