package backtest

import (
	"fmt"
	"io"
	"strings"
)

// A Judgement is what trials come to.
type Judgement struct {
	Trials []Trial
	Seed   uint64
}

// The bounds of what the 90 % interval may cover, inclusive.
const (
	LeastCoverage = 0.85
	MostCoverage  = 0.95
)

// Holds says whether the 90 % interval covers what it must, as a sentence where it
// does not. Without an answered question nothing holds.
func (j *Judgement) Holds() (problem string, ok bool) {
	s := Sum(j.Trials)
	if s.Trials == 0 {
		return "the forecast answered no question", false
	}
	if _, ninety := s.Coverage(); ninety < LeastCoverage || ninety > MostCoverage {
		return fmt.Sprintf("the 90 %% interval covers %s, want from %.0f to %.0f %%", percent(ninety), 100*LeastCoverage, 100*MostCoverage), false
	}
	return "", true
}

// Tables are the tables of provinces that were made up.
func (j *Judgement) Tables() []*Table {
	return []*Table{
		scores("By kind of province", "kind", j.Trials, byKind),
		scores("By years of history", "history", j.Trials, byHistory),
		scores("By the part of the year that is over", "origin", j.Trials, byMonth),
		scores("By size of target", "target", j.Trials, bySize),
		ranges(j.Trials),
		distances(j.Trials),
		quantiles(j.Trials),
		saidAndCome(j.Trials),
	}
}

// Figures are the lines that count.
func (j *Judgement) Figures() string {
	s := Sum(j.Trials)
	if s.Trials == 0 {
		return "no question was answered\n"
	}
	var b strings.Builder
	half, ninety := s.Coverage()
	rule, less, nearer := s.Gain()
	brier, base := s.Brier()
	fmt.Fprintf(&b, "questions: %d in %s of %s, not answered %d\n", s.Trials, several(float64(ProvinceYears(j.Trials)), "province-year"), several(float64(Provinces(j.Trials)), "province"), s.Unanswered)
	fmt.Fprintf(&b, "miss probability: Brier score %s, of the base rate %s\n", thousandths(brier), thousandths(base))
	fmt.Fprintf(&b, "median alone: nearer by %s than the nearest rule of thumb\n", percent(nearer))
	fmt.Fprintf(&b, "90 %% interval: covers %s%s\n%s", percent(ninety), j.doubt(), j.kinds())
	fmt.Fprintf(&b, "50 %% interval: covers %s\n", percent(half))
	fmt.Fprintf(&b, "pinball loss: %s %% of a usual year, less by %s than the best rule of thumb (%s)\n", hundredths(s.Loss()), percent(less), Naive()[rule])
	if r, ok := s.Ranged(); ok {
		fmt.Fprintf(&b, "pinball loss: %s %% of a usual year, less by %s than a %s learnt from other provinces (%s %%)\n", hundredths(r.Beside), percent(r.Gain), RangeName, hundredths(r.Loss))
	}
	return b.String()
}

// doubt is the doubt in the coverage, in brackets; empty where it cannot be told.
func (j *Judgement) doubt() string {
	low, high, ok := Doubt(j.Trials, j.Seed)
	if !ok {
		return ""
	}
	return fmt.Sprintf(" (by provinces drawn anew: %s to %s)", percent(low), percent(high))
}

// kinds is the line of the coverage of each kind of province; empty where there is
// one kind alone.
func (j *Judgement) kinds() string {
	var all []string
	parts(j.Trials, func(name string, s *Score) {
		if s.Trials > 0 {
			_, ninety := s.Coverage()
			all = append(all, name+" "+percent(ninety))
		}
	})
	if len(all) < 2 {
		return ""
	}
	return "90 % interval by kind: " + strings.Join(all[:len(all)-1], ", ") + "\n"
}

// WriteText writes the tables, and the figures last.
func (j *Judgement) WriteText(w io.Writer) error { return writeText(w, j.Tables(), j.Figures()) }

func writeText(w io.Writer, tables []*Table, figures string) error {
	for _, t := range tables {
		if err := t.WriteText(w); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, figures)
	return err
}
