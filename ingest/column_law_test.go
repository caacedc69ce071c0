package ingest

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// A carefulTaker is no [eventTaker] to the reading of columns, which therefore
// goes the careful way with every row, one after the other.
type carefulTaker struct{ *eventTaker }

// carefully reads events the careful way.
func carefully(data []byte, opts Options) (result, error) {
	var r result
	d, err := deliver("events", bytes.NewReader(data), "", opts, eventRows, func(d *delivering) handler {
		return carefulTaker{newEventTaker(d, outage.NewDict(), r.take)}
	})
	r.Delivery = d
	return r, err
}

// take keeps a batch.
func (r *result) take(b *outage.Batch) error {
	for i := range b.Len() {
		r.Events = append(r.Events, b.Event(i))
	}
	r.Rejected = append(r.Rejected, b.Rejected...)
	return nil
}

// The short way, by several at once, gives what the careful one gives: the same
// events and rejections in the same order, and the same delivery.
func TestColumnsCarefulOrNot(t *testing.T) {
	t.Parallel()
	names := chinese(t)
	zones := map[string]*time.Location{}
	for _, name := range []string{"Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"} {
		zones[name] = location(t, name)
	}
	sameNote := cmp.Comparer(func(x, y outage.Note) bool { return x.String() == y.String() })
	rapid.Check(t, func(t *rapid.T) {
		opts := Options{Names: names, Zone: zones[rapid.SampledFrom(slices.Sorted(maps.Keys(zones))).Draw(t, "zone")]}
		if text := rapid.SampledFrom(columnMappings).Draw(t, "mapping"); text != "" {
			m, err := ParseMapping("m", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			opts.Mapping = m
		}
		data := drawColumnFile(t)
		want, wantErr := carefully(data, opts)
		var got result
		d, err := Events("events", bytes.NewReader(data), opts, got.take)
		if fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Fatalf("error %v, want %v", err, wantErr)
		}
		if err != nil {
			return
		}
		got.Delivery = d
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), sameNote); diff != "" {
			t.Fatalf("(-careful +short):\n%s", diff)
		}
		if d.Rows != len(got.Events)+len(got.Rejected) {
			t.Fatalf("%d rows are not %d events and %d rejected", d.Rows, len(got.Events), len(got.Rejected))
		}
	})
}

// columnMappings are mappings under which columns mean something else.
var columnMappings = []string{
	"", "", "", "empty: ['5']", "empty: [E1, x, 'true']", "empty: ['2021-03-14 02:30:00']",
	"columns: {event_id: [event_id, stage]}", "columns: {event_id: {value: one}}", "columns: {unit_id: event_id, stage: event_id}",
	"columns: {feeder_id: [area, class]}", "columns: {source: {value: dms}, area: {value: Atlantis}, class: {value: 市区}}",
	"values: {area: {'': 西宁市, E1: 海东}, nature: {'': planned_maintenance, x: fault_internal}, feeder_id: {'5': five}}",
	"values: {event_id: {'': none, x: ''}}", "values: {customers: {'5': '7'}}", "values: {start: {x: '2021-01-05'}}",
	"zone: America/New_York", "zone: {column: stage, values: {x: UTC, E1: Asia/Shanghai}}",
	"columns: {start: {column: start, layout: 'dd/MM/yyyy'}}", "columns: {start: {date: start, time: end}}",
	"plausible_years: [2021, 2021]", "columns: {cancelled: {value: 'true'}}", "columns: {revision: {value: abc}}",
	"columns: {customers: {value: '12'}, capacity_kva: {value: '0.5'}}", "columns: {end: {value: '2021-12-31 23:59:59'}}",
	"columns: {valid_from: end, area: start}", "source: scada",
	"columns: {technical_cause: {value: storm}, nature: {value: 计划检修}, area: stage}",
}

