package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// A Counting answers from a store alone, in one pass, by one process. Its memory
// does not grow with the rows.
type Counting struct {
	Store     *clickhouse.Store
	Policy    *policy.Policy
	Engine    engine.Options
	Until     int64            // the last sequence that counts; 0: all
	BatchRows int              // see [Options]
	Snapshot  snapshot.Options // what is asked for
	Dossier   bool             // it is for a [snapshot.NewDossier]
	// AsOf is the instant of the answer; nil means that of
	// [engine.Engine.DefaultAsOf], which is not after Latest, or where no row
	// counts the beginning of the day that holds Latest.
	AsOf     *int64
	Latest   int64                // UTC seconds
	Progress func(rows, of int64) // how many rows were read, of about how many; may be nil
}

// Run counts.
func (c *Counting) Run(ctx context.Context) (*Answer, error) {
	p, err := c.prepare(ctx)
	if err != nil {
		return nil, err
	}
	if c.AsOf != nil {
		return p.run(ctx, *c.AsOf)
	}
	asOf, err := p.guess(ctx, c.Latest)
	if err != nil {
		return nil, err
	}
	answer, err := p.run(ctx, asOf)
	if err != nil {
		return nil, err
	}
	if should := c.defaultAsOf(answer.Engine); should != asOf {
		return p.run(ctx, should)
	}
	return answer, nil
}

// defaultAsOf is the instant of an answer that was asked for none. It does not
// depend on the instant of the engine.
func (c *Counting) defaultAsOf(e *engine.Engine) int64 {
	if asOf, ok := e.DefaultAsOf(c.Policy.YearStart, c.Latest); ok {
		return asOf
	}
	return period.DayOf(c.Latest, c.Policy.Zone).Start(c.Policy.Zone)
}

// A pass is a counting under way.
type pass struct {
	*worker
	*frame
	*telling
	dossier  bool
	groups   []clickhouse.GroupSize
	progress func(rows, of int64)
}

func (c *Counting) prepare(ctx context.Context) (*pass, error) {
	w := &worker{store: c.Store, policy: c.Policy, opts: c.Engine, snapshot: c.Snapshot, most: int64(c.BatchRows)}
	if w.most <= 0 {
		w.most = DefaultBatchRows
	}
	until := c.Until
	if until == 0 {
		until = c.Store.Last()
	}
	p := &pass{worker: w, dossier: c.Dossier, progress: c.Progress}
	var err error
	if p.frame, err = w.frame(ctx, until); err != nil {
		return nil, err
	}
	if p.telling, err = w.telling(ctx, until); err != nil {
		return nil, err
	}
	if p.groups, err = c.Store.Groups(ctx, allSlots(c.Store), until); err != nil {
		return nil, fmt.Errorf("list the groups: %w", err)
	}
	return p, nil
}

func allSlots(s *clickhouse.Store) []int {
	list := make([]int, s.Slots())
	for i := range list {
		list[i] = i
	}
	return list
}

// guess gives the as-of instant that rows would have, if all that are readable
// counted: if it proves wrong, there is another pass.
func (p *pass) guess(ctx context.Context, latest int64) (int64, error) {
	last, ok, err := p.store.LastStart(ctx, latest)
	if err != nil || !ok {
		return latest, err
	}
	zone := p.policy.Zone
	asOf := (period.DayOf(last, zone) + 1).Start(zone)
	ys := p.policy.YearStart
	if end := ys.Year(ys.YearOf(last, zone), zone).To; end-asOf <= 3*86400 {
		asOf = end
	}
	for i := range p.streams {
		for _, c := range p.streams[i].Covers {
			asOf = max(asOf, c.To)
		}
	}
	return min(asOf, latest), nil
}

// run counts all groups at an instant, and again without the deliveries that
// cannot be counted.
func (p *pass) run(ctx context.Context, asOf int64) (*Answer, error) {
	for {
		answer, err := p.once(ctx, asOf)
		refused, ok := errors.AsType[*refusedError](err)
		if !ok {
			return answer, err
		}
		maps.Copy(p.refused, refused.deliveries)
	}
}

func (p *pass) once(ctx context.Context, asOf int64) (*Answer, error) {
	deliveries := p.deliveries(p.frame, p.opts)
	ask := snapshot.AskFor
	if p.dossier {
		ask = snapshot.AskForDossier
	}
	p.ask = ask(p.base, p.policy, asOf, deliveries, p.snapshot)
	together := engine.NewTogether(p.base, p.opts, p.ask)
	var read, of int64
	for _, g := range p.groups {
		of += g.Rows
	}
	latest, seconds, counted := map[string]int64{}, 0.0, int64(0)
	err := p.each(ctx, p.frame, p.telling, batches(p.groups, p.most), func(l *loaded) error {
		for _, g := range l.shares(asOf, p.ask) {
			together.Add(g.Share)
			seconds, counted = seconds+secondsOf(g.Share), counted+g.Rows
		}
		mergeLatest(latest, l.latest)
		if read += l.rows; p.progress != nil {
			p.progress(min(read, of), of)
		}
		return checkSeconds(seconds)
	})
	if err == nil {
		err = p.whole(ctx, counted)
	}
	if err != nil {
		return nil, err
	}
	e, err := together.Engine(asOf, deliveries)
	if err != nil {
		return nil, err
	}
	return p.answer(e, p.telling, asOf, latest), nil
}

// whole says whether so many rows are all that count.
func (p *pass) whole(ctx context.Context, counted int64) error {
	rows, err := p.store.Kept(ctx, p.until, slices.Collect(maps.Keys(p.refused)))
	if err != nil || counted == rows {
		return err
	}
	if err := p.store.Missing(ctx, p.until); err != nil {
		return err
	}
	return fmt.Errorf("%d of %d rows were read, though all are there: count again; if it comes back, a server gives old data", counted, rows)
}

// answer says what an engine was made of.
func (f *frame) answer(e *engine.Engine, t *telling, asOf int64, latest map[string]int64) *Answer {
	return &Answer{
		Engine: e, AsOf: asOf, Known: t.until, BaseSHA256: f.sha256, Notes: slices.Clone(f.notes), Senders: t.senders(),
		Latest: latest, Refused: maps.Clone(f.refused),
	}
}

func mergeLatest(to, from map[string]int64) {
	for source, t := range from {
		if last, ok := to[source]; !ok || t > last {
			to[source] = t
		}
	}
}

// secondsOf is about what a share adds up to, in thousandths of customer-seconds.
func secondsOf(s *engine.Share) float64 {
	sum := 0.0
	for i := range s.Days {
		sum += float64(s.Days[i].Seconds)
	}
	return sum
}

// checkSeconds refuses sums that cannot be added up.
func checkSeconds(seconds float64) error {
	if seconds > math.MaxInt64/2 {
		return fmt.Errorf("the outages of all groups add up to %.3g customer-seconds, more than can be counted; look for customers or ends that are far too large", seconds/1000)
	}
	return nil
}
