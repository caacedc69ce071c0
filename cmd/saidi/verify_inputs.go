package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/compliance"
	"github.com/saidi-exporter/saidi/snapshot"
)

// match holds what is given against what the report says that it was made of, puts
// files into its order and names them as it does. What differs is kept in words;
// what is missing ends the run.
func (v *auditing) match(w world) error {
	s := &v.paper.Stamp
	if s.Policy.SHA256 == "" {
		return nil // CSV says nothing of its inputs
	}
	if v.other() {
		v.tell(w, v.words.Say("verify.program", s.Program, "saidi "+version()))
	}
	if here := tzdata(); s.TZData != here {
		v.tell(w, v.words.Say("verify.tzdata", s.TZData, here))
	}
	v.hold(v.words.Say("verify.policy"), s.Policy.SHA256, v.policy.SHA256, cmp.Or(v.policyPath, v.policy.ID))
	ledger := ""
	if v.ledger != nil {
		ledger = v.ledger.SHA256
	}
	v.hold(v.words.Say("verify.ledger"), s.LedgerSHA256, ledger, v.ledgerPath)
	if err := v.matchCovers(); err != nil {
		return err
	}
	if v.storePath == "" {
		if err := v.matchFiles(w); err != nil {
			return err
		}
	}
	if len(v.missing) > 0 {
		return errors.New(strings.Join(v.missing, "\n"))
	}
	return nil
}

// hold holds the digest of one input against that in the report; empty is none.
func (v *auditing) hold(what, said, given, path string) {
	switch {
	case said == given:
	case given == "":
		v.missing = append(v.missing, v.words.Say("verify.missing", what, said))
	case said == "":
		v.changed = append(v.changed, v.words.Say("verify.added", what, path))
	default:
		v.changed = append(v.changed, v.words.Say("verify.changed", what, path, said, given))
	}
}

// matchCovers holds the --covers that was given against that of the report, if it
// says how it was declared; the same span in other words is the same.
func (v *auditing) matchCovers() error {
	said := v.paper.Stamp.Asked.Covers
	if v.coversText == said || v.paper.Form == formatJSON {
		return nil
	}
	if said != "" {
		span, err := parseWindow("--covers", said, v.policy.Zone)
		if err != nil {
			return err
		}
		if *span == v.covers[0].Period {
			v.coversText = said
			return nil
		}
	}
	v.changed = append(v.changed, v.words.Say("verify.covers", v.quoted(said), v.quoted(v.coversText)))
	return nil
}

// matchFiles holds mapping, base and events against the report.
func (v *auditing) matchFiles(w world) error {
	mapping := ""
	if v.mapping != nil {
		mapping = v.mapping.SHA256
	}
	v.hold(v.words.Say("verify.mapping"), v.paper.Stamp.MappingSHA256, mapping, v.mappingPath)
	if err := v.matchBase(); err != nil {
		return err
	}
	return v.matchEvents(w)
}

// matchBase puts the files of the base into the order that gives the digest of the
// report, where there is one.
func (v *auditing) matchBase() error {
	digests, err := digestsOf(v.bases)
	if err != nil {
		return err
	}
	said := v.paper.Stamp.BaseSHA256
	order := make([]int, len(digests))
	for i := range order {
		order[i] = i
	}
	if !arranged(order, 0, func() bool { return snapshot.DigestOfBase(pick(digests, order)) == said }) {
		slices.Sort(order)
	}
	v.bases = pick(v.bases, order)
	v.hold(v.words.Say("verify.base"), said, snapshot.DigestOfBase(pick(digests, order)), strings.Join(v.bases, ", "))
	for _, path := range v.bases {
		v.callAs(path, v.paper.Stamp.Noted)
	}
	return nil
}

// mostArranged bounds the files of a base that are tried in every order.
const mostArranged = 7

