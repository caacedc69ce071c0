package policy

import "slices"

// afterDeadline reads what becomes of a target after its deadline.
func (d *decoder) afterDeadline(w word) Strength {
	switch w.Text {
	case "", string(Informative):
		return Informative
	case "none":
		return ""
	}
	d.Unknown(w, "after_deadline", []string{string(Informative), "none"})
	return ""
}

func (d *decoder) demand(f *draft) Demand {
	otherwise := DefaultDemand()
	return Demand{
		Minimum:  d.share("coverage: minimum", f.minimum, otherwise.Minimum),
		Rejected: d.share("coverage: rejected", f.rejected, otherwise.Rejected),
	}
}

func (d *decoder) riskLevels(f *draft) Risk {
	o, before := DefaultRisk(), d.Mistakes()
	r := Risk{
		AtRisk:       d.share("risk: at_risk", f.risk[0], o.AtRisk),
		OffTrack:     d.share("risk: off_track", f.risk[1], o.OffTrack),
		PaceAtRisk:   d.ratio("risk: pace_at_risk", f.risk[2], o.PaceAtRisk),
		PaceOffTrack: d.ratio("risk: pace_off_track", f.risk[3], o.PaceOffTrack),
		BurnDay:      d.share("risk: burn_24h", f.burn[0], o.BurnDay),
		BurnWeek:     d.share("risk: burn_7d", f.burn[1], o.BurnWeek),
		BurnMonth:    d.share("risk: burn_30d", f.burn[2], o.BurnMonth),
	}
	if d.Mistakes() == before {
		d.ascending("", f.risk[0], f.risk[1], r.AtRisk, r.OffTrack)
		d.ascending("pace_", f.risk[2], f.risk[3], r.PaceAtRisk, r.PaceOffTrack)
	}
	return r
}

// ascending reports levels of which the worse lies below the better.
func (d *decoder) ascending(prefix string, at, off word, better, worse Fraction) {
	if worse.rat().Cmp(better.rat()) >= 0 {
		return
	}
	byDefault := func(w word) string {
		if w.Text == "" {
			return ", by default "
		}
		return " "
	}
	d.Fail(max(at.Line, off.Line), "risk: %soff_track%s%s lies below %sat_risk%s%s", prefix, byDefault(off), worse, prefix, byDefault(at), better)
}

// share reads a number from 0 to 1.
func (d *decoder) share(key string, w word, otherwise Fraction) Fraction {
	if w.Text == "" {
		return otherwise
	}
	f, ok := ParseFraction(w.Text)
	if !ok || f.Num > f.Den {
		d.Fail(w.Line, "%s %q: want a share from 0 to 1, such as 0.99 or 99%%", key, w.Text)
		return otherwise
	}
	return f
}

// ratio reads a number above 0.
func (d *decoder) ratio(key string, w word, otherwise Fraction) Fraction {
	if w.Text == "" {
		return otherwise
	}
	f, ok := ParseFraction(w.Text)
	if !ok || f.Num == 0 {
		d.Fail(w.Line, "%s %q: want a number above 0, such as 1.2", key, w.Text)
		return otherwise
	}
	return f
}

// oneOf gives the one of the known words that w is; any other is a mistake.
func oneOf[W ~string](d *decoder, w word, what string, known []W) W {
	if slices.Contains(known, W(w.Text)) {
		return W(w.Text)
	}
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	d.Unknown(w, what, words)
	return ""
}
