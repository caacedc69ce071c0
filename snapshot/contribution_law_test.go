package snapshot_test

import (
	"cmp"
	"errors"
	"math/big"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A changed is a drawn province of which a change is asked.
type changed struct {
	*province
	e *engine.Engine
	q snapshot.ChangeQuestion
}

// drawChanged draws causes too, and two windows.
func drawChanged(t *rapid.T) *changed {
	c := &changed{province: drawProvince(t, taste{})}
	causes := map[string]string{} // the same of rows that were told already
	for i := range c.rows {
		row := &c.rows[i]
		if _, ok := causes[row.ID]; !ok {
			causes[row.ID] = rapid.SampledFrom([]string{"", "tree", "wind"}).Draw(t, "cause")
		}
		row.Cause, row.TechnicalCause = causes[row.ID], causes[row.ID]
	}
	c.e = c.load(t, plainly(c.province))
	c.e.Advance(c.asOf)
	var sets []string
	for _, set := range reliability.Sets() {
		sets = append(sets, set.ID)
	}
	before, after := c.windows(t)
	c.q = snapshot.ChangeQuestion{Against: snapshot.Custom, Before: before}
	c.q.Question = snapshot.Question{
		Scope: rapid.SampledFrom(append([]string{"g", "whole"}, texts(c.areas)...)).Draw(t, "scope asked"),
		Class: rapid.SampledFrom(append([]string{"all"}, texts(c.classes)...)).Draw(t, "class asked"),
		Index: rapid.SampledFrom(sets).Draw(t, "index asked"), Window: after,
	}
	if sum := rapid.IntRange(0, 3).Draw(t, "against"); sum == 0 {
		c.q.Against, c.q.Window = snapshot.PriorYearToDate, c.policy.YearStart.Year(lawYear, c.policy.Zone)
	}
	return c
}

// windows draws the base year and the year after, or two windows before as-of with
// no instant in common, of which one may be up to a day longer; in any order.
func (c *changed) windows(t *rapid.T) (before, after period.Period) {
	const step, day = 1800, 48
	before, after = c.policy.YearStart.Year(lawYear-1, c.policy.Zone), c.policy.YearStart.Year(lawYear, c.policy.Zone)
	if steps := (c.asOf - before.From) / step; steps > 2*day && rapid.Bool().Draw(t, "parts of years") {
		length := rapid.Int64Range(1, steps/2).Draw(t, "length")
		begin := rapid.Int64Range(0, steps-2*length).Draw(t, "before")
		gap := rapid.Int64Range(0, steps-2*length-begin).Draw(t, "gap")
		longer := rapid.Int64Range(-min(day, length-1), day).Draw(t, "longer")
		from := before.From
		before = period.Period{From: from + begin*step, To: from + (begin+length)*step}
		after = period.Period{From: before.To + gap*step, To: before.To + (gap+length+longer)*step}
	}
	if rapid.Bool().Draw(t, "the later one first") {
		return after, before
	}
	return before, after
}

// ask gives nil where there is nothing to compare.
func (c *changed) ask(q snapshot.ChangeQuestion) *snapshot.Contributions {
	got, err := snapshot.ExplainChange(c.e, c.policy, q)
	if err != nil {
		return nil
	}
	return got
}

func listsOf(c *snapshot.Contributions) map[string]*snapshot.Contributors {
	return map[string]*snapshot.Contributors{"feeders": &c.Feeders, "natures": &c.Natures, "causes": &c.Causes, "technical causes": &c.Technical}
}

// total adds up a list with its rest, and its hours exactly.
func total(list *snapshot.Contributors) (sum snapshot.Shift, hours *big.Rat) {
	hours = new(big.Rat)
	add := func(s snapshot.Shift) {
		sum.Before += s.Before
		sum.After += s.After
		sum.Change += s.Change
		sum.InterruptionsBefore += s.InterruptionsBefore
		sum.InterruptionsAfter += s.InterruptionsAfter
		sum.InterruptionsChange += s.InterruptionsChange
		if r := s.Hours.Rat(); r != nil {
			hours.Add(hours, r)
		}
	}
	for i := range list.Lines {
		add(list.Lines[i].Shift)
	}
	add(list.Rest.Shift)
	return sum, hours
}

// Every list adds up to the change, however long it is, and both amounts are those
// that the rows behind them add up to.
func TestLawContributionsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawChanged(t)
		c.q.Top = rapid.IntRange(0, 3).Draw(t, "top")
		got := c.ask(c.q)
		if got == nil {
			return
		}
		want := snapshot.Shift{
			Before: got.Before.CustomerSeconds, After: got.After.CustomerSeconds, Change: got.Change,
			InterruptionsBefore: got.Before.Interruptions, InterruptionsAfter: got.After.Interruptions, InterruptionsChange: got.InterruptionsChange,
		}
		for what, list := range listsOf(got) {
			if c.q.Top > 0 && len(list.Lines) > c.q.Top {
				t.Fatalf("%d %s are listed, want %d", len(list.Lines), what, c.q.Top)
			}
			sum, hours := total(list)
			if diff := gocmp.Diff(want, sum, sameShift); diff != "" {
				t.Fatalf("%s (-want +sum):\n%s", what, diff)
			}
			if by := got.ByOutages.Rat(); by != nil && hours.Cmp(by) != 0 {
				t.Fatalf("%s: %v hours, want %v", what, hours, by)
			}
		}
		for _, at := range []struct {
			snapshot.WindowAmount
		}{{got.Before}, {got.After}} {
			q := c.q.Question
			q.Window = spanOf(t, at.From, at.To)
			rows, err := snapshot.Explain(c.e, c.policy, q)
			if err != nil || rows.CustomerSeconds != at.CustomerSeconds || rows.Interruptions != at.Interruptions {
				t.Fatalf("from %s to %s: %v and %v, the rows add up to %+v, %v", at.From, at.To, at.CustomerSeconds, at.Interruptions, rows, err)
			}
		}
	})
}

