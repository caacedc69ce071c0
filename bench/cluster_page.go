package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// clusterFigures are what the comparison with ClickHouse finds out.
type clusterFigures struct {
	rows        int
	folderBytes float64
	report      cost
	served      serving
	want        json.RawMessage
	clusters    []shardFigures
}

// shardFigures are those of one number of shards.
type shardFigures struct {
	shards               int
	copy, report         cost
	served               []serving
	rowBytes, shareBytes float64
	serverPeak           []float64
}

// clusterHeading begins the part of the page that this file writes; it is the
// last.
const clusterHeading = "# Past one machine\n"

// writeSection puts a section at the end of a page, instead of the one before.
func writeSection(path, section string) error {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the page: %w", err)
	}
	before, _, _ := strings.Cut(string(text), clusterHeading)
	if before = strings.TrimRight(before, "\n"); before != "" {
		before += "\n\n"
	}
	if err := os.WriteFile(path, []byte(before+section), 0o666); err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	return nil
}

// clusterSection is the section of a page, empty where it has none.
func clusterSection(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	_, section, found := strings.Cut(string(text), clusterHeading)
	if !found {
		return ""
	}
	return "\n" + clusterHeading + section
}

// clusterPage words the figures.
func clusterPage(m machine, f *clusterFigures) string {
	var b strings.Builder
	b.WriteString(clusterHeading)
	fmt.Fprintf(&b, "\nThe same rows in the store on one machine and in ClickHouse 18.16 (Debian), by `make bench-cluster`: %s rows of the data above, told as one delivery. Servers and exporters shared one machine (%s, %d threads, %s), so that more of them share the same processors: the figures tell what the work costs, not how much faster many machines are. The reports are equal: indices, targets and quality, byte for byte.\n\n", grouped(f.rows), m.processor, m.threads, m.memory)
	b.WriteString(clusterTimes(f))
	b.WriteString("\n- `report`: `saidi report --store`, one process from nothing to the whole answer; the store in a folder holds all rows in memory, the other streams them.\n- `serve`: from the start of the processes until each shows everything; the tables of what was worked out were emptied before.\n- Processor seconds are those of the saidi processes alone, the servers' come on top.\n\n")
	b.WriteString(clusterSizes(f))
	return b.String()
}

func clusterTimes(f *clusterFigures) string {
	t := table{head: []string{"store", "job", "processes", "s", "rows/s", "processor s", "most GB of a process"}}
	line := func(store, job, processes string, c cost) {
		t.add(store, job, processes, fmt.Sprintf("%.1f", c.seconds), grouped(int(float64(f.rows)/c.seconds)), fmt.Sprintf("%.1f", c.processor), fmt.Sprintf("%.2f", gigabytes(c.bytes)))
	}
	served := func(store string, s serving) {
		most := 0.0
		for _, bytes := range s.peaks {
			most = max(most, bytes)
		}
		line(store, "serve", fmt.Sprint(s.processes), cost{s.seconds, s.processor, most})
	}
	line("folder", "report", "1", f.report)
	served("folder", f.served)
	for _, c := range f.clusters {
		store := fmt.Sprintf("%d shards", c.shards)
		if c.shards == 1 {
			store = "1 shard"
		}
		line(store, "copy", "1", c.copy)
		if c.report.seconds > 0 {
			line(store, "report", "1", c.report)
		}
		for _, s := range c.served {
			served(store, s)
		}
	}
	return t.String()
}

func clusterSizes(f *clusterFigures) string {
	t := table{head: []string{"store", "rows GB", "bytes a row", "worked out GB", "most GB of a server"}}
	t.add("folder", fmt.Sprintf("%.2f", gigabytes(f.folderBytes)), fmt.Sprintf("%.1f", f.folderBytes/float64(f.rows)), "", "")
	for _, c := range f.clusters {
		most := 0.0
		for _, bytes := range c.serverPeak {
			most = max(most, bytes)
		}
		t.add(fmt.Sprintf("%d × ClickHouse", c.shards), fmt.Sprintf("%.2f", gigabytes(c.rowBytes)), fmt.Sprintf("%.1f", c.rowBytes/float64(f.rows)), fmt.Sprintf("%.2f", gigabytes(c.shareBytes)), fmt.Sprintf("%.2f", gigabytes(most)))
	}
	return t.String()
}
