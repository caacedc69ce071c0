package arch

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// root is the module's root, seen from this package.
const root = "../.."

// The packages of the module import downwards only.
func TestModuleImports(t *testing.T) {
	t.Parallel()
	pkgs, err := Packages(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) < 4 {
		t.Fatalf("%d packages are listed, want the whole module", len(pkgs))
	}
	for _, denial := range CheckImports(pkgs) {
		t.Error(denial)
	}
}

// The source files of the module keep the rules of the house.
func TestModuleSource(t *testing.T) {
	t.Parallel()
	files, err := Files(root)
	if err != nil {
		t.Fatal(err)
	}
	denials, err := CheckSource(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, denial := range denials {
		t.Error(denial)
	}
}

// Every package that has Go files is one that the go command lists, so that
// none escapes the table.
func TestModuleWhole(t *testing.T) {
	t.Parallel()
	pkgs, err := Packages(root)
	if err != nil {
		t.Fatal(err)
	}
	files, err := Files(root)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, p := range pkgs {
		listed[p.Path] = true
	}
	for _, f := range files {
		if folder := f.Path[:max(0, strings.LastIndex(f.Path, "/"))]; !listed[folder] {
			t.Errorf("%s is in no package that the go command lists", f.Path)
		}
	}
}

func TestCheckImports(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		pkg  Package
		want []string
	}{
		{"downwards", Package{Path: "policy", Local: []string{"period", "outage", "reliability"}, Foreign: []string{"go.yaml.in/yaml/v3", "os"}}, nil},
		{"a command may do anything", Package{Path: "cmd/saidi", Local: []string{"internal/app", "policy", "ingest"}, Foreign: []string{"os/signal", "log/slog", "github.com/alecthomas/kingpin/v2"}}, nil},
		{"libraries in their place", Package{Path: "ingest/columnar", Local: []string{"outage"}, Foreign: []string{"github.com/apache/arrow/go/v17/parquet"}}, nil},
		{"upwards", Package{Path: "reliability", Local: []string{"policy"}},
			[]string{"reliability (rank 2) must not import policy (rank 4): the counting rules are pure and know no targets, files or clocks"}},
		{"sideways", Package{Path: "ingest/delimited", Local: []string{"ingest/workbook"}},
			[]string{"ingest/delimited (rank 2) must not import ingest/workbook (rank 2): a format turns bytes into rows and knows no other format and no mapping"}},
		{"a part its whole", Package{Path: "ingest/delimited", Local: []string{"ingest"}},
			[]string{"ingest/delimited (rank 2) must not import ingest (rank 3): a format turns bytes into rows and knows no other format and no mapping"}},
		{"no place", Package{Path: "util"}, []string{"util has no place in the table of layers: give it a rank and a reason"}},
		{"too deep", Package{Path: "ingest/delimited/quote"}, []string{"ingest/delimited/quote has no place in the table of layers: give it a rank and a reason"}},
		{"the root", Package{Path: "."}, []string{". has no place in the table of layers: give it a rank and a reason"}},
		{"arrow", Package{Path: "store", Foreign: []string{"github.com/apache/arrow/go/v17/arrow"}},
			[]string{"store must not import github.com/apache/arrow/go/v17/arrow: the library is frozen upstream, so one package alone depends on it"}},
		{"excelize", Package{Path: "report", Foreign: []string{"github.com/xuri/excelize/v2"}},
			[]string{"report must not import github.com/xuri/excelize/v2: one package alone reads workbooks of events, and few write any"}},
		{"signals", Package{Path: "web", Foreign: []string{"os/signal"}}, []string{"web must not import os/signal: signals belong to the process, not to its parts"}},
		{"log", Package{Path: "ingest", Foreign: []string{"log"}}, []string{"ingest must not import log: libraries return what happened and log nothing"}},
		{"slog", Package{Path: "source/push", Foreign: []string{"log/slog"}}, []string{"source/push must not import log/slog: libraries return what happened and log nothing"}},
		{"flags", Package{Path: "internal/app", Foreign: []string{"flag"}}, []string{"internal/app must not import flag: flags are the command's alone"}},
		{"files in a pure package", Package{Path: "reliability", Foreign: []string{"os"}}, []string{"reliability must not import os: it is a pure function of its arguments"}},
		{"files of events", Package{Path: "policy", Local: []string{"ingest"}}, []string{"policy must not import ingest: it knows no files of events"}},
		{"HTTP in the store", Package{Path: "store", Foreign: []string{"net/http"}}, []string{"store must not import net/http: it knows nothing of HTTP"}},
		{"Prometheus in the forecast", Package{Path: "forecast", Foreign: []string{"github.com/prometheus/common/model"}},
			[]string{"forecast must not import github.com/prometheus/common/model: it does not know that Prometheus shows it"}},
		{"how numbers are made", Package{Path: "web", Local: []string{"engine"}}, []string{"web must not import engine: what shows an answer does not know how it is made"}},
		{"values in dashboards", Package{Path: "dashboards", Local: []string{"metrics", "snapshot"}}, []string{"dashboards must not import snapshot: dashboards know names and no values"}},
		{"templates in the answer", Package{Path: "snapshot", Foreign: []string{"html/template"}}, []string{"snapshot must not import html/template: an answer does not know how it is shown"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := CheckImports([]Package{tt.pkg})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("denials differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodePackages(t *testing.T) {
	t.Parallel()
	const listed = `{"ImportPath": "example.org/m/a", "Module": {"Path": "example.org/m"}, "Imports": ["example.org/m/b", "example.org/mm/c", "os"]}
{"ImportPath": "example.org/m", "Module": {"Path": "example.org/m"}}`
	got, err := decodePackages(strings.NewReader(listed))
	if err != nil {
		t.Fatal(err)
	}
	want := []Package{{Path: "a", Local: []string{"b"}, Foreign: []string{"example.org/mm/c", "os"}}, {Path: "."}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("packages differ (-want +got):\n%s", diff)
	}
	if got, err := decodePackages(strings.NewReader("{")); err == nil {
		t.Errorf("half a list: got %v, want an error", got)
	}
}

func TestCheckSource(t *testing.T) {
	t.Parallel()
	const doc = "// Package a is one.\n"
	tests := []struct {
		name, path, text string
		want             []string
	}{
		{"nothing wrong", "a/a.go", doc + "package a\n", nil},
		{"a command", "cmd/saidi/main.go", "// Saidi counts.\npackage main\nimport \"time\"\nvar t = time.Now()", nil},
		{"the life cycle", "internal/app/app.go", "// Package app runs.\npackage app\nimport \"time\"\nvar t = time.Now()", nil},
		{"a test", "a/a_test.go", doc + "package a\nimport \"time\"\nvar t = time.Now()", nil},
		{"another's Now", "a/a.go", doc + "package a\nimport \"x/clock\"\nvar t = clock.Now()", nil},
		{"a method init", "a/a.go", doc + "package a\nfunc (t T) init() {}", nil},
		{"the clock", "a/a.go", doc + "package a\nimport \"time\"\nvar t = time.Now()",
			[]string{"a/a.go:4:9: time.Now: only commands and internal/app read the clock; take the instant as an argument"}},
		{"the clock as a value", "a/a.go", doc + "package a\nimport \"time\"\nvar now = time.Now",
			[]string{"a/a.go:4:11: time.Now: only commands and internal/app read the clock; take the instant as an argument"}},
		{"the clock by another name", "a/a.go", doc + "package a\nimport tm \"time\"\nvar t = tm.Since(x)",
			[]string{"a/a.go:4:9: time.Since: only commands and internal/app read the clock; take the instant as an argument"}},
		{"init", "a/a.go", doc + "package a\nfunc init() {}", []string{"a/a.go:3:1: func init: nothing runs before main; let a constructor do it"}},
		{"no doc comment", "a/a.go", "package a\n", []string{"a: no doc comment says what the package is"}},
		{"doc comment of another", "a/a.go", "// Package b is one.\npackage a\n", []string{"a: no doc comment says what the package is"}},
		{"a name that says nothing", "utils/a.go", "// Package utils is one.\npackage utils\n",
			[]string{"utils/a.go:2:9: package utils: a package is named after what it holds"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := CheckSource([]File{{Path: tt.path, Text: tt.text}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("denials differ (-want +got):\n%s", diff)
			}
		})
	}
}

// Each row of the tables matches something that it is meant for, and no two
// rows of the layers claim one package.
func TestLayersDistinct(t *testing.T) {
	t.Parallel()
	for _, l := range layers() {
		path := strings.NewReplacer("/*", "/x", "/...", "/x").Replace(l.pattern)
		got, ok := place(layers(), path)
		if !ok || got != l {
			t.Errorf("%s has the place of %q, want that of %q", path, got.pattern, l.pattern)
		}
		if l.reason == "" {
			t.Errorf("%s has no reason", l.pattern)
		}
	}
}
