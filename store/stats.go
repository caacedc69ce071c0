package store

import (
	"io/fs"
	"path/filepath"
)

// Stats are sizes of a store.
type Stats struct {
	Deliveries, Rows, Rejected int64 // of events, withdrawn ones included
	TailRows                   int64 // not yet in segments
	Segments                   int64
	Bytes                      int64 // on disk
	Last                       int64 // sequence
}

// Stats tells the sizes of the store.
func (s *Store) Stats() Stats {
	e := s.known()
	return Stats{
		Deliveries: e.delivery, Rows: e.rows, Rejected: e.rejected, TailRows: e.tail, Segments: e.segments, Bytes: diskBytes(s.dir), Last: e.sequence,
	}
}

// diskBytes adds up the files below a folder, as far as they can be seen.
func diskBytes(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil // it may have gone meanwhile
		}
		if info, err := entry.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
