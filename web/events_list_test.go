package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// hostile are texts that should break nothing.
func hostile() []string {
	return []string{
		`<script>alert(1)</script>`, `"'><img src=x onerror=alert(1)>`, "{{say \"page.nav\"}}", "\u202egnp.exe", strings.Repeat("长", 200), "🔥🏴‍☠️", "=1+1", "a&b", "\xff\xfe",
	}
}

// listing is a status as serving makes it: with the details that lists need.
func listing() *web.Status {
	s := state()
	s.Snapshot.Detail = &snapshot.Detail{
		Scopes: []snapshot.Scope{
			{Named: snapshot.Named{ID: "xining", Name: xining()}, Level: "area"}, {Named: snapshot.Named{ID: "yushu", Name: yushu()}, Level: "area"},
			{Named: snapshot.Named{ID: "qinghai", Name: policy.Text{Zh: "青海省", En: "Qinghai"}}, Level: "whole"},
		},
		Classes: []snapshot.Named{{ID: "rural", Name: policy.Text{Zh: "农村", En: "Rural"}}, {ID: "all", Name: policy.Text{Zh: "全部", En: "All"}}},
	}
	s.Snapshot.Indices = []snapshot.Entry{
		{Window: "ytd", From: "2022-01-01T00:00:00+08:00", To: "2022-07-01T00:00:07+08:00"}, {Window: "prior_ytd", From: "2021-01-01T00:00:00+08:00", To: "2021-07-01T00:00:07+08:00"},
		{Window: "month", From: "2022-06-01T00:00:00+08:00", To: "2022-07-01T00:00:00+08:00"}, {Window: "ytd", From: "2022-01-01T00:00:00+08:00"},
	}
	return s
}

// lines are two rows behind a number, the second of them open and cut.
func lines() []snapshot.Line {
	return []snapshot.Line{
		{
			CustomerSeconds: 5_400_000_500, Interruptions: 1500, Customers: 1_500_500, NotCounted: 36_000_000, Source: "oms", EventID: "E-1", Feeder: "F1", Unit: "U1", Area: "xining", Class: "rural",
			Nature: "fault_internal", Cause: "雷击", Start: "2022-03-01T08:00:00+08:00", End: "2022-03-01T09:05:00+08:00", From: "2022-03-01T08:00:00+08:00", To: "2022-03-01T09:05:00+08:00",
			Path: "a.xlsx", Sheet: "一", Row: 7, Delivery: 12,
		},
		{
			CustomerSeconds: 3_600_000, Interruptions: 1000, Customers: 1000, Source: "oms", EventID: "E-2", Area: "yushu", Class: "rural", Nature: "planned_maintenance",
			Start: "2021-12-31T22:00:00+08:00", From: "2022-01-01T00:00:00+08:00", To: "2022-07-01T00:00:07+08:00", Path: "b.csv", Row: 3,
		},
	}
}

// behind is the answer to a question for the rows behind a number.
func behind(q *snapshot.EventsQuestion) *snapshot.EventList {
	return &snapshot.EventList{
		AsOf: "2022-07-01T00:00:07+08:00", Scope: q.Scope, Class: "all", Index: "saidi-1", From: "2022-01-01T00:00:00+08:00", To: "2022-07-01T00:00:07+08:00",
		CustomerSeconds: 5_404_300_500, Interruptions: 2_345_500, EquivalentCustomers: 1234.5, SAIDIHours: some(1.21604), Rows: 1234,
		Matched: snapshot.EventSum{Rows: 102, CustomerSeconds: 5_403_600_500, Interruptions: 2500}, Offset: q.Offset, Lines: lines(),
	}
}

// A call is a question that a page asked.
type call struct {
	Window string
	Q      snapshot.EventsQuestion
}

// eventsSite answers with [behind] and notes what it is asked.
func eventsSite(calls *[]call) *web.Site {
	s := site(listing())
	s.Events = func(_ context.Context, window string, q snapshot.EventsQuestion) (*snapshot.EventList, error) {
		*calls = append(*calls, call{window, q})
		return behind(&q), nil
	}
	return s
}

// visit asks a site for a page.
func visit(s *web.Site, method, target string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	return visitOn(mount(s), method, target, body, header...)
}

