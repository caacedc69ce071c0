package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// blocks lists the texts of the code blocks of a page in some language.
func blocks(t *testing.T, page []byte, language string) (list []string) {
	t.Helper()
	for _, match := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllSubmatch(page, -1) {
		list = append(list, string(match[1]))
	}
	if len(list) == 0 {
		t.Fatalf("the page has no %s", language)
	}
	return list
}

func planPage(t *testing.T) []byte {
	t.Helper()
	page, err := os.ReadFile("../../docs/plan.md")
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// The commands of the page run, and the plan costs what the page says.
func TestPlanPage(t *testing.T) {
	page := planPage(t)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("planned.csv", []byte(blocks(t, page, "csv")[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range blocks(t, page, "sh") {
		args := strings.Fields(line)[1:]
		if args[0] == "plan" {
			args = append(args, "--format", "json")
		}
		var stdout, stderr bytes.Buffer
		if code := run(world{args: args, stdout: &stdout, stderr: &stderr, now: time.Now}); code != exitDone {
			t.Fatalf("%s: exit %d\n%s", line, code, stderr.String())
		}
		if args[0] != "plan" {
			continue
		}
		var got snapshot.PlanCheck
		if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if hours := got.CustomerSeconds.Float() / 3600; hours != 330 || !bytes.Contains(page, []byte("are 330 customer-hours")) {
			t.Errorf("the plan costs %v customer-hours, not what the page says", hours)
		}
	}
}

// The page names every field, and every code of the closed lists.
func TestPlanPageIsComplete(t *testing.T) {
	page := string(planPage(t))
	var words []string
	for _, code := range policy.PlanReasons() {
		words = append(words, string(code))
	}
	for _, code := range policy.PlanWarnings() {
		words = append(words, string(code))
	}
	for _, code := range policy.PlanProblems() {
		words = append(words, string(code))
	}
	words = append(words, policy.PlanFlags()...)
	for _, value := range []any{snapshot.PlanCheck{}, snapshot.PlanRow{}, snapshot.Problem{}, snapshot.PlanRepeat{}, snapshot.KeepOn{}} {
		words = append(words, fieldsOf(t, value)...)
	}
	for _, word := range words {
		if word != "schema_version" && !strings.Contains(page, "`"+word+"`") && !strings.Contains(page, "`"+word+"[]`") {
			t.Errorf("the page does not name %s", word)
		}
	}
}

// fieldsOf lists the fields of a value in JSON.
func fieldsOf(t *testing.T, value any) []string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(fields))
}

// The CSV has a column for every field of a target that is a plain value.
func TestPlanTargetColumns(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("testdata/script/plan.txtar")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(script), "-- targets.golden --\n")
	header, _, _ := strings.Cut(rest, "\n")
	got := strings.Split(header, ",")
	slices.Sort(got)
	if diff := cmp.Diff(fieldsOf(t, snapshot.PlanTarget{}), got); diff != "" {
		t.Errorf("columns differ (-fields +columns):\n%s", diff)
	}
}
