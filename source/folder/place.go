package folder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A File is a file as it was seen.
type File struct {
	Path     string
	Size     int64
	Modified time.Time
}

// Same says whether f and g are the same bytes, as far as can be told without
// reading them.
func (f File) Same(g File) bool {
	return f.Path == g.Path && f.Size == g.Size && f.Modified.Equal(g.Modified)
}

// Compare orders files by the time at which they were last written, then by
// path: the later one has the later word.
func Compare(f, g File) int {
	return cmp.Or(f.Modified.Compare(g.Modified), cmp.Compare(f.Path, g.Path))
}

// A Fault is what is wrong with a place.
type Fault struct {
	Place string
	Err   error
}

// Hides says whether what is at a path cannot be seen because of the fault: it is
// at the place, below it, or what a pattern stands for.
func (f Fault) Hides(path string) bool {
	for at := filepath.Clean(path); ; at = filepath.Dir(at) {
		if matches, err := filepath.Match(f.Place, at); at == filepath.Clean(f.Place) || matches && err == nil {
			return true
		}
		if at == filepath.Dir(at) {
			return false
		}
	}
}

// What is at places that hold no bytes to read.
var (
	errOther   = errors.New("neither a file nor a folder: give files of events")
	errNowhere = errors.New("a link to nothing")
	errLinked  = errors.New("a link to a folder is not followed: give that folder by its own name")
)

// isPattern says whether a place is a pattern. What is there under the very name
// is none, whatever signs are in the name.
func isPattern(place string) bool {
	if !strings.ContainsAny(place, `*?[`) {
		return false
	}
	_, err := os.Lstat(place)
	return err != nil
}

// list finds the files at a place, which is a file, a folder, of which all files
// in it and in folders below it count, or a pattern of [filepath.Glob].
func list(place string) (files []File, faults []Fault) {
	if !isPattern(place) {
		return at(place)
	}
	matches, err := filepath.Glob(place)
	if err != nil {
		return nil, []Fault{{place, fmt.Errorf("pattern: %w", err)}}
	}
	if len(matches) == 0 {
		return nil, []Fault{{place, errors.New("nothing matches the pattern")}}
	}
	for _, m := range matches {
		if passing(filepath.Base(m)) {
			continue
		}
		if _, err := os.Lstat(m); err != nil {
			continue // gone since
		}
		more, wrong := at(m)
		files, faults = append(files, more...), append(faults, wrong...)
	}
	return files, faults
}

// at finds the file at a path, or those in the folder there.
func at(path string) (files []File, faults []Fault) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, []Fault{{path, plain(err)}}
	case info.Mode().IsRegular():
		return []File{{path, info.Size(), info.ModTime()}}, nil
	case !info.IsDir():
		return nil, []Fault{{path, errOther}}
	}
	_ = walk(path, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			faults = append(faults, Fault{name, plain(err)})
		case entry.IsDir():
		default:
			file, err := within(name)
			if err != nil {
				faults = append(faults, Fault{name, err})
			} else if file.Path != "" {
				files = append(files, file)
			}
		}
		return nil
	})
	return files, faults
}

// within is the file of a name in a folder; none if it is gone by now.
func within(name string) (File, error) {
	info, err := os.Stat(name) // follows a link to a file
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(name); err != nil {
			return File{}, nil
		}
		return File{}, errNowhere
	case err != nil:
		return File{}, plain(err)
	case info.IsDir():
		return File{}, errLinked
	case !info.Mode().IsRegular():
		return File{}, errOther
	}
	return File{name, info.Size(), info.ModTime()}, nil
}

// walk goes through a folder, which may be a link to one, and the folders below
// it, and leaves out what is [passing]. A folder that is gone by now is passed
// over, and of one that cannot be read nothing but the error is told.
func walk(root string, visit fs.WalkDirFunc) error {
	return filepath.WalkDir(root+string(filepath.Separator), func(name string, entry fs.DirEntry, err error) error {
		name = filepath.Clean(name)
		below := name != filepath.Clean(root)
		switch {
		case err != nil && below && errors.Is(err, fs.ErrNotExist):
			return nil
		case below && passing(filepath.Base(name)):
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case err != nil:
			if stop := visit(name, entry, err); stop != nil {
				return stop
			}
			return fs.SkipDir
		}
		return visit(name, entry, nil)
	})
}

// plain drops the operation and the path, which are told beside it.
func plain(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// passing says whether a name is one that programs give to what they have not
// finished, or hide.
func passing(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || strings.HasSuffix(name, "~") {
		return true
	}
	endings := []string{".tmp", ".temp", ".part", ".partial", ".crdownload", ".filepart", ".swp"}
	return slices.Contains(endings, strings.ToLower(filepath.Ext(name)))
}
