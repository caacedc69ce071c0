package web_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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

var update = flag.Bool("update", false, "write the golden files anew")

// mount puts the routes of a site on a server.
func mount(s *web.Site) *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range s.Routes() {
		mux.Handle(r.Pattern, r.Handler)
	}
	return mux
}

// site is a site with a status and nothing else to ask.
func site(s *web.Status) *web.Site {
	return &web.Site{Status: func() *web.Status { return s }}
}

// ask sends a request to the site of a status.
func ask(s *web.Status, method, target, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	if accept != "" {
		r.Header.Set("Accept-Language", accept)
	}
	w := httptest.NewRecorder()
	mount(site(s)).ServeHTTP(w, r)
	return w
}

// body is the page of a status in a language.
func body(s *web.Status, lang string) string {
	return ask(s, http.MethodGet, "/?lang="+lang, "").Body.String()
}

// A node is a piece of text with the elements that it stands in, the innermost
// last.
type node struct {
	text string
	in   []string
}

// parsed takes a page apart: its elements in order, its texts, and what its
// attributes point to.
type parsed struct {
	elements []string
	nodes    []node
	attrs    map[string][]string
}

// parse reads a page, which must close what it opens.
func parse(t rapid.TB, page string) parsed {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	p := parsed{attrs: map[string][]string{}}
	var open []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("parse the page: %v", err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			open = append(open, x.Name.Local)
			p.elements = append(p.elements, x.Name.Local)
			for _, a := range x.Attr {
				p.attrs[a.Name.Local] = append(p.attrs[a.Name.Local], a.Value)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != x.Name.Local {
				t.Fatalf("</%s> closes %v", x.Name.Local, open)
			}
			open = open[:len(open)-1]
		case xml.CharData:
			p.nodes = append(p.nodes, node{string(x), slices.Clone(open)})
		}
	}
	if len(open) > 0 {
		t.Fatalf("%v are not closed", open)
	}
	return p
}

