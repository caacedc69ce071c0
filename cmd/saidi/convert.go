package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
)

// converting is the command convert.
type converting struct {
	inputs
	showing
	target   string
	customer bool // the file is a customer base
	strict   bool
	force    bool

	delivery *outage.Delivery
	written  int
	rejected []outage.Rejection
	reading  error // what ended the reading
}

func addConvert(app *kingpin.Application) (string, func(world) error) {
	v := &converting{}
	c := app.Command("convert", "Write a file of events, or with --base of customers, as Parquet with the canonical columns, which is read many times faster and by any other program. A mapping is applied and then needed no more, but for what it says of deliveries as a whole.")
	c.Flag("out", "The Parquet file to write.").Required().PlaceHolder("FILE.parquet").StringVar(&v.target)
	c.Flag("base", "The file is a customer base.").BoolVar(&v.customer)
	c.Flag("policy", "Policy file; areas, classes and time zone are its. Default: Qinghai's, built in.").PlaceHolder("FILE").StringVar(&v.policyPath)
	c.Flag("mapping", "What the columns and words of the file mean, where they are not known.").PlaceHolder("FILE").StringVar(&v.mappingPath)
	c.Flag("rejects", "Write the rows that could not be read here, as CSV, each with what to do. They are not in the Parquet file.").PlaceHolder("FILE").StringVar(&v.rejectsPath)
	c.Flag("strict", "Exit with status 1 if any row is rejected.").BoolVar(&v.strict)
	c.Flag("force", "Write over a file that is there.").BoolVar(&v.force)
	v.langFlag(c)
	c.Arg("file", "The file to convert, of any format that report reads.").Required().StringsVar(&v.events)
	return c.FullCommand(), v.run
}

func (v *converting) run(w world) error {
	if err := v.check(); err != nil {
		return err
	}
	if err := v.open(); err != nil {
		return err
	}
	do := v.convert
	if v.customer {
		do = v.convertBase
	}
	bar := newProgress(w.stderr, v.events)
	err := write(w, v.target, func(out io.Writer) error {
		buffer := bufio.NewWriterSize(out, 1<<16)
		return errors.Join(do(buffer, bar), buffer.Flush())
	})
	bar.done()
	if v.reading != nil {
		return v.reading
	}
	if err != nil {
		return err
	}
	return v.tell(w)
}

// check refuses what would lose something.
func (v *converting) check() error {
	switch {
	case len(v.events) != 1:
		return usage("convert one file at a time: of several deliveries the later ones replace rows of the earlier ones, and one file could not tell which")
	case filepath.Ext(v.target) != ".parquet":
		return usage("--out %s: the file is Parquet, and its name should end in .parquet", v.target)
	}
	if err := outputs(v.target, v.rejectsPath, v.inputPaths()); err != nil {
		return err
	}
	if _, err := os.Lstat(v.target); err == nil && !v.force {
		return usage("%s is there already: name another file with --out, or give --force to write over it", v.target)
	}
	return nil
}

// convert writes the events of the file.
func (v *converting) convert(out io.Writer, bar *progress) error {
	e, err := ingest.NewEventWriter(out)
	if err != nil {
		return err
	}
	var writing error
	v.delivery, v.reading = ingest.EventsFile(v.events[0], v.options(bar), func(b *outage.Batch) error {
		v.written += b.Len()
		v.rejected = append(v.rejected, b.Rejected...)
		writing = e.Write(b)
		return writing
	})
	if writing != nil {
		v.reading = nil
		return writing
	}
	return errors.Join(v.reading, e.Close())
}

// convertBase writes the customers of the file.
func (v *converting) convertBase(out io.Writer, bar *progress) error {
	rows, d, err := ingest.BaseFile(v.events[0], v.options(bar))
	if v.delivery, v.reading = d, err; err != nil {
		return err
	}
	v.written = len(rows)
	return ingest.WriteBase(out, rows)
}

// tell says on standard error what was read, and what is not in the file.
func (v *converting) tell(w world) error {
	l := v.language(w)
	rejects := v.rejects()
	if v.rejectsPath != "" {
		if err := write(w, v.rejectsPath, func(out io.Writer) error { return report.Rejects(out, rejects, l) }); err != nil {
			return err
		}
	}
	for _, note := range v.delivery.Warnings {
		note.Path = v.events[0]
		fmt.Fprintln(w.stderr, l.Say("check.note", l.Note(note)))
	}
	if keys := v.mapping.OfDeliveries(); len(keys) > 0 && !v.customer {
		fmt.Fprintf(w.stderr, "saidi: %s of the mapping say what holds for the delivery as a whole and are not in %s: keep them in a mapping for it\n", strings.Join(keys, ", "), v.target)
	}
	fmt.Fprintf(w.stderr, "saidi: %s: %d rows read, %d written, %d rejected, %d titles and totals skipped\n", v.target, v.delivery.Rows, v.written, len(rejects), v.delivery.Skipped)
	if v.strict && len(rejects) > 0 {
		r := rejects[0]
		return &status{exitAsked, fmt.Sprintf("%d rows rejected, the first: row %d, column %q, value %q: %s", len(rejects), r.Row, r.Column, r.Value, r.Reason)}
	}
	return nil
}

// rejects are the rejected rows as a report has them.
func (v *converting) rejects() []snapshot.Reject {
	var list []snapshot.Reject
	for i := range v.rejected {
		r := &v.rejected[i]
		sheet, row := v.delivery.Place(r.Row)
		list = append(list, snapshot.Reject{
			Path: v.delivery.Path, Sheet: sheet, Row: row, EventID: r.ID, Column: r.Column, Value: r.Value, Reason: string(r.Reason),
		})
	}
	return list
}
