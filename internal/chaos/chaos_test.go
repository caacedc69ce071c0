package chaos

import (
	"cmp"
	"context"
	"os"
	"strconv"
	"testing"
	"time"
)

// bound is how long a run takes at most where nothing else is said.
const bound = 20 * time.Minute

// The exporter is killed again and again, and is right after each restart.
func TestKills(t *testing.T) {
	t.Parallel()
	if os.Getenv("SAIDI_CHAOS") == "" {
		t.Log("kills of the exporter: SAIDI_CHAOS=200 go test ./internal/chaos, or make chaos")
		return
	}
	begun := time.Now()
	kills := number(t, "SAIDI_CHAOS", 0)
	seed := number(t, "SAIDI_CHAOS_SEED", uint64(begun.UnixNano()%1_000_000))
	most := bound
	if text := os.Getenv("SAIDI_CHAOS_TIME"); text != "" {
		var err error
		if most, err = time.ParseDuration(text); err != nil {
			t.Fatalf("SAIDI_CHAOS_TIME: %v", err)
		}
	}
	dir, err := os.MkdirTemp("", "saidi-chaos-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // after the servers have ended
		if !t.Failed() {
			_ = os.RemoveAll(dir)
		}
	})
	t.Logf("SAIDI_CHAOS_SEED=%d, in %s", seed, dir)
	r := newRun(t, seed, dir)
	err = r.all(t.Context(), int(kills), begun.Add(most))
	t.Logf("%s%.0f s in all", r.summary(), time.Since(begun).Seconds())
	if err != nil {
		t.Fatalf("SAIDI_CHAOS_SEED=%d, after %d kills; everything is kept in %s: %v", seed, r.kills, dir, err)
	}
	if r.kills < int(kills) {
		t.Logf("%d of %d kills in the time given", r.kills, kills)
	}
	if r.kills == 0 {
		t.Error("no kill in the time given")
	}
}

// number reads a variable.
func number(t *testing.T, name string, usual uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// The time that is kept for the last checks: a part of it all, and no less than
// servers take on a busy machine.
const (
	closing      = 8
	leastClosing = 12 * time.Second
)

// all runs until there were enough kills, or there is only time for the end.
func (r *run) all(ctx context.Context, kills int, until time.Time) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer r.producers.Wait()
	defer cancel(nil)
	defer func() {
		if r.exporter.Program != nil && !r.exporter.Gone() {
			_ = r.exporter.kill()
		}
	}()
	last := until.Add(-max(time.Until(until)/closing, leastClosing))
	if err := r.begin(ctx, func(err error) { cancel(err) }); err != nil {
		return err
	}
	for r.kills < kills && time.Now().Before(last) {
		if err := r.round(ctx); err != nil {
			return cause(ctx, err)
		}
	}
	return cause(ctx, r.finish(ctx))
}

// cause is the failure of a producer, if that is what ended everything.
func cause(ctx context.Context, err error) error { return cmp.Or(context.Cause(ctx), err) }
