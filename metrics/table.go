package metrics

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// A table is the samples of one family.
type table struct {
	Family
	names []string // of the labels, sorted
	order []int    // where each of names stands among the family's labels
	rows  []row
}

// A row is one sample.
type row struct {
	values []string // of the labels, in the order of the table's names
	value  float64
}

func newTable(f Family) *table {
	t := &table{Family: f, names: slices.Sorted(slices.Values(f.Labels))}
	for _, name := range t.names {
		t.order = append(t.order, slices.Index(f.Labels, name))
	}
	return t
}

// add notes a sample with the values of the labels in the order in which the
// family lists them. A number that does not exist has no sample.
func (t *table) add(value float64, values ...string) {
	if len(values) != len(t.order) {
		panic(fmt.Sprintf("metrics: %s has the labels %v, not %d", t.Name, t.Labels, len(values)))
	}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return
	}
	r := row{make([]string, len(values)), value}
	for i, at := range t.order {
		r.values[i] = printable(values[at])
	}
	t.rows = append(t.rows, r)
}

// sort orders the samples by their labels. Two with the same labels are an
// error: nobody could say which of them holds.
func (t *table) sort() error {
	slices.SortFunc(t.rows, func(a, b row) int { return slices.Compare(a.values, b.values) })
	for i := 1; i < len(t.rows); i++ {
		if slices.Equal(t.rows[i-1].values, t.rows[i].values) {
			return fmt.Errorf("%s{%s}: two samples with the same labels", t.Name, t.labels(t.rows[i].values))
		}
	}
	return nil
}

// escaper writes a text between the quotation marks of a label.
var escaper = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)

// labels writes the labels of a sample as both text formats do.
func (t *table) labels(values []string) string {
	var b strings.Builder
	for i, name := range t.names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(name + `="` + escaper.Replace(values[i]) + `"`)
	}
	return b.String()
}

// header is the family without its samples.
func (t *table) header() *dto.MetricFamily {
	kind := dto.MetricType_GAUGE
	if t.Kind == Counter {
		kind = dto.MetricType_COUNTER
	}
	return &dto.MetricFamily{Name: &t.Name, Help: &t.Help, Type: &kind}
}

// family makes the family anew, so that who gets it may change it.
func (t *table) family() *dto.MetricFamily {
	f := t.header()
	f.Name, f.Help = new(t.Name), new(t.Help)
	for _, r := range t.rows {
		m := &dto.Metric{}
		for i, name := range t.names {
			m.Label = append(m.Label, &dto.LabelPair{Name: new(name), Value: new(r.values[i])})
		}
		if t.Kind == Counter {
			m.Counter = &dto.Counter{Value: new(r.value)}
		} else {
			m.Gauge = &dto.Gauge{Value: new(r.value)}
		}
		f.Metric = append(f.Metric, m)
	}
	return f
}

// A book is the tables of several families.
type book map[string]*table

// newBook makes a table for each family that is kept.
func newBook(families []Family) book {
	b := book{}
	for _, f := range families {
		b[f.Name] = newTable(f)
	}
	return b
}

// add notes a sample of a family, if the book keeps it.
func (b book) add(name string, value float64, values ...string) {
	if t := b[name]; t != nil {
		t.add(value, values...)
	}
}

// addSome notes a sample of a number that exists, times factor.
func (b book) addSome(name string, value *float64, factor float64, values ...string) {
	if value != nil {
		b.add(name, *value*factor, values...)
	}
}

// sorted gives the tables that have samples, in order of their names.
func (b book) sorted() ([]*table, error) {
	var all []*table
	for _, t := range b {
		if len(t.rows) == 0 {
			continue
		}
		if err := t.sort(); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	slices.SortFunc(all, func(x, y *table) int { return cmp.Compare(x.Name, y.Name) })
	return all, nil
}
