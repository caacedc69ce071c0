package ingest

import (
	"encoding/json"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
)

// steps reads [{"at": time, "restored": customers}, …].
func (r *eventReader) steps(text []byte, zone *zoneClock) ([]outage.Step, bool) {
	var list []struct {
		At       json.RawMessage `json:"at"`
		Restored json.RawMessage `json:"restored"`
	}
	if json.Unmarshal(text, &list) != nil {
		return nil, false
	}
	steps := make([]outage.Step, 0, len(list))
	before := r.rec.start
	for _, item := range list {
		at, ok := parseReading([]byte(unquoted(item.At)), false)
		restored, countOK := parseCount([]byte(unquoted(item.Restored)))
		if !ok || !countOK {
			return nil, false
		}
		m := zone.moment(at).notBefore(before, zone)
		if m.skipped {
			r.rec.flags |= outage.SkippedClock
		}
		steps = append(steps, outage.Step{At: m.at, Restored: restored})
		before = m.at
	}
	return steps, true
}

// unquoted is the text of a JSON string or number.
func unquoted(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return strings.TrimSpace(text)
	}
	return string(value)
}
