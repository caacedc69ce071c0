package workbook

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	"github.com/xuri/excelize/v2"
)

// Limits bounds what a hostile or broken workbook can cost.
type Limits struct {
	Columns   int   // cells in one row
	Cell      int   // characters in one cell
	Size      int64 // bytes of all parts unpacked
	Ratio     int64 // unpacked by packed size, beyond RatioFrom
	RatioFrom int64 // bytes unpacked up to which the ratio does not matter
}

// ErrNotWorkbook is a ZIP archive that holds no workbook.
var ErrNotWorkbook = errors.New("a ZIP archive, but not an XLSX workbook (it has no xl/workbook.xml)")

// largestPart bounds in bytes a part that is neither a sheet nor the shared
// strings, as the library keeps those in memory.
const largestPart = 256 << 20

// A Book is an open workbook.
type Book struct {
	file    *excelize.File
	temp    string // the library's temporary files
	limits  Limits
	closing atomic.Bool
	checked chan error // what the check of the sheets' XML found
}

// Open opens the workbook in the file at path. It must be closed.
func Open(path string, limits Limits) (b *Book, err error) {
	if err := inspect(path, limits); err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "saidi-workbook-")
	if err != nil {
		return nil, fmt.Errorf("make room to unpack the workbook: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	file, err := open(path, temp, limits)
	if err != nil {
		return nil, err
	}
	b = &Book{file: file, temp: temp, limits: limits, checked: make(chan error, 1)}
	go b.check(path)
	return b, nil
}

func open(path, temp string, limits Limits) (file *excelize.File, err error) {
	defer guard(&err)
	file, err = excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: limits.Size, UnzipXMLSizeLimit: min(16<<20, limits.Size), TmpDir: temp})
	if err != nil {
		return nil, fmt.Errorf("open the workbook: %w", err)
	}
	return file, nil
}

// guard turns a panic of the library into an error.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the workbook is damaged: %v", p)
	}
}

// inspect checks the archive's directory before anything is unpacked.
func inspect(path string, limits Limits) error {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return fmt.Errorf("open the workbook's archive (cut short?): %w", err)
	}
	defer archive.Close()
	var size, packed int64
	workbook := false
	for _, part := range archive.File {
		if part.UncompressedSize64 > uint64(limits.Size) {
			return tooLarge(limits)
		}
		size += int64(part.UncompressedSize64)
		packed += int64(min(part.CompressedSize64, 1<<40))
		if size > limits.Size {
			return tooLarge(limits)
		}
		if part.UncompressedSize64 > largestPart && !streamed(part.Name) {
			return fmt.Errorf("the workbook's part %s unpacks to more than the limit of %d bytes", part.Name, largestPart)
		}
		workbook = workbook || part.Name == "xl/workbook.xml"
	}
	if size > limits.RatioFrom && size/limits.Ratio > packed {
		return fmt.Errorf("the workbook unpacks to %d bytes, more than the limit of %d times its size", size, limits.Ratio)
	}
	if !workbook {
		return ErrNotWorkbook
	}
	return nil
}

func tooLarge(limits Limits) error {
	return fmt.Errorf("the workbook unpacks to more than the limit of %d bytes", limits.Size)
}

// Sheets lists the visible sheets, and the hidden ones, in order.
func (b *Book) Sheets() (names, hidden []string, err error) {
	defer guard(&err)
	for _, name := range b.file.GetSheetList() {
		visible, err := b.file.GetSheetVisible(name)
		if err != nil {
			return nil, nil, fmt.Errorf("sheet %q: %w", name, err)
		}
		if visible {
			names = append(names, name)
		} else {
			hidden = append(hidden, name)
		}
	}
	return names, hidden, nil
}

// Date1904 says whether the workbook counts days from 1904 instead of 1900.
func (b *Book) Date1904() (is bool, err error) {
	defer guard(&err)
	props, err := b.file.GetWorkbookProps()
	if err != nil {
		return false, fmt.Errorf("workbook properties: %w", err)
	}
	return props.Date1904 != nil && *props.Date1904, nil
}

// Close ends the reading and removes temporary files.
func (b *Book) Close() (err error) {
	b.closing.Store(true)
	if err := <-b.checked; err != nil {
		b.checked <- err // for who asks later
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.temp)) }()
	defer guard(&err)
	return b.file.Close()
}
