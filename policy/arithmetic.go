package policy

import (
	"fmt"
	"math/big"
	"strings"
)

// Arithmetic writes how the verdict came about as equations that a reader can
// check by hand: customer-hours and equivalent customers, the limit, and the
// comparison, with as many decimals as it takes to see which is larger.
func (f *Finding) Arithmetic() string {
	var parts []string
	decimals := f.decimals()
	if f.Value.Exists() {
		parts = append(parts, f.equation(f.Year, f.Value, decimals))
	}
	if f.Limit.Exists() {
		parts = append(parts, f.limitText(decimals))
	}
	return strings.Join(append(parts, f.steps...), "; ")
}

// equation writes how the value of a year came about.
func (f *Finding) equation(year int, v Value, decimals int) string {
	name := fmt.Sprintf("%s %d", f.index, year)
	if division := v.division(); division != "" {
		return fmt.Sprintf("%s = %s = %s h", name, division, v.fixed(decimals))
	}
	return fmt.Sprintf("%s, published = %s h", name, v.fixed(decimals))
}

func (f *Finding) limitText(decimals int) string {
	if f.Rule == Cap {
		return "limit = " + decimal(new(big.Rat).Quo(f.Limit.seconds, hour())) + " h"
	}
	return fmt.Sprintf("%s; limit = (1 − %s) × %s h = %s h", f.equation(f.BaseYear, f.Base, decimals), f.Target.Reduction.Percent(), f.Base.fixed(decimals), f.Limit.fixed(decimals))
}

// The number of decimals of hours: as a rule, and at most.
const (
	usualDecimals = 4
	mostDecimals  = 24
)

// decimals is the number of decimals at which value and limit look different,
// if they are.
func (f *Finding) decimals() int {
	if !f.Value.Exists() || !f.Limit.Exists() || f.Value.Cmp(f.Limit) == 0 {
		return usualDecimals
	}
	for n := usualDecimals; n < mostDecimals; n++ {
		if f.Value.fixed(n) != f.Limit.fixed(n) {
			return n
		}
	}
	return mostDecimals
}

// compare notes on which side of the limit the value is.
func (f *Finding) compare() {
	n := f.decimals()
	sign := map[int]string{-1: "<", 0: "=", 1: ">"}[f.Value.Cmp(f.Limit)]
	f.steps = append(f.steps, fmt.Sprintf("%s h %s %s h", f.Value.fixed(n), sign, f.Limit.fixed(n)))
}

// explainRisk notes how the probability of missing came about.
func (j *judgement) explainRisk(risk *big.Rat) {
	j.steps = append(j.steps, fmt.Sprintf("risk = %d / %d draws = %s", j.e.Forecast.Over, j.e.Forecast.Draws, decimal(risk)))
}

// explainPace notes how the pace came about.
func (j *judgement) explainPace(kind Reason) {
	switch kind {
	case ShareHistory:
		j.steps = append(j.steps, "share = "+j.share.FloatString(usualDecimals))
	case ShareLastYear:
		j.steps = append(j.steps, fmt.Sprintf("share = %s h / %s h = %s", j.e.BeforeToDate.Value.fixed(usualDecimals),
			j.e.Before.Value.fixed(usualDecimals), j.share.FloatString(usualDecimals)))
	default:
		j.steps = append(j.steps, fmt.Sprintf("share = %d s / %d s = %s", min(j.e.AsOf, j.e.Year.To)-j.e.Year.From, j.e.Year.Seconds(), j.share.FloatString(usualDecimals)))
	}
	j.steps = append(j.steps, fmt.Sprintf("pace = %s h / (%s h × %s) = %s", j.Value.fixed(usualDecimals), j.Limit.fixed(usualDecimals),
		j.share.FloatString(usualDecimals), j.paceText()))
}

// paceText writes the pace with as many decimals as it takes to see on which
// side of the thresholds it is.
func (j *judgement) paceText() string {
	for n := usualDecimals; n < mostDecimals; n++ {
		text := j.pace.FloatString(n)
		shown, _ := new(big.Rat).SetString(text)
		if shown.Cmp(j.p.Risk.PaceAtRisk.rat()) == j.pace.Cmp(j.p.Risk.PaceAtRisk.rat()) &&
			shown.Cmp(j.p.Risk.PaceOffTrack.rat()) == j.pace.Cmp(j.p.Risk.PaceOffTrack.rat()) {
			return text
		}
	}
	return j.pace.FloatString(mostDecimals)
}
