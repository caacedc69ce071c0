package app

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/internal/strictyaml"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/source/nats"
	"github.com/saidi-exporter/saidi/source/postgres"
)

// Where the events of a source come from: the keys of a configuration, and the
// channels of a store.
const (
	fromFiles    = "files"
	fromPush     = "push"
	fromNATS     = "nats"
	fromPostgres = "postgres"
)

// A sourceEntry is a source as the file has it.
type sourceEntry struct {
	line               int
	name, mapping      strictyaml.Word
	from, to, lookback strictyaml.Word
	files, areas       []strictyaml.Word
	hasCovers          bool // the key is there

	kinds     []strictyaml.Word // the keys that say where the events come from
	mistaken  bool              // what is wrong with one of them is told already
	push      bool
	nats      *nats.Config
	postgres  *postgres.Config
	heartbeat strictyaml.Word
}

func (d *decoder) sourceEntry(n *yaml.Node) sourceEntry {
	e := sourceEntry{line: strictyaml.Resolve(n).Line}
	key := strictyaml.Key
	d.Mapping(n, "sources",
		key("name", d.Word("name", &e.name)),
		key(fromFiles, d.kind(&e, fromFiles, d.oneOrMore("files", &e.files))),
		key(fromPush, d.kind(&e, fromPush, d.yes(fromPush, &e.push))),
		key(fromNATS, d.kind(&e, fromNATS, func(n *yaml.Node) { e.nats = d.nats(n) })),
		key(fromPostgres, d.kind(&e, fromPostgres, func(n *yaml.Node) { e.postgres = d.postgres(n) })),
		key("heartbeat", d.Word("heartbeat", &e.heartbeat)),
		key("mapping", d.Word("mapping", &e.mapping)),
		key("covers", func(n *yaml.Node) {
			before := d.Mistakes()
			defer func() { e.hasCovers = d.Mistakes() == before }()
			e.from.Line = strictyaml.Resolve(n).Line
			e.to.Line = e.from.Line
			d.Mapping(n, "covers", key("from", d.Word("from", &e.from)), key("to", d.Word("to", &e.to)))
		}),
		key("each_covers", d.Word("each_covers", &e.lookback)),
		key("areas", d.Words("areas", &e.areas)),
	)
	return e
}

// source makes a source of an entry, whose days and areas are those of p.
func (d *decoder) source(e *sourceEntry, p *policy.Policy) SourceConfig {
	s := SourceConfig{Name: e.name.Text}
	for _, w := range e.files {
		s.Files = append(s.Files, d.resolve(w.Text))
	}
	if e.mapping.Text != "" {
		s.Mapping = d.resolve(e.mapping.Text)
	}
	if e.lookback.Text != "" {
		d.parseDuration("each_covers", e.lookback, &s.EachCovers, time.Minute, 366*24*time.Hour)
	}
	if e.hasCovers {
		s.Covers = d.covers(e, p)
	}
	s.Areas = d.areas(e, p)
	s.Push, s.NATS, s.Postgres = e.push, e.nats, e.postgres
	if e.heartbeat.Text != "" {
		d.parseDuration("heartbeat", e.heartbeat, &s.Heartbeat, time.Minute, 24*time.Hour)
	}
	return s
}

// covers reads the two days of a period.
func (d *decoder) covers(e *sourceEntry, p *policy.Policy) period.Period {
	before := d.Mistakes()
	w := period.Period{From: d.day("covers: from", e.from, p), To: d.day("covers: to", e.to, p)}
	if d.Mistakes() == before && w.From >= w.To {
		d.Fail(e.to.Line, "covers: to %s: want a day after from, on which the time covered ends", e.to.Text)
	}
	return w
}

// areas finds areas by any of their names.
func (d *decoder) areas(e *sourceEntry, p *policy.Policy) []outage.Area {
	var known []string
	for _, a := range p.Areas {
		known = append(known, string(a.ID))
	}
	var all []outage.Area
	names := p.Names()
	for _, w := range e.areas {
		area, ok := names.Area(w.Text)
		if !ok {
			d.Unknown(w, "area", known)
		}
		all = append(all, area)
	}
	return all
}

func (d *decoder) day(what string, w strictyaml.Word, p *policy.Policy) int64 {
	at, err := time.Parse(time.DateOnly, w.Text)
	if err != nil {
		d.Fail(w.Line, "%s %q: want a day such as 2022-01-01", what, w.Text)
	}
	return period.DayOfDate(at.Year(), at.Month(), at.Day()).Start(p.Zone)
}

