package snapshot_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// An asking is a drawn province of which something is asked.
type asking struct {
	*province
	e *engine.Engine
	q snapshot.Question
}

// drawAsking draws a province without targets, which take most of the time that an
// answer takes.
func drawAsking(t *rapid.T) *asking {
	a := &asking{province: drawProvince(t, taste{})}
	untargeted := *a.policy
	untargeted.Targets = nil
	a.policy = &untargeted
	for i := range a.rows { // equal rows stay equal
		row := &a.rows[i]
		row.Cause = []string{"", "Tree", "wind"}[len(row.ID)*7%3]
		if row.Unit != "" {
			row.Cause = "wind"
		}
	}
	a.e = a.load(t, plainly(a.province))
	a.e.Advance(a.asOf)
	var sets []string
	for _, set := range reliability.Sets() {
		sets = append(sets, set.ID)
	}
	years := a.policy.YearStart
	w := years.Year(rapid.IntRange(lawYear-1, lawYear).Draw(t, "year asked"), a.policy.Zone)
	if rapid.IntRange(0, 2).Draw(t, "a part of the year") == 2 {
		half := w.Seconds() / 3600 / 2
		w = period.Period{From: w.From + rapid.Int64Range(0, half).Draw(t, "from")*3600, To: w.To - rapid.Int64Range(0, half-1).Draw(t, "to")*3600}
	}
	a.q = snapshot.Question{
		Scope: sampleOf(t, "scope asked", append([]string{"g", "whole", "whole", "whole"}, texts(a.areas)...)...),
		Class: sampleOf(t, "class asked", append([]string{"all", "all", "all"}, texts(a.classes)...)...),
		Index: sampleOf(t, "index asked", append(slices.Repeat([]string{reliability.SAIDI1}, len(sets)), sets...)...), Window: w,
	}
	return a
}

// passes says whether a line passes a filter, going by what it shows.
func passes(q *snapshot.EventsQuestion, l *snapshot.Line, ev *outage.Event) bool {
	fault := l.Nature == "fault_internal" || l.Nature == "fault_external"
	planned := strings.HasPrefix(l.Nature, "planned") || strings.HasPrefix(l.Nature, "short_notice") || strings.HasPrefix(l.Nature, "curtail")
	text := strings.ToLower(strings.Join([]string{l.EventID, l.Feeder, l.Unit, l.Cause, ev.TechnicalCause}, "\n"))
	switch {
	case q.Area != "" && q.Area != l.Area, q.Unit != "" && q.Unit != l.Unit, q.Cause != "" && q.Cause != l.Cause, q.EventID != "" && q.EventID != l.EventID:
		return false
	case q.Nature == snapshot.NatureFault && !fault, q.Nature == snapshot.NaturePreArranged && !planned:
		return false
	case !slices.Contains([]string{"", snapshot.NatureFault, snapshot.NaturePreArranged}, q.Nature) && q.Nature != l.Nature:
		return false
	}
	return strings.Contains(text, strings.ToLower(q.Text))
}

// drawFilter asks for the rows behind a number by up to two filters, often such as
// one of the lines passes.
func (a *asking) drawFilter(t *rapid.T, lines []snapshot.Line) snapshot.EventsQuestion {
	q := snapshot.EventsQuestion{
		Question: a.q, Sort: sampleOf(t, "sort", append(snapshot.Sorts(), "")...), Ascending: rapid.Bool().Draw(t, "ascending"), Limit: rapid.IntRange(1, 5).Draw(t, "page"),
	}
	of := rapid.SampledFrom(append(slices.Clone(lines), snapshot.Line{Area: "a", Unit: "nobody's", Cause: "Tree", EventID: "E1", Nature: "unknown"})).Draw(t, "line")
	for range rapid.IntRange(0, 2).Draw(t, "filters") {
		switch rapid.IntRange(0, 5).Draw(t, "filter") {
		case 0:
			q.Area = of.Area
		case 1:
			q.Nature = sampleOf(t, "nature", "fault", "pre-arranged", of.Nature)
		case 2:
			q.Unit = of.Unit
		case 3:
			q.Cause = of.Cause
		case 4:
			q.EventID = of.EventID
		default:
			q.Text = sampleOf(t, "text", strings.ToLower(of.EventID), "F0", "TREE", "u")
		}
	}
	return q
}

func sampleOf(t *rapid.T, label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(t, label)
}

