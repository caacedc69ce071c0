package snapshot_test

import (
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// asked is a small case of which several things are asked: two outages of the year
// before, one of this year that is over, one without an end, one with an end to
// come, and one that is still to begin.
func asked(t *testing.T) (*engine.Engine, *policy.Policy) {
	t.Helper()
	s := story{
		base: "F1 a rural 100\nF2 a town 50\nF3 b rural 10\n",
		events: "A F1 - - 2021-03-01T00:00 2021-03-01T02:00 100\nB F3 - - 2021-05-01T00:00 2021-05-01T02:00 10\n" +
			"C F1 - - 2022-03-01T00:00 2022-03-01T01:00 60 pre-arranged\nD F1 - - 2022-06-20T00:00 open 40\n" +
			"E F2 - - 2022-06-30T22:00 2022-07-02T00:00 20\nG F3 - - 2022-08-01T00:00 2022-08-01T01:00 10\n",
		asOf: "2022-07-01",
	}
	p := s.parsed(t)
	return s.engine(t, p), p
}

func TestParseWindow(t *testing.T) {
	t.Parallel()
	e, p := asked(t)
	tests := []struct{ name, text, want, err string }{
		{"the year so far", "", "2022-01-01..2022-07-01", ""},
		{"by its name", "ytd", "2022-01-01..2022-07-01", ""},
		{"the year before", "prior_ytd", "2021-01-01..2021-07-01", ""},
		{"a month", "2022-06", "2022-06-01..2022-07-01", ""},
		{"dates", "2022-06-30..2022-07-05", "2022-06-30..2022-07-05", ""},
		{"a window that is not shown", "year", "", `"year": the report as of 2022-07-01 00:00 shows no such window; give ytd, prior_ytd, a month (2022-06), FROM..TO`},
		{"months have no name", "month", "", "shows no such window"},
		{"to come", "2022-07", "", `"2022-07": the window begins at or after as-of, 2022-07-01 00:00: nothing is known of it`},
		{"the wrong way round", "2022-06-01..2022-05-01", "", "it must end after it begins"},
		{"half of dates", "2022-06-01..", "", "want 2006-01-02"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := snapshot.ParseWindow(tt.text, e, p)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				return
			}
			want, failed := period.Parse(tt.want, p.Zone)
			if err != nil || failed != nil || w != want {
				t.Errorf("%v, %v, want %v", w, err, want)
			}
		})
	}
}

