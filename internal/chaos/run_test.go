package chaos

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"
)

// A run is everything of one test.
type run struct {
	seed     uint64
	log      func(format string, args ...any)
	rng      *rand.Rand // of the one who kills
	exporter *exporter
	js       jetstream.JetStream
	author   *author
	model    *model
	receipts *receipts
	payloads *payloads
	ledger   *ledger
	clerk    *clerk
	dropper  *dropper

	gate      sync.RWMutex // a producer's turn holds it, a check shuts it
	producers sync.WaitGroup
	mu        sync.Mutex
	events    map[string]int // what happened to producers

	kills, checked int
	byKind         map[string]int // kills
	counted        map[string]int // what was checked
	restarts       []time.Duration
	drained        []time.Duration
	laps           []string
	said           moment   // the last one that was right
	kept           []moment // some of those
}

// newRun starts the servers, and makes everything of a run in a folder.
func newRun(t *testing.T, seed uint64, dir string) *run {
	t.Helper()
	address, js := startNATS(t, dir)
	dsn := startPostgres(t)
	r := &run{
		seed: seed, log: t.Logf, rng: rand.New(rand.NewPCG(seed, 0)), exporter: newExporter(t, dir, address, dsn), js: js, author: newAuthor(seed, time.Now().Unix()),
		model: newModel(), receipts: newReceipts(), payloads: &payloads{seen: map[[32]byte]bool{}}, events: map[string]int{}, byKind: map[string]int{}, counted: map[string]int{},
	}
	r.ledger = &ledger{exporter: r.exporter}
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	r.clerk = &clerk{run: r, rng: r.chance(2), conn: conn}
	r.dropper = &dropper{run: r, rng: r.chance(3)}
	return r
}

// chance is the chance of one producer.
func (r *run) chance(n uint64) *rand.Rand { return rand.New(rand.NewPCG(r.seed, n)) }

// count notes what happened to a producer.
func (r *run) count(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events[what]++
}

// produce lets all producers work until ctx is done. One that fails ends all.
func (r *run) produce(ctx context.Context, fail func(error)) {
	type producer struct {
		turn  func(context.Context) error
		pause time.Duration // between two turns, on average
	}
	all := []producer{{r.clerk.turn, 120 * time.Millisecond}, {r.dropper.turn, 400 * time.Millisecond}}
	for n := range uint64(3) {
		all = append(all, producer{(&pusher{run: r, rng: r.chance(10 + n)}).turn, 80 * time.Millisecond})
	}
	for n := range uint64(2) {
		all = append(all, producer{(&publisher{run: r, rng: r.chance(20 + n)}).turn, 180 * time.Millisecond})
	}
	for n, p := range all {
		rng := r.chance(30 + uint64(n))
		r.producers.Go(func() {
			for ctx.Err() == nil {
				if err := r.turn(ctx, p.turn); err != nil {
					fail(err)
					return
				}
				select {
				case <-ctx.Done():
				case <-time.After(time.Duration(rng.Int64N(int64(2 * p.pause)))):
				}
			}
		})
	}
}

// turn lets a producer work once, unless somebody checks.
func (r *run) turn(ctx context.Context, turn func(context.Context) error) error {
	r.gate.RLock()
	defer r.gate.RUnlock()
	return turn(ctx)
}

// begin starts the exporter for the first time, and the producers.
func (r *run) begin(ctx context.Context, fail func(error)) error {
	if err := r.exporter.start(); err != nil {
		return err
	}
	if _, err := r.exporter.ready(ctx); err != nil {
		return err
	}
	r.produce(ctx, fail)
	return nil
}

// round kills the exporter in one of the ways, starts it and checks it.
func (r *run) round(ctx context.Context) error {
	kinds := []string{"burst", "burst", "burst", "start", "start", "series", "series", "acknowledged", "segment"}
	kind := pick(r.rng, kinds...)
	if err := r.strike(ctx, kind); err != nil {
		return err
	}
	took, err := r.exporter.ready(ctx)
	if err != nil {
		return err
	}
	r.restarts = append(r.restarts, took)
	r.laps = nil
	r.lap("ready")
	err = r.check(ctx, len(r.restarts)%20 == 0)
	r.log("%d kills, the last: %s; since it was started: %s", r.kills, kind, strings.Join(r.laps, ", "))
	return err
}

