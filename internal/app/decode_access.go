package app

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/internal/strictyaml"
)

// A tokenEntry is a token as the file has it.
type tokenEntry struct {
	line               int
	name, file, access strictyaml.Word
	sources            []strictyaml.Word
}

func (d *decoder) tokenEntry(n *yaml.Node) tokenEntry {
	e := tokenEntry{line: strictyaml.Resolve(n).Line}
	key := strictyaml.Key
	d.Mapping(n, "tokens",
		key("name", d.Word("name", &e.name)), key("file", d.Word("file", &e.file)), key("access", d.Word("access", &e.access)),
		key("sources", d.Words("sources", &e.sources)),
	)
	return e
}

// token makes a token of an entry, and tells what is wrong with it.
func (d *decoder) token(e *tokenEntry) TokenConfig {
	t := TokenConfig{Name: e.name.Text, File: d.resolve(e.file.Text), Write: e.access.Text == "write", Sources: texts(e.sources)}
	for _, w := range []struct {
		key string
		strictyaml.Word
	}{{"name", e.name}, {"file", e.file}, {"access", e.access}} {
		if w.Text == "" && w.Line == 0 {
			d.Fail(e.line, "tokens: an entry without the key %q", w.key)
		}
	}
	if e.access.Text != "" && e.access.Text != "read" && e.access.Text != "write" {
		d.Fail(e.access.Line, "tokens: access %q: want read or write", e.access.Text)
	}
	if len(e.sources) > 0 && e.access.Text == "read" {
		d.Fail(e.sources[0].Line, "tokens: sources of a token that only reads: leave them out")
	}
	var known []string
	for _, s := range d.sources {
		if slices.ContainsFunc(s.kinds, func(w strictyaml.Word) bool { return w.Text == fromPush }) {
			known = append(known, s.name.Text)
		}
	}
	for _, w := range e.sources {
		if !slices.Contains(known, w.Text) {
			d.Fail(w.Line, "tokens: %q is no source that is pushed; these are: %s", w.Text, strings.Join(known, ", "))
		}
	}
	return t
}

// pushLimits reads the bounds of what is pushed.
func (d *decoder) pushLimits(to *PushLimits) func(*yaml.Node) {
	return func(n *yaml.Node) {
		mebibytes := 0
		d.Mapping(n, "push",
			strictyaml.Key("body_mib", d.number("body_mib", &mebibytes, 1, 65_536)),
			strictyaml.Key("at_once", d.number("at_once", &to.AtOnce, 1, 1000)),
			strictyaml.Key("per_second", d.number("per_second", &to.Rate, 1, 1_000_000)),
		)
		to.Body = int64(mebibytes) << 20
	}
}
