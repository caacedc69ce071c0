package engine_test

import (
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// watch is a watch with a rule of every kind.
func watch() *engine.Watch {
	return &engine.Watch{Repeats: []reliability.RepeatRule{{MoreThan: 1}, {MoreThan: 1, Within: 86400}, {MoreThan: 0, PreArranged: true}}}
}

// yearsOf lists the years in which anything of a case happens, and the ones
// beside them.
func yearsOf(in refInput) []int {
	all := instantsOf(in)
	var years []int
	for y := (period.YearStart{}).YearOf(all[0], in.Zone) - 1; y <= (period.YearStart{}).YearOf(all[len(all)-1], in.Zone)+1; y++ {
		years = append(years, y)
	}
	return years
}

// The causes of an area, and its feeders, each add up to all that counts there in
// a year.
func TestLawStandoutAddsUp(t *testing.T) {
	t.Parallel()
	var counted atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, rapid.IntRange(1, 2).Draw(t, "workers"))
		for _, y := range yearsOf(in) {
			tally := e.Tally(period.YearStart{}.Year(y, in.Zone), nil)
			want := map[outage.Area]int64{}
			for s := range tally.Strata {
				area, _ := e.Base().Stratum(s)
				for n := range tally.Strata[s] {
					for b := range tally.Strata[s][n] {
						want[area] += tally.Strata[s][n][b].Seconds
					}
				}
				if want[area] == 0 {
					delete(want, area)
				}
			}
			counted.Add(int64(len(want)))
			s := e.Standout(y)
			for name, costs := range map[string][]engine.Cost{"causes": s.Causes, "feeders": s.Feeders} {
				got := map[outage.Area]int64{}
				for _, c := range costs {
					got[c.Area] += c.Milli
				}
				if diff := gocmp.Diff(want, got); diff != "" {
					t.Fatalf("%s of %d (-sums +got):\n%s", name, y, diff)
				}
			}
		}
	})
	if counted.Load() == 0 {
		t.Error("nothing counted in any year")
	}
}

// However the clock moves and the rows arrive, the same stands out as when all of
// it is counted at once.
func TestLawStandoutAnyWay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		at, one := loaded(t, in, 2), oneByOne(t, in)
		for _, y := range yearsOf(in) {
			if diff := gocmp.Diff(at.Standout(y), one.Standout(y)); diff != "" {
				t.Fatalf("%d (-at once +one by one):\n%s", y, diff)
			}
		}
	})
}

// Whom a repeat rule holds for, by brute force over the pieces.
func TestLawRepeats(t *testing.T) {
	t.Parallel()
	var held atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		if !e.Base().HasUnits() {
			return
		}
		starts := map[int32][]unitStart{}
		e.Pieces(func(p *reliability.Piece, _ int) {
			if p.Unit != reliability.Nowhere && p.Interrupted > 0 {
				starts[p.Unit] = append(starts[p.Unit], unitStart{p.From, p.Nature.PreArranged(), p.Stratum, p.Interrupted})
			}
		})
		for _, y := range yearsOf(in) {
			want := make([][]int64, e.Base().Strata())
			for s := range want {
				want[s] = make([]int64, len(watch().Repeats))
			}
			for _, list := range starts {
				slices.SortStableFunc(list, func(a, b unitStart) int { return int(a.at - b.at) })
				for n, rule := range watch().Repeats {
					if s, ok := brokenBy(list, rule, period.YearStart{}.Year(y, in.Zone)); ok {
						want[s.stratum][n] += s.milli
						held.Add(1)
					}
				}
			}
			if diff := gocmp.Diff(want, e.Standout(y).Repeats); diff != "" {
				t.Fatalf("%d (-brute force +got):\n%s", y, diff)
			}
		}
	})
	if held.Load() == 0 {
		t.Error("no rule ever held")
	}
}

type unitStart struct {
	at          int64
	preArranged bool
	stratum     int32
	milli       int64
}

// brokenBy finds the interruption by which a rule holds in a year, by trying each
// with all before it.
func brokenBy(list []unitStart, rule reliability.RepeatRule, year period.Period) (unitStart, bool) {
	for i, last := range list {
		if !year.Holds(last.at) || rule.PreArranged && !last.preArranged {
			continue
		}
		n := 0
		for _, s := range list[:i+1] {
			near := rule.Within == 0 && year.Holds(s.at) || rule.Within > 0 && last.at-s.at < rule.Within
			if near && (!rule.PreArranged || s.preArranged) {
				n++
			}
		}
		if n > rule.MoreThan {
			return last, true
		}
	}
	return unitStart{}, false
}

// Who is out at an instant is what a second of it costs.
func TestLawOut(t *testing.T) {
	t.Parallel()
	var out atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		for range 3 {
			out.Add(checkOut(t, e, drawInstant(t, in, "instant")))
		}
	})
	if out.Load() == 0 {
		t.Error("nobody was ever out")
	}
}

// checkOut holds who is out at an instant against what a second of it costs, and
// gives how many are.
func checkOut(t *rapid.T, e *engine.Engine, at int64) (sum int64) {
	e.Advance(at)
	got := e.Out()
	e.Advance(at + 1)
	tally := e.Tally(period.Period{From: at, To: at + 1}, nil)
	for s, o := range got {
		var want int64
		for n := range tally.Strata[s] {
			for b := range tally.Strata[s][n] {
				want += tally.Strata[s][n][b].Seconds
			}
		}
		if o.Interrupted != want || (o.Interrupted == 0 && o.Events > 0) {
			t.Fatalf("stratum %d at %d: %+v are out, the second counts %d", s, at, o, want)
		}
		sum += o.Interrupted
	}
	return sum
}

// Outages that go on, by hand: E1 is in two classes and counts in the larger one,
// E2 has two stages of which one is over, E3 begins at the instant, E4 ends at it.
func TestOutEvents(t *testing.T) {
	t.Parallel()
	base := []outage.Customers{refServed("f1", "a", "rural", 60), refServed("f1", "a", "town", 40), refServed("f2", "a", "rural", 100)}
	on := func(feeder, stage string) func(*outage.Event) {
		return func(e *outage.Event) { e.Feeder, e.Stage = feeder, stage }
	}
	in := refCase(base, outage.RepeatedReject,
		refOut("E1", "2022-05-01 08:00", "2022-05-01 12:00", 10, on("f1", "")),
		refOut("E2", "2022-05-01 08:00", "2022-05-01 09:00", 5, on("f2", "1")),
		refOut("E2", "2022-05-01 08:00", "2022-05-01 11:00", 7, on("f2", "2")),
		refOut("E3", "2022-05-01 10:00", "2022-05-01 11:00", 1, on("f2", "")),
		refOut("E4", "2022-05-01 08:00", "2022-05-01 10:00", 20, on("f2", "")))
	e := loaded(t, in, 1)
	e.Advance(refAt("2022-05-01 10:00"))
	got := map[outage.Class]engine.Out{}
	for s, o := range e.Out() {
		if _, class := e.Base().Stratum(s); o != (engine.Out{}) {
			got[class] = o
		}
	}
	want := map[outage.Class]engine.Out{"rural": {Interrupted: 14_000, Events: 3}, "town": {Interrupted: 4_000}}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
