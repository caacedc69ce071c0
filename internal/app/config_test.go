package app

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/source/nats"
	"github.com/saidi-exporter/saidi/source/postgres"
)

const configs = "testdata/config"

// invalid lists the fixtures, each a configuration that must not load.
func invalid(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(configs + "/invalid-*.yml")
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// wanted reads what a fixture says must be reported: its first lines,
// "# want: LINE: text", or "# want policy: LINE: text" of a mistake in the policy
// file that it names, one for every line of the error.
func wanted(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(data)) {
		switch line = strings.TrimSuffix(line, "\n"); {
		case strings.HasPrefix(line, "# want: "):
			want = append(want, path+":"+strings.TrimPrefix(line, "# want: "))
		case strings.HasPrefix(line, "# want policy: "):
			want = append(want, configs+"/policies/"+strings.TrimPrefix(line, "# want policy: "))
		case strings.HasPrefix(line, "# want without a line: "):
			want = append(want, strings.TrimPrefix(line, "# want without a line: "))
		default:
			return want
		}
	}
	return want
}

// Every mistake is told with its file and line, all of a file at once in the order
// of their lines, those of the policy behind, and no file with a mistake loads.
func TestInvalidConfigs(t *testing.T) {
	t.Parallel()
	for _, path := range invalid(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yml"), func(t *testing.T) {
			t.Parallel()
			want := wanted(t, path)
			if len(want) == 0 {
				t.Error("the fixture says nothing of what it wants")
			}
			c, err := LoadConfig(path)
			if err == nil || c != nil {
				t.Fatalf("got %+v with the error %v, want no configuration and the error\n%s", c, err, strings.Join(want, "\n"))
			}
			if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("error differs (-want +got):\n%s", diff)
			}
		})
	}
}

// Together the fixtures hold a mistake about every key.
func TestInvalidConfigsReachEveryKey(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, path := range invalid(t) {
		all.WriteString(strings.Join(wanted(t, path), "\n") + "\n")
	}
	for _, key := range []string{
		"policy", "base", "mapping", "ledger", "sources", "refresh", "rescan", "quiet", "timeout", "stale_after", "data_age_limit",
		"customers_out_limit", "worst", "name", "files", "covers", "from", "to", "each_covers", "areas",
		"store", "tokens", "file", "access", "writers", "push", "body_mib", "at_once", "per_second", "heartbeat",
		"nats", "url", "stream", "durable", "subjects", "credentials", "token_file", "ca", "cert", "key", "batch",
		"postgres", "dsn", "dsn_file", "password_file", "zone", "query", "watermark", "every", "page", "overlap", "overlap_number",
	} {
		if !regexp.MustCompile(`\d: .*\b` + key + `\b`).MatchString(all.String()) {
			t.Errorf("no fixture has a mistake about the key %q", key)
		}
	}
}

