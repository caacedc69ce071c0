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
// as one of another machine, behind links or in a place whose parent is not there
// yet, not at all: look again from time to time. An error says that nothing can
// be watched.
func Watch(ctx context.Context, places []string, changed func()) error {
	told, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	defer told.Close() //nolint:errcheck // there is nothing to lose
	w := &watching{told: told, besides: map[string]bool{}}
	for _, place := range places {
		w.place(place)
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case event, ok := <-told.Events:
			if !ok {
				return nil
			}
			if w.concerns(event) {
				changed()
			}
		case _, ok := <-told.Errors: // such as an overflow: something did change
			if !ok {
				return nil
			}
			changed()
		}
	}
}

// A watching is what is watched. Each place is watched from the folder in which
// it lies, too, so that one that comes, or comes back, is seen.
type watching struct {
	told    *fsnotify.Watcher
	trees   []string        // places and the folders of patterns: with all below them
	besides map[string]bool // folders of places that are files, of which all names count
}

// place begins to watch a place. What cannot be watched is found by looking.
func (w *watching) place(place string) {
	if whole, err := filepath.Abs(place); err == nil {
		place = whole
	}
	tree := filepath.Clean(place)
	if isPattern(place) {
		for strings.ContainsAny(tree, `*?[`) {
			tree = filepath.Dir(tree)
		}
	} else if info, err := os.Stat(place); err == nil && !info.IsDir() {
		w.besides[filepath.Dir(tree)] = true // what a link stands for is changed in its folder
	}
	w.trees = append(w.trees, tree)
	_ = w.told.Add(filepath.Dir(tree))
	w.below(tree)
}

// below watches a folder and those below it.
func (w *watching) below(tree string) {
	if info, err := os.Stat(tree); err != nil || !info.IsDir() {
		return
	}
	_ = walk(tree, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			_ = w.told.Add(name)
		}
		return nil
	})
}

// concerns says whether an event is one of the places, and watches what has come
// there.
func (w *watching) concerns(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod {
		return false
	}
	for _, tree := range w.trees {
		if event.Name == tree || strings.HasPrefix(event.Name, strings.TrimSuffix(tree, string(filepath.Separator))+string(filepath.Separator)) {
			if event.Has(fsnotify.Create) && (event.Name == tree || !passing(filepath.Base(event.Name))) {
				w.below(event.Name)
			}
			return true
		}
	}
	return w.besides[filepath.Dir(event.Name)]
}
