package compliance

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rows and columns that are smaller than this are not seen.
const (
	leastHeight = 4.0 // points
	leastWidth  = 0.8 // letters
)

// hidden lists what keeps cells from being read, whoever saved the workbook: rows,
// columns and zeros that are hidden, cells that others lie over, formats that a
// condition puts on, and parts that cannot be looked into or are there twice.
func (p *partsOf) hidden() []Item {
	h := &hiding{names: places{}}
	for _, name := range p.twice {
		h.add(name, "there twice")
	}
	for _, name := range p.names {
		if ending := path.Ext(name); ending != ".xml" && ending != ".rels" {
			continue
		}
		if err := h.read(p.sheet(name), p.content[name]); err != nil {
			h.add(name, "cannot be read")
		}
	}
	return h.items
}

// A hiding lists what is hidden in sheets.
type hiding struct {
	names places
	items []Item
	row   int // the number of the last row
}

func (h *hiding) add(place, what string) {
	h.items = append(h.items, Item{Place: h.names.once(place), Value: what, Sort: ALook})
}

// read reads a part.
func (h *hiding) read(sheet string, content []byte) error {
	if !utf8.Valid(content) {
		return errors.New("not UTF-8")
	}
	if !bytes.Contains(content, []byte("sheetData")) {
		return nil
	}
	h.row = 0
	for d := xml.NewDecoder(bytes.NewReader(content)); ; {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok {
			h.element(sheet, e)
		}
	}
}

// element keeps what an element of a sheet hides.
func (h *hiding) element(sheet string, e xml.StartElement) {
	switch e.Name.Local {
	case "row":
		h.row++
		if n, err := strconv.Atoi(value(e, "r")); err == nil {
			h.row = n
		}
		if yes(e, "hidden") || under(e, "ht", leastHeight) {
			n := strconv.Itoa(h.row)
			h.add(sheet+"!"+n+":"+n, "hidden")
		}
	case "col":
		if yes(e, "hidden") || under(e, "width", leastWidth) {
			h.add(sheet+", columns "+value(e, "min")+"–"+value(e, "max"), "hidden")
		}
	case "sheetFormatPr":
		if yes(e, "zeroHeight") || under(e, "defaultRowHeight", leastHeight) || under(e, "defaultColWidth", leastWidth) {
			h.add(sheet+", all rows or columns", "hidden")
		}
	case "sheetView":
		if zeros := value(e, "showZeros"); zeros == "0" || zeros == "false" {
			h.add(sheet+", zeros", "hidden")
		}
	case "mergeCell":
		h.add(sheet+"!"+value(e, "ref"), "merged")
	case "conditionalFormatting":
		h.add(sheet+", conditional formatting", "there")
	}
}

func value(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func yes(e xml.StartElement, name string) bool {
	v := strings.TrimSpace(value(e, name))
	return v == "1" || v == "true"
}

// under says whether a size is given and smaller than can be seen.
func under(e xml.StartElement, name string, least float64) bool {
	v, err := strconv.ParseFloat(strings.TrimSpace(value(e, name)), 64)
	return err == nil && v < least
}
