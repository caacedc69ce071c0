package web

import (
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A planAnswer is what proposed outages cost, in words.
type planAnswer struct {
	Verdict        badge  // whether they fit
	Text           string // the same with why
	Besides        string // warnings of a plan that does not fit; else empty
	Head, Sum      string
	Displaced      string
	DisplacedHours string // less than nothing; empty where there is none
	Targets        []planTarget
	About          []planAbout
	Rows           []planRow
	Total          string
	Rejected       []planReject
	KeepOn         []planKeepOn
	Repeats        []string
	Notes          []string
}

// A planTeller words a plan that was read from a file.
type planTeller struct {
	*visit
	file string // its name; the answer itself does not know it
}

func (v *visit) planAnswer(c *snapshot.PlanCheck, file string) *planAnswer {
	v.learn(c.Areas, c.Classes)
	t := &planTeller{v, file}
	x := &planAnswer{
		Head: v.Say("plan.head", c.Year, c.Index, local(c.AsOf), c.Zone), Targets: t.targets(c.Targets), About: t.about(c.Targets),
		Rejected: t.rejected(c.Rows), KeepOn: t.keepOn(c.Targets),
	}
	x.Sum = v.Say("plan.sum", len(c.Rows), len(x.Rejected), hundredthHours(c.CustomerSeconds), exact(c.Interruptions))
	t.verdict(x, c)
	t.rows(x, c)
	if c.Displaced != 0 {
		x.Displaced = v.Say("plan.displaced", hundredthHours(c.Displaced))
		x.DisplacedHours = hundredthHours(-c.Displaced)
	}
	for _, r := range c.Repeats {
		x.Repeats = append(x.Repeats, v.Say("plan.repeat", exact(r.Customers), v.List([]string{v.scopeName(r.Area), v.className(r.Class)}), r.Name.In(string(v.Language))))
	}
	for _, n := range c.Notes {
		x.Notes = append(x.Notes, v.Note(t.named(n)))
	}
	return x
}

// named gives a note the name of the file that was sent.
func (t *planTeller) named(n outage.Note) outage.Note {
	if t.file != "" && n.Path != "" {
		n.Path = t.file
	}
	return n
}

// place names a row of the file that was sent.
func (t *planTeller) place(path, sheet string, row int) string {
	if t.file != "" {
		path = t.file
	}
	return t.Place(path, sheet, row)
}

// event names a proposed outage; one without an id goes by its file and row.
func (t *planTeller) event(id, path string) string {
	if rest, ok := strings.CutPrefix(id, path+":"); ok && t.file != "" {
		return t.file + ":" + rest
	}
	return id
}

// verdict says whether the plan fits, and why not.
func (t *planTeller) verdict(x *planAnswer, c *snapshot.PlanCheck) {
	reasons := t.words(wording.PlanReason, c.Reasons)
	warnings := t.warnings(c)
	switch {
	case c.CannotTell():
		x.Verdict, x.Text = t.fitting(policy.CannotTell, t.Say("plan.unknown")), t.Say("plan.cannot-tell", reasons)
	case slices.Equal(c.Reasons, []string{string(policy.RowsRejected)}):
		x.Verdict, x.Text = t.fitting(policy.AtRisk, t.Say("upload.to-correct")), t.Say("upload.correct-rows", len(x.Rejected))
	case !c.Fits:
		x.Verdict, x.Text = t.fitting(policy.Missed, t.Say("upload.fits-not")), t.Say("plan.fits-not", reasons)
	case warnings != "":
		x.Verdict, x.Text = t.fitting(policy.Met, t.Say("plan.yes")), t.Say("plan.fits-but", warnings)
	default:
		x.Verdict, x.Text = t.fitting(policy.Met, t.Say("plan.yes")), t.Say("plan.fits")
	}
	if !c.Fits && warnings != "" {
		x.Besides = t.Say("plan.besides", warnings)
	}
}

// fitting is a badge that looks like that of a verdict.
func (t *planTeller) fitting(like policy.Verdict, word string) badge {
	b := t.visit.verdict(string(like))
	b.Word = word
	return b
}

func (t *planTeller) words(kind wording.Kind, codes []string) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = t.Word(kind, code)
	}
	return t.List(words)
}

// warnings words what else should be known, with how many of the targets it is
// of; what is a reason is not said again.
func (t *planTeller) warnings(c *snapshot.PlanCheck) string {
	var words []string
	for _, code := range c.Warnings {
		if slices.Contains(c.Reasons, code) {
			continue
		}
		word, n := t.Word(wording.PlanWarning, code), 0
		for i := range c.Targets {
			if slices.Contains(c.Targets[i].Warnings, code) {
				n++
			}
		}
		if n > 0 {
			word = t.Say("plan.of-targets", word, n, len(c.Targets))
		}
		words = append(words, word)
	}
	return t.List(words)
}

// A planAbout is a reason or a warning with the targets that it is about.
type planAbout struct{ What, Targets string }

// about lists each reason once with its targets, then each warning.
func (t *planTeller) about(list []snapshot.PlanTarget) []planAbout {
	reasons := t.aboutOf(list, wording.PlanReason, func(x *snapshot.PlanTarget) []string { return x.Reasons })
	return append(reasons, t.aboutOf(list, wording.PlanWarning, func(x *snapshot.PlanTarget) []string {
		return slices.DeleteFunc(slices.Clone(x.Warnings), func(code string) bool { return slices.Contains(x.Reasons, code) })
	})...)
}

func (t *planTeller) aboutOf(list []snapshot.PlanTarget, kind wording.Kind, codes func(*snapshot.PlanTarget) []string) []planAbout {
	targets := map[string][]string{}
	var order []string
	for i := range list {
		for _, code := range codes(&list[i]) {
			if len(targets[code]) == 0 {
				order = append(order, code)
			}
			targets[code] = append(targets[code], t.target(&list[i]))
		}
	}
	var all []planAbout
	for _, code := range order {
		all = append(all, planAbout{t.Word(kind, code), t.List(targets[code])})
	}
	return all
}

// target names a target.
func (t *planTeller) target(x *snapshot.PlanTarget) string {
	return t.Say("plan.target", x.Name.In(string(t.Language)), x.ClassName.In(string(t.Language)), t.Word(wording.Strength, x.Strength))
}
