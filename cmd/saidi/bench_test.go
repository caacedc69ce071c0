package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// The main job from file to answer. SAIDI_BENCH_LARGE=1 adds ten million rows.
func BenchmarkReport(b *testing.B) {
	sizes := []int{100_000, 1_000_000}
	if os.Getenv("SAIDI_BENCH_LARGE") != "" {
		sizes = append(sizes, 10_000_000)
	}
	for _, n := range sizes {
		b.Run(fmt.Sprintf("csv/%d", n), func(b *testing.B) { benchmarkReport(b, n, "events.csv", writeBenchCSV) })
	}
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("xlsx/%d", n), func(b *testing.B) { benchmarkReport(b, n, "events.xlsx", writeBenchXLSX) })
	}
}

func benchmarkReport(b *testing.B, n int, name string, create func(io.Writer, int) error) {
	dir := b.TempDir()
	base, events := filepath.Join(dir, "base.csv"), filepath.Join(dir, name)
	if err := createFile(base, func(w io.Writer) error { return writeBenchBase(w) }); err != nil {
		b.Fatal(err)
	}
	if err := createFile(events, func(w io.Writer) error { return create(w, n) }); err != nil {
		b.Fatal(err)
	}
	resetPeak()
	for b.Loop() {
		var stderr bytes.Buffer
		w := world{args: []string{"report", "--base", base, "--format", "json", events}, stdout: io.Discard, stderr: &stderr, now: time.Now}
		if code := run(w); code != exitDone {
			b.Fatal(stderr.String())
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(peakMB(), "peak-MB")
}

func createFile(path string, do func(io.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	if err := do(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}

const benchFeeders = 4000

var benchAreas = []string{"xining", "haidong", "haixi", "huangnan", "hainan", "haibei", "golog", "yushu"}

func writeBenchBase(w io.Writer) error {
	fmt.Fprintln(w, "feeder_id,area,class,customers")
	for f := range benchFeeders {
		fmt.Fprintf(w, "F%05d,%s,town,%d\nF%05d,%s,rural,%d\n", f, benchAreas[f%8], 50+f%200, f, benchAreas[f%8], 30+f%90)
	}
	return nil
}

// benchRows draws events over two years, most of them alone on their feeder.
func benchRows(n int, row func(cells ...string) error) error {
	r := rand.New(rand.NewPCG(7, 7))
	zone := time.FixedZone("", 8*3600)
	if err := row("event_id", "feeder_id", "area", "class", "start", "end", "customers", "nature", "cause"); err != nil {
		return err
	}
	natures := []string{"fault_internal", "fault_external", "planned_maintenance", "planned_construction", "short_notice_maintenance"}
	for i := range n {
		f := r.IntN(benchFeeders)
		start := time.Unix(1609430400+r.Int64N(2*365*86400), 0).In(zone)
		end := start.Add(time.Duration(60+r.ExpFloat64()*7200) * time.Second)
		if err := row(
			fmt.Sprintf("E%08d", i), fmt.Sprintf("F%05d", f), benchAreas[f%8], []string{"town", "rural"}[r.IntN(2)],
			start.Format(time.DateTime), end.Format(time.DateTime), strconv.Itoa(1+r.IntN(80)), natures[r.IntN(len(natures))], fmt.Sprint("cause ", i%37),
		); err != nil {
			return err
		}
	}
	return nil
}

func writeBenchCSV(w io.Writer, n int) error {
	return benchRows(n, func(cells ...string) error {
		_, err := fmt.Fprintln(w, strings.Join(cells, ","))
		return err
	})
}

func writeBenchXLSX(w io.Writer, n int) error {
	f := excelize.NewFile()
	stream, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	i := 0
	if err := benchRows(n, func(cells ...string) error {
		i++
		values := make([]any, len(cells))
		for k, c := range cells {
			values[k] = c
		}
		return stream.SetRow(fmt.Sprintf("A%d", i), values)
	}); err != nil {
		return err
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// resetPeak and peakMB measure the most memory that the process held (Linux).
func resetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

func peakMB() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			return float64(kb) / 1024
		}
	}
	return 0
}
