// Package policy holds what a policy says about the numbers: its areas and
// classes with the words that name them, how they are grouped, the time zone,
// the year, and which index is judged.
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
//
// Every mistake in a file is reported at once, each with its file and line, the
// wrong word and the nearest known one.
package policy
