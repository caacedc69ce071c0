package dashboards

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/policy"
)

func alertNames() []string {
	var names []string
	for _, a := range alerts(RuleOptions{}) {
		names = append(names, a.name)
	}
	slices.Sort(names)
	return names
}

// Every alert has a runbook in both languages, and there is no other.
func TestRunbooks(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../docs/runbooks/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".md")
		got = append(got, name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"# " + name + "\n", "## What it means\n", "## How to look\n", "## What to do\n", "## When it goes away\n", "## 中文\n", "```promql\n"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lacks %q", path, want)
			}
		}
	}
	if diff := cmp.Diff(alertNames(), got); diff != "" {
		t.Errorf("(-alerts +runbooks):\n%s", diff)
	}
}

// The expressions of the runbooks use what the exporter has.
func TestRunbookExpressions(t *testing.T) {
	t.Parallel()
	known := ruleLabels()
	for _, r := range records() {
		known[r.name] = []string{"scope", "area", "kind", "nature", "policy", "class", "rule", "strength", "year", "verdict"}
	}
	block := regexp.MustCompile("(?s)```promql\n(.*?)```")
	for _, name := range alertNames() {
		text, err := os.ReadFile("../docs/runbooks/" + name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range block.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(b[1]) {
				for _, wrong := range readExpr(line).check(known) {
					t.Errorf("%s: %s: there is no %s", name, strings.TrimSpace(line), wrong)
				}
			}
		}
	}
}

// docs/alerts.md lists every alert with what it says of itself and every
// recording rule, and names no other.
func TestAlertsPage(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../docs/alerts.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, a := range alerts(RuleOptions{}) {
		wait := a.hold
		if wait == "" {
			wait = "at once"
		}
		if row := "| [" + a.name + "](runbooks/" + a.name + ".md) | " + string(a.severity) + " | " + string(a.audience) + " | " + wait + " |"; !strings.Contains(text, row) {
			t.Errorf("want a row that begins %q", row)
		}
	}
	named := regexp.MustCompile(`Saidi[A-Z][A-Za-z]+`).FindAllString(text, -1)
	slices.Sort(named)
	if diff := cmp.Diff(alertNames(), slices.Compact(named)); diff != "" {
		t.Errorf("(-alerts +page):\n%s", diff)
	}
	for _, r := range records() {
		if !strings.Contains(text, "| `"+r.name+"` |") {
			t.Errorf("%s is not listed", r.name)
		}
	}
}

// Texts are in their language: Chinese ones hold Han, English ones none beside
// the lookups, and nobody is told a phrase that was not put in.
func TestAlertTexts(t *testing.T) {
	t.Parallel()
	left := regexp.MustCompile(`(?:^|[^{])\{[a-z-]+\}(?:[^}]|$)`)
	han := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	for _, r := range shippedRules() {
		for key, text := range r.Annotations {
			if han(text) != strings.HasSuffix(key, "_zh") {
				t.Errorf("%s, %s is in the wrong language: %s", r.Alert, key, text)
			}
			if left.MatchString(text) {
				t.Errorf("%s, %s: a phrase is left: %s", r.Alert, key, text)
			}
		}
	}
}

// No text and no expression names an area or a class of the built-in policy.
func TestAlertsKnowNoPolicy(t *testing.T) {
	t.Parallel()
	p := policy.Qinghai()
	files, err := RuleOptions{}.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		for _, a := range p.Areas {
			if strings.Contains(string(f.Data), string(a.ID)) {
				t.Errorf("%s names %s", f.Path, a.ID)
			}
		}
	}
}

// Where runbooks lie and what the job is called is the installation's choice.
func TestRuleOptions(t *testing.T) {
	t.Parallel()
	files, err := RuleOptions{Runbooks: "https://wiki.example.org/", Job: "outage-2"}.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if text := string(f.Data); strings.Contains(text, DefaultRunbooks) || strings.Contains(text, `job="saidi"`) || strings.Contains(text, "job_name: saidi") {
			t.Errorf("%s has a default in place of an option", f.Path)
		}
	}
	var got ruleFile
	if err := yaml.Unmarshal(files[1].Data, &got); err != nil {
		t.Fatal(err)
	}
	for _, g := range got.Groups {
		for _, r := range g.Rules {
			if want := "https://wiki.example.org/" + r.Alert + ".md"; r.Annotations["runbook_url"] != want {
				t.Errorf("%s: runbook %s, want %s", r.Alert, r.Annotations["runbook_url"], want)
			}
		}
	}
}
