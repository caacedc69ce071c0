package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// childCommand is the hidden command with which the program starts itself: each
// run is a process of its own, so that its peak of memory is that of the run.
//
//	bench child make DIR ROWS KINDS   makes the data of one size
//	bench child fill DIR STORE        tells a store in a folder the data
//	bench child saidi DIR JOB         answers a job, and prints a measurement
//	bench child duckdb DIR JOB
//
// Both sides use as many threads as GOMAXPROCS says.
const childCommand = "child"

// A measurement is what a child prints.
type measurement struct {
	Seconds   float64 `json:"seconds"` // from opening the files to the answer
	PeakBytes int64   `json:"peak_bytes"`
	Steps     []step  `json:"steps"`
	Answer    answer  `json:"answer"`

	// Processor is the processor time in seconds of the whole child, of all its
	// threads; the parent fills it in. It suffers least from what else runs.
	Processor float64 `json:"-"`
}

// A step is a part of a run.
type step struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// The two sides.
const (
	saidiSide = "saidi"
	duckSide  = "duckdb"
)

func child(w world, args []string) error {
	if len(args) == 4 && args[0] == "make" {
		rows, err := strconv.Atoi(args[2])
		if err != nil {
			return fmt.Errorf("make the data: rows: %w", err)
		}
		kinds := strings.Split(args[3], ",")
		return dataset{rows: rows, dir: args[1], csv: slices.Contains(kinds, "csv"), clean: slices.Contains(kinds, "clean")}.make()
	}
	if len(args) == 3 && args[0] == "fill" {
		m, err := fillStore(w.now, args[1], args[2])
		if err != nil {
			return fmt.Errorf("fill a store: %w", err)
		}
		return json.NewEncoder(w.stdout).Encode(m)
	}
	if len(args) != 3 {
		return fmt.Errorf("%s: unexpected arguments %q", childCommand, args)
	}
	at := slices.IndexFunc(jobs(), func(j job) bool { return j.name == args[2] })
	if at < 0 {
		return fmt.Errorf("%s: no job %q", childCommand, args[2])
	}
	m, err := measure(w.now, args[0], jobs()[at], args[1])
	if err != nil {
		return fmt.Errorf("%s by %s: %w", args[2], args[0], err)
	}
	return json.NewEncoder(w.stdout).Encode(m)
}

// measure answers a job by one of the sides.
func measure(now func() time.Time, side string, j job, dir string) (m measurement, err error) {
	begin := now()
	last := begin
	tick := func(name string) {
		t := now()
		m.Steps = append(m.Steps, step{name, t.Sub(last).Seconds()})
		last = t
	}
	switch side {
	case saidiSide:
		m.Answer, err = askSaidi(j, dir, tick)
	case duckSide:
		m.Answer, err = askDuck(j, dir, runtime.GOMAXPROCS(0), tick)
	default:
		err = fmt.Errorf("no side %q", side)
	}
	m.Seconds = now().Sub(begin).Seconds()
	m.PeakBytes = peakBytes()
	return m, err
}

// peakBytes is the most memory that the process ever held, as Linux counts it;
// 0 where it does not say.
func peakBytes() int64 {
	kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(procField("/proc/self/status", "VmHWM"), " kB"), 10, 64)
	return kilobytes * 1024
}

// procField gives the value of the first line "name: value" of a file of /proc,
// empty where there is none.
func procField(path, name string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
