package main

import (
	"io"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// tableRows is the table of a plan as CSV beside that of its targets.
const tableRows = "rows"

// planning is the command plan.
type planning struct {
	inputs
	showing
	planned         []string
	planMappingPath string
	failOn          string
	failing         bool // --fail-on was given
	table           string

	planMapping *ingest.Mapping
	strengths   []policy.Strength // that decide; nil: those of [snapshot.CheckPlan]
}

func addPlan(app *kingpin.Application) (string, func(world) error) {
	x := &planning{}
	c := app.Command("plan", "What proposed outages cost against the budgets of the targets, before anybody approves them (先算后停). Exits with status 1 if they do not fit.")
	x.inputs.flags(c)
	c.GetFlag("rejects").Help("Write the rows of the events told that could not be counted here, as CSV, each with what to do. Those of the plan are in the result.")
	x.storeFlags(c)
	c.Flag("events", "Outages told so far. May be given again. Without these and --store nothing is known of the year.").PlaceHolder("FILE").StringsVar(&x.events)
	c.Flag("plan-mapping", "What the columns and words of the proposed outages mean, where they are not known.").PlaceHolder("FILE").StringVar(&x.planMappingPath)
	c.Flag("fail-on", "Targets of these strengths decide: duty, aspiration, informative, between commas. Default: duty,aspiration.").PlaceHolder("STRENGTHS").IsSetByUser(&x.failing).StringVar(&x.failOn)
	c.Flag("table", "What --format csv gives: rows or targets.").Default(tableRows).EnumVar(&x.table, tableRows, tableTargets)
	c.Arg("planned", "Files of proposed outages, in any format that events come in.").Required().StringsVar(&x.planned)
	x.showing.flags(c)
	return c.FullCommand(), x.run
}

func (x *planning) run(w world) error {
	if err := x.prepare(w); err != nil {
		return err
	}
	if err := x.load(w); err != nil {
		return err
	}
	proposal, err := x.proposal()
	if err != nil {
		return err
	}
	answer, err := snapshot.CheckPlan(x.engine, x.policy, proposal)
	if err != nil {
		return err
	}
	if err := x.writeRejects(w, x.snapshot(snapshot.Options{}), x.language(w)); err != nil {
		return err
	}
	if err := write(w, x.out, func(out io.Writer) error { return x.result(w, out, answer) }); err != nil {
		return err
	}
	return fits(answer)
}

// prepare looks at the flags, and reads policy and mappings.
func (x *planning) prepare(w world) (err error) {
	if err := x.given(); err != nil {
		return err
	}
	for _, path := range x.planned {
		if path == "" || path == "-" {
			return usage("file %q: give the file by its name; standard input is not read", path)
		}
	}
	if x.failing {
		names, err := parseStrengths(x.failOn)
		if err != nil {
			return err
		}
		for _, name := range names {
			x.strengths = append(x.strengths, policy.Strength(name))
		}
	}
	if err := outputs(x.out, x.rejectsPath, append(append(x.inputPaths(), x.planned...), x.planMappingPath)); err != nil {
		return err
	}
	if err := x.open(); err != nil {
		return err
	}
	if x.asOfText == "" && len(x.events) == 0 { // what is proposed lies ahead of now, whenever something was last told
		x.asOfText = w.now().Format(time.RFC3339)
	}
	if x.planMappingPath == "" {
		return nil
	}
	if x.planMapping, err = ingest.LoadMapping(x.planMappingPath); err != nil {
		return err
	}
	return x.planMapping.CheckAreas(x.policy.Names())
}

// given refuses files beside a store, and neither. Unlike a report, a plan can do
// without events: the base alone says what it costs.
func (x *planning) given() error {
	if x.storePath == "" && x.knownAtText == "" && len(x.events) == 0 {
		if len(x.bases) == 0 {
			return errNoBase
		}
		x.note("", outage.Notef("no-events", "no events were given: nothing is known of the year but what the plan adds"))
		return nil
	}
	return x.inputs.given()
}

// proposal reads the proposed outages.
func (x *planning) proposal() (snapshot.Proposal, error) {
	q := snapshot.Proposal{Program: "saidi " + version(), Strengths: x.strengths, Notes: x.warnings}
	opts := ingest.Options{Mapping: x.planMapping, Names: x.policy.Names(), Zone: x.policy.Zone, Planned: true}
	for _, path := range x.planned {
		var p snapshot.Proposed
		var err error
		if p.Delivery, err = ingest.EventsFile(path, opts, p.Add); err != nil {
			return q, err
		}
		q.Deliveries = append(q.Deliveries, p)
	}
	return q, nil
}

func (x *planning) result(w world, out io.Writer, answer *snapshot.PlanCheck) error {
	switch x.format {
	case formatJSON:
		return report.JSON(out, answer)
	case formatCSV:
		if x.table == tableTargets {
			return report.PlanTargetsCSV(out, answer)
		}
		return report.PlanCSV(out, answer)
	}
	return report.PlanText(out, answer, x.show(w))
}

// fits ends a run whose plan does not fit.
func fits(x *snapshot.PlanCheck) error {
	if x.Fits {
		return nil
	}
	var words []string
	for _, code := range x.Reasons {
		words = append(words, wording.English.Word(wording.PlanReason, code))
	}
	if x.CannotTell() {
		return &status{exitAsked, "nobody can tell whether the plan fits: " + strings.Join(words, ", ")}
	}
	return &status{exitAsked, "the plan does not fit: " + strings.Join(words, ", ")}
}
