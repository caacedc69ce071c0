package snapshot_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// lawYear is the year of the deadlines; the base year is the one before.
const lawYear = 2022

// A province is a drawn case: who is served, what was told, and what is asked.
type province struct {
	policy  *policy.Policy
	areas   []outage.Area
	classes []outage.Class
	base    []outage.Customers
	rows    []provinceRow
	covers  []outage.Covers
	asOf    int64
	options snapshot.Options
}

// A provinceRow is a row of outage data; with a reason, one that its reader
// rejected.
type provinceRow struct {
	outage.Event
	rejected outage.Reason
}

// A settler draws a province.
type settler struct {
	*rapid.T
	*province
	years []period.Period // the year before the base year, … and two after the deadline
	feed  []string        // the feeders of the base
	units []string
}

// A taste says what a law needs of a province.
type taste struct {
	index    string // empty: any
	rejected string // the share of rows that may be rejected; empty: any
	heard    bool   // every area has a row in every year
}

func drawProvince(t *rapid.T, want taste) *province {
	s := &settler{T: t, province: &province{}}
	s.areas = []outage.Area{"a", "b", "c", "d"}[:rapid.IntRange(2, 4).Draw(t, "areas")]
	s.classes = []outage.Class{"rural", "town"}[:rapid.IntRange(1, 2).Draw(t, "classes")]
	s.drawPolicy(want)
	for year := lawYear - 2; year <= lawYear+2; year++ {
		s.years = append(s.years, s.policy.YearStart.Year(year, s.policy.Zone))
	}
	s.drawBase()
	s.drawAsOf()
	if want.heard || sample(s, "every area is heard of", true, true, false) {
		s.hear()
	}
	for i := range sample(s, "rows", 3, 10, 20, 30) {
		s.drawRow(i)
	}
	s.covers = s.drawCovers(s.areas, 3)
	return s.province
}

// one is true once in n times.
func (s *settler) one(n int, label string) bool { return rapid.IntRange(1, n).Draw(s.T, label) == n }

func sample[V any](s *settler, label string, from ...V) V {
	return rapid.SampledFrom(from).Draw(s.T, label)
}

// drawPolicy draws caps and reductions of every scope.
func (s *settler) drawPolicy(want taste) {
	var b strings.Builder
	zone := sample(s, "zone", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "America/Havana")
	start := sample(s, "year start", [2]string{"01-01", "2022-12-31"}, [2]string{"04-01", "2023-03-31"}, [2]string{"03-13", "2023-03-12"})
	index, rejected := want.index, want.rejected
	if index == "" {
		index = sample(s, "index", reliability.SAIDI1, reliability.SAIDI1, reliability.SAIDIF, reliability.SAIDI4, reliability.IEEE)
	}
	if rejected == "" {
		rejected = sample(s, "rejected", "0.01", "0.2", "1")
	}
	fmt.Fprintf(&b, "id: drawn\nzone: %s\nyear_start: %q\nindex: %s\nindices: [%s]\nsettle: %dd\n", zone, start[0], index, index, sample(s, "settle", 0, 45, 45))
	fmt.Fprintf(&b, "coverage: {minimum: %s, rejected: %s}\nareas:\n", sample(s, "minimum", "0.99", "0.6", "0.2"), rejected)
	for _, a := range s.areas {
		fmt.Fprintf(&b, "  - {id: %s}\n", a)
	}
	b.WriteString("groups: [{id: g, areas: [b, a]}]\nclasses: [{id: rural}, {id: town}]\nclass_groups: [{id: both, classes: [town, rural]}]\ntargets:\n")
	seen := map[string]bool{}
	for range rapid.IntRange(1, 6).Draw(s.T, "targets") {
		scope := sample(s, "scope", append([]string{"g", "g", "whole"}, texts(s.areas)...)...)
		class := sample(s, "class", append([]string{"all", "both"}, texts(s.classes)...)...)
		rule := sample(s, "rule", "cap: "+sample(s, "cap", "0.5h", "2h", "10h", "60h"), "reduction: "+sample(s, "reduction", "8%", "50%", "0.1%"))
		if key := scope + class + rule[:3]; !seen[key] {
			seen[key] = true
			fmt.Fprintf(&b, "  - {scope: %s, class: %s, %s, strength: %s, deadline: %s}\n", scope, class, rule, sample(s, "strength", "duty", "aspiration"), start[1])
		}
	}
	p, err := policy.Parse("drawn.yaml", []byte(b.String()))
	if err != nil {
		s.Fatal(err)
	}
	s.policy = p
}

