package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestValues(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "CREATE TYPE mood AS ENUM ('out', 'in')", "CREATE DOMAIN feeder AS text", "CREATE TYPE pair AS (a int, b text)")
	tests := []struct {
		name, expr, want string
	}{
		{"smallint", "7::int2", `7`},
		{"bigint", "'-9223372036854775808'::int8", `-9223372036854775808`},
		{"numeric as it is", "12.50::numeric", `12.50`},
		{"numeric without end", "1e40::numeric", "1" + strings.Repeat("0", 40)},
		{"numeric that is none", "'NaN'::numeric", `"NaN"`},
		{"float", "0.1::float8", `0.1`},
		{"float with exponent", "1e-20::float8", `1e-20`},
		{"infinity", "'-Infinity'::float8", `"-Infinity"`},
		{"true", "true", `true`},
		{"false", "false", `false`},
		{"text", `E'停电 "x" \\ \n\t'`, `"停电 \"x\" \\ \n\u0009"`},
		{"empty text", "''", `""`},
		{"enum", "'out'::mood", `"out"`},
		{"domain", "'F1'::feeder", `"F1"`},
		{"uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", `"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"`},
		{"json on lines", "E'{\"a\": 1,\\n \"b\": \"x y\"}'::json", `{"a":1,"b":"x y"}`},
		{"jsonb", `'[1, 2.50, null]'::jsonb`, `[1,2.50,null]`},
		{"json null", `'null'::jsonb`, `null`},
		{"array", "ARRAY[1, 2, NULL]", `[1,2,null]`},
		{"composite", "ROW(1, 'x')::pair", `{"a":1,"b":"x"}`},
		{"timestamptz", "'2022-03-01 08:00:00.25+08'::timestamptz", `"2022-03-01T00:00:00.25Z"`},
		{"timestamptz of old", "'1900-01-01 00:00:00+08:05:43'::timestamptz", `"1899-12-31T15:54:17Z"`},
		{"timestamp in the zone", "'2022-03-01 08:00:00'::timestamp", `"2022-03-01T00:00:00Z"`},
		{"timestamp in the summer of 1988", "'1988-07-01 08:00:00'::timestamp", `"1988-06-30T23:00:00Z"`},
		{"timestamp of no time", "'infinity'::timestamp", `"infinity"`},
		{"before Christ", "'0044-03-15 12:00:00+00 BC'::timestamptz", `"0044-03-15 12:00:00 BC"`},
		{"after 9999", "'12022-03-01 08:00:00+00'::timestamptz", `"12022-03-01 08:00:00"`},
		{"date", "'2022-03-01'::date", `"2022-03-01"`},
		{"time", "'08:30'::time", `"08:30:00"`},
		{"interval", "'90 minutes'::interval", `"PT1H30M"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := &basket{}
			s := source(t, Config{DSN: d.dsn, Query: "SELECT 1 AS n, " + tt.expr + ` AS "v "" v", NULL::text AS none`, Watermark: "n", Zone: "Asia/Shanghai"})
			defer s.disconnect()
			looks(t, s, b)
			want := []string{`"n":1,"v \" v":` + tt.want}
			if diff := cmp.Diff(want, b.rows()); diff != "" {
				t.Errorf("rows differ (-want +got):\n%s", diff)
			}
			fields(t, b.pages[0])
		})
	}
}

// Times without zone are those of the session, wherever that has its zone from.
func TestSessionZone(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	tests := []struct {
		name, dsn, zone, want string
	}{
		{"of the server", d.dsn, "", `"at":"2022-03-01T08:00:00Z"`},
		{"of the dsn", d.dsn + " TimeZone=Asia/Urumqi", "", `"at":"2022-03-01T02:00:00Z"`},
		{"of the configuration", d.dsn + " TimeZone=Asia/Urumqi", "Asia/Shanghai", `"at":"2022-03-01T00:00:00Z"`},
		{"written otherwise", d.dsn + " DateStyle=German,DMY", "", `"at":"2022-03-01T08:00:00Z"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := &basket{}
			s := source(t, Config{DSN: tt.dsn, Zone: tt.zone, Query: "SELECT '2022-03-01 08:00'::timestamp AS at", Watermark: "at"})
			defer s.disconnect()
			looks(t, s, b)
			if got := b.rows(); !slices.Equal(got, []string{tt.want}) || b.last() != "timestamp 2022-03-01T08:00:00 at" {
				t.Errorf("got %v at %q, want %s at the hour", got, b.last(), tt.want)
			}
		})
	}
}

