package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Backup copies the store, as it is at one moment, into an empty folder, or one
// that it makes. It may run beside a writer, also from another process. Segments
// never change, so they are hard links where the disk is the same; only a copy on
// another disk outlives this one. The copy is read and checked before Backup
// returns without an error; else nothing of it is left.
func (s *Store) Backup(ctx context.Context, dir string) error {
	if s.stopping.Err() != nil {
		return ErrClosed
	}
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("back the store up: %w", err)
	}
	if len(files) > 0 {
		return fmt.Errorf("back the store up: the folder %s is not empty: give another one", dir)
	}
	if err := s.backup(ctx, dir); err != nil {
		for _, name := range []string{catalogueName, catalogueName + "-shm", catalogueName + "-wal", segmentFolder} {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, name)))
		}
		return fmt.Errorf("back the store up: %w", err)
	}
	return nil
}

func (s *Store) backup(ctx context.Context, dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, segmentFolder), 0o755); err != nil {
		return fileError(err)
	}
	catalogue := filepath.Join(dir, catalogueName)
	if _, err := s.reading.ExecContext(ctx, "VACUUM INTO ?", catalogue); err != nil {
		return catalogueError(err)
	}
	if err := syncFile(catalogue); err != nil {
		return err
	}
	copied, err := OpenReadOnly(dir)
	if err != nil {
		return err
	}
	err = s.copySegments(ctx, copied, dir)
	if err == nil {
		err = copied.sound(ctx)
	}
	return errors.Join(err, copied.Close())
}

// copySegments copies the files that a copied catalogue names.
func (s *Store) copySegments(ctx context.Context, copied *Store, dir string) error {
	v, err := copied.view(ctx)
	if err != nil {
		return err
	}
	defer v.close()
	names, err := query(ctx, v, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) }, "SELECT name FROM segment UNION ALL SELECT name FROM base ORDER BY name")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		from, to := filepath.Join(s.folder(), name), filepath.Join(dir, segmentFolder, name)
		if os.Link(from, to) == nil {
			continue
		}
		if err := copyFile(from, to); err != nil {
			return err
		}
	}
	return errors.Join(syncFolder(filepath.Join(dir, segmentFolder)), syncFolder(dir))
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fileError(err)
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return fileError(errors.Join(err, out.Close()))
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fileError(err)
	}
	return fileError(errors.Join(f.Sync(), f.Close()))
}

// sound is an error where the store is not.
func (s *Store) sound(ctx context.Context) error {
	findings, err := s.Verify(ctx)
	if err != nil || len(findings) == 0 {
		return err
	}
	return faultf(ErrCorrupt, "the copy is damaged, and so may be the store: %s: %s", findings[0].Path, findings[0].What)
}
