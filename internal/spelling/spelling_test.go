package spelling

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, word string
		known      []string
		want       string
	}{
		{"a letter too many", "indexx", []string{"indices", "index"}, "index"},
		{"a letter too few", "hixi", []string{"haibei", "haixi"}, "haixi"},
		{"another letter", "hainen", []string{"hainan", "huangnan"}, "hainan"},
		{"letters, not bytes", "海比", []string{"果洛", "海北"}, "海北"},
		{"the first of two", "b", []string{"a", "c"}, "a"},
		{"nothing known", "a", nil, ""},
		{"a very long word", strings.Repeat("x", 1<<20), []string{"y"}, "y"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Nearest(tt.word, tt.known); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
