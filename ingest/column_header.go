package ingest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// header binds the columns by their names and selects those that are bound.
func (c *columnRows) header() error {
	columns := c.reader.Columns()
	headers := make([]string, len(columns))
	for i, column := range columns {
		headers[i] = strings.ToValidUTF8(string(trim([]byte(column.Name))), "\uFFFD")
	}
	l, f := bind(headers, c.plan)
	if !f.fits() || len(f.absent) > 0 {
		c.best = f
		return c.nested(c.finish())
	}
	c.fit = f
	typedTimes(l, columns)
	if skipped := c.reader.Skipped(); len(skipped) > 0 {
		c.warn(outage.Notef("columns-not-read", "columns not read, as they are nested or of a type unknown: %s", shown(skipped)))
	}
	c.accept(l, len(headers))
	c.table = newColumnTable(c.plan.kind, l, columns)
	return c.reader.Select(c.table.places, c.table.plain...)
}

// nested adds to an error the nested columns, which may be those that are
// missed.
func (c *columnRows) nested(err error) error {
	skipped := c.reader.Skipped()
	if err == nil || len(skipped) == 0 {
		return err
	}
	return fmt.Errorf("%w; nested columns, and those of a type unknown, are not read: %s", err, shown(skipped))
}

// typedTimes takes the layouts away that a mapping gives for texts from times
// whose columns say themselves what they are.
func typedTimes(l *layout, columns []columnar.Column) {
	for f := range l.places {
		p := &l.places[f]
		typed := p.layout != nil
		for _, i := range p.columns() {
			kind := columns[i].Kind
			typed = typed && (kind == columnar.Moment || kind == columnar.Date || kind == columnar.Clock)
		}
		if typed {
			p.layout = nil
		}
	}
}

// columns are those that a place takes its value from.
func (p *place) columns() []int {
	switch {
	case !p.bound || p.constant != nil:
		return nil
	case p.one >= 0:
		return []int{p.one}
	case p.date >= 0:
		return []int{p.date, p.clock}
	}
	return p.many
}

// used are the columns that a layout needs, in their order.
func (l *layout) used() []int {
	var used []int
	for f := range l.places {
		used = append(used, l.places[f].columns()...)
	}
	if l.zoneColumn >= 0 {
		used = append(used, l.zoneColumn)
	}
	slices.Sort(used)
	return slices.Compact(used)
}
