package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/snapshot"
)

// checking is the command check.
type checking struct{ inputs }

func addCheck(app *kingpin.Application) (string, func(world) error) {
	k := &checking{}
	c := app.Command("check", "Look for what is wrong with policy, base, mapping and events, without indices: every problem with its place. Exits with status 1 if there is any.")
	k.flags(c)
	return c.FullCommand(), k.run
}

func (k *checking) run(w world) error {
	if err := k.load(w); err != nil {
		return err
	}
	s := k.snapshot(snapshot.Options{})
	if err := writeRejects(w, k.rejectsPath, s); err != nil {
		return err
	}
	printFindings(w.stdout, s)
	if len(s.Rejects)+len(s.Suspicious)+len(s.OpenOutages) > 0 {
		return &status{code: exitAsked}
	}
	return nil
}

func printFindings(out io.Writer, s *snapshot.Snapshot) {
	for _, warning := range s.Warnings {
		fmt.Fprintf(out, "note: %s\n", warning)
	}
	for _, r := range s.Rejects {
		fmt.Fprintf(out, "rejected: %s: event %q, column %q, value %q: %s; %s\n", where(r.Path, r.Sheet, r.Row), r.EventID, r.Column, r.Value, r.Reason, r.Advice)
	}
	for _, list := range [][]snapshot.Suspect{s.Suspicious, s.OpenOutages} {
		for _, x := range list {
			fmt.Fprintf(out, "counted but odd: %s: event %q: %s\n", where(x.Path, x.Sheet, x.Row), x.EventID, strings.Join(x.What, ", "))
		}
	}
	q := s.Quality
	fmt.Fprintf(out, "%d rows: %d accepted, %d rejected, %d accepted ones odd\n", q.Rows, q.Accepted, q.Rejected, len(s.Suspicious))
}

func where(path, sheet string, row int) string {
	if sheet != "" {
		path += ", sheet " + sheet
	}
	return fmt.Sprintf("%s, row %d", path, row)
}

func rejectedMessage(s *snapshot.Snapshot) string {
	r := s.Rejects[0]
	return fmt.Sprintf("%d rows rejected, the first: %s, column %q, value %q: %s; %s",
		s.Quality.Rejected, where(r.Path, r.Sheet, r.Row), r.Column, r.Value, r.Reason, r.Advice)
}