// drawnColumns are fields with the kinds that their columns may have.
var drawnColumns = []struct {
	name  string
	kinds []columnar.Kind
}{
	{"event_id", []columnar.Kind{columnar.Text, columnar.Text, columnar.Integer, columnar.Decimal}},
	{"start", []columnar.Kind{columnar.Moment, columnar.Moment, columnar.Moment, columnar.Date, columnar.Text, columnar.Integer}},
	{"end", []columnar.Kind{columnar.Moment, columnar.Moment, columnar.Moment, columnar.Text, columnar.Clock}},
	{"feeder_id", []columnar.Kind{columnar.Text, columnar.Integer, columnar.Float}},
	{"unit_id", []columnar.Kind{columnar.Text, columnar.Text, columnar.Integer}},
	{"area", []columnar.Kind{columnar.Text}}, {"class", []columnar.Kind{columnar.Text}}, {"nature", []columnar.Kind{columnar.Text, columnar.Integer}},
	{"cause", []columnar.Kind{columnar.Text, columnar.Moment}}, {"technical_cause", []columnar.Kind{columnar.Text}},
	{"stage", []columnar.Kind{columnar.Text, columnar.Bool}}, {"source", []columnar.Kind{columnar.Text}},
	{"customers", []columnar.Kind{columnar.Integer, columnar.Integer, columnar.Float, columnar.Text, columnar.Decimal}},
	{"customers_served", []columnar.Kind{columnar.Integer, columnar.Float}},
	{"revision", []columnar.Kind{columnar.Integer, columnar.Text}}, {"cancelled", []columnar.Kind{columnar.Bool, columnar.Bool, columnar.Text, columnar.Integer}},
	{"capacity_kva", []columnar.Kind{columnar.Integer, columnar.Float}}, {"steps", []columnar.Kind{columnar.Text}},
	{"customer_hours", []columnar.Kind{columnar.Float}}, {"duration_minutes", []columnar.Kind{columnar.Integer}},
}

