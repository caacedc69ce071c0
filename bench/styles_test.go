package main

import (
	"bytes"
	"cmp"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
)

// styleRows is a few thousand rows with what records have: names, words in
// Chinese and English, open ends, causes and natures that are missing.
const styleRows = `CREATE TABLE rows AS
SELECT
  (100000 + i // 3)::INTEGER AS event_id,
  'F' || lpad((draw(i // 3, 1, 40))::VARCHAR, 3, '0') AS feeder_id,
  'U' || lpad((i % 500)::VARCHAR, 6, '0') AS unit_id,
  ['西宁市', 'haixi', '632800', 'golog'][1 + draw(i // 3, 2, 4)] AS area,
  ['市区', 'rural', '城镇'][1 + draw(i // 3, 3, 3)] AS class,
  TIMESTAMP '2021-03-04 05:06:07' + to_seconds(i // 3 * 1801) AS start,
  if(draw(i, 4, 50) = 0, NULL, start + to_seconds(20 + draw(i, 5, 20000))) AS "end",
  (1 + draw(i, 6, 120))::INTEGER AS customers,
  if(draw(i, 7, 20) = 0, NULL, ['fault_internal', '计划检修', 'fault_external', 'not_an_outage'][1 + draw(i // 3, 8, 4)]) AS nature,
  if(draw(i, 9, 10) = 0, NULL, ['雷击', 'bird', '外力破坏', 'with, comma and "quote"'][1 + draw(i, 10, 4)]) AS cause
FROM range(5000) t(i)`

// A style is one way of writing rows as Parquet.
type style struct {
	name    string
	options string // of COPY, after FORMAT parquet
	columns string // what is written; * where empty
	text    string // what is written as CSV of the same meaning; the columns where empty
}

func (s style) complete() style {
	s.columns = cmp.Or(s.columns, "*")
	s.text = cmp.Or(s.text, s.columns)
	return s
}

// optionStyles differ in how the file is written.
func optionStyles() []style {
	var list []style
	for _, codec := range []string{"uncompressed", "snappy", "gzip", "zstd", "lz4", "lz4_raw", "brotli"} {
		for _, version := range []string{"V1", "V2"} {
			list = append(list, style{name: codec + " " + version, options: fmt.Sprintf("COMPRESSION %s, PARQUET_VERSION %s", codec, version)})
		}
	}
	for _, version := range []string{"V1", "V2"} {
		list = append(list,
			style{name: "several row groups " + version, options: "ROW_GROUP_SIZE 2048, PARQUET_VERSION " + version},
			style{name: "one row group " + version, options: "ROW_GROUP_SIZE 100000, PARQUET_VERSION " + version},
			style{name: "no dictionaries " + version, options: "DICTIONARY_SIZE_LIMIT 0, PARQUET_VERSION " + version},
			style{name: "small dictionaries " + version, options: "DICTIONARY_SIZE_LIMIT 100, PARQUET_VERSION " + version},
			style{name: "large dictionaries " + version, options: "DICTIONARY_SIZE_LIMIT 1000000, PARQUET_VERSION " + version},
			style{name: "small dictionary pages " + version, options: "STRING_DICTIONARY_PAGE_SIZE_LIMIT 1000, PARQUET_VERSION " + version},
		)
	}
	return append(list,
		style{name: "no bloom filters", options: "WRITE_BLOOM_FILTER false"},
		style{name: "field ids", options: "FIELD_IDS 'auto'"},
		style{name: "metadata", options: "KV_METADATA {made: 'for a test'}"},
	)
}

