package compliance_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/compliance"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

var update = flag.Bool("update", false, "write the golden files anew")

func languages() []wording.Language { return []wording.Language{wording.Chinese, wording.English} }

func html(t *testing.T, d *snapshot.Dossier, l wording.Language) string {
	t.Helper()
	var b bytes.Buffer
	if err := compliance.New(d, l).HTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is drawn has golden files where it is made, so here it is left out.
var drawing = regexp.MustCompile(`(?s)<svg.*?</svg>|<style>.*?</style>|sha256-.*?&#39;`)

// The report in both languages is as in the golden files, and the same again.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, l := range languages() {
		whole := html(t, dossier(), l)
		if again := html(t, dossier(), l); whole != again {
			t.Errorf("%s: two reports of the same inputs differ:\n%s", l, cmp.Diff(whole, again))
		}
		path, got := filepath.Join("testdata", "report-"+string(l)+".html"), drawing.ReplaceAllString(whole, "")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// A document can be a workbook: its sections have names that sheets may have,
// every row has a cell for every column, and every table a name of its own.
func TestShape(t *testing.T) {
	t.Parallel()
	for _, l := range languages() {
		ids, titles := map[string]bool{}, map[string]bool{}
		for _, s := range compliance.New(dossier(), l).Sections {
			if n := utf8.RuneCountInString(s.Title); n == 0 || n > 31 || strings.ContainsAny(s.Title, `[]:*?/\`) || titles[s.Title] {
				t.Errorf("%s: no sheet can be called %q", l, s.Title)
			}
			titles[s.Title] = true
			for _, table := range s.Tables {
				if ids[table.ID] {
					t.Errorf("%s: two tables %s", l, table.ID)
				}
				ids[table.ID] = true
				shape(t, table)
			}
		}
		if len(ids) < 20 {
			t.Errorf("%s: %d tables, want more than 20", l, len(ids))
		}
	}
}

func shape(t *testing.T, table compliance.Table) {
	t.Helper()
	rows := table.Rows
	if table.Totals != nil {
		rows = append(slices.Clone(rows), table.Totals)
	}
	if len(table.Rows) == 0 || table.Caption == "" {
		t.Errorf("%s: %d rows under %q", table.ID, len(table.Rows), table.Caption)
	}
	for i, row := range rows {
		if len(row) != len(table.Columns) {
			t.Errorf("%s row %d: %d cells for %d columns", table.ID, i, len(row), len(table.Columns))
		}
		for k, c := range row {
			if strings.Contains(c.Text, "%!") || c.Number != nil && table.Columns[k].Kind == compliance.Text {
				t.Errorf("%s row %d %s: %q is no text for a reader", table.ID, i, table.Columns[k].Head, c.Text)
			}
		}
	}
}

// Every assumption is worded: none is shown as a code with what it takes.
func TestAssumptions(t *testing.T) {
	t.Parallel()
	for _, l := range languages() {
		table := find(t, compliance.New(dossier(), l), "assumptions")
		if want := len(snapshot.AssumptionCodes()); len(table.Rows) != want { // the targets of one base year stand together
			t.Errorf("%s: %d assumptions, want %d", l, len(table.Rows), want)
		}
		for i, row := range table.Rows {
			if code := snapshot.AssumptionCodes()[i]; strings.HasPrefix(row[0].Text, code) || strings.HasPrefix(row[0].Text, "assume.") {
				t.Errorf("%s: %s has no words: %q", l, code, row[0].Text)
			}
		}
	}
}

func find(t *testing.T, d *compliance.Document, id string) compliance.Table {
	t.Helper()
	for _, s := range d.Sections {
		for _, table := range s.Tables {
			if table.ID == id {
				return table
			}
		}
	}
	t.Fatalf("no table %s", id)
	return compliance.Table{}
}

// A verdict of a running year is not called provisional; that of a year that is
// over is, until it is settled.
func TestProvisional(t *testing.T) {
	t.Parallel()
	for _, complete := range []bool{false, true} {
		d := dossier()
		d.Judged.Years[0].Complete = complete
		d.Judged.Years[0].SettledOn = "2023-02-15T00:00:00+08:00"
		doc := compliance.New(d, wording.English)
		if got := strings.Contains(find(t, doc, "targets-2022").Rows[1][0].Text, "provisional"); got != complete {
			t.Errorf("complete %v: marked %v", complete, got)
		}
		if got := slices.Contains(doc.Notices, "The data of 2022 may be corrected until 2023-02-15."); got != complete {
			t.Errorf("complete %v: notices %q", complete, doc.Notices)
		}
	}
}

// A window of its own has no targets, and the report says so.
func TestWindow(t *testing.T) {
	t.Parallel()
	d := dossier()
	d.Targets, d.Judged.Years, d.Curves, d.Provenance.LedgerSHA256 = nil, nil, nil, ""
	d.Indices = slices.DeleteFunc(d.Indices, func(e snapshot.Entry) bool { return e.Window != snapshot.YearToDate })
	for i := range d.Indices {
		d.Indices[i].Window = snapshot.Custom
	}
	var ids []string
	doc := compliance.New(d, wording.English)
	for _, s := range doc.Sections {
		ids = append(ids, s.ID)
	}
	want := []string{"summary", "indices", "sets", "natures", "feeders", "repeats", "exclusions", "quality", "rejected", "provenance"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	if text := doc.Sections[0].Text; len(text) != 1 || !strings.HasPrefix(text[0], "Nothing is judged") {
		t.Errorf("the summary says %q", text)
	}
}

// Nothing at all makes a report, too: one that says so.
func TestNothing(t *testing.T) {
	t.Parallel()
	for _, l := range languages() {
		if got := html(t, &snapshot.Dossier{Snapshot: &snapshot.Snapshot{}}, l); !strings.Contains(got, `<section id="part-provenance"`) {
			t.Errorf("%s: no provenance in\n%s", l, got)
		}
	}
}
