package load

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// samples are the series of a scrape with their values.
type samples map[string]float64

// metrics scrapes.
func (x *exporter) metrics(ctx context.Context) (samples, error) {
	text, err := x.get(ctx, "/metrics")
	if err != nil {
		return nil, err
	}
	m := samples{}
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		at := bytes.LastIndexByte(line, ' ')
		if at < 0 || line[0] == '#' {
			continue
		}
		value, err := strconv.ParseFloat(string(line[at+1:]), 64)
		if err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
		m[string(line[:at])] = value
	}
	return m, nil
}

// sum adds up the series of a name.
func (m samples) sum(name string) (sum float64) {
	for series, value := range m {
		if series == name || strings.HasPrefix(series, name+"{") {
			sum += value
		}
	}
	return sum
}

// steps are the times of the last snapshot.
func (m samples) steps() map[string]float64 {
	steps := map[string]float64{}
	for series, value := range m {
		if rest, ok := strings.CutPrefix(series, `outage_snapshot_duration_seconds{step="`); ok {
			steps[strings.TrimSuffix(rest, `"}`)] = value
		}
	}
	return steps
}

// A footprint is the memory of the process.
type footprint struct{ RSS, Heap float64 }

// footprint waits for two collections of garbage, and gives what is left. The
// next one is due when the heap is twice what the last one left.
func (x *exporter) footprint(ctx context.Context) (footprint, error) {
	first, err := x.metrics(ctx)
	if err != nil {
		return footprint{}, err
	}
	const count = "go_gc_duration_seconds_count"
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		for range 20 { // what makes garbage
			if _, err := x.get(ctx, "/api/v1/report"); err != nil {
				return footprint{}, err
			}
		}
		m, err := x.metrics(ctx)
		if err != nil {
			return footprint{}, err
		}
		if m.sum(count) >= first.sum(count)+2 {
			return footprint{m.sum("process_resident_memory_bytes"), m.sum("go_memstats_next_gc_bytes") / 2}, nil
		}
	}
	return footprint{}, fmt.Errorf("no collection of garbage in %s", patience)
}
