package geography_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/geography"
	"github.com/saidi-exporter/saidi/policy"
)

// qinghai is what the policy of Qinghai matches.
func qinghai() [][]string {
	var areas [][]string
	for _, a := range policy.Qinghai().Areas {
		areas = append(areas, a.Match)
	}
	return areas
}

func TestFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		areas [][]string
		want  []string // codes and names
	}{
		{"Qinghai, in the policy's order", qinghai(), []string{
			"630100 西宁市", "630200 海东市", "632800 海西蒙古族藏族自治州", "632300 黄南藏族自治州",
			"632500 海南藏族自治州", "632200 海北藏族自治州", "632600 果洛藏族自治州", "632700 玉树藏族自治州",
		}},
		{"a code that is no longer used before the one that is", [][]string{{"6321", "6302"}}, []string{"630200 海东市"}},
		{"whole codes", [][]string{{"330100"}, {" 330200 "}}, []string{"330100 杭州市", "330200 宁波市"}},
		{"the first known code of several", [][]string{{"440100", "440300"}}, []string{"440100 广州市"}},
		{"districts", [][]string{{"110101"}}, []string{"110101 东城区"}},
		{"a code of no area after a county of none", [][]string{{"630102", "6301"}}, []string{"630100 西宁市"}},
		{"no encoding", [][]string{{"540100"}}, []string{"540100 拉萨市"}},
		{"no codes", [][]string{{"710000"}}, []string{"710000 台湾省"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			outlines, ok := geography.Find(test.areas)
			var got []string
			for _, o := range outlines {
				got = append(got, o.Code+" "+o.Name)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || !ok {
				t.Errorf("ok %v, (-want +got):\n%s", ok, diff)
			}
		})
	}
}

func TestFindNothing(t *testing.T) {
	t.Parallel()
	for name, areas := range map[string][][]string{
		"no areas":               nil,
		"an area without a code": {{"西宁", "6301"}, {"德令哈"}},
		"an area without words":  {{"6301"}, {}},
		"an unknown code":        {{"6399"}},
		"an unknown province":    {{"99"}},
		"half a level":           {{"630"}},
		"too many digits":        {{"63010000"}},
		"other digits":           {{"６３０１"}},
		"an empty word":          {{""}},
	} {
		if got, ok := geography.Find(areas); ok || got != nil {
			t.Errorf("%s: Find = %d outlines, %v", name, len(got), ok)
		}
	}
}

// all is every outline there is.
func all(t *testing.T) []geography.Outline {
	t.Helper()
	var areas [][]string
	for _, p := range strings.Fields(`11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82`) {
		areas = append(areas, []string{p})
	}
	list, ok := geography.Find(areas)
	if !ok || len(list) != 34 {
		t.Fatalf("Find = %d provinces, %v", len(list), ok)
	}
	return list
}

func TestOutlines(t *testing.T) {
	t.Parallel()
	for _, o := range all(t) {
		if !inside(o, o.Centre) {
			t.Errorf("%s %s: the label at %v is not inside", o.Code, o.Name, o.Centre)
		}
		for i, r := range o.Rings {
			if len(r) < 4 || r[0] != r[len(r)-1] {
				t.Errorf("%s %s: ring %d of %d points is not closed or encloses nothing", o.Code, o.Name, i, len(r))
			}
			for _, p := range r {
				if p.Longitude < 73 || p.Longitude > 136 || p.Latitude < 3 || p.Latitude > 54 {
					t.Errorf("%s %s: %v is elsewhere", o.Code, o.Name, p)
				}
			}
		}
	}
}

// The areas published for the prefectures of Qinghai, in 1000 km²: Xining 7.7,
// Haidong 13.2, Haibei 34.4, Huangnan 18.2, Hainan 44.5, Golog 74.2, Yushu 205
// (267 by what it administers), Haixi 300.9 (325.8): a scale or a decoding gone
// wrong shows.
func TestAreasOfQinghai(t *testing.T) {
	t.Parallel()
	outlines, ok := geography.Find(qinghai())
	if !ok {
		t.Fatal("no outlines")
	}
	want := []struct{ low, high float64 }{{7, 8.3}, {12.4, 13.9}, {280, 330}, {17, 19}, {41.5, 46}, {32, 36}, {70, 79}, {190, 270}}
	for i, o := range outlines {
		if got := thousands(o); got < want[i].low || got > want[i].high {
			t.Errorf("%s: %.1f thousand km², want %v", o.Name, got, want[i])
		}
	}
}

func TestHaixiHasAnExclave(t *testing.T) {
	t.Parallel()
	outlines, _ := geography.Find([][]string{{"6328"}})
	if got := len(outlines[0].Rings); got != 2 {
		t.Errorf("Haixi has %d rings, want 2: the Tanggula exclave", got)
	}
}

// Neighbours have the same border, point by point: of the pieces of outline, most
// that are not the province's own border are there twice.
func TestBordersAreShared(t *testing.T) {
	t.Parallel()
	outlines, _ := geography.Find(qinghai())
	seen := map[[2]geography.Position]int{}
	pieces := 0
	for _, o := range outlines {
		for _, r := range o.Rings {
			for i := range r[1:] {
				seen[[2]geography.Position{r[i], r[i+1]}]++
				pieces++
			}
		}
	}
	shared := 0
	for piece := range seen {
		shared += seen[[2]geography.Position{piece[1], piece[0]}]
	}
	if got := float64(shared) / float64(pieces); got < .3 {
		t.Errorf("%.0f %% of %d pieces are shared", 100*got, pieces)
	}
}

func TestFoundMayBeChanged(t *testing.T) {
	t.Parallel()
	before, _ := geography.Find([][]string{{"6401"}})
	want := before[0].Rings[0][0]
	before[0].Rings[0][0] = geography.Position{}
	after, _ := geography.Find([][]string{{"6401"}})
	if got := after[0].Rings[0][0]; got != want {
		t.Errorf("after a change of what was found: %v, want %v", got, want)
	}
}

// inside is the even-odd rule.
func inside(o geography.Outline, p geography.Position) bool {
	in := false
	for _, r := range o.Rings {
		for i := range r[1:] {
			a, b := r[i], r[i+1]
			if (a.Latitude > p.Latitude) != (b.Latitude > p.Latitude) &&
				p.Longitude < a.Longitude+(p.Latitude-a.Latitude)/(b.Latitude-a.Latitude)*(b.Longitude-a.Longitude) {
				in = !in
			}
		}
	}
	return in
}

// thousands is the area in 1000 km², on a sphere of 6371 km.
func thousands(o geography.Outline) float64 {
	const radius, degree = 6.371, math.Pi / 180
	sum := 0.0
	for _, r := range o.Rings {
		ring := 0.0
		for i := range r[1:] {
			ring += (r[i+1].Longitude - r[i].Longitude) * degree * (math.Sin(r[i].Latitude*degree) + math.Sin(r[i+1].Latitude*degree)) / 2
		}
		sum += math.Abs(ring) * radius * radius * 1000
	}
	return sum
}

func BenchmarkFind(b *testing.B) {
	areas := qinghai()
	for b.Loop() {
		geography.Find(areas)
	}
}
