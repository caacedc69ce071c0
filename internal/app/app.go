package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/source/folder"
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/web"
)

// Options are what an [App] is made of.
type Options struct {
	// Load reads the configuration, and again at every reload.
	Load func() (*Config, error)
	// Now is the clock up to which everything counts; nil: the wall clock.
	Now func() time.Time
	// Demo runs the synthetic province of [DefaultDemoSpeed] instead of files.
	Demo bool
	// DemoSpeed is how many simulated seconds pass in one; zero: the default.
	DemoSpeed float64

	Program string // name and version
	TZData  string // where the time zones come from
	Log     *slog.Logger

	// Users gives the password hashes (bcrypt) of the users of the web
	// configuration, by name; nil: there are none.
	Users func() (map[string]string, error)

	// Read reads the events of a file; nil: [ingest.EventsFile].
	Read reader
	// ReadBase reads a file of the customer base; nil: [ingest.BaseFile].
	ReadBase baseReader
}

// An App is the exporter without its web server.
type App struct {
	opts    Options
	started time.Time

	state   atomic.Pointer[state]
	wake    chan struct{}     // something may have changed
	reloads chan chan<- error // asks for a reload, and gets its outcome
	asks    chan func()       // questions to what the goroutine that runs owns
	watched func()            // ends the watching of the places of the last configuration
	store   store.Keeper      // nil without one
	door    atomic.Pointer[door]
	access  atomic.Pointer[push.Access] // of the last configuration
	desk    *desk
	answers *answers
	plans   *web.Crowd // plans that are taken in
	crowd   *web.Crowd // answers that are made and written
	news    bell       // of every state
	quiet   *ending    // streams end
	ended   *ending    // nobody runs any more

	// Of the goroutine that runs.
	config     *Config
	files      *files  // nil in the demo and with a store
	stored     *stored // nil without a store
	demo       *demo   // nil but in the demo
	faults     map[string]web.Fault
	reloadErr  error
	reloadTime time.Time
	recomputed int64 // groups, of the worlds before the present one
	world      *world
}

// A turn is what a feed gives: the world and the instant up to which it is to
// count.
type turn struct {
	world *world // nil before there is one
	asOf  time.Time
	shown bool          // the snapshot that is shown is of it already
	again time.Duration // after which to look again, if that is sooner than usual; zero: it is not
}

// New reads the configuration and makes an App that has not counted anything
// yet. A configuration, policy or mapping that cannot be read is an error; data
// that cannot is a fault of the running program.
func New(o Options) (*App, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Read == nil {
		o.Read = ingest.EventsFile
	}
	if o.ReadBase == nil {
		o.ReadBase = ingest.BaseFile
	}
	if o.DemoSpeed == 0 {
		o.DemoSpeed = DefaultDemoSpeed
	}
	a := &App{
		opts: o, started: time.Now(), wake: make(chan struct{}, 1), reloads: make(chan chan<- error), asks: make(chan func()),
		faults: map[string]web.Fault{}, watched: func() {}, answers: newAnswers(), plans: web.NewCrowd(plansAtOnce, plansOfClient), crowd: web.NewCrowd(atOnce, ofClient), quiet: newEnding(), ended: newEnding(),
	}
	a.desk = newDesk(a)
	a.reloadTime = a.started
	if err := a.configure(); err != nil {
		return nil, err
	}
	a.swap(nil, nil)
	return a, nil
}

// configure makes the feed of the configuration.
func (a *App) configure() (err error) {
	if a.opts.Demo {
		c := DefaultConfig()
		c.Refresh = demoRefresh
		if a.demo, err = newDemo(a.opts.DemoSpeed, a.opts.Now()); err != nil {
			return err
		}
		a.config = &c
		return nil
	}
	if a.config, err = a.opts.Load(); err != nil {
		return err
	}
	access, err := accessOf(a.config, a.opts.Users)
	if err != nil {
		return err
	}
	a.access.Store(access)
	if a.config.Store != "" {
		return a.openStore()
	}
	a.files, err = a.newFiles(a.config)
	return err
}

// openStore opens the store of the configuration and makes a feed of it.
func (a *App) openStore() (err error) {
	st, err := a.config.keep(context.Background(), a.opts.Now)
	if err != nil {
		return err
	}
	a.store = st
	if a.store.Stats().Deliveries == 0 {
		a.opts.Log.Warn("the store is new and empty", "place", PlaceOf(a.config.Store))
	}
	f, err := newStored(a.config, a.store, a.access.Load(), &a.opts)
	if err != nil {
		return errors.Join(err, a.store.Close())
	}
	a.follow(f)
	return nil
}

// follow makes a feed of the store the one in force.
func (a *App) follow(f *stored) {
	f.door.outcomes = a.outcomes
	a.stored = f
	a.door.Store(f.door)
}

// newFiles makes a feed of files.
func (a *App) newFiles(c *Config) (*files, error) {
	if len(c.Base) > 0 && len(c.Sources) == 0 {
		a.opts.Log.Warn("the configuration names no sources: there are no events to follow")
	}
	return newFiles(c, a.opts.Read, a.opts.ReadBase)
}

// Close closes the store. It is for after [App.Run] has returned.
func (a *App) Close() error {
	if a.store == nil {
		return nil
	}
	if err := a.store.Close(); err != nil {
		return fmt.Errorf("close the store: %w", err)
	}
	return nil
}

