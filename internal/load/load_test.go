package load

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
)

// A plan is how much is measured.
type plan struct {
	units int // transformers

	turns int           // of each side
	turn  time.Duration // at most
	most  [3]int        // pushes a turn at most, of bodies of 1, 100 and 10 000 rows

	hour   int           // deliveries of the hour
	more   []int         // and behind it
	stage  time.Duration // for one number of them, at most
	rounds int           // outages of each transformer in the store
	starts int
	news   int // single events told to the store
}

// rate is how many events come a second on a bad storm day: see the page.
const rate = 10

// plans are what SAIDI_LOAD may say.
func plans() map[string]plan {
	return map[string]plan{
		"quick": {
			units: 8_000, turns: 1, turn: 300 * time.Millisecond, most: [3]int{500, 60, 3},
			hour: 500, more: []int{500}, stage: 1500 * time.Millisecond, rounds: 22, starts: 1, news: 3,
		},
		"full": {
			units: 400_000, turns: 2, turn: 4 * time.Second, most: [3]int{20_000, 1500, 20},
			hour: 3600 * rate, more: []int{100_000, 100_000}, stage: 75 * time.Second, rounds: 22, starts: 3, news: 10,
		},
	}
}

// The exporter is told many events, and what it says is right. How long it took
// is printed.
func TestLoad(t *testing.T) {
	t.Parallel()
	name := os.Getenv("SAIDI_LOAD")
	if name == "" {
		t.Log("figures under load: SAIDI_LOAD=quick go test -v ./internal/load, or make load")
		return
	}
	p, ok := plans()[name]
	if !ok {
		t.Fatalf("SAIDI_LOAD=%s: want quick or full", name)
	}
	begun := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	f := &figures{Plan: name, Rate: rate}
	var err error
	if f.Machine, err = machineOf(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	saidi := program.Saidi(t)
	for _, stage := range []struct {
		name string
		run  func(context.Context, *bench, *figures) error
	}{
		{"pushes", pushes}, {"memory", memory}, {"restart", restart},
	} {
		b := &bench{plan: p, program: saidi, dir: t.TempDir(), place: placeOf(p.units), log: t.Logf, now: begun.Unix()}
		if err := stage.run(ctx, b, f); err != nil {
			t.Fatalf("%s: %v", stage.name, err)
		}
		t.Logf("%s: done after %.0f s", stage.name, time.Since(begun).Seconds())
	}
	f.Seconds = int(time.Since(begun).Seconds())
	text := page(f)
	t.Logf("\n%s", text)
	if path := os.Getenv("SAIDI_LOAD_OUT"); path != "" {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A bench is what one stage works with: a folder of its own.
type bench struct {
	plan
	program, dir string
	place        place
	log          func(format string, args ...any)
	now          int64 // UTC seconds, the end of all that is told
}

// serving makes a store with the customers, starts the program over it, and stops
// it after the work.
func (b *bench) serving(ctx context.Context, work func(*exporter) error) error {
	if err := b.place.found(ctx, b.dir, nil); err != nil {
		return err
	}
	x, err := newExporter(b)
	if err != nil {
		return err
	}
	defer x.kill()
	if _, err := x.start(ctx); err != nil {
		return err
	}
	if err := work(x); err != nil {
		return err
	}
	return x.stop()
}
