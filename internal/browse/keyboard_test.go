package browse

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/saidi-exporter/saidi/wording"
)

// A focus is what has the focus, and whether it can be seen.
type focus struct {
	Tag     string  `json:"tag"`
	ID      string  `json:"id"`
	Href    string  `json:"href"`
	Part    string  `json:"part"` // of the page
	Style   string  `json:"style"`
	Outline float64 `json:"outline"`
	Drawn   bool    `json:"drawn"` // another line around it than around others of the map
	Shown   bool    `json:"shown"` // within the window
}

const whatHasFocus = `(() => {
	const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
	const part = e.matches(".skip") ? "skip" : e.closest("header") ? "nav" : e.closest(".map") ? "map" : e.closest(".choices") ? "choices" : e.closest("table") ? "table" : e.tagName;
	const line = a => getComputedStyle(a.querySelector("path")).stroke + getComputedStyle(a.querySelector("path")).strokeWidth;
	const drawn = part === "map" && [...e.closest(".map").querySelectorAll("a")].every(a => a === e || line(a) !== line(e));
	return {tag: e.tagName, id: e.id, href: e.getAttribute("href") ?? "", part, style: s.outlineStyle, outline: parseFloat(s.outlineWidth), drawn, shown: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
})()`

// By the keyboard alone the overview is gone through from the link that skips to the
// content, over the pages and the areas of the map, to the numbers of the tables;
// what has the focus is seen to have it, and Enter opens what it is on.
func testKeyboard(t *testing.T, s *station) {
	s.inEach(t, func(t *testing.T, x *tab, l wording.Language) {
		x.at(in(l, "/"))
		count := map[string]int{}
		region := 0
		for n := 1; n <= mostTabs && count["table"] < 3; n++ {
			f := x.tabKey()
			if n == 1 && f.Part != "skip" {
				t.Errorf("the first stop is %+v, want the link to the content", f)
			}
			if (f.Style == "none" || f.Outline < 1) && !f.Drawn || !f.Shown {
				t.Errorf("stop %d cannot be seen: %+v", n, f)
			}
			if count[f.Part]++; f.Part == "map" && region == 0 {
				region = n
			}
		}
		if count["nav"] < 6 || count["map"] != 8 || count["choices"] < 2 || count["table"] < 3 {
			t.Errorf("stops by part: %v", count)
		}
		x.at(in(l, "/"))
		var f focus
		for range region {
			f = x.tabKey()
		}
		x.enter()
		if want := "/area/" + strings.TrimPrefix(f.ID, "region-") + "?"; !strings.HasPrefix(x.where(), want) {
			t.Errorf("Enter on %+v led to %s, want %s", f, x.where(), want)
		}
		x.tabKey()
		x.do(chromedp.KeyEvent(kb.Enter))
		if next := x.tabKey(); next.Part == "nav" || next.Part == "skip" || !strings.HasSuffix(x.where(), "lang="+string(l)) {
			t.Errorf("behind the link to the content the focus is on %+v", next)
		}
	})
}

// mostTabs is how often the key is pressed at most.
const mostTabs = 80

// tabKey presses the tabulator and says what has the focus then.
func (x *tab) tabKey() focus {
	x.t.Helper()
	x.do(chromedp.KeyEvent(kb.Tab))
	return eval[focus](x, whatHasFocus)
}

// enter presses Enter on a link and waits for the page.
func (x *tab) enter() {
	x.t.Helper()
	x.leave(func() { x.do(chromedp.KeyEvent(kb.Enter)) })
}