// arranged puts numbers into an order that is right, trying all that keep those
// before from; false if none is, or there are too many.
func arranged(order []int, from int, right func() bool) bool {
	if from >= len(order) || len(order) > mostArranged {
		return right()
	}
	for i := from; i < len(order); i++ {
		order[from], order[i] = order[i], order[from]
		if arranged(order, from+1, right) {
			return true
		}
		order[from], order[i] = order[i], order[from]
	}
	return false
}

func pick[T any](list []T, order []int) []T {
	picked := make([]T, len(order))
	for i, n := range order {
		picked[i] = list[n]
	}
	return picked
}

// callAs names a file as the report does, by the one of its names that ends alike.
func (v *auditing) callAs(path string, names []string) {
	for _, name := range names {
		if filepath.Base(name) == filepath.Base(path) {
			v.called[path] = name
			return
		}
	}
}

// matchEvents gives each file of events of the report the one that is it: by its
// digest, else, as one that has changed, by its name, else in order. What is left
// over does not count.
func (v *auditing) matchEvents(w world) error {
	digests, err := digestsOf(v.events)
	if err != nil {
		return err
	}
	said := v.paper.Stamp.Inputs
	given := make([]int, len(said)) // the number of the file that stands for an input
	for i := range given {
		given[i] = -1
	}
	taken := make([]bool, len(digests))
	v.pair(said, given, taken, func(i, k int) bool { return said[i].SHA256 == digests[k] })
	same := slices.Clone(given)
	v.pair(said, given, taken, func(i, k int) bool { return filepath.Base(said[i].Path) == filepath.Base(v.events[k]) })
	v.pair(said, given, taken, func(int, int) bool { return true })
	var events []string
	for i, k := range given {
		if k < 0 {
			v.missing = append(v.missing, v.words.Say("verify.missing", said[i].Path, said[i].SHA256))
			continue
		}
		if same[i] < 0 {
			v.changed = append(v.changed, v.words.Say("verify.changed", said[i].Path, v.events[k], said[i].SHA256, digests[k]))
		}
		events = append(events, v.events[k])
		v.called[v.events[k]] = said[i].Path
	}
	for k, path := range v.events {
		switch {
		case taken[k]:
		case slices.ContainsFunc(said, func(in compliance.Input) bool { return in.SHA256 == digests[k] }):
			v.tell(w, v.words.Say("verify.twice", path))
		default:
			v.tell(w, v.words.Say("verify.extra", path))
		}
	}
	v.events = events
	return nil
}

// pair gives inputs that have no file yet the first file left that fits.
func (v *auditing) pair(said []compliance.Input, given []int, taken []bool, fits func(input, file int) bool) {
	for i := range said {
		for k := range taken {
			if given[i] < 0 && !taken[k] && fits(i, k) {
				given[i], taken[k] = k, true
			}
		}
	}
}

// remembered says which deliveries of a store are not those of the report.
func (v *auditing) remembered(w world, inputs []snapshot.File) {
	if v.storePath == "" || v.paper.Form == formatCSV {
		return
	}
	before := len(v.changed)
	said := v.paper.Stamp.Inputs
	for i := range max(len(said), len(inputs)) {
		switch {
		case i >= len(inputs):
			v.changed = append(v.changed, v.words.Say("verify.missing", said[i].Path, said[i].SHA256))
		case i >= len(said):
			v.changed = append(v.changed, v.words.Say("verify.since", inputs[i].Path))
		case said[i].SHA256 != inputs[i].SHA256:
			v.changed = append(v.changed, v.words.Say("verify.changed", said[i].Path, inputs[i].Path, said[i].SHA256, cmp.Or(inputs[i].SHA256, v.words.Say("verify.nothing"))))
		}
	}
	v.tell(w, v.changed[before:]...)
}

// digestsOf gives the digests of files.
func digestsOf(paths []string) ([]string, error) {
	var list []string
	for _, path := range paths {
		digest, err := digestOf(path)
		if err != nil {
			return nil, err
		}
		list = append(list, digest)
	}
	return list, nil
}

func digestOf(path string) (digest string, failed error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the inputs: %w", err)
	}
	defer func() { failed = errors.Join(failed, file.Close()) }()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
