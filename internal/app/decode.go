package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/internal/strictyaml"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// LoadConfig reads a configuration from a YAML file. The error joins one for
// every mistake, each "name:line: " and what is wrong. The policy that the file
// names is read too, as days and areas are its.
func LoadConfig(path string) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return ParseConfig(path, data)
}

// ParseConfig is [LoadConfig] of the bytes of a file.
func ParseConfig(path string, data []byte) (*Config, error) {
	root, err := strictyaml.Document(path, data)
	if err != nil {
		return nil, err
	}
	d := &decoder{Decoder: strictyaml.New(path), dir: filepath.Dir(path)}
	c := DefaultConfig()
	d.config(root, &c)
	p, err := c.LoadPolicy()
	if err != nil {
		return nil, errors.Join(d.Err(), err)
	}
	for i := range d.sources {
		c.Sources = append(c.Sources, d.source(&d.sources[i], p))
	}
	for i := range d.tokens {
		c.Tokens = append(c.Tokens, d.token(&d.tokens[i]))
	}
	d.check(&c)
	if err := d.Err(); err != nil {
		return nil, err
	}
	return &c, nil
}

// LoadPolicy reads the policy that c names.
func (c *Config) LoadPolicy() (*policy.Policy, error) {
	if c.Policy == "" {
		return policy.Qinghai(), nil
	}
	return policy.Load(c.Policy)
}

type decoder struct {
	*strictyaml.Decoder
	dir     string
	sources []sourceEntry
	tokens  []tokenEntry
	hasBase bool

	password strictyaml.Word // the file with that of the store
}

func (d *decoder) config(root *yaml.Node, c *Config) {
	var base, writers []strictyaml.Word
	key := strictyaml.Key
	d.Mapping(root, "configuration",
		key("policy", d.path("policy", &c.Policy)),
		key("base", d.noting(&d.hasBase, func() int { return len(base) }, d.oneOrMore("base", &base))),
		key("mapping", d.path("mapping", &c.Mapping)),
		key("ledger", d.path("ledger", &c.Ledger)),
		key("sources", d.List("sources", func(n *yaml.Node) {
			if e := d.sourceEntry(n); strictyaml.Resolve(n).Kind == yaml.MappingNode {
				d.sources = append(d.sources, e)
			}
		})),
		key("store", d.place(&c.Store)), key("store_password_file", d.Word("store_password_file", &d.password)),
		key("tokens", d.List("tokens", func(n *yaml.Node) {
			if e := d.tokenEntry(n); strictyaml.Resolve(n).Kind == yaml.MappingNode {
				d.tokens = append(d.tokens, e)
			}
		})),
		key("writers", d.Words("writers", &writers)),
		key("push", d.pushLimits(&c.Push)),
		key("refresh", d.duration("refresh", &c.Refresh, time.Second, time.Hour)),
		key("rescan", d.duration("rescan", &c.Rescan, time.Second, 24*time.Hour)),
		key("quiet", d.duration("quiet", &c.Quiet, 0, time.Hour)),
		key("timeout", d.duration("timeout", &c.Timeout, time.Second, time.Hour)),
		key("stale_after", d.duration("stale_after", &c.StaleAfter, time.Hour, 3660*24*time.Hour)),
		key("data_age_limit", d.duration("data_age_limit", &c.DataAgeLimit, time.Minute, 3660*24*time.Hour)),
		key("customers_out_limit", d.share("customers_out_limit", &c.OutLimit)),
		key("worst", d.number("worst", &c.Worst, 1, 1000)),
	)
	for _, w := range base {
		c.Base = append(c.Base, d.resolve(w.Text))
	}
	c.Writers = texts(writers)
	if d.password.Text != "" {
		c.StorePassword = d.resolve(d.password.Text)
	}
}

// check holds the parts of the configuration against one another, and finds what
// is missing.
func (d *decoder) check(c *Config) {
	pushed := false
	for i := range d.sources {
		e := &d.sources[i]
		d.checkName(e, d.sources[:i])
		d.checkKind(e, c.Store != "")
		pushed = pushed || e.push
	}
	if len(d.sources) > 0 && !d.hasBase && !pushed {
		d.Fail(d.sources[0].line, "the key %q is missing: the customers served", "base")
	}
	if c.StorePassword != "" && !clickhouse.IsURL(c.Store) {
		d.Fail(d.password.Line, "store_password_file: it is for a store in ClickHouse, clickhouse://USER@HOST:9000/DATABASE; a folder needs none")
	}
	for i, e := range d.tokens {
		if slices.ContainsFunc(d.tokens[:i], func(o tokenEntry) bool { return o.name.Text != "" && o.name.Text == e.name.Text }) {
			d.Fail(e.name.Line, "tokens: %q stands twice", e.name.Text)
		}
	}
}

