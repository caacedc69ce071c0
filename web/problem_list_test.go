package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// refusing is a site that refuses every question as the program does.
func refusing(p *web.Problem) *web.Site {
	s := province(full(), "F1")
	s.Events = func(context.Context, string, snapshot.EventsQuestion) (*snapshot.EventList, error) { return nil, p }
	s.Record = func(context.Context, string, string) (*snapshot.Record, error) { return nil, p }
	return s
}

// What is wrong is said in the language of the page, with the value and the nearest
// word that is known; the program's own words are for what is seldom.
func TestProblemsAreWorded(t *testing.T) {
	t.Parallel()
	bad := func(parameter string) *web.Problem {
		return &web.Problem{Status: http.StatusBadRequest, Code: "bad-parameter", Parameter: parameter, Err: errors.New("as the program says it")}
	}
	other := func(status int, code string) *web.Problem {
		return &web.Problem{Status: status, Code: code, Err: errors.New("as the program says it")}
	}
	for name, c := range map[string]struct {
		target  string
		problem *web.Problem
		zh, en  string
	}{
		"a scope":             {"/events?scope=xinning", bad(""), `没有地区或组 "xinning"；是不是 "xining"？`, `There is no area or group "xinning"; did you mean "xining"?`},
		"a scope of a page":   {"/area/yushi", nil, `没有地区或组 "yushi"；是不是 "yushu"？`, `There is no area or group "yushi"; did you mean "yushu"?`},
		"a class":             {"/events?class=ruarl", bad(""), `没有地区特征 "ruarl"；是不是 "rural"？`, `There is no class "ruarl"; did you mean "rural"?`},
		"a class of a page":   {"/area/xining?class=ruarl", nil, `没有地区特征 "ruarl"；是不是 "rural"？`, `There is no class "ruarl"; did you mean "rural"?`},
		"a nature":            {"/events?nature=falt", bad(""), `没有性质 "falt"；是不是 "fault"？`, `There is no nature "falt"; did you mean "fault"?`},
		"a sort":              {"/events?sort=strat", bad(""), `没有排序 "strat"；是不是 "start"？`, `There is no sort by "strat"; did you mean "start"?`},
		"an index set":        {"/events?index=saidi", bad(""), `没有指标 "saidi"；是不是 "saidi-1"？`, `There is no index set "saidi"; did you mean "saidi-1"?`},
		"none in the window":  {"/events?index=ieee-ex-med", bad(""), `这个时段没有指标 "ieee-ex-med"`, `The index set "ieee-ex-med" does not exist in this window`},
		"a window":            {"/events?window=ydt", bad("window"), `没有时段 "ydt" 的结果；可用 ytd、prior_ytd、月份（如 2022-06），或在截止时间 2022-07-01 00:00:07 以前开始的`, `There is no answer of the window "ydt"; give one of ytd, prior_ytd, a month (2022-06), or`},
		"dates":               {"/events?from=2030-01-01&to=2031-01-01", bad("window"), `没有时段 "2030-01-01..2031-01-01" 的结果`, `There is no answer of the window "2030-01-01..2031-01-01"`},
		"a colouring":         {"/?map=dutie", nil, `没有着色方式 "dutie"；是不是 "duty"？`, `There is no colouring of the map "dutie"; did you mean "duty"?`},
		"a number":            {"/events?limit=x", nil, `参数 limit 的值 "x" 不是整数，或超出范围。`, `The parameter limit is "x": that is no whole number, or out of range.`},
		"a yes or no":         {"/events?out=perhaps", nil, "参数 out 只能是 true 或 false。", "The parameter out is true or false."},
		"a parameter":         {"/record?evnt=1", nil, `没有参数 "evnt"；是不是 "event"？`, `There is no parameter "evnt"; did you mean "event"?`},
		"one given twice":     {"/events?feeder=a&feeder=b", nil, "参数 feeder 给出了 2 次，只能给一次。", "The parameter feeder is given 2 times: give it once."},
		"one too long":        {"/events?q=" + strings.Repeat("x", 1001), nil, "参数 q 太长，最多 1000 字节。", "The parameter q is longer than 1000 bytes."},
		"no event":            {"/record?source=oms", nil, "请给出事件编号及报送它的来源。", "Give the id of an event, and the source that told it."},
		"an event not told":   {"/record?source=oms&event=E-9", other(http.StatusNotFound, "not-found"), `来源 "oms" 没有报送过事件 "E-9"。`, `The source "oms" told of no event "E-9".`},
		"others ask":          {"/events", other(http.StatusServiceUnavailable, "busy"), "同时提问的人太多，请稍后再试。", "Too many ask at this moment: try again a little later."},
		"no snapshot":         {"/events", other(http.StatusServiceUnavailable, "no-snapshot"), "还没有结果：数据尚在读取。", "No answer yet: the data is still being read."},
		"stopping":            {"/events", other(http.StatusServiceUnavailable, "stopping"), "请重试", "The work was interrupted: ask again."},
		"what nobody expects": {"/events?feeder=F1", bad(""), "as the program says it", "as the program says it"},
		"a code of its own":   {"/events", other(http.StatusUnprocessableEntity, "refused"), "as the program says it", "as the program says it"},
	} {
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en} {
			target := c.target + "?lang=" + lang
			if strings.Contains(c.target, "?") {
				target = c.target + "&lang=" + lang
			}
			w := askOf(refusing(c.problem), target)
			if got := parse(t, w.Body.String()).text(); !strings.Contains(squeeze(got), squeeze(want)) || w.Code < 400 {
				t.Errorf("%s: status %d, no %q in\n%.600s", name, w.Code, want, got)
			}
		}
	}
}

