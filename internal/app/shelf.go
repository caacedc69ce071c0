package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/saidi-exporter/saidi/source/folder"
	"github.com/saidi-exporter/saidi/store"
)

// A shelf tells a store of files: each once, and again when it has changed, in
// place of what it held before. Files that go away stay remembered. It runs in a
// goroutine of its own, so that a file system that hangs holds up nothing else.
type shelf struct {
	*rules
	store    store.Keeper
	bases    *bases
	read     reader
	readBase baseReader
	now      func() time.Time
	base     *source // nil where no files are named
	sources  []*source
	stamps   map[string]map[string]string // how each file was when it was taken in, by source and path

	mu    sync.Mutex
	shown map[string]condition // by source
}

// newShelf makes a shelf of the files of a configuration.
func newShelf(r *rules, st store.Keeper, b *bases, read reader, readBase baseReader) *shelf {
	s := &shelf{rules: r, store: st, bases: b, read: read, readBase: readBase, now: time.Now, stamps: map[string]map[string]string{}, shown: map[string]condition{}}
	if len(r.config.Base) > 0 {
		s.base = newSource(SourceConfig{Name: baseName, Files: r.config.Base}, r.config.Quiet)
		s.base.mapping = r.mapping
	}
	for i, c := range r.config.Sources {
		if c.Files != nil {
			o := newSource(c, r.config.Quiet)
			o.mapping = r.mappings[i]
			s.sources = append(s.sources, o)
		}
	}
	s.show()
	return s
}

// all lists base and sources.
func (s *shelf) all() []*source {
	if s.base == nil {
		return s.sources
	}
	return append([]*source{s.base}, s.sources...)
}

// places lists everything that is followed.
func (s *shelf) places() (list []string) {
	for _, o := range s.all() {
		list = append(list, o.Files...)
	}
	return list
}

// run looks at the places until ctx is done, whenever wake says so or enough time
// has passed.
func (s *shelf) run(ctx context.Context, wake <-chan struct{}) {
	for ctx.Err() == nil {
		again := s.pass(ctx)
		select {
		case <-ctx.Done():
		case <-wake:
			select {
			case <-time.After(settleDown):
			case <-ctx.Done():
			}
		case <-time.After(again):
		}
	}
}

// pass looks at all places once and takes in what is new; again is when to look
// next.
func (s *shelf) pass(ctx context.Context) (again time.Duration) {
	again = s.config.Rescan
	defer s.show()
	if s.base != nil {
		again = sooner(again, s.passBase(ctx))
	}
	now := s.now()
	var all []candidate
	for i := range s.sources {
		list, next := s.lookAt(ctx, i, now)
		all, again = append(all, list...), sooner(again, next)
	}
	slices.SortFunc(all, compareCandidates)
	for _, c := range all {
		if ctx.Err() != nil {
			return again
		}
		o := s.sources[c.source]
		switch err := s.take(ctx, o, c.File); {
		case err == nil:
			delete(o.bad, c.Path)
			s.show()
		case ctx.Err() != nil:
			return again
		case errors.Is(err, errStore):
			o.faults = append(slices.Clone(o.faults), folder.Fault{Place: c.Path, Err: err})
		default:
			o.failed(c.File, err, now)
		}
	}
	for _, o := range s.sources {
		if o.up() {
			o.lastSuccess = now
		}
	}
	return again
}

// lookAt looks at the places of a source and lists the files that are to be taken
// in.
func (s *shelf) lookAt(ctx context.Context, number int, now time.Time) (list []candidate, again time.Duration) {
	o := s.sources[number]
	look := o.look(ctx, now, s.config.Timeout)
	o.forgetBad(look)
	o.writing = look.Writing
	for _, f := range look.Files {
		known, err := s.remembers(ctx, o, f)
		if err != nil {
			o.faults = append(slices.Clone(o.faults), folder.Fault{Place: o.Files[0], Err: err})
			return nil, look.Again
		}
		if known {
			delete(o.bad, f.Path)
		} else if o.worthReading(f, now) {
			list = append(list, candidate{number, f})
		}
	}
	if len(look.Files)+len(look.Writing)+len(look.Faults) == 0 && len(o.loaded) == 0 && (o.Covers.Seconds() > 0 || o.EachCovers > 0) {
		o.faults = append(slices.Clone(o.faults), folder.Fault{Place: o.Files[0], Err: errNone})
	}
	return list, look.Again
}

// sooner is the shorter of two times, of which the second may be zero: unknown.
func sooner(a, b time.Duration) time.Duration {
	if b > 0 && b < a {
		return b
	}
	return a
}

// stamp is how a file is, how it is read and what it is declared to hold: while it
// stays the same there is nothing new in it.
func (s *source) stamp(f folder.File) string {
	return fmt.Sprintf("%d %d %.16s %d..%d %s %v", f.Size, f.Modified.UnixNano(), digest(s.mapping), s.Covers.From, s.Covers.To, short(s.EachCovers), s.Areas)
}