// kinds are watermarks of each kind: an expression over n = 1, 2, 3 … of which
// three rows each have the same.
func kinds() map[string]struct{ expr, position string } {
	return map[string]struct{ expr, position string }{
		"timestamptz": {"'2022-03-01 00:00:00.5+00'::timestamptz + (n / 3) * interval '1 hour'", "timestamptz 2022-03-01T10:00:00.5Z w"},
		"timestamp":   {"'2022-03-01 00:00:00'::timestamp + (n / 3) * interval '1 hour'", "timestamp 2022-03-01T10:00:00 w"},
		"date":        {"'2022-03-01'::date + n / 3", "date 2022-03-11 w"},
		"smallint":    {"(n / 3)::int2", "integer 10 w"},
		"integer":     {"n / 3 - 20", "integer -10 w"},
		"bigint":      {"9223372036854775797 + n / 3", "integer 9223372036854775807 w"},
		"numeric":     {"(n / 3) * 1e20 + 0.25", "numeric 1000000000000000000000.25 w"},
		"text":        {"'k ' || lpad((n / 3)::text, 3, '0')", `text "k 010" w`},
		"varchar":     {"('k' || chr(97 + n / 3))::varchar", `text "kk" w`},
		"collated":    {`(CASE WHEN n / 3 % 2 = 0 THEN chr(97 + n / 3) ELSE chr(65 + n / 3) END) COLLATE "en-x-icu"`, `text "k" w`},
		"always one":  {"42", "integer 42 w"},
	}
}

// Rows with equal watermarks cross the edges of pages, and each position can be
// read on from, with a page of another size.
func TestKinds(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	for name, k := range kinds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := Config{DSN: d.dsn, Query: "SELECT n, " + k.expr + " AS w FROM generate_series(0, 32) AS n -- all", Watermark: "w", Overlap: -1, OverlapNumber: -1}
			for page := 1; page <= 34; page += 3 {
				c.Page = page
				b := &basket{}
				s := source(t, c)
				looks(t, s, b)
				wantPages := (33 + page - 1) / page
				if got := b.counts(); len(got) != wantPages || len(slices.Compact(slices.Sorted(slices.Values(b.rows())))) != 33 || len(b.rows()) != 33 {
					t.Errorf("pages of %d: got %v, want 33 rows, each once", page, got)
				}
				if b.last() != k.position {
					t.Errorf("pages of %d: got the position %q, want %q", page, b.last(), k.position)
				}
				whole, pages := b.rows(), b.pages
				b.empty()
				looks(t, s, b)
				if got := b.rows(); len(got) > 0 {
					t.Errorf("pages of %d: looked again, got %v, want nothing", page, got)
				}
				s.disconnect()
				n := 0
				for _, p := range pages {
					n += p.Count
					rest := &basket{}
					s := resume(t, c, p.Position)
					looks(t, s, rest)
					s.disconnect()
					for _, row := range whole[n:] {
						if !slices.Contains(rest.rows(), row) {
							t.Errorf("pages of %d: from %q on %s is lost", page, p.Position, row)
						}
					}
					if got := len(rest.rows()); name != "always one" && got > len(whole)-n+3 {
						t.Errorf("pages of %d: from %q on got %d rows, want at most those with one watermark again beside %d", page, p.Position, got, len(whole)-n)
					}
				}
			}
		})
	}
}

