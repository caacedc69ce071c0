package report

import (
	"slices"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

func (p *page) verdict(t *snapshot.Target) string {
	text := wording.Sign(t.Verdict) + " " + p.word(wording.Verdict, t.Verdict)
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
		return wording.LessBy(*t.RequiredReduction)
	}
	return wording.AtMost(*t.LimitHours)
}

func (p *page) used(t *snapshot.Target) string {
	share, ok := t.Used()
	if !ok {
		return absent
	}
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
