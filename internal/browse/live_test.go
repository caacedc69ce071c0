package browse

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// withinTwo is how soon after it was told an outage is to be seen.
const withinTwo = 2 * time.Second

// An outage that is pushed is seen within two seconds on a page that is not loaded
// again; so is its end. The numbers are those of the API. Updates can be held.
func testLive(t *testing.T, s *station) {
	d := s.newDesk(t)
	for _, l := range languages() {
		t.Run(string(l), func(t *testing.T) {
			x := s.open(t, d.saidi)
			id := "OUT-" + string(l)
			x.at(in(l, "/live"))
			x.until(answerTime, "the page updates itself", `document.querySelector("#connection").innerText === `+quoted(l.Say("live.on")))
			eval[bool](x, `window.still = true`)
			seen := `[...document.querySelectorAll("#outage-table tbody tr")].some(r => r.innerText.includes(` + quoted(id) + `))`
			begun := time.Now()
			d.push(t, d.out(id, feeder, 321))
			x.until(withinTwo, "the outage is seen", seen)
			t.Logf("an outage was seen %.0f ms after it was sent", time.Since(begun).Seconds()*1000)
			checkLive(t, x, l)
			over := d.out(id, feeder, 321)
			over["end"], over["revision"] = d.now.Add(-time.Minute).Format(time.RFC3339), 2
			begun = time.Now()
			d.push(t, over)
			x.until(withinTwo, "its end is seen", "!("+seen+")")
			t.Logf("its end was seen %.0f ms after it was sent", time.Since(begun).Seconds()*1000)
			x.do(chromedp.Click(chromedp.CSS("#pause")))
			d.push(t, d.out("HELD-"+string(l), feeder, 5))
			time.Sleep(withinTwo)
			if text := eval[string](x, `document.querySelector("#outage-table").innerText + document.querySelector("#pause").innerText`); strings.Contains(text, "HELD-"+string(l)) || !strings.HasSuffix(text, l.Say("live.resume")) {
				t.Errorf("while updates are held the page shows %q", text)
			}
			x.do(chromedp.Click(chromedp.CSS("#pause")))
			x.until(withinTwo, "updates go on", strings.ReplaceAll(seen, id, "HELD-"+string(l)))
			if !eval[bool](x, `window.still === true`) {
				t.Error("the page was loaded again")
			}
		})
	}
}

// checkLive holds the numbers of the page against the API, until both are of the
// same instant.
func checkLive(t *testing.T, x *tab, l wording.Language) {
	t.Helper()
	for range 50 {
		live := getJSON[snapshot.Live](t, x.site, "/api/v1/live")
		shown := eval[struct {
			AsOf   string            `json:"asOf"`
			Out    map[string]string `json:"out"`
			Served map[string]string `json:"served"`
			Now    string            `json:"now"`
			Rows   int               `json:"rows"`
		}](x, `(() => {
			const of = f => Object.fromEntries([...document.querySelectorAll("[data-scope]")].map(r => [r.dataset.scope, r.querySelector('[data-field="' + f + '"]').textContent]));
			return {asOf: document.querySelector('[data-live="as-of"]').textContent, out: of("out"), served: of("served"), now: document.querySelector("#now").innerText, rows: document.querySelectorAll("#outage-table tbody tr").length};
		})()`)
		if shown.AsOf != asShown(live.AsOf) {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		for _, scope := range live.Scopes {
			checkNumber(t, scope.Scope+" out", shown.Out[scope.Scope], new(scope.Interrupted.Float()), 1, decimalsOf(scope.Interrupted))
			checkNumber(t, scope.Scope+" served", shown.Served[scope.Scope], new(scope.Served.Float()), 1, decimalsOf(scope.Served))
		}
		if len(live.Scopes) != len(shown.Out) || shown.Rows != len(live.Outages) || shown.Rows == 0 || !strings.Contains(shown.Now, shown.Out["qinghai"]) {
			t.Errorf("%s: %d scopes, %d rows, %q; want %d and %d", l, len(shown.Out), shown.Rows, shown.Now, len(live.Scopes), len(live.Outages))
		}
		return
	}
	t.Errorf("%s: the page was never of the instant of the API", l)
}
