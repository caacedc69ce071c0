package dashboards

import (
	"strconv"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/wording"
)

// A state is how one verdict is shown, beside its sign and word.
type state struct {
	verdict policy.Verdict
	colour  string
}

// states lists the verdicts, the worst first.
func states() []state {
	return []state{
		{policy.Missed, maroon}, {policy.OffTrack, vermillion}, {policy.CannotTell, purple},
		{policy.AtRisk, yellow}, {policy.OnTrack, blue}, {policy.Met, green},
	}
}

// verdict is the sign and the word of a state.
func (t tongue) verdict(s state) string {
	return wording.Sign(string(s.verdict)) + " " + t.language.Word(wording.Verdict, string(s.verdict))
}

// A shown is what stands for a value: a text, and a colour where it has one.
type shown struct{ value, text, colour string }

// mapped puts texts in place of values; others stay as they are.
func mapped(values ...shown) property {
	options := object{}
	for i, s := range values {
		result := object{"text": s.text, "index": i}
		if s.colour != "" {
			result[fieldColour] = s.colour
		}
		options[s.value] = result
	}
	return property{"mappings", []object{{"type": "value", "options": options}}}
}

// coded puts the words of the catalogue in place of codes.
func (t tongue) coded(k wording.Kind, codes []string) []shown {
	var all []shown
	for _, code := range codes {
		all = append(all, shown{value: code, text: t.language.Word(k, code)})
	}
	return all
}

// verdicts words the numbers that [danger] gives, 1 for the best.
func (t tongue) verdicts() property {
	var all []shown
	for i, s := range states() {
		all = append(all, shown{strconv.Itoa(len(states()) - i), t.verdict(s), s.colour})
	}
	return mapped(all...)
}

func (t tongue) strengths() property {
	return mapped(t.coded(wording.Strength, texts(policy.Strengths()))...)
}

func (t tongue) rules() property {
	return mapped(shown{"cap", t.capWord(), ""}, shown{"reduction", t.reductionWord(), ""})
}

func (t tongue) capWord() string       { return t.say("小时上限", "cap in hours") }
func (t tongue) reductionWord() string { return t.say("同比压缩", "reduction") }

func (t tongue) natures() property {
	var codes []string
	for n := range outage.NatureCount {
		codes = append(codes, outage.Nature(n).String())
	}
	return mapped(t.coded(wording.Nature, codes)...)
}

func (t tongue) rejections() property {
	return mapped(t.coded(wording.Rejection, texts(outage.Reasons()))...)
}

func (t tongue) advice() property {
	return mapped(t.coded(wording.Advice, texts(outage.Reasons()))...)
}

func (t tongue) flags() property {
	return mapped(t.coded(wording.Flag, append(outage.Flags(1<<16-1).Codes(), "stale-open-outage"))...)
}

func (t tongue) outcomes() property {
	var all []shown
	for _, code := range []string{"accepted", "rejected", "duplicate", "superseded", "cancelled", "skipped", "excluded"} {
		all = append(all, shown{value: code, text: t.language.Say("rows." + code)})
	}
	return mapped(all...)
}

func (t tongue) uncounted() property {
	return mapped(
		shown{"over_base", t.say("户数超过在册户数", "more customers than the base has"), ""},
		shown{"overlap_excess", t.say("同一线路已有停电", "others on the feeder were out already"), ""},
	)
}

// causes words the one cause that is not from the data.
func (t tongue) causes() property {
	return mapped(shown{"other", t.say("其他及未填", "others and none given"), ""})
}

// indexSets says what the usual index sets count; those that a policy adds show
// their names.
func (t tongue) indexSets() property {
	return mapped(
		shown{"saidi-1", t.say("SAIDI-1 全部计入", "SAIDI-1, everything"), ""},
		shown{"saidi-2", t.say("SAIDI-2 不计外部影响", "SAIDI-2, without external faults"), ""},
		shown{"saidi-3", t.say("SAIDI-3 不计系统电源不足限电", "SAIDI-3, without generation shortage"), ""},
		shown{"saidi-4", t.say("SAIDI-4 不计短时停电", "SAIDI-4, without momentary"), ""},
		shown{"saidi-s", t.say("SAIDI-S 预安排部分", "SAIDI-S, pre-arranged part"), ""},
		shown{"saidi-f", t.say("SAIDI-F 故障部分", "SAIDI-F, fault part"), ""},
		shown{"saidi-u", t.say("SAIDI-U 性质不明部分", "SAIDI-U, unknown part"), ""},
		shown{"ieee", t.say("IEEE 超过5分钟", "IEEE, above 5 minutes"), ""},
		shown{"ieee-ex-med", t.say("IEEE 不计重大事件日", "IEEE, without major event days"), ""},
	)
}

// yesNo shows 1 and 0 by signs and words.
func yesNo(yes, no string) property {
	return mapped(shown{"1", "✓ " + yes, green}, shown{"0", "✗ " + no, vermillion})
}

func texts[T ~string](codes []T) []string {
	var all []string
	for _, c := range codes {
		all = append(all, string(c))
	}
	return all
}
