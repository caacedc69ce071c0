package store

import (
	"os"
	"path/filepath"
)

// noteFile keeps where the catalogue is, so that it is noticed if its folder is taken
// away under the program.
func (s *Store) noteFile() (err error) {
	s.file, err = os.Stat(filepath.Join(s.dir, catalogueName))
	return err
}

// inPlace says what is wrong if the catalogue that is open is not the one in the
// folder any more: what was written into it would be gone with the program.
func (s *Store) inPlace() error {
	if s.file == nil {
		return nil
	}
	now, err := os.Stat(filepath.Join(s.dir, catalogueName))
	if err == nil && os.SameFile(now, s.file) {
		return nil
	}
	return faultf(ErrGone, "the store %s was taken away or replaced while it was in use: stop the program, put the folder back, and start it again", s.dir)
}