// kind notes that the entry says where its events come from.
func (d *decoder) kind(e *sourceEntry, name string, read func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		e.kinds = append(e.kinds, strictyaml.Word{Text: name, Line: strictyaml.Resolve(n).Line})
		before := d.Mistakes()
		read(n)
		e.mistaken = e.mistaken || d.Mistakes() > before
	}
}

// yes reads a key of which only true makes sense.
func (d *decoder) yes(what string, to *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var w strictyaml.Word
		if d.Word(what, &w)(n); w.Text == "true" {
			*to = true
		} else if w.Text != "" {
			d.Fail(w.Line, "%s %q: want true, or leave the key out", what, w.Text)
		}
	}
}

// passage reads a text of one or more lines, as a block of YAML has them.
func (d *decoder) passage(what string, to *strictyaml.Word) func(*yaml.Node) {
	return func(n *yaml.Node) {
		trimmed := *strictyaml.Resolve(n)
		trimmed.Value = strings.TrimSpace(trimmed.Value)
		d.Word(what, to)(&trimmed)
	}
}

func (d *decoder) nats(n *yaml.Node) *nats.Config {
	c := &nats.Config{}
	var urls, subjects []strictyaml.Word
	var stream, durable strictyaml.Word
	key := strictyaml.Key
	d.Mapping(n, fromNATS,
		key("url", d.oneOrMore("url", &urls)), key("stream", d.Word("stream", &stream)), key("durable", d.Word("durable", &durable)),
		key("subjects", d.oneOrMore("subjects", &subjects)),
		key("credentials", d.path("credentials", &c.Credentials)), key("token_file", d.path("token_file", &c.TokenFile)),
		key("ca", d.path("ca", &c.CA)), key("cert", d.path("cert", &c.Cert)), key("key", d.path("key", &c.Key)),
		key("batch", d.number("batch", &c.Batch, 1, 10_000)),
	)
	c.URLs, c.Subjects, c.Stream, c.Durable = texts(urls), texts(subjects), stream.Text, durable.Text
	d.needs(n, fromNATS, "url", "stream", "durable")
	return c
}

func (d *decoder) postgres(n *yaml.Node) *postgres.Config {
	c := &postgres.Config{}
	var dsn, query, watermark, zone strictyaml.Word
	overlapNumber := 0
	key := strictyaml.Key
	d.Mapping(n, fromPostgres,
		key("dsn", d.Word("dsn", &dsn)), key("dsn_file", d.path("dsn_file", &c.DSNFile)),
		key("password_file", d.path("password_file", &c.PasswordFile)), key("zone", d.Word("zone", &zone)),
		key("query", d.passage("query", &query)), key("watermark", d.Word("watermark", &watermark)),
		key("every", d.duration("every", &c.Every, time.Second, time.Hour)), key("timeout", d.duration("timeout", &c.Timeout, time.Second, time.Hour)),
		key("page", d.number("page", &c.Page, 1, 1_000_000)), key("overlap", d.duration("overlap", &c.Overlap, time.Second, 24*time.Hour)),
		key("overlap_number", d.number("overlap_number", &overlapNumber, 1, 1_000_000_000)),
	)
	c.DSN, c.Query, c.Watermark, c.Zone, c.OverlapNumber = dsn.Text, query.Text, watermark.Text, zone.Text, int64(overlapNumber)
	d.needs(n, fromPostgres, "dsn or dsn_file", "query", "watermark")
	return c
}

// needs tells which keys of a table are missing; "a or b" wants one of both. What
// is wrong with the table itself, or with a value, is told already.
func (d *decoder) needs(n *yaml.Node, what string, keys ...string) {
	if n = strictyaml.Resolve(n); n.Kind != yaml.MappingNode {
		return
	}
	var given []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		if value := strictyaml.Resolve(n.Content[i+1]); value.Kind != yaml.SequenceNode || len(value.Content) > 0 {
			given = append(given, n.Content[i].Value)
		}
	}
	for _, key := range keys {
		if !slices.ContainsFunc(strings.Split(key, " or "), func(k string) bool { return slices.Contains(given, k) }) {
			d.Fail(n.Line, "%s: the key %q is missing", what, key)
		}
	}
}

func texts(words []strictyaml.Word) (list []string) {
	for _, w := range words {
		list = append(list, w.Text)
	}
	return list
}
