package browse

import (
	"slices"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/wording"
)

// A finding is a rule of accessibility that a page breaks, and where.
type finding struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Where  []string `json:"where"`
}

// A look is a width of the window in pixels and a scheme of colours.
type look struct {
	width  int64
	scheme string
}

// looks are shared out among the languages, as every page takes a second.
func looks(l wording.Language) []look {
	if l == wording.Chinese {
		return []look{{360, "light"}, {1280, "dark"}}
	}
	return []look{{360, "dark"}, {1280, "light"}}
}

// axe-core finds nothing serious on any kind of page, light and dark, on a phone
// and at a desk. What it cannot decide is no finding.
func testAccessibility(t *testing.T, s *station) {
	s.inEach(t, func(t *testing.T, x *tab, l wording.Language) {
		x.everyPage(func(path string) {
			for _, look := range looks(l) {
				x.size(look.width, 900)
				x.scheme(look.scheme)
				x.at(in(l, path))
				eval[bool](x, s.rules+"; true")
				x.checkFindings(path, look)
			}
		})
	})
}

// checkFindings fails the test for what axe-core finds to be serious.
func (x *tab) checkFindings(path string, look look) {
	x.t.Helper()
	for _, f := range x.findings() {
		x.t.Errorf("%s, %d pixels, %s: %s: %s (%s)\n\t%s", path, look.width, look.scheme, f.Impact, f.Help, f.ID, strings.Join(f.Where, "\n\t"))
	}
}

// findings are what axe-core finds to be serious.
func (x *tab) findings() []finding {
	x.t.Helper()
	all := eval[[]finding](x, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => ({
		id: v.id, impact: v.impact ?? "", help: v.help,
		where: v.nodes.slice(0, 3).map(n => n.target.join(" ") + ": " + n.html.slice(0, 160) + " " + (n.failureSummary ?? "").slice(0, 240)),
	})))`)
	return slices.DeleteFunc(all, func(f finding) bool { return f.Impact != "serious" && f.Impact != "critical" })
}
