package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// inputs are the flags that say what to read, and what was read.
type inputs struct {
	policyPath  string
	bases       []string
	mappingPath string
	coversText  string
	asOfText    string
	rejectsPath string
	staleAfter  time.Duration
	events      []string
	storePath   string
	knownAtText string
	own         map[string]ingest.Options // how files are read that are not read as all are
	called      map[string]string         // how files are named in answers, where not by their paths
	program     string                    // that answers name; empty: this one
	tzdata      string                    // likewise, of time zones
	watched     bool                      // the engine keeps what a dossier needs
	sums        *snapshot.Options         // what is asked for, where sums answer it; nil: rows are needed

	policy     *policy.Policy
	mapping    *ingest.Mapping
	covers     []outage.Covers
	baseDigest string
	warnings   []outage.Note
	engine     *engine.Engine
	knownAt    int64 // the sequence of the store; 0 of files
}

func (in *inputs) flags(c *kingpin.CmdClause) {
	in.fileFlags(c)
	in.asOfFlag(c)
	c.Flag("rejects", "Write the rows that could not be counted here, as CSV, each with what to do.").PlaceHolder("FILE").StringVar(&in.rejectsPath)
	in.staleFlag(c)
}

// fileFlags adds the flags that name files, those of events apart.
func (in *inputs) fileFlags(c *kingpin.CmdClause) {
	in.policyFlag(c)
	c.Flag("base", "Customers served, by feeder, by unit, or by area and class. May be given again.").PlaceHolder("FILE").StringsVar(&in.bases)
	c.Flag("mapping", "What the columns and words of the files mean, where they are not known.").PlaceHolder("FILE").StringVar(&in.mappingPath)
	c.Flag("covers", "Declare that the events hold every outage of all areas in FROM..TO, half-open. Without a declaration, here or in the mapping, missing data looks like no outage.").PlaceHolder("FROM..TO").StringVar(&in.coversText)
}

func (in *inputs) asOfFlag(c *kingpin.CmdClause) {
	c.Flag("as-of", "Count up to this instant: 2006-01-02 (its beginning), 2006-01-02T15:04, or RFC 3339. Default: the midnight after the last outage started, or the year's end if that is at most 3 days on, or the end of what the files declare to cover if that is later.").PlaceHolder("TIME").StringVar(&in.asOfText)
}

func (in *inputs) policyFlag(c *kingpin.CmdClause) {
	c.Flag("policy", "Policy file; areas, classes, time zone and index set are its. Default: Qinghai's, built in.").PlaceHolder("FILE").StringVar(&in.policyPath)
}

func (in *inputs) staleFlag(c *kingpin.CmdClause) {
	c.Flag("stale-after", "List outages as stale that have been open for longer.").Default("72h").DurationVar(&in.staleAfter)
}

// eventFiles adds the argument that names the events.
func (in *inputs) eventFiles(c *kingpin.CmdClause) *kingpin.ArgClause {
	return c.Arg("events", "Files of outage events.")
}

// inputPaths are the files that are read.
func (in *inputs) inputPaths() []string {
	return append(append([]string{in.policyPath, in.mappingPath}, in.bases...), in.events...)
}

// open reads policy and mapping.
func (in *inputs) open() (err error) {
	if err := in.named(); err != nil {
		return err
	}
	in.policy = policy.Qinghai()
	if in.policyPath != "" {
		if in.policy, err = policy.Load(in.policyPath); err != nil {
			return err
		}
	}
	if in.coversText != "" {
		w, err := parseWindow("--covers", in.coversText, in.policy.Zone)
		if err != nil {
			return err
		}
		in.covers = []outage.Covers{{Period: *w}}
	}
	if in.mappingPath == "" {
		return nil
	}
	if in.mapping, err = ingest.LoadMapping(in.mappingPath); err != nil {
		return err
	}
	return in.mapping.CheckAreas(in.policy.Names())
}

// named refuses files without a name, and a base that is given twice.
func (in *inputs) named() error {
	for _, path := range append(append([]string{}, in.bases...), in.events...) {
		if path == "" || path == "-" {
			return usage("file %q: give the file by its name; standard input is not read", path)
		}
	}
	for i, path := range in.bases {
		for _, other := range in.bases[:i] {
			if sameFile(path, other) {
				return usage("--base %s is given twice", path)
			}
		}
	}
	return nil
}

// load reads base and events, after [inputs.open], and advances the engine to
// as-of.
func (in *inputs) load(w world) error {
	if in.storePath != "" {
		return in.recall(w)
	}
	bar := newProgress(w.stderr, append(append([]string{}, in.bases...), in.events...))
	defer bar.done()
	rows, err := in.loadBase(bar)
	if err != nil {
		return err
	}
	return in.count(w, rows, bar)
}

