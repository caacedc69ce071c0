package compliance

import (
	"fmt"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// assumed words the choices that the numbers rest on. Targets of which the same is
// assumed stand together.
func (m *maker) assumed() []string {
	var all []string
	seen := map[string]bool{}
	for i, a := range m.d.Assumed {
		about := ofTarget(a)
		if about == "" {
			all = append(all, m.assumption(a))
			continue
		}
		if seen[about] {
			continue
		}
		seen[about] = true
		var names []string
		for _, b := range m.d.Assumed[i:] {
			if ofTarget(b) == about {
				names = append(names, m.Say("assume.target", m.args(b)[0], m.args(b)[1]))
			}
		}
		all = append(all, m.Say(assumptionKeys()[a.Code], append([]any{m.List(names)}, m.args(a)[2:]...)...))
	}
	return all
}

// ofTarget is what is assumed of a target, but for which one it is; empty for what
// is assumed of all.
func ofTarget(a snapshot.Assumption) string {
	switch a.Code {
	case snapshot.AssumedBaseYear, snapshot.AssumedBaseValue, snapshot.AssumedAfterDeadline:
		if len(a.Args) > 2 {
			return fmt.Sprint(a.Code, a.Args[2:])
		}
	}
	return ""
}

// assumption words a choice that is of all targets.
func (m *maker) assumption(a snapshot.Assumption) string {
	key, ok := assumptionKeys()[a.Code]
	if !ok {
		return strings.TrimSuffix(fmt.Sprintln(append([]any{a.Code}, a.Args...)...), "\n")
	}
	return m.Say(key, m.args(a)...)
}

// args writes what the words of an assumption take: instants by their own clock,
// shares in per cent, names for codes.
func (m *maker) args(a snapshot.Assumption) []any {
	args := make([]any, len(a.Args))
	for i, arg := range a.Args {
		switch v := arg.(type) {
		case string:
			args[i] = m.argument(a.Code, i, v)
		case float64:
			args[i] = wording.Number(v*100) + " %"
		case int:
			args[i] = m.quantity(a.Code, i, v)
		default:
			args[i] = fmt.Sprint(v)
		}
	}
	return args
}

// argument words a text by what it is: an instant, a name, a share.
func (m *maker) argument(code string, i int, v string) string {
	if _, err := time.Parse(time.RFC3339, v); err == nil {
		return local(v)
	}
	switch code {
	case snapshot.AssumedIndex:
		return m.setNamed(v)
	case snapshot.AssumedNatures:
		return m.each(v, func(id string) string { return m.Word(wording.Nature, id) })
	case snapshot.AssumedByArea:
		return m.each(v, m.name)
	case snapshot.AssumedCoverage, snapshot.AssumedRejected, snapshot.AssumedRisk:
		return inPercent(v)
	case snapshot.AssumedBaseYear, snapshot.AssumedBaseValue, snapshot.AssumedAfterDeadline:
		switch i {
		case 0:
			return m.name(v)
		case 1:
			return m.class(v)
		case 3:
			return inPercent(v)
		}
	case snapshot.AssumedValid:
		if v == "" {
			return m.Say("assume.unbounded")
		}
	}
	return v
}

// quantity writes a whole number: times in minutes or hours, years as they are,
// and of other things their thousands apart.
func (m *maker) quantity(code string, i int, v int) string {
	switch {
	case code == snapshot.AssumedBaseValue && i == 3:
		return m.Say("assume.hours", wording.Number(float64(v)/3600))
	case code == snapshot.AssumedLonger, code == snapshot.AssumedMomentary, code == snapshot.AssumedStale && i == 0:
		return m.length(v)
	case code == snapshot.AssumedYear, code == snapshot.AssumedBaseYear, code == snapshot.AssumedBaseValue:
		return fmt.Sprint(v)
	}
	return count(int64(v))
}

// length writes so many seconds in the largest unit that divides them.
func (m *maker) length(seconds int) string {
	switch {
	case seconds%86400 == 0:
		return m.Say("page.days", seconds/86400)
	case seconds%3600 == 0:
		return m.Say("page.hours", seconds/3600)
	case seconds%60 == 0:
		return m.Say("page.minutes", seconds/60)
	}
	return m.Say("page.seconds", seconds)
}

// each words every element of a list with commas between.
func (m *maker) each(list string, word func(string) string) string {
	var all []string
	for id := range strings.SplitSeq(list, ",") {
		all = append(all, word(strings.TrimSpace(id)))
	}
	return m.List(all)
}

// inPercent writes a share that is a decimal number, or a fraction, in per cent.
func inPercent(share string) string {
	var v float64
	if _, err := fmt.Sscanf(share, "%g", &v); err != nil {
		return share
	}
	return wording.Number(v*100) + " %"
}

// assumptionKeys gives the sentence of each code.
func assumptionKeys() map[string]string {
	return map[string]string{
		snapshot.AssumedZone: "assume.zone", snapshot.AssumedAsOf: "assume.as-of", snapshot.AssumedKnownAt: "assume.known-at",
		snapshot.AssumedDataThrough: "assume.data-through", snapshot.AssumedYear: "assume.year", snapshot.AssumedWindow: "assume.window",
		snapshot.AssumedIndex: "assume.index", snapshot.AssumedNatures: "assume.natures", snapshot.AssumedAllNatures: "assume.all-natures",
		snapshot.AssumedAnyLength: "assume.any-length", snapshot.AssumedLonger: "assume.longer-than", snapshot.AssumedPassing: "assume.days-passing",
		snapshot.AssumedStartDay: "assume.day-of-start", snapshot.AssumedExceptMajor: "assume.without-major", snapshot.AssumedMomentary: "assume.momentary",
		snapshot.AssumedWholeFeeder: "assume.whole-feeder", snapshot.AssumedNoCustomers: "assume.no-customers", snapshot.AssumedRepeatReject: "assume.repeat-reject",
		snapshot.AssumedRepeatStages: "assume.repeat-stages", snapshot.AssumedRepeatLatest: "assume.repeat-latest", snapshot.AssumedRepeatLeft: "assume.repeat-left",
		snapshot.AssumedOpen: "assume.open", snapshot.AssumedStale: "assume.stale", snapshot.AssumedSettle: "assume.settle",
		snapshot.AssumedCoverage: "assume.coverage", snapshot.AssumedRejected: "assume.rejected", snapshot.AssumedRisk: "assume.risk", snapshot.AssumedPace: "assume.pace",
		snapshot.AssumedBaseYear: "assume.base-year", snapshot.AssumedBaseValue: "assume.base-value", snapshot.AssumedSameDates: "assume.same-dates",
		snapshot.AssumedAfterDeadline: "assume.after-deadline", snapshot.AssumedValid: "assume.valid", snapshot.AssumedProjection: "assume.projection",
		snapshot.AssumedNoProjection: "assume.no-projection", snapshot.AssumedByUnit: "assume.by-unit", snapshot.AssumedByFeeder: "assume.by-feeder",
		snapshot.AssumedByArea: "assume.by-area", snapshot.AssumedSplit: "assume.split", snapshot.AssumedUnknownFeeder: "assume.unknown-feeder", snapshot.AssumedMadeUp: "assume.made-up",
	}
}
