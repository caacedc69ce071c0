package ingest

import (
	"fmt"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
)

// A flaw is what is wrong with a row of the base.
type flaw struct {
	field  field
	value  string
	what   string
	advice string
}

// problem notes the flaw of a row.
func (t *baseTaker) problem(row int, f *flaw) {
	t.bad.Total++
	if len(t.bad.Problems) == listedProblems {
		return
	}
	place := []string{t.run.path}
	if t.sheet.name != "" {
		place = append(place, fmt.Sprintf("sheet %q", t.sheet.name))
	}
	place = append(place, fmt.Sprintf("row %d", row))
	if f.field != noField {
		header := t.layout.places[f.field].header
		if header == "" {
			header = f.field.String()
		}
		place = append(place, fmt.Sprintf("column %q", header))
	}
	t.bad.Problems = append(t.bad.Problems, fmt.Sprintf("%s: value %q: %s: %s", strings.Join(place, ", "), f.value, f.what, f.advice))
}

// read takes the cells of a row.
func (t *baseTaker) read(c *outage.Customers, cells [][]byte) *flaw {
	l := t.layout
	c.Feeder = t.kept(t.ids.name(fieldFeeder, cells))
	c.Unit = string(t.ids.name(fieldUnit, cells))
	area := t.kept(l.text(fieldArea, cells))
	id, ok := t.area(area)
	switch {
	case area == "":
		return t.flaw(fieldArea, cells, "no area", "name one of the policy's areas")
	case !ok:
		return t.flaw(fieldArea, cells, "not an area of the policy", "correct it, add the word to the area's match list in the policy, or to values: {area: …} in the mapping")
	}
	c.Area, c.Class = id, outage.Unclassified
	if class := t.kept(l.text(fieldClass, cells)); class != "" && class != string(outage.Unclassified) {
		if c.Class, ok = t.class(class); !ok {
			return t.flaw(fieldClass, cells, "not a class of the policy", "correct it, leave it empty, or add it to values: {class: …} in the mapping")
		}
	}
	if f := t.numbers(c, cells); f != nil {
		return f
	}
	return t.validity(c, cells)
}

// kept is one string for all rows with the same text.
func (t *baseTaker) kept(text []byte) string {
	if known, ok := t.texts[string(text)]; ok {
		return known
	}
	s := string(text)
	t.texts[s] = s
	return s
}

// area is [outage.Names.Area], of which each word is asked once.
func (t *baseTaker) area(word string) (outage.Area, bool) {
	id, ok := t.areas[word]
	if !ok {
		if id, ok = t.names.Area(word); ok {
			t.areas[word] = id
		}
	}
	return id, ok
}

// class is [outage.Names.Class], of which each word is asked once.
func (t *baseTaker) class(word string) (outage.Class, bool) {
	id, ok := t.classes[word]
	if !ok {
		if id, ok = t.names.Class(word); ok {
			t.classes[word] = id
		}
	}
	return id, ok
}

func (t *baseTaker) flaw(f field, cells [][]byte, what, advice string) *flaw {
	value := ""
	if p := &t.layout.places[f]; p.bound {
		value = shortened(t.layout.raw(p, cells))
	}
	return &flaw{f, value, what, advice}
}

// numbers takes customers, capacity and what a customer is.
func (t *baseTaker) numbers(c *outage.Customers, cells [][]byte) *flaw {
	text := t.layout.text(fieldCustomers, cells)
	if text == nil {
		return t.flaw(fieldCustomers, cells, "no customers", "give a whole number; 0 where nobody is served")
	}
	customers, ok := parseCount(text)
	if !ok || customers < 0 || customers > outage.MaxCustomers {
		return t.flaw(fieldCustomers, cells, string(outage.BadCustomers), outage.BadCustomers.Advice())
	}
	c.Customers = customers
	if text := t.layout.text(fieldCapacity, cells); text != nil {
		if c.CapacityKVA, ok = parseAmount(text, "kva", "千伏安"); !ok || c.CapacityKVA < 0 {
			return t.flaw(fieldCapacity, cells, string(outage.BadNumber), outage.BadNumber.Advice())
		}
	}
	return t.customerKind(c, cells)
}

// customerKind takes what counts as one customer; one base must not mix them.
func (t *baseTaker) customerKind(c *outage.Customers, cells [][]byte) *flaw {
	switch text := strings.ToLower(string(t.layout.text(fieldKind, cells))); text {
	case "":
		return nil
	case "mv", "中压":
		c.Kind = outage.MediumVoltage
	case "lv", "低压":
		c.Kind = outage.LowVoltage
	default:
		return t.flaw(fieldKind, cells, "not a kind of customer", "write mv or lv, or leave it empty")
	}
	if t.kind == "" {
		t.kind = c.Kind
	}
	if t.kind != c.Kind {
		return t.flaw(fieldKind, cells, "mv and lv customers in one base", "keep them in separate bases: their sum counts nothing that exists")
	}
	return nil
}

// validity takes the time for which the row holds.
func (t *baseTaker) validity(c *outage.Customers, cells [][]byte) *flaw {
	c.ValidFrom, c.ValidTo = outage.AlwaysFrom, outage.AlwaysTo
	zone := t.clock.zone(cells)
	if zone == nil {
		word := shortened(trim(cells[t.layout.zoneColumn]))
		return &flaw{noField, word, string(outage.UnknownZone), outage.UnknownZone.Advice()}
	}
	from, ok := t.clock.read(fieldValidFrom, cells, zone)
	if !ok {
		return t.flaw(fieldValidFrom, cells, string(outage.BadTime), outage.BadTime.Advice())
	}
	to, ok := t.clock.read(fieldValidTo, cells, zone)
	if !ok {
		return t.flaw(fieldValidTo, cells, string(outage.BadTime), outage.BadTime.Advice())
	}
	if from.given {
		c.ValidFrom = from.at
	}
	if to.given {
		c.ValidTo = to.at
	}
	if c.ValidFrom > c.ValidTo {
		return t.flaw(fieldValidTo, cells, "valid_to lies before valid_from", "swap or correct them")
	}
	return nil
}
