package nats

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A server that goes away and comes back loses nothing. At the first start of the
// source it is away, too.
func TestRestart(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		h := serve("")
		p := h.publisher(t)
		p.stream()
		p.publish("outage.xining", 0, 100)
		h.stop(t)
		d := &desk{}
		c := config(h)
		c.Batch, c.AckWait = 50, time.Second
		s, _ := follow(t, c, d)
		says(t, s, "connect to nats://127.0.0.1:")
		h.start(t)
		eventually(t, "the first are taken", func() bool { return len(d.messages()) >= 100 })
		up(t, s)
		h.stop(t)
		says(t, s, "connect to nats://127.0.0.1:")
		if s.Status().Connected {
			t.Error("there is a connection to a server that is away")
		}
		h.start(t)
		eventually(t, "the publisher is back", p.conn.IsConnected)
		p.publish("outage.xining", 100, 200)
		eventually(t, "the others are taken", func() bool { return len(distinct(d.numbers())) == 200 })
		up(t, s)
		eventually(t, "all are acknowledged", func() bool { info := p.info(); return info.AckFloor.Stream == 200 && info.NumAckPending == 0 })
	})
}

// A batch that is in hand while the server restarts is taken again: its
// acknowledgement is lost and counted. (A server that was killed may have
// forgotten that it had sent a message, and then does not say that it does again.)
func TestRestartInHand(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		h := serve("")
		p := h.publisher(t)
		p.stream()
		p.publish("outage.xining", 0, 10)
		begun, goOn := make(chan struct{}), make(chan struct{})
		begin := sync.OnceFunc(func() { close(begun) })
		d := &desk{allow: func(context.Context, []Message) error {
			begin()
			<-goOn
			return nil
		}}
		c := config(h)
		c.AckWait = time.Second
		s, _ := follow(t, c, d)
		<-begun
		h.stop(t)
		close(goOn)
		says(t, s, "connect")
		h.start(t)
		eventually(t, "the acknowledgement is made up for", func() bool { return s.Status().Acked >= 10 })
		if got := s.Status().AckErrors; got != 10 {
			t.Errorf("%d acknowledgements were lost, want 10", got)
		}
		if got := len(d.numbers()); got < 20 {
			t.Errorf("%d messages were taken, want 10 at least twice", got)
		}
		if diff := cmp.Diff(until(10), distinct(d.numbers())); diff != "" {
			t.Errorf("messages differ (-want +got):\n%s", diff)
		}
	})
}

// A consumer that somebody deletes is made again, and gives all messages again.
func TestConsumerDeleted(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		h := serve("")
		p := h.publisher(t)
		p.stream()
		p.publish("outage.xining", 0, 10)
		d := &desk{}
		s, _ := follow(t, config(h), d)
		eventually(t, "the first are taken", func() bool { return s.Status().Acked == 10 })
		if err := p.js.DeleteConsumer(t.Context(), "OUTAGES", "saidi"); err != nil {
			t.Fatal(err)
		}
		p.publish("outage.xining", 10, 20)
		eventually(t, "all are taken again", func() bool { return s.Status().Acked == 30 })
		if diff := cmp.Diff(append(until(10), until(20)...), d.numbers()); diff != "" {
			t.Errorf("messages differ (-want +got):\n%s", diff)
		}
		up(t, s)
	})
}

// A stream that is not there yet is waited for.
func TestStreamMissing(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		h := serve("")
		d := &desk{}
		s, _ := follow(t, config(h), d)
		says(t, s, "stream OUTAGES is not there")
		p := h.publisher(t)
		p.stream()
		p.publish("outage.xining", 0, 1)
		eventually(t, "the message is taken", func() bool { return s.Status().Acked == 1 })
	})
}

// A server without JetStream is said to be one.
func TestNoJetStream(t *testing.T) {
	t.Parallel()
	h := serve(t, "", "jetstream: disabled")
	s, _ := follow(t, config(h), &desk{})
	says(t, s, "the account has no JetStream")
}

