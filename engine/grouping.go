package engine

// sortedGroups are the rows of a delivery by allocation group, each in the order
// in which the rows came.
type sortedGroups struct {
	from   int32    // the first row of the delivery
	groups []int32  // that have any, ascending
	begins []int32  // where the rows of each begin in rows, and one more
	rows   []int32  // by group
	apart  []int32  // rows without a group
	odd    []uint32 // odd events, some of them more than once
}

// of gives the rows of the k-th group.
func (s *sortedGroups) of(k int) []int32 {
	return s.rows[s.begins[k]:s.begins[k+1]:s.begins[k+1]]
}

// sort sorts the rows, which every worker has counted by group, by putting those
// of its share where they belong.
func (l *Load) sort(shares []*share) *sortedGroups {
	e := l.e
	for _, sh := range shares {
		for _, at := range sh.outside {
			g := e.unplacedGroup(e.rows.at(sh.stretches[0].from + at))
			sh.groups[at] = g
			sh.counts = append(sh.counts, make([]int32, max(0, int(g)+1-len(sh.counts)))...)
			sh.counts[g]++
		}
	}
	s := arranged(shares, len(e.groups))
	s.from, s.odd = l.from, l.odd
	e.inParallel(len(shares), func(_, n int) { shares[n].put(s.rows) })
	return s
}

// arranged gives every share its places among the rows of every group.
func arranged(shares []*share, groups int) *sortedGroups {
	s := &sortedGroups{}
	at := int32(0)
	for g := range groups {
		begin := at
		for _, sh := range shares {
			if g < len(sh.counts) {
				n := sh.counts[g]
				sh.counts[g] = at
				at += n
			}
		}
		if at > begin {
			s.groups, s.begins = append(s.groups, int32(g)), append(s.begins, begin)
		}
	}
	s.begins, s.rows = append(s.begins, at), make([]int32, at)
	for _, sh := range shares {
		s.apart = append(s.apart, sh.apart...)
	}
	return s
}

// put puts the rows of a share where they belong.
func (sh *share) put(into []int32) {
	for k, g := range sh.groups {
		if g == noGroup {
			continue
		}
		at := &sh.counts[g]
		into[*at] = sh.stretches[0].from + int32(k)
		*at++
	}
	sh.groups = nil
}
