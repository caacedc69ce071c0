package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/dashboards"
)

// exporting is the command export.
type exporting struct {
	what  string
	out   string
	rules dashboards.RuleOptions
}

// The things that can be exported.
const (
	exportRules      = "rules"
	exportDashboards = "dashboards"
)

func addExport(app *kingpin.Application) (string, func(world) error) {
	x := &exporting{}
	c := app.Command("export", "The shipped files: rules and alerts with examples for Prometheus and Alertmanager, or Grafana dashboards with their provisioning.")
	c.Arg("what", "rules or dashboards.").Required().EnumVar(&x.what, exportRules, exportDashboards)
	c.Flag("out", "The folder to write to; made if it is not there. Files of the same names are written over.").Required().PlaceHolder("DIR").StringVar(&x.out)
	c.Flag("runbooks", "Of rules: what the address of a runbook begins with.").Default(dashboards.DefaultRunbooks).PlaceHolder("URL").StringVar(&x.rules.Runbooks)
	c.Flag("job", "Of rules: the job under which Prometheus scrapes the exporter.").Default(dashboards.DefaultJob).StringVar(&x.rules.Job)
	return c.FullCommand(), x.run
}

func (x *exporting) run(w world) error {
	of := dashboards.Grafana
	if x.what == exportRules {
		of = x.rules.Files
	}
	files, err := of()
	if err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(x.out, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		err := write(w, path, func(out io.Writer) error {
			_, err := out.Write(f.Data)
			return err
		})
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		fmt.Fprintln(w.stdout, path)
	}
	return nil
}
