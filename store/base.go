package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// The columns of a file of the base, in their order.
const (
	basePath = iota
	baseSheet
	baseRow
	baseFeeder
	baseUnit
	baseArea
	baseClass
	baseCustomers
	baseFrom
	baseTo
	baseCapacity
	baseKind
	baseCount
)

func baseColumns() []columnar.Column {
	columns := make([]columnar.Column, baseCount)
	for i, name := range []string{
		"path", "sheet", "row", "feeder_id", "unit_id", "area", "class", "customers", "valid_from", "valid_to", "capacity_kva", "customer_kind",
	} {
		columns[i] = columnar.Column{Name: name, Kind: columnar.Text}
	}
	columns[baseRow].Kind, columns[baseCustomers].Kind = columnar.Integer, columnar.Integer
	columns[baseFrom].Kind, columns[baseFrom].HasZone = columnar.Moment, true
	columns[baseTo].Kind, columns[baseTo].HasZone = columnar.Moment, true
	columns[baseCapacity].Kind = columnar.Float
	return columns
}

// writeBase writes rows of the base into a file.
func writeBase(folder string, rows []outage.Customers) (*columnFile, error) {
	c, err := createFile(folder, "base", baseColumns())
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := c.addCustomers(&rows[i]); err != nil {
			c.discard()
			return nil, err
		}
	}
	return c, nil
}

func (c *columnFile) addCustomers(r *outage.Customers) error {
	t := c.table
	for _, f := range []struct {
		column int
		text   string
	}{
		{basePath, r.Path}, {baseSheet, r.Sheet}, {baseFeeder, r.Feeder}, {baseUnit, r.Unit},
		{baseArea, string(r.Area)}, {baseClass, string(r.Class)}, {baseKind, string(r.Kind)},
	} {
		if err := t.text(f.column, f.text); err != nil {
			return fmt.Errorf("write the base: %w", err)
		}
	}
	t.integer(baseRow, int64(r.Row), -1)
	t.integer(baseCustomers, r.Customers, -1)
	t.optional(baseFrom, r.ValidFrom, outage.AlwaysFrom)
	t.optional(baseTo, r.ValidTo, outage.AlwaysTo)
	t.float(baseCapacity, r.CapacityKVA)
	t.Rows++
	return c.turn()
}

// readBase reads a file of the base whose sums are checked first.
func readBase(path string, want sums, rows int64) ([]outage.Customers, error) {
	f, err := openChecked(path, want)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := columnar.OpenParquet(f, want.bytes, trusted())
	if err != nil {
		return nil, damaged(path, err.Error())
	}
	list := make([]outage.Customers, 0, rows)
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, damaged(path, err.Error())
		}
		if len(b.Columns) != baseCount {
			return nil, damaged(path, fmt.Sprintf("it has %d columns, want %d", len(b.Columns), baseCount))
		}
		list = slices.Grow(list, b.Rows)
		for i := range b.Rows {
			list = append(list, customers(b.Columns, i))
		}
	}
	if int64(len(list)) != rows {
		return nil, damaged(path, fmt.Sprintf("it has %d rows, want %d", len(list), rows))
	}
	return list, nil
}

// customers is a row of the base.
func customers(columns []columnar.Values, i int) outage.Customers {
	text := func(column int) string {
		v := &columns[column]
		if v.IsNull(i) {
			return ""
		}
		return unsealed(v.Dict.Text(v.Text[i]))
	}
	number := func(column int, none int64) int64 {
		v := &columns[column]
		if v.IsNull(i) {
			return none
		}
		return v.Int[i]
	}
	r := outage.Customers{
		Path: text(basePath), Sheet: text(baseSheet), Row: int(number(baseRow, 0)), Feeder: text(baseFeeder), Unit: text(baseUnit),
		Area: outage.Area(text(baseArea)), Class: outage.Class(text(baseClass)), Kind: outage.Kind(text(baseKind)), Customers: number(baseCustomers, 0),
		ValidFrom: number(baseFrom, outage.AlwaysFrom), ValidTo: number(baseTo, outage.AlwaysTo),
	}
	if v := &columns[baseCapacity]; !v.IsNull(i) {
		r.CapacityKVA = v.Float[i]
	}
	return r
}

// damaged says that a file is not what was written, and what to do.
func damaged(path, what string) error {
	return faultf(ErrCorrupt, "%s: the store is damaged: %s; restore the store from a backup; saidi store verify lists what is damaged", path, what)
}

// openChecked opens a file once its size and sum are found right.
func openChecked(path string, want sums) (*os.File, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, damaged(path, "the file is missing")
	}
	if err != nil {
		return nil, fmt.Errorf("read a segment: %w", err)
	}
	if err := check(f, want); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func check(f *os.File, want sums) error {
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("read a segment: %w", err)
	}
	if info.Size() != want.bytes {
		return damaged(f.Name(), fmt.Sprintf("it has %d bytes, want %d", info.Size(), want.bytes))
	}
	crc, err := addUp(f, nil)
	if err != nil {
		return fmt.Errorf("read %s: %w", f.Name(), err)
	}
	if int64(crc) != want.crc {
		return damaged(f.Name(), fmt.Sprintf("its CRC-32C is %08x, want %08x", crc, want.crc))
	}
	return nil
}

// Base gives what is in force of the base as known at a sequence (0: now): of
// each name the file or push that came last.
func (s *Store) Base(ctx context.Context, until int64) ([]BasePart, error) {
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	defer v.close()
	cut, err := v.cut(ctx, until)
	if err != nil {
		return nil, err
	}
	files, err := v.bases(ctx, cut)
	if err != nil {
		return nil, err
	}
	var parts []BasePart
	for _, f := range files {
		rows, err := readBase(filepath.Join(s.folder(), f.name), f.sums, f.rows)
		if err != nil {
			return nil, err
		}
		info := f.info
		parts = append(parts, BasePart{
			Stream: info.Stream, Delivery: info.ID, SHA256: info.SHA256, Received: info.Received, Covers: info.Covers, Rows: rows,
		})
	}
	return parts, nil
}

// A baseFile is a file of the base.
type baseFile struct {
	name string
	sums
	rows int64
	info DeliveryInfo
}

// microseconds is an instant as the store counts it.
func microseconds(t time.Time) int64 { return t.UnixMicro() }

// instant is what microseconds counted.
func instant(us int64) time.Time { return time.UnixMicro(us).UTC() }