// What a filter leaves adds up to what it says, and every cut into pages has each
// line once; without a filter these are the lines of the number.
func TestLawEventsAddUp(t *testing.T) {
	t.Parallel()
	var filtered atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsking(t)
		all, err := snapshot.Explain(a.e, a.policy, a.q)
		if err != nil {
			return
		}
		q := a.drawFilter(t, all.Lines)
		want := snapshot.EventSum{}
		var lines []snapshot.Line
		for i := range all.Lines {
			l := &all.Lines[i]
			if ev, _ := a.e.Event(a.rowOf(l.Row)); passes(&q, l, &ev) {
				lines = append(lines, *l)
				want = snapshot.EventSum{Rows: want.Rows + 1, CustomerSeconds: want.CustomerSeconds + l.CustomerSeconds, Interruptions: want.Interruptions + l.Interruptions}
			}
		}
		var got []snapshot.Line
		for {
			page, err := snapshot.Events(a.e, a.policy, q)
			if err != nil {
				t.Fatal(err)
			}
			if page.Matched != want || page.Rows != len(all.Lines) || page.CustomerSeconds != all.CustomerSeconds {
				t.Fatalf("matched %+v of %d rows and %v, want %+v of %d and %v", page.Matched, page.Rows, page.CustomerSeconds, want, len(all.Lines), all.CustomerSeconds)
			}
			got = append(got, page.Lines...)
			if q.Offset += q.Limit; q.Offset >= want.Rows {
				break
			}
		}
		slices.SortFunc(got, byPlace)
		slices.SortFunc(lines, byPlace)
		if diff := gocmp.Diff(lines, got); diff != "" {
			t.Fatalf("lines that pass (-) and all pages (+):\n%s", diff)
		}
		if len(lines) > 0 && len(lines) < len(all.Lines) {
			filtered.Add(1)
		}
	})
	if filtered.Load() == 0 {
		t.Error("no filter left a part of the lines")
	}
}

// rowOf finds the row of the engine with a number in the one file of a province.
func (p *province) rowOf(number int) int {
	at := number - 2
	rejected := 0
	for _, row := range p.rows[:at] {
		if row.rejected != "" {
			rejected++
		}
	}
	return at - rejected
}

// All feeders add up to the number, and what each adds is what its rows add.
func TestLawFeedersAddUp(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsking(t)
		a.q.Top = rapid.IntRange(0, 3).Draw(t, "top")
		list, err := snapshot.Feeders(a.e, a.policy, a.q)
		if err != nil {
			return
		}
		sum := list.Rest
		for _, f := range list.Lines {
			sum.CustomerSeconds += f.CustomerSeconds
			sum.Interruptions += f.Interruptions
			if f.Feeder == "" {
				continue
			}
			rows, err := snapshot.Events(a.e, a.policy, snapshot.EventsQuestion{Question: a.q, Area: f.Area, Feeder: f.Feeder})
			if err != nil {
				t.Fatal(err)
			}
			if want := (snapshot.EventSum{Rows: f.Rows, CustomerSeconds: f.CustomerSeconds, Interruptions: f.Interruptions}); rows.Matched != want {
				t.Fatalf("rows on %s in %s: %+v, the list has %+v", f.Feeder, f.Area, rows.Matched, want)
			}
			seen.Add(1)
		}
		if sum.CustomerSeconds != list.CustomerSeconds || sum.Interruptions != list.Interruptions {
			t.Fatalf("feeders add up to %v and %v, the number is %v and %v", sum.CustomerSeconds, sum.Interruptions, list.CustomerSeconds, list.Interruptions)
		}
	})
	if seen.Load() == 0 {
		t.Error("no feeder was looked at")
	}
}

// Who is out now is the same by outages, by areas and by scopes, and an event has
// one line for a feeder, area, class, nature and cause.
func TestLawLive(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsking(t)
		s := snapshot.Build(a.e, a.policy, snapshot.Options{Detail: true})
		want, got := map[[2]string]snapshot.Milli{}, map[[2]string]snapshot.Milli{}
		var whole snapshot.LiveScope
		for _, o := range s.Detail.Out {
			if o.Interrupted != 0 {
				want[[2]string{o.Area, o.Class}] += o.Interrupted
			}
			whole.Served += o.Served
			whole.Interrupted += o.Interrupted
			whole.Outages += o.Events
		}
		lines := map[[7]string]bool{}
		for _, o := range s.Live.Outages {
			got[[2]string{o.Area, o.Class}] += o.Customers
			line := [7]string{o.Source, o.EventID, o.Feeder, o.Area, o.Class, o.Nature, o.Cause}
			if o.Rows < 1 || o.EventID != "" && lines[line] {
				t.Fatalf("%+v is there twice, or of no row", o)
			}
			lines[line] = true
			seen.Add(1)
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("out (-) and by outages (+):\n%s", diff)
		}
		whole.Scope, whole.Level = "whole", snapshot.LevelWhole
		if last := s.Live.Scopes[len(s.Live.Scopes)-1]; last != whole {
			t.Fatalf("the whole: %+v, want %+v", last, whole)
		}
	})
	if seen.Load() == 0 {
		t.Error("nothing was ever out")
	}
}

