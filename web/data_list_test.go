package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// doubtful is a status with rows of every kind of doubt.
func doubtful() *web.Status {
	s := listing()
	a := s.Snapshot
	a.Quality.RejectedReasons = map[string]int{"bad-time": 60, "end-before-start": 3}
	a.Quality.SuspiciousRows = map[string]int{"ends-at-23:59:59": 7, "unknown-feeder": 1200}
	a.Quality.OpenEvents, a.Quality.StaleOpenEvents, a.Quality.PendingEvents, a.Quality.OverBase = 39, 2, 5, 7_200_000
	a.Quality.Silences = []snapshot.Silence{
		{Area: "yushu", Gap: snapshot.Gap{From: "2021-01-01T00:00:00+08:00", To: "2021-02-01T00:00:00+08:00"}, Declared: true},
		{Area: "golog", Gap: snapshot.Gap{From: "2022-01-01T00:00:00+08:00", To: "2022-02-01T00:00:00+08:00"}},
	}
	for i := range 63 {
		a.Rejects = append(a.Rejects, snapshot.Reject{Path: "a.csv", Row: i + 2, EventID: "E-9", Column: "start", Value: "30 February", Reason: "bad-time"})
	}
	a.OpenOutages = []snapshot.Suspect{{Path: "a.csv", Row: 99, EventID: "E-7", What: []string{"stale-open-outage"}, Start: "2022-03-01T08:00:00+08:00"}}
	a.Provenance.Program, a.Provenance.Policy = "saidi 1.2.3", snapshot.Digest{ID: "qinghai-2021-101", SHA256: strings.Repeat("ab", 32)}
	for range 2 {
		a.Provenance.Inputs = append(a.Provenance.Inputs, snapshot.File{
			Path: "a.csv", Content: "csv", SHA256: strings.Repeat("cd", 32), Rows: 1028, Accepted: 500, Rejected: 4, Duplicate: 8, Superseded: 16, Cancelled: 32, Skipped: 64, Excluded: 404,
		})
	}
	return s
}

func TestDataValues(t *testing.T) {
	t.Parallel()
	for lang, all := range map[string][]string{
		"zh": {
			"读入 2,056 采用 1,000 未采用 8 重复 16 被更新 32 作废 64 标题或合计 128 不计停电 808", "2,056 = 1,000 + 8 + 16 + 32 + 64 + 128 + 808",
			"截止时间以后开始，暂不计入：5", "未计入，户数超过在册户数：2.0 时户", "时间无法识别 60 写成 2006-01-02 15:04:05", "结束早于开始 3", "列出 50 行，共 63 行",
			"a.csv 第 2 行 E-9 开始 30 February 时间无法识别", "截止时未填恢复时间的停电 39 查看正在停电的记录 其中长期未填恢复时间 2", "线路不在册 1,200 结束于23:59:59 7", "E-7 2022-03-01 08:00 a.csv 第 99 行",
			"玉树州 2021-01-01 00:00 – 2021-02-01 00:00（声明已覆盖）", "golog 2022-01-01 00:00 – 2022-02-01 00:00",
			"西宁市", "未声明 未声明 2022-07-01 00:00:07 –", "99.5 % 50.0 % 2022-06-30 12:00 2022-01-01 00:00 – 2022-04-01 00:00",
			"qinghai-2021-101", "abababababab", "a.csv csv cdcdcdcdcdcd 1,028 500 4 8 16 32 64 404", "最后 2 个，共 2 个",
		},
		"en": {"not a date and time 60", "2022: coverage is not declared"},
	} {
		page := visit(site(doubtful()), http.MethodGet, "/data?lang="+lang, nil).Body.String()
		if lang == "en" {
			if labels := parse(t, page).attrs["aria-label"]; !slices.Contains(labels, all[1]) || !slices.Contains(labels, "2022: 1 gaps, listed under gaps") || !slices.Contains(labels, "2021: no gap so far") {
				t.Errorf("labels %q", labels)
			}
			all = all[:1]
		}
		wants(t, page, all...)
		hrefs := parse(t, page).attrs["href"]
		for _, want := range []string{"/api/v1/rejected?format=csv&lang=" + lang, "/events?lang=" + lang + "&out=1&sort=duration", "/events?event=E-7&lang=" + lang + "&out=1"} {
			if !slices.Contains(hrefs, want) {
				t.Errorf("%s: no link %s in %q", lang, want, hrefs)
			}
		}
		if n := strings.Count(page, "30 February"); n != 50 {
			t.Errorf("%s: %d rejected rows are listed, want 50", lang, n)
		}
	}
}
