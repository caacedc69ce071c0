package nats

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	defaultBatch   = 500
	defaultWait    = 200 * time.Millisecond
	defaultAckWait = 30 * time.Second

	// defaultBytes bounds the memory of one batch. It is above the largest message
	// that a server can be set to take, 64 MiB, so that none is ever stuck.
	defaultBytes = 65 << 20

	answerTime = 5 * time.Second  // how long a server may take to answer
	pingEvery  = 10 * time.Second // two pings without an answer end a connection
)

// A Config says where messages come from.
type Config struct {
	URLs     []string // servers of one system, such as nats://host:4222 or tls://host:4222; any one will do
	Stream   string   // the stream, which must exist
	Durable  string   // the consumer; instances that name the same one share its messages
	Subjects []string // the stream's subjects to take, none for all; several need a server from 2.10 on

	Credentials string // a file of credentials (JWT and seed), read at every connect; none if empty
	TokenFile   string // a file that holds a token, read at every connect; none if empty
	CA          string // a file of certificates that servers must be signed by; the system's if empty
	Cert, Key   string // files of the certificate to show to servers and of its key; none if empty

	Batch   int           // messages taken at once at most; 0 means 500
	Wait    time.Duration // how long a batch is gathered, 10 ms to 5 s; 0 means 200 ms
	AckWait time.Duration // after which silence a new consumer sends again, at least 1 s; 0 means 30 s

	Now func() time.Time // the clock of Status

	bytes int // of one batch at most; 0 means defaultBytes
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	if c.Batch == 0 {
		c.Batch = defaultBatch
	}
	if c.Wait == 0 {
		c.Wait = defaultWait
	}
	if c.AckWait == 0 {
		c.AckWait = defaultAckWait
	}
	if c.bytes == 0 {
		c.bytes = defaultBytes
	}
	return c
}

// validate says everything that is wrong with a configuration without looking at
// files or servers.
func (c Config) validate() error {
	var wrong []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	check(len(c.URLs) > 0, "no server is named")
	for i, text := range c.URLs { // not shown: it may hold a password
		check(isServer(text), "server %d is no address such as nats://host:4222", i+1)
	}
	check(isName(c.Stream), "stream %q is no name: want one without spaces, dots, wildcards and slashes", c.Stream)
	check(isName(c.Durable), "consumer %q is no name: want one without spaces, dots, wildcards and slashes", c.Durable)
	for _, subject := range c.Subjects {
		check(isSubject(subject), "subject %q is none: want words joined by dots", subject)
	}
	check(c.Credentials == "" || c.TokenFile == "", "credentials and a token exclude each other")
	check((c.Cert == "") == (c.Key == ""), "a certificate needs a key, and a key a certificate")
	check(c.Batch > 0 && c.Batch <= 10_000, "batch of %d messages: want 1 to 10000", c.Batch)
	check(c.Wait >= 10*time.Millisecond && c.Wait <= 5*time.Second, "wait of %v: want 10ms to 5s", c.Wait)
	check(c.AckWait >= time.Second, "acknowledgement wait of %v: want at least 1s", c.AckWait)
	check(c.Now != nil, "the clock is missing")
	return errors.Join(wrong...)
}

// isServer says whether a text is the address of a server.
func isServer(text string) bool {
	u, err := url.Parse(text)
	return err == nil && slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme) && u.Hostname() != ""
}

// isName says whether JetStream takes a text as the name of a stream or consumer.
func isName(text string) bool {
	return text != "" && !strings.ContainsAny(text, " \t\r\n.*>/\\")
}

// isSubject says whether a text is a subject, with wildcards or without.
func isSubject(text string) bool {
	words := strings.Split(text, ".")
	return !strings.ContainsAny(text, " \t\r\n") && !slices.Contains(words, "") && !slices.Contains(words[:len(words)-1], ">")
}

// servers names the servers without their passwords.
func (c Config) servers() string {
	var names []string
	for _, text := range c.URLs {
		if u, err := url.Parse(text); err == nil {
			names = append(names, u.Redacted())
		}
	}
	return strings.Join(names, ", ")
}

