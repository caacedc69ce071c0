package compliance

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
)

// deepest bounds how far the values of a JSON stand in each other.
const deepest = 64

// readJSON reads the report as JSON, value by value: places are paths such as
// targets[3].value_hours.
func readJSON(data []byte) (*Paper, error) {
	p := &Paper{Form: "json"}
	var err error
	if p.Stamp, err = stampOfJSON(data); err != nil {
		return nil, err
	}
	f := &flattening{decoder: json.NewDecoder(bytes.NewReader(data)), places: places{}}
	f.decoder.UseNumber()
	if err := f.value("", 0); err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	if _, err := f.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read the report: more stands behind the end of its JSON")
	}
	p.Items = f.items
	return p, nil
}

// A flattening turns JSON into items.
type flattening struct {
	decoder *json.Decoder
	places  places
	items   []Item
}

func (f *flattening) add(path, value string, s Sort) {
	f.items = append(f.items, Item{Place: f.places.once(path), Value: value, Sort: s, Plain: s == ANumber})
}

// word adds what is neither a number nor a text.
func (f *flattening) word(path, value string) {
	f.items = append(f.items, Item{Place: f.places.once(path), Value: value, Sort: AText, Word: true})
}

// value reads the value at a path.
func (f *flattening) value(path string, depth int) error {
	token, err := f.decoder.Token()
	switch {
	case err != nil:
		return err
	case depth > deepest:
		return fmt.Errorf("%s: values stand in each other more than %d deep", path, deepest)
	}
	switch v := token.(type) {
	case json.Delim:
		return f.inside(path, v, depth)
	case json.Number:
		f.add(path, v.String(), ANumber)
	case string:
		f.add(path, v, AText)
	case nil:
		f.word(path, null)
	default:
		f.word(path, fmt.Sprint(v))
	}
	return nil
}

// inside reads the values of a list or an object. One without any is a value too.
func (f *flattening) inside(path string, begin json.Delim, depth int) error {
	n := 0
	for ; f.decoder.More(); n++ {
		at := fmt.Sprintf("%s[%d]", path, n)
		if begin == '{' {
			key, err := f.decoder.Token()
			if err != nil {
				return err
			}
			at = fmt.Sprint(key)
			if path != "" {
				at = path + "." + at
			}
		}
		if err := f.value(at, depth+1); err != nil {
			return err
		}
	}
	end, err := f.decoder.Token()
	if n == 0 && err == nil {
		f.word(path, fmt.Sprintf("%v%v", begin, end))
	}
	return err
}

// stampOfJSON takes from the JSON of a report what it says of itself. It shows a
// year that was asked for by the windows it has.
func stampOfJSON(data []byte) (Stamp, error) {
	var s struct { // no more than is needed: what else is wrong is found value by value
		SchemaVersion int                 `json:"schema_version"`
		Provenance    snapshot.Provenance `json:"provenance"`
		Indices       []windowShown       `json:"indices"`
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return Stamp{}, fmt.Errorf("read the report: %w", err)
	}
	v := &s.Provenance
	if s.SchemaVersion != snapshot.SchemaVersion || v.Policy.SHA256 == "" {
		return Stamp{}, ErrNoReport
	}
	stamp := Stamp{
		Program: v.Program, TZData: v.TZData, Policy: v.Policy, BaseSHA256: v.BaseSHA256, MappingSHA256: v.MappingSHA256, LedgerSHA256: v.LedgerSHA256,
		Asked: snapshot.Asked{AsOf: v.AsOf, KnownAt: v.KnownAt},
	}
	for i := range v.Inputs {
		stamp.Inputs = append(stamp.Inputs, Input{v.Inputs[i].Path, v.Inputs[i].SHA256})
	}
	for _, n := range v.Notes { // of which JSON keeps the English alone
		text := n.String()
		stamp.Today = stamp.Today || strings.HasPrefix(text, "no row was accepted; as-of is")
		stamp.Future = stamp.Future || strings.HasPrefix(text, "as-of lies after now")
		if path, _, ok := strings.Cut(text, ": "); ok {
			stamp.take(path)
		}
	}
	stamp.Asked.Year, stamp.Asked.Window = shown(s.Indices)
	return stamp, nil
}

// A windowShown is the window of an entry.
type windowShown struct{ Window, From, To string }

// shown finds the year or window that a report shows; neither where it shows two
// years, as it does if none is asked for.
func shown(entries []windowShown) (year int, window string) {
	var years []int
	for _, e := range entries {
		switch e.Window {
		case snapshot.Custom:
			return 0, e.From + ".." + e.To
		case snapshot.YearToDate, snapshot.WholeYear:
			if from, err := time.Parse(time.RFC3339, e.From); err == nil && !slices.Contains(years, from.Year()) {
				years = append(years, from.Year())
			}
		}
	}
	if len(years) == 1 {
		return years[0], ""
	}
	return 0, ""
}

// readCSV reads a report as CSV, field by field: places are a line and the name of
// a column.
func readCSV(data []byte) (*Paper, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil || !slices.Contains(head, "scope") || !slices.Contains(head, "class") {
		return nil, ErrNoReport
	}
	p := &Paper{Form: "csv", Head: head}
	names := places{}
	for i, name := range head {
		p.Items = append(p.Items, Item{Place: names.once("head, column " + strconv.Itoa(i+1)), Value: name, Sort: AText})
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the report: %w", err)
		}
		line, _ := r.FieldPos(0)
		for i, value := range row {
			column := "column " + strconv.Itoa(i+1)
			if i < len(head) {
				column = head[i]
			}
			p.Items = append(p.Items, Item{Place: names.once("line " + strconv.Itoa(line) + ", " + column), Value: value, Sort: sortOf(value), Plain: sortOf(value) == ANumber})
		}
	}
}
