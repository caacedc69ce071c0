package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A plan carries out the runs.
type plan struct {
	world
	dir     string
	threads int
	keep    bool
}

// A result is the runs of one job at one size.
type result struct {
	job   job
	rows  int
	saidi []measurement
	duck  []measurement // none where DuckDB was not asked
}

// A pace says how often to run: at least so often, then on up to so often while
// the job has taken less than enough.
type pace struct {
	least, most int
	enough      time.Duration
}

// make makes the data of one size in a folder of its own and gives its path.
// Kinds are csv and clean, as [dataset] has them.
func (p *plan) make(rows int, kinds ...string) (string, error) {
	dir := filepath.Join(p.dir, fmt.Sprint(rows))
	begin := p.now()
	if err := p.child(nil, "make", dir, fmt.Sprint(rows), strings.Join(kinds, ",")); err != nil {
		return "", err
	}
	p.say("%d rows made in %.1f s", rows, p.now().Sub(begin).Seconds())
	return dir, nil
}

// drop removes the data of one size, unless it is to be kept.
func (p *plan) drop(dir string) error {
	if p.keep {
		return nil
	}
	return os.RemoveAll(dir)
}

// alternate runs a job by both sides in turns, each pair's answers compared.
func (p *plan) alternate(j job, rows int, dir string, often pace) (result, error) {
	r := result{job: j, rows: rows}
	err := p.again(j, dir, often, func() error {
		s, err := p.once(saidiSide, j, rows, dir)
		if err != nil {
			return err
		}
		d, err := p.once(duckSide, j, rows, dir)
		if err != nil {
			return err
		}
		if list := differences(s.Answer, d.Answer); len(list) > 0 {
			return fmt.Errorf("%s of %d rows: %w in %d places:\n  %s", j.name, rows, errDiffer, len(list), strings.Join(list[:min(len(list), shownDifferences)], "\n  "))
		}
		r.saidi, r.duck = append(r.saidi, s), append(r.duck, d)
		return nil
	})
	return r, err
}

// alone runs a job by saidi only.
func (p *plan) alone(j job, rows int, dir string, often pace) (result, error) {
	r := result{job: j, rows: rows}
	err := p.again(j, dir, often, func() error {
		s, err := p.once(saidiSide, j, rows, dir)
		r.saidi = append(r.saidi, s)
		return err
	})
	return r, err
}

// again runs a job's turn as often as the pace says.
func (p *plan) again(j job, dir string, often pace, turn func() error) error {
	if err := p.warm(j, dir); err != nil {
		return err
	}
	begin := p.now()
	for n := 0; n < often.least || n < often.most && p.now().Sub(begin) < often.enough; n++ {
		if err := turn(); err != nil {
			return err
		}
	}
	return nil
}

// once is one run.
func (p *plan) once(side string, j job, rows int, dir string) (measurement, error) {
	var m measurement
	err := p.child(&m, side, dir, j.name)
	if err == nil {
		p.say("%-5s of %d rows: %-6s %7.2f s %7.2f s of processor %6.2f GB", j.name, rows, side, m.Seconds, m.Processor, gigabytes(m.PeakBytes))
	}
	return m, err
}

// child starts the program again and decodes what it prints into m, unless nil.
func (p *plan) child(m *measurement, args ...string) error {
	var stdout, stderr bytes.Buffer
	c := exec.Command(p.program, append([]string{childCommand}, args...)...)
	c.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", p.threads))
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("run %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	if m == nil {
		return nil
	}
	if err := json.Unmarshal(stdout.Bytes(), m); err != nil {
		return fmt.Errorf("decode what %s measured: %w", args[0], err)
	}
	m.Processor = (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
	return nil
}

// warm reads a job's files, so that the first run finds them in memory as all
// others do.
func (p *plan) warm(j job, dir string) error {
	for _, name := range []string{j.events, j.customers} {
		file, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("read the data: %w", err)
		}
		_, err = io.Copy(io.Discard, file)
		if err := errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("read the data: %w", err)
		}
	}
	return nil
}

func (p *plan) say(format string, args ...any) { fmt.Fprintf(p.stderr, format+"\n", args...) }

// quick runs the jobs and prints the ratios.
func (p *plan) quick(rows int) error {
	dir, err := p.make(rows, "csv", "clean")
	if err != nil {
		return err
	}
	var results []result
	for _, j := range jobs() {
		r, err := p.alternate(j, rows, dir, pace{least: 3, most: 3})
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	for _, r := range results {
		fmt.Fprintf(p.stdout, "%-5s of %d rows: saidi %.2f s, DuckDB %.2f s: %.2f times as fast, %.2f of the processor time, %.2f of the memory\n",
			r.job.name, rows, seconds(r.saidi), seconds(r.duck), seconds(r.duck)/seconds(r.saidi), processor(r.saidi)/processor(r.duck), peak(r.saidi)/peak(r.duck))
	}
	return p.drop(dir)
}

// seconds is the median of how long runs took.
func seconds(runs []measurement) float64 {
	return median(runs, func(m measurement) float64 { return m.Seconds })
}

// processor is the median of the runs' processor time in seconds.
func processor(runs []measurement) float64 {
	return median(runs, func(m measurement) float64 { return m.Processor })
}

// peak is the median of the runs' peaks of memory, in bytes.
func peak(runs []measurement) float64 {
	return median(runs, func(m measurement) float64 { return float64(m.PeakBytes) })
}

func median(runs []measurement, of func(measurement) float64) float64 {
	values := make([]float64, len(runs))
	for i, m := range runs {
		values[i] = of(m)
	}
	slices.Sort(values)
	half := len(values) / 2
	if len(values)%2 == 0 {
		return (values[half-1] + values[half]) / 2
	}
	return values[half]
}

func gigabytes[N int64 | float64](bytes N) float64 { return float64(bytes) / 1e9 }
