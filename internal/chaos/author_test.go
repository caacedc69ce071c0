package chaos

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// An author makes records up. Any number of producers may ask for some.
type author struct {
	mu      sync.Mutex
	rng     *rand.Rand
	begin   int64 // of the first slot
	slots   int   // until the present, nearly
	events  []*event
	endless []*event
	alone   int      // events of the first feeders so far
	late    []record // that are told after a higher revision
	history []record // everything that may be told again
	ghosts  int      // records so far that must not count
}

// An event is what the author thinks of it by now.
type event struct {
	record
	subset int // of the feeders, for those alone
	slot   int
	kind   kind
}

// kind says how an event may be corrected.
type kind int

const (
	isAlone   kind = iota // stays in its slot, among the feeders of its subset
	isEndless             // has its feeder for itself
	isCrowded             // anywhere and at any time
)

const (
	slotLength = 1800
	days       = 400
)

// newAuthor makes an author for whom the time is now.
func newAuthor(seed uint64, now int64) *author {
	begin := now - days*86_400
	begin -= begin%86_400 - 900 // so that slots go over midnights, in every zone of whole hours
	return &author{rng: rand.New(rand.NewPCG(seed, 1)), begin: begin, slots: (days - 3) * 86_400 / slotLength}
}

// batch makes n records up.
func (a *author) batch(n int) []record {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := make([]record, 0, n)
	for range n {
		list = append(list, a.one())
	}
	return list
}

// one makes one record up.
func (a *author) one() record {
	switch x := a.rng.Float64(); {
	case x < 0.10 && len(a.history) > 0: // the same again
		return a.history[a.rng.IntN(len(a.history))]
	case x < 0.16 && len(a.late) > 0:
		k := a.rng.IntN(len(a.late))
		r := a.late[k]
		a.late[k] = a.late[len(a.late)-1]
		a.late = a.late[:len(a.late)-1]
		return a.keep(r)
	case x < 0.50 && len(a.events) > 0:
		return a.corrected(a.some())
	case x < 0.52 && len(a.endless) == endless:
		return a.corrected(a.endless[a.rng.IntN(endless)])
	case x < 0.56 && len(a.endless) < endless:
		e := &event{kind: isEndless, slot: len(a.endless)}
		a.endless = append(a.endless, e)
		e.id, e.feeder = fmt.Sprintf("E%d", e.slot), alone+e.slot
		return a.revised(e)
	case x < 0.62:
		e := &event{kind: isCrowded}
		e.id = fmt.Sprintf("C%d", len(a.events))
		a.events = append(a.events, e)
		return a.revised(e)
	case a.alone == a.slots*subsets: // the time is full
		return a.corrected(a.some())
	}
	e := &event{subset: a.alone % subsets, slot: a.alone / subsets * 7919 % a.slots}
	e.id = fmt.Sprintf("A%d", a.alone)
	a.alone++
	a.events = append(a.events, e)
	return a.revised(e)
}

// some is an event, more often one of the last.
func (a *author) some() *event {
	n := len(a.events)
	if a.rng.IntN(3) > 0 {
		return a.events[n-1-a.rng.IntN(min(n, 1000))]
	}
	return a.events[a.rng.IntN(n)]
}

// keep remembers a record, as it may be told again.
func (a *author) keep(r record) record {
	a.history = append(a.history, r)
	return r
}

// corrected is the next revision of an event. The one between may come late.
func (a *author) corrected(e *event) record {
	if a.rng.IntN(4) == 0 {
		a.revise(e)
		a.late = append(a.late, e.record)
	}
	return a.revised(e)
}

func (a *author) revised(e *event) record {
	a.revise(e)
	return a.keep(e.record)
}

// revise makes the next revision of an event.
func (a *author) revise(e *event) {
	e.revision += 1 + a.rng.IntN(3)
	e.cancelled = e.revision > 3 && a.rng.IntN(6) == 0
	e.nature = pick(a.rng, "fault_internal", "fault_external", "planned_maintenance", "short_notice_maintenance", "unknown", "not_an_outage", "fault_internal")
	e.cause = pick(a.rng, "", "lightning", "雷击", "third party, dug up")
	switch e.kind {
	case isAlone:
		e.feeder = e.subset + subsets*a.rng.IntN(inSubset)
		e.start = a.begin + int64(e.slot)*slotLength + a.rng.Int64N(slotLength/2)
		e.end = e.start + a.length()
	case isEndless:
		e.start = a.begin + a.rng.Int64N((days-10)*86_400)
		e.end = e.start + a.rng.Int64N(7*86_400)
		if a.rng.IntN(2) == 0 {
			e.end = open
		}
	case isCrowded:
		e.feeder = alone + endless + a.rng.IntN(crowded)
		e.start = a.begin + a.rng.Int64N((days-10)*86_400)
		e.end = e.start + a.length()*a.rng.Int64N(200)
	}
	e.customers = 1 + a.rng.IntN(feederOf(e.feeder).customers)
}

