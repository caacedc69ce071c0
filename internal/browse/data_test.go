package browse

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"github.com/saidi-exporter/saidi/wording"
)

// The counts of the page of data are those of the report, every area has its
// calendar, and the rejected rows can be saved as the API gives them.
func testData(t *testing.T, s *station) {
	s.inEach(t, func(t *testing.T, x *tab, l wording.Language) {
		r := x.together(in(l, "/data"))
		facts := x.facts("section[aria-labelledby=rows] dl.facts")
		for key, want := range map[string]int{"data.read": r.Quality.Rows, "rows.accepted": r.Quality.Accepted, "rows.rejected": r.Quality.Rejected} {
			checkNumber(t, key, facts[l.Say(key)], new(float64(want)), 1, 0)
		}
		sum := 0
		for _, row := range x.rows("section[aria-labelledby=rejected] > table") {
			sum += atoi(row[l.Say("page.rows")])
		}
		if sum != r.Quality.Rejected || sum == 0 {
			t.Errorf("%d rows are rejected by reason, want %d", sum, r.Quality.Rejected)
		}
		if strips := eval[int](x, `document.querySelectorAll(".calendar tbody tr svg.strip rect").length`); strips < 2*8 {
			t.Errorf("the calendar has %d spans", strips)
		}
		got := x.download(`section[aria-labelledby=rejected] a[download]`)
		want, err := s.demo.get(t, in(l, "/api/v1/rejected?format=csv"))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("the file that was saved has %d bytes, the answer %d: %v", len(got), len(want), err)
		}
		lines, err := csv.NewReader(bytes.NewReader(got)).ReadAll()
		if err != nil || len(lines) != r.Quality.Rejected+1 {
			t.Errorf("the file has %d lines, want %d and a head: %v", len(lines), r.Quality.Rejected, err)
		}
	})
}

// atoi reads a whole number with its thousands apart; what is none is -1.
func atoi(text string) int {
	n := 0
	for _, c := range strings.ReplaceAll(text, ",", "") {
		if c < '0' || c > '9' {
			return -1
		}
		n = 10*n + int(c-'0')
	}
	return n
}

// download clicks a link and gives the file that the browser saves.
func (x *tab) download(selector string) []byte {
	x.t.Helper()
	folder := x.t.TempDir()
	progress := chromedp.BrowserEvents(x.ctx, browser.DownloadProgress)
	if _, err := chromedp.CallBrowser(x.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: folder, EventsEnabled: new(true),
		BrowserContextID: chromedp.FromContext(x.ctx).BrowserContextID,
	}); err != nil {
		x.t.Fatal(err)
	}
	x.do(chromedp.Click(chromedp.CSS(selector)))
	for e, err := range progress {
		if err != nil {
			x.t.Fatalf("save a file: %v", err)
		}
		if e.State != browser.DownloadProgressStateCompleted {
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, e.GUID))
		if err != nil {
			x.t.Fatal(err)
		}
		return data
	}
	x.t.Fatal("no file was saved")
	return nil
}
