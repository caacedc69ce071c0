package ingest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/ingest/delimited"
	"github.com/saidi-exporter/saidi/outage"
)

var repeatedWords = map[string]outage.Repeated{
	"reject": outage.RepeatedReject, "stages": outage.RepeatedStages, "latest": outage.RepeatedLatest, "remaining": outage.RepeatedRemaining,
}

// keys are the keys of a mapping, or of its section for the base, each with
// what decodes it.
func (p *plan) keys(d *document) map[string]func(*yaml.Node) error {
	return map[string]func(*yaml.Node) error{
		"columns":         func(n *yaml.Node) error { return p.decodeColumns(d, n) },
		"values":          func(n *yaml.Node) error { return p.decodeValues(d, n) },
		"zone":            func(n *yaml.Node) (err error) { p.zone, err = d.zoneRule(n); return err },
		"empty":           func(n *yaml.Node) (err error) { p.empty, err = d.words(n); return err },
		"source":          func(n *yaml.Node) (err error) { p.source, err = d.word(n); return err },
		"sheets":          func(n *yaml.Node) (err error) { p.sheets, err = d.words(n); return err },
		"delimiter":       func(n *yaml.Node) error { return p.decodeDelimiter(d, n) },
		"plausible_years": func(n *yaml.Node) error { return p.decodeYears(d, n) },
		"skip_rows":       func(n *yaml.Node) (err error) { p.skipRows, err = d.number(n, 0, 1000); return err },
		"encoding":        func(n *yaml.Node) (err error) { p.encoding, err = d.encoding(n); return err },
		"format": func(n *yaml.Node) (err error) {
			p.format, err = d.oneOf(n, "format", "csv", "tsv", "xlsx", "ndjson", "json", "parquet", "arrow")
			return err
		},
		"repeated": func(n *yaml.Node) error {
			word, err := d.oneOf(n, "meaning of repeated keys", slices.Sorted(maps.Keys(repeatedWords))...)
			p.repeated = repeatedWords[word]
			return err
		},
		"missing_customers": func(n *yaml.Node) error {
			word, err := d.oneOf(n, "meaning of missing customers", "reject", "whole_feeder")
			p.wholeFeeder = word == "whole_feeder"
			return err
		},
	}
}

func (p *plan) decodeColumns(d *document, n *yaml.Node) error {
	return d.pairs(n, func(key, value *yaml.Node) error {
		f, err := p.field(d, key)
		if err != nil {
			return err
		}
		c, err := d.column(f, value)
		p.columns[f] = c
		return err
	})
}

// field finds the field that a key names.
func (p *plan) field(d *document, key *yaml.Node) (field, error) {
	f, ok := fieldOf(key.Value)
	if !ok {
		return f, d.unknown(key, "field", key.Value, fieldNames[:])
	}
	if p.kind == baseRows && !p.kind.has(f) {
		return f, d.errorf(key, "a row of the base has no %s", f)
	}
	return f, nil
}

func (d *document) column(f field, n *yaml.Node) (c column, err error) {
	switch n.Kind {
	case yaml.ScalarNode:
		c.names = []string{n.Value}
	case yaml.SequenceNode:
		c.names, err = d.words(n)
	default:
		err = d.columnTable(f, n, &c)
	}
	if err == nil && !c.given && c.date == "" && (len(c.names) == 0 || slices.Contains(c.names, "")) {
		err = d.errorf(n, "%s: want the name of a column", f)
	}
	if err == nil && f.isTime() && len(c.names) > 1 {
		err = d.errorf(n, "%s: a time in two columns is written {date: …, time: …}", f)
	}
	return c, err
}

func (d *document) columnTable(f field, n *yaml.Node, c *column) error {
	text := func(to *string) func(*yaml.Node) error {
		return func(n *yaml.Node) (err error) { *to, err = d.word(n); return err }
	}
	var name string
	err := d.table(n, map[string]func(*yaml.Node) error{
		"column": text(&name), "date": text(&c.date), "time": text(&c.clock),
		"value": func(n *yaml.Node) error { c.given = true; return text(&c.constant)(n) },
		"layout": func(n *yaml.Node) (err error) {
			if c.layout, err = parseLayout(n.Value); err != nil {
				return d.errorf(n, "%w", err)
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	if name != "" {
		c.names = []string{name}
	}
	return d.checkColumn(f, n, c)
}

func (d *document) checkColumn(f field, n *yaml.Node, c *column) error {
	pair := c.date != "" || c.clock != ""
	switch {
	case pair && (c.date == "" || c.clock == ""):
		return d.errorf(n, "%s: date and time go together", f)
	case (pair || c.layout != nil) && !f.isTime():
		return d.errorf(n, "%s is not a time: it has no date, time or layout", f)
	case btoi(pair)+btoi(len(c.names) > 0)+btoi(c.given) > 1:
		return d.errorf(n, "%s: want a column, a date and a time, or a value, not several of them", f)
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (p *plan) decodeValues(d *document, n *yaml.Node) error {
	return d.pairs(n, func(key, table *yaml.Node) error {
		f, err := p.field(d, key)
		if err != nil {
			return err
		}
		words := map[string][]byte{}
		p.values[f] = words
		return d.pairs(table, func(word, value *yaml.Node) error {
			text, err := d.word(value)
			if err == nil && f == fieldNature {
				err = d.checkNature(value, text)
			}
			words[strings.TrimSpace(word.Value)] = []byte(text)
			return err
		})
	})
}

// checkNature refuses a nature that nobody knows: the right side of the table is
// ours, not the file's.
func (d *document) checkNature(n *yaml.Node, word string) error {
	if _, ok := outage.ParseNature(word); ok {
		return nil
	}
	known := []string{outage.NotAnOutage.String()}
	for nature := range outage.NatureCount {
		known = append(known, outage.Nature(nature).String())
	}
	return d.unknown(n, "nature", word, known)
}

func (d *document) zoneRule(n *yaml.Node) (rule zoneRule, err error) {
	if n.Kind == yaml.ScalarNode {
		rule.fixed, err = d.location(n)
		return rule, err
	}
	rule.words = map[string]*time.Location{}
	err = d.table(n, map[string]func(*yaml.Node) error{
		"column": func(n *yaml.Node) (err error) { rule.column, err = d.word(n); return err },
		"values": func(n *yaml.Node) error {
			return d.pairs(n, func(word, value *yaml.Node) (err error) {
				rule.words[strings.TrimSpace(word.Value)], err = d.location(value)
				return err
			})
		},
	})
	if err == nil && (rule.column == "" || len(rule.words) == 0) {
		err = d.errorf(n, "zone: want Area/City, or {column: …, values: {word: Area/City}}")
	}
	return rule, err
}

func (p *plan) decodeDelimiter(d *document, n *yaml.Node) error {
	word, err := d.word(n)
	if err != nil {
		return err
	}
	if word == "tab" || word == `\t` {
		word = "\t"
	}
	if len(word) != 1 || word[0] >= 0x80 || strings.Contains("\"\r\n", word) {
		return d.errorf(n, "delimiter %q: want one character, such as %s, or tab", word, delimited.Delimiters[:2])
	}
	p.delimiter = word[0]
	return nil
}

func (p *plan) decodeYears(d *document, n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		return d.errorf(n, "plausible_years: want [first, last]")
	}
	for i, item := range n.Content {
		year, err := d.number(item, 1, 9999)
		if err != nil {
			return err
		}
		p.years[i] = year
	}
	if p.years[0] > p.years[1] {
		return d.errorf(n, "plausible_years: the first year is after the last")
	}
	return nil
}
