package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/saidi-exporter/saidi/source/push"
)

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
	err := a.replace(ctx)
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

// errStoreMoves says that a store cannot be changed under a running program.
var errStoreMoves = errors.New("the key \"store\" has changed: stop the program and start it again")

// replace makes a feed of the configuration as it is now and puts it in the
// place of the one in force, if it counts as much.
func (a *App) replace(ctx context.Context) error {
	config, err := a.opts.Load()
	if err != nil {
		return err
	}
	if config.Store != a.config.Store {
		return errStoreMoves
	}
	access, err := accessOf(config, a.opts.Users)
	if err != nil {
		return err
	}
	if a.stored != nil {
		err = a.replaceStored(ctx, config, access)
	} else {
		err = a.replaceFiles(config)
	}
	if err == nil {
		a.access.Store(access)
	}
	return err
}

// replaceFiles makes a feed of files.
func (a *App) replaceFiles(config *Config) error {
	f, err := a.newFiles(config)
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

// replaceStored makes a feed of the same store.
func (a *App) replaceStored(ctx context.Context, config *Config, access *push.Access) error {
	f, err := newStored(config, a.store, access, &a.opts)
	if err != nil {
		return err
	}
	f.inherit(a.stored)
	if f.update(ctx).world == nil && a.stored.world != nil {
		if f.fault == nil {
			return errNothing
		}
		return fmt.Errorf("recall the store: %w", f.fault)
	}
	a.config = config
	a.follow(f)
	return nil
}
