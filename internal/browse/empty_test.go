package browse

import (
	"path/filepath"
	"strings"
	"testing"
)

// Where nothing has been told yet, in areas of which nobody knows customers, and
// years after the last outage, every page says so, and no script stumbles.
func testEmpty(t *testing.T, s *station) {
	d := s.newDesk(t)
	s.checkQuiet(t, d.saidi)
	d.push(t, d.out("FIRST", feeder, 10))
	s.checkQuiet(t, d.saidi)
	p := s.newProvince(t)
	writeFile(t, filepath.Join(p.dir, "saidi.yml"), strings.Join([]string{
		"base: customers.csv", "mapping: mapping.yaml", "sources: [{name: archive, files: [events.csv, events-late.csv]}]", "quiet: 0s", "",
	}, "\n"))
	s.checkQuiet(t, s.serve(t, "--config", filepath.Join(p.dir, "saidi.yml")))
}

// checkQuiet goes to pages of every kind in both languages. That a question cannot
// be answered may be said.
func (s *station) checkQuiet(t *testing.T, site *saidi) {
	t.Helper()
	x := s.open(t, site)
	x.allow(mistaken)
	x.size(360, 900)
	for i, path := range []string{
		"/", "/area/xining", "/area/xining?class=urban", "/area/golog", "/area/golog?class=town", "/area/qinghai", "/events", "/events?scope=golog", "/live", "/data", "/plan",
	} {
		x.at(in(languages()[i%2], path))
		x.checkWidth(path, 360)
		if head := eval[string](x, `document.querySelector("h1").innerText`); head == "" {
			t.Errorf("%s has no heading", path)
		}
	}
}