// options are those of one connection. It does not come back by itself, so that
// everything is looked at again after it was lost; failed is told why it was,
// closed that nothing of it is left.
func (c Config) options(by *dialer, failed func(error), closed func()) ([]client.Option, error) {
	options := []client.Option{
		client.Name("saidi " + c.Durable),
		client.NoReconnect(),
		client.Timeout(answerTime),
		client.PingInterval(pingEvery),
		client.MaxPingsOutstanding(2),
		client.SetCustomDialer(by),
		client.ErrorHandler(func(_ *client.Conn, _ *client.Subscription, err error) { failed(err) }),
		client.ClosedHandler(func(conn *client.Conn) {
			failed(lost(conn.LastError()))
			closed()
		}),
	}
	if c.Credentials != "" {
		options = append(options, client.UserCredentials(c.Credentials))
	}
	if c.TokenFile != "" {
		data, err := os.ReadFile(c.TokenFile)
		if err != nil {
			return nil, fmt.Errorf("token: %w", err)
		}
		token := strings.TrimSpace(string(data))
		if token == "" {
			return nil, fmt.Errorf("token: %s is empty", c.TokenFile)
		}
		options = append(options, client.Token(token))
	}
	if c.CA != "" {
		options = append(options, client.RootCAs(c.CA))
	}
	if c.Cert != "" {
		options = append(options, client.ClientCert(c.Cert, c.Key))
	}
	return options, nil
}

// lost says that a connection is no more, and why if that is known.
func lost(err error) error {
	if err == nil {
		return errors.New("connection lost")
	}
	return fmt.Errorf("connection lost: %w", err)
}

// A dialer gives up connecting when its context is done; the client's own does
// not.
type dialer struct {
	ctx     context.Context
	release []func() bool
}

// Dial connects to one address. Until done is called the connection ends with the
// context, whatever the client waits for.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: answerTime}).DialContext(d.ctx, network, address)
	if err == nil {
		d.release = append(d.release, context.AfterFunc(d.ctx, func() { _ = conn.Close() }))
	}
	return conn, err
}

// done lets connections outlive the context.
func (d *dialer) done() {
	for _, release := range d.release {
		release()
	}
}

// consumer is the consumer that is made when there is none.
func (c Config) consumer() jetstream.ConsumerConfig {
	made := jetstream.ConsumerConfig{
		Durable:       c.Durable,
		DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       c.AckWait,
		MaxDeliver:    -1,
		MaxAckPending: max(1000, 4*c.Batch), // so that several instances have work at once
	}
	if len(c.Subjects) == 1 {
		made.FilterSubject = c.Subjects[0]
	} else {
		made.FilterSubjects = c.Subjects
	}
	return made
}

// differences says where a consumer that is there would not give every message
// of the configured subjects until it is taken. How long it waits and how much
// it sends at once may differ: that loses nothing.
func (c Config) differences(is jetstream.ConsumerConfig) []string {
	var list []string
	differ := func(same bool, what string, is, want any) {
		if !same {
			list = append(list, fmt.Sprintf("%s is %v, want %v", what, is, want))
		}
	}
	want := c.consumer()
	differ(is.AckPolicy == want.AckPolicy, "the acknowledgement policy", is.AckPolicy, want.AckPolicy)
	differ(is.DeliverPolicy == want.DeliverPolicy, "the delivery policy", is.DeliverPolicy, want.DeliverPolicy)
	differ(is.MaxDeliver <= 0, "the number of deliveries", is.MaxDeliver, "no limit")
	differ(!is.HeadersOnly, "what it sends", "headers only", "whole messages")
	got, wanted := filters(is), filters(want)
	differ(slices.Equal(got, wanted), "the list of subjects", got, wanted)
	return list
}

// filters lists the subjects of a consumer, sorted; all of them are ">".
func filters(c jetstream.ConsumerConfig) []string {
	list := slices.Clone(c.FilterSubjects)
	if c.FilterSubject != "" {
		list = append(list, c.FilterSubject)
	}
	if len(list) == 0 {
		list = []string{">"}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
