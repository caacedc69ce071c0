package clickhouse

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// formatVersion is the format of the tables that this program knows.
const formatVersion = 2

// A column is its name and type.
type column struct{ name, kind string }

// A table is how a table is made: on home, or on every shard under a name that
// ends with _here and, where there is a cluster, with a Distributed table over it.
type table struct {
	name      string
	home      bool
	engine    string // such as ReplacingMergeTree; empty: MergeTree
	columns   []column
	order     string // what it is sorted by
	partition string // what it is cut by; empty: nothing
	sharding  string // by which the rows of a Distributed table are spread; empty: slot
	from      string // the query on another local table by which it is filled; empty: it is inserted into
}

// here is the name of the table on one server.
func (t *table) here() string {
	if t.home {
		return t.name
	}
	return t.name + "_here"
}

// names are the names of the columns.
func (t *table) names() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return names
}

// statement makes the table on a server.
func (t *table) statement(database string, l *link, settings string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE IF NOT EXISTS %s (", t.here())
	for i, c := range t.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %s", c.name, c.kind)
	}
	engine := t.engine
	if engine == "" {
		engine = "MergeTree"
	}
	b.WriteString(") ENGINE = ")
	if l.replicated {
		fmt.Fprintf(&b, "Replicated%s('/clickhouse/tables/{shard}/%s/%s', '{replica}')", engine, database, t.here())
	} else {
		fmt.Fprintf(&b, "%s()", engine)
	}
	if t.partition != "" {
		fmt.Fprintf(&b, " PARTITION BY %s", t.partition)
	}
	fmt.Fprintf(&b, " ORDER BY %s%s", t.order, settings)
	return b.String()
}

// distributed makes the table that stands for those of all shards.
func (t *table) distributed(c *cluster) string {
	sharding := t.sharding
	if sharding == "" {
		sharding = "slot"
	}
	return fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s AS %s ENGINE = Distributed(%s, %s, %s, %s)", t.name, t.here(), c.cluster, c.database, t.here(), sharding)
}

// ensure makes the tables that are not there yet, wherever they belong.
func (c *cluster) ensure(ctx context.Context, tables []table) error {
	err := c.onShards(func(i int, l *link) error { return c.ensureOn(ctx, l, tables, i == 0) })
	if err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	return nil
}

func (c *cluster) ensureOn(ctx context.Context, l *link, tables []table, home bool) error {
	replicas, err := c.replicas(l)
	if err != nil {
		return err
	}
	for i, r := range replicas {
		settings, err := r.tableSettings(ctx)
		if err != nil {
			return err
		}
		for k := range tables {
			if t := &tables[k]; !t.home || home {
				if err := c.make(ctx, r, t, settings); err != nil {
					return fmt.Errorf("table %s: %w", t.here(), err)
				}
			}
		}
		if i > 0 {
			r.close()
		}
	}
	return nil
}

// replicas are connections to every machine of a shard; the first is the link
// itself.
func (c *cluster) replicas(l *link) ([]*link, error) {
	list := []*link{l}
	if !l.replicated {
		return list, nil
	}
	for _, host := range l.addresses[1:] {
		r, err := open(c.address, l.shard, []string{host}, c.database)
		if err != nil {
			return nil, err
		}
		r.replicated = true
		list = append(list, r)
	}
	return list, nil
}

// make makes one table, what fills it, and what stands for all of its kind.
func (c *cluster) make(ctx context.Context, l *link, t *table, settings string) error {
	if err := l.exec(ctx, t.statement(c.database, l, settings)); err != nil {
		return err
	}
	if t.from != "" {
		text := fmt.Sprintf("CREATE MATERIALIZED VIEW IF NOT EXISTS %s_filler TO %s AS %s", t.name, t.here(), t.from) //nolint:misspell // SQL
		if err := l.exec(ctx, text); err != nil {
			return err
		}
	}
	if t.home || c.cluster == "" {
		return nil
	}
	return l.exec(ctx, t.distributed(c))
}

