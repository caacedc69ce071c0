package policy

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mistakes lists the fixtures, each a policy file that must not load.
func mistakes(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "mistake", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// wantLines reads what a fixture says must be reported: its first lines,
// "# want: LINE: text", one for every line of the error.
func wantLines(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(data)) {
		text, ok := strings.CutPrefix(line, "# want: ")
		if !ok {
			break
		}
		want = append(want, path+":"+strings.TrimSuffix(text, "\n"))
	}
	return want
}

// Every mistake is told with its file and line, the wrong word and the nearest
// known one, all mistakes of a file at once in the order of their lines, and no
// file with a mistake loads.
func TestMistakes(t *testing.T) {
	t.Parallel()
	paths := mistakes(t)
	if got, least := len(paths), 30; got < least {
		t.Errorf("%d fixtures, want at least %d", got, least)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			t.Parallel()
			want := wantLines(t, path)
			if len(want) == 0 {
				t.Fatal("the fixture says nothing of what it wants")
			}
			p, err := Load(path)
			if err == nil || p != nil {
				t.Fatalf("got %+v with the error %v, want no policy and the error\n%s", p, err, strings.Join(want, "\n"))
			}
			if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("error differs (-want +got):\n%s", diff)
			}
		})
	}
}

// The fixtures are well made: where a word is unknown they want the nearest
// known one, and together they hold a mistake about every key of a policy file.
func TestMistakesReachEveryKey(t *testing.T) {
	t.Parallel()
	unknown := regexp.MustCompile(`:\d+: unknown [a-z_]+ "`)
	var all strings.Builder
	for _, path := range mistakes(t) {
		for _, want := range wantLines(t, path) {
			if unknown.MatchString(want) && !strings.Contains(want, ": the nearest known is \"") {
				t.Errorf("%s: wants no nearest word", want)
			}
			all.WriteString(strings.ReplaceAll(want, "year start", "year_start") + "\n")
		}
	}
	keys := []string{
		"id", "title", "source", "zone", "index", "indices", "momentary", "year_start", "settle", "valid", "from", "until",
		"areas", "name", "match", "groups", "whole", "classes", "class_groups",
		"targets", "scope", "class", "cap", "reduction", "base", "base_value", "strength", "deadline", "clause",
		"after_deadline", "coverage", "minimum", "rejected", "risk", "at_risk", "off_track", "pace_at_risk", "pace_off_track", "burn_24h", "burn_7d", "burn_30d",
	}
	for _, key := range keys {
		if !regexp.MustCompile(`\b` + key + `\b`).MatchString(all.String()) {
			t.Errorf("no fixture has a mistake about the key %q", key)
		}
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text   string
		want   int64
		wantOK bool
	}{
		{"180s", 180, true}, {"3m", 180, true}, {"2.73h", 9828, true}, {"45d", 3888000, true}, {"0s", 0, true}, {"3660d", 316224000, true},
		{"", 0, false}, {"d", 0, false}, {".", 0, false}, {"1", 0, false}, {"-1d", 0, false}, {"1e3s", 0, false}, {"1.5s", 0, false},
		{"1/2d", 0, false}, {"1dd", 0, false}, {"1 d", 0, false}, {"1w", 0, false}, {"3660.1d", 0, false}, {strings.Repeat("9", 30) + "s", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, ok := ParseDuration(tt.text)
			if got != tt.want || ok != tt.wantOK {
				t.Errorf("got %d, %t, want %d, %t", got, ok, tt.want, tt.wantOK)
			}
		})
	}
}

// Whatever the bytes, Parse gives a policy that recognises each of its areas,
// or an error that names the file, and never both.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(qinghai))
	f.Add([]byte("areas: &a [*a]"))
	f.Add([]byte("# nothing"))
	f.Add([]byte("---\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse("p.yaml", data)
		switch {
		case err != nil && (p != nil || !strings.HasPrefix(err.Error(), "p.yaml:")):
			t.Fatalf("got %v with the error %v", p, err)
		case err != nil:
			return
		}
		names := p.Names()
		for _, a := range p.Areas {
			if got, ok := names.Area(string(a.ID)); !ok || got != a.ID {
				t.Fatalf("area %q is recognised as %q", a.ID, got)
			}
		}
	})
}
