package chart_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/chart"
	"github.com/saidi-exporter/saidi/geography"
)

var update = flag.Bool("update", false, "write the golden files anew")

// drawing is what all of them do.
type drawing interface{ SVG() string }

var china = time.FixedZone("CST", 8*3600)

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, china)
}

// year is the chart of an area's year, as pages and the report have it.
func year() *chart.Lines {
	l := &chart.Lines{
		Title: "西宁市 农村 2022 年", Description: "用户年均停电时间累计 6.3 小时，限值 11 小时。", Unit: "小时",
		From: day(2022, 1, 1), To: day(2023, 1, 1), Now: day(2022, 9, 15), NowLabel: "截至 2022-09-15", Width: 720, Height: 320,
		Months: strings.Fields("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"),
		Marks: []chart.Mark{
			{Style: chart.Limit, Label: "限值 11.00", Value: 11}, {Style: chart.Limit, Label: "力争 10.80", Value: 10.8}, {Style: chart.Expected, Label: "同比 9.40", Value: 9.4},
		},
	}
	value, prior := chart.Curve{Style: chart.Value, Label: "2022 年"}, chart.Curve{Style: chart.Prior, Label: "2021 年"}
	expected, middle := chart.Curve{Style: chart.Expected, Label: "预期进度"}, chart.Curve{Style: chart.Middle, Label: "预测中位数"}
	outer, inner := chart.Band{Style: chart.Outer, Label: "90 % 区间"}, chart.Band{Style: chart.Inner, Label: "50 % 区间"}
	for i := 0; i <= 365; i += 5 {
		at, x := l.From.AddDate(0, 0, i), float64(i)
		prior.Points = append(prior.Points, chart.Point{At: at, Value: x / 365 * 9.7 * (1 + .1*float64(i%35)/35)})
		expected.Points = append(expected.Points, chart.Point{At: at, Value: x / 365 * 11})
		if !at.After(l.Now) {
			value.Points = append(value.Points, chart.Point{At: at, Value: x / 365 * 8.2 * (1 + .1*float64(i%50)/50)})
			continue
		}
		on := x - 257
		m := 6.1 + on*.03
		middle.Points = append(middle.Points, chart.Point{At: at, Value: m})
		outer.Points = append(outer.Points, chart.Span{At: at, Low: m - on*.015, High: m + on*.025})
		inner.Points = append(inner.Points, chart.Span{At: at, Low: m - on*.006, High: m + on*.009})
	}
	l.Curves, l.Bands = []chart.Curve{prior, expected, middle, value}, []chart.Band{outer, inner}
	return l
}

func numbers(list ...float64) []*float64 {
	var values []*float64
	for _, v := range list {
		values = append(values, &v)
	}
	return values
}

// months is the chart of the months of two years, of which one is not over.
func months() *chart.Bars {
	return &chart.Bars{
		Title: "各月用户平均停电时间", Unit: "小时", Labels: year().Months, Width: 720, Height: 260,
		Series: []chart.Series{
			{Style: chart.Prior, Label: "2021 年", Values: numbers(.8, .5, .7, 1.1, .9, .6, 1.4, 1.2, .4, .6, .9, .7)},
			{Style: chart.Value, Label: "2022 年", Values: append(numbers(.7, .4, .9, .8, .6, .5, 1.12, .8, .35), nil, nil, nil)},
		},
	}
}

// feeders is a chart that lies.
func feeders() *chart.Bars {
	return &chart.Bars{
		Title: "停电时户数最多的馈线", Unit: "时户数", Lying: true, Width: 480,
		Labels: []string{"10kV 城北一线", "10kV 湟中鲁沙尔工业园区三回路备用联络线（农网改造）", "10kV Duoba & West", "10kV 大通"},
		Series: []chart.Series{{Style: chart.Value, Values: numbers(12034.5, 8020, 310.25, 0)}},
	}
}

