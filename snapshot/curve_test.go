package snapshot_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/saidi-exporter/saidi/snapshot"
)

// At the end of every month that is over, the path of a target's projection and its
// curve have the same hours. A path rounds the exact quotient once, as a target
// does; a curve divides as indices do.
func TestCurveIsOnThePath(t *testing.T) {
	t.Parallel()
	e, p := madeUp(t)
	e.Advance(local(t, p, "2022-09-13 10:00"))
	d, err := snapshot.NewDossier(e, p, snapshot.Options{Anonymous: true})
	if err != nil {
		t.Fatal(err)
	}
	curves := map[[2]string]map[string]*float64{}
	for _, c := range d.Curves {
		points := map[string]*float64{}
		for _, day := range c.Days {
			points[day.At] = day.Hours
		}
		curves[[2]string{c.Scope, c.Class}] = points
	}
	compared := 0
	for i := range d.Targets {
		target := &d.Targets[i]
		if target.Projection == nil {
			continue
		}
		for _, at := range target.Projection.Path {
			if at.ValueHours == nil {
				continue
			}
			compared++
			if diff := gocmp.Diff(at.ValueHours, curves[[2]string{target.Scope, target.Class}][at.At], cmpopts.EquateApprox(1e-15, 0)); diff != "" {
				t.Errorf("%s %s at %s: path (-) and curve (+):\n%s", target.Scope, target.Class, at.At, diff)
			}
		}
	}
	if compared == 0 {
		t.Error("no point was compared")
	}
}

// A date that a zone leaves out has no point, one of 23 or 25 hours has one, and
// the running day ends at as-of.
func TestCurveDays(t *testing.T) {
	t.Parallel()
	s := story{
		zone: "Pacific/Apia", base: hundred, asOf: "2012-01-02T06:00",
		events: "A F1 - - 2011-12-28T12:00 2011-12-31T12:00 100\nB F1 - - 2012-01-02T00:00 2012-01-02T12:00 50\n",
	}
	p := s.parsed(t)
	c, err := snapshot.CurveOf(s.engine(t, p), p, "a", "rural")
	if err != nil {
		t.Fatal(err)
	}
	type point struct {
		At    string
		Hours string
		Day   snapshot.Milli
	}
	shown := func(days []snapshot.CurvePoint) (all []point) {
		for _, d := range days {
			all = append(all, point{d.At, hoursOf(d.Hours), d.Day})
		}
		return all
	}
	const hour = 3600 * 1000
	last := []point{ // 30 December was left out
		{"2011-12-28T00:00:00-10:00", "null", 0},
		{"2011-12-29T00:00:00-10:00", "12.000000", 1200 * hour},
		{"2011-12-31T00:00:00+14:00", "36.000000", 2400 * hour},
		{"2012-01-01T00:00:00+14:00", "48.000000", 1200 * hour},
	}
	if diff := gocmp.Diff(last, shown(c.PriorDays[len(c.PriorDays)-4:])); diff != "" {
		t.Errorf("the year before (-want +got):\n%s", diff)
	}
	this := []point{{"2012-01-02T00:00:00+14:00", "0.000000", 0}, {"2012-01-02T06:00:00+14:00", "3.000000", 300 * hour}}
	if diff := gocmp.Diff(this, shown(c.Days)); diff != "" {
		t.Errorf("this year (-want +got):\n%s", diff)
	}
}
