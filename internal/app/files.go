package app

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/source/folder"
)

// files is the feed of configured files.
type files struct {
	config   *Config
	policy   *policy.Policy
	ledger   *policy.Ledger
	mapping  *ingest.Mapping // of the base; nil: none
	read     reader
	base     *source
	sources  []*source
	readBase baseReader
	world    *world // the last good one; nil before it
	wait     string // why a change of files waits; empty: none does

	refused   []folder.File // of the base, that made none
	refusedAt time.Time
}

// newFiles reads what does not change but by a reload: policy, ledger and
// mappings.
func newFiles(c *Config, read reader, readBase baseReader) (*files, error) {
	p, err := c.LoadPolicy()
	if err != nil {
		return nil, err
	}
	f := &files{config: c, policy: p, read: read, readBase: readBase, base: newSource(SourceConfig{Name: baseName, Files: c.Base}, c.Quiet)}
	if f.mapping, err = f.loadMapping(c.Mapping); err != nil {
		return nil, err
	}
	if c.Ledger != "" {
		data, err := os.ReadFile(c.Ledger)
		if err != nil {
			return nil, fmt.Errorf("read ledger: %w", err)
		}
		if f.ledger, err = policy.ParseLedger(c.Ledger, data, p); err != nil {
			return nil, err
		}
	}
	for _, sc := range c.Sources {
		s := newSource(sc, c.Quiet)
		if s.mapping = f.mapping; sc.Mapping != "" {
			if s.mapping, err = f.loadMapping(sc.Mapping); err != nil {
				return nil, err
			}
		}
		f.sources = append(f.sources, s)
	}
	return f, nil
}

func (f *files) loadMapping(path string) (*ingest.Mapping, error) {
	if path == "" {
		return nil, nil
	}
	m, err := ingest.LoadMapping(path)
	if err != nil {
		return nil, err
	}
	return m, m.CheckAreas(f.policy.Names())
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
	v.base = f.base.look(now, f.config.Timeout)
	again = v.base.Again
	for _, s := range f.sources {
		look := s.look(now, f.config.Timeout)
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
			f.failed(s, c.File, err, now)
			continue
		}
		delete(s.bad, c.Path)
		s.loaded, s.latest = append(s.loaded, c.File), max(s.latest, latest)
	}
}

// failed notes a file that could not be read; one that changed meanwhile is
// looked at again.
func (f *files) failed(s *source, file folder.File, err error, now time.Time) {
	if !errors.Is(err, errChanging) {
		s.isBad(file, err, now)
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
	return ingest.Options{Mapping: s.mapping, Names: f.policy.Names(), Zone: f.policy.Zone, Source: s.Name, Covers: s.covers(file)}
}

// take reads a file into a world and gives the latest start of its rows.
func (f *files) take(w *world, s *source, file folder.File) (latest int64, err error) {
	begun := time.Now()
	latest, err = readInto(w.engine, f.read, file.Path, f.options(s, file), f.config.Timeout, func() error { return unchanged(file) })
	if err != nil {
		return 0, err
	}
	s.duration = time.Since(begun)
	s.count(w, len(w.engine.Deliveries())-1)
	return latest, nil
}

// count adds what became of the rows of a delivery.
func (s *source) count(w *world, delivery int) {
	c := w.engine.Counts(delivery)
	s.rows[metrics.Rows{Outcome: engine.Rejected.String()}] += 0 // so that there is a number where none was
	for outcome, n := range map[engine.Outcome]int{
		engine.Accepted: c.Accepted, engine.Duplicate: c.Duplicate, engine.Superseded: c.Superseded, engine.Cancelled: c.Cancelled,
		engine.Skipped: c.Skipped, engine.Excluded: c.Excluded,
	} {
		s.rows[metrics.Rows{Outcome: outcome.String()}] += int64(n)
	}
	for reason, n := range w.engine.RejectedReasons(delivery) {
		s.rows[metrics.Rows{Outcome: engine.Rejected.String(), Reason: string(reason)}] += int64(n)
	}
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
			f.failed(s, c.File, err, now)
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
	var rows []outage.Customers
	var digests []string
	var notes []outage.Note
	for _, file := range list {
		more, d, err := readBase(f.readBase, file.Path, ingest.Options{Mapping: f.mapping, Names: f.policy.Names(), Zone: f.policy.Zone}, f.config.Timeout)
		if err == nil {
			err = unchanged(file)
		}
		if err == nil && len(more) == 0 {
			err = fmt.Errorf("%s: the base has no rows", file.Path)
		}
		if err != nil {
			f.failed(f.base, file, err, now)
			f.refused, f.refusedAt = list, now
			return nil, err
		}
		delete(f.base.bad, file.Path)
		rows, digests = append(rows, more...), append(digests, d.SHA256)
		for _, n := range d.Warnings {
			n.Path = file.Path
			notes = append(notes, n)
		}
	}
	w, err := newWorld(f.policy, rows, f.config.StaleAfter)
	if err != nil {
		for _, file := range list { // any of them may be the one to mend
			f.base.isBad(file, err, now)
		}
		f.refused, f.refusedAt = list, now
		return nil, err
	}
	w.ledger, w.base, w.worst = f.ledger, snapshot.DigestOfBase(digests), f.config.Worst
	if f.mapping != nil {
		w.mapping = f.mapping.SHA256
	}
	w.notes = append(notes, w.notes...)
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