// columnStyles differ in the types of their columns.
func columnStyles() []style {
	list := []style{
		{name: "nested columns among the others", columns: `{'a': event_id, 'b': {'c': unit_id}} AS inner, *, [customers, NULL] AS list, MAP {unit_id: customers} AS map, [{'x': 1}, NULL] AS structs, if(customers > 60, NULL, {'y': [cause]}) AS maybe`, text: "*"},
		{name: "all ends open", columns: `* REPLACE (NULL::TIMESTAMP AS "end")`},
		{name: "no nulls", columns: `* REPLACE (coalesce("end", start) AS "end", coalesce(nature, 'unknown') AS nature, coalesce(cause, 'none') AS cause)`},
		{name: "fractions of a second", columns: `* REPLACE (start + INTERVAL 123 MILLISECOND AS start, "end" + INTERVAL 999999 MICROSECOND AS "end")`},
		{name: "dates", columns: `* REPLACE (start::DATE AS start, "end"::DATE + 3 AS "end")`},
		{name: "times with a zone", columns: `* REPLACE (start AT TIME ZONE 'Asia/Shanghai' AS start, "end" AT TIME ZONE 'Asia/Shanghai' AS "end")`, text: "*"},
		{name: "times as text", columns: `* REPLACE (start::VARCHAR AS start, "end"::VARCHAR AS "end")`, text: "*"},
		{name: "event ids as UUID", columns: "* REPLACE (md5(event_id::VARCHAR)::UUID AS event_id)"},
		{name: "event ids as ENUM", columns: "* REPLACE (event_id::VARCHAR::ids AS event_id)", text: "*"},
		{name: "event ids as large numbers", columns: "* REPLACE (2021030400000000000 + event_id AS event_id)"},
		{name: "words as ENUM", columns: "* REPLACE (nature::natures AS nature)", text: "*"},
		{name: "words as BLOB", columns: "* REPLACE (encode(cause) AS cause, encode(unit_id) AS unit_id)", text: "*"},
		{name: "revision, withdrawal, capacity", columns: "*, (customers % 3)::TINYINT AS revision, customers = 7 AS cancelled, (customers * 12.5)::FLOAT AS capacity_kva"},
		{name: "revision, capacity", columns: "*, (customers % 3)::UBIGINT AS revision, (customers * 12.5)::DECIMAL(9, 3) AS capacity_kva"},
	}
	for _, kind := range []string{"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP", "TIMESTAMP_NS"} {
		list = append(list, style{name: "times as " + kind, columns: fmt.Sprintf(`* REPLACE (start::%s AS start, "end"::%[1]s AS "end")`, kind), text: "*"})
	}
	for _, kind := range []string{"BIGINT", "UBIGINT", "UINTEGER", "VARCHAR", "HUGEINT"} {
		list = append(list, style{name: "event ids as " + kind, columns: fmt.Sprintf("* REPLACE (event_id::%s AS event_id)", kind), text: "*"})
	}
	for _, kind := range []string{"TINYINT", "UTINYINT", "SMALLINT", "USMALLINT", "INTEGER", "UINTEGER", "BIGINT", "UBIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL(4, 0)", "DECIMAL(9, 2)", "DECIMAL(18, 2)", "DECIMAL(38, 4)", "VARCHAR"} {
		list = append(list, style{name: "customers as " + kind, columns: fmt.Sprintf("* REPLACE (customers::%s AS customers)", kind), text: "*"})
	}
	for i := range list {
		list[i].options = "PARQUET_VERSION V1"
		later := list[i]
		later.name, later.options = later.name+" V2", "PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1"
		list = append(list, later)
	}
	return list
}

// Parquet in every style that DuckDB writes is read as the CSV of the same rows.
func TestStyles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := styleTables(t)
	for i, s := range append(optionStyles(), columnStyles()...) {
		from := " FROM rows"
		s = s.complete()
		parquet, text := filepath.Join(dir, fmt.Sprint(i, ".parquet")), filepath.Join(dir, fmt.Sprint(i, ".csv"))
		err := execute(db,
			"COPY (SELECT "+s.columns+from+") TO "+quoted(parquet)+" (FORMAT parquet, "+s.options+")",
			"COPY (SELECT "+s.text+from+") TO "+quoted(text)+" (FORMAT csv, HEADER)")
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if err != nil {
				t.Fatal(err)
			}
			want := readFile(t, text)
			if len(want.events) < 4000 {
				t.Fatalf("the CSV gives %d rows and %d rejections", len(want.events), len(want.rejected))
			}
			compareReadings(t, want, readFile(t, parquet))
			compareReadings(t, want, readStream(t, parquet))
		})
	}
}

func styleTables(t *testing.T) *sql.DB {
	t.Helper()
	db := orderedDuck(t)
	if err := execute(db, "SET TimeZone = 'Asia/Shanghai'", drawSQL, styleRows,
		"CREATE TYPE ids AS ENUM (SELECT DISTINCT event_id::VARCHAR FROM rows ORDER BY ALL)",
		"CREATE TYPE natures AS ENUM (SELECT DISTINCT nature FROM rows WHERE nature IS NOT NULL ORDER BY ALL)"); err != nil {
		t.Fatal(err)
	}
	return db
}

