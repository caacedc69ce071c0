package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/internal/app"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// checking is the command check.
type checking struct {
	inputs
	showing
	configPath string
}

func addCheck(a *kingpin.Application) (string, func(world) error) {
	k := &checking{}
	c := a.Command("check", "Look for what is wrong with policy, base, mapping and events, without indices: every problem with its place. Exits with status 1 if there is any.")
	c.Flag("config", "Check all that a configuration of saidi serve names, instead of files given by hand.").PlaceHolder("FILE").StringVar(&k.configPath)
	k.inputs.flags(c)
	k.langFlag(c)
	k.eventFiles(c).StringsVar(&k.events)
	return c.FullCommand(), k.run
}

func (k *checking) run(w world) error {
	if err := k.openConfig(w); err != nil {
		return err
	}
	if err := outputs("", k.rejectsPath, append(k.inputPaths(), k.configPath)); err != nil {
		return err
	}
	if k.configPath == "" {
		if err := k.open(); err != nil {
			return err
		}
	}
	if len(k.events) == 0 {
		return k.withoutEvents(w)
	}
	err := k.load(w)
	if errors.Is(err, errNoBase) {
		return k.withoutBase(w)
	}
	if err != nil {
		return err
	}
	return k.tell(w, k.snapshot(snapshot.Options{Suspicious: true}))
}

// openConfig takes policy, mapping, base and events from a configuration, if one
// is given.
func (k *checking) openConfig(w world) error {
	if k.configPath == "" {
		return nil
	}
	if k.policyPath != "" || k.mappingPath != "" || k.coversText != "" || len(k.bases)+len(k.events) > 0 {
		return usage("--config names policy, mapping, base and events: give it without them")
	}
	c, err := app.LoadConfig(k.configPath)
	if err != nil {
		return err
	}
	list, err := c.List(w.now())
	if err != nil {
		return err
	}
	k.policy, k.mapping, k.bases, k.staleAfter = list.Policy, list.Mapping, list.Base, c.StaleAfter
	k.own = map[string]ingest.Options{}
	for _, e := range list.Events {
		k.events = append(k.events, e.Path)
		k.own[e.Path] = e.Options
	}
	return nil
}

// withoutEvents looks at policy, mapping and base alone.
func (k *checking) withoutEvents(w world) error {
	if len(k.bases) > 0 {
		rows, err := k.loadBase(nil)
		if err != nil {
			return err
		}
		if _, err := k.base(rows); err != nil {
			return err
		}
	}
	l := k.language(w)
	for _, warning := range k.warnings {
		fmt.Fprintln(w.stdout, l.Say("check.note", l.Note(warning)))
	}
	fmt.Fprintln(w.stdout, l.Say("check.policy", k.policy.ID, len(k.policy.Areas), len(k.policy.Groups), len(k.policy.Classes), len(k.policy.Targets)))
	return nil
}

// withoutBase counts the events against a base in which every area has nobody,
// and leaves out what only a base can tell.
func (k *checking) withoutBase(w world) error {
	var rows []outage.Customers
	for i, a := range k.policy.Areas {
		rows = append(rows, outage.Customers{Path: "policy", Row: i + 1, Area: a.ID, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo})
	}
	if err := k.count(w, rows, nil); err != nil {
		return err
	}
	s := k.snapshot(snapshot.Options{Suspicious: true})
	s.Provenance.Notes = append(s.Provenance.Notes, outage.Notef("no-base", "no customer base was given: whether feeders, units and numbers of customers fit is not checked"))
	s.Rejects = slices.DeleteFunc(s.Rejects, func(r snapshot.Reject) bool { return needsBase(outage.Reason(r.Reason)) })
	s.Suspicious = slices.DeleteFunc(s.Suspicious, func(x snapshot.Suspect) bool {
		return !slices.ContainsFunc(x.What, func(code string) bool { return outage.FromRow(code) })
	})
	return k.tell(w, s)
}

func needsBase(r outage.Reason) bool { return r == outage.UnknownPlace || r == outage.MissingCustomers }

// tell prints what was found; its status is 1 if there was anything.
func (k *checking) tell(w world, s *snapshot.Snapshot) error {
	if err := k.writeRejects(w, s, k.language(w)); err != nil {
		return err
	}
	printFindings(w.stdout, s, k.language(w))
	if len(s.Rejects)+len(s.Suspicious)+len(s.OpenOutages) > 0 {
		return &status{code: exitAsked}
	}
	return nil
}

func printFindings(out io.Writer, s *snapshot.Snapshot, l wording.Language) {
	for _, warning := range s.Provenance.Notes {
		fmt.Fprintln(out, l.Say("check.note", l.Note(warning)))
	}
	for _, r := range s.Rejects {
		fmt.Fprintln(out, l.Say("check.rejected", l.Origin(r.Path, r.Sheet, r.Row, r.Delivery), r.EventID, r.Column, r.Value, l.Word(wording.Rejection, r.Reason), l.Word(wording.Advice, r.Reason)))
	}
	for _, list := range [][]snapshot.Suspect{s.Suspicious, s.OpenOutages} {
		for _, x := range list {
			var words []string
			for _, code := range x.What {
				words = append(words, l.Word(wording.Flag, code))
			}
			fmt.Fprintln(out, l.Say("check.odd", l.Origin(x.Path, x.Sheet, x.Row, x.Delivery), x.EventID, l.List(words)))
		}
	}
	fmt.Fprintln(out, l.Say("check.sum", s.Quality.Rows, len(s.Rejects), len(s.Suspicious)+len(s.OpenOutages)))
}

func rejectedMessage(s *snapshot.Snapshot) string {
	r, l := s.Rejects[0], wording.English
	return fmt.Sprintf("%d rows rejected, the first: %s, column %q, value %q: %s; %s",
		s.Quality.Rejected, l.Origin(r.Path, r.Sheet, r.Row, r.Delivery), r.Column, r.Value, r.Reason, l.Word(wording.Advice, r.Reason))
}
