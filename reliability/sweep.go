package reliability

import (
	"cmp"
	"math"
	"slices"
)

// sweep hands the customers of one cell to the demands on them, instant by
// instant, by the rule of first come, first counted: in the order of
// [demand.before], never more than are left of those in service.
type sweep struct {
	out     *Piecer
	service *steps
	active  []*demand // in the order of before
	total   int64     // what the active ones ask for together
	full    bool      // everybody has what they ask for
	given   int64     // the customers in service when they were last handed out
	holders int       // behind so many of the active ones nobody has any, where not full
	ends    []*demand
	zeros   []*demand // without length, at the current instant
}

// run emits the pieces of the demands on a cell, which are in the order of
// their beginning.
func (s *sweep) run(out *Piecer, demands []demand) {
	s.out, s.service = out, &out.base.cells[demands[0].cell].service
	for from := 0; from < len(demands); {
		to, end := from+1, demands[from].to
		for to < len(demands) && (demands[to].from < end || demands[to].from == demands[from].from) {
			end = max(end, demands[to].to)
			to++
		}
		if to == from+1 {
			s.alone(&demands[from])
		} else {
			s.together(demands[from:to])
		}
		from = to
	}
}

// alone is the short way of a demand that meets no other.
func (s *sweep) alone(d *demand) {
	for t := d.from; ; {
		n, next := s.serviceAt(t)
		d.over = max(0, d.milli-n)
		d.given = d.milli - d.over
		if t == d.from && d.starts {
			d.interrupted = d.given
		}
		to := min(next, d.to)
		s.out.put(d, t, to)
		if to == d.to {
			return
		}
		t = to
	}
}

// serviceAt gives the customers in service at t and the instant at which that
// changes next.
func (s *sweep) serviceAt(t int64) (milli, next int64) {
	i, found := slices.BinarySearch(s.service.times, t)
	if !found {
		i--
	}
	next = math.MaxInt64
	if i+1 < len(s.service.times) {
		next = s.service.times[i+1]
	}
	if i < 0 {
		return 0, next
	}
	return s.service.values[i], next
}

// together sweeps over demands that overlap, which are in the order of from.
func (s *sweep) together(demands []demand) {
	s.active, s.total, s.full = s.active[:0], 0, true
	s.ends = s.ends[:0]
	for i := range demands {
		s.ends = append(s.ends, &demands[i])
	}
	slices.SortFunc(s.ends, func(x, y *demand) int { return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(x.from, y.from)) })
	started, ended := 0, 0
	n, change := s.serviceAt(demands[0].from)
	for ended < len(s.ends) {
		t := s.ends[ended].to
		if started < len(demands) {
			t = min(t, demands[started].from)
		}
		t = min(t, change)
		if t == change {
			n, change = s.serviceAt(t)
		}
		ended = s.end(ended, t)
		first := started
		for started < len(demands) && demands[started].from == t {
			started++
		}
		s.start(demands[first:started], t, n)
		ended = s.endZeros(ended, t)
		s.give(demands[first:started], t, n)
	}
}

// end takes out the demands that end at t.
func (s *sweep) end(ended int, t int64) int {
	first := ended
	for ended < len(s.ends) && s.ends[ended].to == t && s.ends[ended].from < t {
		d := s.ends[ended]
		s.out.put(d, d.since, t)
		s.total -= d.milli
		ended++
	}
	switch n := ended - first; {
	case n > fewEnds:
		s.active = slices.DeleteFunc(s.active, func(d *demand) bool { return d.to == t })
	case n > 0:
		for _, d := range s.ends[first:ended] {
			at := s.position(d)
			s.active = slices.Delete(s.active, at, at+1)
		}
	}
	return ended
}

// fewEnds is the number of demands that are taken out one by one when they end
// together.
const fewEnds = 4

// endZeros passes over demands without length, which never become active.
func (s *sweep) endZeros(ended int, t int64) int {
	for ended < len(s.ends) && s.ends[ended].to == t {
		ended++
	}
	return ended
}

func (s *sweep) position(d *demand) int {
	at, _ := slices.BinarySearchFunc(s.active, d, func(x, y *demand) int {
		switch {
		case x.before(y):
			return -1
		case y.before(x):
			return 1
		}
		return 0
	})
	return at
}

// start lets demands begin at t, and counts whom they interrupt: the customers
// handed out at that instant, when those without length take part too.
func (s *sweep) start(demands []demand, t, n int64) {
	s.zeros = s.zeros[:0]
	asked := s.total
	for i := range demands {
		d := &demands[i]
		d.since = t
		asked += d.milli
		if d.from == d.to {
			s.zeros = append(s.zeros, d)
			continue
		}
		s.active = slices.Insert(s.active, s.position(d), d)
		s.total += d.milli
	}
	if asked > n {
		s.interrupt(t, n)
	} else {
		interruptAll(demands)
	}
	for _, d := range s.zeros {
		s.out.put(d, t, t)
	}
}

// interruptAll is the short way where there are customers enough for all.
func interruptAll(demands []demand) {
	for i := range demands {
		if d := &demands[i]; d.starts {
			d.interrupted = d.milli
		}
	}
}

// interrupt hands out the n customers in service at the instant t, when those
// without length take part too. Who comes after the last customer gets nobody.
func (s *sweep) interrupt(t, n int64) {
	slices.SortFunc(s.zeros, func(x, y *demand) int {
		return cmp.Or(cmp.Compare(y.band, x.band), cmp.Compare(x.record, y.record))
	})
	active, zeros := s.active, s.zeros
	for left := n; left > 0 && len(active)+len(zeros) > 0; {
		var d *demand
		if len(zeros) == 0 || len(active) > 0 && active[0].before(zeros[0]) {
			d, active = active[0], active[1:]
		} else {
			d, zeros = zeros[0], zeros[1:]
		}
		if d.from == t && d.yields {
			continue
		}
		given := min(d.milli, left)
		left -= given
		if d.from == t && d.starts {
			d.interrupted = given
		}
	}
}

// give hands out the n customers in service from t on, until the next instant
// at which anything changes. Where there are enough for all, and were before,
// only those that begin at t get something new. Where there are not, nothing
// changes behind the last one who has or had any.
func (s *sweep) give(begun []demand, t, n int64) {
	full := s.total <= n
	if full && s.full {
		for i := range begun {
			begun[i].given = begun[i].milli
		}
		return
	}
	last := s.holders + len(begun)
	if s.full || full || n != s.given {
		last = len(s.active)
	}
	for i := range begun {
		d := &begun[i]
		d.over = max(0, d.milli-n)
		d.given, d.overlap = 0, d.milli-d.over
	}
	s.full, s.given, s.holders = full, n, 0
	left := n
	for i, d := range s.active {
		if left == 0 && i >= last {
			break
		}
		given := min(d.milli, left)
		left -= given
		if given > 0 {
			s.holders = i + 1
		}
		over := max(0, d.milli-n)
		s.change(d, t, given, over, d.milli-given-over)
	}
}

// change notes what a demand is given from t on, and emits what it was given
// until then if that was different.
func (s *sweep) change(d *demand, t, given, over, overlap int64) {
	if d.since < t && (d.given != given || d.over != over || d.overlap != overlap) {
		s.out.put(d, d.since, t)
		d.since = t
	}
	d.given, d.over, d.overlap = given, over, overlap
}