// A word that is not known is an error that names the nearest.
func TestUnknownWords(t *testing.T) {
	t.Parallel()
	e, p := asked(t)
	w, err := snapshot.ParseWindow("", e, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, want string
		q          snapshot.EventsQuestion
	}{
		{"scope", `the nearest is "pair"`, snapshot.EventsQuestion{Question: snapshot.Question{Scope: "pear", Window: w}}},
		{"class", `has no customers of class "towns"`, snapshot.EventsQuestion{Question: snapshot.Question{Scope: "a", Class: "towns", Window: w}}},
		{"index", `the nearest known is "saidi-1"`, snapshot.EventsQuestion{Question: snapshot.Question{Scope: "a", Index: "saidi1", Window: w}}},
		{"sort", `the nearest known is "customers"`, snapshot.EventsQuestion{Question: snapshot.Question{Scope: "a", Window: w}, Sort: "customer"}},
		{"nature", `the nearest known is "fault"`, snapshot.EventsQuestion{Question: snapshot.Question{Scope: "a", Window: w}, Nature: "faults"}},
		{"offset", "want 0 or more", snapshot.EventsQuestion{Question: snapshot.Question{Scope: "a", Window: w}, Offset: -1}},
	} {
		if _, err := snapshot.Events(e, p, tt.q); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := snapshot.CurveOf(e, p, "z", ""); err == nil {
		t.Error("a curve of nowhere")
	}
	if _, err := snapshot.Feeders(e, p, snapshot.Question{Scope: "z", Window: w}); err == nil {
		t.Error("feeders of nowhere")
	}
}

// Three transformers of a feeder that one event has out are one outage, from the
// first start to the end of which nothing is told; another event is another.
func TestLiveTogether(t *testing.T) {
	t.Parallel()
	s := planStory{story: story{
		events: "A F1/U1 - - 2022-06-30T20:00 2022-07-02T00:00 1\nA F1/U2 - - 2022-06-30T22:00 open 1\nA F1/U3 - - 2022-06-30T23:00 2022-07-01T12:00 1\n" +
			"B F1/U4 - - 2022-06-30T23:00 2022-07-01T12:00 1\n",
		asOf: "2022-07-01",
	}, units: "U1 F1 a rural 3\nU2 F1 a rural 5\nU3 F1 a rural 1\nU4 F1 a rural 2\n"}
	p := s.parsed(t)
	got := snapshot.Build(s.engine(t, p), p, snapshot.Options{Detail: true}).Live.Outages
	want := []snapshot.LiveOutage{
		{
			Rows: 3, Customers: 9_000, CustomerSeconds: (3*4 + 5*2 + 1) * hour, EventID: "A", Feeder: "F1", Area: "a", Class: "rural", Nature: "unknown",
			Start: "2022-06-30T20:00:00+08:00",
		},
		{
			Rows: 1, Customers: 2_000, CustomerSeconds: 2 * hour, EventID: "B", Feeder: "F1", Unit: "U4", Area: "a", Class: "rural", Nature: "unknown",
			Start: "2022-06-30T23:00:00+08:00", End: "2022-07-01T12:00:00+08:00",
		},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("outages (-want +got):\n%s", diff)
	}
}

// Of 40 customers without an end since 20 June, and 20 of the last two hours, both
// are out; nobody else is. On 1 July the first has been open for eleven days.
func TestLiveByHand(t *testing.T) {
	t.Parallel()
	e, p := asked(t)
	got := snapshot.Build(e, p, snapshot.Options{Detail: true}).Live
	want := []snapshot.LiveOutage{
		{
			Rows: 1, Customers: 40_000, CustomerSeconds: 40_000 * 11 * 86400, EventID: "D", Feeder: "F1", Area: "a", Class: "rural", Nature: "unknown",
			Start: "2022-06-20T00:00:00+08:00", Stale: true,
		},
		{
			Rows: 1, Customers: 20_000, CustomerSeconds: 20_000 * 7200, EventID: "E", Feeder: "F2", Area: "a", Class: "town", Nature: "unknown",
			Start: "2022-06-30T22:00:00+08:00", End: "2022-07-02T00:00:00+08:00",
		},
	}
	if diff := gocmp.Diff(want, got.Outages); diff != "" {
		t.Errorf("outages (-want +got):\n%s", diff)
	}
	pair := got.Scopes[5]
	if want := (snapshot.LiveScope{Scope: "pair", Level: "group", Served: 160_000, Interrupted: 60_000, Outages: 2}); pair != want {
		t.Errorf("%+v, want %+v", pair, want)
	}
}

// Of the rows behind a number only those that are out are left, and only with what
// they add to it.
func TestEventsOut(t *testing.T) {
	t.Parallel()
	e, p := asked(t)
	w, err := snapshot.ParseWindow("2022-06", e, p)
	if err != nil {
		t.Fatal(err)
	}
	got, err := snapshot.Events(e, p, snapshot.EventsQuestion{Question: snapshot.Question{Scope: "whole", Window: w}, Out: true, Limit: 5, Sort: snapshot.SortDuration, Ascending: true})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, l := range got.Lines {
		ids = append(ids, l.EventID)
	}
	if diff := gocmp.Diff([]string{"D", "E"}, ids, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if want := (snapshot.EventSum{Rows: 2, CustomerSeconds: 40_000*11*86400 + 20_000*7200, Interruptions: 60_000}); got.Matched != want {
		t.Errorf("matched %+v, want %+v", got.Matched, want)
	}
}

// A telling is a part of a store and its rows.
type telling struct {
	id   int64
	rows []outage.Event
	bad  []outage.Rejection
}

// tellParts tells of parts, one after the other.
func tellParts(t *testing.T, p *policy.Policy, asOf string, parts []telling) *engine.Engine {
	t.Helper()
	base, err := reliability.NewBase([]outage.Customers{
		{Feeder: "F1", Area: "a", Class: "rural", Customers: 100, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo},
	}, []outage.Class{"rural", "town"})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, snapshot.EngineOptions(p, 72*time.Hour))
	account := e.Open(&outage.Delivery{Path: "feed"})
	for _, part := range parts {
		batch := outage.NewBatch(outage.NewDict())
		for i := range part.rows {
			batch.Append(&part.rows[i])
		}
		batch.Rejected = part.bad
		load := e.Begin()
		load.Deliver(account, part.id, 0)
		if err := load.Add(batch); err != nil {
			t.Fatal(err)
		}
		if err := load.CommitParts(); err != nil {
			t.Fatal(err)
		}
	}
	e.Advance(local(t, p, asOf))
	return e
}

// An outage over new year is told, told again, corrected, and told impossibly; what
// counts of it counts in both years.
func TestRecordByHand(t *testing.T) {
	t.Parallel()
	p := (&story{}).parsed(t)
	row := func(to string, customers int64, cause string) outage.Event {
		return outage.Event{
			Row: 7, Source: "oms", ID: "E1", Feeder: "F1", Start: local(t, p, "2021-12-31 23:00"), End: local(t, p, to), Customers: customers,
			Nature: outage.FaultInternal, Cause: cause, Served: outage.Missing,
		}
	}
	wrong := row("2022-01-01 01:00", -1, "")
	wrong.Start = 0
	e := tellParts(t, p, "2022-03-01", []telling{
		{3, []outage.Event{row("2022-01-01 00:30", 40, "")}, nil},
		{4, []outage.Event{row("2022-01-01 00:30", 40, "")}, nil},
		{5, nil, []outage.Rejection{{Event: wrong, Column: "start", Value: "soon", Reason: outage.BadTime}}},
		{6, []outage.Event{row("2022-01-01 01:00", 50, "wind")}, nil},
	})
	received := func(id int64) snapshot.Sender {
		return snapshot.Sender{Received: time.Unix(local(t, p, "2022-01-02")+id, 0)}
	}
	got, ok, err := snapshot.FindRecord(e, p, snapshot.RecordQuestion{Source: "oms", EventID: "E1", Delivery: received})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	type outcome struct {
		Delivery          int64
		Outcome, Received string
		Changed           []string
	}
	var outcomes []outcome
	for _, r := range got.Told {
		outcomes = append(outcomes, outcome{r.Delivery, r.Outcome, r.Received, r.Changed})
	}
	want := []outcome{
		{3, "superseded", "2022-01-02T00:00:03+08:00", []string{}},
		{4, "duplicate", "2022-01-02T00:00:04+08:00", []string{}},
		{5, "superseded", "2022-01-02T00:00:05+08:00", []string{"start", "end", "customers"}},
		{6, "accepted", "2022-01-02T00:00:06+08:00", []string{"start", "end", "customers", "cause"}},
	}
	if diff := gocmp.Diff(want, outcomes); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	var counts [][3]int64
	for _, c := range got.Counts {
		counts = append(counts, [3]int64{int64(c.Year), int64(c.Number), int64(c.CustomerSeconds)})
	}
	if diff := gocmp.Diff([][3]int64{{2021, 4, 50_000 * 3600}, {2022, 4, 50_000 * 3600}}, counts); diff != "" {
		t.Errorf("year, row and customer-seconds (-want +got):\n%s", diff)
	}
	for _, q := range []snapshot.RecordQuestion{{Source: "oms", EventID: "E2"}, {Source: "pms", EventID: "E1"}, {Source: "oms"}} {
		if _, ok, err := snapshot.FindRecord(e, p, q); ok || err != nil {
			t.Errorf("%+v: found %v, %v", q, ok, err)
		}
	}
}

// A row that is rejected says why, and has no start where that could not be read.
func TestRecordRejected(t *testing.T) {
	t.Parallel()
	p := (&story{}).parsed(t)
	ev := outage.Event{Row: 2, Source: "oms", ID: "E1", Feeder: "F1", End: outage.Open, Customers: outage.Missing}
	e := tellParts(t, p, "2022-03-01", []telling{{1, nil, []outage.Rejection{{Event: ev, Column: "start", Value: "soon", Reason: outage.BadTime}}}})
	got, ok, err := snapshot.FindRecord(e, p, snapshot.RecordQuestion{Source: "oms", EventID: "E1"})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	r := got.Told[0]
	if r.Outcome != "rejected" || r.Start != "" || r.Customers != nil || r.Received != "" || len(got.Counts) != 0 {
		t.Errorf("told %+v, counts %v", r, got.Counts)
	}
	want := &snapshot.Problem{Reason: "bad-time", Column: "start", Value: "soon", Advice: outage.BadTime.Advice()}
	if diff := gocmp.Diff(want, r.Rejected); diff != "" {
		t.Errorf("why (-want +got):\n%s", diff)
	}
}