// text is all of the text outside the head, its white space folded.
func (p parsed) text() string {
	var b strings.Builder
	for _, n := range p.nodes {
		if !slices.Contains(n.in, "head") {
			b.WriteString(n.text + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// digests are those of the assets in their addresses.
var digests = regexp.MustCompile(`\.[0-9a-f]{12}\.`)

// The whole page is as in the golden files, apart from digests.
func TestGolden(t *testing.T) {
	t.Parallel()
	waiting := &web.Status{Program: "saidi 1.2.3", Started: at("00:00:00"), Now: at("00:00:05"), ReloadOK: true, ReloadTime: at("00:00:00")}
	for name, s := range map[string]*web.Status{"page": full(), "waiting": waiting} {
		for _, lang := range []string{"zh", "en"} {
			got := digests.ReplaceAllString(body(s, lang), ".DIGEST.")
			path := filepath.Join("testdata", name+"-"+lang+".html")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
	}
}

// What a person looks for is there, in both languages.
func TestValues(t *testing.T) {
	t.Parallel()
	for lang, wants := range map[string][]string{
		"zh": {
			"青海省用户年均停电时间", "【模拟数据】", "模拟时钟从 2021-01-01 00:00 走到 2023-01-01 00:00", "86400 倍",
			"截至 2022-07-01 00:00:07 Asia/Shanghai（暂定：有停电尚未恢复）", "数据完整至 2022-06-30 12:00", "2026-03-01 11:59:18 +08:00（42 秒前）", "0.18 秒",
			"大用户 · /in/大用户.xlsx open workbook: not a zip file 始于 2026-03-01 09:00:00 +08:00 (3 小时)", "配置 · /etc/saidi.yaml",
			"✗ 未达标 玉树州 市中心区 −8 % 30.00 28.00 107.1 % +7.1 % −2 81.2 % 33.00 31.00–36.50 超过限值 有停电长期未填恢复时间 限值 = (1 − 8%) × 2 h 二(四)",
			"≤ 2.73 h 1.50 2.73 54.9 % – 589 – – 超过应有进度", "成员地区没有基准年数据（玉树州、golog）",
			"saidi 1.2.3",
		},
		"en": {
			"Average outage hours in Qinghai", "SYNTHETIC DATA", "from 2021-01-01 00:00 to 2023-01-01 00:00 again and again, 86400 times",
			"as of 2022-07-01 00:00:07 Asia/Shanghai (provisional: outages are still open)", "(42 s ago)", "0.18 s", "The last reload did not work",
			"configuration · /etc/saidi.yaml line 3: unknown key line 9: no port since 2026-03-01 11:30:00 +08:00 (30 min)",
			"− off track Yushu Rural −8 % 25.00 20.00 125.0 % +25.0 % −1,234 – – the limit is passed already",
			"+ on track Xining Urban core −8 % 1.20 2.70 44.4 % −55.6 % 13,644 – – within the expected pace",
			"? cannot tell Yushu Urban core −8 % 12.00 – – – – – – a member has no data of the base year (Yushu, golog) no data of the base year",
			"verdict duty aspiration informative ✗ missed 1 0 0 − off track 2 0 0 ? cannot tell 0 0 1 ~ at risk 0 1 0 + on track 1 0 0 ✓ met 1 0 0",
			"duty · 5", "aspiration · 1", "informative · 1",
		},
	} {
		got := parse(t, body(state(), lang)).text()
		for _, want := range wants {
			if !strings.Contains(squeeze(got), squeeze(want)) {
				t.Errorf("%s: no %q in\n%s", lang, want, got)
			}
		}
	}
}

// squeeze leaves out white space, which depends on how elements are nested.
func squeeze(text string) string { return strings.Join(strings.Fields(text), "") }

// Duties come before aspirations, the worst first, and within one verdict the
// one that uses the most of its limit.
func TestOrder(t *testing.T) {
	t.Parallel()
	page := body(state(), "en")
	rows := regexp.MustCompile(`(?s)<tr>\s*<td class="whole"><span class="badge ([a-z-]+)">.*?<bdi><a [^>]*>(\w+)</a></bdi></th>\s*<td><bdi>([\w ]+)</bdi>`)
	var got []string
	for _, m := range rows.FindAllStringSubmatch(page, -1) {
		got = append(got, fmt.Sprintf("%s %s %s", m[1], m[2], m[3]))
	}
	want := []string{
		"missed Yushu Urban core", "off-track Yushu Rural", "off-track Xining Rural", "on-track Xining Urban core", "met Xining Rural",
		"at-risk Xining Urban core", "cannot-tell Yushu Urban core",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ target, accept, want string }{
		"nothing said":            {"/", "", "en"},
		"the browser":             {"/", "zh-CN,zh;q=0.9,en;q=0.8", "zh"},
		"another Chinese":         {"/", "zh-TW", "zh"},
		"the one preferred":       {"/", "en;q=0.4, zh;q=0.6", "zh"},
		"the first of those here": {"/", "fr-FR, en;q=0.8, zh;q=0.7", "en"},
		"none of ours":            {"/", "fr-FR", "en"},
		"no language":             {"/", "}{;q=zh,,", "en"},
		"asked for":               {"/?lang=zh", "en", "zh"},
		"asked for, English":      {"/?lang=en", "zh", "en"},
		"asked for, unknown":      {"/?lang=%22%3E%3Cscript%3E", "zh", "zh"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ask(state(), http.MethodGet, c.target, c.accept)
			if got := w.Header().Get("Content-Language"); got != c.want {
				t.Errorf("Content-Language %q, want %q", got, c.want)
			}
			other := map[string]string{"zh": "en", "en": "zh"}[c.want]
			if p := parse(t, w.Body.String()); !slices.Contains(p.attrs["href"], "?lang="+other) || !strings.HasPrefix(p.attrs["lang"][0], c.want) {
				t.Errorf("links %q, language %q", p.attrs["href"], p.attrs["lang"])
			}
		})
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	get := ask(state(), http.MethodGet, "/", "")
	head := ask(state(), http.MethodHead, "/", "")
	if head.Code != http.StatusOK || head.Body.Len() != 0 {
		t.Errorf("HEAD: status %d with %d bytes", head.Code, head.Body.Len())
	}
	for _, w := range []*httptest.ResponseRecorder{get, head} {
		if got, want := w.Header().Get("Content-Length"), fmt.Sprint(get.Body.Len()); got != want {
			t.Errorf("Content-Length %s, want %s", got, want)
		}
		for key, want := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Vary": "Accept-Language, Accept-Encoding",
		} {
			if got := w.Header().Get(key); got != want {
				t.Errorf("%s: %q, want %q", key, got, want)
			}
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		w := ask(state(), method, "/", "")
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d, Allow %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
}

// Pages run scripts and styles of this site alone, load nothing from elsewhere, and
// have no script or style within.
func TestContentSecurityPolicy(t *testing.T) {
	t.Parallel()
	const want = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	all := namedLists("plain")
	all.Curve, all.Feeders = curve, feeders("F1")
	for _, target := range []string{
		"/", "/?lang=zh", "/?map=nothing", "/area/xining", "/area/xining?class=rural&lang=zh", "/area/nowhere", "/events", "/events?window=x&lang=zh", "/record?event=E-1", "/record", "/plan", "/data", "/live",
	} {
		w := askOf(all, target)
		if got := w.Header().Get("Content-Security-Policy"); got != want {
			t.Errorf("%s: Content-Security-Policy %q", target, got)
		}
		p := parse(t, w.Body.String())
		for _, from := range slices.Concat(p.attrs["src"], p.attrs["href"]) {
			if !strings.HasPrefix(from, "/") && !strings.HasPrefix(from, "?") && !strings.HasPrefix(from, "#") || strings.HasPrefix(from, "//") {
				t.Errorf("%s: a link to %q", target, from)
			}
		}
		if within := inlineScript.FindString(w.Body.String()); within != "" || p.attrs["style"] != nil || slices.Contains(p.elements, "style") {
			t.Errorf("%s: script %q, style %q", target, within, p.attrs["style"])
		}
		for name := range p.attrs {
			if strings.HasPrefix(name, "on") {
				t.Errorf("%s: a handler %s", target, name)
			}
		}
	}
}

// inlineScript is a script that would run and is not loaded: one with text that is
// no block of data.
var inlineScript = regexp.MustCompile(`<script(?: src="[^"]*" defer)?>[^<]`)

// named is a status in which every text from outside is the one given.
func named(text string) *web.Status {
	s := state()
	both := policy.Text{Zh: text, En: text}
	s.Program, s.Snapshot.Title, s.Snapshot.Index = text, both, text
	s.Snapshot.Areas = []snapshot.Named{{ID: "xining", Name: both}, {ID: "yushu", Name: both}}
	for i := range s.Snapshot.Targets {
		x := &s.Snapshot.Targets[i]
		x.Name, x.ClassName, x.Clause, x.Arithmetic, x.Verdict = both, both, text, text, "met"
		x.Reasons = []string{text, text}
	}
	for i := range s.Sources {
		s.Sources[i].Name, s.Sources[i].Places = text, []string{text}
	}
	for i := range s.Faults {
		s.Faults[i] = web.Fault{Source: text, Place: text, What: text, Since: at("00:00:00")}
	}
	return s
}

// indexAsked is the index set in an address.
var indexAsked = regexp.MustCompile(`&index=[^&"<>' ]*`)

// No text from outside makes an element, or any attribute, whatever it is made of.
func TestTextMakesNoElement(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		want := parse(t, body(named("plain"), lang))
		for i, link := range want.attrs["href"] {
			want.attrs["href"][i] = indexAsked.ReplaceAllString(link, "")
		}
		parts := []string{"<", ">", "</bdi>", "<script>", "</style>", "<!--", "-->", "]]>", "&lt;", "&#0;", "\"", "'", "`", "=", "{{", "}}", "\n", "\u202e", "\u2067", "\u200f", "😀", "停电", "x", " "}
		rapid.Check(t, func(r *rapid.T) {
			text := "x" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 1, 12).Draw(r, "parts"), "")
			got := parse(r, body(named(text), lang))
			if diff := cmp.Diff(want.elements, got.elements); diff != "" {
				r.Fatalf("%q: elements (-want +got):\n%s", text, diff)
			}
			for name, values := range got.attrs {
				for i := range values {
					values[i] = indexAsked.ReplaceAllString(values[i], "")
				}
				if !slices.Equal(values, want.attrs[name]) {
					r.Fatalf("%q: %s %q, want %q", text, name, values, want.attrs[name])
				}
			}
		})
	}
}

// A text from outside is shown as it is, and one that turns the direction of
// writing around turns only itself.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"script":        `<script>alert("1")</script>`,
		"quotes":        `"quoted" 'and' so`,
		"right to left": "a\u202eb\u2067c\u200f",
		"long":          strings.Repeat("停", 200),
		"emoji":         "⚡ 👩‍🔧 outage",
		"lines":         "first\n\tsecond <b>\nthird",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := named("plain")
			s.Faults[0] = web.Fault{Source: text, Place: text, What: text}
			var in []string
			for _, n := range parse(t, body(s, "zh")).nodes {
				if n.text == text {
					in = append(in, n.in[len(n.in)-1])
				}
			}
			if diff := cmp.Diff([]string{"bdi", "bdi", "pre"}, in); diff != "" {
				t.Errorf("where it stands (-want +got):\n%s", diff)
			}
		})
	}
}

