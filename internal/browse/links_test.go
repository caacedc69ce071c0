package browse

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// pages are paths of every kind of page, with a record that the site has.
func pages(t *testing.T, site *saidi) []string {
	t.Helper()
	list := getJSON[snapshot.EventList](t, site, "/api/v1/events?limit=1")
	if len(list.Lines) == 0 {
		t.Fatal("there are no events")
	}
	record := url.Values{"source": {list.Lines[0].Source}, "event": {list.Lines[0].EventID}}
	return []string{
		"/", "/area/xining?class=urban", "/area/" + list.Scope, "/events", "/events?scope=xining&nature=fault&sort=start&page=2&q=1",
		"/record?" + record.Encode(), "/plan", "/data", "/live",
	}
}

// mistakes are paths whose pages say what is wrong with them.
func mistakes() []string { return []string{"/area/nowhere", "/record", "/events?window=tomorrow"} }

// everyPage goes to every kind of page, those of mistakes too.
func (x *tab) everyPage(look func(path string)) {
	x.t.Helper()
	for _, path := range pages(x.t, x.site) {
		look(path)
	}
	x.allow(mistaken)
	for _, path := range mistakes() {
		look(path)
	}
}

// mistaken is the answer to such a path.
func mistaken(status int64, _ string) bool { return status == 400 || status == 404 }

// mostLinks is how many links are followed in each language.
const mostLinks = 300

// Every link of every kind of page leads to an answer. Of links that differ in
// little but names one is followed.
func testLinks(t *testing.T, s *station) {
	s.inEach(t, func(t *testing.T, x *tab, l wording.Language) {
		followed, broken, seen := map[string]bool{}, 0, 0
		for _, path := range pages(t, s.demo) {
			x.at(in(l, path))
			for _, link := range x.links() {
				seen++
				kind := kindOf(t, link)
				if followed[kind] || len(followed) == mostLinks {
					continue
				}
				followed[kind] = true
				if err := x.follow(link, l); err != nil {
					broken++
					t.Errorf("%s: %v", path, err)
				}
			}
		}
		if len(followed) < 40 {
			t.Errorf("there are only %d kinds of links: %q", len(followed), slices.Sorted(maps.Keys(followed)))
		}
		t.Logf("%d links of %d kinds, %d broken", seen, len(followed), broken)
	})
}

// links are the addresses of all links of the page, those of drawings too.
func (x *tab) links() []string {
	x.t.Helper()
	return eval[[]string](x, `[...document.querySelectorAll("a[href]")].map(a => new URL(a.href.baseVal ?? a.href, document.baseURI).href)`)
}

// kindOf is what links have in common that differ in little but names: the path,
// what is asked for, and those answers of which there are few.
func kindOf(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Errorf("%q is no link: %v", link, err)
		return link
	}
	few := []string{"window", "index", "nature", "sort", "asc", "format", "map", "lang", "page"}
	query := u.Query()
	for name := range query {
		if !slices.Contains(few, name) {
			query.Set(name, "…")
		}
	}
	return u.Path + "?" + query.Encode()
}

// follow asks for what a link leads to. It stays on the site and keeps the
// language.
func (x *tab) follow(link string, l wording.Language) error {
	path, ours := strings.CutPrefix(link, x.site.url)
	path, mark, _ := strings.Cut(path, "#")
	if !ours {
		return fmt.Errorf("%s leaves the site", link)
	}
	body, err := x.site.get(x.t, path)
	if err != nil {
		return err
	}
	if mark != "" && !strings.Contains(string(body), `id="`+mark+`"`) {
		return fmt.Errorf("%s has no %s", path, mark)
	}
	if !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/metrics") && !strings.Contains(path, "lang=") {
		return fmt.Errorf("%s loses the language %s", path, l)
	}
	return nil
}
