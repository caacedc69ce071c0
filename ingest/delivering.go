package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/saidi-exporter/saidi/ingest/delimited"
	"github.com/saidi-exporter/saidi/ingest/jsonlines"
	"github.com/saidi-exporter/saidi/outage"
)

// A delivering reads one delivery, sheet by sheet.
type delivering struct {
	path     string
	opts     Options
	limits   Limits
	plan     *plan
	in       *input
	delivery *outage.Delivery
}

// deliver surveys a delivery and gives its rows to the handler that begin makes.
// Every error names the path.
func deliver(path string, r io.Reader, file string, opts Options, k kind, begin func(*delivering) handler) (*outage.Delivery, error) {
	if err := opts.validate(); err != nil {
		return nil, err
	}
	declared, err := opts.Mapping.declared(opts.Names, opts.Zone)
	if err != nil {
		return nil, err
	}
	d := &delivering{path: path, opts: opts, limits: opts.Limits.orDefault(), plan: opts.Mapping.plan(k)}
	if err := d.read(r, file, begin); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if k != baseRows {
		d.delivery.Covers = append(declared, opts.Covers...)
	}
	return d.delivery, nil
}

func (d *delivering) read(r io.Reader, file string, begin func(*delivering) handler) (err error) {
	in, err := openInput(r, file, d.plan.encoding, d.limits, d.opts.Progress)
	defer func() { err = errors.Join(err, in.close()) }()
	if err != nil {
		return err
	}
	d.in = in
	d.delivery = &outage.Delivery{Path: d.path, SHA256: in.sha256, Repeated: d.plan.repeated, WholeFeeder: d.plan.wholeFeeder}
	d.warn(nameWarning(d.path, in.format, in.compression)...)
	d.warn(formatWarning(d.plan.format, in.format)...)
	w := &walk{delivering: d, handler: begin(d)}
	if err := d.rows(w); err != nil {
		return err
	}
	if err := w.finish(); err != nil {
		return err
	}
	return w.handler.finish()
}

// rows takes the rows of all sheets.
func (d *delivering) rows(w *walk) error {
	switch {
	case d.in.format.inColumns():
		return d.columns(w)
	case d.in.format == formatWorkbook:
		return d.workbook(w.take)
	}
	return d.text(w.take)
}

func (d *delivering) warn(notes ...outage.Note) {
	d.delivery.Warnings = append(d.delivery.Warnings, notes...)
}

// text gives the one table of delimited text or JSON.
func (d *delivering) text(take func(*sheet) error) error {
	encoding, err := d.in.textEncoding(d.plan.encoding, func() (io.Reader, func(), error) { return d.in.open(nil) })
	if err != nil {
		return err
	}
	src, closing, err := d.in.open(d.opts.Progress)
	if err != nil {
		return err
	}
	defer closing()
	d.delivery.Sheets = []outage.Sheet{{}}
	return take(d.textSheet(decoded(src, encoding), encoding))
}

// textSheet is the table of a text, which it also describes.
func (d *delivering) textSheet(src io.Reader, encoding string) *sheet {
	content := string(d.in.format)
	comma := byte(',')
	if d.in.format == formatDelimited {
		comma = d.delimiter(encoding)
		if comma == '\t' {
			content = "tsv"
		}
	}
	if encoding != encodingUTF8 {
		content += ", " + encoding
	}
	if comma != ',' && comma != '\t' {
		content += ", " + string(comma)
	}
	d.delivery.Content = content + packed(d.in.compression)
	if d.in.format == formatDelimited {
		reader := delimited.NewReader(src, comma, delimited.Limits{Record: d.limits.Record, Columns: d.limits.Columns})
		return &sheet{table: reader, strict: true}
	}
	reader := jsonlines.NewReader(src, d.in.format == formatArray, jsonlines.Limits{Record: d.limits.Record, Columns: d.limits.Columns})
	return &sheet{table: reader, keys: reader.Keys}
}

func packed(c compression) string {
	if c == noCompression {
		return ""
	}
	return ", " + string(c)
}

// delimiter is the one that the mapping gives or that the first lines show.
func (d *delivering) delimiter(encoding string) byte {
	if d.plan.delimiter != 0 {
		return d.plan.delimiter
	}
	head, _ := io.ReadAll(decoded(bytes.NewReader(d.in.head), encoding)) // a character that the head's end cuts does not matter
	return delimited.Delimiter(head)
}
