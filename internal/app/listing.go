package app

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/policy"
)

// A Listing is what a configuration names, as it is there now.
type Listing struct {
	Policy  *policy.Policy
	Mapping *ingest.Mapping // of the base; nil: none
	Base    []string
	Events  []EventFile // in the order in which they are taken in
}

// An EventFile is a file of a source and how it is read.
type EventFile struct {
	Path    string
	Options ingest.Options
}

// List reads policy, ledger and mappings, and lists the files of the base and of
// all sources, those that are being written too. The error joins everything that
// is wrong with the places.
func (c *Config) List(now time.Time) (*Listing, error) {
	whole := *c
	whole.Quiet = 0
	f, err := newFiles(&whole, ingest.EventsFile, ingest.BaseFile)
	if err != nil {
		return nil, err
	}
	v, _ := f.look(now)
	var wrong []error
	for _, s := range f.all() {
		for _, fault := range s.faults {
			wrong = append(wrong, fmt.Errorf("%s: %s: %w", s.Name, fault.Place, fault.Err))
		}
	}
	l := &Listing{Policy: f.policy, Mapping: f.mapping}
	for _, file := range v.base.Files {
		l.Base = append(l.Base, file.Path)
	}
	var all []candidate
	for i, look := range v.looks {
		for _, file := range look.Files {
			all = append(all, candidate{i, file})
		}
	}
	slices.SortFunc(all, compareCandidates)
	for _, file := range all {
		l.Events = append(l.Events, EventFile{file.Path, f.options(f.sources[file.source], file.File)})
	}
	return l, errors.Join(wrong...)
}
