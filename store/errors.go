package store

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What callers branch on; the errors that are returned say more.
var (
	ErrFull     = errors.New("no space is left")                       // nothing was stored; it goes on once there is space
	ErrReadOnly = errors.New("the store is read-only")                 // opened so, or on a disk or folder that cannot be written
	ErrCorrupt  = errors.New("the store is damaged")                   // what is read is not what was written
	ErrNewer    = errors.New("the store is of a newer program")        // its format is not known yet
	ErrInUse    = errors.New("the store is in use by another process") // which has to be stopped first
	ErrGone     = errors.New("the store was taken away")               // its folder is not the one that was opened
	ErrClosed   = errors.New("the store is closed")
	ErrUnknown  = errors.New("there is no such delivery")
)

// A fault is an error of a known kind with words of its own.
type fault struct {
	kind error
	text string
}

func (f *fault) Error() string { return f.text }
func (f *fault) Unwrap() error { return f.kind }

// faultf makes an error of a kind that says just what the format says.
func faultf(kind error, format string, args ...any) error {
	return &fault{kind, fmt.Sprintf(format, args...)}
}

// fileError gives an error of the file system its kind.
func fileError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("%w: %w", ErrFull, err)
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return err
}

// catalogueError gives an error of the catalogue its kind. A failed write is
// counted as a lack of space, which it nearly always is: SQLite does not tell
// quotas and limits from it.
func catalogueError(err error) error {
	if err == nil {
		return nil
	}
	failed, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return fileError(err)
	}
	kind := error(nil)
	switch code := failed.Code(); {
	case code&0xff == sqlite3.SQLITE_FULL, code == sqlite3.SQLITE_IOERR_WRITE, code == sqlite3.SQLITE_IOERR_SHMSIZE:
		kind = ErrFull
	case code&0xff == sqlite3.SQLITE_READONLY, code&0xff == sqlite3.SQLITE_PERM:
		kind = ErrReadOnly
	case code&0xff == sqlite3.SQLITE_CORRUPT, code&0xff == sqlite3.SQLITE_NOTADB:
		kind = ErrCorrupt
	case code&0xff == sqlite3.SQLITE_BUSY:
		kind = ErrInUse
	}
	if kind == nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	return fmt.Errorf("catalogue: %w: %w", kind, err)
}
