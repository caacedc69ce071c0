package main

import (
	"errors"
	"io"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
)

// explaining is the command explain.
type explaining struct {
	inputs
	showing
	question snapshot.Question
	window   string
	against  string
}

// monthLayout is how a month is given.
const monthLayout = "2006-01"

func addExplain(app *kingpin.Application) (string, func(world) error) {
	x := &explaining{}
	c := app.Command("explain", "The rows behind a number, largest first, adding up to it, and the arithmetic of the verdicts that rest on it.")
	x.inputs.flags(c)
	x.storeFlags(c)
	x.eventFiles(c).StringsVar(&x.events)
	c.Flag("scope", "Area, group or whole.").Required().PlaceHolder("ID").StringVar(&x.question.Scope)
	c.Flag("class", "Class, group of classes, or all.").Default("all").PlaceHolder("ID").StringVar(&x.question.Class)
	c.Flag("index", "Index set, such as saidi-1 or ieee. Default: the policy's.").PlaceHolder("ID").StringVar(&x.question.Index)
	c.Flag("window", "year, prior_year, ytd, prior_ytd, a month (2022-06), or FROM..TO. Default: the year of as-of, so far.").PlaceHolder("WINDOW").StringVar(&x.window)
	c.Flag("against", "Hold the number against an earlier window, and list the feeders, natures and causes that explain the change: prior-ytd, the same dates and clock a year before; prior-year, of a complete year; a month (2021-06), without --window of the same month in the year of as-of; or FROM..TO, of the same length.").PlaceHolder("WINDOW").StringVar(&x.against)
	c.Flag("top", "How many rows to list, with --against of feeders, natures and causes each; 0 lists all.").Default("20").IntVar(&x.question.Top)
	x.showing.flags(c)
	return c.FullCommand(), x.run
}

func (x *explaining) run(w world) error {
	if x.question.Top < 0 {
		return usage("--top %d: want 0 or more", x.question.Top)
	}
	if err := x.given(); err != nil {
		return err
	}
	if err := outputs(x.out, x.rejectsPath, x.inputPaths()); err != nil {
		return err
	}
	if err := x.open(); err != nil {
		return err
	}
	if err := x.load(w); err != nil {
		return err
	}
	var err error
	if x.question.Window, err = x.later(); err != nil {
		return err
	}
	result, err := x.answer(w)
	if err != nil {
		return err
	}
	if err := x.writeRejects(w, x.snapshot(snapshot.Options{}), x.language(w)); err != nil {
		return err
	}
	return write(w, x.out, result)
}

// answer works out what is asked for, and gives what writes it.
func (x *explaining) answer(w world) (func(io.Writer) error, error) {
	if x.against != "" {
		return x.change(w)
	}
	answer, err := snapshot.Explain(x.engine, x.policy, x.question)
	if err != nil {
		return nil, &status{exitUsage, err.Error()}
	}
	return func(out io.Writer) error { return x.result(w, out, answer) }, nil
}

// change works out what explains the change since another window.
func (x *explaining) change(w world) (func(io.Writer) error, error) {
	q := snapshot.ChangeQuestion{Question: x.question, Against: snapshot.Custom}
	switch x.against {
	case "prior-ytd", snapshot.PriorYearToDate:
		q.Against = snapshot.PriorYearToDate
	case "prior-year", snapshot.PriorYear:
		q.Against = snapshot.PriorYear
	default:
		before, ok, err := x.dates("--against", x.against)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, usage("--against %q: want prior-ytd, prior-year, a month (2021-06) or FROM..TO", x.against)
		}
		q.Before = before
	}
	c, err := snapshot.ExplainChange(x.engine, x.policy, q)
	if errors.Is(err, snapshot.ErrIncomparable) {
		return nil, usage("%v; give two separate windows of the same length, such as --window 2022-06 --against 2021-06, or --against prior-ytd for the same dates a year before", err)
	}
	if err != nil {
		return nil, &status{exitUsage, err.Error()}
	}
	return func(out io.Writer) error {
		switch x.format {
		case formatJSON:
			return report.JSON(out, c)
		case formatCSV:
			return report.ContributionsCSV(out, c)
		}
		return report.ContributionsText(out, c, x.show(w))
	}, nil
}

// later finds the window that is asked for. Where there is none, a month that it is
// held against stands for the same month of the year of as-of.
func (x *explaining) later() (period.Period, error) {
	month, err := time.Parse(monthLayout, x.against)
	if x.window != "" || err != nil {
		return x.choose()
	}
	now := time.Unix(x.engine.AsOf()-1, 0).In(x.policy.Zone)
	if month.Year() >= now.Year() {
		return period.Period{}, usage("--against %s is a month of the year of as-of: which window is held against it? Give it, such as --window %s --against %s",
			x.against, x.against, month.AddDate(-1, 0, 0).Format(monthLayout))
	}
	return x.begun(snapshot.MonthOf(now.Year(), month.Month(), x.policy.Zone))
}

// choose finds the window: as the report shows it, where it has the name.
func (x *explaining) choose() (period.Period, error) {
	w, err := snapshot.ParseWindow(x.window, x.engine, x.policy)
	switch {
	case err != nil && x.window == "":
		return w, usage("give a --window: %v", err)
	case err != nil:
		return w, usage("--window %v", err)
	}
	return x.begun(w)
}

// dates reads a month or FROM..TO; ok is false where a text is neither.
func (x *explaining) dates(flag, text string) (w period.Period, ok bool, err error) {
	w, ok, err = snapshot.ParseDates(text, x.engine, x.policy)
	if err != nil {
		return w, false, usage("%s %v", flag, err)
	}
	if ok {
		w, err = x.begun(w)
	}
	return w, ok, err
}

func (x *explaining) result(w world, out io.Writer, answer *snapshot.Explanation) error {
	switch x.format {
	case formatJSON:
		return report.JSON(out, answer)
	case formatCSV:
		return report.ExplanationCSV(out, answer)
	}
	return report.ExplanationText(out, answer, x.show(w))
}
