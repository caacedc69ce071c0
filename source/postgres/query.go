package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// A shape is what the query's result looks like and how it is asked for.
type shape struct {
	from    string // the query, as a table of the name q
	columns []column
	kind    kind
	mark    string // the watermark's column, quoted
}

// A column is one column of the result.
type column struct {
	key  []byte // its name as a JSON key, with the colon
	expr string // by which it is asked for
	form form
}

// A form is how a value is written in JSON.
type form uint8

const (
	formText    form = iota // in quotes
	formNumber              // as it is
	formBool                // t or f
	formJSON                // as it is, on one line
	formInstant             // a time in UTC without saying so
)

// quoted writes a name as SQL does.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// describe asks the server what the query's result looks like. Types may change
// between two looks, so it is asked for at each.
func describe(ctx context.Context, conn *pgconn.PgConn, c Config) (*shape, error) {
	s := &shape{from: "(\n" + c.Query + "\n) AS q", mark: "q." + quoted(c.Watermark)}
	told, err := conn.Prepare(ctx, "", "SELECT * FROM "+s.from, nil)
	if err != nil {
		return nil, err
	}
	if len(told.ParamOIDs) > 0 {
		return nil, fmt.Errorf("the query has parameters such as $1: leave them out, the comparison with the watermark is added to it")
	}
	categories, err := categories(ctx, conn, told.Fields)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, f := range told.Fields {
		if names[f.Name] {
			return nil, fmt.Errorf("the query has two columns %q: name one of them otherwise (… AS …)", f.Name)
		}
		names[f.Name] = true
		col, err := columnOf(f.Name, f.DataTypeOID, categories[f.DataTypeOID])
		if err != nil {
			return nil, err
		}
		s.columns = append(s.columns, col)
		if f.Name != c.Watermark {
			continue
		}
		var ok bool
		if s.kind, ok = kindOf(f.DataTypeOID); !ok {
			return nil, fmt.Errorf("the watermark %q is of type %s: want a timestamptz, timestamp, date, integer, numeric or text; cast it in the query", f.Name, categories[f.DataTypeOID].name)
		}
	}
	if !names[c.Watermark] {
		return nil, fmt.Errorf("the query has no column %q, which is to be the watermark", c.Watermark)
	}
	return s, nil
}

// A category is a type's name and the class that PostgreSQL puts it in, such as A
// for arrays and C for composites.
type category struct{ name, class string }

// categories looks up the types of fields.
func categories(ctx context.Context, conn *pgconn.PgConn, fields []pgconn.FieldDescription) (map[uint32]category, error) {
	var oids []string
	for _, f := range fields {
		oids = append(oids, strconv.FormatUint(uint64(f.DataTypeOID), 10))
	}
	list := []byte("{" + strings.Join(oids, ",") + "}")
	found := conn.ExecParams(ctx, "SELECT oid, typname, typcategory FROM pg_catalog.pg_type WHERE oid = ANY ($1::oid[])", [][]byte{list}, nil, nil, nil).Read()
	if found.Err != nil {
		return nil, found.Err
	}
	all := map[uint32]category{}
	for _, row := range found.Rows {
		oid, err := strconv.ParseUint(string(row[0]), 10, 32)
		if err != nil {
			return nil, fmt.Errorf("look up types: %w", err)
		}
		all[uint32(oid)] = category{name: string(row[1]), class: string(row[2])}
	}
	return all, nil
}

// columnOf says how a column is asked for and written.
func columnOf(name string, oid uint32, c category) (column, error) {
	key, err := json.Marshal(name)
	if err != nil {
		return column{}, fmt.Errorf("the name of the column %q: %w", name, err)
	}
	col := column{key: append(key, ':'), expr: "q." + quoted(name)}
	switch oid {
	case pgtype.ByteaOID:
		return column{}, fmt.Errorf("the column %q is bytea, which has no place in a row of text: leave it out of the query, or give encode(…, 'base64')", name)
	case pgtype.BoolOID:
		col.form = formBool
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.Float4OID, pgtype.Float8OID, pgtype.NumericOID:
		col.form = formNumber
	case pgtype.JSONOID, pgtype.JSONBOID:
		col.form = formJSON
	case pgtype.TimestamptzOID:
		col.form, col.expr = formInstant, col.expr+" AT TIME ZONE 'UTC'"
	case pgtype.TimestampOID: // the session's zone
		col.form, col.expr = formInstant, col.expr+"::timestamptz AT TIME ZONE 'UTC'"
	default:
		if c.class == "A" || c.class == "C" {
			col.form, col.expr = formJSON, "to_json("+col.expr+")"
		}
	}
	return col, nil
}

// marked is the watermark as the position takes it: not after now, so that a row
// of the future does not hide the others, and not before the year 1 either.
func (s *shape) marked() string {
	if !s.kind.isTime() {
		return s.mark
	}
	cast := "::" + s.kind.cast()
	return fmt.Sprintf("least(greatest(%s, '0001-01-01'%s), now()%s)", s.mark, cast, cast)
}

// inUTC makes the text of a timestamptz one in UTC.
func (s *shape) inUTC(expr string) string {
	if s.kind == kindTimestamptz {
		return expr + " AT TIME ZONE 'UTC'"
	}
	return expr
}

// survey asks whether a watermark is NULL, which no comparison finds, and what
// the clock shows in the watermark's type.
func (s *shape) survey() string {
	now := "NULL"
	if s.kind.isTime() {
		now = s.inUTC("now()::" + s.kind.cast())
	}
	return fmt.Sprintf("SELECT EXISTS (SELECT FROM %s WHERE %s IS NULL), %s", s.from, s.mark, now)
}

// cursor opens a cursor named saidi on the rows from $1 on, inclusive: their
// columns, the mark, and whether it lies above $2. Without a bound it takes no
// parameters and reads from the beginning.
func (s *shape) cursor(bounded bool) string {
	var sql strings.Builder
	sql.WriteString("DECLARE saidi NO SCROLL CURSOR FOR SELECT ")
	for _, c := range s.columns {
		sql.WriteString(c.expr + ", ")
	}
	above, where := "true", ""
	if bounded {
		above = fmt.Sprintf("%s > $2::%s", s.marked(), s.kind.cast())
		where = fmt.Sprintf(" WHERE %s >= $1::%s", s.mark, s.kind.cast())
	}
	fmt.Fprintf(&sql, "%s, %s FROM %s%s ORDER BY %s", s.inUTC(s.marked()), above, s.from, where, s.mark)
	return sql.String()
}
