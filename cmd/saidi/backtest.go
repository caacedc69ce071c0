package main

import (
	"fmt"
	"io"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/forecast"
	"github.com/saidi-exporter/saidi/internal/backtest"
)

// backtesting is the command backtest.
type backtesting struct {
	inputs
	quick bool
	full  bool
	seed  uint64
	out   string
}

func addBacktest(app *kingpin.Application) (string, func(world) error) {
	x := &backtesting{}
	c := app.Command("backtest", "How good the forecast of the year's end is: at the month ends of years that are over, beside three rules of thumb, and over made-up provinces beside a range learnt from the others. Without EVENTS over provinces that are made up, some minutes long; exit status 1 if their 90 % intervals hold less than 85 or more than 95 % of the years' ends. With EVENTS over these files alone, unless --quick or --full asks for the provinces too.")
	x.flags(c)
	x.eventFiles(c).StringsVar(&x.events)
	c.Flag("quick", "Few provinces, within a minute.").BoolVar(&x.quick)
	c.Flag("full", "All provinces. The default without EVENTS.").BoolVar(&x.full)
	c.Flag("seed", "Another seed makes other provinces and draws, the same one the same figures.").Default("1").Uint64Var(&x.seed)
	c.Flag("out", "Write a page in Markdown too.").PlaceHolder("FILE").StringVar(&x.out)
	return c.FullCommand(), x.run
}

func (x *backtesting) run(w world) error {
	if err := x.asked(); err != nil {
		return err
	}
	page := &backtest.Page{}
	var err error
	if len(x.events) > 0 {
		if page.Own, err = x.own(w); err != nil {
			return err
		}
	}
	if page.Made, page.Plan, err = x.made(w); err != nil {
		return err
	}
	if x.out != "" {
		if err := write(w, x.out, page.Write); err != nil {
			return err
		}
	}
	if page.Own != nil {
		if err := page.Own.WriteText(w.stdout); err != nil || page.Made == nil {
			return err
		}
		fmt.Fprintln(w.stdout)
	}
	return conclude(w.stdout, page.Made)
}

// asked refuses flags that do not go together.
func (x *backtesting) asked() error {
	switch {
	case x.quick && x.full:
		return usage("--quick and --full: take one of them")
	case x.rejectsPath != "":
		return usage("--rejects: saidi report writes the rows that could not be counted")
	case len(x.events) == 0 && len(x.bases)+len(x.mappingPath)+len(x.policyPath)+len(x.coversText)+len(x.asOfText) > 0:
		return usage("--policy, --base, --mapping, --covers and --as-of are of EVENTS, and there are none")
	}
	return outputs(x.out, "", x.inputPaths())
}

// conclude writes the figures of provinces last, and fails if the range of the
// forecast is not what it says.
func conclude(out io.Writer, j *backtest.Judgement) error {
	if err := j.WriteText(out); err != nil {
		return err
	}
	if problem, ok := j.Holds(); !ok {
		return &status{exitAsked, problem}
	}
	return nil
}

// made judges provinces that are made up, if they are asked for.
func (x *backtesting) made(w world) (*backtest.Judgement, backtest.Plan, error) {
	plan := backtest.Full()
	switch {
	case x.quick:
		plan = backtest.Quick()
	case !x.full && len(x.events) > 0:
		return nil, plan, nil
	}
	trials, err := backtest.Run(plan.List(x.seed), x.forecaster(), tellProgress(w, "province"))
	if err != nil {
		return nil, plan, err
	}
	return &backtest.Judgement{Trials: trials, Seed: x.seed}, plan, nil
}

func (x *backtesting) forecaster() backtest.Forecaster {
	return backtest.Model(forecast.Options{Seed: x.seed})
}

// own judges the user's files.
func (x *backtesting) own(w world) (*backtest.Own, error) {
	if err := x.open(); err != nil {
		return nil, err
	}
	if err := x.load(w); err != nil {
		return nil, err
	}
	s, err := backtest.Counted("events", x.engine, x.policy)
	if err != nil {
		return nil, err
	}
	o := &backtest.Own{
		Title: x.policy.ID, Events: x.engine.Quality().Accepted, LeftOut: s.LeftOut, Targets: len(s.Targets),
		First: s.Years[s.First].Number, Last: s.Years[len(s.Years)-1].Number,
	}
	o.Seed, o.Trials = x.seed, backtest.RunSeries(s, x.forecaster(), tellProgress(w, "year"))
	return o, nil
}

// tellProgress shows on a terminal how far the work is.
func tellProgress(w world, what string) backtest.Progress {
	if _, watched := terminal(w.stderr); !watched {
		return nil
	}
	return func(done, of int) {
		end := "\r"
		if done == of {
			end = "\n"
		}
		fmt.Fprintf(w.stderr, "%s %d of %d%s", what, done, of, end)
	}
}