// A consumer that would lose messages is refused until it is put right.
func TestConsumerDiffers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		is   jetstream.ConsumerConfig
		want string
	}{
		{"no acknowledgement", jetstream.ConsumerConfig{AckPolicy: jetstream.AckNonePolicy}, "the acknowledgement policy is AckNone, want AckExplicit"},
		{"new ones only", jetstream.ConsumerConfig{DeliverPolicy: jetstream.DeliverNewPolicy}, "the delivery policy is new, want all"},
		{"a few deliveries", jetstream.ConsumerConfig{MaxDeliver: 5}, "the number of deliveries is 5, want no limit"},
		{"headers", jetstream.ConsumerConfig{HeadersOnly: true}, "what it sends is headers only, want whole messages"},
		{"other subjects", jetstream.ConsumerConfig{FilterSubject: "outage.haixi"}, "the list of subjects is [outage.haixi], want [>]"},
	}
	h := serve(t, "", "")
	p := h.publisher(t)
	p.stream()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.is.Durable = strings.ReplaceAll(tt.name, " ", "-")
			if _, err := p.js.CreateConsumer(t.Context(), "OUTAGES", tt.is); err != nil {
				t.Fatal(err)
			}
			c := config(h)
			c.Durable = tt.is.Durable
			s, _ := follow(t, c, &desk{})
			says(t, s, "consumer "+c.Durable+" is not the one that is configured: "+tt.want+"; delete it or name another")
			if err := p.js.DeleteConsumer(t.Context(), "OUTAGES", c.Durable); err != nil {
				t.Fatal(err)
			}
			up(t, s)
		})
	}
}

// A consumer that differs in how it waits and how much it sends is used.
func TestConsumerMayDiffer(t *testing.T) {
	t.Parallel()
	h := serve(t, "", "")
	p := h.publisher(t)
	p.stream()
	p.publish("outage.xining", 0, 10)
	is := jetstream.ConsumerConfig{Durable: "saidi", FilterSubject: "outage.>", AckWait: 5 * time.Second, MaxAckPending: 3}
	if _, err := p.js.CreateConsumer(t.Context(), "OUTAGES", is); err != nil {
		t.Fatal(err)
	}
	c := config(h)
	c.Subjects = []string{"outage.>"}
	d := &desk{}
	s, _ := follow(t, c, d)
	eventually(t, "all are taken", func() bool { return s.Status().Acked == 10 })
	if diff := cmp.Diff(until(10), d.numbers()); diff != "" {
		t.Errorf("messages differ (-want +got):\n%s", diff)
	}
}

// A token is read again at every connect, so that it can be changed.
func TestToken(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		h := serve(`authorization { token: "right" }`)
		p := h.publisher(t, client.Token("right"))
		p.stream()
		c := config(h)
		c.TokenFile = filepath.Join(t.TempDir(), "token")
		s, _ := follow(t, c, &desk{})
		says(t, s, "token: open ")
		for _, step := range []struct{ token, want string }{{" \n", "is empty"}, {"wrong", "Authorization Violation"}} {
			if err := os.WriteFile(c.TokenFile, []byte(step.token), 0o600); err != nil {
				t.Fatal(err)
			}
			says(t, s, step.want)
		}
		if text := s.Status().Err.Error(); strings.Contains(text, "wrong") {
			t.Errorf("the error gives the token away: %s", text)
		}
		if err := os.WriteFile(c.TokenFile, []byte("right\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		up(t, s)
	})
}