// visitOn asks a server for a page.
func visitOn(h http.Handler, method, target string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, body)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// wants tells what is missing in a page's text.
func wants(t *testing.T, page string, all ...string) {
	t.Helper()
	got := parse(t, page).text()
	for _, want := range all {
		if !strings.Contains(squeeze(got), squeeze(want)) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestEventsValues(t *testing.T) {
	t.Parallel()
	for lang, all := range map[string][]string{
		"zh": {
			"青海省，全部，saidi-1，2022-01-01 00:00 – 2022-07-01 00:00:07", "用户年均停电时间（小时） 1.22 时户数 1,501.19 等效用户数 1,234.50 停电户次 2,345.5 记录数 1,234",
			"1.2160 小时 = 1,501.19 时户 ÷ 1,234.50 户", "全部 1,234 行相加正好是这个数：5,404,300.5 户·秒，停电 2,345.5 户次。",
			"E-1 1,500.00 1.5 1,500.5 2022-03-01 08:00 – 2022-03-01 09:05 1:05 西宁市 · 农村 F1 U1 内部故障 雷击 10.00 a.xlsx 表 一 第 7 行（第 12 号投递）",
			"E-2 1.00 1 1 2021-12-31 22:00 ● 尚未恢复 计入 2022-01-01 00:00 – 2022-07-01 00:00:07 4346:00 玉树州 · 农村 – 计划检修 – b.csv 第 3 行",
			"第 1 至 2 行，共 102 行",
		},
		"en": {"Qinghai, All, saidi-1", "1.2160 hours = 1,501.19 customer-hours ÷ 1,234.50 customers", "All 1,234 rows add up to the number exactly: 5,404,300.5 customer-seconds, 2,345.5 customer interruptions."},
	} {
		var calls []call
		w := visit(eventsSite(&calls), http.MethodGet, "/events?lang="+lang, nil)
		wants(t, w.Body.String(), all...)
		if strings.Contains(w.Body.String(), `id="matched"`) {
			t.Errorf("%s: without a filter the page says what one leaves", lang)
		}
	}
}

// What the address says is what is asked.
func TestEventsAsked(t *testing.T) {
	t.Parallel()
	asked := func(window string, q snapshot.EventsQuestion) call {
		if q.Scope == "" {
			q.Scope = "qinghai"
		}
		if q.Limit == 0 {
			q.Limit = 50
		}
		return call{window, q}
	}
	for name, c := range map[string]struct {
		target string
		want   call
	}{
		"nothing":       {"/events", asked("", snapshot.EventsQuestion{})},
		"an empty form": {"/events?scope=&class=&window=&q=&from=&to=&out=", asked("", snapshot.EventsQuestion{})},
		"all of it": {
			"/events?scope=xining&class=rural&window=2022-06&index=saidi-4&area=xining&nature=fault&feeder=F1&unit=U&cause=C&event=E&q=x&out=1&sort=start&asc=1&page=3&limit=20",
			call{"2022-06", snapshot.EventsQuestion{
				Question: snapshot.Question{Scope: "xining", Class: "rural", Index: "saidi-4"}, Area: "xining", Nature: "fault", Feeder: "F1", Unit: "U", Cause: "C", EventID: "E",
				Text: "x", Out: true, Sort: "start", Ascending: true, Offset: 40, Limit: 20,
			}},
		},
		"dates of its own": {"/events?window=ytd&from=2022-01-05&to=2022-02-01", asked("2022-01-05..2022-02-01", snapshot.EventsQuestion{})},
		"half of them":     {"/events?from=2022-01-05", asked("2022-01-05..", snapshot.EventsQuestion{})},
	} {
		var calls []call
		visit(eventsSite(&calls), http.MethodGet, c.target, nil)
		if diff := cmp.Diff([]call{c.want}, calls); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Links keep what was asked, apart from what they change.
func TestEventsLinks(t *testing.T) {
	t.Parallel()
	var calls []call
	page := visit(eventsSite(&calls), http.MethodGet, "/events?lang=zh&scope=xining&nature=fault&page=2&window=ytd", nil).Body.String()
	hrefs := parse(t, page).attrs["href"]
	for name, want := range map[string]string{
		"the next page":         "/events?lang=zh&nature=fault&page=3&scope=xining&window=ytd",
		"the first page":        "/events?lang=zh&nature=fault&scope=xining&window=ytd",
		"another order":         "/events?lang=zh&nature=fault&scope=xining&sort=start&window=ytd",
		"ids from the front":    "/events?asc=1&lang=zh&nature=fault&scope=xining&sort=feeder&window=ytd",
		"the same turned":       "/events?asc=1&lang=zh&nature=fault&scope=xining&sort=customer-seconds&window=ytd",
		"without the filter":    "/events?lang=zh&scope=xining&window=ytd",
		"one feeder":            "/events?feeder=F1&lang=zh&nature=fault&scope=xining&window=ytd",
		"the record":            "/record?event=E-1&lang=zh&source=oms",
		"all as CSV":            "/api/v1/events?format=csv&lang=zh&nature=fault&scope=xining&window=ytd",
		"the page as JSON":      "/api/v1/events?lang=zh&nature=fault&page=2&scope=xining&window=ytd",
		"the other language":    "?lang=en&nature=fault&page=2&scope=xining&window=ytd",
		"nothing but the whole": "/events?lang=zh",
	} {
		if !slices.Contains(hrefs, want) {
			t.Errorf("%s: no %s in\n%s", name, want, strings.Join(hrefs, "\n"))
		}
	}
	wants(t, page, "2 / 3", "筛选后 102 行（共 1,234 行）：1,501.00 时户，占 99.99 %；停电 2.5 户次。", "性质 故障（全部）")
	if got := parse(t, page).attrs["aria-sort"]; !cmp.Equal(got, []string{"descending"}) {
		t.Errorf("aria-sort %q", got)
	}
	if got := parse(t, page).attrs["rel"]; !slices.Contains(got, "prev") || !slices.Contains(got, "next") {
		t.Errorf("rel %q", got)
	}
}

// A yes or no is read as the API reads it, however it is said.
func TestEventsYesOrNo(t *testing.T) {
	t.Parallel()
	for query, c := range map[string]struct {
		out, ascending bool
	}{
		"out=0&asc=0": {false, false}, "out=false&asc=off": {false, false}, "out=1&asc=true": {true, true}, "out=on&asc=": {true, false}, "asc=on": {false, true},
	} {
		var calls []call
		page := visit(eventsSite(&calls), http.MethodGet, "/events?lang=en&"+query, nil).Body.String()
		if len(calls) != 1 || calls[0].Q.Out != c.out || calls[0].Q.Ascending != c.ascending {
			t.Fatalf("%s asks %+v", query, calls)
		}
		for what, at := range map[string]bool{
			`name="out" type="checkbox" value="1" checked`: c.out, `id="matched"`: c.out, `aria-label="take away the filter only out now "`: c.out,
			`aria-sort="ascending"`: c.ascending, `aria-sort="descending"`: !c.ascending, `name="asc" type="checkbox" value="1" checked`: c.ascending,
		} {
			if strings.Contains(page, what) != at {
				t.Errorf("%s: %s is there: %v, want %v", query, what, !at, at)
			}
		}
	}
}

// Where nothing was told yet the page says so; a window of which nothing is known is
// a mistake still.
func TestEventsBeforeAnything(t *testing.T) {
	t.Parallel()
	s := listing()
	s.Snapshot.Indices = nil
	quiet := site(s)
	quiet.Events = func(_ context.Context, window string, _ snapshot.EventsQuestion) (*snapshot.EventList, error) {
		return nil, &web.Problem{Status: http.StatusBadRequest, Code: "bad-parameter", Parameter: "window", Err: errors.New(window)}
	}
	for target, want := range map[string]int{"/events?lang=en": http.StatusOK, "/events?lang=en&window=ytd": http.StatusBadRequest} {
		w := visit(quiet, http.MethodGet, target, nil)
		if said := strings.Contains(w.Body.String(), "No outage was told yet."); w.Code != want || said != (want == http.StatusOK) || !strings.Contains(w.Body.String(), "<form") {
			t.Errorf("%s: status %d, says that nothing was told: %v", target, w.Code, said)
		}
	}
}

// The name of a file stands for its path, which is there to be read as well.
func TestEventsWhere(t *testing.T) {
	t.Parallel()
	s := site(listing())
	s.Events = func(_ context.Context, _ string, q snapshot.EventsQuestion) (*snapshot.EventList, error) {
		l := behind(&q)
		l.Lines[0].Path, l.Lines[0].Sheet, l.Lines[0].Delivery = "/in/2022/七月/a.csv", "", 0
		return l, nil
	}
	page := visit(s, http.MethodGet, "/events?lang=zh", nil).Body.String()
	if wants(t, page, "a.csv 第 7 行"); strings.Contains(parse(t, page).text(), "/in/2022") || !strings.Contains(page, `title="/in/2022/七月/a.csv"`) {
		t.Errorf("the path is in the text, or nowhere:\n%s", page)
	}
}

// Links lead no further than the API goes.
func TestEventsLastPage(t *testing.T) {
	t.Parallel()
	s := site(listing())
	s.Events = func(_ context.Context, _ string, q snapshot.EventsQuestion) (*snapshot.EventList, error) {
		l := behind(&q)
		l.Matched.Rows = 1_000_000
		return l, nil
	}
	h := mount(s)
	for name, c := range map[string]struct{ target, next string }{"the first": {"/events", "/events?page=2"}, "the last": {"/events?page=2001", ""}} {
		page := visitOn(h, http.MethodGet, c.target, nil).Body.String()
		next := regexp.MustCompile(`rel="next" href="([^"]*)"|href="([^"]*)" rel="next"`).FindStringSubmatch(page)
		if got := strings.ReplaceAll(strings.Join(append([]string{}, next...), " "), "&amp;", "&"); (next == nil) != (c.next == "") || !strings.Contains(got, strings.TrimPrefix(c.next, "/events?")) {
			t.Errorf("%s leads to %q, want %q", name, next, c.next)
		}
		if code := visitOn(h, http.MethodGet, c.target, nil).Code; code != http.StatusOK || !strings.Contains(page, "20,000") {
			t.Errorf("%s: status %d, or it does not say how many pages there are", name, code)
		}
	}
}

// What is wrong is said on the page, which keeps the form as it was filled in.
func TestEventsProblems(t *testing.T) {
	t.Parallel()
	s := site(listing())
	s.Events = func(_ context.Context, window string, q snapshot.EventsQuestion) (*snapshot.EventList, error) {
		switch {
		case q.Text == "boom":
			return nil, errors.New("the secret of the house")
		case window != "":
			return nil, &web.Problem{Status: http.StatusBadRequest, Code: "bad-parameter", Parameter: "window", Err: fmt.Errorf("%q: no such window", window)}
		}
		return nil, &web.Problem{Status: http.StatusServiceUnavailable, Code: "busy", Err: errors.New("too many questions")}
	}
	for name, c := range map[string]struct {
		target string
		status int
		want   string
		kept   bool
	}{
		"an unknown parameter": {"/events?feedr=F9&feeder=F9", 400, `There is no parameter "feedr"; did you mean "feeder"?`, true},
		"an unknown window":    {"/events?window=ydt&feeder=F9", 400, `There is no answer of the window "ydt"; give one of ytd, prior_ytd, a month (2022-06), or FROM..TO that begins before as-of, 2022-07-01 00:00:07`, true},
		"a page of nothing":    {"/events?page=0&feeder=F9", 400, `The parameter page is "0"`, true},
		"too many":             {"/events?feeder=F9", 503, "Too many ask at this moment", true},
		"a mistake of ours":    {"/events?q=boom&feeder=F9", 500, "The program made a mistake", false},
	} {
		w := visit(s, http.MethodGet, c.target, nil)
		wants(t, w.Body.String(), c.want)
		if w.Code != c.status || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: status %d, want %d\n%s", name, w.Code, c.status, w.Body)
		}
		if kept := slices.Contains(parse(t, w.Body.String()).attrs["value"], "F9"); kept != c.kept {
			t.Errorf("%s: the form is kept: %v", name, kept)
		}
	}
}

// Before there is an answer, pages say so.
func TestListsWait(t *testing.T) {
	t.Parallel()
	s := site(&web.Status{Program: "saidi 1.2.3", Started: at("00:00:00"), Now: at("00:00:05"), ReloadOK: true})
	for _, path := range []string{"/events", "/plan", "/data", "/live"} {
		w := visit(s, http.MethodGet, path+"?lang=en", nil)
		wants(t, w.Body.String(), "No answer yet")
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}
