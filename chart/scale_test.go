package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestScale(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		most  float64
		steps int
		want  string
	}{
		{"nothing", 0, 5, "0.0 0.2 0.4 0.6 0.8 1.0"},
		{"hours of a year", 11, 5, "0 5 10 15"},
		{"on a tick", 10, 5, "0 2 4 6 8 10 12"},
		{"parts of an hour", .34, 5, "0.0 0.1 0.2 0.3 0.4"},
		{"small parts", .021, 5, "0.000 0.005 0.010 0.015 0.020 0.025"},
		{"customer-hours", 123456, 5, "0 50000 100000 150000"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(newScale(test.most, test.steps).labels(), " "); got != test.want {
				t.Errorf("ticks %s, want %s", got, test.want)
			}
		})
	}
}

// Ticks cover the data, are few, and their labels are what they stand for.
func TestScaleCovers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := math.Pow(10, rapid.Float64Range(-6, 12).Draw(t, "power"))
		steps := rapid.IntRange(2, 20).Draw(t, "steps")
		s := newScale(most, steps)
		if s.top() <= most || s.count > steps+1 || s.top() > most*2.6+s.step {
			t.Fatalf("%d steps of %g for %g", s.count, s.step, most)
		}
		for i, label := range s.labels() {
			if got, err := strconv.ParseFloat(label, 64); err != nil || math.Abs(got-s.step*float64(i)) > s.step/1e6 {
				t.Fatalf("tick %d of %g: label %q", i, s.step, label)
			}
		}
	})
}

func TestCut(t *testing.T) {
	t.Parallel()
	tests := []struct {
		words string
		room  float64
		want  string
	}{
		{"城北一线", 48, "城北一线"},
		{"城北一线", 47, "城北…"},
		{"城北一线", 12, ""},
		{"Duoba line", 60, "Duoba…"},
		{"", 0, ""},
	}
	for _, test := range tests {
		if got := cut(test.words, test.room); got != test.want {
			t.Errorf("cut(%q, %g) = %q, want %q", test.words, test.room, got, test.want)
		}
	}
}

func TestCutFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words, room := rapid.String().Draw(t, "words"), rapid.Float64Range(0, 300).Draw(t, "room")
		short := cut(words, room)
		if breadth(short) > room || short == words != (breadth(words) <= room) && words != "" {
			t.Fatalf("cut(%q, %g) = %q, %g wide", words, room, short, breadth(short))
		}
	})
}

func TestSpread(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		places []float64
		want   []float64
	}{
		{"none", nil, nil},
		{"far apart", []float64{10, 50}, []float64{10, 50}},
		{"two at one place", []float64{20, 20}, []float64{20, 34}},
		{"at the end", []float64{90, 95, 100}, []float64{72, 86, 100}},
		{"more than there is room for", slices.Repeat([]float64{100}, 11), []float64{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, spread(test.places, 14, 0, 100)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestLegendWraps(t *testing.T) {
	t.Parallel()
	entries := []entry{{Value, "2022 年", "line"}, {Prior, "2021 年", "line"}, {Prior, "2021 年", "line"}, {Limit, "", "line"}, {Outer, "90 % 区间", "band"}}
	var got [][]string
	for _, row := range newLegend(entries, 170).rows {
		var labels []string
		for _, e := range row {
			labels = append(labels, e.label)
		}
		got = append(got, labels)
	}
	want := [][]string{{"2022 年", "2021 年"}, {"90 % 区间"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestEvery(t *testing.T) {
	t.Parallel()
	months := []string{"1月", "12月"}
	for room, want := range map[float64]int{40: 1, 20: 2, 1: 6} {
		if got := every(months, room, 6); got != want {
			t.Errorf("every, %g each: %d, want %d", room, got, want)
		}
	}
}
