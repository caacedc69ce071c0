package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
)

// A goldenCase is one case of testdata/golden/counting.json: a base in one of
// several short forms, events, and what must come out. Hours, minutes and
// seconds are of customers.
type goldenCase struct {
	Name string `json:"name"`
	Note string `json:"note"`

	Base          int64             `json:"base"`
	Spans         []goldenSpan      `json:"base_spans"`
	Cells         map[string]int64  `json:"base_cells"` // by class
	Unit          string            `json:"unit"`
	UnitCustomers int64             `json:"unit_customers"` // 1 where it is not given
	UnitClass     map[string]string `json:"unit_class"`     // by year
	Areas         []goldenArea      `json:"areas"`
	HalfYearHours exact             `json:"customer_hours_by_end_of_june"`

	AsOf   string        `json:"as_of"`
	Events []goldenEvent `json:"events"`
	Rows   []goldenEvent `json:"rows_of_one_event"`

	Hours                map[string]exact       `json:"customer_hours"` // this and the next by year
	Minutes              map[string]exact       `json:"customer_minutes"`
	Seconds              map[string]exact       `json:"customer_seconds"`
	MomentarySeconds     map[string]exact       `json:"momentary_customer_seconds"`
	BookedHours          map[string]exact       `json:"customer_hours_booked_on_start_day"`
	Interruptions        map[string]exact       `json:"interruptions"` // longer than momentary
	Momentary            map[string]exact       `json:"momentary_interruptions"`
	HoursByClass         map[string]goldenYears `json:"customer_hours_by_class"`
	InterruptionsByClass map[string]goldenYears `json:"interruptions_by_class"`
	HoursByNature        map[string]exact       `json:"by_nature"`
	ByIndex              map[string]goldenIndex `json:"by_index"`
	Counted              exact                  `json:"events_counted"`
	OverlapHours         exact                  `json:"overlap_excess_customer_hours"`
	OverlapSeconds       exact                  `json:"overlap_excess_customer_seconds"`
	OverBaseHours        exact                  `json:"over_base_customer_hours"`
	Provisional          *bool                  `json:"provisional"`
	SplitShare           *float64               `json:"split_share"`
	Equivalent           map[string]float64     `json:"equivalent_customers"` // by year
	YearToDate           map[string]float64     `json:"saidi_hours_ytd"`      // by "as_of 2006-01-02"
	Pooled               *float64               `json:"pooled_saidi_hours"`
}

type goldenSpan struct {
	Customers int64  `json:"customers"`
	From      string `json:"valid_from"`
	To        string `json:"valid_to"`
}

type goldenArea struct {
	Customers int64   `json:"customers"`
	Hours     float64 `json:"saidi_hours"`
}

type goldenEvent struct {
	ID        string            `json:"id"`
	Start     string            `json:"start"`
	End       *string           `json:"end"`
	Steps     []json.RawMessage `json:"steps"` // [local time, customers restored]
	Customers int64             `json:"customers"`
	Nature    string            `json:"nature"`
	Days      int64             `json:"repeat_on_days"` // 1 where it is not given
}

type goldenIndex struct {
	Seconds       exact           `json:"customer_seconds"`
	Interruptions exact           `json:"interruptions"`
	CAIDI         json.RawMessage `json:"caidi_seconds"` // null where there is none
}

// goldenYears is a number for all time, under the empty year, or one by year.
type goldenYears map[string]exact

func (y *goldenYears) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte("{")) {
		return json.Unmarshal(text, (*map[string]exact)(y))
	}
	var all exact
	*y = goldenYears{"": {}}
	err := all.UnmarshalJSON(text)
	(*y)[""] = all
	return err
}

// exact is a decimal number as it is written; its Rat is nil where the case
// does not give it.
type exact struct{ *big.Rat }

func (x *exact) UnmarshalJSON(text []byte) error {
	r, ok := new(big.Rat).SetString(string(text))
	if !ok {
		return fmt.Errorf("%s is not a decimal number", text)
	}
	x.Rat = r
	return nil
}

// thousandths is x times a unit, such as 3600 for hours in seconds, in
// thousandths; it must come out whole.
func (x exact) thousandths(t testing.TB, unit int64) int64 {
	t.Helper()
	r := new(big.Rat).Mul(x.Rat, new(big.Rat).SetInt64(unit*1000))
	if !r.IsInt() || !r.Num().IsInt64() {
		t.Fatalf("%s times %d is no whole number of thousandths", x, unit)
	}
	return r.Num().Int64()
}

// readGolden reads a file of known answers; a field that the test does not know
// would go unchecked and is an error.
func readGolden(t testing.TB, name string, into any) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "testdata", "golden", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
}

