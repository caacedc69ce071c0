package snapshot

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

func instant(t *testing.T, text string) int64 {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, policy.Qinghai().Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at.Unix()
}

// running is an engine with one outage of ten customers, an hour long.
func running(t *testing.T, start, asOf string) *engine.Engine {
	t.Helper()
	base, err := reliability.NewBase([]outage.Customers{
		{Feeder: "F1", Area: "xining", Class: "rural", Customers: 100, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, engine.Options{Zone: policy.Qinghai().Zone})
	b := outage.NewBatch(outage.NewDict())
	from := instant(t, start)
	b.Append(&outage.Event{Row: 2, ID: "E1", Feeder: "F1", Start: from, End: from + 3600, Customers: 10, Served: outage.Missing})
	load := e.Begin()
	if err := load.Add(b); err != nil {
		t.Fatal(err)
	}
	if err := load.Commit(&outage.Delivery{Path: "events", Rows: 1}); err != nil {
		t.Fatal(err)
	}
	e.Advance(instant(t, asOf))
	return e
}

func TestWindows(t *testing.T) {
	t.Parallel()
	year := 2021
	tests := []struct {
		name, start, asOf string
		options           Options
		want              []string // but for months
		months            int
	}{
		{"the year runs", "2021-01-10 08:00", "2022-07-01 13:30", Options{}, []string{
			"ytd 2022-01-01 00:00 2022-07-01 13:30", "prior_ytd 2021-01-01 00:00 2021-07-01 13:30"}, 19},
		{"the year is complete", "2021-01-10 08:00", "2023-01-01 00:00", Options{}, []string{
			"year 2022-01-01 00:00 2023-01-01 00:00", "prior_year 2021-01-01 00:00 2022-01-01 00:00"}, 24},
		{"the closed year is not settled", "2020-01-10 08:00", "2022-02-14 00:00", Options{}, []string{
			"ytd 2022-01-01 00:00 2022-02-14 00:00", "prior_ytd 2021-01-01 00:00 2021-02-14 00:00",
			"year 2021-01-01 00:00 2022-01-01 00:00", "prior_year 2020-01-01 00:00 2021-01-01 00:00"}, 14},
		{"settled after 45 days", "2020-01-10 08:00", "2022-02-15 00:00", Options{}, []string{
			"ytd 2022-01-01 00:00 2022-02-15 00:00", "prior_ytd 2021-01-01 00:00 2021-02-15 00:00"}, 14},
		{"29 February", "2023-01-10 08:00", "2024-02-29 09:00", Options{}, []string{
			"ytd 2024-01-01 00:00 2024-02-29 09:00", "prior_ytd 2023-01-01 00:00 2023-03-01 00:00"}, 14},
		{"a year asked for", "2020-01-10 08:00", "2022-07-01 00:00", Options{Year: &year}, []string{
			"year 2021-01-01 00:00 2022-01-01 00:00", "prior_year 2020-01-01 00:00 2021-01-01 00:00"}, 24},
		{"nothing before the first row", "2022-03-10 08:00", "2022-07-01 00:00", Options{}, []string{
			"ytd 2022-01-01 00:00 2022-07-01 00:00"}, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := policy.Qinghai()
			e := running(t, tt.start, tt.asOf)
			var got []string
			months := 0
			for _, w := range windows(e, e.AsOf(), p, tt.options) {
				if w.name == Month {
					months++
					continue
				}
				const form = "2006-01-02 15:04"
				got = append(got, w.name+" "+time.Unix(w.From, 0).In(p.Zone).Format(form)+" "+time.Unix(w.To, 0).In(p.Zone).Format(form))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("windows (-want +got):\n%s", diff)
			}
			if months != tt.months {
				t.Errorf("%d months, want %d", months, tt.months)
			}
		})
	}
}

func TestCustomWindowEndsAtAsOf(t *testing.T) {
	t.Parallel()
	e := running(t, "2022-03-10 08:00", "2022-03-10 08:30")
	asked := period.Period{From: instant(t, "2022-03-10 00:00"), To: instant(t, "2022-04-01 00:00")}
	s := Build(e, policy.Qinghai(), Options{Window: &asked})
	for _, entry := range s.Indices {
		if entry.Scope == "xining" && entry.Class == "rural" {
			if entry.CustomerSeconds != 18_000_000 || entry.EquivalentCustomers != 100 || entry.Length != 8*3600+1800 {
				t.Errorf("got %v customer-seconds of %v customers in %d s; want 18000, 100, 30600", entry.CustomerSeconds, entry.EquivalentCustomers, entry.Length)
			}
			return
		}
	}
	t.Error("no entry for xining, rural")
}

func TestMilli(t *testing.T) {
	t.Parallel()
	for m, want := range map[Milli]string{0: "0", 1000: "1", 1500: "1.5", -1: "-0.001", 1230: "1.23", -2500: "-2.5", 123456789: "123456.789"} {
		if got := m.String(); got != want {
			t.Errorf("%d thousandths are %q, want %q", int64(m), got, want)
		}
		var back Milli
		if err := back.UnmarshalJSON([]byte(want)); err != nil || back != m {
			t.Errorf("%q reads as %d, %v; want %d", want, back, err, m)
		}
	}
}
