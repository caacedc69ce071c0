package reliability

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// NewBase builds the base from its rows. The strata are every area of the rows
// with every class given, every class of the rows, and Unclassified.
//
// Rows of a feeder, or of an area and class only, add up where they are valid
// at the same time. A [BaseError] says where the base contradicts itself: a
// cell with rows of the feeder and rows of units at one time, a unit in two
// places at one time, an area and class counted both by feeder and as a whole,
// rows without unit that are equal in every field, and medium-voltage customers
// mixed with low-voltage ones.
func NewBase(rows []outage.Customers, classes []outage.Class) (*Base, error) {
	b := &Base{
		rows:         pointers(rows),
		feederByName: map[string]int32{}, units: units{names: outage.NewDict()},
		areaByID: map[outage.Area]int32{}, classByID: map[outage.Class]int32{},
	}
	if err := b.sortRows(); err != nil {
		return nil, err
	}
	if err := b.checkKinds(); err != nil {
		return nil, err
	}
	b.indexNames(classes)
	if err := b.fill(); err != nil {
		return nil, err
	}
	b.group()
	b.sumService()
	b.rows = nil
	return b, nil
}

func (b *Base) checkKinds() error {
	var first *outage.Customers
	for i := range b.rows {
		r := b.rows[i]
		if r.Kind == "" {
			continue
		}
		if first == nil {
			first = r
		}
		if r.Kind != first.Kind {
			return &BaseError{Row: *r, Other: first, Problem: fmt.Sprintf(
				"customer_kind %q among rows of kind %q; count either transformers and dedicated accounts (mv) or meters (lv), never both", r.Kind, first.Kind)}
		}
	}
	return nil
}

func (b *Base) indexNames(classes []outage.Class) {
	areas := map[outage.Area]bool{}
	all := map[outage.Class]bool{outage.Unclassified: true}
	for _, c := range classes {
		all[c] = true
	}
	for i := range b.rows {
		if r := b.rows[i]; i == 0 || r.Area != b.rows[i-1].Area || r.Class != b.rows[i-1].Class {
			areas[r.Area], all[r.Class] = true, true
		}
	}
	for id := range areas {
		b.areas = append(b.areas, areaBase{id: id, rest: Nowhere})
	}
	slices.SortFunc(b.areas, func(x, y areaBase) int { return cmp.Compare(x.id, y.id) })
	for i := range b.areas {
		b.areaByID[b.areas[i].id] = int32(i)
	}
	for id := range all {
		b.Classes = append(b.Classes, id)
	}
	slices.Sort(b.Classes)
	for i, id := range b.Classes {
		b.classByID[id] = int32(i)
	}
}

// fill makes the cells with their customers over time, and the units.
func (b *Base) fill() error {
	if err := b.checkWholes(); err != nil {
		return err
	}
	var cells [][]*outage.Customers
	withFeeder := map[outage.Area]bool{}
	for from := 0; from < len(b.rows); {
		to := from + 1
		for to < len(b.rows) && sameCell(b.rows[from], b.rows[to]) {
			to++
		}
		cells = append(cells, b.rows[from:to])
		if b.rows[from].Feeder != "" {
			withFeeder[b.rows[from].Area] = true
		}
		from = to
	}
	units := 0
	for _, r := range b.rows {
		if r.Unit != "" {
			units++
		}
	}
	spans := make([]namedSpan, 0, units)
	b.units.names.Reserve(units)
	for _, rows := range cells {
		if err := b.addCell(rows, withFeeder[rows[0].Area]); err != nil {
			return err
		}
		spans = b.addSpans(spans, rows)
	}
	b.units.setSpans(spans)
	return b.checkUnits()
}

func sameCell(x, y *outage.Customers) bool {
	return x.Feeder == y.Feeder && x.Area == y.Area && x.Class == y.Class
}

// checkWholes refuses an area and class that is counted as a whole and by
// feeder or unit at one time: its customers would count twice.
func (b *Base) checkWholes() error {
	type stratum struct {
		area  outage.Area
		class outage.Class
	}
	wholes := map[stratum][]*outage.Customers{}
	for i := range b.rows {
		if r := b.rows[i]; r.Feeder == "" && r.Unit == "" {
			wholes[stratum{r.Area, r.Class}] = append(wholes[stratum{r.Area, r.Class}], r)
		}
	}
	if len(wholes) == 0 {
		return nil
	}
	for i := range b.rows {
		r := b.rows[i]
		if r.Feeder == "" {
			continue
		}
		for _, whole := range wholes[stratum{r.Area, r.Class}] {
			if overlap(r, whole) {
				return &BaseError{Row: *r, Other: whole, Problem: fmt.Sprintf(
					"the customers of area %q, class %q are given by feeder and as a whole at one time; keep one of the two", r.Area, r.Class)}
			}
		}
	}
	return nil
}

func overlap(x, y *outage.Customers) bool {
	return max(x.ValidFrom, y.ValidFrom) < min(x.ValidTo, y.ValidTo)
}