// What the source refuses, in words, and takes nothing.
func TestRefusals(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "CREATE TABLE t (id int, w timestamptz)", "INSERT INTO t VALUES (1, '2022-03-01+00'), (2, NULL)",
		"CREATE TABLE secret (w int)", "DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN END $$")
	d.do("GRANT USAGE ON SCHEMA "+d.schema+" TO reader", "CREATE SEQUENCE s")
	reader := strings.Replace(d.dsn, "user=postgres", "user=reader", 1)
	tests := []struct {
		name     string
		c        Config
		position string
		want     string
	}{
		{"bytea", Config{Query: "SELECT 1 AS w, '\\x00'::bytea AS photo"}, "", `the column "photo" is bytea, which has no place in a row of text: leave it out of the query`},
		{"one name twice", Config{Query: "SELECT 1 AS w, 2 AS a, 3 AS a"}, "", `the query has two columns "a"`},
		{"no such column", Config{Query: "SELECT 1 AS v"}, "", `the query has no column "w", which is to be the watermark`},
		{"NULL", Config{Query: "SELECT * FROM t"}, "", `the watermark "w" is NULL in some rows`},
		{"NULL behind the position", Config{Query: "SELECT * FROM t"}, "timestamptz 2022-04-01T00:00:00Z w", `the watermark "w" is NULL in some rows`},
		{"another type", Config{Query: "SELECT 1.5::float8 AS w"}, "", `the watermark "w" is of type float8: want a timestamptz`},
		{"a numeric that is none", Config{Query: "SELECT 'NaN'::numeric AS w"}, "", `"NaN" is not a watermark of type numeric`},
		{"parameters", Config{Query: "SELECT * FROM t WHERE w > $1"}, "", `the query has parameters such as $1`},
		{"no table", Config{Query: "SELECT * FROM tt"}, "", `relation "tt" does not exist (SQLSTATE 42P01): check the table's name and the search_path`},
		{"no column of it", Config{Query: "SELECT v AS w FROM t"}, "", `(SQLSTATE 42703): check the names of the columns`},
		{"no permission", Config{DSN: reader, Query: "SELECT 1 AS w FROM secret"}, "", "grant the user SELECT on what the query reads"},
		{"no SQL", Config{Query: "SELEKT 1"}, "", "the query must be one SELECT"},
		{"two statements", Config{Query: "SELECT 1 AS w; SELECT 2"}, "", "the query must be one SELECT"},
		{"out of the parentheses", Config{Query: "SELECT 1 AS w) AS q; DROP TABLE t; SELECT * FROM (SELECT 1 AS w"}, "", "(SQLSTATE 42601)"},
		{"it writes", Config{Query: "SELECT nextval('s') AS w"}, "", "(SQLSTATE 25006): the query must only read"},
		{"it is slow", Config{Query: "SELECT pg_sleep(60)::text AS w", Timeout: 50 * time.Millisecond}, "", "took longer than 50ms: index the watermark"},
		{"it fails on a row", Config{Query: "SELECT 1 / (3 - n) AS w FROM generate_series(1, 3) AS n"}, "", "division by zero"},
		{"another type than before", Config{Query: "SELECT 1 AS w"}, "timestamptz 2022-03-01T00:00:00Z w", `is of the type timestamptz, the column "w" is now of the type integer: give no position to begin again`},
		{"no database", Config{DSN: strings.Replace(d.dsn, "dbname=postgres", "dbname=none", 1), Query: "SELECT 1 AS w"}, "", "check the name of the database"},
		{"no server", Config{DSN: "host=/nowhere dbname=x user=x", Query: "SELECT 1 AS w"}, "", "connect: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.c.Watermark = "w"; tt.c.DSN == "" {
				tt.c.DSN = d.dsn
			}
			b := &basket{}
			s := source(t, tt.c)
			runs(t, s, tt.position, b)
			eventually(t, "the status says what is wrong", func() error {
				st := s.Status()
				if st.Err == nil || !strings.Contains(st.Err.Error(), tt.want) || st.Up || st.Since.IsZero() || st.Position != tt.position {
					return fmt.Errorf("got %+v, want %s", st, tt.want)
				}
				return nil
			})
			if got := b.rows(); len(got) > 0 {
				t.Errorf("got %v, want no rows", got)
			}
		})
	}
}