// A base in Parquet is read as the CSV of the same rows.
func TestBaseStyles(t *testing.T) {
	t.Parallel()
	tests := []style{
		{name: "as it is"},
		{name: "customers as SMALLINT", columns: "* REPLACE (customers::SMALLINT AS customers)"},
		{name: "customers as UBIGINT", columns: "* REPLACE (customers::UBIGINT AS customers)"},
		{name: "customers as DOUBLE", columns: "* REPLACE (customers::DOUBLE AS customers)", text: "*"},
		{name: "customers as DECIMAL", columns: "* REPLACE (customers::DECIMAL(18, 2) AS customers)", text: "*"},
		{name: "validity in days", columns: "*, DATE '2018-01-01' AS valid_from, if(customers > 60, NULL, DATE '2022-07-01') AS valid_to"},
		{name: "validity in milliseconds", columns: "*, TIMESTAMP_MS '2018-01-01 12:00:00' AS valid_from"},
		{name: "nested columns among the others", columns: "{'a': unit_id} AS inner, *, [customers] AS list", text: "*"},
	}
	dir := t.TempDir()
	db := styleTables(t)
	for i, s := range tests {
		parquet, text := filepath.Join(dir, fmt.Sprint(i, ".parquet")), filepath.Join(dir, fmt.Sprint(i, ".csv"))
		s = s.complete()
		const from = " FROM (SELECT feeder_id, unit_id, 'haixi' AS area, 'town' AS class, customers FROM rows WHERE event_id < 100166)"
		err := execute(db, "COPY (SELECT "+s.columns+from+") TO "+quoted(parquet), "COPY (SELECT "+s.text+from+") TO "+quoted(text))
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if err != nil {
				t.Fatal(err)
			}
			want, got := readBase(t, text), readBase(t, parquet)
			if len(want) != 498 {
				t.Fatalf("the CSV gives %d rows", len(want))
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("rows differ from the CSV (-want +got):\n%s", diff)
			}
		})
	}
}

// readBase reads a base without the places of its rows.
func readBase(t *testing.T, path string) []outage.Customers {
	t.Helper()
	rows, _, err := ingest.BaseFile(path, styleOptions())
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		rows[i].Path, rows[i].Row = "", 0
	}
	return rows
}

// A reading is what ingest made of a file. Where a row stood is left out, as
// a CSV file has a line of headers.
type reading struct {
	events   []outage.Event
	rejected []outage.Rejection
	rows     int
	skipped  int
}

func (r *reading) take(b *outage.Batch) error {
	for i := range b.Len() {
		e := b.Event(i)
		e.Row = 0
		r.events = append(r.events, e)
	}
	for _, rejection := range b.Rejected {
		rejection.Row = 0
		r.rejected = append(r.rejected, rejection)
	}
	return nil
}

func (r *reading) close(t *testing.T, d *outage.Delivery, err error) reading {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	r.rows, r.skipped = d.Rows, d.Skipped
	return *r
}

func styleOptions() ingest.Options {
	p := policy.Qinghai()
	return ingest.Options{Names: p.Names(), Zone: p.Zone}
}

func readFile(t *testing.T, path string) reading {
	t.Helper()
	var r reading
	d, err := ingest.EventsFile(path, styleOptions(), r.take)
	return r.close(t, d, err)
}

func readStream(t *testing.T, path string) reading {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r reading
	d, err := ingest.Events(path, bytes.NewReader(content), styleOptions(), r.take)
	return r.close(t, d, err)
}

// compareReadings tells the first row in which readings differ.
func compareReadings(t *testing.T, want, got reading) {
	t.Helper()
	if got.rows != want.rows || got.skipped != want.skipped || len(got.events) != len(want.events) || len(got.rejected) != len(want.rejected) {
		t.Fatalf("rows, skipped, events, rejected: got %d, %d, %d, %d, want %d, %d, %d, %d%s",
			got.rows, got.skipped, len(got.events), len(got.rejected), want.rows, want.skipped, len(want.events), len(want.rejected), firstRejection(got))
	}
	for i := range want.events {
		if diff := gocmp.Diff(want.events[i], got.events[i]); diff != "" {
			t.Fatalf("row %d differs from the CSV (-want +got):\n%s", i+1, diff)
		}
	}
	if diff := gocmp.Diff(want.rejected, got.rejected); diff != "" {
		t.Fatalf("rejections differ from the CSV (-want +got):\n%s", diff)
	}
}

func firstRejection(r reading) string {
	if len(r.rejected) == 0 {
		return ""
	}
	return fmt.Sprintf("; the first rejection: %+v", r.rejected[0])
}
