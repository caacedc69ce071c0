package clickhouse

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// However a password is written, and wherever it breaks the URL, it is neither in
// what is shown of the URL nor in an error of reading it.
func TestLawPassword(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.StringMatching(`[G-NP-WY-Z0-9?/@:&=%#;,.\\ é]{6,12}`).Draw(t, "password")
		begin := rapid.SampledFrom([]string{"clickhouse://", "ClickHouse://", "CLICKHOUSE://"}).Draw(t, "scheme")
		user := rapid.SampledFrom([]string{"u", "", "a-user", "u%zz"}).Draw(t, "user")
		end := rapid.SampledFrom([]string{"@h/db", "@h:9000,i:none/db?cluster=two", "@h/db?timeout=soon", "@h/my-base?x=y", "@", "/db", "", "?cluster=two"}).Draw(t, "end")
		if !strings.Contains(end, "@") { // a host may stand behind any @
			password = strings.ReplaceAll(password, "@", "+")
		}
		url := begin + user + ":" + password + end
		if !IsURL(url) {
			t.Fatalf("%s is no URL", url)
		}
		if _, err := parseURL(url); err != nil && holdsPart(err.Error(), password) {
			t.Errorf("the error of %q is %q", url, err)
		}
		if shown := Redacted(url); holdsPart(shown, password) {
			t.Errorf("Redacted(%q) is %q", url, shown)
		}
	})
}

// holdsPart says whether a text has four signs of a password that stand together.
func holdsPart(text, password string) bool {
	signs := []rune(password)
	for i := range len(signs) - 3 {
		if strings.Contains(text, string(signs[i:i+4])) {
			return true
		}
	}
	return false
}
