package web

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// luminance is the relative luminance of a colour #rrggbb (WCAG 2.2).
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	rgb, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 24)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(c uint64) float64 {
		v := float64(c&255) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(rgb>>16) + 0.7152*linear(rgb>>8) + 0.0722*linear(rgb)
}

// Every text stands out from what it is on by 4.5 to 1 (WCAG 2.2, 1.4.3), in
// light and in dark.
func TestContrast(t *testing.T) {
	t.Parallel()
	light, dark, ok := strings.Cut(string(loadAssets()["style.css"].plain), "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("there is no dark scheme")
	}
	pairs := [][2]string{
		{"text", "ground"}, {"text", "raised"}, {"text", "bad-ground"}, {"quiet", "ground"}, {"quiet", "raised"}, {"link", "ground"}, {"bad", "ground"},
		{"bad", "bad-ground"}, {"notice", "notice-ground"}, {"off", "off-ground"}, {"risk", "risk-ground"}, {"unknown", "unknown-ground"}, {"on", "on-ground"}, {"good", "good-ground"},
		{"chart-text", "chart-ground"}, {"chart-quiet", "chart-ground"}, {"chart-limit", "chart-ground"}, {"chart-expected", "chart-ground"}, {"chart-value", "chart-ground"},
		{"text", "region"}, {"text", "region-met"}, {"text", "region-on-track"}, {"text", "region-at-risk"}, {"text", "region-off-track"}, {"text", "region-missed"}, {"text", "region-cannot-tell"},
	}
	variable := regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`)
	for scheme, text := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]string{}
		for _, m := range variable.FindAllStringSubmatch(text, -1) {
			colours[m[1]] = m[2]
		}
		for _, p := range pairs {
			if colours[p[0]] == "" || colours[p[1]] == "" {
				t.Fatalf("%s: no colour %s or %s", scheme, p[0], p[1])
			}
			a, b := luminance(t, colours[p[0]]), luminance(t, colours[p[1]])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%s: %s on %s: %.2f to 1", scheme, p[0], p[1], ratio)
			}
		}
	}
}