// length is how long an outage lasts that stays in its slot, often at a threshold.
func (a *author) length() int64 {
	switch a.rng.IntN(8) {
	case 0:
		return 0
	case 1:
		return 180
	case 2:
		return 181
	case 3:
		return a.rng.Int64N(300)
	}
	return a.rng.Int64N(slotLength / 2)
}

// ghostly begins the ids of events that must not count.
const ghostly = "G"

// ghost makes records up that must never count: nobody acknowledges them.
func (a *author) ghost(n int) []record {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := make([]record, 0, n)
	for range n {
		a.ghosts++
		f := a.rng.IntN(alone)
		start := a.begin + a.rng.Int64N((days-10)*86_400)
		list = append(list, record{
			id: fmt.Sprint(ghostly, a.ghosts), feeder: f, start: start, end: start + 3600, customers: feederOf(f).customers,
			nature: "fault_internal", revision: 1,
		})
	}
	return list
}

// rejected makes records up that are taken in and rejected, some of events that
// are known, as nothing becomes of these.
func (a *author) rejected(n int, kinds ...wrong) []record {
	list := a.ghost(n)
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range list {
		r := &list[i]
		if r.wrong = pick(a.rng, kinds...); r.wrong == endsBeforeStart {
			r.end = r.start - 60
		}
		if len(a.events) > 0 && r.wrong == endsBeforeStart && a.rng.IntN(3) == 0 {
			e := a.some()
			r.id, r.revision = e.id, e.revision+a.rng.IntN(3)-1
		}
	}
	return list
}

// big lists records that are known, as many as make a segment of their own.
func (a *author) big(n int) []record {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := make([]record, 0, n)
	for len(list) < n {
		list = append(list, a.history[a.rng.IntN(len(a.history))])
	}
	return list
}

// correct is the next revision of an event of which a record was told.
func (a *author) correct(r *record) (record, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.events[max(0, len(a.events)-5000):] {
		if e.id == r.id {
			return a.corrected(e), true
		}
	}
	return record{}, false
}

func pick[T any](rng *rand.Rand, list ...T) T { return list[rng.IntN(len(list))] }

// What an author makes up is what the model relies on: records of one revision
// are equal, nobody has more customers out than the feeder has, all outages begin
// in the past, and those of one feeder do not overlap, whatever revisions hold.
func TestAuthor(t *testing.T) {
	t.Parallel()
	const now = 1_800_000_000
	a := newAuthor(7, now)
	known, out := map[string]record{}, map[int][]record{}
	for range 300 {
		for _, r := range a.batch(100) {
			if r.customers < 1 || r.customers > feederOf(r.feeder).customers || r.start > now || r.end != open && (r.end < r.start || r.end > now) {
				t.Fatalf("got %+v", r)
			}
			name := fmt.Sprint(r.id, " ", r.revision)
			before, told := known[name]
			if told && before != r {
				t.Fatalf("got %+v and %+v", before, r)
			}
			if known[name] = r; !told && r.feeder < alone {
				out[r.feeder] = append(out[r.feeder], r)
			}
		}
	}
	for n, list := range out {
		slices.SortFunc(list, func(x, y record) int { return cmp.Or(cmp.Compare(x.start, y.start), cmp.Compare(x.end, y.end)) })
		for i := 1; i < len(list); i++ {
			if x, y := list[i-1], list[i]; x.id != y.id && x.end > y.start {
				t.Fatalf("feeder %d: %+v and %+v overlap", n, x, y)
			}
		}
	}
	if len(a.late) == 0 || len(out) != alone || len(a.endless) != endless {
		t.Errorf("%d records are late, %d feeders have outages, %d events are alone on theirs", len(a.late), len(out), len(a.endless))
	}
}
