package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// largestTail is how many bytes of rows a delivery may have in the tail.
const largestTail = 32 << 20

// mostRoom is for how many bytes of rows there is room made beforehand, should
// the first row of a batch be longer than the others.
const mostRoom = 4 << 20

// A parcel gathers the rows of one delivery: few of them in memory, as the tail
// keeps them, many in a file that becomes a segment.
type parcel struct {
	store            *Store
	rows, rejects    []byte // as lines
	stored, rejected int
	file             *columnFile // nil where all rows are in memory
	aside            *os.File    // rejected rows beside it, as lines
	asideOut         *bufio.Writer
	base             []outage.Customers
	isBase           bool
	whole            bool  // the file has all rows
	done             bool  // it was put or discarded
	err              error // what went wrong in adding
}

// Begin begins to gather rows. What it gives is put or discarded at the end.
func (s *Store) Begin() Parcel { return &parcel{store: s} }

// Rows are the numbers of rows that were added, of events or of the base.
func (p *parcel) Rows() (stored, rejected int) {
	if p == nil {
		return 0, 0
	}
	return p.stored, p.rejected
}

// Add adds the rows of a batch, rejected ones too, and keeps nothing of it.
// After an error the parcel is of no use but to be discarded.
func (p *parcel) Add(b *outage.Batch) error {
	if p.err == nil {
		p.err = p.add(b)
	}
	return p.err
}

func (p *parcel) add(b *outage.Batch) error {
	if p.store.lock == nil {
		return ErrReadOnly
	}
	if p.done || p.isBase {
		return errors.New("add rows: the parcel holds a base, or was put already")
	}
	for i := range b.Len() {
		if err := p.addRow(b, i); err != nil {
			return err
		}
	}
	for i := range b.Rejected {
		if err := p.reject(b.Rejected[i]); err != nil {
			return err
		}
	}
	return p.spillIfLarge()
}

func (p *parcel) addRow(b *outage.Batch, i int) error {
	if err := CheckRow(b, i); err != nil {
		return err
	}
	p.stored++
	if p.file != nil {
		return p.file.add(b, i)
	}
	e, before := b.Event(i), len(p.rows)
	p.rows = appendRow(p.rows, &e)
	if i == 0 { // those behind it are about as long
		p.rows = slices.Grow(p.rows, min((len(p.rows)-before)*(b.Len()-1)*9/8, mostRoom))
	}
	return nil
}

func (p *parcel) reject(r outage.Rejection) error {
	fitted(&r.Event)
	p.rejected++
	p.rejects = appendRejection(p.rejects, &r)
	if p.aside == nil {
		return nil
	}
	_, err := p.asideOut.Write(p.rejects)
	p.rejects = p.rejects[:0]
	if err != nil {
		return fmt.Errorf("keep rejected rows: %w", fileError(err))
	}
	return nil
}

// spillIfLarge moves the rows into a file once they are many.
func (p *parcel) spillIfLarge() error {
	if p.file != nil || p.stored+p.rejected <= p.store.options.SegmentRows && len(p.rows)+len(p.rejects) <= largestTail {
		return nil
	}
	var err error
	if p.file, err = createFile(p.store.folder(), "parcel", segmentColumns()); err != nil {
		return err
	}
	if p.aside, err = os.CreateTemp(p.store.folder(), "rejected-*"+temporary); err != nil {
		return fmt.Errorf("keep rejected rows: %w", fileError(err))
	}
	p.asideOut = bufio.NewWriterSize(p.aside, 64<<10)
	if _, err = p.asideOut.Write(p.rejects); err != nil {
		return fmt.Errorf("keep rejected rows: %w", fileError(err))
	}
	rows := p.rows
	p.rows, p.rejects = nil, nil
	return inPortions(bytes.NewReader(rows), p.file)
}

// portion is how many bytes of lines are turned into rows at once.
const portion = 1 << 20

// inPortions puts lines into a file.
func inPortions(r io.Reader, file *columnFile) error {
	in, batch := bufio.NewReaderSize(r, 64<<10), outage.NewBatch(outage.NewDict())
	var lines []byte
	for {
		line, err := in.ReadSlice('\n')
		lines = append(lines, line...)
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		if !ended && (err != nil || len(lines) < portion) {
			continue
		}
		batch.Reset()
		if err := decodeRows(batch, lines); err != nil {
			return err
		}
		if err := putBatch(batch, file); err != nil || ended {
			return err
		}
		lines = lines[:0]
	}
}

func putBatch(b *outage.Batch, file *columnFile) error {
	for i := range b.Len() {
		if err := file.add(b, i); err != nil {
			return err
		}
	}
	for i := range b.Rejected {
		if err := file.reject(&b.Rejected[i]); err != nil {
			return err
		}
	}
	return nil
}

// AddBase adds rows of the base, and keeps them until the parcel is put.
func (p *parcel) AddBase(rows []outage.Customers) error {
	if p.err == nil {
		p.err = p.addBase(rows)
	}
	return p.err
}

func (p *parcel) addBase(rows []outage.Customers) error {
	if p.store.lock == nil {
		return ErrReadOnly
	}
	if p.done || !p.isBase && p.stored+p.rejected > 0 {
		return errors.New("add a base: the parcel holds events, or was put already")
	}
	for i := range rows {
		if err := CheckCustomers(&rows[i]); err != nil {
			return err
		}
	}
	p.isBase = true
	p.base = append(p.base, rows...)
	p.stored += len(rows)
	return nil
}

// validity says whether a bound of a validity can be stored.
func validity(t, always int64) bool { return t == always || t >= earliest && t <= latest }

// ready makes all rows durable that have a file, so that only the catalogue is
// left to be written.
func (p *parcel) ready() error {
	if p == nil || p.whole {
		return nil
	}
	if p.err == nil {
		p.err = p.finish()
	}
	return p.err
}

func (p *parcel) finish() (err error) {
	p.whole = true
	switch {
	case p.isBase:
		if p.file, err = writeBase(p.store.folder(), p.base); err != nil {
			return err
		}
		return p.file.finish()
	case p.file == nil:
		return nil
	}
	if err := p.asideOut.Flush(); err != nil {
		return fmt.Errorf("keep rejected rows: %w", fileError(err))
	}
	if _, err := p.aside.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("keep rejected rows: %w", err)
	}
	if err := inPortions(p.aside, p.file); err != nil {
		return err
	}
	p.dropAside()
	return p.file.finish()
}

func (p *parcel) dropAside() {
	if p.aside != nil {
		_ = p.aside.Close()
		_ = os.Remove(p.aside.Name())
		p.aside = nil
	}
}

// Discard gives up what was gathered and not put. It may always be called.
func (p *parcel) Discard() {
	if p == nil || p.done {
		return
	}
	p.done = true
	p.dropAside()
	if p.file != nil {
		p.file.discard()
	}
	p.rows, p.rejects, p.base = nil, nil, nil
}

// stowed ends a parcel whose rows are in the store.
func (p *parcel) stowed() {
	if p == nil || p.done {
		return
	}
	p.done = true
	if p.file != nil {
		_ = p.file.file.Close()
	}
	p.rows, p.rejects, p.base = nil, nil, nil
}
