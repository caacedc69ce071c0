package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/source/folder"
)

// baseName is the name under which the customer base stands among the sources.
const baseName = "base"

// retryAfter is when a file that cannot be read is tried again although it has
// not changed.
const retryAfter = 10 * time.Minute

// A source is the files of one sender, those that count and those that cannot.
type source struct {
	SourceConfig
	mapping *ingest.Mapping
	folder  *folder.Folder

	loaded  []folder.File          // that count, in the order in which they were taken
	bad     map[string]*unreadable // by path
	faults  []folder.Fault         // of places, as of the last look
	absent  []string               // files that count and are not there any more
	writing []string               // files that may not be whole yet
	hang    *hungError             // a look that has not come back

	lastSuccess time.Time
	duration    time.Duration
	latest      int64
	rows        tallyOfRows
}

// unreadable is a file that could not be read as it is.
type unreadable struct {
	folder.File
	err         error
	since, last time.Time
	hang        *hungError
}

func newSource(c SourceConfig, quiet time.Duration) *source {
	return &source{
		SourceConfig: c, folder: &folder.Folder{Places: c.Files, Quiet: quiet},
		bad: map[string]*unreadable{}, rows: tallyOfRows{},
	}
}

// look lists the files of the source. A file system that does not answer within
// the time-out is a fault, and not asked again until it does.
func (s *source) look(ctx context.Context, now time.Time, timeout time.Duration) *folder.Look {
	if s.hang != nil && !s.hang.over() {
		return s.keepAll(s.hang)
	}
	s.hang = nil
	done, ended := make(chan *folder.Look, 1), make(chan struct{})
	go func() {
		defer close(ended)
		done <- s.folder.Look(now)
	}()
	select {
	case look := <-done:
		s.faults = look.Faults
		return look
	case <-time.After(timeout):
		s.hang = &hungError{timeout, ended}
		return s.keepAll(s.hang)
	case <-ctx.Done():
		return s.keepAll(ctx.Err())
	}
}

// keepAll is a look that changes nothing but the fault.
func (s *source) keepAll(err error) *folder.Look {
	s.faults = nil
	for _, place := range s.Files {
		s.faults = append(s.faults, folder.Fault{Place: place, Err: err})
	}
	return &folder.Look{Files: s.loaded, Faults: s.faults}
}

// A change is what a look found to be different from what counts.
type change struct {
	added   []folder.File // to be taken behind the others
	rebuilt bool          // files changed, went, or came between others
}

// compare says what to do about a look; the source is the one of that number, and
// last is the file that was taken in last of all sources. Of files that could not
// be read as they are, and of files still being written, what counts goes on
// counting; so do files that are gone where their place cannot be read, or where
// all are gone at once, as when a disk is not there.
func (s *source) compare(look *folder.Look, number int, last candidate, now time.Time) change {
	var c change
	s.absent, s.writing = nil, look.Writing
	s.forgetBad(look)
	allGone := len(look.Files) == 0 && len(look.Writing) == 0 && len(s.loaded) > 0
	switch empty := len(look.Files)+len(look.Writing)+len(look.Faults) == 0; {
	case empty && allGone:
		s.faults = append(slices.Clone(s.faults), folder.Fault{Place: s.Files[0], Err: errAllGone})
	case empty && (s.Covers.Seconds() > 0 || s.EachCovers > 0):
		s.faults = append(slices.Clone(s.faults), folder.Fault{Place: s.Files[0], Err: errNone})
	}
	for _, f := range s.loaded {
		switch at := find(look.Files, f.Path); {
		case at >= 0 && look.Files[at].Same(f):
			delete(s.bad, f.Path) // it is again what counts
		case at >= 0:
			c.rebuilt = c.rebuilt || s.worthReading(look.Files[at], now)
		case slices.Contains(look.Writing, f.Path):
		case allGone || slices.ContainsFunc(look.Faults, func(fault folder.Fault) bool { return fault.Hides(f.Path) }):
			s.absent = append(s.absent, f.Path)
		default:
			c.rebuilt = true
		}
	}
	for _, f := range look.Files {
		switch {
		case find(s.loaded, f.Path) >= 0 || !s.worthReading(f, now):
		case last.Path != "" && compareCandidates(candidate{number, f}, last) < 0:
			c.rebuilt = true
		default:
			c.added = append(c.added, f)
		}
	}
	return c
}

// errNone is what is wrong with a source that has no files although it declares
// what they cover, as where a drive is not mounted.
var errNone = errors.New("there is no file")

