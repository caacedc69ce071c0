package ingest

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/internal/spelling"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// Covers is a period for which a mapping declares that its deliveries hold
// every outage: local days, From inclusive and To exclusive, of the areas named
// or, if there are none, of all.
type Covers struct {
	From, To period.Day
	Areas    []*yaml.Node // the words, which only the policy's names can tell
}

// covers reads one table or a list of them.
func (d *document) covers(node *yaml.Node) (all []Covers, err error) {
	if node.Kind != yaml.SequenceNode {
		c, err := d.oneCovers(node)
		return []Covers{c}, err
	}
	for _, item := range node.Content {
		c, err := d.oneCovers(resolve(item))
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func (d *document) oneCovers(node *yaml.Node) (c Covers, err error) {
	err = d.table(node, map[string]func(*yaml.Node) error{
		"from": func(n *yaml.Node) (err error) { c.From, err = d.day(n); return err },
		"to":   func(n *yaml.Node) (err error) { c.To, err = d.day(n); return err },
		"areas": func(n *yaml.Node) error {
			if _, err := d.words(n); err != nil {
				return err
			}
			c.Areas = n.Content
			return nil
		},
	})
	if err == nil && (c.From == 0 || c.To == 0 || c.From >= c.To) {
		err = d.errorf(node, "covers: want from and, later, to")
	}
	return c, err
}

// day is a local date; no period of outages begins on 1 January 1970, which is
// day 0.
func (d *document) day(n *yaml.Node) (period.Day, error) {
	text, err := d.date(n)
	if err != nil {
		return 0, err
	}
	at, _ := time.Parse(time.DateOnly, text) // d.date has read it
	return period.DayOfDate(at.Date()), nil
}

// CheckAreas reports an area that the mapping names and nobody knows.
func (m *Mapping) CheckAreas(names *outage.Names) error {
	_, err := m.declared(names, time.UTC)
	return err
}

// declared gives what the mapping declares, in the words of the policy.
func (m *Mapping) declared(names *outage.Names, zone *time.Location) ([]outage.Covers, error) {
	if m == nil || len(m.covers) == 0 {
		return nil, nil
	}
	if names == nil {
		names = outage.NewNames()
	}
	var all []outage.Covers
	for _, c := range m.covers {
		one := outage.Covers{Period: period.Period{From: c.From.Start(zone), To: c.To.Start(zone)}}
		for _, n := range c.Areas {
			area, ok := names.Area(resolve(n).Value)
			if !ok {
				return nil, unknownArea(&document{m.Name}, n, names)
			}
			one.Areas = append(one.Areas, area)
		}
		slices.Sort(one.Areas)
		all = append(all, one)
	}
	return all, nil
}

func unknownArea(d *document, n *yaml.Node, names *outage.Names) error {
	if near := spelling.Nearest(n.Value, names.AreaWords()); near != "" {
		return d.errorf(n, "covers: area %q is not one of the policy; the nearest known is %q", n.Value, near)
	}
	return d.errorf(n, "covers: area %q is not one of the policy", n.Value)
}
