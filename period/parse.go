package period

import (
	"fmt"
	"strings"
	"time"
)

// ParseTime reads an instant: RFC 3339, with a T or a blank in the middle, or a
// date with or without a time of day in a zone.
func ParseTime(text string, zone *time.Location) (int64, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Unix(), nil
		}
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateTime} {
		if t, err := time.Parse(layout, text); err == nil {
			return Local(t.Unix(), zone), nil
		}
	}
	return 0, fmt.Errorf("%q: want 2006-01-02, 2006-01-02T15:04 or RFC 3339", text)
}

// Parse reads a period FROM..TO, half-open, of instants as [ParseTime] takes them.
func Parse(text string, zone *time.Location) (Period, error) {
	from, to, ok := strings.Cut(text, "..")
	if !ok {
		return Period{}, fmt.Errorf("%q: want FROM..TO, such as 2022-01-01..2022-07-01; TO is exclusive", text)
	}
	var w Period
	var err error
	if w.From, err = ParseTime(from, zone); err != nil {
		return Period{}, err
	}
	if w.To, err = ParseTime(to, zone); err != nil {
		return Period{}, err
	}
	if w.From >= w.To {
		return Period{}, fmt.Errorf("%q: it must end after it begins", text)
	}
	return w, nil
}
