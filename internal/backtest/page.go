package backtest

import (
	"fmt"
	"io"
	"strings"
)

// A Page is what is written down of judgements. Either may be missing.
type Page struct {
	Made *Judgement // of provinces that were made up
	Plan Plan       // of these
	Own  *Own
}

// Own is the judgement of a user's own data.
type Own struct {
	Judgement
	Title   string // of the policy
	Events  int    // rows that count
	First   int    // the first and the last year that were forecast
	Last    int
	Targets int
	LeftOut []Place
}

// Write writes the page as Markdown.
func (p *Page) Write(w io.Writer) error {
	var b strings.Builder
	b.WriteString(opening)
	if p.Made != nil {
		p.made(&b)
	}
	if p.Own != nil {
		p.own(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p *Page) made(b *strings.Builder) {
	fmt.Fprintf(b, provinces, p.Made.Seed, p.Plan.Provinces, warmUp, p.Plan.Years, 2*p.Plan.Short, p.Plan.Scale)
	fmt.Fprintf(b, "```text\n%s```\n\n", p.Made.Figures())
	for _, t := range p.Made.Tables() {
		fmt.Fprintf(b, "%s\n", t.markdown())
	}
	b.WriteString(caveats)
}

func (p *Page) own(b *strings.Builder) {
	o := p.Own
	fmt.Fprintf(b, "\n## Real data: %s\n\n%s\n\n", o.Title, o.about())
	fmt.Fprintf(b, "```text\n%s```\n\n", o.Figures())
	for _, t := range o.Tables() {
		fmt.Fprintf(b, "%s\n", t.markdown())
	}
}

// about says what stands behind the figures.
func (o *Own) about() string {
	text := fmt.Sprintf("%d rows of outages that count, %d targets, the years %d to %d forecast from their month ends. So few years say little: this is an illustration, and no proof. Which targets have enough to be asked about was seen from all years, those that were forecast too, and so was the usual year in which losses are given.", o.Events, o.Targets, o.First, o.Last)
	if len(o.LeftOut) == 0 {
		return text
	}
	var names []string
	for _, at := range o.LeftOut {
		name := at.Area
		if at.Class != "unclassified" {
			name += " " + at.Class
		}
		names = append(names, name)
	}
	return text + fmt.Sprintf(" Left out as targets of their own, for too few days or years with outages: %s.", strings.Join(names, ", "))
}

// Tables are the tables of a user's own data.
func (o *Own) Tables() []*Table {
	return []*Table{
		scores("By size of target", "target", o.Trials, bySize),
		scores("By the part of the year that is over", "origin", o.Trials, byMonth),
		quantiles(o.Trials),
		saidAndCome(o.Trials),
	}
}

// WriteText writes what stands behind the figures, the tables, and the figures
// last.
func (o *Own) WriteText(w io.Writer) error {
	fmt.Fprintf(w, "%s: %s\n\n", o.Title, o.about())
	return writeText(w, o.Tables(), o.Figures())
}

const opening = `# How good the forecast is

Written by ` + "`saidi backtest`" + `. Do not edit by hand.

The program says where a year will end as a range with probabilities. Here that is held against years that are over: the forecast is put at every month end of a year, is shown nothing but the days before, and says where the year will end. Then the page is turned, and the end that came is compared with what was said.

- **Questions.** One question is one target at one month end: each class of each area, each area, each class of all areas, and the whole, from one month to eleven months into the year.
- **Within 50 % and 90 %.** How many of the year's ends lie within the range that was to hold half of them, and the one that was to hold nine of ten. Fewer than that: the forecast is too sure of itself. More: it is too vague.
- **Loss.** The pinball loss of the quantiles 5, 25, 50, 75 and 95 %, in per cent of the customer-hours of a usual year of the target. It is small only for ranges that are both narrow and right.
- **Rules of thumb.** Straight line: the year so far, stretched to the whole year. Last year's rest: the year so far and what last year had from the same date on. Mean of three years' rests: the same with the three years before. Where there is no such year yet, they say what the straight line says. They know the same days and the same customers as the forecast, but are single numbers, and a single number loses more than a range by this measure. So the tables also give the middle of the forecast alone, as one number against another.
- **Range of thumb.** A stronger rule, for many provinces alone: what the mean of three years' rests (or what it falls back to) says is still to come, times the quantiles 5, 25, 50, 75 and 95 % of what came over what it said, as they were in the other half of the provinces in the same month and for targets of the same size. It needs no model, but other provinces whose years are over; the forecast knows no other province.
- **Brier score.** The mean squared distance between the probability of missing a limit and what came (1 missed, 0 not); beside it what it would be for whoever always says the share of limits that were missed. The limits are 0.92, 1 and 1.05 times the hours of the year before.
- **Customers.** All are judged at the customers in service on the day of the question; those who join later count for nobody.
- **What the forecast is not told.** Planned work is known ahead in practice and lowers the doubt. Here nothing is announced.
`

const provinces = `
## Provinces that were made up

From the seed %d: %d provinces each of the kinds calm (few storms, years differ by some 6 %% as a whole and 8 %% a class and area), stormy (stormy and quiet years that differ by some 15 %% beside, storms over the whole province, some far worse than all others) and trending (as calm, but 6 to 10 %% fewer outages every year), with %d years of history before the first of %d years that are forecast; and %d provinces, half of them calm and half stormy, that have a year of history, and as many that have half a year. The scale is %g, so that a small class has one or two feeders. Their rows go through the same counting as those of a utility.

`

const caveats = `### What this does not say

- The provinces are made up by this program. Real networks have customs and catastrophes that nobody put into them.
- They resemble the model: their years differ by some per cent, and their season is the same every year. The constants of the model were chosen on provinces of the same generator with other seeds. So the figures say that the program does what it was made to do, and less of how it does elsewhere.
- Their data are whole. Gaps, days of which nobody told, late deliveries, outages that are still open, announced work, years that begin in another month and customers who change a great deal are not exercised here.
- Which targets are asked about, and the usual year in which losses are given, are taken from all years, those that are forecast too. The forecast sees neither.
- Ranges are skewed: a few years are far worse than most. The forecast keeps its mean right (within 1 or 2 % when it was last measured) and its medians are a little low for that; the table of quantiles shows by how much.
- Questions of one province hang together: one storm moves all of a year, and its years share a history. There are as many independent cases as provinces, not as questions; the range behind the coverage of the 90 % interval comes from drawing provinces anew.
- The losses of the three rules of thumb are those of single numbers, which flatters the forecast; the range of thumb is the harder test. It is learnt from provinces of the same generator, which no utility has.
`