// addCell adds the cell of the rows, which are all of it, with the units first
// to last by name.
func (b *Base) addCell(rows []*outage.Customers, areaHasFeeders bool) error {
	if err := checkMixed(rows); err != nil {
		return err
	}
	r := rows[0]
	area := b.areaByID[r.Area]
	cell := int32(len(b.cells))
	feeder := b.feederOf(r, areaHasFeeders)
	c := Cell{
		Feeder: r.Feeder, Area: r.Area, Class: r.Class,
		Stratum: b.stratumOf(area, b.classByID[r.Class]), feeder: feeder,
		area: area, class: b.classByID[r.Class], service: serviceOf(rows),
	}
	b.cells = append(b.cells, c)
	b.feeders[feeder].cells = append(b.feeders[feeder].cells, cell)
	return nil
}

// addSpans adds the spans of the units of the cell that was added last.
func (b *Base) addSpans(spans []namedSpan, rows []*outage.Customers) []namedSpan {
	for i := range rows {
		if r := rows[i]; r.Unit != "" {
			spans = append(spans, namedSpan{b.units.names.Intern(r.Unit), unitSpan{
				from: r.ValidFrom, to: r.ValidTo, milli: r.Customers * Milli, cell: int32(len(b.cells) - 1),
			}})
		}
	}
	return spans
}

// feederOf gives the feeder that holds the row's cell: a named one, or the one
// that stands for the customers without feeder in an area.
func (b *Base) feederOf(r *outage.Customers, areaHasFeeders bool) int32 {
	if r.Feeder != "" {
		if f, ok := b.feederByName[r.Feeder]; ok {
			return f
		}
		b.feederByName[r.Feeder] = int32(len(b.feeders))
		b.feeders = append(b.feeders, Feeder{Name: r.Feeder})
		return b.feederByName[r.Feeder]
	}
	a := &b.areas[b.areaByID[r.Area]]
	if a.rest == Nowhere {
		a.rest = int32(len(b.feeders))
		b.feeders = append(b.feeders, Feeder{Area: r.Area})
		a.whole = !areaHasFeeders
	}
	return a.rest
}

// checkMixed refuses rows of a feeder beside rows of its units at one time.
func checkMixed(rows []*outage.Customers) error {
	var units []*outage.Customers
	for i := range rows {
		if rows[i].Unit != "" {
			units = append(units, rows[i])
		}
	}
	if len(units) == 0 || len(units) == len(rows) {
		return nil
	}
	for i := range rows {
		r := rows[i]
		if r.Unit != "" {
			continue
		}
		for _, u := range units {
			if overlap(r, u) {
				return &BaseError{Row: *r, Other: u, Problem: fmt.Sprintf(
					"feeder %q in area %q, class %q has a row without unit and rows of units at one time; keep one of the two", r.Feeder, r.Area, r.Class)}
			}
		}
	}
	return nil
}

// serviceOf adds up the customers of rows over time.
func serviceOf(rows []*outage.Customers) steps {
	type change struct{ at, milli int64 }
	changes := make([]change, 0, 2*len(rows))
	for i := range rows {
		r := rows[i]
		if r.ValidFrom >= r.ValidTo {
			continue
		}
		changes = append(changes, change{r.ValidFrom, r.Customers * Milli})
		if r.ValidTo != outage.AlwaysTo {
			changes = append(changes, change{r.ValidTo, -r.Customers * Milli})
		}
	}
	slices.SortFunc(changes, func(x, y change) int { return cmp.Compare(x.at, y.at) })
	var s steps
	var now int64
	for i, c := range changes {
		now += c.milli
		if i+1 < len(changes) && changes[i+1].at == c.at {
			continue
		}
		if n := len(s.values); n == 0 && now == 0 || n > 0 && s.values[n-1] == now {
			continue
		}
		s.times, s.values = append(s.times, c.at), append(s.values, now)
	}
	return s
}

// checkUnits refuses a unit that is in two places at one time.
func (b *Base) checkUnits() error {
	for u := range int32(b.units.names.Len() - 1) {
		spans := b.units.of(u)
		for i := 1; i < len(spans); i++ {
			if spans[i].from < spans[i-1].to {
				return b.unitTwice(b.units.names.Text(outage.Ref(u + 1)))
			}
		}
	}
	return nil
}

func (b *Base) unitTwice(name string) error {
	var seen []*outage.Customers
	for i := range b.rows {
		r := b.rows[i]
		if r.Unit != name {
			continue
		}
		for _, other := range seen {
			if overlap(r, other) {
				return &BaseError{Row: *r, Other: other, Problem: fmt.Sprintf(
					"unit %q has two rows at one time; end the one with valid_to where the other begins", name)}
			}
		}
		seen = append(seen, r)
	}
	panic("reliability: a unit's spans overlap but its rows do not")
}

// group numbers the allocation groups: feeders that ever share a unit are one.
// Cells come in the order of feeder, area and class, so a group takes the
// number of its bytewise first feeder.
func (b *Base) group() {
	sets := newSets(len(b.cells))
	for f := range b.feeders {
		for _, c := range b.feeders[f].cells[1:] {
			sets.join(b.feeders[f].cells[0], c)
		}
	}
	for u := range int32(b.units.names.Len() - 1) {
		spans := b.units.of(u)
		for _, span := range spans[1:] {
			sets.join(spans[0].cell, span.cell)
		}
	}
	number := map[int32]int{}
	for c := range b.cells {
		root := sets.root(int32(c))
		if _, ok := number[root]; !ok {
			number[root] = len(number)
		}
		b.cells[c].Group = number[root]
	}
	b.groups = len(number)
	b.nameGroups()
	b.units.arrange(b.groups, b.cells)
}
