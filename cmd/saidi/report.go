package main

import (
	"io"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
)

// The formats of results.
const (
	formatText = "text"
	formatJSON = "json"
	formatCSV  = "csv"
)

// reporting is the command report.
type reporting struct {
	inputs
	year   yearFlag
	window string
	strict bool
	format string
	out    string
}

func addReport(app *kingpin.Application) (string, func(world) error) {
	r := &reporting{}
	c := app.Command("report", "The indices of every area and class, once, from files.")
	r.flags(c)
	r.eventFiles(c).Required().StringsVar(&r.events)
	c.Flag("year", "The year to evaluate. Default: that of the instant before as-of.").PlaceHolder("YEAR").SetValue(&r.year)
	c.Flag("window", "Evaluate FROM..TO, half-open, instead of a year.").PlaceHolder("FROM..TO").StringVar(&r.window)
	c.Flag("strict", "Exit with status 1 if any row is rejected.").BoolVar(&r.strict)
	c.Flag("format", "text, json or csv.").Default(formatText).EnumVar(&r.format, formatText, formatJSON, formatCSV)
	c.Flag("out", "Write the result here instead of to standard output.").PlaceHolder("FILE").StringVar(&r.out)
	return c.FullCommand(), r.run
}

func (r *reporting) run(w world) error {
	if err := r.open(); err != nil {
		return err
	}
	o, err := r.choose()
	if err != nil {
		return err
	}
	if err := outputs(r.out, r.rejectsPath, r.inputPaths()); err != nil {
		return err
	}
	if err := r.load(w); err != nil {
		return err
	}
	if err := r.inTime(o); err != nil {
		return err
	}
	s := r.snapshot(o)
	if err := writeRejects(w, r.rejectsPath, s); err != nil {
		return err
	}
	if err := write(w, r.out, func(out io.Writer) error { return r.show(out, s) }); err != nil {
		return err
	}
	if r.strict && s.Quality.Rejected > 0 {
		return &status{exitAsked, rejectedMessage(s)}
	}
	return nil
}

func (r *reporting) choose() (o snapshot.Options, err error) {
	if r.year.given {
		o.Year = &r.year.year
	}
	if r.window != "" {
		if r.year.given {
			return o, usage("give --year or --window, not both")
		}
		o.Window, err = parseWindow(r.window, r.policy.Zone)
	}
	return o, err
}

// inTime refuses a year or window of which nothing can be known yet.
func (r *reporting) inTime(o snapshot.Options) error {
	if o.Year != nil {
		if year := r.policy.YearStart.Year(*o.Year, r.policy.Zone); year.From >= r.engine.AsOf() {
			return usage("--year %d begins at or after as-of, %s: nothing is known of it", *o.Year, r.clock())
		}
	}
	if o.Window != nil {
		_, err := r.begun(*o.Window)
		return err
	}
	return nil
}

func (r *reporting) show(out io.Writer, s *snapshot.Snapshot) error {
	switch r.format {
	case formatJSON:
		return report.JSON(out, s)
	case formatCSV:
		return report.CSV(out, s)
	}
	return report.Text(out, s)
}
