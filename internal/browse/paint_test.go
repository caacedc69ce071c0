package browse

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"

	"github.com/saidi-exporter/saidi/internal/program"
)

// A paint is what one load of a page took, in milliseconds, and weighed, in bytes
// as they came over the wire.
type paint struct {
	First      float64 `json:"first"` // byte
	Contentful float64 `json:"contentful"`
	Loaded     float64 `json:"loaded"`
	Bytes      int     `json:"bytes"`
	Files      int     `json:"files"`
}

const whatItTook = `(() => {
	const page = performance.getEntriesByType("navigation")[0], files = performance.getEntriesByType("resource");
	return {
		first: page.responseStart, contentful: performance.getEntriesByName("first-contentful-paint")[0].startTime, loaded: page.loadEventEnd,
		bytes: page.transferSize + files.reduce((sum, f) => sum + f.transferSize, 0), files: 1 + files.length,
	};
})()`

// With a million outages behind it, the time to the first paint of the overview and
// of an area, the median of five, and what they weigh. It only tells: a clock is no
// test. It takes a while, and is done where SAIDI_BENCH_PAGES is 1.
func testPaint(t *testing.T, s *station) {
	site := s.demo
	if os.Getenv("SAIDI_BENCH_PAGES") == "1" {
		site = s.large(t)
	}
	x := s.open(t, site)
	call(x, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	report := site.report(t)
	for _, path := range []string{"/?lang=zh", "/area/xining?class=urban&lang=zh", "/events?lang=zh"} {
		var all []paint
		for range 5 {
			x.at(path)
			x.until(soon, "something is painted", `performance.getEntriesByName("first-contentful-paint").length > 0 && performance.getEntriesByType("navigation")[0].loadEventEnd > 0`)
			all = append(all, eval[paint](x, whatItTook))
		}
		slices.SortFunc(all, func(a, b paint) int { return int(a.Contentful - b.Contentful) })
		p := all[len(all)/2]
		if p.Contentful <= 0 || p.Bytes <= 0 {
			t.Errorf("%s: %+v", path, p)
		}
		t.Logf("%d rows, %d targets, %s: first byte %.0f ms, first contentful paint %.0f ms, loaded %.0f ms; %d bytes in %d files", report.Quality.Rows, len(report.Targets), path, p.First, p.Contentful, p.Loaded, p.Bytes, p.Files)
	}
}

const soon = 10 * time.Second

// large starts an exporter that follows a synthetic province of a million rows, in
// the year that runs and the one before, with targets for it.
func (s *station) large(t *testing.T) *saidi {
	t.Helper()
	dir, year := t.TempDir(), time.Now().Year()
	program.Output(t, dir, s.saidi, "simulate", "--years", fmt.Sprintf("%d..%d", year-1, year), "--scale", "50", "--format", "parquet", "--out", dir)
	policy, err := os.ReadFile(filepath.Join(program.Root(t), "policy", "qinghai.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "policy.yaml"), strings.NewReplacer("2022-12-31", fmt.Sprintf("%d-12-31", year), "2026-02-21", fmt.Sprintf("%d-01-01", year+1)).Replace(string(policy)))
	writeFile(t, filepath.Join(dir, "saidi.yml"), strings.Join([]string{
		"policy: policy.yaml", "base: [customers.*]", "mapping: mapping.yaml", "sources: [{name: synthetic, files: ['events*']}]", "quiet: 0s", "",
	}, "\n"))
	return s.serve(t, "--config", filepath.Join(dir, "saidi.yml"))
}
