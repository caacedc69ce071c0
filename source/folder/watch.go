package folder

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/fsnotify/fsnotify"
)

// Watch calls changed whenever something changes at the places, until ctx is
// done. It may call it too often, and where the file system tells nothing, such
// as one of another machine, not at all: look again from time to time. An error
// says that nothing can be watched.
func Watch(ctx context.Context, places []string, changed func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	defer w.Close()
	for _, dir := range folders(places) {
		_ = w.Add(dir) // one that is not there yet is found by looking again
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case event, ok := <-w.Events:
			if !ok {
				return nil
			}
			if event.Has(fsnotify.Create) {
				if info, err := os.Stat(event.Name); err == nil && info.IsDir() {
					_ = w.Add(event.Name)
				}
			}
			if event.Op != fsnotify.Chmod {
				changed()
			}
		case _, ok := <-w.Errors: // such as an overflow: something did change
			if !ok {
				return nil
			}
			changed()
		}
	}
}

// folders lists the folders in which changes at the places show.
func folders(places []string) []string {
	var all []string
	for _, place := range places {
		dir := place
		if info, err := os.Stat(place); err != nil || !info.IsDir() {
			dir = filepath.Dir(place)
		}
		for strings.ContainsAny(dir, "*?[") {
			dir = filepath.Dir(dir)
		}
		_ = filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil || !entry.IsDir():
			case name != dir && (passing(entry.Name()) || dir != place && !strings.ContainsAny(place, "*?[")):
				return fs.SkipDir
			default:
				all = append(all, name)
			}
			return nil
		})
	}
	return all
}
