package compliance

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"

	"github.com/xuri/excelize/v2"
)

// A packing takes the parts of a workbook as they come, and writes them in the
// order of their names, without times: the same parts give the same bytes. Where
// the parts of sheets have no rows, it puts those that are given, which so never
// stand in memory together.
type packing struct {
	parts map[string]*bytes.Buffer
	rows  map[string]func(io.Writer) error // by the name of the part
}

// begin takes the place of a ZIP writer.
func (p *packing) begin(io.Writer) excelize.ZipWriter {
	p.parts = map[string]*bytes.Buffer{}
	return p
}

// Create begins a part.
func (p *packing) Create(name string) (io.Writer, error) {
	part := &bytes.Buffer{}
	p.parts[name] = part
	return part, nil
}

// AddFS is not asked for.
func (p *packing) AddFS(fs.FS) error { return errors.New("a workbook has no folder of files") }

// Close leaves all to [packing.write].
func (p *packing) Close() error { return nil }

// write writes the workbook.
func (p *packing) write(w io.Writer) error {
	out := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(p.parts)) {
		part, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if err := p.fill(part, name); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return out.Close()
}

// fill writes a part, with its rows if it is a sheet.
func (p *packing) fill(w io.Writer, name string) error {
	text := p.parts[name].Bytes()
	rows, ok := p.rows[name]
	if !ok {
		_, err := w.Write(text)
		return err
	}
	before, after, ok := bytes.Cut(text, []byte("<sheetData></sheetData>"))
	if !ok {
		return errors.New("the sheet has no place for rows")
	}
	if _, err := w.Write(append(before, "<sheetData>"...)); err != nil {
		return err
	}
	if err := rows(w); err != nil {
		return err
	}
	_, err := w.Write(append([]byte("</sheetData>"), after...))
	return err
}
