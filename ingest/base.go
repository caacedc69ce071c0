package ingest

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
)

// Base reads one delivery of the customer base. Any bad row is an error, as an
// index over half a base is wrong without saying so: the error is a [*BadBase].
func Base(path string, r io.Reader, opts Options) ([]outage.Customers, *outage.Delivery, error) {
	return base(path, r, "", opts)
}

// BaseFile is [Base] of the file at path.
func BaseFile(path string, opts Options) ([]outage.Customers, *outage.Delivery, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	return base(path, file, path, opts)
}

// BadBase is the error of a base with bad rows.
type BadBase struct {
	Problems []string // the first of them, each with file, sheet, row, column, value and what to do
	Total    int      // how many rows are bad
}

// listedProblems is how many bad rows an error lists.
const listedProblems = 20

// Error lists the problems, one a line.
func (e *BadBase) Error() string {
	text := fmt.Sprintf("%d bad rows in the base:\n  %s", e.Total, strings.Join(e.Problems, "\n  "))
	if more := e.Total - len(e.Problems); more > 0 {
		text += fmt.Sprintf("\n  and %d more", more)
	}
	return text
}

func base(path string, r io.Reader, file string, opts Options) ([]outage.Customers, *outage.Delivery, error) {
	var t *baseTaker
	d, err := deliver(path, r, file, opts, baseRows, func(d *delivering) handler {
		t = &baseTaker{
			run: d, names: opts.Names, clock: newClockwork(d.plan, opts.Zone),
			texts: map[string]string{}, areas: map[string]outage.Area{}, classes: map[string]outage.Class{},
		}
		if t.names == nil {
			t.names = outage.NewNames()
		}
		return t
	})
	if err != nil {
		return nil, nil, err
	}
	return t.rows, d, nil
}

// A baseTaker gathers rows of the base and what is wrong with them.
type baseTaker struct {
	run    *delivering
	names  *outage.Names
	layout *layout
	clock  *clockwork
	sheet  *sheet
	ids    eventReader // reads ids as it does those of events
	rows   []outage.Customers
	bad    BadBase
	kind   outage.Kind // of the first row that names one

	texts   map[string]string // feeders and words that came before
	areas   map[string]outage.Area
	classes map[string]outage.Class
}

// mostAhead is how many rows memory is taken for before they are read.
const mostAhead = 1 << 19

// expect says how many rows there are to come, as far as the file says.
func (t *baseTaker) expect(n int64) { t.rows = slices.Grow(t.rows, int(min(n, mostAhead))) }

func (t *baseTaker) begin(l *layout, s *sheet) {
	t.layout, t.sheet, t.clock.layout = l, s, l
	t.clock.epoch1904 = s.y1904
	t.ids = eventReader{layout: l, sheets: s.excel}
}

// isTime says whether the customers are a number: a row of units has none.
func (t *baseTaker) isTime(cells [][]byte) bool {
	_, ok := parseCount(t.layout.text(fieldCustomers, cells))
	return ok
}

func (t *baseTaker) row(at outage.Row, cells [][]byte) error {
	sheet, row := t.run.delivery.Place(at)
	c := outage.Customers{Path: t.run.path, Sheet: sheet, Row: row}
	if f := t.read(&c, cells); f != nil {
		t.problem(row, f)
		return nil
	}
	t.rows = append(t.rows, c)
	return nil
}

func (t *baseTaker) malformed(at outage.Row, text, problem string) error {
	_, row := t.run.delivery.Place(at)
	t.problem(row, &flaw{noField, shortened([]byte(text)), problem, outage.Malformed.Advice()})
	return nil
}

func (t *baseTaker) finish() error {
	if t.bad.Total > 0 {
		return &t.bad
	}
	return nil
}
