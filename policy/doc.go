// Package policy holds what a policy says about the numbers, and holds the
// numbers against it: areas and classes with the words that name them, how they
// are grouped, the time zone, the year, which index is judged, and the targets.
//
// A policy is one strict YAML file:
//
//	id: qinghai-2021-101                             # required
//	title: {zh: …, en: …}                            # or one text for both languages
//	source: 青发改能源〔2021〕101号 二(四)
//	zone: Asia/Shanghai                              # required, a name of the IANA time zone database
//	index: saidi-1                                   # the index set that is judged, the default
//	indices: [saidi-1, ieee]                         # the index sets that are shown, by default all
//	momentary: 180s                                  # an interruption up to this long is momentary, the default
//	year_start: 01-01                                # month and day, the default
//	settle: 45d                                      # a closed year may change for so long, the default
//	valid: {from: 2021-02-22, until: 2026-02-21}     # both inclusive
//	areas: [{id: xining, name: {zh: 西宁市, en: Xining}, match: [西宁, "6301"]}]
//	groups: [{id: …, name: …, areas: [xining]}]
//	whole: {id: qinghai, name: …}                    # all areas, by default "whole" and named as the policy
//	classes: [{id: rural, name: …, match: […]}]      # may be absent: then nothing has a class
//	class_groups: [{id: …, name: …, classes: [rural]}]
//	targets:
//	  - {scope: xining, class: rural, reduction: 8%, base: previous-year, strength: duty, deadline: 2022-12-31, clause: …}
//	  - {scope: xining, class: rural, cap: 11h, strength: aspiration, deadline: 2022-12-31}
//	after_deadline: informative                      # the default, or none
//	coverage: {minimum: 0.99, rejected: 0.01}        # the defaults
//	risk: {at_risk: 0.2, off_track: 0.8, pace_at_risk: 1.0, pace_off_track: 1.2, burn_24h: 2%, burn_7d: 5%, burn_30d: 10%}     # the defaults
//	repeat_rules: [{id: year, name: …, more_than: 5, within: year}]
//	prearranged_share: 60%
//
// Every mistake in a file is reported at once, each with its file and line, the
// wrong word and the nearest known one.
//
// [Policy.Standings] lists the targets that are judged in a year, and
// [Policy.Judge] gives the verdict on one of them from [Evidence]: values as
// exact sums, members without data, declared coverage, rows that do not count,
// outages without end. Who gathers the evidence, and from what, is not known
// here.
package policy
