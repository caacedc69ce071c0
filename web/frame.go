package web

import (
	"html/template"
	"strings"

	"github.com/saidi-exporter/saidi/wording"
)

// A frame is what is around every page.
type frame struct {
	Lang    string
	Site    string // the name of the policy
	Title   string // of the page; empty on the overview
	Nav     []crumb
	Other   template.URL // the same page in the other language
	OtherIs string       // that language
	Notices []string     // what must not be overlooked: made-up data, the demo
	Sheets  []string     // assets that style the page besides style.css
	Scripts []string     // assets that the page runs
	Foot    string
}

// A crumb is a link of a navigation. Current says how it stands to what is shown:
// "page" is the page itself, "true" one that this belongs to; empty for others.
type crumb struct{ Href, Text, Current string }

// currentIf is for what is shown, or belongs to it.
func currentIf(is bool) string {
	if is {
		return "true"
	}
	return ""
}

// standing says how a page of the navigation stands to a path.
func standing(path, page string) string {
	switch {
	case path == page:
		return "page"
	case page == "/" && strings.HasPrefix(path, "/area/"), page == "/events" && path == "/record":
		return "true"
	}
	return ""
}

// newFrame is the frame of the page that is asked for.
func (v *visit) newFrame() frame {
	f := frame{Lang: "en", Site: v.Say("page.what"), OtherIs: string(wording.Chinese)}
	if v.Language == wording.Chinese {
		f.Lang, f.OtherIs = "zh-CN", string(wording.English)
	}
	other := v.r.URL.Query()
	other.Set("lang", f.OtherIs)
	f.Other = template.URL("?" + other.Encode()) //nolint:gosec // it is encoded
	for _, n := range []struct{ path, key string }{
		{"/", "page.nav-overview"}, {"/live", "page.nav-live"}, {"/events", "page.nav-events"}, {"/plan", "page.nav-plan"}, {"/data", "page.nav-data"},
	} {
		f.Nav = append(f.Nav, crumb{v.link(n.path), v.Say(n.key), standing(v.r.URL.Path, n.path)})
	}
	s := v.status
	f.Notices = v.notices(s)
	if s.Snapshot != nil {
		f.Site = s.Snapshot.Title.In(string(v.Language))
	}
	f.Foot = v.Say("page.foot", s.Program, v.stamp(s.Started).Text, v.stamp(s.Now).Text)
	return f
}
