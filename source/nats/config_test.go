package nats

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNewInvalid(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no server", func(c *Config) { c.URLs = nil }, "nats: no server is named"},
		{"no scheme", func(c *Config) { c.URLs = []string{"nats://a:4222", "b:4222"} }, "nats: server 2 is no address such as nats://host:4222"},
		{"a bad password", func(c *Config) { c.URLs = []string{"nats://u:%zz@a:4222"} }, "nats: server 1 is no address such as nats://host:4222"},
		{"no stream", func(c *Config) { c.Stream = "" }, `nats: stream "" is no name: want one without spaces, dots, wildcards and slashes`},
		{"a dot", func(c *Config) { c.Durable = "sai.di" }, `nats: consumer "sai.di" is no name: want one without spaces, dots, wildcards and slashes`},
		{"an empty word", func(c *Config) { c.Subjects = []string{"outage..x"} }, `nats: subject "outage..x" is none: want words joined by dots`},
		{"no subject", func(c *Config) { c.Subjects = []string{""} }, `nats: subject "" is none: want words joined by dots`},
		{"a wildcard within", func(c *Config) { c.Subjects = []string{"outage.>.x"} }, `nats: subject "outage.>.x" is none: want words joined by dots`},
		{"two proofs", func(c *Config) { c.Credentials, c.TokenFile = "a", "b" }, "nats: credentials and a token exclude each other"},
		{"no key", func(c *Config) { c.Cert = "a" }, "nats: a certificate needs a key, and a key a certificate"},
		{"a batch below nothing", func(c *Config) { c.Batch = -1 }, "nats: batch of -1 messages: want 1 to 10000"},
		{"a long wait", func(c *Config) { c.Wait = time.Minute }, "nats: wait of 1m0s: want 10ms to 5s"},
		{"a short acknowledgement wait", func(c *Config) { c.AckWait = time.Millisecond }, "nats: acknowledgement wait of 1ms: want at least 1s"},
		{"no clock", func(c *Config) { c.Now = nil }, "nats: the clock is missing"},
		{"two mistakes", func(c *Config) { c.URLs, c.Now = nil, nil }, "nats: no server is named\nthe clock is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := Config{URLs: []string{"nats://a:4222"}, Stream: "OUTAGES", Durable: "saidi", Now: time.Now}
			if _, err := New(c); err != nil {
				t.Fatal(err)
			}
			tt.change(&c)
			_, err := New(c)
			if err == nil {
				t.Fatal("there is no error")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("error differs (-want +got):\n%s", diff)
			}
		})
	}
}

// Pauses double from the shortest to the longest, and begin again after a reset.
func TestBackOff(t *testing.T) {
	t.Parallel()
	var b backOff
	var got []time.Duration
	for range 10 {
		got = append(got, b.grow())
	}
	ms := time.Millisecond
	want := []time.Duration{200 * ms, 400 * ms, 800 * ms, 1600 * ms, 3200 * ms, 6400 * ms, 12800 * ms, 25600 * ms, 30000 * ms, 30000 * ms}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pauses differ (-want +got):\n%s", diff)
	}
	b.reset()
	if got := b.grow(); got != shortestPause {
		t.Errorf("the first pause after a reset is %v, want %v", got, shortestPause)
	}
}

func TestPause(t *testing.T) {
	t.Parallel()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	start := time.Now()
	pause(time.Hour, t.Context(), over)
	pause(time.Millisecond, t.Context())
	if took := time.Since(start); took > time.Minute {
		t.Errorf("the pauses took %v", took)
	}
}

// A consumer that is made of a configuration never differs from it.
func TestDifferencesNone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := Config{
			Durable:  "saidi",
			Subjects: rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b.c", "b.*", "d.>", ">"}), 0, 4).Draw(t, "subjects"),
			Batch:    rapid.IntRange(1, 10_000).Draw(t, "batch"),
			AckWait:  time.Second,
		}
		if list := c.differences(c.consumer()); list != nil {
			t.Errorf("differences of %v: %v", c.Subjects, list)
		}
	})
}
