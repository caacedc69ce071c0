package compliance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readWorkbook reads a workbook, cell by cell: places are a sheet and a cell. What
// is hidden, and what lies over the cells, counts too.
func readWorkbook(data []byte) (p *Paper, failed error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: largestRead, UnzipXMLSizeLimit: largestRead})
	if err != nil {
		return nil, fmt.Errorf("read the workbook: %w", err)
	}
	defer func() { failed = errors.Join(failed, f.Close()) }()
	if !slices.Contains(f.GetSheetList(), stampSheet) {
		return nil, ErrNoReport
	}
	p = &Paper{Form: "xlsx", Items: overCells(f)}
	for _, sheet := range f.GetSheetList() {
		items, err := readSheet(f, sheet)
		if err != nil {
			return nil, fmt.Errorf("read the sheet %s: %w", sheet, err)
		}
		p.Items = append(p.Items, items...)
	}
	p.Stamp, err = stampOfSheet(f)
	return p, err
}

// overCells lists the parts of a workbook that can hide what its cells say, or do
// something; a report has none.
func overCells(f *excelize.File) []Item {
	var names []string
	f.Pkg.Range(func(key, value any) bool {
		name, _ := key.(string)
		content, _ := value.([]byte)
		if covers(name, content) {
			names = append(names, name)
		}
		return true
	})
	slices.Sort(names)
	var items []Item
	for _, name := range names {
		items = append(items, Item{Place: name, Value: "there", Sort: ALook})
	}
	return items
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

// readRow reads the cells of a row.
func readRow(f *excelize.File, sheet string, row int, values, shown []string, items []Item) ([]Item, error) {
	for i := range max(len(values), len(shown)) {
		cell, err := excelize.CoordinatesToCellName(i+1, row)
		if err != nil {
			return nil, err
		}
		item := Item{Place: sheet + "!" + cell, Sort: AText}
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
