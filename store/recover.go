package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// names are the files that the catalogue names.
func (v *view) names(ctx context.Context) (map[string]bool, error) {
	list, err := query(ctx, v, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) }, "SELECT name FROM segment UNION ALL SELECT name FROM base")
	if err != nil {
		return nil, err
	}
	names := make(map[string]bool, len(list))
	for _, name := range list {
		names[name] = true
	}
	return names, nil
}

// recover clears away what a process that was killed left behind: files that
// are not whole are removed, whole ones that the catalogue does not name are
// put aside.
func (s *Store) recover(ctx context.Context) error {
	v, err := s.view(ctx)
	if err != nil {
		return err
	}
	defer v.close()
	names, err := v.names(ctx)
	if err != nil {
		return err
	}
	files, err := os.ReadDir(s.folder())
	if err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(s.folder(), f.Name())
		switch {
		case strings.HasSuffix(f.Name(), temporary):
			err = os.Remove(path)
		case !names[f.Name()]:
			err = s.putAside(path)
		}
		if err != nil {
			return fmt.Errorf("clear away what was left behind: %w", fileError(err))
		}
	}
	return nil
}

// putAside moves a file into a folder of its own.
func (s *Store) putAside(path string) error {
	folder := filepath.Join(s.dir, unusedFolder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	to := filepath.Join(folder, filepath.Base(path))
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, os.ErrNotExist) {
			return os.Rename(path, to)
		}
		to = filepath.Join(folder, fmt.Sprintf("%s.%d", filepath.Base(path), n))
	}
}
