package compliance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readWorkbook reads a workbook, cell by cell: places are a sheet and a cell. What
// is hidden, and what lies over the cells, counts too; and of a workbook that no
// other program saved again, everything else.
func readWorkbook(data []byte) (p *Paper, failed error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: largestRead, UnzipXMLSizeLimit: largestRead})
	if err != nil {
		return nil, fmt.Errorf("read the workbook: %w", err)
	}
	defer func() { failed = errors.Join(failed, f.Close()) }()
	if !slices.Contains(f.GetSheetList(), stampSheet) {
		return nil, ErrNoReport
	}
	book := newPartsOf(f, data)
	p = &Paper{Form: "xlsx", Items: append(overCells(book), book.hidden()...)}
	if p.Stamp, err = stampOfSheet(f); err != nil {
		return nil, err
	}
	if p.SavedBy, err = savedBy(f); err != nil {
		return nil, err
	}
	if p.SavedBy == "" {
		p.Parts = book.exactly()
	}
	p.Items = append(p.Items, Item{Place: p.Stamp.Language.Say("verify.order"), Value: strings.Join(f.GetSheetList(), "/"), Sort: ALook})
	for _, sheet := range f.GetSheetList() {
		items, err := readSheet(f, sheet)
		if err != nil {
			return nil, fmt.Errorf("read the sheet %s: %w", sheet, err)
		}
		p.Items = append(p.Items, items...)
		p.Lengths = append(p.Lengths, Length{sheet, p.Stamp.Language.Say("verify.sheet", sheet), lastRow(items)})
	}
	once := places{}
	for i := range p.Items {
		p.Items[i].Place = once.once(p.Items[i].Place)
	}
	return p, nil
}

// overCells lists the parts of a workbook that can hide what its cells say, or do
// something; a report has none.
func overCells(book *partsOf) []Item {
	var items []Item
	for _, name := range book.names {
		if covers(name, book.content[name]) {
			items = append(items, Item{Place: name, Value: "there", Sort: ALook})
		}
	}
	return items
}

// savedBy is the program that saved a workbook again; empty where none did.
func savedBy(f *excelize.File) (string, error) {
	p, err := f.GetAppProps()
	if err != nil {
		return "", fmt.Errorf("read which program saved the workbook: %w", err)
	}
	if p.Application == application {
		return "", nil
	}
	return cmp.Or(p.Application, "?"), nil
}

// covers says whether a part can hide what cells say. Programs put empty drawings
// into what they save.
func covers(name string, content []byte) bool {
	for _, start := range []string{"xl/media", "xl/externalLinks", "xl/comments", "xl/vba"} {
		if strings.HasPrefix(name, start) {
			return true
		}
	}
	return strings.HasPrefix(name, "xl/drawings/") && (bytes.Contains(content, []byte("Anchor")) || bytes.Contains(content, []byte("shape")))
}

// readSheet reads the cells of a sheet row by row, as they are kept and as they are
// shown.
func readSheet(f *excelize.File, sheet string) (items []Item, failed error) {
	visible, err := f.GetSheetVisible(sheet)
	if err != nil {
		return nil, err
	}
	items = []Item{{Place: sheet, Value: "hidden", Sort: ALook}}
	if visible {
		items[0].Value = "visible"
	}
	raw, err := f.Rows(sheet)
	if err != nil {
		return nil, err
	}
	defer func() { failed = errors.Join(failed, raw.Close()) }()
	seen, err := f.Rows(sheet)
	if err != nil {
		return nil, err
	}
	defer func() { failed = errors.Join(failed, seen.Close()) }()
	for row := 1; raw.Next() && seen.Next(); row++ {
		values, err := raw.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, err
		}
		shown, err := seen.Columns()
		if err != nil {
			return nil, err
		}
		if items, err = readRow(f, sheet, row, values, shown, items); err != nil {
			return nil, err
		}
	}
	return items, errors.Join(raw.Error(), seen.Error())
}

// lastRow is the number of the last row that holds anything; 0 without one.
func lastRow(items []Item) int {
	place := items[len(items)-1].Place
	_, row, err := excelize.CellNameToCoordinates(place[strings.LastIndexByte(place, '!')+1:])
	if err != nil || items[len(items)-1].Table == "" {
		return 0
	}
	return row
}

// readRow reads the cells of a row.
func readRow(f *excelize.File, sheet string, row int, values, shown []string, items []Item) ([]Item, error) {
	for i := range max(len(values), len(shown)) {
		cell, err := excelize.CoordinatesToCellName(i+1, row)
		if err != nil {
			return nil, err
		}
		item := Item{Place: sheet + "!" + cell, Table: sheet, Sort: AText}
		if i < len(values) {
			item.Value = values[i]
		}
		if i < len(shown) {
			item.Shown = shown[i]
		}
		if item.Formula, err = f.GetCellFormula(sheet, cell); err != nil {
			return nil, err
		}
		kind, err := f.GetCellType(sheet, cell)
		if err != nil {
			return nil, err
		}
		if v, err := strconv.ParseFloat(item.Value, 64); err == nil && (kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber) {
			item.Sort, item.Value, item.Resaved = ANumber, strconv.FormatFloat(v, 'g', -1, 64), true
		}
		if sheet == stampSheet && row == 1 {
			item.Sort = AStyle // what the stamp says is asked again
		}
		if item.Value != "" || item.Shown != "" || item.Formula != "" {
			items = append(items, item)
		}
	}
	return items, nil
}

// stampOfSheet reads the sheet that is for machines.
func stampOfSheet(f *excelize.File) (s Stamp, err error) {
	rows, err := f.GetRows(stampSheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return s, fmt.Errorf("read the sheet %s: %w", stampSheet, err)
	}
	for i, row := range rows {
		if len(row) == 0 {
			continue
		}
		var in Input
		into := any(&in)
		if i == 0 {
			into = &s
		}
		if err := json.Unmarshal([]byte(row[0]), into); err != nil {
			return s, fmt.Errorf("read the sheet %s: %w", stampSheet, err)
		}
		if i > 0 {
			s.Inputs = append(s.Inputs, in)
		}
	}
	if s.Policy.SHA256 == "" {
		return s, ErrNoReport
	}
	return s, nil
}