// qinghai is the map of its areas.
func qinghai(t testing.TB, width, height int) *chart.Map {
	t.Helper()
	areas := []struct{ id, label, code, sign, digits string }{
		{"xining", "西宁市", "missed", "✗", "6301"}, {"haidong", "海东市", "at-risk", "~", "6302"}, {"haixi", "海西州", "met", "✓", "6328"},
		{"huangnan", "黄南州", "off-track", "-", "6323"}, {"hainan", "海南州", "on-track", "+", "6325"}, {"haibei", "海北州", "cannot-tell", "?", "6322"},
		{"golog", "果洛州", "on-track", "+", "6326"}, {"yushu", "玉树州", "", "", "6327"},
	}
	m := &chart.Map{Title: "青海省各市州", Description: "八个市州的评判。", Width: width, Height: height}
	for _, a := range areas {
		outlines, ok := geography.Find([][]string{{a.digits}})
		if !ok {
			t.Fatalf("no outline of %s", a.id)
		}
		o := outlines[0]
		r := chart.Region{ID: a.id, Label: a.label, Text: a.label + "：6.30 小时", Code: a.code, Sign: a.sign, Href: "/area/" + a.id, At: position(o.Centre)}
		for _, ring := range o.Rings {
			var list []chart.Position
			for _, p := range ring {
				list = append(list, position(p))
			}
			r.Rings = append(r.Rings, list)
		}
		m.Regions = append(m.Regions, r)
	}
	return m
}

func position(p geography.Position) chart.Position {
	return chart.Position{X: p.Longitude, Y: p.Latitude}
}

// hostile is every kind of drawing with words that mean harm.
func hostile() map[string]drawing {
	evil := `"><script>alert('1')</script>&amp;` + "\u202e\x00\x1b\xff" + strings.Repeat("长", 200) + "👩‍👩‍👧"
	l, b, m := year(), months(), feeders()
	l.Title, l.Description, l.Unit, l.NowLabel, l.Months[3] = evil, evil, evil, evil, evil
	l.Marks[0].Label, l.Curves[0].Label, l.Bands[0].Label = evil, evil, evil
	l.Curves[1].Style, l.Bands[1].Style, l.Marks[1].Style = chart.Style(evil), chart.Style(evil), chart.Style(evil)
	b.Title, b.Unit, b.Labels[2], b.Series[0].Label, b.Series[0].Style = evil, evil, evil, evil, chart.Style(evil)
	m.Labels[0], m.Series[0].Label = evil, evil
	ring := [][]chart.Position{{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 0, Y: 1}}}
	region := chart.Region{ID: evil, Label: evil, Text: evil, Code: evil, Sign: evil, Href: evil, Rings: ring}
	return map[string]drawing{"lines": l, "bars": b, "lying": m, "map": &chart.Map{Title: evil, Description: evil, Regions: []chart.Region{region, {}}}}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	narrow, english := year(), year()
	narrow.Width, narrow.Height = 340, 260
	english.Months = strings.Fields("January February March April May June July August September October November December")
	english.Marks[0].Label, english.NowLabel, english.Unit = "Duty: limit of No. 101, 11.00 h", "as of 15 September 2022", "hours"
	foreign := qinghai(t, 360, 250)
	for i, name := range strings.Fields("Xining Haidong Haixi Huangnan Hainan Haibei Golog Yushu") {
		foreign.Regions[i].Label = name
	}
	crowded := months()
	crowded.Width = 340
	for name, d := range map[string]drawing{
		"lines": year(), "lines-narrow": narrow, "lines-english": english, "lines-empty": &chart.Lines{Title: "空", Unit: "小时", Months: year().Months, From: day(2022, 1, 1), To: day(2023, 1, 1)},
		"bars": months(), "bars-narrow": crowded, "bars-empty": &chart.Bars{Title: "空"}, "lying": feeders(),
		"map": qinghai(t, 900, 600), "map-narrow": qinghai(t, 344, 260), "map-english": foreign, "map-empty": &chart.Map{Title: "空"},
		"hostile-lines": hostile()["lines"], "hostile-lying": hostile()["lying"], "hostile-map": hostile()["map"],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("testdata", name+".svg")
			got := strings.ReplaceAll(d.SVG(), "><", ">\n<") + "\n"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
