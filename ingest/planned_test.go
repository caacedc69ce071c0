package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
)

// The headers of a sheet of planned outages. Those of outages that were mean the
// same, and say less where both are there.
func TestRecognisePlanned(t *testing.T) {
	t.Parallel()
	for want, headers := range map[field]string{
		fieldStart:           "计划停电时间|计划停电开始时间|预计停电开始时间|Planned Start|停电时间|计划停电起始日期",
		fieldEnd:             "计划送电时间|计划复电时间|计划恢复时间|计划停电结束时间|Scheduled End|送电时间",
		fieldCustomers:       "影响户数|预计影响户数|计划停电户数",
		fieldNature:          "停电类型|停电性质",
		fieldDurationMinutes: "计划停电时长（分钟）",
		noField:              "计划停电时间（小时）|计划|计划编制人|申请停电时间",
	} {
		for header := range strings.SplitSeq(headers, "|") {
			f, _, ok := recognise(header, plannedRows)
			if !ok {
				f = noField
			}
			if f != want {
				t.Errorf("%q is %q, want %q", header, f, want)
			}
		}
	}
	_, planned, _ := recognise("计划停电起始日期", plannedRows)
	if _, was, _ := recognise("start", plannedRows); planned >= was {
		t.Errorf("a planned time has the rank %d, one that was %d", planned, was)
	}
}

// A sheet of planned outages is read without a mapping and without ids, below its
// title; as outages that were it is not.
func TestPlannedSheet(t *testing.T) {
	t.Parallel()
	const sheet = "某公司停电计划\n序号,线路编码,计划停电时间,计划送电时间,影响户数,停电类型\n" +
		"1,F1,2022-07-11 08:00,2022-07-11 10:00,120,计划检修\n2,F2,2022-07-12 08:00,2022-07-12 10:00,20,计划施工\n"
	opts := shanghai(t)
	opts.Planned = true
	r := read(t, sheet, opts)
	var got []string
	for _, ev := range r.Events {
		got = append(got, fmt.Sprintf("%d %q %s %d s, %d customers, %s", ev.Row, ev.ID, ev.Feeder, ev.End-ev.Start, ev.Customers, ev.Nature))
	}
	want := []string{`3 "" F1 7200 s, 120 customers, planned_maintenance`, `4 "" F2 7200 s, 20 customers, planned_construction`}
	if diff := cmp.Diff(want, got); diff != "" || len(r.Rejected) > 0 {
		t.Errorf("events (-want +got), %v rejected:\n%s", r.Rejected, diff)
	}
	if _, err := gather(t, "events", []byte(sheet), shanghai(t)); err == nil || !strings.Contains(err.Error(), "no column for event_id and start") {
		t.Errorf("read as outages that were: %v", err)
	}
	_, err := gather(t, "plan", []byte("线路编码,计划停电时间,影响户数\nF1,2022-07-11 08:00,120\n"), opts)
	wantError(t, err, "no column for end")
}

// Of times that were planned and that were, the planned ones are taken, and it is
// said; an id is taken where there is one.
func TestPlannedBesideActual(t *testing.T) {
	t.Parallel()
	opts := shanghai(t)
	opts.Planned, opts.Mapping = true, mapping(t, "columns: {feeder_id: 线}")
	r := read(t, "事件编号,线,停电开始时间,计划停电开始时间,计划停电结束时间\nP1,F1,2022-07-01 08:00,2022-07-11 08:00,2022-07-11 10:00\n,F1,,2022-07-12 08:00,2022-07-12 10:00\n", opts)
	if len(r.Events) != 2 || r.Events[0].ID != "P1" || r.Events[1].ID != "" || r.Events[0].End-r.Events[0].Start != 7200 {
		t.Errorf("got %+v", r.Events)
	}
	if !slices.ContainsFunc(r.Delivery.Warnings, func(n outage.Note) bool { return n.Code == "two-columns" }) {
		t.Errorf("notes %v, want two-columns", r.Delivery.Warnings)
	}
}
