package columnar

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// A Reader gives the rows of one file in batches.
type Reader struct {
	format  string // for errors
	limits  Limits
	src     source
	columns []Column
	skipped []string
	chosen  []int // places of the columns that are read
	plain   []int // those of them whose texts are not coded
	begun   bool
	err     error // the end, or what broke
	batch   Batch
}

// A source fills the columns of a batch from one format.
type source interface {
	use(columns, plain []int) // before the first fill
	fill(b *Batch) error
}

// open makes a reader that gives all columns.
func open(format string, limits Limits, src source, columns []Column, skipped []string) *Reader {
	r := &Reader{format: format, limits: limits, src: src, columns: columns, skipped: skipped}
	all := make([]int, len(columns))
	for i := range all {
		all[i] = i
	}
	r.choose(all, nil)
	return r
}

// Columns are the flat columns at the top of the file that can be read.
func (r *Reader) Columns() []Column { return slices.Clone(r.columns) }

// Skipped names the other columns at the top: nested and repeated ones, and
// those of a type unknown.
func (r *Reader) Skipped() []string { return slices.Clone(r.skipped) }

// Select names the columns to be read, by their places in [Reader.Columns]; the
// others cost nothing. Without it all are read. It is an error once reading has
// begun and where a place does not exist.
//
// Texts of the columns that are named in plain, too, may come as they are
// instead of as codes, see [Values.Bytes]: that is cheaper where hardly any
// comes twice.
func (r *Reader) Select(columns []int, plain ...int) error {
	if r.begun {
		return errors.New("columns are selected before the first batch")
	}
	for _, c := range columns {
		if c < 0 || c >= len(r.columns) {
			return fmt.Errorf("column %d of %d does not exist", c, len(r.columns))
		}
	}
	r.choose(slices.Clone(columns), slices.Clone(plain))
	return nil
}

func (r *Reader) choose(columns, plain []int) {
	r.chosen, r.plain = columns, plain
	r.batch.Columns = make([]Values, len(columns))
	for i, c := range columns {
		r.batch.Columns[i].Column = r.columns[c]
	}
	r.src.use(columns, plain)
}

// Next gives the next batch, which is valid until the next call, or [io.EOF].
// Any other error says that the file is broken or beyond the limits, and stays.
func (r *Reader) Next() (*Batch, error) {
	r.begun = true
	if r.err == nil {
		r.err = r.next()
	}
	if r.err != nil {
		return nil, r.err
	}
	return &r.batch, nil
}

func (r *Reader) next() (err error) {
	defer guard(&err, r.format)
	if err := r.src.fill(&r.batch); err != nil {
		if err == io.EOF { //nolint:errorlint // a wrapped one is a file that breaks off
			return err
		}
		return fmt.Errorf("%s: %w", r.format, broken(err))
	}
	return nil
}

// broken keeps an end of file that came too early from being taken for the end
// of the rows.
func broken(err error) error {
	if errors.Is(err, errBreaksOff) || !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return errBreaksOff
}

var errBreaksOff = fmt.Errorf("the file breaks off: %w", io.ErrUnexpectedEOF)

// guard turns a panic over a broken file into an error.
func guard(err *error, format string) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%s: the file is broken: %v", format, r)
	}
}
