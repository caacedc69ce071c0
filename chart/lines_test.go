package chart_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/chart"
)

// paths are those of the elements of a class.
func paths(t *testing.T, svg, class string) []string {
	t.Helper()
	all, err := parse(svg)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range all {
		if e.name == "path" && strings.HasSuffix(" "+e.attrs["class"], " "+class) {
			list = append(list, e.attrs["d"])
		}
	}
	return list
}

// flat is a chart of a frame from 30 to 710 and from 24 to 298, 0 to 12.
func flat(points ...chart.Point) *chart.Lines {
	return &chart.Lines{From: day(2022, 1, 1), To: day(2022, 1, 11), Curves: []chart.Curve{{Style: chart.Value, Points: points}}}
}

func TestLinesPlaces(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	l := flat(
		chart.Point{At: day(2022, 1, 1), Value: 0}, chart.Point{At: day(2022, 1, 3), Value: nan}, chart.Point{At: day(2022, 1, 4), Value: inf},
		chart.Point{At: day(2022, 1, 6), Value: 5}, chart.Point{At: day(2022, 1, 11), Value: 9}, chart.Point{At: day(2022, 1, 12), Value: 900},
	)
	want := []string{"M27.4 298L368.7 161L710 51.4"}
	if diff := cmp.Diff(want, paths(t, l.SVG(), "chart-value")); diff != "" {
		t.Errorf("curve (-want +got):\n%s", diff)
	}
}

func TestLinesOnePointIsADot(t *testing.T) {
	t.Parallel()
	svg := flat(chart.Point{At: day(2022, 1, 6), Value: 5}).SVG()
	if got := strings.Count(svg, `<circle class="chart-dot chart-value"`); got != 1 {
		t.Errorf("%d dots, want 1", got)
	}
	if got := paths(t, svg, "chart-value"); len(got) > 0 {
		t.Errorf("a path of one point: %v", got)
	}
}

// A band whose ends are the wrong way round is the same band.
func TestBandsHaveTwoSides(t *testing.T) {
	t.Parallel()
	l, turned := year(), year()
	for i, s := range turned.Bands[0].Points {
		turned.Bands[0].Points[i].Low, turned.Bands[0].Points[i].High = s.High, s.Low
	}
	if diff := cmp.Diff(l.SVG(), turned.SVG()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSVGDoesNotChangeItsArguments(t *testing.T) {
	t.Parallel()
	l, want := year(), year()
	l.SVG()
	if diff := cmp.Diff(want, l); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBarsWithoutValues(t *testing.T) {
	t.Parallel()
	values := append(numbers(1, math.NaN(), 2.5), nil)
	for name, b := range map[string]*chart.Bars{
		"upright": {Labels: []string{"a", "b", "c", "d"}, Series: []chart.Series{{Style: chart.Value, Values: values}}},
		"lying":   {Labels: []string{"a", "b", "c", "d"}, Series: []chart.Series{{Style: chart.Value, Values: values}}, Lying: true},
	} {
		svg := b.SVG()
		if got := strings.Count(svg, `class="chart-bar chart-value"`); got != 2 {
			t.Errorf("%s: %d bars, want 2", name, got)
		}
		if !strings.Contains(svg, "<title>c · 2.50</title>") {
			t.Errorf("%s: the third bar does not say what it is", name)
		}
	}
}

func TestLyingGrows(t *testing.T) {
	t.Parallel()
	b := feeders()
	for range 30 {
		b.Labels, b.Series[0].Values = append(b.Labels, "10kV 线"), append(b.Series[0].Values, numbers(3)...)
	}
	svg := b.SVG()
	if !strings.Contains(svg, `viewBox="0 0 480 710"`) {
		t.Errorf("34 feeders: %s", svg[:120])
	}
	for _, c := range complaints(svg) {
		t.Error(c)
	}
}
