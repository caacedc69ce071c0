package engine_test

import (
	"math"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// sharesOf gives the share of feeder f1, and what it was made of.
func sharesOf(t testing.TB, in refInput, ask *engine.Ask) (*engine.Engine, *engine.Share) {
	t.Helper()
	e := loaded(t, in, 1)
	return e, e.Shares([]string{"f1"}, ask)[0]
}

// A share holds until something begins, or until shortly before something that runs
// ends.
func TestShareIsDue(t *testing.T) {
	t.Parallel()
	base := []outage.Customers{refServed("f1", "a", "rural", 10)}
	asOf := refAt("2022-05-02 00:00")
	tests := []struct {
		name   string
		events []outage.Event
		want   int64
	}{
		{"nothing was told", nil, math.MaxInt64},
		{"all is over", []outage.Event{refOut("A", "2022-05-01 08:00", "2022-05-01 10:00", 5)}, math.MaxInt64},
		{"over at as-of", []outage.Event{refOut("A", "2022-05-01 08:00", "2022-05-02 00:00", 5)}, math.MaxInt64},
		{"without an end", []outage.Event{refOut("A", "2022-05-01 08:00", "", 5)}, refAt("2022-12-31 23:59:59")},
		{"until an end", []outage.Event{refOut("A", "2022-05-01 08:00", "2022-05-02 10:00", 5)}, refAt("2022-05-02 09:59:59")},
		{"yet to come", []outage.Event{refOut("A", "2022-05-03 08:00", "2022-05-03 10:00", 5)}, refAt("2022-05-03 08:00")},
		{"begins at as-of", []outage.Event{refOut("A", "2022-05-02 00:00", "2022-05-03 10:00", 5)}, asOf + 1},
		{"ends a second later", []outage.Event{refOut("A", "2022-05-01 00:00", "2022-05-02 00:00:01", 5)}, asOf + 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, s := sharesOf(t, refCase(base, outage.RepeatedReject, tt.events...).asOf("2022-05-02 00:00"), &engine.Ask{})
			if s.Name != "f1" || s.AsOf != asOf || s.Due != tt.want {
				t.Errorf("the share of %q holds from %d to %d, want that of f1 from %d to %d", s.Name, s.AsOf, s.Due, asOf, tt.want)
			}
		})
	}
}

// An engine of shares is refused at an instant at which they do not hold, and of
// shares that cannot be read.
func TestTogetherRefuses(t *testing.T) {
	t.Parallel()
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject,
		refOut("A", "2022-05-01 08:00", "2022-05-02 10:00", 5)).asOf("2022-05-02 00:00")
	tests := []struct {
		name    string
		change  func(s *engine.Share)
		asOf    string
		streams int
		want    string
	}{
		{"at as-of", nil, "2022-05-02 00:00", 1, ""},
		{"shortly before something ends", nil, "2022-05-02 09:59:58", 1, ""},
		{"as something ends", nil, "2022-05-02 10:00", 1, "has to be worked out anew from 2022-05-02T01:59:59Z on"},
		{"before as-of", nil, "2022-05-01 23:59:59", 1, "a share is of 2022-05-01T16:00:00Z, after 2022-05-01T15:59:59Z"},
		{"without its stream", nil, "2022-05-02 00:00", 0, "a row is of account 0 of 0"},
		{"cut off", func(s *engine.Share) { s.Going = s.Going[:len(s.Going)-3] }, "2022-05-02 00:00", 1, "cut off"},
		{"of another version", func(s *engine.Share) { s.Going[0]++ }, "2022-05-02 00:00", 1, "another version"},
		{"an entry of no kind", func(s *engine.Share) { s.Entries[0].Kind = 200 }, "2022-05-02 00:00", 1, "not of this ask, base or version"},
		{"an entry of no key", func(s *engine.Share) { s.Entries = []engine.Entry{{Kind: 8, Key: "rural"}} }, "2022-05-02 00:00", 1, "key of an entry"},
		{"a day sum of no stratum", func(s *engine.Share) { s.Days[0].Stratum = 77 }, "2022-05-02 00:00", 1, "not of this base or time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, s := sharesOf(t, in, &engine.Ask{})
			if tt.change != nil {
				tt.change(s)
			}
			sum := engine.NewTogether(e.Base(), engine.Options{Zone: in.Zone, Watch: watch()}, &engine.Ask{})
			sum.Add(s)
			got, err := sum.Engine(refAt(tt.asOf), []*outage.Delivery{{}}[:tt.streams])
			switch {
			case tt.want == "" && (err != nil || !got.Partial()):
				t.Errorf("want an engine, got %v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("the error is %v, want one with %q", err, tt.want)
			}
		})
	}
}

