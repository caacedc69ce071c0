package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/simulate"
)

// The levels on which customers and outages are simulated.
const (
	levelFeeder = "feeder"
	levelUnit   = "unit"
)

// simulating is the command simulate.
type simulating struct {
	out    string
	seed   uint64
	years  string
	scale  string
	format string
	level  string
	kind   string
	clean  bool
	force  bool
}

func addSimulate(app *kingpin.Application) (string, func(world) error) {
	x := &simulating{}
	o := simulate.DefaultOptions()
	var formats []string
	for _, f := range simulate.Formats() {
		formats = append(formats, string(f))
	}
	var kinds []string
	for _, k := range simulate.Kinds() {
		kinds = append(kinds, k.String())
	}
	c := app.Command("simulate", "A synthetic province, to try the program on: customers, events, late corrections, and a mapping. No outage in it ever happened.")
	c.Flag("out", "The folder to write to; made if it is not there.").Required().PlaceHolder("DIR").StringVar(&x.out)
	c.Flag("seed", "Another seed makes another province, the same one the same bytes.").Default(strconv.FormatUint(o.Seed, 10)).Uint64Var(&x.seed)
	c.Flag("years", "The years, both included.").PlaceHolder("A..B").Default(fmt.Sprintf("%d..%d", o.First, o.Last)).StringVar(&x.years)
	c.Flag("scale", "How large the province is; 1 is about 10 000 rows a year by feeder.").Default(fmt.Sprint(o.Scale)).PlaceHolder("X").StringVar(&x.scale)
	c.Flag("format", strings.Join(formats, ", ")+".").Default(formats[0]).EnumVar(&x.format, formats...)
	c.Flag("level", "Customers and outages by feeder, or by transformer (unit).").Default(levelFeeder).EnumVar(&x.level, levelFeeder, levelUnit)
	c.Flag("kind", "What its years are like: brought to the levels of a table (calibrated), or drawn, with few storms (calm), with stormy and quiet years (stormy), or falling from year to year (trending).").Default(o.Kind.String()).EnumVar(&x.kind, kinds...)
	c.Flag("clean", "Without rows that are impossible or repeated.").BoolVar(&x.clean)
	c.Flag("force", "Write over files of an earlier run.").BoolVar(&x.force)
	return c.FullCommand(), x.run
}

func (x *simulating) run(w world) error {
	o, err := x.options()
	if err != nil {
		return err
	}
	p, err := simulate.New(o)
	if err != nil {
		return usage("--%v", err)
	}
	format, err := simulate.ParseFormat(x.format)
	if err != nil {
		return usage("%v", err)
	}
	if rows := p.Rows(simulate.First); format == simulate.UtilityXLSX && rows > simulate.LargestWorkbook {
		return usage("--format %s: about %d rows, and a workbook of more than %d opens nowhere: take a smaller --scale, fewer --years or another format", x.format, rows, simulate.LargestWorkbook)
	}
	folder := &simulate.Folder{Province: p, Format: format}
	if err := x.clear(folder); err != nil {
		return err
	}
	_, watched := terminal(w.stderr)
	for _, file := range folder.Files() {
		path := filepath.Join(x.out, file.Name)
		if watched && p.Rows(simulate.First) > longSimulation {
			fmt.Fprintf(w.stderr, "writing %s\n", path)
		}
		if err := write(w, path, file.Write); err != nil {
			return err
		}
	}
	fmt.Fprintf(w.stdout, "synthetic data (模拟数据), no real outage, in %s:\n%s\nnext:\n  %s\n", x.out, folder.Summary(), folder.Report(x.out))
	return nil
}

// longSimulation is the number of rows from which writing is worth a word.
const longSimulation = 1_000_000

// options reads the flags that are not plain words.
func (x *simulating) options() (o simulate.Options, err error) {
	o = simulate.Options{Seed: x.seed, Units: x.level == levelUnit, Clean: x.clean}
	if o.Kind, err = simulate.ParseKind(x.kind); err != nil {
		return o, usage("--kind: %v", err)
	}
	first, last, ok := strings.Cut(x.years, "..")
	if o.First, err = strconv.Atoi(first); err == nil && ok {
		o.Last, err = strconv.Atoi(last)
	}
	if err != nil || !ok {
		return o, usage("--years %q: want A..B, both included, such as 2020..2022", x.years)
	}
	if o.Scale, err = strconv.ParseFloat(x.scale, 64); err != nil {
		return o, usage("--scale %q: want a number such as 0.1 or 30", x.scale)
	}
	return o, nil
}

// clear makes the folder, and refuses to write over what is in it.
func (x *simulating) clear(folder *simulate.Folder) error {
	if err := os.MkdirAll(x.out, 0o755); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	for _, file := range folder.Files() {
		path := filepath.Join(x.out, file.Name)
		switch _, err := os.Lstat(path); {
		case err == nil && !x.force:
			return usage("%s is there already: name another folder with --out, or give --force to write over it", path)
		case err != nil && !errors.Is(err, os.ErrNotExist):
			return fmt.Errorf("look into the folder: %w", err)
		}
	}
	return nil
}
