package backtest

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func near(got, want float64) bool { return math.Abs(got-want) <= 1e-9 }

func TestPinballByHand(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		y    int64
		want float64
	}{
		{"in the middle", 30, (0.05*20 + 0.25*10 + 0.25*10 + 0.05*20) / 5},
		{"above all", 60, (0.05*50 + 0.25*40 + 0.5*30 + 0.75*20 + 0.95*10) / 5},
		{"below all", 0, (0.95*10 + 0.75*20 + 0.5*30 + 0.25*40 + 0.05*50) / 5},
	} {
		if got := Pinball([5]int64{10, 20, 30, 40, 50}, tt.y); !near(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// The loss of a single number is half its distance.
func TestLawPinballOfAPoint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		said, y := rapid.Int64Range(0, 1e15).Draw(t, "said"), rapid.Int64Range(0, 1e15).Draw(t, "y")
		got, want := Pinball(certain(said).Quantiles, y), math.Abs(float64(said-y))/2
		if !(math.Abs(got-want) <= 1e-12*want) {
			t.Fatalf("said %d, came %d: %v, want %v", said, y, got, want)
		}
	})
}

func TestBrierByHand(t *testing.T) {
	t.Parallel()
	s := Sum([]Trial{
		{Answered: true, Usual: 1, Guesses: []Guess{{0.9, true}, {0.2, false}}},
		{Answered: true, Usual: 1, Guesses: []Guess{{0.2, true}, {1, true}}},
		{Guesses: []Guess{{0, true}}},
	})
	if score, base := s.Brier(); !near(score, (0.01+0.04+0.64)/4) || !near(base, 0.75*0.25) {
		t.Errorf("Brier %v and %v, want 0.1725 and 0.1875", score, base)
	}
	bins := s.Bins()
	if b := bins[2]; b.Guesses != 2 || b.Missed != 1 || !near(b.Said(), 0.2) || !near(b.Came(), 0.5) {
		t.Errorf("20–30 %%: %+v", b)
	}
	if b := bins[9]; b.Guesses != 2 || b.Missed != 2 || !near(b.Said(), 0.95) || !near(b.Came(), 1) {
		t.Errorf("90–100 %%: %+v", b)
	}
	if s.Trials != 2 || s.Unanswered != 1 {
		t.Errorf("%d trials and %d without an answer, want 2 and 1", s.Trials, s.Unanswered)
	}
}

// Whoever knows the end is within every interval and loses nothing.
func TestPerfectForecast(t *testing.T) {
	t.Parallel()
	s := Sum(RunSeries(series(t, steady(10, 10, 10, 10), Place{"a", "rural"}), told(0, [5]int64{}), nil))
	half, ninety := s.Coverage()
	brier, base := s.Brier()
	if s.Trials != 11 || half != 1 || ninety != 1 || s.Loss() != 0 || s.Error() != 0 || brier != 0 || base != 0 {
		t.Errorf("%d trials, within %v and %v, loss %v, distance %v, Brier %v", s.Trials, half, ninety, s.Loss(), s.Error(), brier)
	}
	if _, loss, distance := s.Gain(); loss != 0 || distance != 0 {
		t.Errorf("gain %v and %v: the straight line is as good here, want 0", loss, distance)
	}
	rest := 0.0
	for m := range 11 {
		rest += float64(366-[]int{31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335}[m]) / 11
	}
	// Last year's rest says a customer-second a day too few; a usual year has 2.5 and a bit.
	if got, want := s.Errors()[1], 100*rest/(float64(365+730+1095+1464)/4); !near(got, want) {
		t.Errorf("last year's rest is beside by %v, want %v", got, want)
	}
	if got, want := s.Naive()[1], s.Errors()[1]/2; !near(got, want) {
		t.Errorf("and loses %v, want half of it, %v", got, want)
	}
}

