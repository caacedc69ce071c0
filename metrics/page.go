package metrics

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/klauspost/compress/gzip"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// A Page is the metrics of one state, ready to be sent. It does not change.
type Page struct {
	tables []*table
	names  map[string]bool // of the tables

	text, open form // the text format 0.0.4, and OpenMetrics 1.0.0 without its last line
}

// A form is one encoding of a page.
type form struct{ plain, zipped []byte }

// NewPage makes the metrics of a state: families in order of their names,
// samples in order of their labels, none for what does not exist, no family
// without a sample. Without a snapshot they tell of the program's health alone.
// It is an error if two samples have the same labels.
func NewPage(s *State) (*Page, error) {
	if s.Snapshot != nil && s.Snapshot.Detail == nil {
		return nil, errors.New("page of metrics: the snapshot has no detail")
	}
	b := newBook(Families())
	b.health(s)
	if s.Snapshot != nil {
		b.snapshot(s)
	}
	tables, err := b.sorted()
	if err != nil {
		return nil, fmt.Errorf("page of metrics: %w", err)
	}
	p := &Page{tables: tables, names: make(map[string]bool, len(tables))}
	for _, t := range tables {
		p.names[t.Name] = true
	}
	if err := p.encode(); err != nil {
		return nil, fmt.Errorf("page of metrics: %w", err)
	}
	return p, nil
}

// snapshot adds everything that a snapshot tells.
func (b book) snapshot(s *State) {
	b.sums(s.Snapshot.Detail)
	b.out(s.Snapshot.Detail)
	b.indices(s.Snapshot)
	b.months(s.Snapshot)
	b.targets(s.Snapshot)
	b.standouts(s.Snapshot.Detail)
	b.quality(&s.Snapshot.Quality)
	b.reaches(s.Snapshot.Detail)
	b.limits(s)
	b.infos(s.Snapshot)
}

// Gather gives the families of the page, as a [prometheus.Gatherer] does. The
// caller may change them.
func (p *Page) Gather() ([]*dto.MetricFamily, error) {
	all := make([]*dto.MetricFamily, len(p.tables))
	for i, t := range p.tables {
		all[i] = t.family()
	}
	return all, nil
}

// encode writes the page in every form in which it is sent.
func (p *Page) encode() error {
	var text, open bytes.Buffer
	for _, t := range p.tables {
		f := t.family()
		if _, err := expfmt.MetricFamilyToText(&text, f); err != nil {
			return fmt.Errorf("encode %s: %w", t.Name, err)
		}
		if _, err := expfmt.MetricFamilyToOpenMetrics(&open, f); err != nil {
			return fmt.Errorf("encode %s: %w", t.Name, err)
		}
	}
	var err error
	if p.text, err = newForm(text.Bytes()); err != nil {
		return err
	}
	p.open, err = newForm(open.Bytes())
	return err
}

func newForm(plain []byte) (form, error) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(plain); err != nil {
		return form{}, fmt.Errorf("compress: %w", err)
	}
	if err := z.Close(); err != nil {
		return form{}, fmt.Errorf("compress: %w", err)
	}
	return form{bytes.Clone(plain), bytes.Clone(zipped.Bytes())}, nil
}

// form is the page in one of the formats that are offered.
func (p *Page) form(f expfmt.Format) form {
	if f.FormatType() == expfmt.TypeOpenMetrics {
		return p.open
	}
	return p.text
}
