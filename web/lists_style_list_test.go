package web

import (
	"regexp"
	"strings"
	"testing"
)

// The pages that list put texts on grounds of other things; these stand out too.
// Every colour of theirs is one of the common ones.
func TestListContrast(t *testing.T) {
	t.Parallel()
	light, dark, ok := strings.Cut(string(loadAssets()["style.css"].plain), "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("there is no dark scheme")
	}
	list := string(loadAssets()[listSheet].plain)
	if m := regexp.MustCompile(`#[0-9a-f]{3,8}\b`).FindString(list); m != "" {
		t.Errorf("%s has the colour %s", listSheet, m)
	}
	variable := regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`)
	for scheme, text := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]string{}
		for _, m := range variable.FindAllStringSubmatch(text, -1) {
			colours[m[1]] = m[2]
		}
		for _, m := range regexp.MustCompile(`var\(--([a-z-]+)\)`).FindAllStringSubmatch(list, -1) {
			if colours[m[1]] == "" {
				t.Errorf("%s: no colour %s", scheme, m[1])
			}
		}
		for _, p := range [][2]string{{"text", "risk-ground"}, {"risk", "ground"}, {"ground", "link"}, {"on", "on-ground"}, {"bad", "ground"}} {
			a, b := luminance(t, colours[p[0]]), luminance(t, colours[p[1]])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%s: %s on %s: %.2f to 1", scheme, p[0], p[1], ratio)
			}
		}
	}
}