// drawColumnFile draws a file of some columns and rows, in several groups.
func drawColumnFile(t *rapid.T) []byte {
	var columns []columnar.Column
	for i, c := range drawnColumns {
		if i < 2 || rapid.Bool().Draw(t, c.name) {
			columns = append(columns, columnar.Column{
				Name: c.name, Kind: rapid.SampledFrom(c.kinds).Draw(t, c.name+" kind"), HasZone: rapid.Bool().Draw(t, c.name+" zone"), Scale: 1,
			})
		}
	}
	var out bytes.Buffer
	w, err := columnWriters[rapid.SampledFrom(slices.Sorted(maps.Keys(columnWriters))).Draw(t, "format")](&out, columns)
	if err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(1, 3).Draw(t, "batches") {
		b := &columnar.Batch{Rows: rapid.IntRange(1, 30).Draw(t, "rows")}
		for _, c := range columns {
			b.Columns = append(b.Columns, drawColumn(t, c, b.Rows))
		}
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var drawnTexts = []string{
	"E1", "E2", "x", "", " ", "-", "NULL", "1.0", " x ", "\xff\xfe", "西宁市", "海东", "市区", "农村", "计划检修", "重合闸成功", "2021-01-05 08:00:00",
	"24/12/2021", "5", "-1", "true", "否", "1,200", `[{"at":"2021-01-05 09:00:00","restored":3}]`, "abc", "E1/E2",
}

var drawnIntegers = []int64{-1, 0, 1, 5, 60, 1_000_000_000, 1_000_000_001, 999_999_999_999_999, 1e15, 1_609_804_980, 20_210_105, math.MinInt64, math.MaxInt64}

var drawnFloats = []float64{0, math.Copysign(0, -1), 0.5, 1, 5, -1, 3e20, 44201.5, math.NaN(), math.Inf(1)}

// drawColumn draws values of which most mean something.
func drawColumn(t *rapid.T, c columnar.Column, rows int) columnar.Values {
	v := columnar.Values{Column: c}
	nulls := rapid.SampledFrom([]int{0, 0, 2, 9}).Draw(t, c.Name+" nulls")
	base := rapid.SampledFrom([]int64{1_609_804_980, 1_615_689_000, 1_636_263_000, 1_640_966_399, 1_617_000_000, -62_135_596_800, 253_402_300_000, 1e12}).Draw(t, c.Name+" base")
	for range rows {
		v.Null = append(v.Null, rapid.IntRange(0, 9).Draw(t, "null") < nulls)
		switch c.Kind {
		case columnar.Text:
			if v.Dict == nil {
				v.Dict = columnar.NewDict(columnar.Limits{})
			}
			code, err := v.Dict.Intern([]byte(rapid.SampledFrom(drawnTexts).Draw(t, c.Name)))
			if err != nil {
				t.Fatal(err)
			}
			v.Text = append(v.Text, code)
		case columnar.Float:
			v.Float = append(v.Float, rapid.SampledFrom(drawnFloats).Draw(t, c.Name))
		case columnar.Moment:
			v.Int = append(v.Int, base+rapid.SampledFrom([]int64{-3600, 0, 1, 600, 1800, 3600, 7200, 86_400, 6_000_000}).Draw(t, c.Name))
			v.Nanos = append(v.Nanos, rapid.SampledFrom([]int32{0, 0, 500_000_000}).Draw(t, "fraction"))
		case columnar.Date:
			v.Int = append(v.Int, rapid.Int64Range(18_600, 18_700).Draw(t, c.Name))
		case columnar.Clock:
			v.Int = append(v.Int, rapid.Int64Range(0, 86_399).Draw(t, c.Name))
		case columnar.Bool:
			v.Int = append(v.Int, rapid.Int64Range(0, 1).Draw(t, c.Name))
		default:
			v.Int = append(v.Int, rapid.SampledFrom(drawnIntegers).Draw(t, c.Name))
		}
	}
	return v
}

// Rows go the short way where nothing needs care, or the law above would say
// nothing.
func TestColumnsShortWay(t *testing.T) {
	t.Parallel()
	columns := []columnar.Column{
		{Name: "event_id", Kind: columnar.Text}, {Name: "start", Kind: columnar.Moment}, {Name: "end", Kind: columnar.Moment, HasZone: true},
		{Name: "unit_id", Kind: columnar.Text}, {Name: "feeder_id", Kind: columnar.Integer}, {Name: "customers", Kind: columnar.Integer},
		{Name: "cancelled", Kind: columnar.Bool}, {Name: "steps", Kind: columnar.Text},
	}
	dict := columnar.NewDict(columnar.Limits{})
	code, err := dict.Intern([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	texts := func(c columnar.Column, null ...bool) columnar.Values {
		return columnar.Values{Column: c, Dict: dict, Text: []uint32{code, code, code, code, code}, Null: null}
	}
	ints := func(c columnar.Column, values ...int64) columnar.Values {
		return columnar.Values{Column: c, Int: values}
	}
	b := &columnar.Batch{Rows: 5, Columns: []columnar.Values{
		texts(columns[0]), ints(columns[1], 1_609_804_980, 1_609_804_980, 0, 1_609_804_980, 1_609_804_980),
		ints(columns[2], 1_609_808_580, 1_609_808_580, 1_609_808_580, 1_609_808_580, 1_609_808_580), texts(columns[3]),
		ints(columns[4], 1, 2, 3, 4, 5), ints(columns[5], 10, 20, 30, -1, 50), ints(columns[6], 0, 0, 0, 0, 0),
		texts(columns[7], true, true, true, true, false),
	}}
	d := &delivering{opts: shanghai(t), plan: newPlan(eventRows)}
	taker := newEventTaker(d, outage.NewDict(), nil)
	headers := make([]string, len(columns))
	for i, c := range columns {
		headers[i] = c.Name
	}
	l, _ := bind(headers, d.plan)
	taker.begin(l, &sheet{})
	e := newColumnEvents(taker, newColumnTable(eventRows, l, columns), columns)
	want := []bool{true, true, false, false, false} // the third starts in 1970, the fourth has too few customers, the fifth has steps
	for i := range e.words {
		e.words[i].follow(b)
	}
	e.look(b, 0, b.Rows)
	for i, short := range want {
		if got := !e.found.care[i] && e.readID(b, i); got != short {
			t.Errorf("row %d goes the short way: %v, want %v", i, got, short)
		}
	}
	other := columnar.NewDict(columnar.Limits{})
	if _, err := other.Intern([]byte("y")); err != nil {
		t.Fatal(err)
	}
	b.Columns[3].Dict = other
	for i := range e.words {
		e.words[i].follow(b)
	}
	e.look(b, 0, b.Rows)
	if got := taker.dict.Text(e.found.refs[fieldUnit][0]); got != "y" {
		t.Errorf("the unit is %q once its column has another dictionary, want %q", got, "y")
	}
}
