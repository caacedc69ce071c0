package browse

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/wording"
)

// hostile are names that are no names: scripts, quotes, a mark that turns the
// direction of writing, two hundred letters, signs of a formula, pictures.
func hostile() []string {
	return []string{
		`<script>window.ran = 1; alert(1)</script>`,
		`"'><img src=x onerror="window.ran = 2">`,
		`</title></script><svg onload=window.ran=3>`,
		"right\u202eto left",
		strings.Repeat("W", 200),
		`=HYPERLINK("http://example.com","x")`,
		"⚡️👩‍🔧🏔️ {{.}} ${window.ran=4}",
		`javascript:window.ran=5//`,
	}
}

// Names that are meant to be misread are shown as they are, run nothing, open
// nothing, ask no other host, and widen no page.
func testHostile(t *testing.T, s *station) {
	d := s.newDesk(t, hostile()...)
	var events []map[string]any
	for i, name := range hostile() {
		e := d.out(name, name, 10+i)
		e["cause"], e["technical_cause"] = name, name
		closed := d.out("closed "+name, name, 10+i)
		closed["start"], closed["end"] = d.now.Add(-2*time.Hour).Format(time.RFC3339), d.now.Add(-time.Hour).Format(time.RFC3339)
		events = append(events, e, closed)
	}
	d.push(t, events...)
	x := s.open(t, d.saidi)
	x.at("/live")
	x.until(answerTime, "the outages are there", fmt.Sprintf(`document.querySelectorAll("#outage-table tbody tr").length === %d`, len(hostile())))
	paths := []string{"/", "/area/xining?class=urban", "/events", "/live", "/data", "/plan"}
	for _, name := range hostile() {
		paths = append(paths, "/record?"+url.Values{"source": {"scada"}, "event": {name}}.Encode(), "/events?"+url.Values{"feeder": {name}, "q": {name}}.Encode())
	}
	for i, path := range paths {
		l := languages()[i%2]
		for _, width := range []int64{360, 1280} {
			x.size(width, 900)
			x.at(in(l, path))
			x.checkWidth(path, width)
			checkCalm(t, x, path)
		}
		if folder := os.Getenv("SAIDI_PICTURES"); folder != "" && i < 5 {
			x.size(360, 900)
			x.at(in(l, path))
			x.picture(folder, "/hostile"+strings.TrimSuffix(path, "/"), l, 360, "light")
		}
	}
	for _, path := range []string{"/live", "/events", "/area/xining?class=urban"} {
		x.size(1280, 900)
		x.at(in(wording.English, path))
		checkNames(t, x, path)
	}
	x.allow(mistaken)
	for _, name := range hostile() {
		for _, path := range []string{"/area/" + url.PathEscape(name), "/events?scope=" + url.QueryEscape(name), "/record?source=scada&event=" + url.QueryEscape(name+"?"), "/?map=" + url.QueryEscape(name)} {
			x.at(in(wording.Chinese, path))
			checkCalm(t, x, path)
		}
	}
}

// checkCalm holds that nothing of a name ran, or became a part of the page.
func checkCalm(t *testing.T, x *tab, path string) {
	t.Helper()
	if got := eval[string](x, `[window.ran ?? "", document.querySelectorAll("main img, main script:not([type='application/json']), main [onload], main [onerror], a[href^='javascript:']").length || ""].join("")`); got != "" {
		t.Errorf("%s: a name did something: %s", path, got)
	}
}

// checkNames holds that names can be read as they are.
func checkNames(t *testing.T, x *tab, path string) {
	t.Helper()
	text := eval[string](x, `document.body.textContent`)
	for _, name := range hostile() {
		if !strings.Contains(text, name) {
			t.Errorf("%s does not show %.40q as it is", path, name)
		}
	}
}
