package ingest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// A mistake in a mapping is an error with the file, the line, the wrong word
// and, where there is one, the nearest known word.
func TestMappingMistakes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"key", "source: x\ncolums: {}", []string{"m.yaml:2", `"colums"`, `"columns"`}},
		{"field", "columns:\n  event_id: A\n  strat: B", []string{"m.yaml:3", `"strat"`, `"start"`}},
		{"field of values", "values:\n  natures: {a: b}", []string{"m.yaml:2", `"natures"`, `"nature"`}},
		{"nature", "values:\n  nature:\n    X: planned_maintenace", []string{"m.yaml:3", `"planned_maintenance"`}},
		{"zone", "zone: Asia/Shanghia", []string{"m.yaml:1", "Asia/Shanghia", "Area/City"}},
		{"zone of a column", "zone:\n  column: Z\n  values:\n    A: Mars/Base", []string{"m.yaml:4", "Mars/Base"}},
		{"zone without values", "zone: {column: Z}", []string{"m.yaml:1", "values"}},
		{"encoding", "encoding: latin1-x", []string{"m.yaml:1", `"latin-1"`}},
		{"format", "format: cvs", []string{"m.yaml:1", `"csv"`}},
		{"delimiter", `delimiter: ";;"`, []string{"m.yaml:1", "one character"}},
		{"repeated", "repeated: stage", []string{"m.yaml:1", `"stages"`}},
		{"missing customers", "missing_customers: feeder", []string{"m.yaml:1", "feeder"}},
		{"layout letter", "columns:\n  start: {column: A, layout: \"yyyy-MM-dd QQ\"}", []string{"m.yaml:2", `'Q'`}},
		{"layout without a day", "columns:\n  start: {column: A, layout: \"yyyy-MM\"}", []string{"m.yaml:2", "no d"}},
		{"layout of twelve hours", "columns:\n  start: {column: A, layout: \"yyyy-MM-dd hh:mm\"}", []string{"m.yaml:2", "needs a"}},
		{"layout of no time", "columns:\n  area: {column: A, layout: \"yyyy-MM-dd\"}", []string{"m.yaml:2", "area is not a time"}},
		{"date without time", "columns:\n  start: {date: A}", []string{"m.yaml:2", "go together"}},
		{"key of a column", "columns:\n  start: {colum: A}", []string{"m.yaml:2", `"column"`}},
		{"column and value", "columns:\n  area: {column: A, value: B}", []string{"m.yaml:2", "not several"}},
		{"no column", "columns:\n  area: []", []string{"m.yaml:2", "name of a column"}},
		{"time of several columns", "columns:\n  start: [A, B]", []string{"m.yaml:2", "{date: …, time: …}"}},
		{"years", "plausible_years: [2100, 1990]", []string{"m.yaml:1", "after the last"}},
		{"year", "plausible_years: [1990, x]", []string{"m.yaml:1", `"x"`}},
		{"skipped rows", "skip_rows: -1", []string{"m.yaml:1", "from 0"}},
		{"covers", "covers: {from: 2021-01-01, to: 2020-01-01}", []string{"m.yaml:1", "later"}},
		{"covers date", "covers: {from: 2021-1-1, to: 2022-01-01}", []string{"m.yaml:1", "2006-01-02"}},
		{"key twice", "source: a\nsource: b", []string{"m.yaml", "source"}},
		{"base field", "base:\n  columns:\n    start: A", []string{"m.yaml:3", "start"}},
		{"base key", "base:\n  colums: {}", []string{"m.yaml:2", `"columns"`}},
		{"a list", "- a", []string{"m.yaml:1", "table"}},
		{"not YAML", "a: [", []string{"m.yaml", "not YAML"}},
		{"two documents", "source: a\n---\nsource: b", []string{"m.yaml", "more than one"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseMapping("m.yaml", []byte(tt.text))
			wantError(t, err, tt.want...)
		})
	}
}

// A mapping that does not fit its file is an error with the nearest header.
func TestMappingDoesNotFit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, mapping, text string
		want                []string
	}{
		{"optional column", "columns: {cause: Ursach}", "event_id,start,Ursache\nE1,2021-01-05,x\n", []string{"mapping.yaml", `"Ursach"`, "cause", `did you mean "Ursache"?`}},
		{"required column", "columns: {event_id: Numer}", "Nummer,start\nE1,2021-01-05\n", []string{`"Numer"`, `did you mean "Nummer"?`}},
		{"zone column", "zone: {column: Z, values: {a: UTC}}", "event_id,start\nE1,2021-01-05\n", []string{`column "Z" for the zone`}},
		{"sheet", "sheets: [Data]", "", []string{`sheet "Data"`, "Sheet1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := shanghai(t)
			opts.Mapping = mapping(t, tt.mapping)
			data := []byte(tt.text)
			if len(data) == 0 {
				data = workbookSample(t, sampleRows(2))
			}
			_, err := gather(t, "some.file", data, opts)
			wantError(t, err, append(tt.want, "some.file: ")...)
		})
	}
}

