// Command bench holds saidi against DuckDB: the same question, asked of the
// same files, on the same machine, in turns. It makes the files, measures both
// sides in processes of their own, compares their answers to the last
// customer-second, and writes what came out.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// A world is what the program knows of the outside.
type world struct {
	args           []string // without the program's name
	stdout, stderr io.Writer
	now            func() time.Time
	program        string // the program's own file, to start it again
}

func main() {
	program, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: find the program's own file:", err)
		os.Exit(exitFailed)
	}
	os.Exit(run(world{args: os.Args[1:], stdout: os.Stdout, stderr: os.Stderr, now: time.Now, program: program}))
}

// The exit statuses.
const (
	exitDone   = 0
	exitDiffer = 1 // the answers differ
	exitUsage  = 2
	exitFailed = 3 // the work could not be done
)

func run(w world) int {
	if len(w.args) > 0 && w.args[0] == childCommand {
		return status(w, child(w, w.args[1:]))
	}
	s, err := parse(w)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		return exitUsage
	}
	return status(w, s.run(w))
}

// status says what went wrong, if anything, and what to exit with.
func status(w world, err error) int {
	if err == nil {
		return exitDone
	}
	fmt.Fprintln(w.stderr, "bench:", err)
	if errors.Is(err, errDiffer) {
		return exitDiffer
	}
	return exitFailed
}

// settings are what the flags say.
type settings struct {
	quick   bool
	cluster bool
	rows    int
	dir     string
	keep    bool
	out     string
}

// The rows of the main jobs where no flag says otherwise, and how few make
// sense: with fewer, the units would have more outages than there is time for.
const (
	fullRows    = 20_000_000
	quickRows   = 2_000_000
	clusterRows = 50_000_000
	fewestRows  = 10_000
)

const usageText = `usage: go run . [flags]

Asks saidi and DuckDB the same question of the same synthetic outages, in turns
and in processes of their own, and compares the answers in full. The jobs:

  unite  Parquet: drop duplicates, unite the overlapping outages of each unit,
         sum customer-seconds and interruptions by area, class and year
  csv    the same from CSV
  plain  Parquet of outages that neither repeat nor overlap: DuckDB just sums

Without --quick, unite is run at a tenth and three times the rows as well, for
how time and memory grow, and the results are written as a page. That takes up
to 15 minutes, 5 GB of disk and 8 GB of memory at 20 million rows.

Exit status: 0 done, 1 the answers differ, 2 usage, 3 could not do the work.

`

// parse reads the flags; what is wrong with them, it has told already.
func parse(w world) (*settings, error) {
	s := &settings{}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(w.stderr)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), usageText)
		flags.PrintDefaults()
	}
	flags.BoolVar(&s.quick, "quick", false, "the jobs at 2 million rows, within a minute; prints the ratios and writes nothing")
	flags.BoolVar(&s.cluster, "cluster", false, "the store in a folder beside servers of ClickHouse, within half an hour; writes the last part of the page")
	flags.IntVar(&s.rows, "rows", 0, "`rows` of the main jobs (default 20 million, with --quick 2 million, with --cluster 50 million)")
	flags.StringVar(&s.dir, "dir", "", "make the data in `folder` (default a temporary one)")
	flags.BoolVar(&s.keep, "keep", false, "keep the data")
	flags.StringVar(&s.out, "out", "BENCHMARKS.md", "write the results to `file`")
	if err := flags.Parse(w.args); err != nil {
		return nil, err
	}
	return s, s.complete(w, flags.Args())
}

// complete fills in defaults and refuses what cannot be meant.
func (s *settings) complete(w world, rest []string) error {
	if s.rows == 0 {
		s.rows = fullRows
		switch {
		case s.quick:
			s.rows = quickRows
		case s.cluster:
			s.rows = clusterRows
		}
	}
	var err error
	switch {
	case len(rest) > 0:
		err = fmt.Errorf("unexpected argument %q", rest[0])
	case s.quick && s.cluster:
		err = errors.New("--quick and --cluster are different things: give one of them, and --rows for fewer")
	case s.rows < fewestRows || !s.quick && s.rows < 10*fewestRows:
		err = fmt.Errorf("--rows %d: give at least %d, or %d without --quick, which runs a tenth of them too", s.rows, fewestRows, 10*fewestRows)
	}
	if err != nil {
		fmt.Fprintln(w.stderr, "bench:", err)
	}
	return err
}

// run makes a folder for the data and does the work in it.
func (s *settings) run(w world) (err error) {
	dir := s.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "saidi-bench-"); err != nil {
			return fmt.Errorf("make a folder for the data: %w", err)
		}
		if !s.keep {
			defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		}
	}
	if s.keep {
		fmt.Fprintln(w.stderr, "the data stays in", dir)
	}
	p := &plan{world: w, dir: dir, threads: runtime.NumCPU(), keep: s.keep}
	if s.quick {
		return p.quick(s.rows)
	}
	if s.cluster {
		return p.cluster(s.rows, s.out)
	}
	return p.full(s.rows, s.out)
}