// demoRefresh is the time between two snapshots of the demo.
const demoRefresh = 2 * time.Second

// ask runs a question in the goroutine that runs, where everything stands still.
func (a *App) ask(ctx context.Context, question func()) error {
	done := make(chan struct{})
	select {
	case a.asks <- func() { defer close(done); question() }:
	case <-ctx.Done():
		return ctx.Err()
	case <-a.ended.done:
		return errEnded
	}
	<-done
	return nil
}

// errEnded says that nobody is there any more to be asked.
var errEnded = fmt.Errorf("the program stops: %w", context.Canceled)

// How long after a change to look, at least and at most.
const (
	settleDown   = 100 * time.Millisecond
	settleAtMost = 300 * time.Millisecond
)

// Run counts, follows and serves reloads until ctx is done.
func (a *App) Run(ctx context.Context) error {
	defer a.ended.tell()
	defer a.quiet.tell()
	defer func() { a.watched() }()
	a.watch(ctx)
	var outcome error
	var answer chan<- error // nil while nobody waits for the outcome of a reload
	for {
		again := a.step(ctx)
		if answer != nil { // only now, so that whoever asked finds what came out of it
			answer <- outcome
		}
		if answer = a.idle(ctx, again); ctx.Err() != nil {
			return nil
		}
		if answer != nil {
			outcome = a.reload(ctx)
		}
	}
}

// idle answers questions until it is time for the next step: after a while,
// shortly after something has changed, or at once to reload, and then it gives
// whom to answer.
func (a *App) idle(ctx context.Context, again time.Duration) (answer chan<- error) {
	timer := time.NewTimer(again)
	defer timer.Stop()
	wake := a.wake
	for {
		select {
		case <-ctx.Done():
			return nil
		case answer = <-a.reloads:
			return answer
		case ask := <-a.asks:
			ask()
		case <-wake:
			timer.Reset(a.settle())
			wake = nil // the rest of the burst comes along
		case <-timer.C:
			return nil
		}
	}
}

// settle is how long after a change to look: changes come in bursts, and a
// snapshot that takes long leaves some time to others, but not so much that an
// event would wait for a second.
func (a *App) settle() time.Duration {
	took := time.Duration(0)
	if now := a.state.Load(); now != nil {
		took = now.took
	}
	return min(max(settleDown, took/2), settleAtMost)
}

// watch follows the places of the configuration in place of those before.
func (a *App) watch(ctx context.Context) {
	a.watched()
	a.watched = func() {}
	if a.files == nil && a.stored == nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	a.watched = func() {
		cancel()
		running.Wait()
	}
	if a.stored != nil {
		running.Go(func() { a.stored.run(ctx, a.changed) })
		return
	}
	places := a.files.places()
	running.Go(func() {
		if err := folder.Watch(ctx, places, a.changed); err != nil {
			a.opts.Log.Warn("changes of files are found by looking from time to time only", "err", err)
		}
	})
}

// changed wakes the goroutine that runs.
func (a *App) changed() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// Step takes in what is new, makes the next snapshot and swaps it in, and gives
// the time after which to do so again. [App.Run] calls it; tests may instead, in
// one goroutine.
func (a *App) Step() (again time.Duration) { return a.step(context.Background()) }

func (a *App) step(ctx context.Context) (again time.Duration) {
	begun := time.Now()
	t, err := a.update(ctx)
	read := time.Since(begun)
	if err != nil {
		a.opts.Log.Error("the last good snapshot stays", "err", err)
	}
	a.show(t, read)
	if a.stored != nil && a.world != nil {
		a.stored.door.waits.applied(a.world.known)
	}
	again = min(a.config.Refresh, a.config.Rescan)
	if t.again > 0 {
		again = min(again, t.again)
	}
	// A snapshot that takes long is made less often, so that the processor has
	// other things to do for half of the time.
	if now := a.state.Load(); now != nil {
		again = max(again, now.took)
	}
	return again
}

// show makes the snapshot of what a feed gave, and swaps it in.
func (a *App) show(t turn, read time.Duration) {
	if t.world == nil || t.shown {
		a.swap(nil, nil)
		return
	}
	if t.world != a.world && a.world != nil {
		a.recomputed += int64(a.world.engine.Derived())
	}
	s, steps := t.world.advance(t.asOf, a.opts.Program, a.opts.TZData)
	steps["read"] = read
	if missed := t.world.engine.Missed(); len(missed) > 0 { // sums that lack something make no answer
		a.stored.shared.missed = missed
		a.swap(nil, nil)
		return
	}
	a.world = t.world
	a.swap(s, steps)
}

func (a *App) update(ctx context.Context) (turn, error) {
	switch {
	case a.demo != nil:
		return a.demo.update(a.opts.Now())
	case a.stored != nil:
		return a.stored.update(ctx), nil
	}
	w, again := a.files.update(time.Now())
	return turn{world: w, asOf: a.opts.Now(), again: again}, nil
}

// EndStreams ends the answers that go on until the program stops. It is for the
// beginning of the end: a web server that shuts down waits for every answer.
func (a *App) EndStreams() { a.quiet.tell() }

// Metrics is the page of metrics of the last snapshot.
func (a *App) Metrics() *metrics.Page { return a.state.Load().page }