// tableSettings have the server ask the disk to keep what was inserted, where it
// knows how to.
func (l *link) tableSettings(ctx context.Context) (string, error) {
	known, err := queryAll(ctx, l, func(rows driver.Rows, name *string) error { return rows.Scan(name) },
		"SELECT name FROM system.merge_tree_settings WHERE name = 'fsync_after_insert'")
	if err != nil || len(known) == 0 {
		return "", err
	}
	return " SETTINGS fsync_after_insert = 1", nil
}

// The tables of what was told. What they hold is explained in doc.go.
const (
	formatTable    = "store_format"
	catalogueTable = "catalogue"
	baseTable      = "base_row"
	rowTable       = "row"
	revisedTable   = "revised"
	eventTable     = "event"
	touchedTable   = "touched"
)

func toldTables() []table {
	keys := []column{{"slot", "UInt16"}, {"grp", "String"}}
	touched := append([]column{{"ticket", "UInt64"}}, keys...)
	events := append([]column{{"event", "UInt64"}}, keys...)
	rows := rowColumns()
	names := strings.Join((&table{columns: rows}).names(), ", ")
	return []table{
		{name: catalogueTable, home: true, columns: catalogueColumns(), order: "(entry, pen)"},
		{name: baseTable, home: true, columns: baseColumns(), order: "(ticket, ordinal)"},
		{name: rowTable, columns: rows, order: "(slot, grp, ticket, ordinal)"},
		{name: revisedTable, columns: rows, order: "(event, ticket, ordinal)",
			from: "SELECT " + names + " FROM row_here WHERE revision != 0 OR cancelled != 0"},
		{name: eventTable, engine: "ReplacingMergeTree", columns: events, order: "(event, slot, grp)",
			from: "SELECT event, slot, grp FROM row_here GROUP BY event, slot, grp"},
		{name: touchedTable, engine: "ReplacingMergeTree", columns: touched, order: "(ticket, slot, grp)",
			from: "SELECT ticket, slot, grp FROM row_here GROUP BY ticket, slot, grp"},
	}
}

func catalogueColumns() []column {
	return []column{
		{"entry", "UInt64"}, {"pen", "UInt64"}, {"what", "UInt8"}, {"delivery", "Int64"}, {"ticket", "UInt64"}, {"placed", "UInt64"}, {"spec", "String"},
		{"received", "Int64"}, {"sha256", "String"}, {"first", "Int64"}, {"last", "Int64"}, {"read", "Int64"}, {"stored", "Int64"}, {"rejected", "Int64"},
		{"skipped", "Int64"}, {"covers", "String"}, {"position", "String"}, {"warnings", "String"}, {"withdraws", "Array(Int64)"},
	}
}

func baseColumns() []column {
	return []column{
		{"ticket", "UInt64"}, {"ordinal", "UInt32"}, {"path", "String"}, {"sheet", "String"}, {"row", "Int64"}, {"feeder_id", "String"}, {"unit_id", "String"},
		{"area", "String"}, {"class", "String"}, {"customers", "Int64"}, {"valid_from", "Int64"}, {"valid_to", "Int64"}, {"capacity_kva", "Float64"},
		{"customer_kind", "String"},
	}
}

// rowColumns are those of a row: where it is, and the canonical record.
func rowColumns() []column {
	var natures []string
	for n := range outage.NotAnOutage + 1 {
		natures = append(natures, fmt.Sprintf("'%s' = %d", n, uint8(n)))
	}
	return []column{
		{"slot", "UInt16"}, {"grp", "String"}, {"ticket", "UInt64"}, {"ordinal", "UInt32"}, {"event", "UInt64"},
		{"event_id", "String"}, {"source", "String"}, {"feeder_id", "String"}, {"unit_id", "String"}, {"area", "String"}, {"class", "String"},
		{"start", "Int64"}, {"finish", "Int64"}, {"customers", "Int64"}, {"nature", "Enum8(" + strings.Join(natures, ", ") + ")"},
		{"cause", "String"}, {"technical_cause", "String"}, {"stage", "String"}, {"steps", "String"}, {"revision", "Int64"}, {"cancelled", "UInt8"},
		{"capacity_kva", "Float64"}, {"flags", "UInt16"}, {"row", "UInt32"}, {"reason", "String"}, {"reason_column", "String"}, {"reason_value", "String"},
	}
}

