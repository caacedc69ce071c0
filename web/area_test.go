package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// What a person looks for on the page of an area is there, in both languages.
func TestAreaValues(t *testing.T) {
	t.Parallel()
	for target, wants := range map[string][]string{
		"/area/xining?lang=zh&class=rural": {
			"西宁市 · 农村", "用户年均停电时间，小时 1.10", "上年同期 1.47 同比 −25.0 %", "时户数 110", "可靠率 99.9500 %", "等效用户数 100",
			"− 偏离目标 约束性 · 农村 −8 % 8.50 / 10.00 小时 占限值 85.0 %", "✓ 达标", "全年走势", "截至 2022-07-01 00:00:07 为 1.81 小时",
			"6月 0.22 0.28", "内部故障 83 75.0 % 120 110", "10kV一线 西宁市 50 50.0 % 60 4 31", "不分线路 玉树州 25 25.0 % 30 2 –", "其余 3 条线路共 25 时户，停电 10 户次。",
			"60天内超过3次 7", "saidi-1 考核 全部停电 1.100 1.467 1.500 0.73", "MAIFI 0.100",
		},
		"/area/pair?lang=en": {
			"Pair · All", "average outage hours 3.00", "No target is set here.", "more than 3 in 60 days 14", "internal fault 225 75.0 % 120 300",
			"3 more feeders: 25 customer-hours, 10 interruptions.",
		},
	} {
		w := askArea(target)
		got := squeeze(parse(t, w.Body.String()).text())
		for _, want := range wants {
			if target == "/area/xining?lang=zh&class=rural" {
				want = strings.ReplaceAll(strings.ReplaceAll(want, " 西宁市 50", " 50"), " 玉树州 25", " 25")
			}
			if !strings.Contains(got, squeeze(want)) {
				t.Errorf("%s: status %d, no %q in\n%s", target, w.Code, want, got)
			}
		}
	}
}

// A scope or class that nobody knows is said with the nearest that is known.
func TestAreaUnknown(t *testing.T) {
	t.Parallel()
	for target, c := range map[string]struct {
		code int
		want string
	}{
		"/area/xinin?lang=en":              {http.StatusNotFound, `There is no area or group "xinin"; did you mean "xining"?`},
		"/area/xinin?lang=zh":              {http.StatusNotFound, `没有地区或组 "xinin"；是不是 "xining"？`},
		"/area/%3Cscript%3E?lang=en":       {http.StatusNotFound, `There is no area or group "<script>"`},
		"/area/xining?class=ruarl":         {http.StatusBadRequest, `did you mean "rural"?`},
		"/?map=dutie":                      {http.StatusBadRequest, `did you mean "duty"?`},
		"/area/xining?lang=en&class=rural": {http.StatusOK, "Xining · Rural"},
	} {
		w := askArea(target)
		if got := parse(t, w.Body.String()).text(); w.Code != c.code || !strings.Contains(got, c.want) {
			t.Errorf("%s: status %d, want %d with %q in\n%s", target, w.Code, c.code, c.want, got)
		}
	}
}

// What cannot be answered is said in its section; the others are there.
func TestAreaProblems(t *testing.T) {
	t.Parallel()
	busy := &web.Problem{Status: http.StatusServiceUnavailable, Code: "busy", Err: errors.New("the program is busy")}
	for name, c := range map[string]struct {
		change func(*web.Site)
		want   string
	}{
		"busy": {func(s *web.Site) {
			s.Curve = func(context.Context, string, string) (*snapshot.Curve, error) { return nil, busy }
		}, "Too many ask at this moment: try again a little later."},
		"a mistake of the program": {func(s *web.Site) {
			s.Feeders = func(context.Context, string, snapshot.Question) (*snapshot.FeederList, error) {
				return nil, errors.New("secret")
			}
		}, "The program made a mistake; its log has the details."},
		"an empty curve": {func(s *web.Site) {
			s.Curve = func(context.Context, string, string) (*snapshot.Curve, error) { return &snapshot.Curve{}, nil }
		}, "There is no course of the year to draw now."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := province(full(), "F1")
			c.change(s)
			w := askOf(s, "/area/xining?lang=en")
			got := parse(t, w.Body.String()).text()
			if w.Code != http.StatusOK || !strings.Contains(got, c.want) || !strings.Contains(got, "internal fault") || strings.Contains(got, "secret") {
				t.Errorf("status %d, no %q or no natures in\n%s", w.Code, c.want, got)
			}
		})
	}
}

