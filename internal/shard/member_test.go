package shard

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/internal/program"
)

// What the exporters say of the shared work.
const (
	statusPage = "/"
	shardUp    = "outage_cluster_shard_up"
	members    = "outage_cluster_members"
	slotsOwned = "outage_cluster_slots"
	allSlots   = 256
)

// One exporter is killed, and the other answers for all; it comes back, and the
// work is shared.
func testMembers(t *testing.T, s *station) {
	p := s.pair(t)
	a := newAuthor("E", 3)
	p.tell(t, 0, "/api/v1/base", firstBase())
	p.tell(t, 1, "/api/v1/events", lines(t, a.fresh(2000)))
	p.settled(t)
	p.shared(t)
	p.sameMetrics(t)

	p.both[0].Kill()
	r := p.both[1].push(t, "/api/v1/events", lines(t, append(a.fresh(500), a.revised(500, a.moved)...)))
	p.last = r.Sequence.Last
	var said *shown
	timed(t, "the other answers for all", func() {
		program.Eventually(t, patience, "the other answers for all", func() (err error) {
			said, err = p.both[1].report(t.Context(), p.last)
			return err
		})
	})
	sameShown(t, "the exporter that is left and the command", said.text, []byte(s.report(t, p.store, said.instant()...)))
	p.both[1].owns(t, allSlots, allSlots)

	p.both[0].start(t)
	p.shared(t)
	p.tell(t, 0, "/api/v1/events", lines(t, append(a.fresh(200), a.revised(300, a.corrected)...)))
	p.settled(t)
	p.sameMetrics(t)
}

// shared waits until each has a good part of the slots.
func (p *pair) shared(t *testing.T) {
	t.Helper()
	timed(t, "the slots are shared", func() {
		for _, x := range p.both {
			x.owns(t, allSlots/4, allSlots*3/4)
		}
	})
}

// owns waits until an exporter has so many slots.
func (x *exporter) owns(t *testing.T, least, most float64) {
	t.Helper()
	program.Eventually(t, patience, "slots are taken over", func() error {
		samples, err := x.samples(t.Context())
		if err != nil {
			return err
		}
		if n := sum(samples, slotsOwned); n < least || n > most {
			return fmt.Errorf("it has %v slots of %v members, want %v to %v", n, sum(samples, members), least, most)
		}
		return nil
	})
}

// ownMetrics are those that tell of a process and its work, and not of outages.
var ownMetrics = regexp.MustCompile(`^outage_(cluster_|config_|source_|store_|push_|groups_recomputed_|ingest_|snapshot_(computed|duration)_)`)

// sameMetrics waits until both are of one instant, and compares all that they say
// of outages.
func (p *pair) sameMetrics(t *testing.T) {
	t.Helper()
	var all [2][]sample
	program.Eventually(t, patience, "the metrics are of one instant", func() (err error) {
		for i, x := range p.both {
			if all[i], err = x.samples(t.Context()); err != nil {
				return err
			}
		}
		if a, b := valueOf(all[0], asOf), valueOf(all[1], asOf); a != b || a == "" {
			return fmt.Errorf("%s is %q and %q", asOf, a, b)
		}
		return nil
	})
	got, want := ofOutages(all[1]), ofOutages(all[0])
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sample{})); diff != "" || len(want) < 100 {
		t.Errorf("of %d samples (-one +other):\n%.2000s", len(want), diff)
	}
}

// asOf is the metric with the instant of what is shown.
const asOf = "outage_snapshot_as_of_timestamp_seconds"

// ofOutages are the samples that tell of outages.
func ofOutages(all []sample) (list []sample) {
	for _, s := range all {
		if strings.HasPrefix(s.series, "outage_") && !ownMetrics.MatchString(s.series) {
			list = append(list, s)
		}
	}
	return list
}

// sum adds up the samples of a family.
func sum(list []sample, family string) (total float64) {
	for _, s := range list {
		if name, _, _ := strings.Cut(s.series, "{"); name == family {
			v, _ := strconv.ParseFloat(s.value, 64) // what is no number adds nothing
			total += v
		}
	}
	return total
}

// valueOf is the value of a series; "" where there is none.
func valueOf(list []sample, series string) string {
	for _, s := range list {
		if s.series == series {
			return s.value
		}
	}
	return ""
}
