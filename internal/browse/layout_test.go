package browse

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/saidi-exporter/saidi/wording"
)

// widths of windows in pixels: of a phone, a desk and a wall.
func widths() []int64 { return []int64{360, 1280, 1920} }

// No page has to be moved sideways, however wide the window is.
func testLayout(t *testing.T, s *station) {
	folder := os.Getenv("SAIDI_PICTURES")
	s.inEach(t, func(t *testing.T, x *tab, l wording.Language) {
		x.everyPage(func(path string) {
			for _, width := range widths() {
				x.size(width, 900)
				x.at(in(l, path))
				x.checkWidth(path, width)
				if folder == "" {
					continue
				}
				for _, scheme := range []string{"light", "dark"} {
					x.scheme(scheme)
					x.picture(folder, path, l, width, scheme)
				}
				x.scheme("light")
			}
		})
	})
}

// A width is how wide a page is, and what makes it so.
type width struct {
	Width int64  `json:"width"`
	Who   string `json:"who"`
}

// wide says how wide the page is, and names what is wider than the window.
func (x *tab) wide() width {
	x.t.Helper()
	return eval[width](x, `(() => {
		const wide = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("svg"));
		return {width: document.documentElement.scrollWidth, who: wide.slice(0, 4).map(e => e.tagName + "." + e.className + " " + e.innerText?.slice(0, 40)).join("; ")};
	})()`)
}

// checkWidth fails the test where the page is wider than the window.
func (x *tab) checkWidth(path string, window int64) {
	x.t.Helper()
	if got := x.wide(); got.Width > window {
		x.t.Errorf("%s at %d pixels is %d wide: %s", path, window, got.Width, got.Who)
	}
}

// picture saves what the whole page looks like.
func (x *tab) picture(folder, path string, l wording.Language, width int64, scheme string) {
	x.t.Helper()
	data, err := chromedp.Run(x.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		x.t.Fatalf("picture of %s: %v", path, err)
	}
	u, err := url.Parse(path)
	if err != nil {
		x.t.Fatal(err)
	}
	name := strings.Trim(strings.ReplaceAll(u.Path, "/", "-"), "-")
	if name == "" {
		name = "overview"
	}
	for parameter := range strings.SplitSeq(u.RawQuery, "&") {
		if key, _, asked := strings.Cut(parameter, "="); asked {
			name += "-" + key
		}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		x.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%s-%d-%s.png", name, l, width, scheme)), data, 0o600); err != nil {
		x.t.Fatal(err)
	}
}