// spanOf reads a window of an answer.
func spanOf(t *rapid.T, from, to string) period.Period {
	var at [2]int64
	for i, text := range []string{from, to} {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		at[i] = parsed.Unix()
	}
	return period.Period{From: at[0], To: at[1]}
}

// The other way round everything has the other sign.
func TestLawSwappedWindowsNegate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawChanged(t)
		c.q.Against = snapshot.Custom
		back := c.q
		back.Window, back.Before = c.q.Before, c.q.Window
		one, other := c.ask(c.q), c.ask(back)
		if (one == nil) != (other == nil) {
			t.Fatalf("one way %+v, the other %+v", one, other)
		}
		if one == nil {
			return
		}
		if one.Change != -other.Change || one.InterruptionsChange != -other.InterruptionsChange {
			t.Fatalf("changes %v and %v", one.Change, other.Change)
		}
		if a, b := one.HoursChange.Rat(), other.HoursChange.Rat(); (a == nil) != (b == nil) || a != nil && new(big.Rat).Add(a, b).Sign() != 0 {
			t.Fatalf("changes in hours %v and %v", a, b)
		}
		for what, list := range listsOf(one) {
			swapped := slices.Clone(listsOf(other)[what].Lines)
			for i := range swapped {
				s := &swapped[i].Shift
				s.Before, s.After, s.Change = s.After, s.Before, -s.Change
				s.InterruptionsBefore, s.InterruptionsAfter, s.InterruptionsChange = s.InterruptionsAfter, s.InterruptionsBefore, -s.InterruptionsChange
			}
			if diff := gocmp.Diff(list.Lines, swapped, sameShift); diff != "" {
				t.Fatalf("%s (-one way +the other):\n%s", what, diff)
			}
		}
	})
}

// Windows that share an instant, or of which one is more than a day longer once
// they are cut at as-of, are refused, whichever of them is asked first; of others
// nobody hears that they cannot be compared.
func TestLawWindowsAreAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawChanged(t)
		c.q.Against = snapshot.Custom
		if rapid.Bool().Draw(t, "any") {
			begin := c.q.Window.From + rapid.Int64Range(-400*24, 400*24).Draw(t, "from")*3600
			c.q.Before = period.Period{From: begin, To: begin + rapid.Int64Range(1, 400*24).Draw(t, "hours")*3600}
		}
		_, err := snapshot.ExplainChange(c.e, c.policy, c.q)
		cut := func(w period.Period) period.Period {
			return period.Period{From: w.From, To: max(w.From, min(w.To, c.asOf))}
		}
		one, other := cut(c.q.Before), cut(c.q.Window)
		apart := one.To <= other.From || other.To <= one.From
		longer := one.Seconds() - other.Seconds()
		alike := apart && max(longer, -longer) <= 25*3600
		switch refused := errors.Is(err, snapshot.ErrIncomparable); {
		case refused && alike:
			t.Fatalf("%v and %v: %v", one, other, err)
		case err == nil && !alike:
			t.Fatalf("%v and %v are compared", one, other)
		}
	})
}

// The feeders of a group are those of its areas, and its change is theirs.
func TestLawAreasAddUpToTheGroup(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawChanged(t)
		c.q.Against, c.q.Scope = snapshot.Custom, rapid.SampledFrom([]string{"g", "whole"}).Draw(t, "group")
		group := c.ask(c.q)
		if group == nil {
			return
		}
		var lines []snapshot.Contributor
		var change snapshot.Milli
		for _, area := range c.policy.MembersOf(c.q.Scope) {
			q := c.q
			q.Scope = string(area)
			if got := c.ask(q); got != nil { // an area may have nobody of the class
				lines = append(lines, got.Feeders.Lines...)
				change += got.Change
			}
		}
		if change != group.Change {
			t.Fatalf("the areas change by %v, the group by %v", change, group.Change)
		}
		inOrder := cmpopts.SortSlices(func(x, y snapshot.Contributor) int {
			return cmp.Or(cmp.Compare(x.Area, y.Area), cmp.Compare(x.Name, y.Name))
		})
		if diff := gocmp.Diff(lines, group.Feeders.Lines, inOrder, sameShift, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("feeders (-of the areas +of the group):\n%s", diff)
		}
	})
}

// The change in hours is S₁/N₁ − S₀/N₀ of the rows of the base, and what outages
// and customers did adds up to it, exactly.
func TestLawHoursAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawChanged(t)
		got := c.ask(c.q)
		if got == nil || got.HoursChange.Rat() == nil {
			return
		}
		value := func(a snapshot.WindowAmount) *big.Rat {
			w := spanOf(t, a.From, a.To)
			served := c.served(&snapshot.Entry{Scope: got.Scope, Class: got.Class}, w)
			hours := big.NewRat(int64(a.CustomerSeconds), 1000*3600)
			return hours.Mul(hours, new(big.Rat).Quo(big.NewRat(w.Seconds(), 1), served))
		}
		want := new(big.Rat).Sub(value(got.After), value(got.Before))
		if got.HoursChange.Rat().Cmp(want) != 0 {
			t.Fatalf("the change is %v h, want %v", got.HoursChange.Rat(), want)
		}
		if sum := new(big.Rat).Add(got.ByOutages.Rat(), got.ByCustomers.Rat()); sum.Cmp(want) != 0 {
			t.Fatalf("outages %v and customers %v make %v h, want %v", got.ByOutages.Rat(), got.ByCustomers.Rat(), sum, want)
		}
	})
}
