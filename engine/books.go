package engine

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/period"
)

// books are what is added up of all rows, for as long as it is right: the book of
// those that are over by as-of, and the others. A row has the mark late as long
// as it is in the list, where it stays, and is passed over, if it counts no
// longer.
type books struct {
	made  bool
	ys    period.YearStart
	phase int64
	over  *book
	late  []int32
}

// counts says whether a row of an outcome is in the books.
func (o Outcome) inBooks() bool { return o == Accepted || o == Rejected || o == Excluded }

// isLate says whether what is told of a row changes as the clock goes on.
func (r *row) isLate(asOf int64) bool { return r.end() > asOf || int64(r.start) >= asOf }

// readBooks gives the books, which it makes where need be: once as-of has moved
// back, or a great part of the rows is new.
func (e *Engine) readBooks() *books {
	if e.books.made {
		return &e.books
	}
	stretches := e.rows.stretches(0, e.stretch)
	parts, late := make([]*book, e.opts.Workers), make([][]int32, e.opts.Workers)
	e.inParallel(len(stretches), func(worker, n int) {
		if parts[worker] == nil {
			parts[worker] = e.newBook()
		}
		late[worker] = e.enter(stretches[n], parts[worker], late[worker])
	})
	e.books.over, e.books.late, e.books.made = e.newBook(), slices.Concat(late...), true
	for _, part := range parts {
		if part != nil {
			e.books.over.merge(part)
		}
	}
	if e.partial != nil {
		e.mergeShares(e.books.over)
	}
	return &e.books
}

// enter enters rows into a book, and lists those that are late.
func (e *Engine) enter(rows stretch, b *book, late []int32) []int32 {
	for i := rows.from; i < rows.to; i++ {
		r := e.rows.at(i)
		r.marks &^= lateMark
		switch {
		case !r.outcome.inBooks():
		case r.isLate(e.asOf):
			r.marks |= lateMark
			late = append(late, i)
		default:
			b.add(i, 1)
		}
	}
	return late
}

// enterNew enters the rows from one on that are decided about, if they are not
// so many that the books had better be made again.
func (e *Engine) enterNew(from int32) {
	if e.rows.len()-int(from) > e.manyRows() {
		e.books.made = false
	}
	if e.books.made {
		e.books.late = e.enter(stretch{from, int32(e.rows.len())}, e.books.over, e.books.late)
	}
}

// manyRows is the number of rows above which it pays to make the books again.
func (e *Engine) manyRows() int { return max(int(e.stretch), e.rows.len()/8) }

// unbook takes a row out of the books, before it gets another outcome; book
// enters it, after that.
func (e *Engine) unbook(i int32) {
	r := e.rows.at(i)
	if e.books.made && r.outcome.inBooks() && r.marks&lateMark == 0 {
		e.books.over.add(i, -1)
	}
}

func (e *Engine) book(i int32) {
	r := e.rows.at(i)
	if !e.books.made || !r.outcome.inBooks() || r.marks&lateMark != 0 {
		return
	}
	e.books.late = e.enter(stretch{i, i + 1}, e.books.over, e.books.late)
}

// turn moves the books from an instant on to as-of.
func (e *Engine) turn(from int64) {
	if e.asOf < from {
		e.books.made = false
	}
	if !e.books.made || e.asOf == from {
		return
	}
	e.books.late = slices.DeleteFunc(e.books.late, func(i int32) bool {
		r := e.rows.at(i)
		counts := r.outcome.inBooks()
		if counts && r.isLate(e.asOf) {
			return false
		}
		if r.marks &^= lateMark; counts {
			e.books.over.add(i, 1)
		}
		return true
	})
}

// lateRows gives the late rows that count or are rejected.
func (e *Engine) lateRows(yield func(i int32, r *row) bool) {
	for _, i := range e.readBooks().late {
		if r := e.rows.at(i); r.outcome.inBooks() && !yield(i, r) {
			return
		}
	}
}

// A rejectList is the rows that are rejected. A row has the mark listedMark as long
// as it is in the list, where it stays, and is passed over, if it is rejected no
// longer.
type rejectList struct {
	rows   []int32
	sorted bool
}

// listRejected notes that a row is rejected.
func (e *Engine) listRejected(i int32) {
	if r := e.rows.at(i); r.marks&listedMark == 0 {
		r.marks |= listedMark
		e.rejects.rows, e.rejects.sorted = append(e.rejects.rows, i), false
	}
}

// rejected lists the rows that are rejected, by part and place. The list is the
// engine's own.
func (e *Engine) rejected() []int32 {
	e.rejects.rows = slices.DeleteFunc(e.rejects.rows, func(i int32) bool {
		r := e.rows.at(i)
		if r.outcome != Rejected {
			r.marks &^= listedMark
		}
		return r.outcome != Rejected
	})
	if !e.rejects.sorted {
		slices.SortFunc(e.rejects.rows, func(i, j int32) int {
			x, y := e.rows.at(i), e.rows.at(j)
			return cmp.Or(cmp.Compare(e.partNumber(i), e.partNumber(j)), cmp.Compare(x.place, y.place), cmp.Compare(i, j))
		})
		e.rejects.sorted = true
	}
	return e.rejects.rows
}