func texts[ID ~string](ids []ID) []string {
	var all []string
	for _, id := range ids {
		all = append(all, string(id))
	}
	return all
}

// instant draws an instant of a year and thereabouts, often near its ends.
func (s *settler) instant(y period.Period, label string) int64 {
	switch rapid.IntRange(0, 5).Draw(s.T, label+" where") {
	case 0:
		return y.From + rapid.Int64Range(-3, 3).Draw(s.T, label)*3600
	case 1:
		return y.To + rapid.Int64Range(-40, 3).Draw(s.T, label)*3600
	}
	return y.From + rapid.Int64Range(0, y.Seconds()/1800).Draw(s.T, label)*1800
}

func (s *settler) year(label string) period.Period {
	return s.years[sample(s, label, 1, 1, 1, 2, 2, 2, 2, 0, 3)]
}

// drawBase serves each area and class by feeders, by units or without either.
func (s *settler) drawBase() {
	for i, area := range s.areas {
		kind := sample(s, "base of an area", "feeders", "feeders", "units", "area")
		for k, class := range s.classes {
			if k > 0 && s.one(4, "class not served") {
				continue
			}
			for n := range rapid.IntRange(1, 2).Draw(s.T, "rows of the base") {
				feeder := fmt.Sprintf("F%d%d", i, sample(s, "feeder", n, 0))
				row := outage.Customers{Feeder: feeder, Area: area, Class: class, Customers: rapid.Int64Range(1, 60).Draw(s.T, "served"), ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo}
				switch kind {
				case "units":
					row.Unit = fmt.Sprintf("U%d%d%d", i, k, n)
					s.units = append(s.units, row.Unit)
				case "area":
					row.Feeder = ""
				}
				if s.one(4, "joins later") {
					row.ValidFrom = s.instant(s.year("joins in"), "joins")
				}
				s.feed = append(s.feed, row.Feeder)
				if !slices.Contains(s.base, row) {
					s.base = append(s.base, row)
				}
			}
		}
	}
}

// hear gives every area a row of nobody in every year, at its first instant.
func (s *settler) hear() {
	for _, area := range s.areas {
		for _, y := range s.years {
			s.rows = append(s.rows, provinceRow{Event: outage.Event{ID: fmt.Sprintf("heard %s %d", area, y.From), Area: string(area), Start: y.From, End: y.From, Served: outage.Missing}})
		}
	}
}

// drawRow draws an outage, at times open, rejected, of nobody knows where, of
// no outage, or one that was told already.
func (s *settler) drawRow(i int) {
	if len(s.rows) > 0 && s.one(8, "told already") {
		s.rows = append(s.rows, sample(s, "row", s.rows...))
		return
	}
	row := provinceRow{Event: s.outage(fmt.Sprintf("E%d", i), s.instant(s.year("starts in"), "start"))}
	switch sample(s, "odd", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 4, 5, 6, 6, 7) {
	case 7:
		row.End = outage.Open
	case 6:
		row.Start, row.End = s.asOf-rapid.Int64Range(0, 80).Draw(s.T, "open for hours")*3600, outage.Open
	case 1:
		row.Feeder, row.Unit, row.Area, row.Class = "F-unknown", "", string(s.areas[0]), string(s.classes[0])
	case 2:
		row.rejected, row.End = sample(s, "why", outage.BadCustomers, outage.ImplausibleYear), outage.Open
	case 3:
		row.rejected, row.Start, row.End = outage.BadTime, 0, outage.Open
	case 4:
		row.Nature = outage.NotAnOutage
	case 5:
		row.Feeder, row.Unit, row.Area = "F-unknown", "", ""
	}
	s.rows = append(s.rows, row)
}

