package policy

import (
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// Names gives the words by which the policy's areas and classes are recognised:
// id, names and match words. A name that two areas bear in one policy
// recognises neither, as real areas do share names; their ids and match words
// tell them apart.
//
// It panics where one id or match word means two areas or two classes, which no
// policy from [Parse] does.
func (p *Policy) Names() *outage.Names {
	n := outage.NewNames()
	claims := append(areaClaims(p.Areas), classClaims(p.Classes)...)
	claim(n, claims, func(_ claimant, _ string, err error) { panic("policy: " + err.Error()) })
	return n
}

// A claimant is an area or a class with the words that shall mean it.
type claimant struct {
	kind  string // what the ids must be unique in: areas or classes
	id    string
	words []string // its own alone
	names []string // may be shared
	add   func(n *outage.Names, word string) error
}

func areaClaims(areas []Area) []claimant {
	claims := make([]claimant, 0, len(areas))
	for _, a := range areas {
		claims = append(claims, claimant{"area", string(a.ID), a.Match, a.Name.distinct(),
			func(n *outage.Names, word string) error { return n.AddArea(a.ID, word) }})
	}
	return claims
}

func classClaims(classes []Class) []claimant {
	claims := make([]claimant, 0, len(classes))
	for _, c := range classes {
		claims = append(claims, claimant{"class", string(c.ID), c.Match, c.Name.distinct(),
			func(n *outage.Names, word string) error { return n.AddClass(c.ID, word) }})
	}
	return claims
}

// claim adds first what must be unique and then the names that nobody shares,
// and reports each word that already means another.
func claim(n *outage.Names, claims []claimant, taken func(c claimant, word string, err error)) {
	var heard []claimant // those whose own id is theirs
	for _, c := range claims {
		if claimWords(n, c, []string{c.id}, taken) {
			heard = append(heard, c)
		}
	}
	for _, c := range heard {
		claimWords(n, c, c.words, taken)
	}
	bearers := countBearers(heard)
	for _, c := range heard {
		claimWords(n, c, slices.DeleteFunc(slices.Clone(c.names), func(name string) bool {
			return bearers[nameKey(c.kind, name)] > 1
		}), taken)
	}
}

// claimWords says whether all the words now mean c.
func claimWords(n *outage.Names, c claimant, words []string, taken func(claimant, string, error)) bool {
	all := true
	for _, word := range words {
		if err := c.add(n, word); err != nil {
			taken(c, word, err)
			all = false
		}
	}
	return all
}

// countBearers counts how many areas, or classes, bear each name.
func countBearers(claims []claimant) map[string]int {
	bearers := map[string]int{}
	for _, c := range claims {
		own := map[string]bool{}
		for _, name := range c.names {
			own[nameKey(c.kind, name)] = true
		}
		for key := range own {
			bearers[key]++
		}
	}
	return bearers
}

func nameKey(kind, name string) string {
	return kind + " " + strings.ToLower(strings.Join(strings.Fields(name), " "))
}

// NewBase builds the base of customers served, by the classes of the policy.
func (p *Policy) NewBase(rows []outage.Customers) (*reliability.Base, error) {
	var classes []outage.Class
	for _, c := range p.Classes {
		classes = append(classes, c.ID)
	}
	return reliability.NewBase(rows, classes)
}
