package push_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// patience is how long a test waits for what comes at once.
const patience = 5 * time.Second

// A line is a connection of which each byte is the test's own.
type line struct {
	net.Conn
	in  *bufio.Reader
	req *http.Request // as far as it can be read
}

// raw connects and sends.
func (s *site) raw(t *testing.T, text string) *line {
	t.Helper()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	l := &line{Conn: c, in: bufio.NewReader(c)}
	if l.req, err = http.ReadRequest(bufio.NewReader(strings.NewReader(text))); err != nil {
		t.Fatalf("the test's own request: %v", err)
	}
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return l
}

// post begins a request of the writer.
func post(path, headers string) string {
	return "POST " + path + " HTTP/1.1\r\nHost: saidi\r\nAuthorization: Bearer " + writeToken + "\r\nContent-Type: application/octet-stream\r\n" + headers + "\r\n"
}

// answer reads the next answer and holds it against the description.
func (l *line) answer(t *testing.T) *answered {
	t.Helper()
	response, err := http.ReadResponse(l.in, l.req)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("half an answer: %v", err)
	}
	got := &answered{response.StatusCode, response.Header, text}
	conform(t, l.req, []byte("as it was sent"), got)
	return got
}

// closed waits for the other side to hang up.
func (l *line) closed(t *testing.T) {
	t.Helper()
	rest, err := io.ReadAll(l.in)
	if e, ok := err.(net.Error); ok && e.Timeout() { //nolint:errorlint // as the connection gives it
		t.Errorf("the connection is still open after %v", patience)
	}
	if len(rest) > 0 {
		t.Errorf("got %q behind the answer", rest)
	}
}

// drip sends a byte at a time until the other side hangs up.
func (l *line) drip(b []byte, every time.Duration) {
	for {
		if _, err := l.Write(b); err != nil {
			return
		}
		time.Sleep(every)
	}
}

// chunk is a text as one chunk of a body of unknown length.
func chunk(text string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(text), text) }
