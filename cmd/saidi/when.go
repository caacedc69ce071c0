package main

import (
	"io"
	"os"
	"runtime"
	"strings"
	"time"
	_ "time/tzdata" // time zones on machines that have none

	"github.com/saidi-exporter/saidi/period"
)

// parseTime reads an instant in a zone.
func parseTime(flag, text string, zone *time.Location) (int64, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.Unix(), nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateTime} {
		if t, err := time.Parse(layout, text); err == nil {
			return period.Local(t.Unix(), zone), nil
		}
	}
	return 0, usage("%s %q: want 2006-01-02, 2006-01-02T15:04 or RFC 3339", flag, text)
}

// parseWindow reads FROM..TO.
func parseWindow(text string, zone *time.Location) (*period.Period, error) {
	from, to, ok := strings.Cut(text, "..")
	if !ok {
		return nil, usage("--window %q: want FROM..TO, such as 2022-01-01..2022-07-01; TO is exclusive", text)
	}
	var w period.Period
	var err error
	if w.From, err = parseTime("--window", from, zone); err != nil {
		return nil, err
	}
	if w.To, err = parseTime("--window", to, zone); err != nil {
		return nil, err
	}
	if w.From >= w.To {
		return nil, usage("--window %q: it ends before it begins", text)
	}
	return &w, nil
}

// tzdata says which time zone rules are in use: the system's where it has them,
// else those built in.
func tzdata() string {
	file, err := os.Open("/usr/share/zoneinfo/tzdata.zi")
	if err != nil {
		return "built in, " + runtime.Version()
	}
	defer file.Close()
	head := make([]byte, 32)
	n, _ := io.ReadFull(file, head)
	line, _, _ := strings.Cut(string(head[:n]), "\n")
	return "system, " + strings.TrimPrefix(line, "# version ")
}