// count counts the events against a base, up to as-of.
func (in *inputs) count(w world, rows []outage.Customers, bar *progress) error {
	base, err := in.base(rows)
	if err != nil {
		return err
	}
	in.engine = engine.New(base, in.engineOptions())
	for _, path := range in.events {
		if err := in.loadEvents(path, bar); err != nil {
			return err
		}
	}
	asOf, err := in.asOf(w.now().Unix(), w.now().Unix())
	if err != nil {
		return err
	}
	in.engine.Advance(asOf)
	return nil
}

// engineOptions are those of the engine that counts.
func (in *inputs) engineOptions() engine.Options {
	o := snapshot.EngineOptions(in.policy, in.staleAfter)
	if in.watched {
		o.Watch = snapshot.WatchFor(in.policy)
	}
	return o
}

// note keeps what is odd about a file, or with an empty path about the run.
func (in *inputs) note(path string, notes ...outage.Note) {
	for _, n := range notes {
		n.Path = path
		in.warnings = append(in.warnings, n)
	}
}

func (in *inputs) options(bar *progress) ingest.Options {
	return ingest.Options{Mapping: in.mapping, Names: in.policy.Names(), Zone: in.policy.Zone, Covers: in.covers, Progress: bar.file()}
}

func (in *inputs) loadEvents(path string, bar *progress) error {
	opts := in.options(bar)
	if own, ok := in.own[path]; ok {
		own.Progress = opts.Progress
		opts = own
	}
	load := in.engine.Begin()
	d, err := in.readEvents(path, opts, load.Add)
	if err != nil {
		load.Abort()
		return err
	}
	return load.Commit(d)
}

// readEvents reads a file of events under the name that answers give it.
func (in *inputs) readEvents(path string, opts ingest.Options, emit func(*outage.Batch) error) (d *outage.Delivery, failed error) {
	name, ok := in.called[path]
	if !ok {
		return ingest.EventsFile(path, opts, emit)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the events: %w", err)
	}
	defer func() { failed = errors.Join(failed, file.Close()) }()
	return ingest.Events(name, file, opts, emit)
}

// loadBase reads the base files, or finds the base in the events.
func (in *inputs) loadBase(bar *progress) ([]outage.Customers, error) {
	var rows []outage.Customers
	var digests []string
	for _, path := range in.bases {
		more, d, err := ingest.BaseFile(path, in.options(bar))
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			in.note(in.name(path), outage.Notef("empty-base", "the base has no rows"))
		}
		rows = append(rows, more...)
		digests = append(digests, d.SHA256)
		in.note(in.name(path), d.Warnings...)
	}
	in.baseDigest = snapshot.DigestOfBase(digests)
	if len(in.bases) == 0 {
		return in.served()
	}
	return rows, nil
}

// name is how answers name a file.
func (in *inputs) name(path string) string {
	if name, ok := in.called[path]; ok {
		return name
	}
	return path
}

// base builds the base for the classes of the policy.
func (in *inputs) base(rows []outage.Customers) (*reliability.Base, error) {
	base, err := in.policy.NewBase(rows)
	if err == nil {
		in.note("", snapshot.NotesOfBase(base)...)
	}
	return base, err
}

// errNoBase is what a run without a customer base ends with.
var errNoBase = usage("no customer base: give it with --base FILE, or map the column customers_served if the events carry it")

// served finds the base that travels in the event files.
func (in *inputs) served() ([]outage.Customers, error) {
	var s outage.Served
	for _, path := range in.events {
		if _, err := in.readEvents(path, in.options(nil), s.Add); err != nil {
			return nil, err
		}
	}
	rows := s.Base()
	if len(rows) == 0 {
		return nil, errNoBase
	}
	return rows, nil
}

// asOf reads --as-of, or works out its default, which is never after latest.
func (in *inputs) asOf(now, latest int64) (int64, error) {
	if in.asOfText != "" {
		asOf, err := parseTime("--as-of", in.asOfText, in.policy.Zone)
		if err == nil && asOf > now {
			in.note("", outage.Notef("future", "as-of lies after now: outages that are still open count as if they went on until then"))
		}
		return asOf, err
	}
	if asOf, ok := in.engine.DefaultAsOf(in.policy.YearStart, latest); ok {
		return asOf, nil
	}
	in.note("", outage.Notef("nothing-accepted", "no row was accepted; as-of is the beginning of today"))
	return period.DayOf(latest, in.policy.Zone).Start(in.policy.Zone), nil
}

func (in *inputs) snapshot(o snapshot.Options) *snapshot.Snapshot {
	return snapshot.Build(in.engine, in.policy, in.from(o))
}

// from adds to options where an answer comes from.
func (in *inputs) from(o snapshot.Options) snapshot.Options {
	o.Program, o.BaseSHA256, o.TZData = cmp.Or(in.program, "saidi "+version()), in.baseDigest, cmp.Or(in.tzdata, tzdata())
	if in.mapping != nil {
		o.MappingSHA256 = in.mapping.SHA256
	}
	o.Notes, o.KnownAt = in.warnings, in.knownAt
	return o
}