func TestConfigWithEverything(t *testing.T) {
	t.Parallel()
	got, err := LoadConfig(configs + "/everything.yml")
	if err != nil {
		t.Fatal(err)
	}
	day := func(y int, m time.Month, d int) int64 { return period.DayOfDate(y, m, d).Start(policy.Qinghai().Zone) }
	want := &Config{
		Policy: configs + "/policies/small.yaml", Base: []string{configs + "/base/*.csv", "/srv/base.csv"},
		Mapping: configs + "/mapping.yaml", Ledger: "testdata/ledger.yaml",
		Sources: []SourceConfig{
			{
				Name: "调度", Files: []string{configs + "/events"}, Mapping: "/srv/mapping.yaml",
				Covers: period.Period{From: day(2022, time.January, 1), To: day(2022, time.July, 1)}, Areas: []outage.Area{"xining", "haixi"},
			},
			{Name: "daily", Files: []string{configs + "/daily/*.csv", configs + "/a b.csv"}, EachCovers: 25 * time.Hour},
		},
		Refresh: time.Second, Rescan: 24 * time.Hour, Quiet: 0, Timeout: time.Hour,
		StaleAfter: 36 * time.Hour, DataAgeLimit: 48 * time.Hour, OutLimit: policy.Fraction{Num: 1, Den: 40}, Worst: 1000,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
}

func TestConfigWithEverythingOfAStore(t *testing.T) {
	t.Parallel()
	got, err := LoadConfig(configs + "/everything-store.yml")
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultConfig()
	want.Base, want.Store, want.Writers = []string{configs + "/base.csv"}, configs+"/data", []string{"operator", "night shift"}
	want.Tokens = []TokenConfig{
		{Name: "scada", File: configs + "/scada.token", Write: true, Sources: []string{"scada"}},
		{Name: "eyes", File: "/run/secrets/eyes"},
	}
	want.Push = PushLimits{Body: 64 << 20, AtOnce: 4, Rate: 20}
	want.Sources = []SourceConfig{
		{Name: "oms", Files: []string{configs + "/events"}},
		{Name: "scada", Push: true, Mapping: configs + "/scada.yaml"},
		{
			Name: "stream", Heartbeat: 15 * time.Minute, Areas: []outage.Area{"xining"},
			NATS: &nats.Config{
				URLs: []string{"nats://a:4222", "tls://b:4222"}, Stream: "OUTAGES", Durable: "saidi", Subjects: []string{"outages.xining", "outages.haixi.>"},
				Credentials: configs + "/saidi.creds", CA: configs + "/ca.pem", Cert: configs + "/cert.pem", Key: "/etc/key.pem",
				Batch: 100,
			},
		},
		{
			Name: "table", Heartbeat: 24 * time.Hour,
			Postgres: &postgres.Config{
				DSNFile: configs + "/table.dsn", PasswordFile: configs + "/table.password", Zone: "Asia/Shanghai",
				Query: "SELECT id AS event_id\nFROM outages", Watermark: "changed_at", Every: 10 * time.Second, Timeout: time.Minute,
				Page: 500, Overlap: 10 * time.Minute, OverlapNumber: 50,
			},
		},
		{Name: "other table", Postgres: &postgres.Config{DSN: "host=db user=saidi", Query: "SELECT 1", Watermark: "n"}},
		{Name: "other stream", NATS: &nats.Config{URLs: []string{"nats://a:4222"}, Stream: "OUTAGES", Durable: "other", TokenFile: configs + "/saidi.token"}},
	}
	same := cmp.Options{cmpopts.IgnoreUnexported(nats.Config{}), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(&want, got, same); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
	rules := &rules{config: got, policy: policy.Qinghai()}
	for _, s := range got.Sources[2:] { // what loads can be run, too
		if _, err := newLive(s, rules, nil, nil, time.Now); err != nil && !strings.Contains(err.Error(), "no such file") {
			t.Error(err)
		}
	}
}

// The shipped example loads with all its commented keys, too, which are about
// every key that there is.
func TestConfigExampleWithEveryKey(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../examples/serve/saidi.yml")
	if err != nil {
		t.Fatal(err)
	}
	commented := regexp.MustCompile(`(?m)^( *)# ((?:- )?(?: *)(?:- )?(?:\{|[a-z_]+:).*)$`)
	text := commented.ReplaceAllString(string(data), "$1$2")
	text = regexp.MustCompile(`(?m)^policy:.*$`).ReplaceAllString(text, "") // it names a file that is not shipped
	got, err := ParseConfig("/etc/saidi.yml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if got.Store == "" || got.Ledger == "" || got.Mapping == "" || len(got.Tokens) != 2 || len(got.Writers) != 1 || got.Push == (PushLimits{}) {
		t.Errorf("a key is still out of force: %+v", got)
	}
	var kinds []string
	for _, s := range got.Sources {
		switch {
		case s.Push:
			kinds = append(kinds, fromPush)
		case s.NATS != nil && s.Heartbeat > 0:
			kinds = append(kinds, fromNATS)
		case s.Postgres != nil:
			kinds = append(kinds, fromPostgres)
		case s.EachCovers > 0 && s.Covers.Seconds() > 0 && len(s.Areas) > 0 && s.Mapping != "":
			kinds = append(kinds, fromFiles)
		}
	}
	if want := []string{fromFiles, fromPush, fromNATS, fromPostgres}; !slices.Equal(kinds, want) {
		t.Errorf("sources of the kinds %q, want %q with all their keys", kinds, want)
	}
	for _, key := range strings.Fields("policy mapping ledger store each_covers covers areas heartbeat nats url stream durable subjects credentials token_file ca cert key batch postgres dsn dsn_file password_file zone query watermark every timeout page overlap overlap_number tokens writers body_mib at_once per_second") {
		if !regexp.MustCompile(`\b` + key + `\b`).Match(data) {
			t.Errorf("the example does not name the key %q", key)
		}
	}
}

// The shipped example says what the defaults are.
func TestConfigExample(t *testing.T) {
	t.Parallel()
	got, err := LoadConfig("../../examples/serve/saidi.yml")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Base) == 0 || len(got.Sources) == 0 {
		t.Error("the example follows nothing")
	}
	want := DefaultConfig()
	want.Base, want.Sources = got.Base, got.Sources
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("defaults differ (-want +got):\n%s", diff)
	}
}

// What a file does not say is as the default has it, and one file may stand where
// a list may.
func TestConfigWithLittle(t *testing.T) {
	t.Parallel()
	got, err := ParseConfig("/etc/saidi/saidi.yml", []byte("base: customers.csv\nsources: [{name: events, files: ../data}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultConfig()
	want.Base, want.Sources = []string{"/etc/saidi/customers.csv"}, []SourceConfig{{Name: "events", Files: []string{"/etc/data"}}}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
	p, err := got.LoadPolicy()
	if err != nil || p.ID != policy.Qinghai().ID {
		t.Errorf("got the policy %v, %v, want that of Qinghai", p, err)
	}
}

func TestConfigThatIsNotThere(t *testing.T) {
	t.Parallel()
	if _, err := LoadConfig(configs + "/none.yml"); err == nil || err.Error() != "read configuration: open testdata/config/none.yml: no such file or directory" {
		t.Errorf("got %v", err)
	}
	if _, err := ParseConfig("c.yml", nil); err == nil || err.Error() != "c.yml:1: the file is empty" {
		t.Errorf("got %v of no bytes at all", err)
	}
}

// Whatever the bytes, ParseConfig gives a configuration or an error, and never
// both.
func FuzzParseConfig(f *testing.F) {
	for _, name := range []string{"everything.yml", "invalid-several.yml", "invalid-covers-text.yml"} {
		data, err := os.ReadFile(filepath.Join(configs, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("sources: &a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := ParseConfig("c.yml", data); (c == nil) == (err == nil) {
			t.Fatalf("got %v with the error %v", c, err)
		}
	})
}

func TestShort(t *testing.T) {
	t.Parallel()
	for length, want := range map[time.Duration]string{0: "0s", 90 * time.Second: "90s", time.Minute: "1m", 36 * time.Hour: "36h", 48 * time.Hour: "2d"} {
		if got := short(length); got != want {
			t.Errorf("%v: got %s, want %s", length, got, want)
		}
	}
}