// A right that is missing is said in the server's words, at once, and nothing is
// done again and again.
func TestRights(t *testing.T) {
	t.Parallel()
	const rights = `authorization { users: [
		{user: all, password: p},
		{user: noapi, password: p, permissions: {publish: "other", subscribe: ">"}},
		{user: nonext, password: p, permissions: {publish: {deny: "$JS.API.CONSUMER.MSG.NEXT.>"}, subscribe: ">"}},
		{user: noinbox, password: p, permissions: {publish: ">", subscribe: "other"}},
		{user: noack, password: p, permissions: {publish: {deny: "$JS.ACK.>"}, subscribe: ">"}},
	]}`
	tests := []struct{ user, want string }{
		{"noapi", `consumer noapi: nats: permissions violation: Permissions Violation for Publish to "$JS.API.CONSUMER.INFO.OUTAGES.noapi"`},
		{"nonext", `fetch: nats: permissions violation: Permissions Violation for Publish to "$JS.API.CONSUMER.MSG.NEXT.OUTAGES.nonext"`},
		{"noinbox", `consumer noinbox: nats: permissions violation: Permissions Violation for Subscription to "_INBOX.`},
		{"noack", `acknowledge: nats: permissions violation: Permissions Violation for Publish to "$JS.ACK.OUTAGES.noack.`},
	}
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		h := serve(rights)
		p := h.publisher(t, client.UserInfo("all", "p"))
		p.stream()
		p.publish("outage.xining", 0, 10)
		for _, tt := range tests {
			t.Run(tt.user, func(t *testing.T) {
				c := config(h)
				c.URLs, c.Durable = []string{h.url(tt.user + ":p@")}, tt.user
				c.AckWait = time.Second
				s, stop := follow(t, c, &desk{})
				says(t, s, tt.want)
				stop()
				if got := s.Status(); got.Acked != 0 || got.Received > 200 {
					t.Errorf("%d messages came and %d are acknowledged, want a few times 10 and none", got.Received, got.Acked)
				}
			})
		}
	})
}

// A password in an address is never shown.
func TestPasswordHidden(t *testing.T) {
	t.Parallel()
	h := serve(t, "", `authorization { user: u, password: p }`)
	c := config(h)
	c.URLs = []string{h.url("u:secret@")}
	s, _ := follow(t, c, &desk{})
	says(t, s, fmt.Sprintf("connect to nats://u:xxxxx@127.0.0.1:%d: nats: Authorization Violation", h.port))
}

// A server that accepts connections and says nothing does not hold up the end.
func TestSilentServer(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	accepted := make(chan net.Conn, 1)
	go func() {
		if conn, err := listener.Accept(); err == nil {
			accepted <- conn
		}
	}()
	_, stop := follow(t, config(&host{port: listener.Addr().(*net.TCPAddr).Port}), &desk{})
	conn := <-accepted
	t.Cleanup(func() { _ = conn.Close() })
	time.Sleep(100 * time.Millisecond) // the source knows that it is connected, and waits
	start := time.Now()
	stop()
	if took := time.Since(start); took > answerTime/2 {
		t.Errorf("the source stopped after %v", took)
	}
}

// Nothing of a run is left, with a server and without. (Not parallel: others have
// connections of their own.)
func TestNothingLeft(t *testing.T) {
	h := serve(t, "", "")
	p := h.publisher(t)
	p.stream()
	p.publish("outage.xining", 0, 100)
	p.conn.Close()
	for range 2 {
		s, stop := follow(t, config(h), &desk{})
		eventually(t, "it has tried", func() bool { is := s.Status(); return is.Acked == 100 || is.Err != nil })
		stop()
		eventually(t, "the goroutines end", func() bool {
			buffer := make([]byte, 1<<20)
			stacks := string(buffer[:runtime.Stack(buffer, true)])
			return !strings.Contains(stacks, "nats-io/nats.go") && !strings.Contains(stacks, "nats.(*run)")
		})
		h.stop(t)
	}
}

// With certificates both sides show who they are.
func TestCertificates(t *testing.T) {
	t.Parallel()
	ca, cert, key := certificates(t, t.TempDir())
	h := serve(t, "", fmt.Sprintf("tls { ca_file: %q, cert_file: %q, key_file: %q, verify: true }", ca, cert, key))
	p := h.publisher(t, client.RootCAs(ca), client.ClientCert(cert, key))
	p.stream()
	tests := []struct {
		name   string
		change func(*Config)
		want   string // part of the error; none if empty
	}{
		{"both", func(*Config) {}, ""},
		{"an unknown server", func(c *Config) { c.CA = "" }, "certificate signed by unknown authority"},
		{"no certificate", func(c *Config) { c.Cert, c.Key = "", "" }, "certificate required"},
		{"no file", func(c *Config) { c.CA = filepath.Join(t.TempDir(), "missing") }, "no such file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := config(h)
			c.Durable = strings.ReplaceAll(tt.name, " ", "-")
			c.CA, c.Cert, c.Key = ca, cert, key
			tt.change(&c)
			s, _ := follow(t, c, &desk{})
			if tt.want == "" {
				up(t, s)
			} else {
				says(t, s, tt.want)
			}
		})
	}
}
