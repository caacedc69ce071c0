package simulate

import (
	"iter"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// Dirt changes nothing but the rows that it spoils or repeats, and the late
// delivery not at all: the clean province has every row as it should have been.
func TestDirtSpoilsOnlyItself(t *testing.T) {
	t.Parallel()
	for _, units := range []bool{false, true} {
		o := options(map[bool]float64{false: 0.2, true: 0.03}[units])
		o.Units = units
		dirty := province(t, o)
		o.Clean = true
		pure := province(t, o)
		spoilt, twice, rows := compareDirt(t, dirty, pure)
		if share := float64(spoilt) / float64(rows); share < 0.0008 || share > 0.0022 {
			t.Errorf("units %v: %d of %d rows are impossible, want about 15 in ten thousand", units, spoilt, rows)
		}
		if twice == 0 {
			t.Errorf("units %v: no row is repeated", units)
		}
		if !reflect.DeepEqual(collect(pure, Late), collect(dirty, Late)) {
			t.Errorf("units %v: the late delivery differs", units)
		}
	}
}

// compareDirt goes through both first deliveries side by side.
func compareDirt(t *testing.T, dirty, pure *Province) (spoilt, twice, rows int) {
	t.Helper()
	corrected := map[string]bool{}
	for e := range eventsOf(pure, Late) {
		corrected[e.ID] = true
	}
	got, want := collect(dirty, First), collect(pure, First)
	for len(want) > 0 && len(got) > 0 {
		g, w := got[0], want[0]
		got, want, rows = got[1:], want[1:], rows+1
		if g.ID != w.ID || g.Stage != w.Stage {
			t.Fatalf("row %d: %s stage %q, clean %s stage %q", rows, g.ID, g.Stage, w.ID, w.Stage)
		}
		if !reflect.DeepEqual(g, w) {
			spoilt++
			if corrected[g.ID] {
				t.Errorf("%s is spoilt and corrected", g.ID)
			}
		}
		if len(got) > 0 && reflect.DeepEqual(got[0], g) {
			twice++
			got = got[1:]
		}
	}
	if len(want)+len(got) > 0 {
		t.Errorf("%d rows of the clean province and %d of the dirty one are left over", len(want), len(got))
	}
	return spoilt, twice, rows
}

func collect(p *Province, d Delivery) []Record {
	var list []Record
	for r := range p.Records(d) {
		list = append(list, *r)
	}
	return list
}

// Every late row raises the revision and is of an event that the first delivery
// has; the kinds of corrections are all there.
func TestLateDelivery(t *testing.T) {
	t.Parallel()
	p := province(t, func() Options { o := options(1); o.Clean = true; return o }())
	first := map[string][]outage.Event{}
	for e := range eventsOf(p, First) {
		if e.Revision != 0 || e.Cancelled {
			t.Fatalf("first delivery: %+v", e)
		}
		first[e.ID] = append(first[e.ID], e)
	}
	late := map[string][]outage.Event{}
	for e := range eventsOf(p, Late) {
		if e.Revision != 1 || len(first[e.ID]) == 0 {
			t.Fatalf("late delivery: %+v", e)
		}
		late[e.ID] = append(late[e.ID], e)
	}
	kinds := map[string]int{}
	for id, rows := range late {
		was, is := first[id][len(first[id])-1], rows[len(rows)-1]
		switch {
		case is.Cancelled:
			kinds["cancelled"]++
		case was.End == outage.Open:
			kinds["closed"]++
		case was.Customers != is.Customers:
			kinds["customers"]++
		case was.End != is.End:
			kinds["end"]++
		default:
			t.Errorf("%s is told again and nothing is new: %+v", id, is)
		}
	}
	if share := float64(len(late)) / float64(len(first)); share < 0.010 || share > 0.020 || len(kinds) != 4 {
		t.Errorf("%d of %d events are corrected, by kind %v; want about 15 in a thousand of four kinds", len(late), len(first), kinds)
	}
}

// No event interrupts more customers than its feeder has when it starts, nor a
// transformer twice.
func TestStagesFitTheFeeder(t *testing.T) {
	t.Parallel()
	for _, units := range []bool{false, true} {
		o := options(map[bool]float64{false: 0.3, true: 0.03}[units])
		o.Units, o.Clean = units, true
		p := province(t, o)
		base := map[string][]outage.Customers{}
		for c := range p.Customers() {
			base[c.Feeder] = append(base[c.Feeder], c)
		}
		out, events, seen := map[string]int64{}, map[string]outage.Event{}, map[string]bool{}
		for e := range eventsOf(p, First) {
			out[e.ID] += e.Customers
			events[e.ID] = e
			if e.Unit != "" && seen[e.ID+e.Unit] {
				t.Fatalf("%s has transformer %s twice", e.ID, e.Unit)
			}
			seen[e.ID+e.Unit] = true
		}
		for id, e := range events {
			var there int64
			for _, c := range base[e.Feeder] {
				if c.ValidFrom <= e.Start && e.Start < c.ValidTo {
					there += c.Customers
				}
			}
			if out[id] < 1 || out[id] > there {
				t.Errorf("%s interrupts %d customers of %d", id, out[id], there)
			}
		}
	}
}

// Planned work begins from 07:00 to 10:00, ends before 20:00 of the same day,
// mostly from Tuesday to Friday, and hardly ever in the week of a festival.
func TestPlannedWork(t *testing.T) {
	t.Parallel()
	all, midweek, festival := 0, 0, 0
	o := options(1)
	o.Clean = true
	for e := range eventsOf(province(t, o), First) {
		if e.Nature < outage.PlannedMaintenance || e.Nature > outage.PlannedTransfer {
			continue
		}
		all++
		from, to := wall(e.Start)%day, wall(e.Start)%day+e.End-e.Start
		if from < 7*hour || from > 10*hour || to >= 20*hour || to <= from {
			t.Errorf("%s: from %d s to %d s of the day", e.ID, from, to)
		}
		at := time.Unix(wall(e.Start), 0).UTC()
		if at.Weekday() >= time.Tuesday && at.Weekday() <= time.Friday {
			midweek++
		}
		if at.Month() == time.October && at.Day() <= 7 {
			festival++
		}
	}
	if midweek*10 < all*8 || festival*100 > all {
		t.Errorf("of %d jobs %d from Tuesday to Friday, %d in the first week of October", all, midweek, festival)
	}
}

// The shares of what is odd: of all rows, but for stages, which are of faults.
func TestShares(t *testing.T) {
	t.Parallel()
	o := options(1)
	o.Clean = true
	n := map[string]int{}
	faults, staged, months := map[string]bool{}, map[string]bool{}, map[time.Month]int{}
	last, unordered := int64(0), 0
	for e := range eventsOf(province(t, o), First) {
		length := e.End - e.Start
		n["rows"]++
		switch {
		case e.Nature == outage.NotAnOutage:
			n["reclosing"]++
			if length > 60 {
				t.Errorf("%s: a reclosing of %d s", e.ID, length)
			}
		case length <= 180:
			n["momentary"]++
		case e.Nature.Fault() || e.Nature == outage.Unknown:
			faults[e.ID] = true
			months[time.Unix(wall(e.Start), 0).UTC().Month()]++
			if e.Stage != "" {
				staged[e.ID] = true
			}
		}
		if e.Start < last {
			unordered++
		}
		last = e.Start
		if !strings.HasPrefix(e.ID, "SIM-") || e.Source != outage.SyntheticSource {
			t.Fatalf("not labelled: %+v", e)
		}
	}
	n["faults"], n["staged"] = len(faults), len(staged)
	for _, tt := range []struct {
		what, of  string
		low, high float64
	}{
		{"reclosing", "rows", 0.02, 0.04}, {"momentary", "rows", 0.05, 0.07}, {"staged", "faults", 0.12, 0.18},
	} {
		if share := float64(n[tt.what]) / float64(n[tt.of]); share < tt.low || share > tt.high {
			t.Errorf("%s: %d of %d %s, want from %v to %v", tt.what, n[tt.what], n[tt.of], tt.of, tt.low, tt.high)
		}
	}
	if year := float64(n["rows"]) / 3; year < 8500 || year > 11_500 {
		t.Errorf("%v rows a year, want about 10 000", year)
	}
	if months[time.July] < months[time.April]*12/10 {
		t.Errorf("faults by month %v: no season of thunderstorms", months)
	}
	if unordered > 0 {
		t.Errorf("%d rows start before the row above them", unordered)
	}
}

// eventsOf gives the events of a delivery without what stands beside them.
func eventsOf(p *Province, d Delivery) iter.Seq[outage.Event] {
	return func(yield func(outage.Event) bool) {
		for r := range p.Records(d) {
			if !yield(r.Event) {
				return
			}
		}
	}
}
