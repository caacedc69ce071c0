package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // time zones on machines that have none

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// parseTime reads an instant in a zone.
func parseTime(flag, text string, zone *time.Location) (int64, error) {
	t, err := period.ParseTime(text, zone)
	if err != nil {
		return 0, usage("%s %v", flag, err)
	}
	return t, nil
}

// parseWindow reads FROM..TO.
func parseWindow(flag, text string, zone *time.Location) (*period.Period, error) {
	w, err := period.Parse(text, zone)
	if err != nil {
		return nil, usage("%s %v", flag, err)
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

// begun refuses a window that begins at or after as-of, and says so of one that
// ends after it.
func (in *inputs) begun(w period.Period) (period.Period, error) {
	if w.From >= in.engine.AsOf() {
		return w, usage("the window begins at or after as-of, %s: nothing is known of it", in.clock())
	}
	if w.To > in.engine.AsOf() {
		in.note("", outage.Notef("window-cut", "the window ends after as-of and is cut there, at %s", in.clock()))
	}
	return w, nil
}

// clock is the as-of instant for messages.
func (in *inputs) clock() string {
	return time.Unix(in.engine.AsOf(), 0).In(in.policy.Zone).Format("2006-01-02 15:04")
}

// A yearFlag is a year that may be given.
type yearFlag struct {
	year  int
	given bool
}

// String is the year, empty where none was given.
func (y *yearFlag) String() string {
	if !y.given {
		return ""
	}
	return strconv.Itoa(y.year)
}

// Set takes a year of four digits.
func (y *yearFlag) Set(text string) error {
	year, err := strconv.Atoi(text)
	if err != nil || year < 1970 || year > 2200 {
		return fmt.Errorf("--year %q: want a year such as 2022", text)
	}
	y.year, y.given = year, true
	return nil
}