// errAllGone is what is wrong with a source whose files all went at once.
var errAllGone = errors.New("all files are gone: those read before go on counting until a reload")

// find gives the place of a path in a list; −1 if it is not there.
func find(list []folder.File, path string) int {
	return slices.IndexFunc(list, func(f folder.File) bool { return f.Path == path })
}

// lacks says whether a file that counts cannot be read now, so that a world made
// anew would lack it.
func (s *source) lacks(look *folder.Look, file folder.File, now time.Time) bool {
	if slices.Contains(s.absent, file.Path) || slices.Contains(look.Writing, file.Path) {
		return true
	}
	at := find(look.Files, file.Path)
	return at >= 0 && !s.worthReading(look.Files[at], now)
}

// keepsOut says why a file does not count in the source although its places may
// hold it; nil if it counts, or is none of the source.
func (s *source) keepsOut(path string) error {
	if b := s.bad[path]; b != nil {
		return b.err
	}
	if slices.Contains(s.writing, path) {
		return errWriting
	}
	for _, f := range s.faults {
		if f.Hides(path) && !errors.Is(f.Err, errNone) { // its files were taken away
			return fmt.Errorf("%s: %w", f.Place, f.Err)
		}
	}
	return nil
}

// errWriting says that a file may not be whole yet.
var errWriting = errors.New("it is being written: try again when it is whole")

// forgetBad forgets faults of files that are not there any more; where a place
// cannot be read, that is not known of the files below it.
func (s *source) forgetBad(look *folder.Look) {
	for path := range s.bad {
		there := slices.Contains(look.Writing, path) || find(look.Files, path) >= 0
		if !there && !slices.ContainsFunc(look.Faults, func(f folder.Fault) bool { return f.Place != path && f.Hides(path) }) {
			delete(s.bad, path)
		}
	}
}

// worthReading says whether a file may be readable: it is not known to be bad, or
// has changed since, or does not hang any more, or enough time has passed.
func (s *source) worthReading(f folder.File, now time.Time) bool {
	b := s.bad[f.Path]
	if b == nil {
		return true
	}
	if b.hang != nil {
		return b.hang.over()
	}
	return !b.Same(f) || now.Sub(b.last) >= retryAfter
}

// isBad notes that a file could not be read.
func (s *source) isBad(f folder.File, err error, now time.Time) {
	b := &unreadable{File: f, err: err, since: now, last: now}
	if before := s.bad[f.Path]; before != nil {
		b.since = before.since
	}
	if hung, ok := errors.AsType[*hungError](err); ok {
		b.hang = hung
	}
	s.bad[f.Path] = b
}

// failed notes a file that could not be read; one that changed meanwhile is
// looked at again.
func (s *source) failed(f folder.File, err error, now time.Time) {
	if !errors.Is(err, errChanging) {
		s.isBad(f, err, now)
	}
}

// covers is what a file of the source is declared to hold whole.
func (s *source) covers(f folder.File) []outage.Covers {
	var all []outage.Covers
	if s.Covers.Seconds() > 0 {
		all = append(all, outage.Covers{Period: s.Covers, Areas: s.Areas})
	}
	if s.EachCovers > 0 {
		to := f.Modified.Unix()
		all = append(all, outage.Covers{Period: period.Period{From: to - int64(s.EachCovers/time.Second), To: to}, Areas: s.Areas})
	}
	return all
}

// up says whether everything of the source can be read.
func (s *source) up() bool { return len(s.faults)+len(s.bad) == 0 }

// problems lists what is wrong, in the order of the places.
func (s *source) problems() []problem {
	var all []problem
	for _, f := range s.faults {
		all = append(all, problem{source: s.Name, place: f.Place, err: f.Err})
	}
	for _, b := range s.bad {
		all = append(all, problem{source: s.Name, place: b.Path, err: b.err, since: b.since})
	}
	if len(s.absent) > 0 {
		all = append(all, problem{source: s.Name, place: s.absent[0], err: fmt.Errorf("gone, and goes on counting with all that is gone from its place: %d in all", len(s.absent))})
	}
	slices.SortFunc(all, func(a, b problem) int { return cmp.Compare(a.place, b.place) })
	return all
}

// A problem is a fault on its way to the page.
type problem struct {
	source, place string
	err           error
	since         time.Time // zero: since the last look that was in order
}

// condition is how the source is doing.
func (s *source) condition() condition {
	return condition{
		name: s.Name, places: s.Files, up: s.up(), problems: s.problems(), files: len(s.loaded),
		lastSuccess: s.lastSuccess, duration: s.duration, latest: s.latest, rows: s.rows,
	}
}
