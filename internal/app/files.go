package app

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/source/folder"
)

// files is the feed of configured files.
type files struct {
	config  *Config
	policy  *policy.Policy
	ledger  *policy.Ledger
	mapping *ingest.Mapping // of the base; nil: none
	read    reader

	base    *source
	sources []*source
	world   *world // the last good one; nil before it
	wait    string // why a change of files waits; empty: none does
}

// newFiles reads what does not change but by a reload: policy, ledger and
// mappings.
func newFiles(c *Config, read reader) (*files, error) {
	p, err := c.LoadPolicy()
	if err != nil {
		return nil, err
	}
	f := &files{config: c, policy: p, read: read, base: newSource(SourceConfig{Name: baseName, Files: c.Base}, c.Quiet)}
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

// update looks at all places, takes in what changed, and gives the world, which
// is nil as long as there is no base. again is when a file that is being written
// now may be whole; zero if there is none.
func (f *files) update(now time.Time) (w *world, again time.Duration) {
	if len(f.config.Base) == 0 {
		return nil, 0
	}
	look := f.base.look(now, f.config.Timeout)
	again = look.Again
	if f.world == nil && (len(look.Files) == 0 || len(look.Writing) > 0 || len(look.Faults) > 0) {
		return nil, again
	}
	base := f.base.compare(look, now)
	rebuild := f.world == nil || base.rebuilt || len(base.added) > 0
	looks, added := make([]*folder.Look, len(f.sources)), make([][]folder.File, len(f.sources))
	for i, s := range f.sources {
		looks[i] = s.look(now, f.config.Timeout)
		again = max(again, looks[i].Again)
		c := s.compare(looks[i], now)
		added[i] = c.added
		rebuild = rebuild || c.rebuilt
	}
	f.wait = ""
	if rebuild {
		f.rebuild(look, looks, now)
	}
	if f.world != nil {
		for i, s := range f.sources {
			f.add(s, added[i], now)
		}
	}
	for _, s := range append([]*source{f.base}, f.sources...) {
		if s.up() {
			s.lastSuccess = now
		}
	}
	return f.world, again
}

// add takes in files behind those that count.
func (f *files) add(s *source, added []folder.File, now time.Time) {
	for _, file := range added {
		if slices.ContainsFunc(s.loaded, file.Same) { // a world made anew has it already
			continue
		}
		if err := f.take(f.world, s, file); err != nil {
			f.failed(s, file, err, now)
			continue
		}
		delete(s.bad, file.Path)
		s.loaded = append(s.loaded, file)
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

// take reads a file into a world.
func (f *files) take(w *world, s *source, file folder.File) error {
	begun := time.Now()
	opts := ingest.Options{Mapping: s.mapping, Names: w.policy.Names(), Zone: w.policy.Zone, Source: s.Name, Covers: s.covers(file)}
	latest, err := readInto(w.engine, f.read, file.Path, opts, f.config.Timeout, func(*outage.Delivery) error {
		info, err := os.Stat(file.Path)
		if err != nil || info.Size() != file.Size || !info.ModTime().Equal(file.Modified) {
			return errChanging
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.latest, s.duration = max(s.latest, latest), time.Since(begun)
	s.count(w, len(w.engine.Deliveries())-1)
	return nil
}

// count adds what became of the rows of a delivery.
func (s *source) count(w *world, delivery int) {
	c := w.engine.Counts(delivery)
	for outcome, n := range map[string]int{
		"accepted": c.Accepted, "duplicate": c.Duplicate, "superseded": c.Superseded, "cancelled": c.Cancelled, "skipped": c.Skipped, "excluded": c.Excluded,
	} {
		s.rows[metrics.Rows{Outcome: outcome}] += int64(n)
	}
	for reason, n := range w.engine.RejectedReasons(delivery) {
		s.rows[metrics.Rows{Outcome: "rejected", Reason: string(reason)}] += int64(n)
	}
}

// rebuild makes the world anew from the files as they are. It takes the place of
// the last one only if nothing that counts is lost: a file that counts and cannot
// be read as it is now keeps the last one in force.
func (f *files) rebuild(base *folder.Look, looks []*folder.Look, now time.Time) {
	if f.wait = f.waitsFor(looks); f.wait != "" {
		return
	}
	w, loaded, err := f.build(base, looks, now)
	if err != nil {
		return
	}
	f.world = w
	for i, s := range f.sources {
		s.loaded = loaded[i]
	}
	f.base.loaded = base.Files
}

// waitsFor says which file of those that count cannot be read now, so that a
// world made anew would lack it; empty if there is none.
func (f *files) waitsFor(looks []*folder.Look) string {
	if f.world == nil {
		return ""
	}
	for i, s := range f.sources {
		for _, file := range s.loaded {
			if s.bad[file.Path] != nil || slices.Contains(s.absent, file.Path) || slices.Contains(looks[i].Writing, file.Path) {
				return fmt.Sprintf("other changed files wait until %s can be read", file.Path)
			}
		}
	}
	return ""
}

// errKept says that the last world stays in force.
var errKept = errors.New("the last good snapshot stays")

// build reads base and events into a new world.
func (f *files) build(base *folder.Look, looks []*folder.Look, now time.Time) (*world, [][]folder.File, error) {
	w, err := f.newWorld(base.Files, now)
	if err != nil {
		return nil, nil, err
	}
	loaded := make([][]folder.File, len(f.sources))
	for i, s := range f.sources {
		for _, file := range looks[i].Files {
			if !s.worthReading(file, now) {
				continue
			}
			if err := f.take(w, s, file); err != nil {
				f.failed(s, file, err, now)
				if slices.ContainsFunc(s.loaded, func(g folder.File) bool { return g.Path == file.Path }) {
					return nil, nil, errKept
				}
				continue
			}
			delete(s.bad, file.Path)
			loaded[i] = append(loaded[i], file)
		}
	}
	return w, loaded, nil
}

// newWorld reads the base.
func (f *files) newWorld(list []folder.File, now time.Time) (*world, error) {
	begun := time.Now()
	var rows []outage.Customers
	var digests []string
	var notes []outage.Note
	for _, file := range list {
		more, d, err := ingest.BaseFile(file.Path, ingest.Options{Mapping: f.mapping, Names: f.policy.Names(), Zone: f.policy.Zone})
		if err == nil && len(more) == 0 {
			err = fmt.Errorf("%s: the base has no rows", file.Path)
		}
		if err != nil {
			f.base.isBad(file, err, now)
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
		f.base.isBad(list[0], err, now)
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
	for _, s := range append([]*source{f.base}, f.sources...) {
		for _, p := range s.problems() {
			all = append(all, fmt.Errorf("%s: %w", p.place, p.err))
		}
	}
	return all
}

// lost names a file that counts in f, is still there, and does not count in g
// because it cannot be read; empty if there is none.
func (f *files) lost(g *files) string {
	for _, s := range f.sources {
		for _, file := range s.loaded {
			for _, o := range g.sources {
				if o.bad[file.Path] != nil {
					return file.Path
				}
			}
		}
	}
	return ""
}

// inherit takes over from the feed before what counts since the start.
func (f *files) inherit(before *files) {
	for _, s := range append([]*source{f.base}, f.sources...) {
		for _, o := range append([]*source{before.base}, before.sources...) {
			if o.Name == s.Name {
				for key, n := range o.rows {
					s.rows[key] += n
				}
			}
		}
	}
}