// A name that is not UTF-8 does not make the page so.
func TestInvalidText(t *testing.T) {
	t.Parallel()
	page := body(named("\xb4\xf3.csv\xff"), "en")
	if got := strings.ToValidUTF8(page, ""); got != page || !strings.Contains(page, "\uFFFD.csv\uFFFD") {
		t.Errorf("%d bytes of the page, %d valid", len(page), len(got))
	}
}

func TestTroubles(t *testing.T) {
	t.Parallel()
	up, down := web.Source{Name: "up", Up: true}, web.Source{Name: "down"}
	for name, c := range map[string]struct {
		status web.Status
		want   string
		no     bool // faults
	}{
		"nothing wrong":      {web.Status{ReloadOK: true, Sources: []web.Source{up}}, "no faults", true},
		"reload":             {web.Status{ReloadTime: at("02:00:00"), Sources: []web.Source{up}}, "the configuration of 2026-03-01 02:00:00 +00:00 stays in use", false},
		"never loaded":       {web.Status{Sources: []web.Source{up}}, "The configuration could not be loaded.", false},
		"down without fault": {web.Status{ReloadOK: true, Sources: []web.Source{up, down}}, "sources that fail: down", false},
		"down with fault":    {web.Status{ReloadOK: true, Sources: []web.Source{down}, Faults: []web.Fault{{Source: "down", What: "gone"}}}, "gone since never", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := parse(t, body(&c.status, "en")).text()
			if !strings.Contains(got, c.want) || strings.Contains(got, "no faults") != c.no {
				t.Errorf("no %q, or faults or none, in\n%s", c.want, got)
			}
			if name == "down with fault" && strings.Contains(got, "sources that fail") {
				t.Errorf("a fault is told twice:\n%s", got)
			}
		})
	}
}

