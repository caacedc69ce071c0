package wording

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
)

func texts[T ~string](codes []T) []string {
	var all []string
	for _, c := range codes {
		all = append(all, string(c))
	}
	return all
}

// Every code of a closed list has a word in both languages, and there is no word
// for a code that nobody gives.
func TestClosedLists(t *testing.T) {
	t.Parallel()
	natures := []string{outage.NotAnOutage.String()}
	for n := range outage.NatureCount {
		natures = append(natures, outage.Nature(n).String())
	}
	flags := append(append(outage.Flags(1<<16-1).Codes(), "stale-open-outage"), policy.PlanFlags()...)
	lists := map[Kind][]string{
		Verdict: texts(policy.Verdicts()), Reason: texts(policy.Reasons()), Strength: texts(policy.Strengths()), State: texts(policy.States()),
		Nature: natures, Rejection: texts(outage.Reasons()), Advice: texts(outage.Reasons()), Flag: flags,
		PlanReason: texts(policy.PlanReasons()), PlanWarning: texts(policy.PlanWarnings()), PlanProblem: texts(policy.PlanProblems()), PlanAdvice: texts(policy.PlanProblems()),
	}
	for kind, want := range lists {
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(codes[kind]))); diff != "" {
			t.Errorf("%s (-codes +words):\n%s", kind, diff)
		}
		for _, code := range want {
			zh, en := Chinese.Word(kind, code), English.Word(kind, code)
			if kind == PlanAdvice {
				en = policy.PlanProblem(code).Advice()
			}
			if zh == "" || en == "" || zh == code || !isChinese(zh) {
				t.Errorf("%s %s: zh %q, en %q", kind, code, zh, en)
			}
		}
	}
	if len(lists)+1 != len(codes) { // notes have a test of their own
		t.Errorf("%d kinds are tested, there are %d", len(lists), len(codes))
	}
}

func isChinese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r >= '一' && r <= '龥' })
}

// Every note that is made has Chinese words, with as many arguments.
func TestNotes(t *testing.T) {
	t.Parallel()
	made := map[string]string{}
	call := regexp.MustCompile(`outage\.Notef\("([a-z-]+)", ("(?:[^"\\]|\\.)*")`)
	for _, text := range source(t, "../ingest/*.go", "../cmd/saidi/*.go", "../snapshot/*.go") {
		for _, match := range call.FindAllStringSubmatch(text, -1) {
			made[match[1]] = match[2]
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(made)), slices.Sorted(maps.Keys(codes[Note]))); diff != "" {
		t.Errorf("(-made +words):\n%s", diff)
	}
	for code, english := range made {
		if diff := cmp.Diff(verb.FindAllString(english, -1), verb.FindAllString(codes[Note][code].zh, -1)); diff != "" {
			t.Errorf("%s (-en +zh):\n%s", code, diff)
		}
	}
}

// verb matches what a format puts an argument in place of.
var verb = regexp.MustCompile(`%[-+.0-9]*[a-z]`)

// source gives the texts of the files that match patterns.
func source(t *testing.T, patterns ...string) []string {
	t.Helper()
	var texts []string
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue // tests have names of files that look like keys
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(text))
		}
	}
	return texts
}

// Both languages of a sentence take the same arguments in the same order.
func TestSentencesTakeTheSameArguments(t *testing.T) {
	t.Parallel()
	for key, p := range sentences {
		if p.zh == "" || p.en == "" {
			t.Errorf("%s: zh %q, en %q", key, p.zh, p.en)
		}
		if diff := cmp.Diff(verb.FindAllString(p.en, -1), verb.FindAllString(p.zh, -1)); diff != "" {
			t.Errorf("%s (-en +zh):\n%s", key, diff)
		}
	}
}

// Every sentence is said somewhere, and nothing is said that the catalogue does
// not have.
func TestSentencesAreSaid(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	literal := regexp.MustCompile(`"((?:head|year|targets|outlook|reason|measures|hours|column|quality|rows|details|explain|plan|diff|by|store|place|check|page|area|events|record|upload|data|live|paper|verify|assume|problem)\.[a-z][a-z-]*)"`)
	for _, text := range source(t, "../report/*.go", "../cmd/saidi/*.go", "../web/*.go", "../web/pages/*.html", "../compliance/*.go", "language.go") {
		for _, match := range literal.FindAllStringSubmatch(text, -1) {
			if !strings.HasSuffix(match[1], ".js") { // the name of an asset
				said[match[1]] = true
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(sentences)), slices.Sorted(maps.Keys(said))); diff != "" {
		t.Errorf("(-catalogue +said):\n%s", diff)
	}
}

func TestLocale(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set  map[string]string
		want Language
	}{
		"nothing":             {nil, English},
		"Chinese":             {map[string]string{"LANG": "zh_CN.UTF-8"}, Chinese},
		"C":                   {map[string]string{"LANG": "C"}, English},
		"LC_ALL comes first":  {map[string]string{"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, English},
		"messages before all": {map[string]string{"LC_MESSAGES": "zh_CN", "LANG": "de_DE"}, Chinese},
	} {
		if got := Locale(func(name string) string { return c.set[name] }); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// What the catalogue does not know is shown as it is.
func TestUnknown(t *testing.T) {
	t.Parallel()
	if got := Chinese.Word(Verdict, "new"); got != "new" {
		t.Errorf("a code without a word: %q", got)
	}
	if got := English.Say("no.such"); got != "no.such" {
		t.Errorf("a key without a sentence: %q", got)
	}
}

// Every word that the policy writes into equations has its Chinese.
func TestArithmetic(t *testing.T) {
	t.Parallel()
	literals := regexp.MustCompile(`"[^"]*"`)
	word := regexp.MustCompile(`[a-z][a-z-]{2,}`)
	found := 0
	for _, text := range source(t, "../policy/arithmetic.go", "../policy/value.go") {
		for _, literal := range literals.FindAllString(text, -1) {
			if !strings.ContainsAny(literal, " =") {
				continue // an import
			}
			for _, w := range word.FindAllString(literal, -1) {
				found++
				if got := Chinese.Arithmetic(", " + w + " "); strings.Contains(got, w) {
					t.Errorf("%q stays %q", w, got)
				}
			}
		}
	}
	if found < 6 {
		t.Errorf("%d words are found, want those of all equations", found)
	}
	if got := English.Arithmetic("limit = 11 h"); got != "limit = 11 h" {
		t.Errorf("English: %q", got)
	}
}
