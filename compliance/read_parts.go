package compliance

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// partsOf are the parts of a workbook, before anything is made of them.
type partsOf struct {
	content map[string][]byte
	names   []string          // sorted
	twice   []string          // names that the archive has more than once
	sheets  map[string]string // the names of sheets, by those of their parts
}

// newPartsOf takes the parts of a workbook that was opened and not looked into yet.
func newPartsOf(f *excelize.File, data []byte) *partsOf {
	p := &partsOf{content: map[string][]byte{}}
	f.Pkg.Range(func(key, value any) bool {
		name, _ := key.(string)
		content, _ := value.([]byte)
		p.content[name] = content
		return true
	})
	p.names = slices.Sorted(maps.Keys(p.content))
	if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		seen := map[string]bool{}
		for _, file := range z.File {
			name := strings.ToLower(strings.ReplaceAll(file.Name, `\`, "/"))
			if seen[name] {
				p.twice = append(p.twice, file.Name)
			}
			seen[name] = true
		}
	}
	p.sheets = p.namesOfSheets()
	return p
}

// namesOfSheets finds which part is which sheet; one that is not found is named by
// its part.
func (p *partsOf) namesOfSheets() map[string]string {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	all := map[string]string{}
	if xml.Unmarshal(p.content["xl/workbook.xml"], &book) != nil || xml.Unmarshal(p.content["xl/_rels/workbook.xml.rels"], &links) != nil {
		return all
	}
	for _, s := range book.Sheets {
		for _, l := range links.All {
			target := strings.TrimPrefix(l.Target, "/")
			if !strings.HasPrefix(l.Target, "/") {
				target = path.Join("xl", target)
			}
			if l.ID == s.ID {
				all[target] = s.Name
			}
		}
	}
	return all
}

// sheet is the name of the sheet of a part.
func (p *partsOf) sheet(name string) string {
	if sheet, ok := p.sheets[name]; ok {
		return sheet
	}
	return name
}

// exactly lists all that a workbook holds but for what stands in its cells, to the
// byte: of a sheet row by row.
func (p *partsOf) exactly() []Item {
	var items []Item
	once := places{}
	add := func(place string, content []byte) {
		sum := sha256.Sum256(content)
		items = append(items, Item{Place: once.once(place), Value: hex.EncodeToString(sum[:]), Sort: AStyle})
	}
	for _, name := range p.names {
		content := p.content[name]
		before, rest, begun := bytes.Cut(content, []byte("<sheetData>"))
		rows, after, ended := bytes.Cut(rest, []byte("</sheetData>"))
		if !begun || !ended {
			add(name, content)
			continue
		}
		sheet := p.sheet(name)
		add(fmt.Sprintf("%s (%s)", sheet, name), append(append(slices.Clone(before), '|'), after...))
		for row := range bytes.SplitSeq(rows, []byte("</row>")) {
			add(sheet+"!"+rowNumber(row), emptied.ReplaceAll(row, []byte("<$1$2></")))
		}
	}
	return items
}

// emptied matches what stands in a cell: a value, a formula, a text.
var emptied = regexp.MustCompile(`<(v|f|t)( [^<>]*)?>[^<]*</`)

// numbered matches the beginning of a row.
var numbered = regexp.MustCompile(`^<row(?: [^<>]*)? r="([0-9]+)"`)

// rowNumber names a row as workbooks name whole rows: 7:7.
func rowNumber(row []byte) string {
	if m := numbered.FindSubmatch(row); m != nil {
		return fmt.Sprintf("%s:%s", m[1], m[1])
	}
	return "…"
}