// Where there are no verdicts, the page says why.
func TestNoVerdicts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*web.Status)
		want   string
	}{
		"no snapshot": {func(s *web.Status) { s.Snapshot = nil }, "No answer yet: the data is still being read. Started 2026-03-01 00:00:00 +00:00."},
		"no target":   {func(s *web.Status) { s.Snapshot.Judged.Deadlines = nil }, "The policy sets no target."},
		"not judged":  {func(*web.Status) {}, "Nothing is judged in the time shown: the policy judges 2022,"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := state()
			s.Snapshot.Targets = nil
			c.change(s)
			if got := parse(t, body(s, "en")).text(); !strings.Contains(got, c.want) || strings.Contains(got, "Targets, the worst first") {
				t.Errorf("no %q, or a table of targets, in\n%s", c.want, got)
			}
		})
	}
}

func TestYearHeads(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		year  snapshot.JudgedYear
		after bool
		want  string
	}{
		"so far":             {snapshot.JudgedYear{Year: 2022, To: "2022-07-01T00:00:00+08:00"}, false, "2022 so far, to 2022-07-01 00:00"},
		"complete":           {snapshot.JudgedYear{Year: 2022, Complete: true, SettledOn: "2023-02-01T00:00:00+08:00"}, false, "data may be corrected until 2023-02-01 00:00"},
		"settled":            {snapshot.JudgedYear{Year: 2022, Complete: true, Settled: true}, false, "2022, the whole year, settled"},
		"after the deadline": {snapshot.JudgedYear{Year: 2022, Complete: true, Settled: true}, true, "settled After the deadline: for information only."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := state()
			s.Snapshot.Judged.Years = []snapshot.JudgedYear{c.year}
			for i := range s.Snapshot.Targets {
				s.Snapshot.Targets[i].AfterDeadline = c.after
			}
			if got := parse(t, body(s, "en")).text(); !strings.Contains(got, c.want) {
				t.Errorf("no %q in\n%s", c.want, got)
			}
		})
	}
}