func TestHeaderMissing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing known", "foo,bar\n1,2\n", []string{"event_id and start", `"foo", "bar"`, "mapping"}},
		{"no event id", "title\n馈线编码,停电开始时间,停电户数\nF,2021-01-05,3\n", []string{"no column for event_id", "row 2", "joined of several columns"}},
		{"no start", "工单号,停电户数\nF,3\n", []string{"no column for start"}},
		{"too far down", strings.Repeat("title\n", 22) + sample, []string{"no event header"}},
		{"JSON", `{"id":1,"begin":2}`, []string{"event_id and start", `"begin"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := gather(t, "some.file", []byte(tt.text), shanghai(t))
			wantError(t, err, append(tt.want, "some.file: ")...)
		})
	}
}

func TestMappingIsFollowed(t *testing.T) {
	t.Parallel()
	text := `
source: oms
zone: America/New_York
delimiter: "|"
skip_rows: 1
empty: [unbekannt]
plausible_years: [1980, 1990]
columns:
  event_id: [Netz, Nr]
  start: Beginn
  feeder_id: Leitung
  stage: {value: s1}
  nature: Art
  customers: Kunden
values:
  nature: {S: fault_internal}
  customers: {viele: "100"}
`
	opts := shanghai(t)
	opts.Mapping = mapping(t, text)
	r := read(t, "event_id|start|x|y\nNetz|Nr|Beginn|Leitung|Art|Kunden\nA| 7 |1985-01-05 08:00:00|unbekannt|S|viele\n", opts)
	want := []outage.Event{{
		Row: 3, Source: "oms", ID: "A/7", Stage: "s1", Start: instant(t, "1985-01-05T08:00:00-05:00"), End: outage.Open,
		Customers: 100, Served: outage.Missing, Nature: outage.FaultInternal,
	}}
	if diff := cmp.Diff(want, r.Events); diff != "" {
		t.Errorf("(-want +got), rejected %+v:\n%s", r.Rejected, diff)
	}
	if opts.Mapping.Source != "oms" || len(opts.Mapping.SHA256) != 64 {
		t.Errorf("source %q, hash %q", opts.Mapping.Source, opts.Mapping.SHA256)
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"one":  "covers: {from: 2021-01-01, to: 2022-01-01, areas: [西宁, haidong]}",
		"list": "covers:\n - {from: 2021-01-01, to: 2022-01-01, areas: [haidong, xining]}",
	} {
		opts := shanghai(t)
		opts.Mapping = mapping(t, text)
		r := read(t, "event_id,area,start,customers\nA,xining,2021-05-05 10:00:00,1\n", opts)
		want := []outage.Covers{{
			Period: period.Period{From: instant(t, "2021-01-01T00:00:00+08:00"), To: instant(t, "2022-01-01T00:00:00+08:00")},
			Areas:  []outage.Area{"haidong", "xining"},
		}}
		if diff := cmp.Diff(want, r.Delivery.Covers); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	opts := shanghai(t)
	opts.Mapping = mapping(t, "source: x\ncovers: {from: 2021-01-01, to: 2022-01-01, areas: [xinning]}")
	_, err := gather(t, "e.csv", []byte("event_id,area,start,customers\nA,xining,2021-05-05 10:00:00,1\n"), opts)
	wantError(t, err, "mapping.yaml:2", `"xinning"`, `"xining"`)
}

func TestLoadMapping(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "m.yaml")
	_, err := LoadMapping(path)
	wantError(t, err, path)
	writeFile(t, path, []byte("# nothing\n"))
	if _, err := LoadMapping(path); err != nil {
		t.Errorf("an empty mapping: %v", err)
	}
	writeFile(t, path, []byte("x: 1"))
	_, err = LoadMapping(path)
	wantError(t, err, path+":1")
}

// The headers of the domain notes and their spellings.
func TestRecognise(t *testing.T) {
	t.Parallel()
	tests := map[field]string{
		fieldEventID:         "event_id|Event ID|EVENT-ID|停电记录id|停电记录ID|事件id|工单号|停电工单号|Outage ID",
		fieldFeeder:          "feeder_id|馈线编码|所属馈线编码|线路编码|线路GISID|Feeder",
		fieldFeederName:      "线路名称|馈线名称|所属线路",
		fieldUnit:            "unit_id|用户编码|用户编号|台区编号",
		fieldArea:            "area|所属地市|地市|单位名称|供电单位|所属区局",
		fieldClass:           "class|地区特征",
		fieldStart:           "start|停电开始时间|停电起始时间|停电时间|起始时间|Start Time|Outage Start|start_time|停电发生开始日期时间|停电开始时间（年月日）",
		fieldEnd:             "end|停电结束时间|停电终止时间|终止时间|复电时间|送电时间|Restoration Time|End Time|最后送电时间",
		fieldNature:          "nature|停电性质|停电类型|停电分类",
		fieldTechnicalCause:  "technical_cause|技术原因",
		fieldCause:           "cause|责任原因|停电原因|CAUSE",
		fieldCustomers:       "customers|停电户数|影响户数|停电户数(户)|停电户数（户）|Customers Affected|ｃｕｓｔｏｍｅｒｓ",
		fieldCustomerHours:   "停电时户数|时户数|停电时户数（时·户）",
		fieldCapacity:        "capacity_kva|容量|容量(kVA)",
		fieldServed:          "customers_served|用户数|等效总用户数",
		fieldDurationMinutes: "停电时长(分钟)|停电时间(分钟)|duration (min)",
		noField:              "容量(MVA)|停电时长(小时)|停电时间(小时)|计划停电开始时间|申请结束时间|备注||(户)",
	}
	for want, headers := range tests {
		for header := range strings.SplitSeq(headers, "|") {
			f, _, ok := recognise(header, eventRows)
			if !ok {
				f = noField
			}
			if f != want {
				t.Errorf("%q is %q, want %q", header, f, want)
			}
		}
	}
}