// A forecast that is beside by one customer-second more every month, with a spread
// of one and three, covers 3 and 7 of 11 months.
func TestKnownSpread(t *testing.T) {
	t.Parallel()
	trials := RunSeries(series(t, steady(10, 10, 10, 10), Place{"a", "rural"}), told(1, [5]int64{-3, -1, 0, 1, 3}), nil)
	half, ninety := Sum(trials).Coverage()
	if !near(half, 3.0/11) || !near(ninety, 7.0/11) {
		t.Errorf("within %v and %v, want 3/11 and 7/11", half, ninety)
	}
	if got, want := Sum(trials).Below(), [5]float64{3. / 11, 5. / 11, 6. / 11, 7. / 11, 9. / 11}; got != want {
		t.Errorf("up to the quantiles %v, want %v", got, want)
	}
	j := Judgement{Trials: trials}
	if problem, ok := j.Holds(); ok || problem != "the 90 % interval covers 63.6 %, want from 85 to 95 %" {
		t.Errorf("%q, %v", problem, ok)
	}
}

// covering are a hundred trials of ten provinces with two years each, of which so many
// are within.
func covering(within int) []Trial {
	all := make([]Trial, 100)
	for n := range all {
		all[n] = Trial{Series: n / 10, Year: n / 5 % 2, Answered: true, Usual: 1, Quantiles: [5]int64{0, 1, 2, 3, 4}, Outcome: 4}
		if n >= within {
			all[n].Outcome = 5
		}
	}
	return all
}

func TestHolds(t *testing.T) {
	t.Parallel()
	for within, want := range map[int]bool{0: false, 84: false, 85: true, 90: true, 95: true, 96: false, 100: false} {
		j := Judgement{Trials: covering(within)}
		if problem, ok := j.Holds(); ok != want || (problem == "") != want {
			t.Errorf("%d of a hundred: %q, %v", within, problem, ok)
		}
	}
	if problem, ok := (&Judgement{Trials: []Trial{{}}}).Holds(); ok || problem != "the forecast answered no question" {
		t.Errorf("no answer: %q, %v", problem, ok)
	}
}

// Where all provinces are alike there is no doubt; where one in ten is quite wrong
// there is, and it is the same for the same seed. Of one province nothing can be told,
// however many its years are.
func TestDoubt(t *testing.T) {
	t.Parallel()
	alike := covering(100)
	if low, high, ok := Doubt(alike, 1); low != 1 || high != 1 || !ok {
		t.Errorf("all within: %v to %v, %v", low, high, ok)
	}
	low, high, ok := Doubt(covering(90), 1)
	if low < 0.6 || low > 0.8 || high != 1 || !ok {
		t.Errorf("one of ten provinces: %v to %v, %v, want about 0.7 to 1", low, high, ok)
	}
	if again, _, _ := Doubt(covering(90), 1); again != low {
		t.Errorf("the same seed: %v and %v", low, again)
	}
	if provinces, years := Provinces(alike), ProvinceYears(alike); provinces != 10 || years != 20 {
		t.Errorf("%d provinces and %d province-years, want 10 and 20", provinces, years)
	}
	for n := range alike {
		alike[n].Series = 0
	}
	if _, _, ok := Doubt(alike, 1); ok {
		t.Error("one province: the doubt is told")
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	trials := append(covering(90), Trial{Kind: "other", Size: Whole, Year: 3, Month: 11, Answered: false})
	table := scores("By kind", "kind", trials, byKind)
	want := [][]string{
		{"", "20", "100", "0.0 %", "90.0 %", "", "", "", "", "", "0.000", "0.000"},
		{"other", "0", "0", "", "", "", "", "", "", "", "", ""},
		{"all", "20", "100", "0.0 %", "90.0 %", "", "", "", "", "", "0.000", "0.000"},
	}
	for n, row := range table.Rows {
		for k := 5; k < 10; k++ {
			row[k] = ""
		}
		if diff := cmp.Diff(want[n], row); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", n, diff)
		}
	}
	if text := table.markdown(); strings.Count(text, "\n|") != 5 {
		t.Errorf("not five lines of a table:\n%s", text)
	}
}

// certain is an outlook without doubt.
func certain(total int64) Outlook {
	o := Outlook{Over: func(limit int64) float64 {
		if total > limit {
			return 1
		}
		return 0
	}}
	for n := range o.Quantiles {
		o.Quantiles[n] = total
	}
	return o
}
