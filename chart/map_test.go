package chart_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/chart"
)

// Each region is a link with the class of its verdict, in the order given.
func TestMapLinks(t *testing.T) {
	t.Parallel()
	all, err := parse(qinghai(t, 720, 480).SVG())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, e := range all {
		if e.name == "a" {
			got = append(got, e.attrs["id"]+" "+e.attrs["href"]+" "+e.attrs["aria-label"]+" "+all[i+1].text+" "+all[i+2].attrs["class"])
		}
	}
	want := []string{
		"region-xining /area/xining 西宁市：6.30 小时 西宁市：6.30 小时 region missed",
		"region-haidong /area/haidong 海东市：6.30 小时 海东市：6.30 小时 region at-risk",
		"region-haixi /area/haixi 海西州：6.30 小时 海西州：6.30 小时 region met",
		"region-huangnan /area/huangnan 黄南州：6.30 小时 黄南州：6.30 小时 region off-track",
		"region-hainan /area/hainan 海南州：6.30 小时 海南州：6.30 小时 region on-track",
		"region-haibei /area/haibei 海北州：6.30 小时 海北州：6.30 小时 region cannot-tell",
		"region-golog /area/golog 果洛州：6.30 小时 果洛州：6.30 小时 region on-track",
		"region-yushu /area/yushu 玉树州：6.30 小时 玉树州：6.30 小时 region",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A region that leads nowhere is no link.
func TestMapWithoutLinks(t *testing.T) {
	t.Parallel()
	m := qinghai(t, 720, 480)
	m.Regions[0].Href = ""
	svg := m.SVG()
	if strings.Count(svg, "<a ") != 7 || !strings.Contains(svg, `<g id="region-xining" role="img" aria-label="西宁市：6.30 小时">`) {
		t.Error("a region without a link is not one that is told of")
	}
}

// A box is what a label covers.
type box struct {
	label                    string
	left, top, right, bottom float64
}

// boxes are those of the labels of a map, with a character as wide as high.
func boxes(t *testing.T, svg string) []box {
	t.Helper()
	all, err := parse(svg)
	if err != nil {
		t.Fatal(err)
	}
	var list []box
	for _, e := range all {
		if !strings.HasPrefix(e.attrs["class"], "region-") || e.name != "text" {
			continue
		}
		x, errX := strconv.ParseFloat(e.attrs["x"], 64)
		y, errY := strconv.ParseFloat(e.attrs["y"], 64)
		if errX != nil || errY != nil {
			t.Fatalf("label %q at %q, %q", e.text, e.attrs["x"], e.attrs["y"])
		}
		half := 6 * float64(len([]rune(e.text)))
		list = append(list, box{e.text, x - half, y - 10, x + half, y + 1})
	}
	return list
}

// No label of the map of Qinghai lies on another one, on a phone, on a desk or on
// paper.
func TestMapLabelsApart(t *testing.T) {
	t.Parallel()
	for _, width := range []int{320, 344, 360, 480, 720, 900, 1200} {
		list := boxes(t, qinghai(t, width, width*2/3).SVG())
		if len(list) != 15 {
			t.Errorf("%d wide: %d labels and signs, want 8 and 7", width, len(list))
		}
		for i, a := range list {
			for _, b := range list[i+1:] {
				if min(a.right, b.right) > max(a.left, b.left) && min(a.bottom, b.bottom) > max(a.top, b.top) {
					t.Errorf("%d wide: %s on %s", width, a.label, b.label)
				}
			}
		}
	}
}

// On a large map every label stands where it was asked to.
func TestMapLabelsStay(t *testing.T) {
	t.Parallel()
	if svg := qinghai(t, 900, 600).SVG(); strings.Contains(svg, "chart-leader") {
		t.Error("a label had to give way")
	}
}

// A degree of longitude is as long as it is at the middle latitude: at 60° half of
// one of latitude.
func TestMapProjection(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		rings []chart.Position
		want  float64 // width by height
	}{
		{"degrees", []chart.Position{{X: 10, Y: 59}, {X: 12, Y: 59}, {X: 12, Y: 61}, {X: 10, Y: 61}}, .5},
		{"a plane", []chart.Position{{X: 1000, Y: 5900}, {X: 1200, Y: 5900}, {X: 1200, Y: 6100}, {X: 1000, Y: 6100}}, 1},
	}
	for _, test := range tests {
		m := &chart.Map{Regions: []chart.Region{{Rings: [][]chart.Position{test.rings}}}, Width: 400, Height: 400}
		got := aspect(t, paths(t, m.SVG(), "region")[0])
		if math.Abs(got-test.want) > .01 || math.IsNaN(got) {
			t.Errorf("%s: %g wide by high, want %g", test.name, got, test.want)
		}
	}
}

// aspect is the width of a path by its height.
func aspect(t *testing.T, path string) float64 {
	t.Helper()
	var xs, ys []float64
	for i, word := range strings.Fields(letters.ReplaceAllString(path, " ")) {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			xs = append(xs, v)
		} else {
			ys = append(ys, v)
		}
	}
	return (slices.Max(xs) - slices.Min(xs)) / (slices.Max(ys) - slices.Min(ys))
}
