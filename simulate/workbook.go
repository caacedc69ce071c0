package simulate

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// sheetRows is how many rows a sheet takes, title and headers apart; a
// spreadsheet has room for 1 048 576.
const sheetRows = 1_000_000

// workbook writes an XLSX, sheet by sheet. What has been written waits in a
// temporary file until the end.
type workbook struct {
	file   *excelize.File
	stream *excelize.StreamWriter // of the sheet that is being written
	out    io.Writer
	sheet  sheet
	styles map[cellKind]int // and of whole days
	values []any            // of a row
	full   int              // rows of a sheet
	sheets int
	at     int // the row of the sheet, from 1
}

// wholeDay stands beside the kinds for a moment without a time of the day.
const wholeDay cellKind = truth + 1

func newWorkbook(w io.Writer, s sheet) (*workbook, error) {
	b := &workbook{file: excelize.NewFile(), out: w, sheet: s, styles: map[cellKind]int{}, values: make([]any, len(s.headers)), full: sheetRows + 2}
	for _, style := range []struct {
		kind   cellKind
		format string
	}{{hours, "0.00"}, {wholeDay, "yyyy/m/d"}, {moment, "yyyy/m/d h:mm:ss"}} {
		id, err := b.file.NewStyle(&excelize.Style{CustomNumFmt: &style.format})
		if err != nil {
			return nil, fmt.Errorf("write the workbook: %w", err)
		}
		b.styles[style.kind] = id
	}
	return b, nil
}

// sheetName is the name of a sheet, from 1: 模拟数据 says that it is made up.
func sheetName(n int) string {
	if n == 1 {
		return "模拟数据"
	}
	return fmt.Sprintf("模拟数据%d", n)
}

// begin begins a sheet with its title, merged over all columns, and headers.
func (b *workbook) begin() (err error) {
	b.sheets++
	b.at = 0
	name := sheetName(b.sheets)
	if b.sheets == 1 {
		err = b.file.SetSheetName(b.file.GetSheetName(0), name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return err
	}
	if b.stream, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err = b.stream.SetColWidth(1, len(b.sheet.headers), 20); err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(b.sheet.headers), 1)
	if err != nil {
		return err
	}
	if err = b.stream.MergeCell("A1", last); err != nil {
		return err
	}
	headers := make([]cell, len(b.sheet.headers))
	for k, header := range b.sheet.headers {
		headers[k] = textCell(header)
	}
	if err = b.write([]cell{textCell(b.sheet.title)}); err != nil {
		return err
	}
	return b.write(headers)
}

// row writes a row, on another sheet if this one is full.
func (b *workbook) row(cells []cell) error {
	if b.sheets == 0 || b.at >= b.full {
		if err := b.end(); err != nil {
			return err
		}
		if err := b.begin(); err != nil {
			return fmt.Errorf("begin a sheet: %w", err)
		}
	}
	return b.write(cells)
}

// end ends the sheet, if there is one.
func (b *workbook) end() error {
	if b.stream == nil {
		return nil
	}
	return b.stream.Flush()
}

func (b *workbook) write(cells []cell) error {
	b.at++
	for k := range cells {
		b.values[k] = b.value(&cells[k])
	}
	first, err := excelize.CoordinatesToCellName(1, b.at)
	if err != nil {
		return err
	}
	return b.stream.SetRow(first, b.values[:len(cells)])
}

// value is a cell as the spreadsheet keeps it: numbers and dates are numbers. A
// time before 1900, for which it has no day, is a text.
func (b *workbook) value(c *cell) any {
	switch {
	case c.kind == blank:
		return nil
	case c.kind == word:
		return c.text
	case c.kind == count:
		return c.n
	case c.kind == hours:
		return excelize.Cell{StyleID: b.styles[hours], Value: float64(c.n) / 100}
	case c.kind == moment && c.n < earliestSerial:
		return string(c.appendTime(nil, "2006-01-02 15:04:05"))
	case c.kind == moment && c.n%day == 0:
		return excelize.Cell{StyleID: b.styles[wholeDay], Value: c.n/day - firstSerial}
	case c.kind == moment:
		return excelize.Cell{StyleID: b.styles[moment], Value: float64(c.n)/day - firstSerial}
	}
	return string(appendUtility(nil, c))
}

// firstSerial is day 0 of a spreadsheet, 1899-12-30, in days since 1970-01-01;
// earliestSerial is the first second of which its count is right, on 1 March
// 1900.
const (
	firstSerial    = -25569
	earliestSerial = (firstSerial + 61) * day
)

// close ends the last sheet and puts the workbook out.
func (b *workbook) close() error {
	if b.sheets == 0 {
		if err := b.begin(); err != nil {
			return err
		}
	}
	if err := b.end(); err != nil {
		return err
	}
	if err := b.file.Write(b.out); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return b.file.Close()
}
