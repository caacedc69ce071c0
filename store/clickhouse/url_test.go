package clickhouse

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseURL(t *testing.T) {
	t.Parallel()
	plain := address{hosts: []string{"ch:9000"}, user: "default", database: "default", timeout: defaultTimeout}
	with := func(change func(*address)) address {
		a := plain
		change(&a)
		return a
	}
	tests := []struct {
		url  string
		want address
		err  string // part of it
	}{
		{"clickhouse://ch", plain, ""},
		{"clickhouse://ch:9000/", plain, ""},
		{"clickhouse://u:p%40ss%3A@ch/saidi", with(func(a *address) { a.user, a.password, a.database = "u", "p@ss:", "saidi" }), ""},
		{"clickhouse://u:p@ss@ch/saidi", with(func(a *address) { a.user, a.password, a.database = "u", "p@ss", "saidi" }), ""},
		{"clickhouse://ch:9001,other:9002,[::1]:9003/", with(func(a *address) { a.hosts = []string{"ch:9001", "other:9002", "[::1]:9003"} }), ""},
		{"clickhouse://ch?secure=true", with(func(a *address) { a.secure, a.hosts = true, []string{"ch:9440"} }), ""},
		{"clickhouse://ch?cluster=two&timeout=3s", with(func(a *address) { a.cluster, a.timeout = "two", 3*time.Second }), ""},
		{"http://ch", plain, "clickhouse://user:password@host:9000/database"},
		{"clickhouse://", plain, "is not host:port"},
		{"clickhouse://ch:port", plain, "is not host:port"},
		{"clickhouse://::1", plain, "is not host:port"},
		{"clickhouse://u@ch/my-base", plain, `the database "my-base"`},
		{"clickhouse://u@ch/a/b", plain, `the database cannot be named so`},
		{"clickhouse://u@ch:port", plain, `the host "ch:port"`},
		{"ClickHouse://ch", plain, ""},
		{"clickhouse://ch?cluster=a;b", plain, "parameters"},
		{"clickhouse://ch?cluster=a'b", plain, "the cluster of"},
		{"clickhouse://ch?secure=perhaps", plain, "true or false"},
		{"clickhouse://ch?timeout=-1s", plain, "a duration"},
		{"clickhouse://ch?passwort=secret", plain, "knows no parameter"},
		{"clickhouse://u:se%cret@ch", plain, "begins no code"},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			t.Parallel()
			got, err := parseURL(tt.url)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), "se%cret") || strings.Contains(err.Error(), "=secret") {
					t.Errorf("error %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got, cmp.AllowUnexported(address{})); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestRedacted(t *testing.T) {
	t.Parallel()
	tests := []struct{ url, want string }{
		{"data/store", "data/store"},
		{"clickhouse://ch/saidi?cluster=two", "clickhouse://ch/saidi?cluster=two"},
		{"clickhouse://u@ch/saidi", "clickhouse://xxxxx@ch/saidi"},
		{"clickhouse://u:secret@ch/saidi?cluster=two", "clickhouse://u:xxxxx@ch/saidi?cluster=two"},
		{"clickhouse://u:se@cr:et@ch,other/saidi", "clickhouse://u:xxxxx@ch,other/saidi"},
		{"clickhouse://u:se?cret@ch/saidi", "clickhouse://u:xxxxx@ch/saidi"},
		{"ClickHouse://u:se/cret@ch/saidi", "clickhouse://u:xxxxx@ch/saidi"},
		{"clickhouse://u:secret/saidi", "clickhouse://u:xxxxx"},
		{"clickhouse://secret?more@ch", "clickhouse://xxxxx@ch"},
		{"clickhouse://ch?cluster=two;password=secret&secret", "clickhouse://ch?cluster=xxxxx&xxxxx"},
		{"clickhouse://ch/saidi?user=u&password=secret&cluster=two", "clickhouse://ch/saidi?user=xxxxx&password=xxxxx&cluster=two"},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			t.Parallel()
			if got := Redacted(tt.url); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// The password is in no error, wherever the opening fails.
func TestPasswordInNoError(t *testing.T) {
	t.Parallel()
	c := shared(t)
	good := c.URL("secret")
	const secret = "tell-nobody"
	wrong := strings.Replace(good, "not-so-secret", secret, 1)
	for _, url := range []string{
		wrong, // refused by the server
		"clickhouse://u:" + secret + "@127.0.0.1:1/x?timeout=100ms", // nobody there
		wrong + "&timeout=soon", "clickhouse://u:" + secret + "%zz@ch", "clickhouse://u:" + secret + "@ch:none",
	} {
		_, err := Open(context.Background(), url, Options{Now: clock()})
		if err == nil {
			t.Errorf("%s is opened", url)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("the password is in %v", err)
		}
	}
}
