package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/crc32"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"modernc.org/sqlite"
)

// What the catalogue says of itself.
const (
	applicationID = 0x53414944 // "SAID"
	formatVersion = 1
	catalogueName = "catalogue.sqlite"
)

// schema is the catalogue of format 1, which doc.go explains.
const schema = `
CREATE TABLE stream (
	id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, source TEXT NOT NULL, channel TEXT NOT NULL, name TEXT NOT NULL,
	spec TEXT NOT NULL UNIQUE, sum INTEGER NOT NULL);
CREATE INDEX stream_name ON stream (source, channel, name);
CREATE TABLE delivery (
	id INTEGER PRIMARY KEY, stream INTEGER NOT NULL REFERENCES stream, received INTEGER NOT NULL, sha256 TEXT NOT NULL, key INTEGER,
	first INTEGER NOT NULL, last INTEGER NOT NULL, rows INTEGER NOT NULL, stored INTEGER NOT NULL, rejected INTEGER NOT NULL,
	skipped INTEGER NOT NULL, covers TEXT NOT NULL, position TEXT NOT NULL, warnings TEXT NOT NULL, sum INTEGER NOT NULL);
CREATE INDEX delivery_key ON delivery (key) WHERE key IS NOT NULL;
CREATE INDEX delivery_stream ON delivery (stream, id);
CREATE TABLE withdrawal (
	delivery INTEGER PRIMARY KEY REFERENCES delivery, by INTEGER NOT NULL REFERENCES delivery, sum INTEGER NOT NULL);
CREATE INDEX withdrawal_by ON withdrawal (by);
CREATE TABLE note (
	id INTEGER PRIMARY KEY, source TEXT NOT NULL, delivery INTEGER NOT NULL REFERENCES delivery, position TEXT NOT NULL,
	behind INTEGER NOT NULL, sum INTEGER NOT NULL);
CREATE INDEX note_source ON note (source, id);
CREATE TABLE tail (
	delivery INTEGER PRIMARY KEY REFERENCES delivery, rows TEXT NOT NULL, sum INTEGER NOT NULL);
CREATE TABLE segment (
	from_delivery INTEGER PRIMARY KEY, to_delivery INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, first INTEGER NOT NULL, last INTEGER NOT NULL,
	rows INTEGER NOT NULL, filled INTEGER NOT NULL, bytes INTEGER NOT NULL, crc32c INTEGER NOT NULL, sha256 TEXT NOT NULL, sum INTEGER NOT NULL);
CREATE TABLE segment_stream (
	segment INTEGER NOT NULL REFERENCES segment, stream INTEGER NOT NULL REFERENCES stream, deliveries INTEGER NOT NULL,
	rows INTEGER NOT NULL, stored INTEGER NOT NULL, rejected INTEGER NOT NULL, skipped INTEGER NOT NULL, covers TEXT NOT NULL,
	last_delivery INTEGER NOT NULL, first_received INTEGER NOT NULL, last_received INTEGER NOT NULL, sum INTEGER NOT NULL,
	PRIMARY KEY (segment, stream)) WITHOUT ROWID;
CREATE TABLE base (
	delivery INTEGER PRIMARY KEY REFERENCES delivery, name TEXT NOT NULL, rows INTEGER NOT NULL,
	bytes INTEGER NOT NULL, crc32c INTEGER NOT NULL, sha256 TEXT NOT NULL, sum INTEGER NOT NULL);
`

// castagnoli is the polynomial of all sums.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// sumPortion is how many bytes of a text are added up at once, so that a long
// one is not copied as a whole.
const sumPortion = 4 << 10

// rowSum is the checksum that each row of the catalogue carries over its other
// fields: SQLite itself does not notice a bit that turned in a value.
func rowSum(fields ...any) int64 {
	table := castagnoli()
	sum := uint32(0)
	var scratch []byte
	for _, f := range fields {
		switch f := f.(type) {
		case int64:
			scratch = strconv.AppendInt(scratch[:0], f, 10)
		case string:
			for len(f) > sumPortion {
				scratch = append(scratch[:0], f[:sumPortion]...)
				sum, f = crc32.Update(sum, table, scratch), f[sumPortion:]
			}
			scratch = append(scratch[:0], f...)
		default:
			panic(fmt.Sprintf("store: a field of type %T has no sum", f))
		}
		sum = crc32.Update(sum, table, append(scratch, 0))
	}
	return int64(sum)
}

// checkSum compares a row with its sum.
func checkSum(table string, id, sum int64, fields ...any) error {
	if rowSum(fields...) != sum {
		return faultf(ErrCorrupt, "the store is damaged: row %d of the catalogue's table %s is not what was written: restore the store from a backup; saidi store verify lists what is damaged", id, table)
	}
	return nil
}