// An area may have no customers of a class that others have.
func TestClassOfOthers(t *testing.T) {
	t.Parallel()
	s := full()
	for i := range s.Snapshot.Indices {
		if e := &s.Snapshot.Indices[i]; e.Scope == "yushu" && e.Class == "urban-core" {
			e.Class = "rural"
		}
	}
	s.Snapshot.Targets = s.Snapshot.Targets[1:6] // none is of the core of Yushu
	for target, want := range map[string]string{"/area/yushu?class=urban-core&lang=zh": "玉树州没有市中心区用户。", "/area/yushu?class=urban-core&lang=en": "Yushu has no customers of the class Urban core."} {
		w := askOf(province(s, "F1"), target)
		if wants(t, w.Body.String(), want); w.Code != http.StatusOK {
			t.Errorf("%s: status %d", target, w.Code)
		}
	}
	for places, name := range map[string]string{"6301": "the map", "": "tiles"} {
		s.Snapshot.Places = map[string][]string{"xining": {places}, "yushu": {strings.Replace(places, "01", "27", 1)}}
		page := askOf(province(s, "F1"), "/?lang=en&map=urban-core").Body.String()
		if !strings.Contains(page, `href="/area/xining?class=urban-core&amp;lang=en"`) || strings.Contains(page, `href="/area/yushu?class=urban-core`) {
			t.Errorf("%s leads to a class that the area does not have, or not to the one that it has", name)
		}
	}
}

// A page says when it may be asked again, in whole seconds.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	busy := &web.Problem{Status: http.StatusServiceUnavailable, Code: "busy", Err: errors.New("busy"), Again: 4200 * time.Millisecond}
	s := refusing(busy)
	for target, want := range map[string]string{"/events": "5", "/record?event=E-1": "5", "/area/nowhere": "", "/": ""} {
		if got := askOf(s, target).Header().Get("Retry-After"); got != want {
			t.Errorf("%s: Retry-After %q, want %q", target, got, want)
		}
	}
}

// An area and a class of one id keep their names.
func TestAreaAndClassOfOneID(t *testing.T) {
	t.Parallel()
	s := alive()
	s.Snapshot.Detail.Classes[0].ID = "xining"
	for i := range s.Snapshot.Live.Outages {
		s.Snapshot.Live.Outages[i].Class = "xining"
	}
	wants(t, visit(site(s), http.MethodGet, "/live?lang=en", nil).Body.String(), "Xining · Rural", "Yushu · Rural")
}
