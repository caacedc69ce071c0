package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	firstRows   = 100              // of the first fetch, when their width is not known
	fetchRows   = 1000             // of a fetch at most
	fetchBytes  = 4 << 20          // of a fetch, about
	pageBytes   = 16 << 20         // after which a page is closed
	longestOpen = 5 * time.Minute  // that pages are read from one transaction: it keeps the server from cleaning up
	slowTake    = 15 * time.Second // after which a transaction is not worth keeping
	idleMost    = time.Minute      // that the server waits for us within a transaction, if it has no limit of its own
)

// A meeting is how a look ended.
type meeting struct {
	rows  int  // that were taken
	again bool // there is more, in a new transaction
}

// A look is the reading of all that is new in one transaction.
type look struct {
	*Source
	conn   *pgconn.PgConn
	shape  *shape
	now    mark // what the server's clock shows; where the watermark is no time, empty
	opened time.Time
	reach  int // how many rows the next fetch may read

	rank  int64  // of the watermark, where it is a text: its place
	value string // the text
}

// look hands on what is new.
func (s *Source) look(ctx context.Context, take func(context.Context, Page) error) (meeting, error) {
	conn, err := s.connect(ctx)
	if err != nil {
		return meeting{}, err
	}
	l := &look{Source: s, conn: conn, reach: firstRows}
	if err := l.open(ctx); err != nil {
		return meeting{}, err
	}
	s.seen.begin()
	defer s.seen.end()
	met, err := l.pages(ctx, take)
	l.tellLag()
	return met, err
}

// within bounds one step. The server keeps the bound itself; ours is for one that
// is not heard of.
func (l *look) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, l.config.Timeout+5*time.Second)
}

// open begins the transaction and opens the cursor.
func (l *look) open(ctx context.Context) error {
	if err := l.begin(ctx); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := l.describe(ctx); err != nil {
		return fmt.Errorf("describe the query: %w", err)
	}
	if err := l.survey(ctx); err != nil {
		return fmt.Errorf("ask the query: %w", err)
	}
	if err := l.declare(ctx); err != nil {
		return fmt.Errorf("open the query: %w", err)
	}
	return nil
}

// begin starts a transaction that only reads, and settles what the text of values
// depends on for its time alone: the connection may be one that a pool lends.
func (l *look) begin(ctx context.Context) error {
	ctx, cancel := l.within(ctx)
	defer cancel()
	sql := fmt.Sprintf(`BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET LOCAL statement_timeout = %d; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'iso_8601';
SET LOCAL extra_float_digits = 1; SET LOCAL client_encoding = 'UTF8';
SELECT set_config('idle_in_transaction_session_timeout', '%d', true) WHERE current_setting('idle_in_transaction_session_timeout') = '0';`,
		max(l.config.Timeout.Milliseconds(), 1), idleMost.Milliseconds())
	if err := l.conn.Exec(ctx, sql).Close(); err != nil || l.config.Zone == "" {
		return err
	}
	return l.conn.ExecParams(ctx, "SELECT set_config('TimeZone', $1, true)", [][]byte{[]byte(l.config.Zone)}, nil, nil, nil).Read().Err
}

// describe learns what the result looks like, and whether the position is one of
// it.
func (l *look) describe(ctx context.Context) (err error) {
	ctx, cancel := l.within(ctx)
	defer cancel()
	if l.shape, err = describe(ctx, l.conn, l.config); err != nil {
		return err
	}
	return l.at.fits(l.config.Watermark, l.shape.kind)
}

// survey refuses watermarks that are NULL and reads the server's clock.
func (l *look) survey(ctx context.Context) error {
	ctx, cancel := l.within(ctx)
	defer cancel()
	found := l.conn.ExecParams(ctx, l.shape.survey(), nil, nil, nil, nil).Read()
	if found.Err != nil {
		return found.Err
	}
	if len(found.Rows) != 1 || len(found.Rows[0]) != 2 {
		return errors.New("the server did not answer whether a watermark is NULL")
	}
	row := found.Rows[0]
	if string(row[0]) == "t" {
		return fmt.Errorf("the watermark %q is NULL in some rows, which no comparison finds: set it, leave such rows out, or use coalesce(…) in the query", l.config.Watermark)
	}
	if row[1] == nil {
		return nil
	}
	now, err := told(l.shape.kind, string(row[1]))
	if err != nil {
		return fmt.Errorf("the server's clock: %w", err)
	}
	l.now = now
	return nil
}

// declare opens the cursor where the overlap before the position begins. A clock
// that was put back takes the position with it, or what is written from now on
// would lie behind.
func (l *look) declare(ctx context.Context) error {
	ctx, cancel := l.within(ctx)
	defer cancel()
	if l.at.kind == "" {
		return l.conn.ExecParams(ctx, l.shape.cursor(false), nil, nil, nil, nil).Read().Err
	}
	if l.shape.kind.isTime() && l.at.mark.place > l.now.place {
		l.at.mark = l.now
	}
	from := l.at.mark.before(l.shape.kind, l.config.overlap(l.shape.kind))
	values := [][]byte{[]byte(from.value), []byte(l.at.mark.value)}
	return l.conn.ExecParams(ctx, l.shape.cursor(true), values, nil, nil, nil).Read().Err
}

// pages reads page after page and hands them on.
func (l *look) pages(ctx context.Context, take func(context.Context, Page) error) (met meeting, err error) {
	for last := false; !last; {
		p := page{at: l.at}
		if last, err = l.fill(ctx, &p); err != nil {
			return met, fmt.Errorf("read rows: %w", err)
		}
		if last {
			if err := l.commit(ctx); err != nil {
				return met, fmt.Errorf("end the look: %w", err)
			}
		}
		began := l.config.Now()
		if err := l.hand(ctx, &p, take); err != nil {
			return met, err
		}
		met.rows += len(p.rows)
		if now := l.config.Now(); !last && (now.Sub(began) > l.slow || now.Sub(l.opened) > longestOpen) {
			met.again = true
			return met, nil
		}
	}
	return met, nil
}

// commit ends the transaction before the last page is handed on.
func (l *look) commit(ctx context.Context) error {
	ctx, cancel := l.within(ctx)
	defer cancel()
	return l.conn.Exec(ctx, "COMMIT").Close()
}

// hand gives a page to take, if there is something new, and then goes on behind
// it.
func (l *look) hand(ctx context.Context, p *page, take func(context.Context, Page) error) error {
	if len(p.rows) > 0 {
		told := Page{Rows: p.text, Count: len(p.rows), Position: p.at.String()}
		if err := take(ctx, told); err != nil {
			return fmt.Errorf("hand on %d rows: %w", told.Count, err)
		}
		l.standing.took(told)
	}
	l.at = p.at
	for _, row := range p.rows {
		l.seen.keep(row)
	}
	if l.shape.kind == kindText {
		l.seen.pass(l.rank)
	} else if l.at.kind != "" {
		l.seen.pass(l.at.mark.before(l.shape.kind, l.config.overlap(l.shape.kind)).place)
	}
	return nil
}

// tellLag notes how far the position is behind the server's clock.
func (l *look) tellLag() {
	if l.shape.kind.isTime() && l.at.kind != "" {
		l.standing.reach(time.Duration(l.now.place-l.at.mark.place) * time.Microsecond)
	}
}