// What is wrong is found mended without anybody's help.
func TestMended(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	b := &basket{}
	s := source(t, Config{DSN: d.dsn, Query: "SELECT * FROM later", Watermark: "w", Every: time.Millisecond})
	runs(t, s, "", b)
	eventually(t, "the table is missing", func() error {
		if s.Status().Err == nil {
			return errors.New("no error")
		}
		return nil
	})
	d.do("CREATE TABLE later (id int, w int)", "INSERT INTO later VALUES (1, 1), (2, NULL)")
	eventually(t, "a watermark is missing", func() error {
		if err := s.Status().Err; err == nil || !strings.Contains(err.Error(), "NULL") {
			return fmt.Errorf("got the error %w", err)
		}
		return nil
	})
	d.do("UPDATE later SET w = 2 WHERE w IS NULL")
	eventually(t, "the rows are there", func() error {
		if st := s.Status(); len(b.rows()) != 2 || !st.Up || st.Err != nil || st.Rows != 2 || st.Pages != 1 || st.Position != "integer 2 w" || st.LagKnown {
			return fmt.Errorf("got %v, %+v", b.rows(), st)
		}
		return nil
	})
}

// Within the overlap only what is new comes, however often it is looked.
func TestOverlap(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "CREATE TABLE t (id int, v text, w timestamptz)", "INSERT INTO t SELECT n, 'a', '2022-03-01 00:00+00'::timestamptz + n * interval '1 minute' FROM generate_series(0, 20) AS n")
	b := &basket{}
	s := source(t, Config{DSN: d.dsn, Query: "SELECT id, v, w FROM t", Watermark: "w", Page: 4})
	defer s.disconnect()
	looks(t, s, b)
	highest := b.last()
	steps := []struct {
		name, sql string
		want      []string
	}{
		{"nothing new", "SELECT 1", []string{}},
		{"a late one", "INSERT INTO t VALUES (100, 'late', '2022-03-01 00:15+00')", []string{`"id":100,"v":"late","w":"2022-03-01T00:15:00Z"`}},
		{"nothing new again", "SELECT 1", []string{}},
		{"one that is too late", "INSERT INTO t VALUES (101, 'lost', '2022-03-01 00:14:59+00')", []string{}},
		{"one of the highest", "INSERT INTO t VALUES (102, 'tie', '2022-03-01 00:20+00')", []string{`"id":102,"v":"tie","w":"2022-03-01T00:20:00Z"`}},
		{"changed without a new stamp", "UPDATE t SET v = 'b' WHERE id = 18", []string{`"id":18,"v":"b","w":"2022-03-01T00:18:00Z"`}},
		{"changed back", "UPDATE t SET v = 'a' WHERE id = 18", []string{`"id":18,"v":"a","w":"2022-03-01T00:18:00Z"`}},
		{"changed with a new stamp", "UPDATE t SET v = 'c', w = '2022-03-01 00:21+00' WHERE id = 3", []string{`"id":3,"v":"c","w":"2022-03-01T00:21:00Z"`}},
		{"changed on two pages", "UPDATE t SET v = 'd' WHERE id BETWEEN 15 AND 19 AND w >= '2022-03-01 00:16+00'", []string{
			`"id":16,"v":"d","w":"2022-03-01T00:16:00Z"`, `"id":17,"v":"d","w":"2022-03-01T00:17:00Z"`,
			`"id":18,"v":"d","w":"2022-03-01T00:18:00Z"`, `"id":19,"v":"d","w":"2022-03-01T00:19:00Z"`,
		}},
		{"deleted", "DELETE FROM t WHERE id = 20", []string{}},
		{"and written again", "INSERT INTO t VALUES (20, 'a', '2022-03-01 00:20+00')", []string{`"id":20,"v":"a","w":"2022-03-01T00:20:00Z"`}},
	}
	for _, step := range steps {
		d.do(step.sql)
		b.empty()
		looks(t, s, b)
		for _, p := range b.pages {
			if p.Position < highest {
				t.Errorf("%s: got the position %q, which was %q", step.name, p.Position, highest)
			}
			highest = p.Position
		}
		if diff := cmp.Diff(step.want, b.rows()); diff != "" {
			t.Errorf("%s: rows differ (-want +got):\n%s", step.name, diff)
		}
	}
	if got := len(s.seen.turns); got > 12 {
		t.Errorf("got %d rows in memory, want those of the overlap alone", got)
	}
}

