package app

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/source/folder"
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
	wake    chan struct{}      // something may have changed
	reloads chan chan<- error  // asks for a reload, and gets its outcome
	watched context.CancelFunc // ends the watching of the places of the last configuration

	// Of the goroutine that runs.
	config     *Config
	files      *files // nil in the demo
	demo       *demo  // nil but in the demo
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
		opts: o, started: time.Now(), wake: make(chan struct{}, 1), reloads: make(chan chan<- error),
		faults: map[string]web.Fault{}, watched: func() {},
	}
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
	a.config, a.files, err = a.load()
	return err
}

// load makes a feed of the configuration as it is now.
func (a *App) load() (*Config, *files, error) {
	config, err := a.opts.Load()
	if err != nil {
		return nil, nil, err
	}
	if len(config.Base) > 0 && len(config.Sources) == 0 {
		a.opts.Log.Warn("the configuration names no sources: there are no events to follow")
	}
	f, err := newFiles(config, a.opts.Read, a.opts.ReadBase)
	return config, f, err
}

// demoRefresh is the time between two snapshots of the demo.
const demoRefresh = 2 * time.Second

// settleDown is how long after a change to look, as changes come in bursts.
const settleDown = 100 * time.Millisecond

// Run counts, follows and serves reloads until ctx is done.
func (a *App) Run(ctx context.Context) error {
	defer func() { a.watched() }()
	a.watch(ctx)
	var outcome error
	var answer chan<- error // nil while nobody waits for the outcome of a reload
	for {
		again := a.Step()
		if answer != nil { // only now, so that whoever asked finds what came out of it
			answer <- outcome
			answer = nil
		}
		select {
		case <-ctx.Done():
			return nil
		case answer = <-a.reloads:
			outcome = a.reload(ctx)
		case <-a.wake:
			select {
			case <-time.After(settleDown):
			case <-ctx.Done():
				return nil
			}
		case <-time.After(again):
		}
	}
}

// watch follows the places of the configuration in place of those before.
func (a *App) watch(ctx context.Context) {
	a.watched()
	if a.files == nil {
		return
	}
	ctx, a.watched = context.WithCancel(ctx)
	places := a.files.places()
	go func() {
		if err := folder.Watch(ctx, places, a.changed); err != nil {
			a.opts.Log.Warn("changes of files are found by looking from time to time only", "err", err)
		}
	}()
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
func (a *App) Step() (again time.Duration) {
	begun := time.Now()
	t, err := a.update()
	read := time.Since(begun)
	if err != nil {
		a.opts.Log.Error("the last good snapshot stays", "err", err)
	}
	if t.world != a.world && a.world != nil {
		a.recomputed += int64(a.world.engine.Derived())
	}
	if t.world != nil {
		a.world = t.world
		s, steps := t.world.advance(t.asOf, a.opts.Program, a.opts.TZData)
		steps["read"] = read
		a.swap(s, steps)
	} else {
		a.swap(nil, nil)
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

func (a *App) update() (turn, error) {
	if a.demo != nil {
		return a.demo.update(a.opts.Now())
	}
	w, again := a.files.update(time.Now())
	return turn{world: w, asOf: a.opts.Now(), again: again}, nil
}

// Reload reads the configuration and everything it names again, and swaps what
// comes out of it in; where something is wrong the last good snapshot stays.
func (a *App) Reload(ctx context.Context) error {
	answer := make(chan error, 1)
	select {
	case a.reloads <- answer:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *App) reload(ctx context.Context) error {
	if a.demo != nil {
		return errDemo
	}
	err := a.replace()
	a.reloadErr = err
	if err != nil {
		a.opts.Log.Error("reload: the last good snapshot stays", "err", err)
		return err
	}
	a.reloadTime = time.Now()
	a.opts.Log.Info("reloaded")
	a.watch(ctx)
	return nil
}

// errDemo says that there is nothing to reload, which is no fault.
var errDemo = errors.New("the demo has no configuration to reload")

// errNothing says that a reload found no base to count against.
var errNothing = errors.New("the customer base cannot be read, see the faults")

// replace makes a feed of the configuration as it is now and puts it in the
// place of the one in force, if it counts as much.
func (a *App) replace() error {
	config, f, err := a.load()
	if err != nil {
		return err
	}
	w, _ := f.update(time.Now())
	if w == nil && a.files.world != nil {
		return errors.Join(append([]error{errNothing}, f.errs()...)...)
	}
	if err := a.files.lost(f); err != nil {
		return err
	}
	f.inherit(a.files)
	a.config, a.files = config, f
	return nil
}

// Metrics is the page of metrics of the last snapshot.
func (a *App) Metrics() *metrics.Page { return a.state.Load().page }
