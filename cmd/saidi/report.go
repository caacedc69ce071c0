package main

import (
	"io"
	"math"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/compliance"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
)

// The formats of results.
const (
	formatText = "text"
	formatJSON = "json"
	formatCSV  = "csv"

	formatOpenMetrics = "openmetrics" // the history, for Prometheus
	formatHTML        = "html"        // the compliance report
	formatWorkbook    = "xlsx"        // likewise
)

// The tables of a report as CSV.
const (
	tableIndices = "indices"
	tableTargets = "targets"
	tableBudgets = "budgets"
)

// reporting is the command report.
type reporting struct {
	inputs
	showing
	year       yearFlag
	window     string
	strict     bool
	table      string // of CSV
	failOn     string
	failing    bool // --fail-on was given
	strengths  []string
	ledgerPath string
	ledger     *policy.Ledger
	options    snapshot.Options  // of time
	dossier    *snapshot.Dossier // of a report that is handed in
}

func addReport(app *kingpin.Application) (string, func(world) error) {
	r := &reporting{}
	c := app.Command("report", "The verdict on every target and the indices of every area and class, once, from files or a store.")
	r.inputs.flags(c)
	r.storeFlags(c)
	r.eventFiles(c).StringsVar(&r.events)
	c.Flag("year", "The year to evaluate. Default: that of the instant before as-of.").PlaceHolder("YEAR").SetValue(&r.year)
	c.Flag("window", "Evaluate FROM..TO, half-open, instead of a year; then nothing is judged.").PlaceHolder("FROM..TO").StringVar(&r.window)
	c.Flag("ledger", "Show the measures of this YAML file beside the verdicts; it is begun if it is not there.").PlaceHolder("FILE").StringVar(&r.ledgerPath)
	c.Flag("strict", "Exit with status 1 if any row is rejected.").BoolVar(&r.strict)
	c.Flag("fail-on", "Exit with status 1 if a target of these strengths is missed or cannot be told: duty, aspiration, informative, between commas.").PlaceHolder("STRENGTHS").IsSetByUser(&r.failing).StringVar(&r.failOn)
	c.Flag("table", "What --format csv gives: indices, targets, or their budgets by part, month and member.").Default(tableIndices).EnumVar(&r.table, tableIndices, tableTargets, tableBudgets)
	r.showing.flags(c, formatOpenMetrics, formatHTML, formatWorkbook)
	return c.FullCommand(), r.run
}

func (r *reporting) run(w world) error {
	if err := r.given(); err != nil {
		return err
	}
	if err := r.open(); err != nil {
		return err
	}
	o, err := r.choose()
	if err != nil {
		return err
	}
	if err := outputs(r.out, r.rejectsPath, append(r.inputPaths(), r.ledgerPath), ".html", ".htm", ".xlsx"); err != nil {
		return err
	}
	if err := r.loadLedger(w); err != nil {
		return err
	}
	if err := r.handable(w); err != nil {
		return err
	}
	r.sumsDo(o)
	if err := r.load(w); err != nil {
		return err
	}
	if err := r.inTime(o); err != nil {
		return err
	}
	o.Ledger, r.options = r.ledger, o
	s, err := r.answer(o)
	if err != nil {
		return err
	}
	if err := r.writeRejects(w, s, r.language(w)); err != nil {
		return err
	}
	if err := write(w, r.out, func(out io.Writer) error { return r.result(w, out, s) }); err != nil {
		return err
	}
	if r.strict && s.Quality.Rejected > 0 {
		return &status{exitAsked, rejectedMessage(s)}
	}
	return r.fail(w, s)
}

// handedIn says that the result is the compliance report, with all that lies behind
// its numbers.
func (r *reporting) handedIn() bool { return r.format == formatHTML || r.format == formatWorkbook }

// sumsDo notes what is asked for where it needs no rows: the report that is handed in
// shows feeders, and the history every day.
func (r *reporting) sumsDo(o snapshot.Options) {
	if !r.handedIn() && r.format != formatOpenMetrics {
		r.sums = &o
	}
}

// handable readies a run for the report that is handed in, if that is asked for.
func (r *reporting) handable(w world) error {
	if _, watched := terminal(w.stdout); watched && r.format == formatWorkbook && r.out == "" {
		return usage("--format %s is nothing to read on a terminal: give --out FILE", r.format)
	}
	r.watched = r.handedIn()
	return nil
}

// answer makes the answer, and the dossier of a report that is handed in.
func (r *reporting) answer(o snapshot.Options) (*snapshot.Snapshot, error) {
	if !r.handedIn() {
		s := r.snapshot(o)
		return s, r.whole()
	}
	var err error
	if r.dossier, err = snapshot.NewDossier(r.engine, r.policy, r.from(o)); err != nil {
		return nil, usage("--format %s: %v", r.format, err)
	}
	r.dossier.Asked.Covers = r.coversText
	return r.dossier.Snapshot, nil
}

func (r *reporting) choose() (o snapshot.Options, err error) {
	if r.failing {
		if r.strengths, err = parseStrengths(r.failOn); err != nil {
			return o, err
		}
	}
	if r.year.given {
		o.Year = &r.year.year
	}
	if r.window == "" {
		return o, nil
	}
	if r.year.given {
		return o, usage("give --year or --window, not both")
	}
	if r.failing {
		return o, usage("give --fail-on or --window, not both: in a window of its own nothing is judged")
	}
	o.Window, err = parseWindow("--window", r.window, r.policy.Zone)
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

// history writes how the values and verdicts came about, day by day: of the year
// or window asked for, else of all time.
func (r *reporting) history(out io.Writer) error {
	span := period.Period{From: math.MinInt64, To: r.engine.AsOf()}
	if r.year.given {
		span = r.policy.YearStart.Year(r.year.year, r.policy.Zone)
	}
	if r.options.Window != nil {
		span = *r.options.Window
	}
	return metrics.WriteHistory(out, func(yield func(metrics.Point) bool) {
		for t, s := range snapshot.History(r.engine, r.policy, span) {
			if !yield(metrics.Point{Time: t, Snapshot: s}) {
				return
			}
		}
	})
}

func (r *reporting) result(w world, out io.Writer, s *snapshot.Snapshot) error {
	switch r.format {
	case formatJSON:
		return report.JSON(out, s)
	case formatOpenMetrics:
		return r.history(out)
	case formatHTML:
		return compliance.New(r.dossier, r.language(w)).HTML(out)
	case formatWorkbook:
		return compliance.New(r.dossier, r.language(w)).Workbook(out)
	case formatCSV:
		switch r.table {
		case tableTargets:
			return report.TargetsCSV(out, s)
		case tableBudgets:
			return report.BudgetsCSV(out, s)
		}
		return report.CSV(out, s)
	}
	return report.Text(out, s, r.show(w))
}
