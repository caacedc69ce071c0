package app

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/simulate"
)

// DefaultDemoSpeed is how many simulated seconds pass in one.
const DefaultDemoSpeed = 300

const (
	demoScale     = 0.6
	demoName      = "synthetic"
	demoLate      = 30 * 86400 // after which corrections come, in seconds
	demoNotice    = 10 * 86400 // before which planned work is told, in seconds
	demoMorning   = 10 * 3600  // of the first day, at which the clock begins
	demoDelivery  = 3600       // between two deliveries, in simulated seconds
	demoBaseYears = 1          // before the deadline year
)

// demo is the feed of a synthetic province on a simulated clock. It goes from the
// middle of the policy's deadline year to its end, and again from there. Planned
// work is told ten days ahead; other outages are told when they begin, without an
// end, and again when they are over; what the province corrects comes a month later.
type demo struct {
	policy   *policy.Policy
	province *simulate.Province
	base     []outage.Customers
	tellings []telling // by time

	from, to int64 // of the simulated clock
	speed    float64
	started  time.Time // wall time at which the simulated clock stood at from

	source *source
	world  *world
	round  int64 // how often the clock came to its end
	told   int64 // up to when everything was told
	next   int   // telling
}

// A telling is one row and when it is told.
type telling struct {
	at   int64
	over int64 // of a row that is told without an end: when it is told again
	row  simulate.Record
}

// newDemo makes the province of a policy's deadline year.
func newDemo(speed float64, now time.Time) (*demo, error) {
	p := policy.Qinghai()
	year := p.YearStart.YearOfDay(p.Targets[0].Deadline)
	o := simulate.DefaultOptions()
	o.First, o.Last, o.Scale, o.Units = year-demoBaseYears, year, demoScale, true
	province, err := simulate.New(o)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	span := p.YearStart.Year(year, p.Zone)
	d := &demo{
		policy: p, province: province, speed: speed, started: now,
		from: period.DayOfDate(year, time.July, 1).Start(p.Zone) + demoMorning, to: span.To,
		source: newSource(SourceConfig{Name: demoName}, 0), round: -1,
	}
	for row := range province.Customers() {
		d.base = append(d.base, row)
	}
	d.plan()
	return d, nil
}

// plan says when every row is told.
func (d *demo) plan() {
	for r := range d.province.Records(simulate.First) {
		row := *r
		if r.Start >= d.to {
			continue
		}
		begin := max(r.Start, d.from)
		if isPlanned(r.Nature) {
			d.tellings = append(d.tellings, telling{at: max(d.from, r.Start-demoNotice), row: row})
			continue
		}
		if r.End <= begin || r.End == outage.Open {
			d.tellings = append(d.tellings, telling{at: begin, row: row})
			continue
		}
		open := row
		open.End = outage.Open
		d.tellings = append(d.tellings, telling{at: begin, over: r.End, row: open}, telling{at: r.End, row: row})
	}
	for r := range d.province.Records(simulate.Late) {
		if at := r.Start + demoLate; r.Start < d.to {
			d.tellings = append(d.tellings, telling{at: max(at, d.from), row: *r})
		}
	}
	slices.SortStableFunc(d.tellings, func(a, b telling) int { return cmp.Compare(a.at, b.at) })
}

// isPlanned says whether work of a nature is announced.
func isPlanned(n outage.Nature) bool {
	return n >= outage.PlannedMaintenance && n <= outage.PlannedTransfer
}

// clock gives the simulated time and the round at a wall time.
func (d *demo) clock(now time.Time) (t, round int64) {
	passed := int64(now.Sub(d.started).Seconds() * d.speed)
	length := d.to - d.from
	return d.from + passed%length, passed / length
}

// update tells what has happened since the last time.
func (d *demo) update(now time.Time) (turn, error) {
	t, round := d.clock(now)
	if round != d.round || d.world == nil || t < d.told {
		if err := d.begin(); err != nil {
			return turn{}, err
		}
		d.round = round
	}
	if at := t - t%demoDelivery; at > d.told { // of a clock that jumped, all at once
		if err := d.tell(at, []outage.Covers{{Period: period.Period{From: d.told, To: at}}}); err != nil {
			return turn{}, err
		}
	}
	d.source.lastSuccess = now
	return turn{world: d.world, asOf: time.Unix(t, 0)}, nil
}

// begin makes the world of the beginning: everything before it has been told.
func (d *demo) begin() (err error) {
	if d.world, err = newWorld(d.policy, d.base, DefaultConfig().StaleAfter); err != nil {
		return err
	}
	d.world.worst = DefaultConfig().Worst
	d.next, d.told, d.source.rows = 0, d.from, newSource(SourceConfig{}, 0).rows
	var covers []outage.Covers
	for _, c := range d.province.Covers() {
		c.Period = c.Overlap(period.Period{From: c.From, To: d.from})
		covers = append(covers, c)
	}
	return d.tell(d.from, covers)
}

// tell delivers the rows up to an instant, as the files of a utility would.
func (d *demo) tell(to int64, covers []outage.Covers) error {
	begun := time.Now()
	first := d.next
	for d.next < len(d.tellings) && d.tellings[d.next].at <= to {
		d.next++
	}
	var file bytes.Buffer
	if _, err := simulate.WriteEvents(&file, simulate.CanonicalCSV, rowsOf(d.tellings[first:d.next], to)); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	name := demoName + "/" + time.Unix(to, 0).In(d.policy.Zone).Format("2006-01-02T15:04") + ".csv"
	load := d.world.engine.Begin()
	load.Received = to
	delivery, err := ingest.Events(name, &file, ingest.Options{Names: d.policy.Names(), Zone: d.policy.Zone, Source: demoName, Covers: covers}, load.Add)
	if err != nil {
		load.Abort()
		return fmt.Errorf("demo: %w", err)
	}
	if err := load.Commit(delivery); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	for _, t := range d.tellings[first:d.next] {
		if t.row.Start <= to {
			d.source.latest = max(d.source.latest, t.row.Start)
		}
	}
	d.world.senders = append(d.world.senders, demoName)
	d.source.rows.add(d.world.engine.Counts(len(d.world.senders)-1), d.world.engine.RejectedReasons(len(d.world.senders)-1))
	d.source.duration, d.told = time.Since(begun), to
	return nil
}

// rowsOf gives the rows of tellings that are told at an instant; what is over by
// then is told once.
func rowsOf(list []telling, at int64) iter.Seq[*simulate.Record] {
	return func(yield func(*simulate.Record) bool) {
		for i := range list {
			if t := &list[i]; (t.over == 0 || t.over > at) && !yield(&t.row) {
				return
			}
		}
	}
}
