package folder

import (
	"slices"
	"time"
)

// DefaultQuiet is how long a file should have stayed as it is before it is read.
const DefaultQuiet = 2 * time.Second

// A Folder is some places and what was last seen there. It is for one goroutine
// at a time.
type Folder struct {
	Places []string
	Quiet  time.Duration // for which a file must have stayed as it is; zero: it is read at once

	seen map[string]sight
}

// A sight is a file and since when it has been as it is.
type sight struct {
	File
	since time.Time
}

// A Look is what was found at one time.
type Look struct {
	Files  []File // that are whole, in the order of [Compare]
	Faults []Fault
	// Writing are the files that changed a moment ago and may still be written.
	Writing []string
	// Again is after which time the first of them may be whole; zero if there are
	// none.
	Again time.Duration
}

// Look lists the files at the places at the instant now. A file that changed less
// than Quiet ago is left for the next look. One that the last look knew as it was
// before counts as writing, too, so the caller keeps what it has of it.
func (f *Folder) Look(now time.Time) *Look {
	look, seen := &Look{}, map[string]sight{}
	for _, place := range f.Places {
		files, faults := list(place)
		look.Faults = append(look.Faults, faults...)
		for _, file := range files {
			if _, twice := seen[file.Path]; twice {
				continue
			}
			s, known := f.seen[file.Path]
			if !known || !s.Same(file) {
				s = sight{file, now}
				if file.Modified.Before(now) {
					s.since = file.Modified
				}
			}
			seen[file.Path] = s
			if rest := f.Quiet - now.Sub(s.since); rest > 0 {
				look.Writing = append(look.Writing, file.Path)
				if look.Again == 0 || rest < look.Again {
					look.Again = rest
				}
				continue
			}
			look.Files = append(look.Files, file)
		}
	}
	f.seen = seen
	slices.SortFunc(look.Files, Compare)
	return look
}