func (d *decoder) checkName(e *sourceEntry, before []sourceEntry) {
	switch {
	case e.name.Text == "" && e.name.Line == 0:
		d.Fail(e.line, "sources: an entry without a name")
	case e.name.Text == "": // what is wrong is told already
	case slices.ContainsFunc(before, func(o sourceEntry) bool { return o.name.Text == e.name.Text }):
		d.Fail(e.name.Line, "sources: %q stands twice", e.name.Text)
	case e.name.Text == baseName:
		d.Fail(e.name.Line, "sources: %q is the customer base: choose another name", e.name.Text)
	}
}

// checkKind wants one answer to where the events of a source come from, and a
// store for all that cannot be read again.
func (d *decoder) checkKind(e *sourceEntry, hasStore bool) {
	switch {
	case len(e.kinds) == 0 || e.kinds[0].Text == fromFiles && len(e.files) == 0 && !e.mistaken:
		d.Fail(e.line, "sources: %q has no files, and neither push, nats nor postgres", e.name.Text)
	case len(e.kinds) > 1:
		d.Fail(e.kinds[1].Line, "sources: %q has %s beside %s: make two sources of them", e.name.Text, e.kinds[1].Text, e.kinds[0].Text)
	case e.kinds[0].Text != fromFiles && !hasStore:
		d.Fail(e.kinds[0].Line, "sources: %q: what comes by %s needs a place to be kept: give a folder, or a database of ClickHouse, with the key %q", e.name.Text, e.kinds[0].Text, "store")
	}
	if len(e.kinds) == 1 && e.heartbeat.Text != "" && e.kinds[0].Text != fromNATS && e.kinds[0].Text != fromPostgres {
		d.Fail(e.heartbeat.Line, "sources: %q: a heartbeat is of nats and postgres; files and pushes say themselves what they cover", e.name.Text)
	}
}

// resolve puts a path below the folder of the configuration file.
func (d *decoder) resolve(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(d.dir, path)
}

func (d *decoder) path(what string, to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var w strictyaml.Word
		if d.Word(what, &w)(n); w.Text != "" {
			*to = d.resolve(w.Text)
		}
	}
}

// place reads where a store is: a folder, or a URL, which stays as it is.
func (d *decoder) place(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var w strictyaml.Word
		if d.Word("store", &w)(n); w.Text == "" {
			return
		}
		if *to = w.Text; !clickhouse.IsURL(w.Text) {
			*to = d.resolve(w.Text)
		}
	}
}

// noting notes whether a list was given: it has items, or what is wrong with it is
// told already.
func (d *decoder) noting(given *bool, items func() int, read func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		before := d.Mistakes()
		read(n)
		*given = items() > 0 || d.Mistakes() > before
	}
}

// oneOrMore reads one text or a list of them.
func (d *decoder) oneOrMore(what string, to *[]strictyaml.Word) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if strictyaml.Resolve(n).Kind == yaml.SequenceNode {
			d.Words(what, to)(n)
			return
		}
		var w strictyaml.Word
		if d.Word(what, &w)(n); w.Text != "" {
			*to = append(*to, w)
		}
	}
}

func (d *decoder) duration(what string, to *time.Duration, least, most time.Duration) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var w strictyaml.Word
		if d.Word(what, &w)(n); w.Text != "" {
			d.parseDuration(what, w, to, least, most)
		}
	}
}

func (d *decoder) parseDuration(what string, w strictyaml.Word, to *time.Duration, least, most time.Duration) {
	seconds, ok := policy.ParseDuration(w.Text)
	if length := time.Duration(seconds) * time.Second; ok && length >= least && length <= most {
		*to = length
		return
	}
	d.Fail(w.Line, "%s %q: want a number with s, m, h or d behind it, from %s to %s", what, w.Text, short(least), short(most))
}

// short writes a duration as configuration files have it.
func short(t time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		sign   string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if t >= unit.length && t%unit.length == 0 {
			return strconv.FormatInt(int64(t/unit.length), 10) + unit.sign
		}
	}
	return strconv.FormatInt(int64(t/time.Second), 10) + "s"
}

func (d *decoder) share(what string, to *policy.Fraction) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var w strictyaml.Word
		if d.Word(what, &w)(n); w.Text == "" {
			return
		}
		f, ok := policy.ParseFraction(w.Text)
		if !ok || f.Num > f.Den {
			d.Fail(w.Line, "%s %q: want a share from 0 to 1, such as 0.05 or 5%%", what, w.Text)
			return
		}
		*to = f
	}
}

func (d *decoder) number(what string, to *int, least, most int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var w strictyaml.Word
		if d.Word(what, &w)(n); w.Text == "" {
			return
		}
		v, err := strconv.Atoi(w.Text)
		if err != nil || v < least || v > most {
			d.Fail(w.Line, "%s %q: want a whole number from %d to %d", what, w.Text, least, most)
			return
		}
		*to = v
	}
}