// lap notes how long after the start something was done.
func (r *run) lap(what string) {
	r.laps = append(r.laps, fmt.Sprintf("%s %.2f s", what, time.Since(r.exporter.begun).Seconds()))
}

// strike kills once or several times, and leaves the exporter started.
func (r *run) strike(ctx context.Context, kind string) error {
	before := r.kills
	defer func() { r.byKind[kind] += r.kills - before }()
	switch kind {
	case "burst":
		r.wait(ctx, 50*time.Millisecond, 2500*time.Millisecond)
	case "acknowledged":
		select {
		case <-r.receipts.acks: // an old one
		default:
		}
		select {
		case <-r.receipts.acks:
		case <-time.After(3 * time.Second):
		case <-ctx.Done():
		}
	case "segment":
		if err := r.awaitSegment(ctx); err != nil {
			return err
		}
	}
	again := map[string]int{"start": 1, "series": 2 + r.rng.IntN(3)}[kind]
	for range again {
		if err := r.again(); err != nil {
			return err
		}
		r.wait(ctx, 0, 400*time.Millisecond)
	}
	return r.again()
}

// again kills the exporter and starts it.
func (r *run) again() error {
	if err := r.exporter.kill(); err != nil {
		return err
	}
	r.kills++
	return r.exporter.start()
}

// wait waits for some time.
func (r *run) wait(ctx context.Context, from, to time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(from + time.Duration(r.rng.Int64N(int64(to-from)))):
	}
}

// awaitSegment waits until the store writes a segment, for which there is a big
// file now and then.
func (r *run) awaitSegment(ctx context.Context) error {
	r.author.mu.Lock()
	known := len(r.author.history)
	r.author.mu.Unlock()
	if known > 2000 && r.rng.IntN(2) == 0 {
		r.gate.Lock() // the dropper is busy otherwise
		err := r.dropper.big()
		r.gate.Unlock()
		if err != nil {
			return err
		}
	}
	for end := time.Now().Add(3 * time.Second); ctx.Err() == nil && time.Now().Before(end); time.Sleep(time.Millisecond) {
		if list, err := filepath.Glob(filepath.Join(r.exporter.dir, "store", "segments", "*.tmp")); err != nil || len(list) > 0 {
			r.count("segments that were being written")
			r.wait(ctx, 0, 150*time.Millisecond)
			return err
		}
	}
	return nil
}

// summary says what was done.
func (r *run) summary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %d kills, %d restarts checked\n", r.seed, r.kills, len(r.restarts))
	list := func(title string, m map[string]int) {
		fmt.Fprintf(&b, "%s:\n", title)
		for _, k := range slices.Sorted(maps.Keys(m)) {
			fmt.Fprintf(&b, "  %10d %s\n", m[k], k)
		}
	}
	list("kills by when", r.byKind)
	r.model.mu.Lock()
	list("records acknowledged", r.model.told)
	fmt.Fprintf(&b, "  %10d events\n", len(r.model.highest))
	r.model.mu.Unlock()
	r.mu.Lock()
	list("what else producers did", r.events)
	r.mu.Unlock()
	r.receipts.mu.Lock()
	fmt.Fprintf(&b, "  %10d pushes acknowledged, %d of them stored before a kill that took the answer\n", len(r.receipts.list), r.receipts.again)
	r.receipts.mu.Unlock()
	list("checked", r.counted)
	fmt.Fprintf(&b, "store: %d deliveries, %d sequences, rows read: push %d, nats %d, sql %d, drop %d; segments %d\n",
		len(r.ledger.list), r.ledger.last(), r.ledger.rows("push"), r.ledger.rows("nats"), r.ledger.rows("sql"), r.ledger.rows("drop"), r.segments())
	fmt.Fprintf(&b, "from start to ready: %s\nfrom ready to everything counted: %s\n", spread(r.restarts), spread(r.drained))
	return b.String()
}

// segments counts the files of the store.
func (r *run) segments() int {
	list, _ := filepath.Glob(filepath.Join(r.exporter.dir, "store", "segments", "*.parquet"))
	return len(list)
}

// spread says the median and the worst of some times.
func spread(list []time.Duration) string {
	if len(list) == 0 {
		return "none"
	}
	sorted := slices.Sorted(slices.Values(list))
	return fmt.Sprintf("median %.2f s, worst %.2f s", sorted[len(sorted)/2].Seconds(), sorted[len(sorted)-1].Seconds())
}
