package report

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A text that a spreadsheet would take for a formula gets an apostrophe; a number
// does not.
func TestInert(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"": "", "E1": "E1", "110kV多巴变": "110kV多巴变", "'=1": "'=1", " =1": " =1", "a=1": "a=1", "−8 %": "−8 %",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠A1": "'＠A1", "a＝1": "a＝1", "；=1": "；=1",
		"a;=1": "a;'=1", "a;b": "a;b", "a; -8 %": "a; '-8 %", "a;\"=1+1;": "a;\"'=1+1;", ";;@x;+y": ";;'@x;'+y", "a\t=1": "a\t'=1", "a\n－1": "a\n'－1", "-1;-2": "'-1;'-2", "a;5": "a;5", "a;'=1": "a;'=1",
		"=1+1": "'=1+1", "+1+1": "'+1+1", "-1+1": "'-1+1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t'=1", "\r=1": "'\r'=1", "\n=1": "'\n'=1", "\tx": "'\tx", "-": "'-", "=": "'=",
		"-0x1p4": "'-0x1p4", "-Inf": "'-Inf", "-1 ": "'-1 ", "-1,000": "'-1,000", "-1.": "'-1.",
		"-1": "-1", "+1": "+1", "-0.25": "-0.25", "-1e-07": "-1e-07", "+86": "+86",
	} {
		if got := inert(field); got != want {
			t.Errorf("%q: %q, want %q", field, got, want)
		}
	}
}

// evil is what a field of an input may hold.
const evil = `=HYPERLINK("http://x","y")`

// Nothing that any input says becomes a formula in what is written as CSV: every
// text of every table is held against it.
func TestNoFormulaInCSV(t *testing.T) {
	t.Parallel()
	minus := -0.5
	milli := snapshot.Milli(-1500)
	target := snapshot.Target{
		Scope: evil, Class: evil, Rule: evil, Strength: evil, Deadline: evil, Verdict: evil, Arithmetic: evil, Clause: evil, Reasons: []string{evil}, WithoutData: []string{evil},
		DataThrough: evil, From: evil, To: evil, Reduction: &minus, BudgetRemaining: &milli,
		Budgets: &snapshot.Budgets{PartsBy: evil, Members: []snapshot.MemberPart{{Area: evil, BudgetPart: snapshot.BudgetPart{Remaining: milli}}}, MembersBy: evil},
	}
	s := &snapshot.Snapshot{Indices: []snapshot.Entry{{Scope: evil, Level: evil, Class: evil, Window: evil, From: evil, To: evil, SAIDIHours: &minus}}, Targets: []snapshot.Target{target}}
	line := snapshot.Line{EventID: evil, Feeder: evil, Unit: evil, Area: evil, Class: evil, Nature: evil, Cause: evil, Path: evil, Sheet: evil, CustomerSeconds: milli}
	contributors := snapshot.Contributors{Lines: []snapshot.Contributor{{Name: evil, Area: evil, Shift: snapshot.Shift{Change: milli}}}}
	for name, write := range map[string]func(io.Writer) error{
		"indices": func(w io.Writer) error { return CSV(w, s) },
		"targets": func(w io.Writer) error { return TargetsCSV(w, s) },
		"budgets": func(w io.Writer) error { return BudgetsCSV(w, s) },
		"rejects": func(w io.Writer) error {
			return Rejects(w, []snapshot.Reject{{Path: evil, Sheet: evil, EventID: evil, Column: evil, Value: evil, Reason: evil}, {Value: "-5"}}, wording.English)
		},
		"explanation": func(w io.Writer) error { return ExplanationCSV(w, &snapshot.Explanation{Lines: []snapshot.Line{line}}) },
		"contributions": func(w io.Writer) error {
			return ContributionsCSV(w, &snapshot.Contributions{Feeders: contributors, Causes: contributors})
		},
		"difference": func(w io.Writer) error {
			return DifferenceCSV(w, &snapshot.Difference{Numbers: []snapshot.Number{{Scope: evil, Class: evil, Records: []snapshot.Move{{Source: evil, EventID: evil, Feeder: evil, Unit: evil, Path: evil, Change: milli}}}}})
		},
		"plan": func(w io.Writer) error {
			return PlanCSV(w, &snapshot.PlanCheck{Rows: []snapshot.PlanRow{{Path: evil, Sheet: evil, EventID: evil, Feeder: evil, Unit: evil, Nature: evil, Rejected: &snapshot.Problem{Reason: "x", Column: evil, Value: evil, Advice: evil}, CustomerSeconds: milli}}})
		},
		"plan targets": func(w io.Writer) error {
			return PlanTargetsCSV(w, &snapshot.PlanCheck{Targets: []snapshot.PlanTarget{{Scope: evil, Class: evil, Over: milli, KeepOn: []snapshot.KeepOn{{Path: evil, Row: 1}}}}})
		},
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		fields := fieldsOf(t, b.String())
		if i := slices.IndexFunc(fields, func(f string) bool { return strings.HasPrefix(f, "=") }); i >= 0 {
			t.Errorf("%s: %q would be a formula", name, fields[i])
		}
		if !slices.ContainsFunc(fields, func(f string) bool { return strings.HasPrefix(f, "'"+evil) }) {
			t.Errorf("%s: the text is not there", name)
		}
		if got := slices.ContainsFunc(fields, func(f string) bool { return f == "-1.5" || f == "-0.5" || f == "-5" }); !got {
			t.Errorf("%s: the negative number is not there as it was: %q", name, fields)
		}
	}
}

func fieldsOf(t *testing.T, text string) []string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(rows[1:]...)
}

// What needs no apostrophe is written as before.
func TestCSVIsPlain(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := newCSV(&b).WriteAll([][]string{{"a", "b,c", `"d"`}, {"-1", "西宁"}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("a,\"b,c\",\"\"\"d\"\"\"\n-1,西宁\n", b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
