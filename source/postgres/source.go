package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// A Page is some rows, in the order of their watermarks.
type Page struct {
	// Rows is NDJSON: one object a row, with the columns' names as keys. Times are
	// RFC 3339 in UTC (those without zone were read in the configured one),
	// numbers and JSON as they are, arrays and composites as JSON, anything else as
	// text. NULL is absent. Dates stay dates.
	Rows     []byte
	Count    int    // of rows, at least 1
	Position string // with which Run goes on after them
}

// A Source asks one query for new rows.
type Source struct {
	config   Config
	standing standing
	backoff  backoff
	slow     time.Duration // a take that lasts longer costs the look its transaction

	conn *pgconn.PgConn // nil: none
	at   position       // up to where rows were handed on
	seen seen
}

// New makes a source. It reads the files that the configuration names, and does
// not connect.
func New(c Config) (*Source, error) {
	c = c.filled()
	if err := c.validate(); err != nil {
		return nil, err
	}
	return &Source{
		config: c, standing: standing{now: c.Now},
		backoff: backoff{least: time.Second, most: time.Minute}, slow: slowTake,
	}, nil
}

// Run hands on all rows from a position on, those of the overlap before it
// included, then looks for new ones until ctx is done; then it returns nil. The
// empty position is the beginning. One call runs at a time.
//
// Page after page is given to take. When take returns nil, the rows are stored
// durably together with the page's position; after an error the same rows come
// again. Pages of one look are taken while its transaction is open, unless take
// is slow. Take must not change the rows; it may keep them.
//
// Whatever goes wrong with the server, the query or take is told by
// [Source.Status] and tried again after a pause of 1 s, doubled up to 1 min. The
// only error that Run returns is that of a position which is not one, or one of
// another column.
func (s *Source) Run(ctx context.Context, position string, take func(context.Context, Page) error) error {
	at, err := readPosition(position)
	if err == nil {
		err = at.fits(s.config.Watermark, "")
	}
	if err != nil {
		s.standing.ill(err)
		return err
	}
	s.at, s.seen = at, seen{}
	s.standing.begin(position)
	defer s.disconnect()
	for ctx.Err() == nil {
		sleep(ctx, s.turn(ctx, take))
	}
	return nil
}

// turn looks once and says after which pause to look again.
func (s *Source) turn(ctx context.Context, take func(context.Context, Page) error) time.Duration {
	began := s.config.Now()
	met, err := s.look(ctx, take)
	switch {
	case ctx.Err() != nil:
		return 0
	case err != nil:
		s.disconnect()
		s.standing.ill(explain(err, s.config.Timeout))
		return s.backoff.next()
	}
	s.backoff.reset()
	s.standing.well()
	switch {
	case met.again:
		s.disconnect()
		return 0
	case met.rows > 0:
		return s.config.Every
	}
	// A look for nothing that is dear for the server is not made all the time.
	return max(s.config.Every, min(s.config.Now().Sub(began), s.backoff.most))
}

// connect gives the connection, a new one where there is none.
func (s *Source) connect(ctx context.Context) (*pgconn.PgConn, error) {
	if s.conn != nil && !s.conn.IsClosed() {
		return s.conn, nil
	}
	s.disconnect()
	config, err := s.config.connection()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	if s.conn, err = pgconn.ConnectConfig(ctx, config); err != nil {
		s.conn = nil
		return nil, fmt.Errorf("connect: %w", err)
	}
	return s.conn, nil
}

// disconnect ends the connection, and with it its transaction. It waits a moment
// for the server to be told that a query is no longer wanted.
func (s *Source) disconnect() {
	if s.conn == nil {
		return
	}
	const moment = 2 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), moment)
	defer cancel()
	_ = s.conn.Close(ctx) // there is nothing to lose
	select {
	case <-s.conn.CleanupDone():
	case <-ctx.Done():
	}
	s.conn = nil
}

// A backoff is how long to wait after failures.
type backoff struct {
	least, most, last time.Duration
}

// next doubles the pause.
func (b *backoff) next() time.Duration {
	b.last = min(max(2*b.last, b.least), b.most)
	return b.last
}

func (b *backoff) reset() { b.last = 0 }

// sleep waits, but not after ctx is done.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
