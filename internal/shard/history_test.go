package shard

import (
	"fmt"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/saidi-exporter/saidi/internal/program"
)

// A chronicle is told to two exporters over a cluster, and to one over its disk.
type chronicle struct {
	*pair
	alone *exporter
	steps int
	knew  []int64 // the sequences that were checked
}

// Whatever is told to either exporter, both say what the one that stands alone
// says, step by step.
func testHistory(t *testing.T, s *station) {
	c := &chronicle{pair: s.pair(t), alone: s.exporter(t, "store")}
	c.alone.start(t)
	a := newAuthor("E", 1)
	c.base(t, firstBase())
	first := c.events(t, "events", a.fresh(600))
	c.events(t, "events that go on, and of feeders and areas that the base does not know", append(a.fresh(50), a.loose(40)...))
	c.events(t, "corrections", a.revised(80, a.corrected))
	c.events(t, "events that moved", a.revised(80, a.moved))
	c.events(t, "cancellations", a.revised(40, func(r *record) { r.Cancelled = true }))
	c.events(t, "events that moved again, and are not cancelled any more", a.revised(80, func(r *record) { a.moved(r); r.Cancelled = false }))
	c.base(t, secondBase(a.begin.AddDate(0, 6, 0)))
	late := c.events(t, "events behind the new base", append(a.fresh(50), a.revised(50, a.corrected)...))
	c.withdraw(t, late)
	c.withdraw(t, first)
	c.events(t, "events behind the withdrawals", append(a.fresh(20), a.revised(100, a.moved)...))
	c.earlier(t)
	c.back(t)
}

// next is the exporter whose turn it is.
func (c *chronicle) next() int {
	c.steps++
	return c.steps % len(c.both)
}

func (c *chronicle) base(t *testing.T, text []byte) {
	t.Helper()
	c.told(t, "/api/v1/base", text)
	c.check(t, "a base")
}

// events tells of events and gives the number of the delivery.
func (c *chronicle) events(t *testing.T, what string, list []record) int64 {
	t.Helper()
	text := lines(t, list)
	r := c.told(t, "/api/v1/events", text)
	if again := c.tell(t, c.next(), "/api/v1/events", text); !again.Again || again.Delivery != r.Delivery {
		t.Fatalf("%s, told again: %+v, want the receipt %+v", what, again, r)
	}
	if said := c.check(t, what); said.Quality.Accepted == 0 || len(said.Indices) == 0 {
		t.Fatalf("after %s nothing counts", what)
	}
	return r.Delivery
}

// told tells all the same.
func (c *chronicle) told(t *testing.T, path string, text []byte) receipt {
	t.Helper()
	got, want := c.tell(t, c.next(), path, text), c.alone.push(t, path, text)
	if got != want {
		t.Fatalf("the receipt is %+v, want %+v", got, want)
	}
	return got
}

// withdraw takes a delivery back; a store on disk has to be let go for that.
func (c *chronicle) withdraw(t *testing.T, delivery int64) {
	t.Helper()
	c.alone.End(syscall.SIGTERM)
	for _, store := range []string{c.folder(), c.store} {
		program.Output(t, t.TempDir(), c.saidi, "store", "withdraw", "--reason", "a mistake", store, fmt.Sprint(delivery))
	}
	c.alone.start(t)
	c.last++ // a withdrawal takes one
	c.check(t, fmt.Sprintf("the withdrawal of delivery %d", delivery))
}

func (c *chronicle) folder() string { return filepath.Join(c.alone.dir, "store") }

// check holds what the exporters and the commands say against the one that stands
// alone.
func (c *chronicle) check(t *testing.T, what string) *shown {
	t.Helper()
	said := c.settled(t)
	c.knew = append(c.knew, c.last)
	want := []byte(c.report(t, c.folder(), said.instant()...))
	sameShown(t, "after "+what+" the exporters and the store on disk", said.text, want)
	same(t, "after "+what+" the cluster and the store on disk", []byte(c.report(t, c.store, said.instant()...)), want)
	if t.Failed() {
		t.FailNow() // all that comes behind it would differ, too
	}
	return said
}

// earlier compares what was known earlier, by the base and with the deliveries of
// then.
func (c *chronicle) earlier(t *testing.T) {
	t.Helper()
	for i := 1; i < len(c.knew); i += 2 {
		known := c.knew[i]
		at := []string{"--format", "json", "--known-at", fmt.Sprint(known)}
		same(t, fmt.Sprintf("as known at %d, the cluster and the store on disk", known), []byte(c.report(t, c.store, at...)), []byte(c.report(t, c.folder(), at...)))
	}
}

// back copies the cluster into a folder, which then is as the store that stands
// alone.
func (c *chronicle) back(t *testing.T) {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "copied")
	program.Output(t, t.TempDir(), c.saidi, "store", "copy", c.store, copied)
	said := c.settled(t)
	same(t, "the cluster and its copy on disk", []byte(c.report(t, c.store, said.instant()...)), []byte(c.report(t, copied, said.instant()...)))
}
