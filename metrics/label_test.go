package metrics

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestShown(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200)
	tests := []struct {
		name string
		want map[string]string // by text
	}{
		{"as they are", map[string]string{"10kV 多巴线": "10kV 多巴线", "a~2": "a~2"}},
		{"nothing is a dash, and another one than a dash", map[string]string{"": "-~2", "-": "-"}},
		{"not UTF-8, in bytewise order", map[string]string{"\xfd": "\uFFFD", "\xfe": "\uFFFD~2", "\xff": "\uFFFD~3"}},
		{"too long", map[string]string{long: long, long + "x": long[:198] + "~2", long + "y": long[:198] + "~3"}},
		{"the suffix is taken", map[string]string{"a ": "a ", "a\n": "a ~3", "a ~2": "a ~2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			texts := map[string]bool{}
			for text := range tt.want {
				texts[text] = true
			}
			if diff := cmp.Diff(tt.want, shown(texts)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever the texts: as many labels, all different, valid and short.
func TestLawShownKeepsApart(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"a", "\xff", "\x00", "~2", "-", strings.Repeat("b", 199), "线"})
	rapid.Check(t, func(t *rapid.T) {
		texts := map[string]bool{}
		for _, pieces := range rapid.SliceOfN(rapid.SliceOfN(piece, 0, 4), 0, 30).Draw(t, "texts") {
			texts[strings.Join(pieces, "")] = true
		}
		labels := shown(texts)
		distinct := map[string]bool{}
		for text, label := range labels {
			distinct[label] = true
			if n := utf8.RuneCountInString(label); !texts[text] || n == 0 || n > longest || label != printable(label) {
				t.Fatalf("%q is shown as %q", text, label)
			}
		}
		if len(distinct) != len(texts) {
			t.Fatalf("%q are shown as %q", slices.Sorted(maps.Keys(texts)), slices.Sorted(maps.Keys(distinct)))
		}
	})
}
