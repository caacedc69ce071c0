package web_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// record is an event that was told three times: without an end, wrongly, and
// corrected.
func record() *snapshot.Record {
	first := snapshot.RecordRow{
		Number: 1, Path: "a.csv", Row: 2, Delivery: 4, Received: "2022-03-01T08:01:00+08:00", Outcome: "superseded", Feeder: "F1", Area: "xining", Class: "rural",
		Start: "2022-03-01T08:00:00+08:00", Customers: some(int64(1500)), Nature: "unknown", Flags: []string{"unknown-nature"},
	}
	wrong := first
	wrong.Number, wrong.Row, wrong.Outcome, wrong.Flags, wrong.Feeder = 2, 3, "rejected", nil, "F2"
	wrong.Rejected = &snapshot.Problem{Reason: "end-before-start", Column: "end", Value: "2021-03-01 09:00", Advice: "swap them"}
	last := first
	last.Number, last.Row, last.Outcome, last.Flags, last.End, last.Nature, last.Revision = 3, 9, "accepted", nil, "2022-03-01T09:30:00+08:00", "fault_internal", 2
	last.Steps = []outage.Step{{At: 1646096400, Restored: 500}}
	last.Changed = []string{"end", "nature", "steps", "revision"}
	counts := lines()[0]
	counts.CustomerSeconds = 7_200_000_000
	old := counts
	return &snapshot.Record{
		AsOf: "2022-07-01T00:00:07+08:00", Source: "oms", EventID: "E-1", Told: []snapshot.RecordRow{first, wrong, last},
		Counts: []snapshot.RecordCounts{{Number: 3, Year: 2021, Line: old}, {Number: 3, Year: 2022, Line: counts}},
	}
}

func recordSite(r *snapshot.Record, err error) *web.Site {
	s := site(listing())
	s.Record = func(context.Context, string, string) (*snapshot.Record, error) { return r, err }
	return s
}

func TestRecordValues(t *testing.T) {
	t.Parallel()
	for lang, all := range map[string][]string{
		"zh": {
			"E-1 来源 oms 报送次数（行） 3", "» 被更新 a.csv 第 2 行（第 4 号投递） · 收到时间 2022-03-01 08:01", "存疑: 停电性质不认识",
			"✗ 未采用 a.csv 第 3 行（第 4 号投递）", "结束早于开始: end = “ 2021-03-01 09:00 ”", "处理办法： 对调或更正起止时间；尚未恢复的请留空",
			"✓ 采用 a.csv 第 9 行（第 4 号投递）", "变更: 恢复 · 性质 · 分步送电 · 修订号", "恢复 2022-03-01 09:30 原来 尚未恢复", "性质 内部故障 原来 性质不明",
			"分步送电 2022-03-01 09:00 恢复 500 户 原来 –", "户数 1,500", "2022 3 西宁市 农村 2,000.00 1.5 1,500.5",
		},
		"en": {"» superseded", "✗ rejected", "end before start", "What to do:", "changed: end · nature · restored in steps · revision", "end 2022-03-01 09:30 was none: still out"},
	} {
		w := visit(recordSite(record(), nil), http.MethodGet, "/record?source=oms&event=E-1&lang="+lang, nil)
		wants(t, w.Body.String(), all...)
		hrefs := parse(t, w.Body.String()).attrs["href"]
		for _, want := range []string{"#row-3", "/events?event=E-1&lang=" + lang + "&scope=xining&window=ytd", "/events?event=E-1&lang=" + lang + "&scope=xining&window=2021-01-01..2022-01-01"} {
			if !slices.Contains(hrefs, want) {
				t.Errorf("%s: no link %s in %q", lang, want, hrefs)
			}
		}
		if n := strings.Count(w.Body.String(), "<mark>"); n != 4 {
			t.Errorf("%s: %d changes are marked, want 4", lang, n)
		}
	}
}

func TestRecordProblems(t *testing.T) {
	t.Parallel()
	missing := &web.Problem{Status: http.StatusNotFound, Code: "not-found", Err: errors.New(`source "oms" told of no event "E-9"`)}
	for name, c := range map[string]struct {
		target string
		err    error
		status int
		want   string
	}{
		"no event":             {"/record?source=oms", nil, 400, "Give the id of an event"},
		"an unknown parameter": {"/record?event=E-1&evnt=1", nil, 400, `did you mean "event"?`},
		"never told":           {"/record?source=oms&event=E-9", missing, 404, "told of no event"},
		"a mistake of ours":    {"/record?source=oms&event=E-9", errors.New("boom"), 500, "The program made a mistake"},
	} {
		w := visit(recordSite(nil, c.err), http.MethodGet, c.target, nil)
		wants(t, w.Body.String(), c.want)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d", name, w.Code, c.status)
		}
	}
}

// Nothing asked, the page is a form.
func TestRecordForm(t *testing.T) {
	t.Parallel()
	for target, kept := range map[string]string{"/record": "", "/record?lang=en": "en", "/record?event=&source=&lang=en": "en"} {
		w := visit(recordSite(nil, errors.New("nobody should ask")), http.MethodGet, target, nil)
		p := parse(t, w.Body.String())
		if w.Code != http.StatusOK || !slices.Contains(p.elements, "form") || strings.Contains(w.Body.String(), `role="alert"`) || slices.Contains(p.attrs["value"], "en") != (kept == "en") {
			t.Errorf("%s: status %d\n%s", target, w.Code, w.Body)
		}
	}
}

// A record of which nothing counts says so.
func TestRecordCountsNowhere(t *testing.T) {
	t.Parallel()
	r := record()
	r.Counts = nil
	wants(t, visit(recordSite(r, nil), http.MethodGet, "/record?event=E-1&lang=zh", nil).Body.String(), "这次停电现在没有计入任何数字。")
}

// A record of very many rows says how many are not listed.
func TestRecordOfManyRows(t *testing.T) {
	t.Parallel()
	r := record()
	for range 300 {
		r.Told = append(r.Told, r.Told[0])
	}
	page := visit(recordSite(r, nil), http.MethodGet, "/record?event=E-1&lang=en", nil).Body.String()
	wants(t, page, "rows told 303", "103 more rows are not listed: see the JSON.")
	if n := strings.Count(page, `<li id="row-`); n != 200 {
		t.Errorf("%d rows are listed, want 200", n)
	}
}
