package postgres

import "crypto/sha256"

// A digest stands for a row as it was handed on. It is half of a SHA-256: two
// rows that differ must never be taken for one, because the second would be lost.
type digest [16]byte

func digestOf(row []byte) digest {
	whole := sha256.Sum256(row)
	return digest(whole[:16])
}

// A seenRow is a row and the place of its watermark.
type seenRow struct {
	digest digest
	place  int64
}

// A seen is the rows of the overlap that were handed on and are still what they
// were: about 80 bytes each. It is new for each look: what a look did not meet
// again has changed, was deleted or lies behind.
type seen struct {
	turns map[digest]uint64 // the look that met the row last
	turn  uint64
	queue []seenRow // of this look, by place but for a page or so
}

// begin starts a look.
func (s *seen) begin() {
	if s.turns == nil {
		s.turns = map[digest]uint64{}
	}
	s.turn++
	s.queue = nil
}

// meet says whether a row was handed on, and if so keeps it.
func (s *seen) meet(row seenRow) bool {
	if _, known := s.turns[row.digest]; !known {
		return false
	}
	s.keep(row)
	return true
}

// keep notes a row that was handed on.
func (s *seen) keep(row seenRow) {
	s.turns[row.digest] = s.turn
	s.queue = append(s.queue, row)
}

// pass forgets rows before a place. One that is forgotten too early would come
// once more, which does no harm.
func (s *seen) pass(place int64) {
	n := 0
	for n < len(s.queue) && s.queue[n].place < place {
		delete(s.turns, s.queue[n].digest)
		n++
	}
	s.queue = s.queue[n:]
}

// end forgets what the look did not meet. A look that failed on its way ends, too:
// a row behind the place where it failed comes once more, whereas one that was
// kept without being met could have changed and changed back.
func (s *seen) end() {
	kept := map[digest]uint64{} // anew, because a map does not shrink
	for d, turn := range s.turns {
		if turn == s.turn {
			kept[d] = turn
		}
	}
	s.turns, s.queue = kept, nil
}
