package metrics

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"

	"github.com/prometheus/common/expfmt"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A Point is a snapshot as it was at an instant.
type Point struct {
	Time     int64 // UTC seconds
	Snapshot *snapshot.Snapshot
}

// historyNames are the families that have a history.
func historyNames() []string {
	return []string{
		SAIDISeconds, SAIFI, ReductionRatio, TargetReductionRatio, TargetLimitSeconds, TargetValueSeconds, TargetExpectedSeconds,
		TargetBudgetCustomerSeconds, TargetBudgetRemainingCustomerSeconds, TargetVerdict,
		TargetProjectedSeconds, TargetMissProbabilityRatio,
	}
}

// WriteHistory writes how values and verdicts developed as OpenMetrics with
// timestamps, for promtool tsdb create-blocks-from openmetrics: SAIDI and SAIFI
// by the index set that is judged, of the year to date and the same of the year
// before; the targets, and where they will end; and reductions. Names, labels and help are those of a
// [Page]. It is an error if points are not in ascending order of time.
//
// The format wants the samples of a series together, so all are held until the
// last point is read, at 16 bytes a sample; no snapshot is kept.
func WriteHistory(w io.Writer, points iter.Seq[Point]) error {
	h := newHistory()
	for p := range points {
		if err := h.add(p); err != nil {
			return fmt.Errorf("write history: %w", err)
		}
	}
	if err := h.write(w); err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	return nil
}

// A history is the series of each family.
type history struct {
	families []Family // in order of their names
	series   map[string]map[string][]sample
	last     int64
	begun    bool
}

// A sample is one value of a series; the series is known by its labels as they
// are written.
type sample struct {
	time  int64
	value float64
}

func newHistory() *history {
	names, h := historyNames(), &history{series: map[string]map[string][]sample{}}
	for _, f := range Families() {
		if slices.Contains(names, f.Name) {
			h.families = append(h.families, f)
			h.series[f.Name] = map[string][]sample{}
		}
	}
	slices.SortFunc(h.families, func(a, b Family) int { return cmp.Compare(a.Name, b.Name) })
	return h
}

// add notes the samples of one point.
func (h *history) add(p Point) error {
	if h.begun && p.Time <= h.last {
		return fmt.Errorf("a point at %d comes after one at %d", p.Time, h.last)
	}
	h.last, h.begun = p.Time, true
	b := newBook(h.families)
	b.averages(p.Snapshot)
	b.targets(p.Snapshot)
	tables, err := b.sorted()
	if err != nil {
		return fmt.Errorf("point at %d: %w", p.Time, err)
	}
	for _, t := range tables {
		of := h.series[t.Name]
		for _, r := range t.rows {
			labels := t.labels(r.values)
			of[labels] = append(of[labels], sample{p.Time, r.value})
		}
	}
	return nil
}

// averages adds SAIDI, SAIFI and reductions by the index set that is judged.
func (b book) averages(s *snapshot.Snapshot) {
	for i := range s.Indices {
		if e := &s.Indices[i]; e.Window == snapshot.YearToDate || e.Window == snapshot.PriorYearToDate {
			b.addSome(SAIDISeconds, e.SAIDIHours, hour, e.Scope, e.Class, s.Index, e.Window)
			b.addSome(SAIFI, e.SAIFI, 1, e.Scope, e.Class, s.Index, e.Window)
			b.addSome(ReductionRatio, e.Reduction, 1, e.Scope, e.Class, e.Window)
		}
	}
}

func (h *history) write(to io.Writer) error {
	w := bufio.NewWriter(to)
	for _, f := range h.families {
		all := h.series[f.Name]
		if len(all) == 0 {
			continue
		}
		if _, err := expfmt.MetricFamilyToOpenMetrics(w, newTable(f).header()); err != nil {
			return err
		}
		for _, labels := range slices.Sorted(maps.Keys(all)) {
			writeSeries(w, f.Name+"{"+labels+"} ", all[labels])
		}
	}
	if _, err := expfmt.FinalizeOpenMetrics(w); err != nil {
		return err
	}
	return w.Flush()
}

// writeSeries writes a line a sample; a buffer keeps its first error.
func writeSeries(w *bufio.Writer, prefix string, samples []sample) {
	for _, s := range samples {
		fmt.Fprint(w, prefix, strconv.FormatFloat(s.value, 'g', -1, 64), " ", strconv.FormatInt(s.time, 10), "\n")
	}
}