// A founding is what is fixed when a store is made.
type founding struct {
	slots, shards uint16
}

// foundingView holds the founding: a view, as only one of several that make it at
// one time can.
const foundingView = "founding"

// found makes the store, unless somebody did, and gives what was fixed then.
func (c *cluster) found(ctx context.Context, slots int, readOnly bool) (f founding, err error) {
	if !readOnly {
		text := fmt.Sprintf("CREATE VIEW IF NOT EXISTS %s AS SELECT toUInt16(%d) AS slots, toUInt16(%d) AS shards", foundingView, slots, len(c.shards))
		if err := c.home.exec(ctx, text); err != nil {
			return f, err
		}
	}
	list, err := queryAll(ctx, c.home, func(rows driver.Rows, f *founding) error { return rows.Scan(&f.slots, &f.shards) }, "SELECT slots, shards FROM "+foundingView)
	if err != nil || len(list) == 0 {
		return f, c.noStore(err)
	}
	f = list[0]
	if int(f.shards) != len(c.shards) {
		return f, fmt.Errorf("the store was made on %d shards and the cluster has %d: use the cluster that it was made on, or copy it into a new database", f.shards, len(c.shards))
	}
	return f, nil
}

// noStore says in words that there is no store in the database.
func (c *cluster) noStore(err error) error {
	if isUnknown(err) {
		return fmt.Errorf("the database %s on %s holds no store: open it for writing first", c.database, c.hosts[0])
	}
	return err
}

// A migration brings the tables to a format from the one before it. It may be
// done twice, and by several programs at once.
type migration func(ctx context.Context, c *cluster) error

// migrations are in order: the tables of format 1, the marks of format 2.
func migrations() []migration {
	return []migration{
		func(ctx context.Context, c *cluster) error { return c.ensure(ctx, toldTables()) },
		func(ctx context.Context, c *cluster) error { return c.markShards(ctx) },
	}
}

// migrate brings the tables up to the format of this program, on servers that may
// be those of the store, and makes sure that they are.
func (c *cluster) migrate(ctx context.Context, readOnly bool) error {
	if err := c.checkMarks(ctx, false); err != nil {
		return err
	}
	if err := c.checkHome(ctx); err != nil {
		return err
	}
	if err := c.toFormat(ctx, readOnly); err != nil {
		return err
	}
	return c.checkMarks(ctx, true)
}

// toFormat does what is to do from the format of the tables on.
func (c *cluster) toFormat(ctx context.Context, readOnly bool) error {
	version, err := c.version(ctx, readOnly)
	if err != nil {
		return err
	}
	switch {
	case version > formatVersion:
		return faultf(store.ErrNewer, "the store %s on %s has format %d, this program knows up to %d: use a newer program", c.database, c.hosts[0], version, formatVersion)
	case version < formatVersion && readOnly:
		return faultf(store.ErrReadOnly, "the store %s on %s has format %d: open it for writing once, so that it is brought to format %d", c.database, c.hosts[0], version, formatVersion)
	}
	for v := version; v < formatVersion; v++ {
		if err := migrations()[v](ctx, c); err != nil {
			return fmt.Errorf("bring the store from format %d to %d: %w", v, v+1, err)
		}
		err := c.home.insert(ctx, formatTable, []string{"version"}, func(b driver.Batch) error { return b.Append(uint32(v + 1)) })
		if err != nil {
			return err
		}
	}
	return nil
}

// version is the format of the tables; 0 where none was made yet.
func (c *cluster) version(ctx context.Context, readOnly bool) (int, error) {
	format := table{name: formatTable, home: true, columns: []column{{"version", "UInt32"}}, order: "version"}
	if !readOnly {
		if err := c.ensure(ctx, []table{format}); err != nil {
			return 0, err
		}
	}
	list, err := queryAll(ctx, c.home, func(rows driver.Rows, v *uint32) error { return rows.Scan(v) }, "SELECT version FROM "+formatTable)
	if err != nil || len(list) == 0 {
		return 0, c.noStore(err)
	}
	return int(slices.Max(list)), nil
}
