package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// longestMomentary bounds the momentary threshold, in seconds: an interruption
// of more than an hour is momentary nowhere.
const longestMomentary = 3600

// check makes a policy of a draft and holds its parts against one another.
func (d *decoder) check(f *draft) *Policy {
	p := &Policy{
		ID:          f.id.Text,
		Title:       f.title.orElse(Text{Zh: f.id.Text, En: f.id.Text}),
		Source:      f.source.Text,
		Zone:        d.zone(f),
		Index:       d.index(f.index),
		Momentary:   d.momentary(f.momentary),
		YearStart:   d.yearStart(f.yearStart),
		Settle:      d.duration("settle", f.settle, DefaultSettle),
		Valid:       d.validity(f),
		Areas:       areas(f.areas),
		Groups:      d.groups(f),
		Classes:     classes(f.classes),
		ClassGroups: d.classGroups(f),
	}
	p.AfterDeadline = d.afterDeadline(f.after)
	p.Coverage, p.Risk = d.demand(f), d.riskLevels(f)
	p.RepeatRules = d.repeatRules(f)
	if f.prearranged.Text != "" {
		share := d.share("prearranged_share", f.prearranged, Fraction{0, 1})
		p.PreArrangedShare = &share
	}
	p.Indices = d.indices(f, p.Index)
	p.Whole = whole(f.whole, p)
	if p.ID == "" {
		d.missing(f.line, "id")
	}
	if len(p.Areas) == 0 {
		d.missing(f.line, "areas")
	}
	d.scopeIDs(f, p.Whole.ID)
	d.classIDs(f)
	d.recognition(f, p)
	p.Targets = d.targets(f, p)
	return p
}

// missing reports a key that every policy has, unless a mistake in the file may
// be why it was not read.
func (d *decoder) missing(line int, key string) {
	if d.Mistakes() == 0 {
		d.Fail(line, "the key %q is missing", key)
	}
}

func (d *decoder) zone(f *draft) *time.Location {
	loc, ok := loadZone(f.zone.Text)
	switch {
	case ok:
	case f.zone.Text == "":
		d.missing(f.line, "zone")
	default:
		d.Unknown(f.zone, "zone", zoneNames())
	}
	return loc
}

func indexIDs() []string {
	sets := reliability.Sets()
	ids := make([]string, len(sets))
	for i, s := range sets {
		ids[i] = s.ID
	}
	return ids
}

func (d *decoder) index(w word) string {
	if w.Text == "" {
		return reliability.SAIDI1
	}
	if known := indexIDs(); !slices.Contains(known, w.Text) {
		d.Unknown(w, "index", known)
	}
	return w.Text
}

func (d *decoder) indices(f *draft, judged string) []string {
	known := indexIDs()
	if len(f.indices) == 0 {
		return known
	}
	var ids []string
	for _, w := range f.indices {
		switch {
		case !slices.Contains(known, w.Text):
			d.Unknown(w, "index", known)
		case slices.Contains(ids, w.Text):
			d.Fail(w.Line, "indices: %q stands twice", w.Text)
		}
		ids = append(ids, w.Text)
	}
	if !slices.Contains(ids, judged) {
		d.Fail(f.indices[0].Line, "indices: the index that is judged, %q, is not among them", judged)
	}
	return ids
}

func (d *decoder) duration(key string, w word, otherwise int64) int64 {
	if w.Text == "" {
		return otherwise
	}
	seconds, ok := ParseDuration(w.Text)
	switch {
	case ok:
	case strings.Trim(w.Text, "0123456789.") == "":
		d.Fail(w.Line, "%s %q: the unit is missing: want s, m, h or d behind it, such as 45d or 2.73h", key, w.Text)
	default:
		d.Fail(w.Line, "%s %q: want whole seconds up to 3660d as a number and one of the units s, m, h, d, such as 45d or 2.73h", key, w.Text)
	}
	return seconds
}

func (d *decoder) momentary(w word) int64 {
	before := d.Mistakes()
	seconds := d.duration("momentary", w, DefaultMomentary)
	if d.Mistakes() == before && (seconds < 1 || seconds > longestMomentary) {
		d.Fail(w.Line, "momentary %q: want 1s to 1h", w.Text)
	}
	return seconds
}

func (d *decoder) yearStart(w word) period.YearStart {
	if w.Text == "" {
		return period.YearStart{}
	}
	start, err := period.ParseYearStart(w.Text)
	if err != nil {
		d.Fail(w.Line, "%v", err)
	}
	return start
}

func (d *decoder) validity(f *draft) Validity {
	v := Validity{From: d.day("valid: from", f.from, AlwaysFrom), Until: d.day("valid: until", f.until, AlwaysUntil)}
	if v.Until < v.From {
		d.Fail(f.until.Line, "valid: until %s lies before from %s", v.Until, v.From)
	}
	return v
}

func (d *decoder) day(key string, w word, otherwise period.Day) period.Day {
	if w.Text == "" {
		return otherwise
	}
	at, err := time.Parse(time.DateOnly, w.Text)
	if err != nil {
		d.Fail(w.Line, "%s %q: want a date, such as 2021-02-22", key, w.Text)
		return otherwise
	}
	return period.DayOfDate(at.Date())
}

// recognition reports the words that would mean two areas or two classes.
func (d *decoder) recognition(f *draft, p *Policy) {
	if d.Mistakes() > 0 {
		return // a duplicate id would be reported again for each of its words
	}
	lines := map[string]int{}
	for _, e := range slices.Concat(f.areas, f.classes) {
		lines[e.id.Text+"\n"] = e.id.Line
		for _, w := range e.match {
			lines[e.id.Text+"\n"+w.Text] = w.Line
		}
	}
	claims := append(areaClaims(p.Areas), classClaims(p.Classes)...)
	claim(outage.NewNames(), claims, func(c claimant, text string, err error) {
		line, ok := lines[c.id+"\n"+text]
		if !ok {
			line = lines[c.id+"\n"]
		}
		d.Fail(line, "%v", err)
	})
}
