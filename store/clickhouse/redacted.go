package clickhouse

import (
	"slices"
	"strconv"
	"strings"
)

// hidden stands where a password stood, or may have stood.
const hidden = "xxxxx"

// Redacted is the URL of a store without its password, as it may be shown, however
// it was written: of what stands before the last @ only a user is shown, of a URL
// without @ nothing behind a colon, and of its parameters those that there are.
func Redacted(text string) string {
	rest, ok := cutScheme(text)
	if !ok {
		return text
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		user, _, ok := strings.Cut(rest[:at], ":")
		if !ok || !isPlain(user) {
			return scheme + hidden + "@" + redactedQuery(rest[at+1:])
		}
		return scheme + user + ":" + hidden + "@" + redactedQuery(rest[at+1:])
	}
	authority := rest[:strings.IndexAny(rest+"/", "/?")]
	if colon := strings.Index(authority, ":"); colon >= 0 {
		return scheme + authority[:colon] + ":" + hidden
	}
	return scheme + redactedQuery(rest)
}

// redactedQuery leaves the values of known parameters in a text that may have some.
func redactedQuery(text string) string {
	rest, query, ok := strings.Cut(text, "?")
	if !ok {
		return rest
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		switch {
		case slices.Contains([]string{"cluster", "secure", "timeout"}, name) && isPlain(value):
		case ok && isPlain(name):
			pairs[i] = name + "=" + hidden
		default:
			pairs[i] = hidden
		}
	}
	return rest + "?" + strings.Join(pairs, "&")
}

// A quoting shows a part of a URL in an error, behind a space; or nothing, where
// the part may be one of a password.
type quoting func(part string) string

// saying is how parts of a URL, without its scheme, are shown: where it has an @,
// and none in its parameters, a password stands before that @ and nowhere else.
func saying(rest string) quoting {
	before, query, _ := strings.Cut(rest, "?")
	safe := strings.Contains(before, "@") && !strings.Contains(query, "@")
	return func(part string) string {
		if !safe || !isPlain(part) {
			return ""
		}
		return " " + strconv.Quote(part)
	}
}

// isPlain says whether a text is of such signs alone as names, hosts and durations
// have.
func isPlain(text string) bool {
	return text != "" && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-") == ""
}
