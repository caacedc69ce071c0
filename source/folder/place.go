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

// errOther is what is at a place that holds no bytes to read.
var errOther = errors.New("neither a file nor a folder: give files of events")

// list finds the files at a place, which is a file, a folder, of which all files
// in it and in folders below it count, or a pattern of [filepath.Glob].
func list(place string) (files []File, faults []Fault) {
	if !strings.ContainsAny(place, "*?[") {
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
	walk := func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			faults = append(faults, Fault{name, plain(err)})
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case name != path && passing(entry.Name()):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		}
		info, err := os.Stat(name) // follows a link to a file
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone since, or a link to nothing
		case err != nil:
			faults = append(faults, Fault{name, plain(err)})
		case info.Mode().IsRegular():
			files = append(files, File{name, info.Size(), info.ModTime()})
		default:
			faults = append(faults, Fault{name, errOther})
		}
		return nil
	}
	_ = filepath.WalkDir(path, walk)
	return files, faults
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