// A row that was handed on in a look that failed later, and is then again what it
// was before, is handed on as that.
func TestChangedBack(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "CREATE TABLE t (id int, v text, w int)", "INSERT INTO t VALUES (1, 'a', 1)")
	b := &basket{}
	s := source(t, Config{DSN: d.dsn, Query: "TABLE t", Watermark: "w", Page: 1})
	defer s.disconnect()
	looks(t, s, b)
	d.do("UPDATE t SET v = 'b'", "INSERT INTO t VALUES (2, 'x', 2)")
	b.fail = func() error {
		if len(b.pages) == 2 {
			return errors.New("the store is full")
		}
		return nil
	}
	if _, err := s.look(t.Context(), b.take); err == nil {
		t.Fatal("got no error")
	}
	s.disconnect()
	b.fail = nil
	d.do("UPDATE t SET v = 'a' WHERE id = 1")
	looks(t, s, b)
	want := []string{`"id":1,"v":"a","w":1`, `"id":1,"v":"b","w":1`, `"id":1,"v":"a","w":1`, `"id":2,"v":"x","w":2`}
	if diff := cmp.Diff(want, b.rows()); diff != "" {
		t.Errorf("rows differ (-want +got):\n%s", diff)
	}
}

// Numbers of a sequence are committed in another order than they were taken.
func TestOverlapOfNumbers(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"int4", "int8", "numeric"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, "CREATE TABLE t (w "+kind+")", "INSERT INTO t SELECT n FROM generate_series(2000, 2100, 2) AS n")
			b := &basket{}
			s := source(t, Config{DSN: d.dsn, Query: "TABLE t", Watermark: "w", OverlapNumber: 50})
			defer s.disconnect()
			looks(t, s, b)
			b.empty()
			d.do("INSERT INTO t VALUES (2049), (2051)")
			looks(t, s, b)
			if diff := cmp.Diff([]string{`"w":2051`}, b.rows()); diff != "" {
				t.Errorf("rows within 50 numbers differ (-want +got):\n%s", diff)
			}
		})
	}
}

// A stamp in the future does not hide the rows that come before it, and a clock
// that is put back does not either.
func TestFuture(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"timestamptz", "timestamp", "date"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, "CREATE TABLE t (id int, w "+kind+")", "INSERT INTO t VALUES (1, '2099-01-01'), (2, 'infinity'), (3, '-infinity'), (4, '0044-03-15 BC')")
			b := &basket{}
			c := Config{DSN: d.dsn, Query: "SELECT id, w FROM t", Watermark: "w", Page: 1}
			s := source(t, c)
			looks(t, s, b)
			d.do("INSERT INTO t VALUES (5, now())")
			looks(t, s, b)
			looks(t, s, b)
			s.disconnect()
			d.do("INSERT INTO t VALUES (6, now())")
			s = resume(t, c, b.last())
			looks(t, s, b)
			s.disconnect()
			ids := map[float64]int{}
			for _, p := range b.pages {
				for _, row := range fields(t, p) {
					ids[row["id"].(float64)]++
				}
			}
			want := map[float64]int{1: 2, 2: 2, 3: 1, 4: 1, 5: 2, 6: 1} // those of the overlap come again after the restart
			if diff := cmp.Diff(want, ids); diff != "" {
				t.Errorf("rows differ (-want +got):\n%s", diff)
			}
			layout := map[string]string{"timestamptz": "2099-01-01T00:00:00Z", "timestamp": "2099-01-01T00:00:00", "date": "2099-01-01"}[kind]
			b.empty()
			s = resume(t, c, kind+" "+layout+" w")
			looks(t, s, b)
			s.disconnect()
			if len(b.rows()) != 4 {
				t.Errorf("from a position after now: got %v, want all rows since now", b.rows())
			}
		})
	}
}

