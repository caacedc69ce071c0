package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/source/folder"
)

// files is the feed of configured files, which are all the memory that there is.
type files struct {
	*rules
	read     reader
	base     *source
	sources  []*source
	readBase baseReader
	world    *world // the last good one; nil before it
	wait     string // why a change of files waits; empty: none does

	refused   []folder.File // of the base, that made none
	refusedAt time.Time
}

func newFiles(c *Config, read reader, readBase baseReader) (*files, error) {
	r, err := loadRules(c)
	if err != nil {
		return nil, err
	}
	f := &files{rules: r, read: read, readBase: readBase, base: newSource(SourceConfig{Name: baseName, Files: c.Base}, c.Quiet)}
	for i, sc := range c.Sources {
		s := newSource(sc, c.Quiet)
		s.mapping = r.mappings[i]
		f.sources = append(f.sources, s)
	}
	return f, nil
}

// places lists everything that is followed.
func (f *files) places() []string {
	all := slices.Clone(f.config.Base)
	for _, s := range f.config.Sources {
		all = append(all, s.Files...)
	}
	return all
}

// A view is what one look at all places found.
type view struct {
	base  *folder.Look
	looks []*folder.Look // by source
}

// look looks at all places.
func (f *files) look(now time.Time) (v view, again time.Duration) {
	v.base = f.base.look(context.Background(), now, f.config.Timeout)
	again = v.base.Again
	for _, s := range f.sources {
		look := s.look(context.Background(), now, f.config.Timeout)
		v.looks = append(v.looks, look)
		if again == 0 || look.Again > 0 && look.Again < again {
			again = look.Again
		}
	}
	return v, again
}

// update looks at all places, takes in what changed, and gives the world, which
// is nil as long as there is no base. again is when a file that is being written
// now may be whole; zero if there is none.
func (f *files) update(now time.Time) (w *world, again time.Duration) {
	if len(f.config.Base) == 0 {
		return nil, 0
	}
	v, again := f.look(now)
	f.base.compare(v.base, 0, candidate{}, now)
	last := f.last()
	rebuild := f.world == nil || !slices.EqualFunc(v.base.Files, f.base.loaded, folder.File.Same)
	var added []candidate
	for i, s := range f.sources {
		c := s.compare(v.looks[i], i, last, now)
		for _, file := range c.added {
			added = append(added, candidate{i, file})
		}
		rebuild = rebuild || c.rebuilt
	}
	f.wait = ""
	if rebuild {
		f.rebuild(v, now)
	}
	if f.world == nil {
		return nil, again
	}
	f.add(added, now)
	for _, s := range f.all() {
		if s.up() {
			s.lastSuccess = now
		}
	}
	return f.world, again
}

// all lists the base and the sources.
func (f *files) all() []*source { return append([]*source{f.base}, f.sources...) }

// A candidate is a file of a source, which is given by its place in the list.
type candidate struct {
	source int
	folder.File
}

// before says whether c is taken in before d: in the order in which files were
// written, whichever source they are of, as sources may tell of the same events.
func (c candidate) before(d candidate) bool { return compareCandidates(c, d) < 0 }

func compareCandidates(c, d candidate) int {
	return cmp.Or(folder.Compare(c.File, d.File), cmp.Compare(c.source, d.source))
}

// last is the file that was taken in last; empty if there is none.
func (f *files) last() (last candidate) {
	for i, s := range f.sources {
		if n := len(s.loaded); n > 0 {
			if c := (candidate{i, s.loaded[n-1]}); last.Path == "" || last.before(c) {
				last = c
			}
		}
	}
	return last
}

// add takes in files behind those that count.
func (f *files) add(added []candidate, now time.Time) {
	slices.SortFunc(added, compareCandidates)
	for _, c := range added {
		s := f.sources[c.source]
		if slices.ContainsFunc(s.loaded, c.Same) || !s.worthReading(c.File, now) { // a world made anew has it, or could not read it
			continue
		}
		latest, err := f.take(f.world, s, c.File)
		if err != nil {
			s.failed(c.File, err, now)
			continue
		}
		delete(s.bad, c.Path)
		s.loaded, s.latest = append(s.loaded, c.File), max(s.latest, latest)
	}
}

// errChanging says that a file changed while it was read.
var errChanging = errors.New("the file changed while it was read")

// unchanged is an error if a file is not as it was seen.
func unchanged(file folder.File) error {
	info, err := os.Stat(file.Path)
	if err != nil || info.Size() != file.Size || !info.ModTime().Equal(file.Modified) {
		return errChanging
	}
	return nil
}

// options says how a file of a source is read.
func (f *files) options(s *source, file folder.File) ingest.Options {
	o := f.reading(s.Name, s.mapping)
	o.Covers = s.covers(file)
	return o
}

// take reads a file into a world and gives the latest start of its rows.
func (f *files) take(w *world, s *source, file folder.File) (latest int64, err error) {
	begun := time.Now()
	latest, err = readInto(w.engine, f.read, file.Path, f.options(s, file), f.config.Timeout, func() error { return unchanged(file) })
	if err != nil {
		return 0, err
	}
	w.senders = append(w.senders, s.Name)
	s.duration = time.Since(begun)
	s.rows.add(w.engine.Counts(len(w.senders)-1), w.engine.RejectedReasons(len(w.senders)-1))
	return latest, nil
}