// A curve ends with the hours that the answer has, to the last bit, and at every
// midnight it has those of the answer of that midnight, unless the judged set books
// outages on the day on which they start, where what an outage adds later is known
// now.
func TestLawCurve(t *testing.T) {
	t.Parallel()
	var last, past atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsking(t)
		c, err := snapshot.CurveOf(a.e, a.policy, a.q.Scope, a.q.Class)
		if err != nil {
			return
		}
		year := a.policy.YearStart.Year(c.Year, a.policy.Zone)
		now := snapshot.Build(a.e, a.policy, snapshot.Options{Anonymous: true})
		if e := a.entryOf(now, year.From); e != nil {
			mustHours(t, "now", e.SAIDIHours, c.Days[len(c.Days)-1].Hours)
			last.Add(1)
		}
		if strings.HasPrefix(a.policy.Index, "ieee") {
			return
		}
		from := year.From + rapid.Int64Range(-200, 300).Draw(t, "days asked from")*86400
		for at, s := range snapshot.History(a.e, a.policy, period.Period{From: from, To: from + 2*86400}) {
			if at > a.asOf {
				t.Fatalf("an answer of %d, after as-of", at)
			}
			of := a.policy.YearStart.Year(a.policy.YearStart.YearOf(at-1, a.policy.Zone), a.policy.Zone)
			days := c.Days
			if of.From != year.From {
				days = c.PriorDays
			}
			text := time.Unix(at, 0).In(a.policy.Zone).Format(time.RFC3339)
			i := slices.IndexFunc(days, func(p snapshot.CurvePoint) bool { return p.At == text })
			if e := a.entryOf(s, of.From); e != nil && e.SAIDIHours != nil {
				if i < 0 {
					t.Fatalf("no point at %s", text)
				}
				mustHours(t, text, e.SAIDIHours, days[i].Hours)
				past.Add(1)
			}
		}
	})
	if last.Load() == 0 || past.Load() == 0 {
		t.Errorf("compared %d last points and %d past ones", last.Load(), past.Load())
	}
}

// entryOf is the year to date, or the year, that an answer has of what is asked.
func (a *asking) entryOf(s *snapshot.Snapshot, from int64) *snapshot.Entry {
	begin := time.Unix(from, 0).In(a.policy.Zone).Format(time.RFC3339)
	for i := range s.Indices {
		e := &s.Indices[i]
		if e.Scope == a.q.Scope && e.Class == a.q.Class && e.From == begin && slices.Contains([]string{snapshot.YearToDate, snapshot.WholeYear}, e.Window) {
			return e
		}
	}
	return nil
}

func mustHours(t *rapid.T, at string, want, got *float64) {
	t.Helper()
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("hours at %s: answer (-) and curve (+):\n%s", at, diff)
	}
}

// What was told of an event has the outcomes of its rows, and what counts of it is
// what explanations of its years say.
func TestLawRecord(t *testing.T) {
	t.Parallel()
	var counted atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsking(t)
		id := a.rows[rapid.IntRange(0, len(a.rows)-1).Draw(t, "row")].ID
		got, ok, err := snapshot.FindRecord(a.e, a.policy, snapshot.RecordQuestion{EventID: id})
		if err != nil || !ok {
			t.Fatalf("event %q: found %v, %v", id, ok, err)
		}
		var want []string
		for i := range a.e.Rows() {
			if ev, _ := a.e.Event(i); ev.ID == id {
				want = append(want, a.e.Outcome(i).String())
			}
		}
		var outcomes []string
		for i, r := range got.Told {
			outcomes = append(outcomes, r.Outcome)
			if (r.Outcome == "rejected") != (r.Rejected != nil) || r.Number != i+1 {
				t.Fatalf("row %d is %s with number %d and reason %v", i, r.Outcome, r.Number, r.Rejected)
			}
			if r.Outcome == "duplicate" && len(r.Changed) > 0 {
				t.Fatalf("row %d repeats another and changes %v", i, r.Changed)
			}
		}
		if diff := gocmp.Diff(want, outcomes); diff != "" {
			t.Fatalf("outcomes of rows (-) and of the record (+):\n%s", diff)
		}
		counted.Add(int64(len(got.Counts)))
		if diff := gocmp.Diff(a.explained(id), countedOf(got)); diff != "" {
			t.Fatalf("explained (-) and in the record (+):\n%s", diff)
		}
	})
	if counted.Load() == 0 {
		t.Error("no line of any event counted")
	}
}

// explained lists what explanations of every year have of an event.
func (a *asking) explained(id string) map[int][]snapshot.Line {
	all := map[int][]snapshot.Line{}
	for year := lawYear - 3; year <= lawYear+3; year++ {
		of, err := snapshot.Explain(a.e, a.policy, snapshot.Question{Scope: "whole", Window: a.policy.YearStart.Year(year, a.policy.Zone)})
		if err != nil {
			continue
		}
		for _, l := range of.Lines {
			if l.EventID == id {
				all[year] = append(all[year], l)
			}
		}
		slices.SortFunc(all[year], byPlace)
	}
	maps.DeleteFunc(all, func(_ int, lines []snapshot.Line) bool { return len(lines) == 0 })
	return all
}

// countedOf lists what a record has, by year.
func countedOf(r *snapshot.Record) map[int][]snapshot.Line {
	all := map[int][]snapshot.Line{}
	for _, c := range r.Counts {
		all[c.Year] = append(all[c.Year], c.Line)
	}
	for _, lines := range all {
		slices.SortFunc(lines, byPlace)
	}
	return all
}

func byPlace(x, y snapshot.Line) int {
	return cmp.Or(cmp.Compare(x.Row, y.Row), cmp.Compare(x.Area, y.Area), cmp.Compare(x.Class, y.Class))
}
