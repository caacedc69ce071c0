package web_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// alive is a status with two outages going on, the second of them twice with the
// same fields, as two stages have.
func alive() *web.Status {
	s := listing()
	stale := snapshot.LiveOutage{Rows: 1200, Customers: 1_500, Source: "oms", EventID: "E-2", Area: "yushu", Class: "rural", Nature: "unknown", Start: "2022-06-01T08:00:00+08:00", Stale: true}
	s.Snapshot.Live = &snapshot.Live{
		AsOf: "2022-07-01T00:00:07+08:00", More: 1234,
		Scopes: []snapshot.LiveScope{
			{Scope: "xining", Level: "area", Served: 8_616_000, Interrupted: 1_234_000, Outages: 1}, {Scope: "yushu", Level: "area"},
			{Scope: "qinghai", Level: "whole", Served: 8_616_000, Interrupted: 1_235_500, Outages: 2},
		},
		Outages: []snapshot.LiveOutage{
			{
				Customers: 1_234_000, CustomerSeconds: 7_200_000, Source: "oms", EventID: "E-1", Feeder: "F1", Unit: "U1", Area: "xining", Class: "rural", Nature: "fault_external",
				Cause: "外力", Start: "2022-06-30T22:00:07+08:00", End: "2022-07-01T02:00:00+08:00",
			},
			stale, stale,
		},
	}
	return s
}

func TestLiveValues(t *testing.T) {
	t.Parallel()
	for lang, all := range map[string][]string{
		"zh": {
			"现在停电 1,235.5 户，2 起停电", "截至 2022-07-01 00:00:07", "更新时间 2026-03-01 11:59:18 +08:00", "西宁市 1,234 8,616 14.32 % 1", "玉树州 0 0 – 0",
			"E-1 ! 长期未填恢复时间 1,234 2022-06-30 22:00:07 2:00 2022-07-01 02:00 西宁市 · 农村 F1 U1 外部故障 外力 2.00", "E-2 ! 长期未填恢复时间 1,200 条记录 1.5", "另有 1,234 起停电未列出。",
			"没有脚本时，本页不会自动更新。 刷新",
		},
		"en": {"Out now: 1,235.5 customers, by 2 outages", "1,234 more outages are not listed."},
	} {
		page := visit(site(alive()), http.MethodGet, "/live?lang="+lang, nil).Body.String()
		wants(t, page, all...)
		p := parse(t, page)
		for _, want := range []string{"/events?lang=" + lang + "&out=1&scope=xining&sort=customers", "/record?event=E-1&lang=" + lang + "&source=oms"} {
			if !slices.Contains(p.attrs["href"], want) {
				t.Errorf("%s: no link %s", lang, want)
			}
		}
		keys := p.attrs["data-key"]
		if slices.Sort(keys); len(keys) != 3 || len(slices.Compact(keys)) != 3 {
			t.Errorf("%s: keys %q", lang, keys)
		}
		badges := regexp.MustCompile(`data-field="stale"( hidden)?`).FindAllStringSubmatch(page, -1)
		if got := len(badges); got != 4 || badges[0][1] == "" || badges[1][1] != "" {
			t.Errorf("%s: which outages are marked as stale: %q", lang, badges)
		}
	}
}

// The script gets every word that it needs, with as many places as the server's.
func TestLiveWords(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		p := parse(t, visit(site(alive()), http.MethodGet, "/live?lang="+lang, nil).Body.String())
		var words struct {
			Scopes, Classes, Natures, Says map[string]string
			Record, Zone                   string
		}
		if err := json.Unmarshal([]byte(p.attrs["data-words"][0]), &words); err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"now": 2, "more": 1, "rows": 1, "stale": 0, "absent": 0, "lost": 0, "on": 0, "paused": 0, "pause": 0, "resume": 0}
		got := map[string]int{}
		for key, text := range words.Says {
			got[key] = strings.Count(text, "{}")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: places (-want +got):\n%s", lang, diff)
		}
		if words.Record != "/record?lang="+lang || words.Zone != "Asia/Shanghai" || len(words.Natures) != 12 || words.Scopes["qinghai"] == "" || words.Classes["rural"] == "" {
			t.Errorf("%s: %+v", lang, words)
		}
		if !slices.ContainsFunc(p.attrs["src"], func(src string) bool { return strings.HasPrefix(src, "/assets/live.") }) {
			t.Errorf("%s: scripts %q", lang, p.attrs["src"])
		}
	}
}

// Of many outages the page lists some, says how many others there are, and links to
// all. The script is told as many.
func TestLiveOfMany(t *testing.T) {
	t.Parallel()
	s := alive()
	l := s.Snapshot.Live
	for range 120 {
		l.Outages = append(l.Outages, l.Outages[0])
	}
	l.More = 7
	page := visit(site(s), http.MethodGet, "/live?lang=en", nil).Body.String()
	wants(t, page, "80 more outages are not listed.")
	p := parse(t, page)
	if n := len(p.attrs["data-key"]); n != 50 || !slices.Equal(p.attrs["data-shown"], []string{"50"}) || !slices.Contains(p.attrs["href"], "/events?lang=en&out=1&sort=customers") {
		t.Errorf("%d outages are listed, the script lists %q", n, p.attrs["data-shown"])
	}
}

// Without an outage the table is there for the script, and hidden.
func TestLiveQuiet(t *testing.T) {
	t.Parallel()
	s := alive()
	s.Snapshot.Live.Outages, s.Snapshot.Live.More = nil, 0
	page := visit(site(s), http.MethodGet, "/live?lang=en", nil).Body.String()
	for _, want := range []string{`id="outage-table" hidden`, `<p id="none">No outage is going on.</p>`, `<p id="more" hidden>`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
}
