package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// ErrNoBase says that a store has not been told of any customers.
var ErrNoBase = errors.New("the store holds no customer base: give one with the key base, or push it to /api/v1/base")

// A worker works out groups of a store.
type worker struct {
	store    *clickhouse.Store
	policy   *policy.Policy
	opts     engine.Options
	snapshot snapshot.Options
	most     int64 // rows of a batch
}

// A frame is what all engines that count with one base have in common.
type frame struct {
	base    *reliability.Base
	sha256  string
	notes   []outage.Note
	ask     *engine.Ask
	refused map[int64]error // deliveries that do not count
}

// frame makes the frame of the base as it was known at a sequence. What is asked
// is left open.
func (w *worker) frame(ctx context.Context, until int64) (*frame, error) {
	parts, err := w.store.Base(ctx, until)
	if err != nil {
		return nil, fmt.Errorf("read the customer base: %w", err)
	}
	return frameOfParts(w.policy, parts)
}

func frameOfParts(p *policy.Policy, parts []store.BasePart) (*frame, error) {
	if len(parts) == 0 {
		return nil, ErrNoBase
	}
	rows, digests := store.JoinBase(parts)
	base, err := p.NewBase(rows)
	if err != nil {
		return nil, fmt.Errorf("customer base: %w", err)
	}
	return &frame{base: base, sha256: snapshot.DigestOfBase(digests), notes: snapshot.NotesOfBase(base), refused: map[int64]error{}}, nil
}

// A telling is the streams of events that were known at a sequence. Their places
// in it are the numbers of their accounts in every engine.
type telling struct {
	until   int64
	streams []store.StreamSum
	account map[int64]int // by stream
}

func (w *worker) telling(ctx context.Context, until int64) (*telling, error) {
	sums, err := w.store.Streams(ctx, 0, until)
	if err != nil {
		return nil, fmt.Errorf("read the store: %w", err)
	}
	return tellingOf(until, sums), nil
}

func tellingOf(until int64, sums []store.StreamSum) *telling {
	sums = slices.DeleteFunc(sums, func(s store.StreamSum) bool { return s.Kind != store.Events })
	slices.SortFunc(sums, func(a, b store.StreamSum) int { return cmp.Compare(a.ID, b.ID) })
	t := &telling{until: until, streams: sums, account: map[int64]int{}}
	for i := range sums {
		t.account[sums[i].ID] = i
	}
	return t
}

// open makes the accounts of an engine.
func (t *telling) open(e *engine.Engine) {
	for i := range t.streams {
		e.Open(t.streams[i].Account())
	}
}

// deliveries are the accounts with all that was declared of them.
func (t *telling) deliveries(f *frame, opts engine.Options) []*outage.Delivery {
	e := engine.New(f.base, opts)
	t.open(e)
	t.tell(e)
	return e.Deliveries()
}

// tell tells an engine what was declared of its accounts.
func (t *telling) tell(e *engine.Engine) {
	for i := range t.streams {
		s := &t.streams[i]
		e.Tell(i, int(s.Rows), int(s.Skipped), s.Covers)
	}
}

// senders are the sources of the accounts.
func (t *telling) senders() []string {
	list := make([]string, len(t.streams))
	for i := range t.streams {
		list[i] = t.streams[i].Source
	}
	return list
}

// received is when a part came that must not tell of what lies far ahead; 0 of
// files, which may.
func (t *telling) received(p *store.Part) int64 {
	if !t.streams[t.account[p.Stream]].Live {
		return 0
	}
	return p.Received
}

// A loaded batch is an engine with all rows of some groups.
type loaded struct {
	groups []clickhouse.GroupSize
	engine *engine.Engine
	rows   int64            // that were read, of other groups too
	sizes  map[string]int64 // rows by group
	latest map[string]int64 // see [Answer]
}

// refusedError is of deliveries that cannot be counted.
type refusedError struct {
	deliveries map[int64]error
}

func (e *refusedError) Error() string {
	return fmt.Sprintf("%d deliveries cannot be counted", len(e.deliveries))
}

// load reads some groups. Deliveries that cannot be counted are a refusedError:
// they have to be left out of all groups, and so the frame gets another one.
func (w *worker) load(ctx context.Context, f *frame, t *telling, groups []clickhouse.GroupSize) (*loaded, error) {
	l := &loaded{groups: groups, engine: engine.New(f.base, w.opts), sizes: map[string]int64{}, latest: map[string]int64{}}
	t.open(l.engine)
	r := &reading{worker: w, frame: f, telling: t, loaded: l, refused: map[int64]error{}, groupOf: map[[2]outage.Ref]string{}}
	err := r.between(ctx, 0, math.MaxInt64)
	if _, ok := errors.AsType[*beyondError](err); ok {
		err = r.sift(ctx)
	}
	if err == nil && len(r.refused) > 0 {
		err = &refusedError{r.refused}
	}
	return l, err
}