// rebuild makes the world anew from the files as they are. It takes the place of
// the last one only if nothing that counts is lost: a file that counts and cannot
// be read as it is now keeps the last one in force.
func (f *files) rebuild(v view, now time.Time) {
	if f.wait = f.waitsFor(v, now); f.wait != "" {
		return
	}
	w, loaded, latest := f.build(v, now)
	if w == nil {
		return
	}
	f.world = w
	for i, s := range f.sources {
		s.loaded, s.latest = loaded[i], latest[i]
	}
	f.base.loaded = v.base.Files
}

// waitsFor says which file cannot be read now, so that a world made anew would
// lack it; empty if there is none.
func (f *files) waitsFor(v view, now time.Time) string {
	if path := f.baseLacks(v.base, now); path != "" {
		return fmt.Sprintf("changed files wait until the customer base can be read: %s", path)
	}
	if f.world == nil {
		return ""
	}
	for i, s := range f.sources {
		for _, file := range s.loaded {
			if s.lacks(v.looks[i], file, now) {
				return fmt.Sprintf("other changed files wait until %s can be read", file.Path)
			}
		}
	}
	return ""
}

// baseLacks names a file or place of the base that cannot be read now; empty if
// the base may be whole.
func (f *files) baseLacks(look *folder.Look, now time.Time) string {
	for _, file := range f.base.loaded {
		if slices.Contains(f.base.absent, file.Path) || slices.Contains(look.Writing, file.Path) {
			return file.Path
		}
	}
	switch {
	case f.world == nil && len(look.Faults) > 0:
		return look.Faults[0].Place
	case f.world == nil && len(look.Writing) > 0:
		return look.Writing[0]
	case len(look.Files) == 0 || f.isRefused(look.Files, now):
		return f.config.Base[0]
	}
	return ""
}

// isRefused says whether the files of a base, which count together or not at all,
// are those that made none the last time, so that it is of no use to try again.
func (f *files) isRefused(list []folder.File, now time.Time) bool {
	for _, b := range f.base.bad {
		if b.hang != nil {
			return !b.hang.over()
		}
	}
	return slices.EqualFunc(list, f.refused, folder.File.Same) && now.Sub(f.refusedAt) < retryAfter
}

// build reads base and events into a new world, and gives for each source the
// files that are in it and the latest start; no world if one that counts cannot
// be read.
func (f *files) build(v view, now time.Time) (w *world, loaded [][]folder.File, latest []int64) {
	w, err := f.newWorld(v.base.Files, now)
	if err != nil {
		return nil, nil, nil
	}
	var all []candidate
	for i, s := range f.sources {
		for _, file := range v.looks[i].Files {
			if s.worthReading(file, now) {
				all = append(all, candidate{i, file})
			}
		}
	}
	slices.SortFunc(all, compareCandidates)
	loaded, latest = make([][]folder.File, len(f.sources)), make([]int64, len(f.sources))
	for _, c := range all {
		s := f.sources[c.source]
		start, err := f.take(w, s, c.File)
		if err != nil {
			s.failed(c.File, err, now)
			if slices.ContainsFunc(s.loaded, func(g folder.File) bool { return g.Path == c.Path }) {
				return nil, nil, nil
			}
			continue
		}
		delete(s.bad, c.Path)
		loaded[c.source], latest[c.source] = append(loaded[c.source], c.File), max(latest[c.source], start)
	}
	return w, loaded, latest
}

// newWorld reads the base.
func (f *files) newWorld(list []folder.File, now time.Time) (*world, error) {
	begun := time.Now()
	b, err := f.baseOf(context.Background(), f.base, list, f.readBase, now)
	if err != nil {
		f.refused, f.refusedAt = list, now
		return nil, err
	}
	w, err := f.rules.newWorld(b.rows, b.digest(), b.notes)
	if err != nil {
		for _, file := range list { // any of them may be the one to mend
			f.base.isBad(file, err, now)
		}
		f.refused, f.refusedAt = list, now
		return nil, err
	}
	f.base.duration = time.Since(begun)
	return w, nil
}

// errs lists what is wrong with the places and files.
func (f *files) errs() []error {
	var all []error
	for _, s := range f.all() {
		for _, p := range s.problems() {
			all = append(all, fmt.Errorf("%s: %w", p.place, p.err))
		}
	}
	if f.wait != "" {
		all = append(all, errorText(f.wait))
	}
	return all
}

// lost says which file that counts in f would not count in g, although it is one
// of its places, because it cannot be read; nil if there is none. A file that is
// gone, from a place that can be read, is not lost: a reload takes its rows away.
func (f *files) lost(g *files) error {
	for _, s := range f.sources {
		for _, file := range s.loaded {
			for _, o := range g.sources {
				if err := o.keepsOut(file.Path); err != nil {
					return fmt.Errorf("%s counts and cannot be read now: %w", file.Path, err)
				}
			}
		}
	}
	return nil
}

// inherit takes over from the feed before what counts since the start.
func (f *files) inherit(before *files) {
	for _, s := range f.all() {
		for _, o := range before.all() {
			if o.Name == s.Name {
				for key, n := range o.rows {
					s.rows[key] += n
				}
			}
		}
	}
}
