package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/internal/spelling"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// parseStrengths reads the strengths of --fail-on, between commas.
func parseStrengths(text string) ([]string, error) {
	var known, all []string
	for _, s := range policy.Strengths() {
		known = append(known, string(s))
	}
	for _, word := range strings.Split(text, ",") {
		if !slices.Contains(known, word) {
			return nil, usage("--fail-on %q: want duty, aspiration or informative, several between commas; the nearest is %q", word, spelling.Nearest(word, known))
		}
		all = append(all, word)
	}
	return all, nil
}

// failing lists the targets of some strengths that are missed or cannot be
// told.
func failing(s *snapshot.Snapshot, strengths []string) []snapshot.Target {
	var list []snapshot.Target
	for _, t := range s.Targets {
		bad := t.Verdict == string(policy.Missed) || t.Verdict == string(policy.CannotTell)
		if bad && slices.Contains(strengths, t.Strength) {
			list = append(list, t)
		}
	}
	return list
}

// fail ends a run whose targets fail, if it was asked to.
func (r *reporting) fail(w world, s *snapshot.Snapshot) error {
	if len(r.strengths) == 0 {
		return nil
	}
	if !slices.ContainsFunc(s.Targets, func(t snapshot.Target) bool { return slices.Contains(r.strengths, t.Strength) }) {
		fmt.Fprintf(w.stderr, "saidi: --fail-on %s: no such target is judged in the time shown\n", r.failOn)
		return nil
	}
	list := failing(s, r.strengths)
	if len(list) == 0 {
		return nil
	}
	first := list[0]
	return &status{exitAsked, fmt.Sprintf("%d targets of %s are missed or cannot be told, the first: %s, %s, %s %d: %s",
		len(list), r.failOn, first.Scope, first.Class, first.Rule, first.Year, first.Verdict)}
}
