package web

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"

	"github.com/saidi-exporter/saidi/internal/spelling"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A problemView is the page of a problem.
type problemView struct {
	Frame frame
	Head  string
	Text  string
}

// problem is the page of a problem.
func (v *visit) problem(p *Problem) view {
	v.code, v.again = p.Status, p.Again
	v.frame.Title = v.Say("page.problem")
	return view{"problem", &problemView{Frame: v.frame, Head: fmt.Sprintf("%d %s", p.Status, v.frame.Title), Text: v.told(p)}}
}

// mistake words a problem that the page itself can show; one of the program stays
// an error.
func (v *visit) mistake(err error) (string, error) {
	p := problemOf(err)
	if p.Status == http.StatusInternalServerError {
		return "", err
	}
	v.code, v.again = p.Status, p.Again
	return v.Say("events.problem", v.told(p)), nil
}

// waitSeconds is how long a client waits before it asks again, in whole seconds;
// empty where that does not help.
func (v *visit) waitSeconds() string {
	if v.again <= 0 {
		return ""
	}
	return strconv.Itoa(max(1, int(math.Ceil(v.again.Seconds()))))
}

// told words a problem in the language of the page. One that is seldom keeps the
// words that it came with.
func (v *visit) told(p *Problem) string {
	text := ""
	switch p.Code {
	case "internal":
		text = v.Say("page.internal")
	case "busy", "too-many":
		text = v.Say("problem.busy")
	case "stopping":
		text = v.Say("problem.stopping")
	case "no-snapshot":
		text = v.Say("problem.no-snapshot")
	case "bad-parameter":
		text = v.toldParameter(p.Parameter)
	case "not-found":
		text = v.toldMissing(p.Parameter)
	case "unreadable":
		text = v.Say("problem.unreadable", p.Err)
	case "no-file":
		text = v.Say("problem.no-file")
	case "empty-file":
		text = v.Say("problem.empty-file")
	case "too-large":
		text = v.Say("problem.too-large")
	case "incomplete":
		text = v.Say("problem.incomplete")
	case "cross-site":
		text = v.Say("problem.cross-site")
	}
	return cmp.Or(text, p.Error())
}

// toldMissing words what is not there: a scope, or an event.
func (v *visit) toldMissing(parameter string) string {
	if parameter != "" {
		return v.toldWord(parameter)
	}
	return v.Say("problem.no-event", v.values.Get("source"), v.values.Get("event"))
}

// toldParameter words what is wrong with a parameter; empty where that is not for
// here to say.
func (v *visit) toldParameter(name string) string {
	if name == "" {
		name = v.suspect()
	}
	switch n := len(v.values[name]); {
	case name == "":
		return ""
	case v.takes != nil && !slices.Contains(v.takes, name):
		return v.Say("problem.no-parameter", name, spelling.Nearest(name, v.takes))
	case n > 1:
		return v.Say("problem.twice", name, n)
	case len(v.values.Get(name)) > longestText:
		return v.Say("problem.too-long", name, longestText)
	}
	switch name {
	case "window":
		return v.toldWindow()
	case "page", "offset", "limit":
		return v.Say("problem.number", name, v.values.Get(name))
	case "out", "asc":
		return v.Say("problem.truth", name)
	case "event":
		return v.Say("problem.which-event")
	}
	return v.toldWord(name)
}

// toldWindow words why there is no answer of a window, and which there are.
func (v *visit) toldWindow() string {
	s := v.status.Snapshot
	if s == nil {
		return ""
	}
	var known []string
	for i := range s.Indices {
		if w := s.Indices[i].Window; w != snapshot.Month && !slices.Contains(known, w) {
			known = append(known, w)
		}
	}
	return v.Say("problem.window", v.values.Get("window"), v.List(known), local(s.Provenance.AsOf))
}

// suspect is the parameter whose word nobody knows, where the one who refused a
// question does not name it; empty where all are known.
func (v *visit) suspect() string {
	for _, name := range []string{"scope", "class", "nature", "sort", "index"} {
		word := v.values.Get(name)
		if _, known := v.wordsOf(name); word != "" && !slices.Contains(known, word) {
			return name
		}
	}
	if v.values.Get("index") == reliability.IEEEExMED {
		return "index"
	}
	return ""
}

// toldWord words that a parameter's word is not known, and which one is the nearest.
func (v *visit) toldWord(name string) string {
	word := cmp.Or(v.values.Get(name), v.r.PathValue(name))
	what, known := v.wordsOf(name)
	switch {
	case len(known) == 0:
		return ""
	case name == "class" && slices.Contains(idsOf(classesOf(v.status.Snapshot)), word) && !slices.Contains(known, word):
		return v.Say("problem.no-class", v.scopeName(v.scopeAsked()), v.className(word))
	case name == "index" && slices.Contains(known, word):
		return v.Say("problem.no-index", word)
	}
	return v.Say("problem.unknown", what, word, spelling.Nearest(word, known))
}

// scopeAsked is the scope that a page is asked of; without one it is the whole.
func (v *visit) scopeAsked() string {
	return cmp.Or(v.values.Get("scope"), v.r.PathValue("scope"), wholeOf(v.status.Snapshot))
}

// wordsOf names a parameter and lists the words that it takes; none where nobody
// can say.
func (v *visit) wordsOf(name string) (what string, known []string) {
	s := v.status.Snapshot
	switch {
	case name == "sort":
		return v.Say("events.sort"), snapshot.Sorts()
	case name == "nature":
		return v.Say("column.nature"), natureWords()
	case name == "source":
		return v.Say("page.source"), plannedBy(v.status)
	case s == nil:
		return "", nil
	case name == "scope":
		return v.Say("problem.scope"), scopeIDs(s)
	case name == "class":
		return v.Say("column.class"), classesIn(s, v.scopeAsked())
	case name == "map":
		return v.Say("problem.map"), colouringIDs(v.colourings(s, judgedYear(s)))
	case name == "index":
		for _, set := range reliability.Sets() {
			known = append(known, set.ID)
		}
		return v.Say("events.index"), known
	}
	return "", nil
}

// natureWords are the two branches of the tree of natures, then its leaves.
func natureWords() []string {
	words := []string{snapshot.NaturePreArranged, snapshot.NatureFault}
	for n := range outage.NatureCount {
		words = append(words, outage.Nature(n).String())
	}
	return words
}