// Before there is an answer, and with one that has nothing but targets, the page
// is whole.
func TestAreaWithout(t *testing.T) {
	t.Parallel()
	waiting := full()
	waiting.Snapshot = nil
	if w := askOf(site(waiting), "/area/xining?lang=en"); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "No answer yet") {
		t.Errorf("waiting: status %d\n%s", w.Code, w.Body)
	}
	w := askOf(province(state(), "F1"), "/area/xining?lang=en&class=urban-core")
	if got := parse(t, w.Body.String()).text(); w.Code != http.StatusOK || !strings.Contains(got, "There is no data.") || !strings.Contains(got, "aspiration · Urban core ≤ 2.73 h") {
		t.Errorf("targets alone: status %d\n%s", w.Code, got)
	}
}

// every renames all that comes from outside.
func every(text string) *web.Site {
	s := full()
	both := policy.Text{Zh: text, En: text}
	a := s.Snapshot
	s.Program, a.Title, a.Index = text, both, text
	for i := range a.Areas {
		a.Areas[i].Name = both
	}
	for i := range a.Detail.Scopes {
		a.Detail.Scopes[i].Name = both
	}
	for i := range a.Detail.Classes {
		a.Detail.Classes[i].Name = both
	}
	a.Detail.Repeats[0].Name = both
	for i := range a.Indices {
		a.Indices[i].Name, a.Indices[i].ClassName = both, both
	}
	for i := range a.Targets {
		x := &a.Targets[i]
		x.Name, x.ClassName, x.Clause, x.Arithmetic, x.Reasons = both, both, text, text, []string{text, text}
		x.Measures = []snapshot.Measure{{Measure: text, Responsible: text, Note: text, State: "done"}}
	}
	for i := range s.Faults {
		s.Faults[i] = web.Fault{Source: text, Place: text, What: text}
	}
	a.Places = map[string][]string{"xining": {"6301"}, "yushu": {"6327"}}
	return province(s, text)
}

// Hostile names make no element and no attribute of their own, and lead nowhere
// but into this site; the map and the charts are no exception.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	targets := []string{"/?lang=zh", "/area/xining?lang=en&class=rural", "/area/pair?lang=zh"}
	want := map[string]parsed{}
	for _, target := range targets {
		want[target] = parse(t, askOf(every("plain"), target).Body.String())
	}
	for name, text := range breaking() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, target := range targets {
				sameShape(t, target, want[target], parse(t, askOf(every(text), target).Body.String()))
			}
		})
	}
}

// sameShape holds the elements of a page against those of one with plain names.
// Drawings set long words in other places and cut them, with the whole in a title.
func sameShape(t rapid.TB, target string, want, got parsed) {
	t.Helper()
	outside := func(p parsed) []string {
		return slices.DeleteFunc(slices.Clone(p.elements), func(e string) bool {
			return slices.Contains([]string{"title", "text", "line", "circle", "path", "g"}, e)
		})
	}
	if diff := cmp.Diff(outside(want), outside(got)); diff != "" {
		t.Errorf("%s: elements (-want +got):\n%s", target, diff)
	}
	for name, values := range got.attrs {
		leads := slices.Contains([]string{"cx", "cy", "r", "y1", "x1"}, name) // from a long label to its place
		if want.attrs[name] == nil && !leads {
			t.Errorf("%s: a new attribute %s of %q", target, name, values)
		}
	}
	for _, link := range slices.Concat(got.attrs["href"], got.attrs["src"], got.attrs["action"]) {
		if u, err := url.Parse(link); err != nil || u.Scheme != "" || u.Host != "" {
			t.Errorf("%s: a link to %q: %v", target, link, err)
		}
	}
}

