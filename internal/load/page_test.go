package load

import (
	_ "embed"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/template"
	"time"
)

//go:embed testdata/page.md.tmpl
var pageText string

// figures are what a run finds out.
type figures struct {
	Plan, Machine  string
	Rate, Seconds  int
	Pushes, Memory [][]string
	Peak           float64 // bytes

	Rows       int
	Fill       time.Duration
	BaseAlone  time.Duration // reading the customers
	RowsAlone  time.Duration // reading the rows, and nothing else
	StoreBytes int64
	Starts     []start
	News       []shown

	Restarted   footprint
	RestartPeak float64
}

// page words the figures as Markdown.
func page(f *figures) string {
	var b strings.Builder
	t := template.New("page").Funcs(template.FuncMap{"table": table, "grouped": grouped, "mb": megabytes, "perRow": f.perRow, "starts": f.starts, "news": f.news})
	if err := template.Must(t.Parse(pageText)).Execute(&b, f); err != nil {
		panic(err) // the template and its data are both here
	}
	return b.String()
}

// table lays rows out below their heads, which are divided by bars; numbers stand
// to the right.
func table(heads string, rows [][]string) string {
	var b strings.Builder
	rule := strings.Repeat(" ---: |", strings.Count(heads, "|"))
	fmt.Fprintf(&b, "| %s |\n| --- |%s\n", heads, rule)
	for _, cells := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// pushRow shows one way of pushing.
func pushRow(l *load, ours, theirs *series) []string {
	row := []string{fmt.Sprintf("%s of %s", l.format, grouped(l.rows)), fmt.Sprint(l.writers)}
	for _, s := range []*series{ours, theirs} {
		row = append(row, grouped(len(s.acks)), grouped(int(s.perSecond())), milliseconds(quantile(s.acks, 0.5)), milliseconds(quantile(s.acks, 0.99)), milliseconds(quantile(s.acks, 1)))
	}
	return append(row, fmt.Sprint(ours.errors), fmt.Sprintf("%.2f", ours.perSecond()/theirs.perSecond()))
}

// memoryRow shows a level, and what each delivery since the one before has cost.
func memoryRow(before, l level) []string {
	row := []string{grouped(l.deliveries), "–", megabytes(l.RSS), megabytes(l.Heap), "–", megabytes(float64(l.disk)), "–"}
	if n := float64(l.deliveries - before.deliveries); n > 0 {
		row[1] = grouped(int(n / l.took.Seconds()))
		row[4], row[6] = fmt.Sprintf("%.0f", (l.Heap-before.Heap)/n), fmt.Sprintf("%.0f", float64(l.disk-before.disk)/n)
	}
	return row
}

// starts shows the starts, each with the steps of its first snapshot.
func (f *figures) starts() string {
	steps := map[string]bool{}
	for _, s := range f.Starts {
		for name := range s.Steps {
			steps[name] = true
		}
	}
	names := slices.Sorted(maps.Keys(steps))
	var rows [][]string
	for i, s := range f.Starts {
		row := []string{fmt.Sprint(i + 1), seconds(s.Answers.Seconds()), seconds(s.Ready.Seconds())}
		for _, name := range names {
			row = append(row, seconds(s.Steps[name]))
		}
		rows = append(rows, row)
	}
	median := []string{"median"}
	for column := 1; column < len(rows[0]); column++ {
		median = append(median, middle(rows, column))
	}
	return table(strings.Join(append([]string{"start", "answers s", "ready s"}, names...), " | "), append(rows, median))
}

// news shows the median and the worst of the single events.
func (f *figures) news() string {
	steps := slices.Sorted(maps.Keys(f.News[0].Steps))
	get := []func(one *shown) float64{
		func(one *shown) float64 { return one.Acknowledged.Seconds() }, func(one *shown) float64 { return one.Shown.Seconds() },
		func(one *shown) float64 { return one.Groups },
	}
	for _, name := range steps {
		get = append(get, func(one *shown) float64 { return one.Steps[name] })
	}
	median, worst := []string{"median"}, []string{"worst"}
	for i, g := range get {
		var list []float64
		for n := range f.News {
			list = append(list, g(&f.News[n]))
		}
		slices.Sort(list)
		word := seconds
		if i == 2 {
			word = func(x float64) string { return fmt.Sprint(int(x)) }
		}
		median, worst = append(median, word(list[len(list)/2])), append(worst, word(list[len(list)-1]))
	}
	return table(strings.Join(append([]string{fmt.Sprintf("of %d", len(f.News)), "acknowledged s", "in /metrics s", "groups derived"}, steps...), " | "), [][]string{median, worst})
}

// middle is the median of a column of numbers of one width behind the point.
func middle(rows [][]string, column int) string {
	var list []float64
	for _, row := range rows {
		x := 0.0
		_, _ = fmt.Sscan(row[column], &x)
		list = append(list, x)
	}
	slices.Sort(list)
	return seconds(list[len(list)/2])
}

// perRow is how many bytes something takes for each row of the store.
func (f *figures) perRow(bytes any) string {
	switch n := bytes.(type) {
	case int64:
		return fmt.Sprintf("%.0f", float64(n)/float64(f.Rows))
	case float64:
		return fmt.Sprintf("%.0f", n/float64(f.Rows))
	}
	return ""
}

func seconds(s float64) string            { return fmt.Sprintf("%.3f", s) }
func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()*1000) }
func megabytes(bytes float64) string      { return fmt.Sprintf("%.1f", bytes/1e6) }
func (f *figures) StoreMegabytes() string { return megabytes(float64(f.StoreBytes)) }
func (f *figures) RowsASecond() string    { return grouped(int(float64(f.Rows) / f.Fill.Seconds())) }

// grouped writes a number with its thousands apart.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s %03d", grouped(n/1000), n%1000)
}

// machineOf says in a line what the figures were measured on, and how long its
// disk takes to make a write durable.
func machineOf(dir string) (string, error) {
	file, err := os.Create(filepath.Join(dir, "written"))
	if err != nil {
		return "", err
	}
	defer file.Close()
	var list []time.Duration
	for range 100 {
		begun := time.Now()
		if _, err := file.Write(make([]byte, 4096)); err != nil {
			return "", err
		}
		if err := file.Sync(); err != nil {
			return "", err
		}
		list = append(list, time.Since(begun))
	}
	return fmt.Sprintf("%s, %d threads, %s, %s/%s, %s; a write of 4 KiB with `fsync` takes %s ms (median), %s ms (99 of 100)",
		said("/proc/cpuinfo", "model name"), runtime.NumCPU(), said("/proc/meminfo", "MemTotal"), runtime.GOOS, runtime.GOARCH, runtime.Version(),
		milliseconds(quantile(list, 0.5)), milliseconds(quantile(list, 0.99))), nil
}

// said is what a file of the system says of something.
func said(path, name string) string {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