// What shares were not asked for is told to be missing, and never wrong in
// silence.
func TestMissed(t *testing.T) {
	t.Parallel()
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject,
		refOut("A", "2022-05-01 08:00", "2022-05-02 10:00", 5)).asOf("2022-06-01 00:00")
	day := period.Period{From: refAt("2022-05-01 00:00"), To: refAt("2022-05-02 00:00")}
	noon := period.Period{From: refAt("2022-05-01 12:00"), To: in.AsOf}
	ieee, _ := reliability.SetByID(reliability.IEEE)
	tests := []struct {
		name string
		ask  func(*engine.Engine)
		want int
	}{
		{"whole days", func(e *engine.Engine) { e.Tally(day, nil) }, 0},
		{"a day that is hot", func(e *engine.Engine) { e.Tally(noon, nil) }, 0},
		{"a day that is not", func(e *engine.Engine) { e.Tally(period.Period{From: noon.From + 86400, To: noon.To}, nil) }, 1},
		{"twice", func(e *engine.Engine) {
			e.Tally(period.Period{From: noon.From + 86400, To: noon.To}, nil)
			e.Tally(period.Period{From: noon.From + 86400, To: noon.To}, nil)
		}, 2},
		{"suspicions", func(e *engine.Engine) { e.Suspicions() }, 1},
		{"excluded rows", func(e *engine.Engine) { e.ExcludedRows() }, 1},
		{"ahead", func(e *engine.Engine) { e.Ahead(in.AsOf+1, func(*reliability.Piece) {}) }, 1},
		{"a census by other years", func(e *engine.Engine) { e.Census(period.YearStart{Month: 4, Day: 1}) }, 1},
		{"silences", func(e *engine.Engine) { e.Silences(day) }, 1},
		{"feeders", func(e *engine.Engine) { e.Feeders([]int{0}, day, ieee, nil) }, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ask := &engine.Ask{Hot: []period.Period{day}}
			e, s := sharesOf(t, in, ask)
			sum := engine.NewTogether(e.Base(), engine.Options{Zone: in.Zone, Watch: watch()}, ask)
			sum.Add(s)
			got, err := sum.Engine(in.AsOf, []*outage.Delivery{{}})
			if err != nil {
				t.Fatal(err)
			}
			if tt.ask(got); len(got.Missed()) != tt.want {
				t.Errorf("missed %v, want %d", got.Missed(), tt.want)
			}
		})
	}
}

func TestAskCovers(t *testing.T) {
	t.Parallel()
	day := func(n int64) period.Period { return period.Period{From: n * 86400, To: (n + 1) * 86400} }
	ask := engine.Ask{
		Hot: []period.Period{day(1), day(2), day(5)}, Ahead: []int64{9, 99}, Silences: day(0), Pools: [][]int{{0}, {0, 1}},
		Identities: []engine.IdentityAsk{{Window: day(3), Set: reliability.SAIDI1}}, Feeders: []period.Period{day(4)}, FeederSet: reliability.SAIDI1, Suspicions: true,
	}
	tests := []struct {
		name   string
		change func(o *engine.Ask)
		want   bool
	}{
		{"itself", func(*engine.Ask) {}, true},
		{"two days that are next to each other", func(o *engine.Ask) { o.Hot = []period.Period{{From: day(1).From, To: day(2).To}} }, true},
		{"a day that is not hot", func(o *engine.Ask) { o.Hot = []period.Period{day(3)} }, false},
		{"less", func(o *engine.Ask) { *o = engine.Ask{Silences: day(0)} }, true},
		{"other silences", func(o *engine.Ask) { o.Silences = day(1) }, false},
		{"another end of time", func(o *engine.Ask) { o.Ahead = []int64{10} }, false},
		{"another pool", func(o *engine.Ask) { o.Pools = [][]int{{1}} }, false},
		{"another window of identities", func(o *engine.Ask) { o.Identities = []engine.IdentityAsk{{Window: day(4), Set: reliability.SAIDI1}} }, false},
		{"another window of feeders", func(o *engine.Ask) { o.Feeders = []period.Period{day(3)} }, false},
		{"feeders by another set", func(o *engine.Ask) { o.FeederSet = reliability.IEEE }, false},
		{"other years", func(o *engine.Ask) { o.Years.Month = 4 }, false},
		{"excluded rows", func(o *engine.Ask) { o.Exclusions = true }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := ask
			tt.change(&o)
			if got := ask.Covers(&o); got != tt.want {
				t.Errorf("covers: %v, want %v", got, tt.want)
			}
		})
	}
}

// Whatever stands for what goes on, it is read or refused.
func FuzzGoing(f *testing.F) {
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject,
		refOut("A", "2022-05-01 08:00", "", 5), refOut("B", "2022-05-03 08:00", "2022-05-03 09:00", 5)).asOf("2022-05-02 00:00")
	e, s := sharesOf(f, in, &engine.Ask{})
	f.Add(s.Going)
	f.Add([]byte{1, 2, 0})
	f.Fuzz(func(t *testing.T, going []byte) {
		sum := engine.NewTogether(e.Base(), engine.Options{Zone: in.Zone, Watch: watch()}, &engine.Ask{})
		sum.AddSums(s.Days, s.Entries)
		sum.AddGoing(s.AsOf, s.Due, s.First, s.Last, going)
		got, err := sum.Engine(s.AsOf+60, []*outage.Delivery{{}})
		if err != nil {
			return
		}
		if got.Quality(); !got.Partial() {
			t.Error("an engine of shares says that it has all rows")
		}
	})
}