// dataSource names the catalogue with the settings of a connection.
func dataSource(dir string, settings ...string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.Join(dir, catalogueName)}).EscapedPath()}
	q := url.Values{"_pragma": {"busy_timeout(5000)", "foreign_keys(1)"}}
	for i := 0; i+1 < len(settings); i += 2 {
		q.Add(settings[i], settings[i+1])
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// A querier is a connection or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// openWriting opens the one connection that writes, and makes the catalogue
// where there is none.
func openWriting(ctx context.Context, dir string) (*sql.DB, *sql.Conn, error) {
	db, err := sql.Open("sqlite", dataSource(dir, "_pragma", "journal_mode(WAL)", "_pragma", "synchronous(FULL)", "_txlock", "immediate"))
	if err != nil {
		return nil, nil, catalogueError(err)
	}
	conn, err := db.Conn(ctx)
	if err == nil {
		err = prepareCatalogue(ctx, dir, conn)
	}
	if err != nil {
		if conn != nil {
			_ = conn.Close()
		}
		_ = db.Close()
		return nil, nil, notAStore(dir, err)
	}
	return db, conn, nil
}

// prepareCatalogue checks the format, or writes the schema into an empty file.
func prepareCatalogue(ctx context.Context, dir string, conn *sql.Conn) error {
	fresh, err := checkFormat(ctx, dir, conn)
	if err != nil || !fresh {
		return err
	}
	if names, err := filepath.Glob(filepath.Join(globbed(dir), segmentFolder, "*.parquet")); err != nil || len(names) > 0 {
		return errors.Join(err, faultf(ErrCorrupt, "the store %s has segments and no catalogue: restore %s from a backup", dir, catalogueName))
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // says that it is done where it was committed
	if _, err := tx.ExecContext(ctx, schema+fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, formatVersion)); err != nil {
		return err
	}
	return tx.Commit()
}

// checkFormat says whether the catalogue is empty, and else makes sure that it
// is one of a format that is known.
func checkFormat(ctx context.Context, dir string, q querier) (fresh bool, err error) {
	var application, version, tables int64
	if err := q.QueryRowContext(ctx, "PRAGMA application_id").Scan(&application); err != nil {
		return false, notAStore(dir, err)
	}
	if err := q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return false, err
	}
	if err := q.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
		return false, err
	}
	switch {
	case application == 0 && version == 0 && tables == 0:
		return true, nil
	case application != applicationID:
		return false, faultf(ErrCorrupt, "%s is not the catalogue of a store: give another folder, or restore the store from a backup", filepath.Join(dir, catalogueName))
	case version > formatVersion:
		return false, faultf(ErrNewer, "the store %s has format %d, this program knows up to %d: use a newer program", dir, version, formatVersion)
	case version < formatVersion:
		return false, faultf(ErrCorrupt, "the store %s has format %d, which no program wrote: restore it from a backup", dir, version)
	}
	return false, nil
}

// notAStore says in words what a file is that SQLite does not know.
func notAStore(dir string, err error) error {
	_, bySQLite := errors.AsType[*sqlite.Error](err)
	if err = catalogueError(err); bySQLite && errors.Is(err, ErrCorrupt) {
		return faultf(ErrCorrupt, "%s is not the catalogue of a store, or it is damaged: give another folder, or restore the store from a backup (%v)", filepath.Join(dir, catalogueName), err)
	}
	return err
}

// openReading opens connections that only read. Where nothing can be written
// beside the catalogue, it is read as a file that nobody changes: then there
// must be no journal of a writer that did not end.
func openReading(ctx context.Context, dir string, beside bool) (*sql.DB, error) {
	tries := [][]string{{"mode", "ro"}}
	if !beside && !fileHasBytes(filepath.Join(dir, catalogueName+"-wal")) {
		tries = append(tries, []string{"mode", "ro", "immutable", "1"})
	}
	var failed error
	for _, settings := range tries {
		db, err := sql.Open("sqlite", dataSource(dir, settings...))
		if err != nil {
			return nil, catalogueError(err)
		}
		db.SetMaxOpenConns(readers)
		var tables int64
		if err = db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err == nil {
			return db, nil
		}
		_ = db.Close()
		failed = errors.Join(failed, err)
	}
	return nil, notAStore(dir, failed)
}

// readers is how many connections read at once.
const readers = 4

func fileHasBytes(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}

// globbed quotes what a pattern would take for one of its signs.
func globbed(path string) string {
	var quoted []rune
	for _, r := range path {
		if r == '*' || r == '?' || r == '[' || r == '\\' {
			quoted = append(quoted, '\\')
		}
		quoted = append(quoted, r)
	}
	return string(quoted)
}
