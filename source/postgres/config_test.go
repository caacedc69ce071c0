package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	empty, full := filepath.Join(dir, "empty"), filepath.Join(dir, "full")
	for path, text := range map[string]string{empty: "\n", full: "postgres://reader:geheim@db.example/outages\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := func(change func(*Config)) Config {
		c := Config{DSN: "postgres://reader:geheim@db.example/outages", Query: "SELECT 1 AS w", Watermark: "w", Now: time.Now}
		change(&c)
		return c
	}
	tests := []struct {
		name string
		c    Config
		want string // empty: it is taken
	}{
		{"a url", good(func(*Config) {}), ""},
		{"keywords", good(func(c *Config) { c.DSN = "host=db.example dbname=outages" }), ""},
		{"a file", good(func(c *Config) { c.DSN, c.DSNFile = "", full }), ""},
		{"no dsn", good(func(c *Config) { c.DSN = "" }), "no dsn and no file with one: say where the server is"},
		{"both", good(func(c *Config) { c.DSNFile = full }), "a dsn and a file with one: give one of them"},
		{"no file", good(func(c *Config) { c.DSN, c.DSNFile = "", dir+"/none" }), "read the dsn: open " + dir + "/none: no such file or directory"},
		{"an empty file", good(func(c *Config) { c.DSN, c.DSNFile = "", empty }), "read the dsn: " + empty + " is empty"},
		{"no password file", good(func(c *Config) { c.PasswordFile = dir + "/none" }), "read the password: open " + dir + "/none: no such file or directory"},
		{"a url that is none", good(func(c *Config) { c.DSN = "postgres://reader:geh%zzeim@db.example:x/outages" }), errDSN.Error()},
		{"a sslmode that is none", good(func(c *Config) { c.DSN += "?sslmode=geheim" }), errDSN.Error()},
		{"a password with blanks", good(func(c *Config) { c.DSN = "host=x password=geheim geheim" }), errDSN.Error()},
		{"no query", good(func(c *Config) { c.Query = " ;\n" }), "no query"},
		{"a NUL", good(func(c *Config) { c.Query += "\x00" }), "a NUL in the query or in the name of the watermark"},
		{"no watermark", good(func(c *Config) { c.Watermark = "" }), "no watermark: name the column of the result that grows whenever a row is written"},
		{"no clock", good(func(c *Config) { c.Now = nil }), "no clock"},
		{"too often", good(func(c *Config) { c.Every = time.Microsecond }), "every 1µs: at least 1ms"},
		{"no time", good(func(c *Config) { c.Timeout = -time.Second }), "timeout -1s: at least 1ms, at most 24 days"},
		{"too much time", good(func(c *Config) { c.Timeout = 1000 * time.Hour }), "timeout 1000h0m0s: at least 1ms, at most 24 days"},
		{"no rows", good(func(c *Config) { c.Page = -1 }), "page of -1 rows: at least 1"},
		{"no zone", good(func(c *Config) { c.Zone = "Asia/Xining" }), "zone: unknown time zone Asia/Xining"},
		{"the machine's zone", good(func(c *Config) { c.Zone = "Local" }), `zone "Local": name the zone, such as Asia/Shanghai`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if _, err := New(tt.c); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("errors differ (-want +got):\n%s", diff)
			}
			if strings.Contains(got, "geheim") {
				t.Errorf("got %s, which tells the password", got)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	got := Config{Query: "SELECT 1;\n"}.filled()
	want := Config{Query: "SELECT 1", Every: time.Second, Timeout: 30 * time.Second, Page: 10_000, Overlap: 5 * time.Minute, OverlapNumber: 1000}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("defaults differ (-want +got):\n%s", diff)
	}
	none := Config{Overlap: -1, OverlapNumber: -1}.filled()
	if none.Overlap != 0 || none.OverlapNumber != 0 {
		t.Errorf("got the overlaps %v and %d, want none", none.Overlap, none.OverlapNumber)
	}
}

// The lag is told by the clock of the configuration, and grows by it.
func TestLag(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	now := time.Date(2022, time.March, 1, 8, 0, 0, 0, time.UTC) // wherever the server's clock stands
	for kind, tolerance := range map[string]time.Duration{"timestamptz": time.Minute, "timestamp": time.Minute, "date": 24*time.Hour + time.Minute} {
		at := now
		s := source(t, Config{DSN: d.dsn, Zone: "Asia/Shanghai", Query: "SELECT (now() - interval '3 days')::" + kind + " AS w", Watermark: "w", Now: func() time.Time { return at }})
		if s.Status().LagKnown {
			t.Errorf("%s: got a lag before the first look", kind)
		}
		looks(t, s, &basket{})
		s.disconnect()
		at = at.Add(time.Hour)
		st := s.Status()
		if off := st.Lag - 73*time.Hour; !st.LagKnown || off.Abs() > tolerance {
			t.Errorf("%s: got a lag of %v, want 73h", kind, st.Lag)
		}
		if !st.LastSuccess.Equal(now) {
			t.Errorf("%s: got %v as the last success, want %v", kind, st.LastSuccess, now)
		}
	}
}
