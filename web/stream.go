package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
)

// How a stream goes.
const (
	mostStreams     = 256                    // at once
	streamsOfClient = 64                     // at once, of one client
	streamPause     = 500 * time.Millisecond // at least, between two messages
	streamTick      = 2 * time.Second        // at least, between two that tell nothing but the time
	streamAlive     = 15 * time.Second       // between signs of life
	streamPatience  = 10 * time.Second       // for who reads slowly
)

// A liveAnswer is what is going on, and when that was worked out.
type liveAnswer struct {
	*snapshot.Live
	Computed string `json:"computed"` // RFC 3339, wall time
}

// A message is what is going on as streams tell it.
type message struct {
	live *snapshot.Live
	text []byte // of the event, whole
	news string // all but what time alone changes
}

// A telling words what is going on once for all streams.
type telling struct {
	mu   sync.Mutex
	last *message
}

// live gives what is going on.
func (a *api) live(r *http.Request, values url.Values) (*paper, error) {
	q := readQuery(values, "lang")
	if a.language(r, q); q.err != nil {
		return nil, q.err
	}
	s := a.Status()
	if s.Snapshot == nil || s.Snapshot.Live == nil {
		return nil, NoSnapshot()
	}
	return inJSON(liveOf(s))
}

func liveOf(s *Status) liveAnswer {
	return liveAnswer{s.Snapshot.Live, s.Computed.UTC().Format(time.RFC3339Nano)}
}

// stream tells what is going on by server-sent events, until the client goes or
// the program stops.
func (a *api) stream(w http.ResponseWriter, r *http.Request) {
	if values, err := url.ParseQuery(r.URL.RawQuery); err != nil || readQuery(values, "lang").err != nil {
		refuse(w, badParameter("query", errors.New("a stream takes none but lang")))
		return
	}
	leave, ok := a.streams.Enter(ClientOf(r))
	if !ok {
		refuse(w, &Problem{Status: http.StatusServiceUnavailable, Code: "too-many", Err: errStreams, Again: streamAlive})
		return
	}
	defer leave()
	h := w.Header()
	head(h, kindStream, "", 0)
	h.Del("Content-Length")
	h.Set("X-Accel-Buffering", "no")
	h.Set("Connection", "close") // its deadline must not be that of another answer
	if r.Method == http.MethodHead {
		return
	}
	s := &stream{api: a, control: http.NewResponseController(w), to: w}
	if s.send([]byte("retry: 2000\n\n")) == nil {
		s.run(r)
	}
}

var errStreams = fmt.Errorf("%d streams are open, or %d of yours: ask again later, or ask /api/v1/live from time to time", mostStreams, streamsOfClient)

// A stream is one client that follows what is going on.
type stream struct {
	*api
	control *http.ResponseController
	to      http.ResponseWriter
	last    *message // that was sent; nil: none
	sent    time.Time
}

// run sends what is new until the end.
func (s *stream) run(r *http.Request) {
	alive := time.NewTicker(streamAlive)
	defer alive.Stop()
	for {
		changed := s.Changed() // before looking, so that nothing is missed
		due, err := s.look()
		if err != nil {
			return
		}
		var later <-chan time.Time
		if due > 0 {
			later, changed = time.After(due), nil
		}
		select {
		case <-r.Context().Done():
			return
		case <-s.Done:
			return
		case <-changed:
		case <-later:
		case <-alive.C:
			if err := s.send([]byte(": keep-alive\n\n")); err != nil {
				return
			}
		}
	}
}

// look sends what is new if it is time, and else says in how long to look again;
// zero: when something has changed.
func (s *stream) look() (due time.Duration, err error) {
	m, err := s.told.of(s.Status())
	if m == nil || err != nil || s.last != nil && m.live == s.last.live {
		return 0, err
	}
	if s.last != nil {
		wait := streamPause
		if m.news == s.last.news {
			wait = streamTick
		}
		if due = wait - s.Now().Sub(s.sent); due > 0 {
			return due, nil
		}
	}
	s.last, s.sent = m, s.Now()
	return 0, s.send(m.text)
}

// send writes at once, or gives up on who does not read.
func (s *stream) send(text []byte) error {
	if err := s.control.SetWriteDeadline(s.Now().Add(s.patience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := s.to.Write(text); err != nil {
		return err
	}
	return s.control.Flush()
}

// of words the live part of a status; nil without one.
func (t *telling) of(s *Status) (*message, error) {
	if s.Snapshot == nil || s.Snapshot.Live == nil {
		return nil, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last != nil && t.last.live == s.Snapshot.Live {
		return t.last, nil
	}
	data, err := oneLine(liveOf(s))
	if err != nil {
		return nil, err
	}
	news, err := oneLine(timeless(s.Snapshot.Live))
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "event: live\nid: %s\ndata: %s\n\n", s.Computed.UTC().Format(time.RFC3339Nano), data)
	t.last = &message{live: s.Snapshot.Live, text: text.Bytes(), news: string(news)}
	return t.last, nil
}

// timeless leaves out what grows with time alone.
func timeless(l *snapshot.Live) *snapshot.Live {
	still := *l
	still.AsOf = ""
	still.Outages = slices.Clone(l.Outages)
	for i := range still.Outages {
		still.Outages[i].CustomerSeconds = 0
	}
	return &still
}

// oneLine writes JSON without a line break.
func oneLine(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