// A beyondError is of rows whose numbers are beyond what can be added up.
type beyondError struct{ error }

// A reading fills an engine.
type reading struct {
	*worker
	*frame
	*telling
	*loaded
	refused map[int64]error
	told    []int64 // deliveries that have rows here
	dict    *outage.Dict
	groupOf map[[2]outage.Ref]string // by feeder and unit of the dictionary
}

// between reads the rows of deliveries with numbers from first to last. After a
// beyondError the engine is as it was.
func (r *reading) between(ctx context.Context, first, last int64) error {
	load := r.engine.Begin()
	delivery := int64(0)
	err := r.store.ReadGroups(ctx, namesOf(r.groups), r.until, func(c *clickhouse.Chunk) error {
		for i := range c.Parts {
			p := &c.Parts[i]
			if r.frame.refused[p.Delivery] != nil || r.refused[p.Delivery] != nil || p.Delivery < first || p.Delivery > last {
				continue
			}
			if p.Delivery != delivery {
				load.Deliver(r.account[p.Stream], p.Delivery, r.received(&p.Part))
				delivery = p.Delivery
				r.told = append(r.told, delivery)
			}
			if err := r.add(load, c.Batch, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		load.Abort()
		return fmt.Errorf("read the store: %w", err)
	}
	if err := load.CommitParts(); err != nil {
		return &beyondError{err}
	}
	return nil
}

// add takes in the rows of one part.
func (r *reading) add(load *engine.Load, b *outage.Batch, p *clickhouse.Part) error {
	r.rows += int64(p.Rows[1] - p.Rows[0] + p.Rejected[1] - p.Rejected[0])
	if p.Foreign {
		return load.AddForeign(b, p.Rows, p.Rejected)
	}
	if b.Dict != r.dict {
		r.dict = b.Dict
		clear(r.groupOf)
	}
	for i := p.Rows[0]; i < p.Rows[1]; i++ {
		r.sizes[r.group(b, i)]++
		if source := r.streams[r.account[p.Stream]].Source; !b.Nature[i].PreArranged() && b.Start[i] > r.latestOf(source) {
			r.latest[source] = b.Start[i]
		}
	}
	for i := p.Rejected[0]; i < p.Rejected[1]; i++ {
		rejected := &b.Rejected[i]
		r.sizes[r.base.GroupName(rejected.Feeder, rejected.Unit, outage.Area(rejected.Area))]++
	}
	return load.AddRows(b, p.Rows, p.Rejected)
}

// group is the name of the group of a row.
func (r *reading) group(b *outage.Batch, i int) string {
	key := [2]outage.Ref{b.Feeder[i], b.Unit[i]}
	name, ok := r.groupOf[key]
	if !ok {
		name = r.base.GroupName(b.Text(key[0]), b.Text(key[1]), outage.Area(b.Text(b.Area[i])))
		r.groupOf[key] = name
	}
	return name
}

func (r *reading) latestOf(source string) int64 {
	if t, ok := r.latest[source]; ok {
		return t
	}
	return math.MinInt64
}

// sift finds the deliveries that cannot be counted with those before them.
func (r *reading) sift(ctx context.Context) error {
	slices.Sort(r.told)
	return r.siftThrough(ctx, slices.Compact(slices.Clone(r.told)))
}

// siftThrough halves a list of deliveries until it finds what cannot be counted.
func (r *reading) siftThrough(ctx context.Context, list []int64) error {
	if len(list) == 0 {
		return nil
	}
	err := r.between(ctx, list[0], list[len(list)-1])
	beyond, ok := errors.AsType[*beyondError](err)
	if !ok {
		return err
	}
	if len(list) == 1 {
		r.refused[list[0]] = beyond.error
		return nil
	}
	half := len(list) / 2
	if err := r.siftThrough(ctx, list[:half]); err != nil {
		return err
	}
	return r.siftThrough(ctx, list[half:])
}

func namesOf(groups []clickhouse.GroupSize) []clickhouse.Group {
	list := make([]clickhouse.Group, len(groups))
	for i := range groups {
		list[i] = groups[i].Group
	}
	return list
}

// shares works out what the groups add at an instant.
func (l *loaded) shares(asOf int64, ask *engine.Ask) []clickhouse.GroupShare {
	names := make([]string, len(l.groups))
	for i := range l.groups {
		names[i] = l.groups[i].Name
	}
	l.engine.Advance(asOf)
	list := make([]clickhouse.GroupShare, len(names))
	for i, s := range l.engine.Shares(names, ask) {
		list[i] = clickhouse.GroupShare{Group: l.groups[i].Group, Rows: l.sizes[names[i]], Share: s}
	}
	return list
}