// outage draws a closed outage at a place of the base.
func (s *settler) outage(id string, start int64) outage.Event {
	at := sample(s, "place", s.base...)
	e := outage.Event{
		ID: id, Feeder: at.Feeder, Unit: at.Unit, Start: start, End: start + sample(s, "length", int64(0), 60, 1, 240, 3600, 7200, 5*3600, 20*3600, 36*3600, 9*86400),
		Customers: sample(s, "customers", at.Customers, at.Customers, (at.Customers+1)/2, 1, 0), Served: outage.Missing,
		Nature: sample(s, "nature", outage.Unknown, outage.FaultInternal, outage.FaultExternal, outage.PlannedMaintenance),
	}
	if at.Feeder == "" || s.one(3, "names its area") {
		e.Area = string(at.Area)
	}
	if s.one(3, "names its class") {
		e.Class = string(at.Class)
	}
	return e
}

// drawCovers draws up to n declared periods of some of the areas.
func (s *settler) drawCovers(areas []outage.Area, n int) (all []outage.Covers) {
	for range rapid.IntRange(0, n).Draw(s.T, "declared periods") {
		c := outage.Covers{Period: period.Period{From: s.instant(s.year("declared from"), "from")}}
		c.To = max(c.From+3600, s.instant(s.year("declared to"), "to"))
		if sample(s, "whole years", true, true, false) {
			c.Period = period.Period{From: s.years[1].From, To: s.years[2].To}
		}
		for range rapid.IntRange(1, 2).Draw(s.T, "areas declared") {
			c.Areas = append(c.Areas, sample(s, "area", areas...))
		}
		all = append(all, c)
	}
	return all
}

// drawAsOf asks inside the year, at its end, soon after, or long after.
func (s *settler) drawAsOf() {
	year := lawYear
	now := s.years[2]
	switch rapid.IntRange(0, 3).Draw(s.T, "as-of") {
	case 0:
		s.asOf = now.From + rapid.Int64Range(1, now.Seconds()/3600-1).Draw(s.T, "hours of the year")*3600
	case 1:
		s.asOf = now.To
	case 2:
		s.asOf = now.To + rapid.Int64Range(1, 44*24).Draw(s.T, "hours after")*3600
	default:
		s.asOf = now.To + 100*86400
	}
	if s.asOf > now.To {
		s.options.Year = &year
	}
}

// A passage is how the rows of a province come.
type passage struct {
	deliveries [][]provinceRow
	batches    int // rows in a batch, at most
	workers    int
}

func plainly(p *province) passage {
	return passage{deliveries: [][]provinceRow{p.rows}, batches: len(p.rows) + 1, workers: 1}
}

// load brings the rows into an engine that has not advanced yet.
func (p *province) load(t *rapid.T, how passage) *engine.Engine {
	base, err := reliability.NewBase(p.base, p.classes)
	if err != nil {
		t.Skip(err.Error())
	}
	e := engine.New(base, engine.Options{Zone: p.policy.Zone, Workers: how.workers})
	for i, rows := range how.deliveries {
		load := e.Begin()
		for k, batch := range slices.Collect(slices.Chunk(rows, max(1, how.batches))) {
			if err := load.Add(batchOf(batch, k*how.batches)); err != nil {
				t.Fatal(err)
			}
		}
		if err := load.Commit(&outage.Delivery{Path: fmt.Sprintf("events %d", i), Rows: len(rows), Covers: p.covers}); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func batchOf(rows []provinceRow, before int) *outage.Batch {
	b := outage.NewBatch(outage.NewDict())
	for i, row := range rows {
		row.Row = outage.Row(before + i + 2)
		if row.rejected != "" {
			b.Rejected = append(b.Rejected, outage.Rejection{Event: row.Event, Column: "start", Reason: row.rejected})
			continue
		}
		b.Append(&row.Event)
	}
	return b
}

// answer is what the rows come to, brought in so.
func (p *province) answer(t *rapid.T, how passage) *snapshot.Snapshot {
	e := p.load(t, how)
	e.Advance(p.asOf)
	return snapshot.Build(e, p.policy, p.options)
}
