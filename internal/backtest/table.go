package backtest

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// A Table is figures for people.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
}

// WriteText writes t for a terminal.
func (t *Table) WriteText(w io.Writer) error {
	tabs := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		fmt.Fprintf(tabs, "%s\t\n", strings.Join(row, "\t"))
	}
	fmt.Fprintf(w, "%s\n\n", t.Title)
	if err := tabs.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// markdown is t for a page.
func (t *Table) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n| %s |\n|---%s|\n", t.Title, strings.Join(t.Head, " | "), strings.Repeat("|---:", len(t.Head)-1))
	for _, row := range t.Rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	return b.String()
}

// A group is trials that stand together in a table, in the order of ranks.
type group struct {
	rank float64
	name string
}

// grouped scores trials by group, in the order of ranks and names.
func grouped(trials []Trial, by func(*Trial) group) (names []string, of [][]Trial) {
	found := map[group][]Trial{}
	for n := range trials {
		g := by(&trials[n])
		found[g] = append(found[g], trials[n])
	}
	var groups []group
	for g := range found {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b group) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.name, b.name)) })
	for _, g := range groups {
		names, of = append(names, g.name), append(of, found[g])
	}
	return names, of
}

func byKind(t *Trial) group { return group{0, t.Kind} }

func bySize(t *Trial) group { return group{float64(slices.Index(Sizes(), t.Size)), t.Size} }

func byMonth(t *Trial) group {
	return group{float64(t.Month), several(float64(t.Month), "month") + " over"}
}

func byHistory(t *Trial) group { return group{t.History, several(t.History, "year")} }

// several is so many of something.
func several(n float64, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%g %s", n, what)
}

// scores is the table of some groups, with a last row of all together.
func scores(title, what string, trials []Trial, by func(*Trial) group) *Table {
	t := &Table{Title: title, Head: []string{what, "years", "questions", "within 50 %", "within 90 %", "loss", Naive()[0], Naive()[1], Naive()[2], "less by", "Brier", "of the base rate"}}
	names, of := grouped(trials, by)
	for n, name := range append(names, "all") {
		part := trials
		if n < len(of) {
			part = of[n]
		}
		t.Rows = append(t.Rows, append([]string{name, fmt.Sprint(ProvinceYears(part))}, Sum(part).cells()...))
	}
	return t
}

func (s *Score) cells() []string {
	if s.Trials == 0 {
		return []string{"0", "", "", "", "", "", "", "", "", ""}
	}
	half, ninety := s.Coverage()
	_, less, _ := s.Gain()
	brier, base := s.Brier()
	naive := s.Naive()
	cells := []string{fmt.Sprint(s.Trials), percent(half), percent(ninety), hundredths(s.Loss())}
	for _, loss := range naive {
		cells = append(cells, hundredths(loss))
	}
	return append(cells, percent(less), thousandths(brier), thousandths(base))
}

// parts calls row for each kind, where there are several, and under the name all
// for all trials.
func parts(trials []Trial, row func(name string, s *Score)) {
	names, of := grouped(trials, byKind)
	for n, name := range names {
		if len(names) > 1 {
			row(name, Sum(of[n]))
		}
	}
	row("all", Sum(trials))
}

// distances is the table of how far the medians and the rules of thumb are from
// what came.
func distances(trials []Trial) *Table {
	t := &Table{Title: "The middle alone: mean distance from the year's end", Head: []string{"kind", "forecast's median", Naive()[0], Naive()[1], Naive()[2], "less by"}}
	parts(trials, func(name string, s *Score) {
		_, _, less := s.Gain()
		row := []string{name, hundredths(s.Error())}
		for _, far := range s.Errors() {
			row = append(row, hundredths(far))
		}
		t.Rows = append(t.Rows, append(row, percent(less)))
	})
	return t
}

// ranges is the table of the forecast against the range of thumb, which has no row
// where there is none.
func ranges(trials []Trial) *Table {
	t := &Table{Title: "Against a range of thumb learnt from other provinces", Head: []string{"kind", "questions", "forecast's loss", RangeName, "less by", "its 50 % holds", "its 90 % holds"}}
	parts(trials, func(name string, s *Score) {
		if r, ok := s.Ranged(); ok {
			t.Rows = append(t.Rows, []string{name, fmt.Sprint(r.Trials), hundredths(r.Beside), hundredths(r.Loss), percent(r.Gain), percent(r.Half), percent(r.Ninety)})
		}
	})
	return t
}

// quantiles is the table of how many outcomes lie up to each quantile.
func quantiles(trials []Trial) *Table {
	t := &Table{Title: "Year's ends up to each quantile", Head: []string{"kind"}}
	for _, share := range Shares() {
		t.Head = append(t.Head, fmt.Sprintf("%.0f %%", 100*share))
	}
	parts(trials, func(name string, s *Score) {
		row := []string{name}
		for _, share := range s.Below() {
			row = append(row, percent(share))
		}
		t.Rows = append(t.Rows, row)
	})
	return t
}

// saidAndCome is the table of the probabilities of missing.
func saidAndCome(trials []Trial) *Table {
	t := &Table{Title: "Probability of missing: said and come", Head: []string{"said", "mean said", "missed", "limits"}}
	for n, b := range Sum(trials).Bins() {
		row := []string{fmt.Sprintf("%d–%d %%", 100/binCount*n, 100/binCount*(n+1)), "", "", "0"}
		if b.Guesses > 0 {
			row = append(row[:1], percent(b.Said()), percent(b.Came()), fmt.Sprint(b.Guesses))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }
func hundredths(v float64) string  { return fmt.Sprintf("%.2f", v) }
func thousandths(v float64) string { return fmt.Sprintf("%.3f", v) }