// What the script reads is the data, whatever the names in it.
func TestPlotData(t *testing.T) {
	t.Parallel()
	data := regexp.MustCompile(`(?s)<script type="application/json" id="(curve|months)-data">(.*?)</script>`)
	for name, text := range breaking() {
		found := data.FindAllStringSubmatch(askOf(every(text), "/area/xining?class=rural").Body.String(), -1)
		if len(found) != 2 {
			t.Fatalf("%s: %d blocks of data", name, len(found))
		}
		for _, m := range found {
			if !validJSON(m[2]) {
				t.Errorf("%s: %s is no JSON: %s", name, m[1], m[2])
			}
		}
	}
}

// Every link of the pages leads to a route of the site, with parameters that are
// taken there.
func TestLinks(t *testing.T) {
	t.Parallel()
	mapped := full()
	mapped.Snapshot.Places = map[string][]string{"xining": {"6301"}, "yushu": {"6327"}}
	all := province(mapped, "10kV一线")
	all.Events = func(_ context.Context, window string, q snapshot.EventsQuestion) (*snapshot.EventList, error) {
		if given := []bool{window != "", q.Class != "", q.Index != ""}; slices.Contains(given, true) && slices.Contains(given, false) {
			return nil, errors.New("a number without its window, class or index set")
		}
		return &snapshot.EventList{}, nil
	}
	elsewhere := []string{"/metrics", "/api/v1/report", "/api/v1/openapi.yaml", "/api/v1/report.html", "/api/v1/report.xlsx", "/live", "/plan", "/data", "/record"}
	mux := mount(all)
	seen := map[string]bool{}
	for _, from := range []string{"/?lang=en", "/?map=aspiration", "/area/xining?lang=zh&class=rural", "/area/qinghai"} {
		for _, link := range parse(t, askOf(all, from).Body.String()).attrs["href"] {
			u, err := url.Parse(link)
			if err != nil || seen[link] || u.Path == "" || slices.Contains(elsewhere, u.Path) {
				continue
			}
			seen[link] = true
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, u.RequestURI(), nil))
			if w.Code != http.StatusOK {
				t.Errorf("%s leads to %s: status %d", from, link, w.Code)
			}
		}
	}
	if len(seen) < 100 {
		t.Errorf("%d links were followed", len(seen))
	}
}

