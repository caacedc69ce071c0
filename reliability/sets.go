package reliability

// sets are disjoint sets of small numbers (union-find with path halving).
type sets []int32

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

func (s sets) root(i int32) int32 {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

// join unites the sets of i and j under the smaller root.
func (s sets) join(i, j int32) {
	i, j = s.root(i), s.root(j)
	s[max(i, j)] = min(i, j)
}