// remembers says whether the store holds a file as it is.
func (s *shelf) remembers(ctx context.Context, o *source, f folder.File) (bool, error) {
	known := s.stamps[o.Name]
	if known == nil {
		files, err := s.store.Remembered(ctx, o.Name)
		if err != nil {
			return false, fmt.Errorf("%w: %w", errStore, err)
		}
		known = map[string]string{}
		for _, file := range files {
			known[file.Name] = file.Position
			if !file.Withdrawn {
				o.loaded = append(o.loaded, folder.File{Path: file.Name})
			}
		}
		s.stamps[o.Name] = known
	}
	return known[f.Path] == o.stamp(f), nil
}

// take tells the store of a file.
func (s *shelf) take(ctx context.Context, o *source, file folder.File) error {
	begun := time.Now()
	opts := s.reading(o.Name, o.mapping)
	opts.Covers = o.covers(file)
	in := &intake{parcel: s.store.Begin()}
	defer in.parcel.Discard()
	var err error
	if in.delivery, _, err = readEvents(ctx, s.read, file.Path, opts, s.config.Timeout, in.add); err == nil {
		err = unchanged(file)
	}
	if err != nil {
		return err
	}
	head := in.head(store.Stream{Kind: store.Events, Source: o.Name, Channel: store.File, Name: file.Path, Mapping: digest(o.mapping)})
	head.Position, head.Replace = o.stamp(file), true
	if _, err := put(ctx, s.store, []store.Told{{Head: head, Parcel: in.parcel}}); err != nil {
		return err
	}
	s.stamps[o.Name][file.Path] = head.Position
	if !slices.ContainsFunc(o.loaded, func(f folder.File) bool { return f.Path == file.Path }) {
		o.loaded = append(o.loaded, file)
	}
	o.duration = time.Since(begun)
	return nil
}

// passBase looks at the files of the base, which count together or not at all.
func (s *shelf) passBase(ctx context.Context) (again time.Duration) {
	now, o := s.now(), s.base
	look := o.look(ctx, now, s.config.Timeout)
	o.forgetBad(look)
	o.writing = look.Writing
	if len(look.Faults) > 0 || len(look.Writing) > 0 {
		return look.Again
	}
	if len(look.Files) == 0 {
		o.faults = append(slices.Clone(o.faults), folder.Fault{Place: o.Files[0], Err: errNone})
		return look.Again
	}
	position := s.baseStamp(look.Files)
	if known, err := s.store.Remembered(ctx, baseName); err == nil && slices.ContainsFunc(known, func(f store.Remembrance) bool { return f.Name == baseName && f.Position == position }) {
		o.loaded, o.lastSuccess = look.Files, now
		clear(o.bad)
		return look.Again
	}
	for _, f := range look.Files {
		if !o.worthReading(f, now) {
			return look.Again
		}
	}
	if err := s.takeBase(ctx, look.Files, position, now); err == nil {
		o.loaded, o.lastSuccess = look.Files, now
	}
	return look.Again
}

// baseStamp is how the files of the base are and how they are read.
func (s *shelf) baseStamp(list []folder.File) string {
	var all []byte
	for _, f := range list {
		all = fmt.Appendf(all, "%q %s\n", f.Path, s.base.stamp(f))
	}
	return digestOf(all)
}

// digestOf is the SHA-256 of some bytes in hexadecimal.
func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// takeBase tells the store of the files of the base.
func (s *shelf) takeBase(ctx context.Context, list []folder.File, position string, now time.Time) error {
	begun := time.Now()
	b, err := s.baseOf(ctx, s.base, list, s.readBase, now)
	if err != nil {
		return err
	}
	head := store.Head{
		Stream: store.Stream{Kind: store.Base, Source: baseName, Channel: store.File, Name: baseName, Mapping: digest(s.mapping)},
		SHA256: b.digest(), Rows: len(b.rows) + b.skipped, Skipped: b.skipped, Position: position, Replace: true,
		Warnings: inEnglish(b.notes),
	}
	_, err = s.bases.put(ctx, head, b.rows)
	switch {
	case errors.Is(err, errStore):
		s.base.faults = append(slices.Clone(s.base.faults), folder.Fault{Place: list[0].Path, Err: err})
	case err != nil:
		for _, file := range list { // any of them may be the one to mend
			s.base.isBad(file, err, now)
		}
	}
	s.base.duration = time.Since(begun)
	return err
}

// show lets others see how the sources are doing.
func (s *shelf) show() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.all() {
		c := o.condition()
		c.rows = nil // counted where they come to count
		s.shown[o.Name] = c
	}
}

// condition is how a source is doing.
func (s *shelf) condition(name string) condition {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown[name]
}