// The numbers on the overview are those of the snapshot.
func TestScopesEqualTheSnapshot(t *testing.T) {
	t.Parallel()
	s := full()
	p := parse(t, askOf(province(s, "F"), "/?lang=en").Body.String())
	got := squeeze(p.text())
	for i := range s.Snapshot.Indices {
		e := &s.Snapshot.Indices[i]
		if e.Class != "all" || e.Window != snapshot.YearToDate {
			continue
		}
		before := *e.SAIDIHours / 0.75
		verdict := map[string]string{"xining": "− off track", "yushu": "✗ missed"}[e.Scope]
		if verdict == "" {
			verdict = "–"
		}
		want := strings.Join([]string{e.Name.En, verdict, two(*e.SAIDIHours), two(before), "−25.0 %", "1.50", hundreds(*e.SAIDIHours), "100"}, " ")
		if !strings.Contains(got, squeeze(want)) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// Where the judged index set leaves outages out, customer-hours of all of them are
// named so, and lead to all of them.
func TestHoursOfAllOutages(t *testing.T) {
	t.Parallel()
	s := full()
	for index, want := range map[string]string{"saidi-1": "时户数", "saidi-2": "全口径时户数"} {
		s.Snapshot.Index = index
		for target, class := range map[string]string{"/?lang=zh": "all", "/area/xining?lang=zh&class=rural": "rural"} {
			page := askOf(province(s, "F1"), target).Body.String()
			link := `href="/events?class=` + class + `&amp;index=saidi-1&amp;lang=zh&amp;scope=xining&amp;window=ytd"`
			if !strings.Contains(page, ">"+want+"<") || !strings.Contains(page, link) {
				t.Errorf("%s, %s: no %q or no %s", index, target, want, link)
			}
		}
	}
}

// The map writes how probable it is that the worst target of an area is missed, where
// its year still runs.
func TestMapOfProbabilities(t *testing.T) {
	t.Parallel()
	s := full()
	s.Snapshot.Places = map[string][]string{"xining": {"6301"}, "yushu": {"6327"}}
	for i := range s.Snapshot.Targets {
		s.Snapshot.Targets[i].Projection = &snapshot.Projection{MissProbability: some(0.714)}
	}
	page := askOf(site(s), "/?lang=en").Body.String()
	for _, want := range []string{">− 71%<", "Xining: off track, probability of missing 71%.", "Yushu: missed."} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
}

// A month that has not ended is told so, not compared.
func TestMonthUnderWay(t *testing.T) {
	t.Parallel()
	s := full()
	for i := range s.Snapshot.Indices {
		e := &s.Snapshot.Indices[i]
		if e.Length = 30 * 86400; e.From == "2022-06-01T00:00:00+08:00" {
			e.Length = 3 * 86400
		}
	}
	wants(t, askOf(province(s, "F1"), "/area/xining?lang=en").Body.String(), "Jun 0.20 0.25 so far")
}

// The demo says how fast its clock goes.
func TestDemoSpeed(t *testing.T) {
	t.Parallel()
	for speed, want := range map[float64]string{1: "again and again, as fast as real time.", 300: "again and again, 300 times as fast as real time."} {
		s := state()
		s.Demo.Speed = speed
		wants(t, body(s, "en"), want)
	}
}

// The map tells each area's worst verdict in words, colour and sign, and leads to
// its page; what colours it can be chosen.
func TestMap(t *testing.T) {
	t.Parallel()
	s := full()
	s.Snapshot.Places = map[string][]string{"xining": {"西宁", "6301"}, "yushu": {"6327"}}
	for query, wants := range map[string][]string{
		"":                {`class="region off-track"`, `class="region missed"`, `href="/area/xining?lang=en"`, "Xining: off track.", "Yushu: missed."},
		"&map=aspiration": {`class="region at-risk"`, "Yushu: not judged", "aspiration"},
		"&map=rural":      {`href="/area/yushu?class=rural&amp;lang=en"`, "Yushu: off track. Rural off track, 25.00 h, limit 20.00 h"},
	} {
		page := askOf(site(s), "/?lang=en"+query).Body.String()
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%q: no %q", query, want)
			}
		}
		if strings.Contains(page, `class="tiles"`) {
			t.Errorf("%q: tiles beside the map", query)
		}
	}
	s.Snapshot.Places = nil
	if page := askOf(site(s), "/?lang=en").Body.String(); !strings.Contains(page, `class="tiles"`) || strings.Contains(page, "<path") {
		t.Errorf("no tiles, or a map, of areas that lie nowhere:\n%s", page)
	}
}

// A client that takes gzip gets the same page packed.
func TestPacked(t *testing.T) {
	t.Parallel()
	plain := ask(full(), http.MethodGet, "/", "").Body.String()
	for accept, packed := range map[string]bool{"gzip": true, "br, GZIP;q=0.5": true, "gzip; q=0": false, "identity": false, "xgzip": false, "": false} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		mount(site(full())).ServeHTTP(w, r)
		body, is := unpacked(t, w)
		if is != packed || body != plain {
			t.Errorf("%q: packed %t, want %t, or another page", accept, is, packed)
		}
	}
}
