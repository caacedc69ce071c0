//go:build !unix

package store

import (
	"errors"
	"fmt"
	"os"
)

// lock takes the folder for this process alone.
func lock(dir string) (*os.File, error) {
	return nil, fmt.Errorf("lock the store %s: %w on this system", dir, errors.ErrUnsupported)
}

// isLocked says whether a process has the folder for itself.
func isLocked(string) bool { return false }

// unlock ends a lock.
func unlock(f *os.File) error { return f.Close() }