// input makes of a case what the engine reads.
func (c *goldenCase) input(t testing.TB) refInput {
	t.Helper()
	in := refCase(c.base(t), outage.RepeatedReject)
	d := &in.Deliveries[0]
	for i, e := range c.Events {
		d.Events = append(d.Events, c.events(t, i, e)...)
	}
	if len(c.Rows) > 0 {
		d.Repeated = outage.RepeatedRemaining
	}
	for _, e := range c.Rows {
		d.Events = append(d.Events, c.events(t, 0, e)...)
	}
	d.Events = append(d.Events, c.implied(t)...)
	if c.AsOf != "" {
		in = in.asOf(c.AsOf)
	}
	return in
}

func (c *goldenCase) base(t testing.TB) []outage.Customers {
	t.Helper()
	var base []outage.Customers
	add := func(row outage.Customers, from, to string) {
		if from != "" {
			row.ValidFrom = refAt(from + " 00:00")
		}
		if to != "" {
			row.ValidTo = refAt(to + " 00:00")
		}
		base = append(base, row)
	}
	if c.Base > 0 {
		add(refServed("f1", "a", "rural", c.Base), "", "")
	}
	for _, s := range c.Spans {
		add(refServed("f1", "a", "rural", s.Customers), s.From, s.To)
	}
	for class, n := range c.Cells {
		add(refServed("f1", "a", class, n), "", "")
	}
	for i, area := range c.Areas {
		add(refServed(fmt.Sprint("f", i), fmt.Sprint("a", i), "rural", area.Customers), "", "")
	}
	if c.Unit != "" {
		base = append(base, c.unit(t)...)
	}
	return base
}

// unit has one class for all time, or one a year.
func (c *goldenCase) unit(t testing.TB) []outage.Customers {
	t.Helper()
	customers := max(c.UnitCustomers, 1)
	if len(c.UnitClass) == 0 {
		return []outage.Customers{refUnit("rural", customers, "", "")}
	}
	var rows []outage.Customers
	for year, class := range c.UnitClass {
		rows = append(rows, refUnit(class, customers, year+"-01-01 00:00", fmt.Sprint(goldenYear(t, year)+1, "-01-01 00:00")))
	}
	return rows
}

func goldenYear(t testing.TB, text string) int {
	t.Helper()
	var year int
	if _, err := fmt.Sscanf(text, "%04d", &year); err != nil || len(text) != 4 {
		t.Fatalf("year %q: want four digits", text)
	}
	return year
}

// events are the rows of one event of the case.
func (c *goldenCase) events(t testing.TB, number int, e goldenEvent) []outage.Event {
	t.Helper()
	var to string
	if e.End != nil {
		to = *e.End
	}
	var changes []func(*outage.Event)
	for _, s := range e.Steps {
		var at string
		var restored int64
		if err := json.Unmarshal(s, &[]any{&at, &restored}); err != nil {
			t.Fatalf("step %s: %v", s, err)
		}
		changes = append(changes, refStep(at, restored))
		to = at
	}
	if c.Unit != "" {
		changes = append(changes, refOf)
	}
	if e.Nature != "" {
		changes = append(changes, func(ev *outage.Event) { ev.Nature = goldenNature(t, e.Nature) })
	}
	id := e.ID
	if id == "" {
		id = fmt.Sprint("E", number)
	}
	return repeatDaily(refOut(id, e.Start, to, e.Customers, changes...), max(e.Days, 1))
}

func goldenNature(t testing.TB, word string) outage.Nature {
	t.Helper()
	n, ok := outage.ParseNature(word)
	if !ok {
		t.Fatalf("nature %q is not known", word)
	}
	return n
}

// repeatDaily gives an event again on the days after, each with its own id.
func repeatDaily(first outage.Event, days int64) []outage.Event {
	events := slices.Repeat([]outage.Event{first}, int(days))
	for day := range events[1:] {
		e := &events[day+1]
		e.ID = fmt.Sprint(first.ID, " again ", day+1)
		e.Start += int64(day+1) * 24 * refHour
		e.End += int64(day+1) * 24 * refHour
	}
	return events
}

// implied are the events that a case gives by their sums only: every area is
// out as a whole for its SAIDI, and the customers of the first span on New
// Year's Day.
func (c *goldenCase) implied(t testing.TB) []outage.Event {
	t.Helper()
	var events []outage.Event
	add := func(feeder string, customers, seconds int64) {
		e := refOut("all of "+feeder, "2021-01-01 00:00", "", customers)
		e.Feeder, e.End = feeder, e.Start+seconds
		events = append(events, e)
	}
	for i, area := range c.Areas {
		add(fmt.Sprint("f", i), area.Customers, int64(area.Hours*3600))
	}
	if c.HalfYearHours.Rat != nil {
		n := c.Spans[0].Customers
		add("f1", n, c.HalfYearHours.thousandths(t, 3600)/1000/n)
	}
	return events
}

// asOfDate takes the date out of "as_of 2006-01-02".
func asOfDate(t testing.TB, text string) string {
	t.Helper()
	date, ok := strings.CutPrefix(text, "as_of ")
	if !ok {
		t.Fatalf("%q: want \"as_of\" and a date", text)
	}
	return date
}