// After an error of take the rows come again, and the position stays.
func TestTakeFails(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "CREATE TABLE t AS SELECT n AS w FROM generate_series(1, 10) AS n")
	n := 0
	b := &basket{}
	b.fail = func() error {
		if n++; n%3 != 0 {
			return errors.New("the store is full")
		}
		return nil
	}
	s := source(t, Config{DSN: d.dsn, Query: "TABLE t", Watermark: "w", Page: 4, Every: time.Millisecond, OverlapNumber: -1})
	s.backoff = backoff{least: time.Millisecond, most: time.Millisecond}
	stop := runs(t, s, "", b)
	eventually(t, "all is taken", func() error {
		if got := b.rows(); len(got) < 10 {
			return fmt.Errorf("got %v, %w", got, s.Status().Err)
		}
		return nil
	})
	stop()
	if diff := cmp.Diff([]int{4, 4, 2}, b.counts()); diff != "" {
		t.Errorf("pages differ (-want +got):\n%s", diff)
	}
	if n < 9 {
		t.Errorf("take was called %d times, want twice in vain for each page", n)
	}
}

// The pause after failures grows, and is short again after a success.
func TestBackoff(t *testing.T) {
	t.Parallel()
	s, err := New(Config{DSN: "host=/nowhere", Query: "SELECT 1 AS w", Watermark: "w", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var got []time.Duration
	for range 8 {
		got = append(got, s.turn(t.Context(), func(context.Context, Page) error { return nil }))
	}
	want := []time.Duration{1, 2, 4, 8, 16, 32, 60, 60}
	for i := range want {
		want[i] *= time.Second
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pauses differ (-want +got):\n%s", diff)
	}
	s.backoff.reset()
	if got := s.backoff.next(); got != time.Second {
		t.Errorf("got %v after a success, want 1s", got)
	}
}

// A look for nothing is followed by a rest as long as it took.
func TestRest(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	now := time.Date(2022, time.March, 1, 8, 0, 0, 0, time.UTC)
	step := time.Duration(0)
	clock := func() time.Time { now = now.Add(step); return now }
	b := &basket{}
	s := source(t, Config{DSN: d.dsn, Query: "SELECT 1 AS w", Watermark: "w", Every: time.Second, Now: clock})
	s.backoff.most = time.Minute
	defer s.disconnect()
	var got []time.Duration
	for _, step = range []time.Duration{0, 0, time.Second, time.Hour, -time.Hour} {
		got = append(got, s.turn(t.Context(), b.take))
	}
	if got[0] != time.Second || got[1] != time.Second || got[2] <= time.Second || got[2] > 10*time.Second || got[3] != time.Minute || got[4] != time.Second {
		t.Errorf("got the rests %v, want 1s, 1s, some seconds, 1m0s, 1s", got)
	}
}

// A take that is slow costs the transaction, by us or by the server, and no row.
func TestSlowTake(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, dsn string }{{"by us", ""}, {"by the server", " idle_in_transaction_session_timeout=20"}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t)
			b := &basket{}
			s := source(t, Config{DSN: d.dsn + tt.dsn, Query: "SELECT n, n / 7 AS w FROM generate_series(1, 20) AS n", Watermark: "w", Page: 5, Every: time.Millisecond})
			if tt.dsn == "" {
				s.slow = 0
			}
			b.fail = func() error {
				if tt.dsn != "" && len(b.pages) == 1 {
					time.Sleep(60 * time.Millisecond)
				}
				return nil
			}
			runs(t, s, "", b)
			eventually(t, "all is taken", func() error {
				if got := len(b.rows()); got < 20 {
					return fmt.Errorf("got %d rows, %w", got, s.Status().Err)
				}
				return nil
			})
			if got := b.rows(); len(got) != 20 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 20 {
				t.Errorf("got %d rows, want 20, each once", len(got))
			}
		})
	}
}

