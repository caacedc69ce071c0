package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// signs tell the verdicts apart where colours do not. None of them is of
// ambiguous width (Unicode Standard Annex #11).
var signs = map[string]string{
	"met": "✓", "missed": "✗", "on-track": "+", "at-risk": "~", "off-track": "-", "cannot-tell": "?",
}

func (p *page) verdict(t *snapshot.Target) string {
	text := signs[t.Verdict] + " " + p.word(wording.Verdict, t.Verdict)
	if marked(t) {
		text += "*"
	}
	return text
}

// marked says whether an outage that is still open may change a verdict of a
// complete year.
func marked(t *snapshot.Target) bool {
	return slices.Contains(t.Reasons, string(policy.StillOpen)) || slices.Contains(t.Reasons, string(policy.StaleOpen))
}

// rule writes what is asked: at most so many hours, or so much less.
func (p *page) rule(t *snapshot.Target) string {
	if t.RequiredReduction != nil {
		return "−" + plain(*t.RequiredReduction*100) + " %"
	}
	return "≤ " + plain(*t.LimitHours) + " h"
}

// plain writes a number with four decimals at most, and none that say nothing.
func plain(v float64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 4, 64), "0"), ".")
}

func (p *page) used(t *snapshot.Target) string {
	if t.ValueHours == nil || t.LimitHours == nil || *t.LimitHours == 0 {
		return absent
	}
	share := used(t)
	return percent(&share, 1)
}

// change is how much more or less than in the base year.
func change(t *snapshot.Target) string {
	if t.Reduction == nil {
		return absent
	}
	grown := -*t.Reduction
	return signed(&grown)
}

// paint colours a verdict: red for the bad, yellow for what needs a look, green
// for the good.
func (p *page) paint(verdict string) func(string) string {
	colours := map[string]string{
		"missed": "31;1", "off-track": "31", "cannot-tell": "35", "at-risk": "33", "on-track": "32", "met": "32;1",
	}
	code, ok := colours[verdict]
	if !p.Colour || !ok {
		return nil
	}
	return func(text string) string { return "\x1b[" + code + "m" + text + "\x1b[0m" }
}
