package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
)

// Exit statuses.
const (
	exitDone   = 0
	exitAsked  = 1 // the user asked to be told so: --strict, --fail-on, a plan that does not fit, check or verify with findings
	exitUsage  = 2
	exitFailed = 3 // the work could not be done
)

// A world is all that a run of the program knows of the outside.
type world struct {
	args           []string
	stdout, stderr io.Writer
	now            func() time.Time
	getenv         func(name string) string // nil: nothing is set

	// untilStopped is done when the program is told to stop, which from then on it
	// does itself.
	untilStopped func() (context.Context, context.CancelFunc)
}

// variable is a variable of the environment.
func (w world) variable(name string) string {
	if w.getenv == nil {
		return ""
	}
	return w.getenv(name)
}

// A status ends the run with an exit status, and a message where it has one.
type status struct {
	code    int
	message string
}

func (s *status) Error() string { return s.message }

func usage(format string, args ...any) error {
	return &status{exitUsage, fmt.Sprintf(format, args...)}
}

const help = `Average annual outage hours of customers (SAIDI, 用户年均停电时间) from outage events.

Events are CSV, TSV, XLSX, NDJSON, Parquet or Arrow, plain, gzip or zstd, in UTF-8 or GB18030; format, encoding and delimiter are recognised by content, and usual Chinese and English headers are known. A header row may look like

  停电事件id,线路编码,地市,地区特征,停电开始时间,停电结束时间,停电户数,停电性质
  event_id,feeder_id,area,class,start,end,customers,nature

and the customer base (--base), which says how many customers each feeder has, like

  线路编码,地市,地区特征,用户数
  feeder_id,area,class,customers

Other headers are mapped by a file (--mapping). Without --policy the policy is that of Qinghai (青发改能源〔2021〕101号).

  saidi report --base customers.csv events.csv
  saidi check --base customers.csv events.csv
  saidi explain --base customers.csv --scope xining --class rural events.csv
  saidi plan --base customers.csv --events events.csv planned.csv
  saidi report --store data --known-at 2022-07-01
  saidi report --base customers.csv --out report.xlsx events.csv
  saidi verify --base customers.csv report.xlsx events.csv

Exit status: 0 done; 1 rows were rejected under --strict, targets failed under --fail-on, a plan does not fit, the intervals of backtest hold too few or too many, or check, verify or store verify found something; 2 usage; 3 the work could not be done.`

// run does what the arguments say and gives the exit status.
func run(w world) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(w.stderr, "saidi: a mistake in the program: %v\n%s", p, debug.Stack())
			code = exitFailed
		}
	}()
	err := dispatch(w)
	var s *status
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &s):
		code = s.code
	default:
		code = exitFailed
	}
	if text := err.Error(); text != "" {
		fmt.Fprintf(w.stderr, "saidi: %s\n", text)
	}
	return code
}

// errHelp ends a run that only printed help or the version.
var errHelp = errors.New("help")

func dispatch(w world) error {
	app := kingpin.New("saidi", help)
	app.UsageWriter(w.stdout).ErrorWriter(w.stderr).UsageTemplate(kingpin.CompactUsageTemplate)
	app.Version("saidi " + version()).VersionFlag.Short('V')
	app.HelpFlag.Short('h')
	terminated := false
	app.Terminate(func(int) { terminated = true; panic(errHelp) })
	commands := map[string]func(world) error{}
	for _, add := range []func(*kingpin.Application) (string, func(world) error){addReport, addCheck, addExplain, addPlan, addDiff, addServe, addConvert, addSimulate, addBacktest, addExport, addAudit} {
		name, do := add(app)
		commands[name] = do
	}
	maps.Copy(commands, addStore(app))
	if len(w.args) == 0 {
		app.Usage(nil)
		return &status{code: exitUsage}
	}
	name, err := parse(app, w.args)
	switch {
	case terminated:
		return nil
	case err != nil:
		return usage("%v; try saidi --help", err)
	}
	return commands[name](w)
}

// parse keeps kingpin from ending the process after --help and --version.
func parse(app *kingpin.Application, args []string) (name string, err error) {
	defer func() {
		if p := recover(); p != nil && p != errHelp { //nolint:errorlint // it is the very value that was thrown
			panic(p)
		}
	}()
	return app.Parse(args)
}

// version is the module's version where it was built as one.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return strings.Trim(info.Main.Version, "()")
}