func TestHundredThousand(t *testing.T) {
	t.Parallel()
	const rows = 100_000
	d := newDatabase(t, "CREATE TABLE t AS SELECT n AS id, 'F' || n % 997 AS feeder, n % 1000 AS customers, '2022-03-01+00'::timestamptz + (n / 13) * interval '1 second' AS w FROM generate_series(1, "+strconv.Itoa(rows)+") AS n",
		"CREATE INDEX ON t (w)")
	met := make([]bool, rows+1)
	count := 0
	take := func(_ context.Context, p Page) error {
		if p.Count > DefaultPage {
			t.Errorf("got a page of %d rows, want at most %d", p.Count, DefaultPage)
		}
		for _, row := range fields(t, p) {
			met[int(row["id"].(float64))] = true
		}
		count += p.Count
		return nil
	}
	s := source(t, Config{DSN: d.dsn, Query: "SELECT * FROM t", Watermark: "w"})
	defer s.disconnect()
	if _, err := s.look(t.Context(), take); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(met[1:], false) || count != rows {
		t.Errorf("got %d rows, want each of %d once", count, rows)
	}
	if got := len(s.seen.turns); got > 301*13 {
		t.Errorf("got %d rows in memory, want those of 5 minutes", got)
	}
}

// Wide rows make short pages.
func TestWideRows(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	b := &basket{}
	s := source(t, Config{DSN: d.dsn, Query: "SELECT n AS w, repeat('x', 1 << 15) AS wide FROM generate_series(1, 1200) AS n", Watermark: "w"})
	defer s.disconnect()
	looks(t, s, b)
	if got := len(b.rows()); got != 1200 {
		t.Errorf("got %d rows, want 1200", got)
	}
	for i, p := range b.pages {
		if len(p.Rows) > pageBytes+pageBytes/4 {
			t.Errorf("page %d: got %d bytes, want about %d", i+1, len(p.Rows), pageBytes)
		}
	}
}

// The index of the watermark serves the query as it is put around.
func TestIndexIsUsed(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "CREATE TABLE t AS SELECT n AS id, '2022-03-01+00'::timestamptz + n * interval '1 second' AS w FROM generate_series(1, 50000) AS n",
		"CREATE INDEX by_time ON t (w)", "ANALYZE t")
	c := Config{DSN: d.dsn, Query: "SELECT id, w FROM t WHERE id > 0 -- a comment", Watermark: "w"}.filled()
	on(t, d.conn, "BEGIN")
	shape, err := describe(t.Context(), d.conn, c)
	if err != nil {
		t.Fatal(err)
	}
	declare := strings.NewReplacer("$1", "'2022-03-01T13:00:00Z'", "$2", "'2022-03-01T13:05:00Z'").Replace(shape.cursor(true))
	for name, sql := range map[string]string{"cursor": declare, "survey": shape.survey()} {
		if plan := strings.Join(query(t, d.conn, "EXPLAIN "+sql), "\n"); !strings.Contains(plan, "by_time") || strings.Contains(plan, "Sort") || strings.Contains(plan, "Seq Scan") {
			t.Errorf("%s: the index is not used:\n%s", name, plan)
		}
	}
}
