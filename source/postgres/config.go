package postgres

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// What holds where a [Config] says nothing.
const (
	DefaultEvery         = time.Second
	DefaultTimeout       = 30 * time.Second
	DefaultPage          = 10_000
	DefaultOverlap       = 5 * time.Minute
	DefaultOverlapNumber = 1000
)

// A Config says where the rows are and how they are asked for. The connection is
// also told by the environment and the files that every client of PostgreSQL
// reads, such as PGPASSFILE.
type Config struct {
	// DSN is a URL (postgres://user@host/database) or keywords (host=… dbname=…).
	DSN string
	// DSNFile is a file with a DSN, instead of it. It is read at each connection.
	DSNFile string
	// PasswordFile is a file with the password, read at each connection; empty:
	// that of the DSN, of PGPASSWORD or of the password file of all clients.
	PasswordFile string

	// Query is a SELECT without parameters, order or limit: see the package. Each
	// column of its result has a name of its own and becomes a field of the row.
	Query string
	// Watermark is the column of the result that grows whenever a row is written:
	// a timestamptz, timestamp, date, integer, numeric or text, never NULL. Several
	// rows may have the same.
	Watermark string
	// Zone is the IANA time zone in which times without one are read, and in which
	// the query is asked; empty: that of the session, as the server, the role or
	// the DSN sets it. Where its clocks are changed, a timestamp or date as
	// watermark wants an Overlap of more than that change.
	Zone string

	Every   time.Duration // between two looks, at least 1 ms; 0: DefaultEvery
	Timeout time.Duration // for each answer of the server, at least 1 ms; 0: DefaultTimeout
	Page    int           // rows a page at most; 0: DefaultPage
	// Overlap is how far before the highest time of the watermark each look begins:
	// longer than a transaction that writes such rows is ever open. 0:
	// DefaultOverlap; negative: only rows with the highest itself are read again. A
	// date is read again by whole days.
	Overlap time.Duration
	// OverlapNumber is the same for integers and numerics, in their own unit,
	// because numbers of a sequence, too, are taken before they are committed: more
	// than are taken while such a transaction is open; where numbers are times, as
	// many milliseconds, say, as Overlap is. 0: DefaultOverlapNumber; negative:
	// none. A text has no overlap.
	OverlapNumber int64

	// Now is the clock by which times of the status are told, and by which it is
	// seen how long a look lasts.
	Now func() time.Time
}

// filled gives the defaults to what is not set.
func (c Config) filled() Config {
	c.Every, c.Timeout = cmp.Or(c.Every, DefaultEvery), cmp.Or(c.Timeout, DefaultTimeout)
	c.Page = cmp.Or(c.Page, DefaultPage)
	c.Overlap = max(cmp.Or(c.Overlap, DefaultOverlap), 0)
	c.OverlapNumber = max(cmp.Or(c.OverlapNumber, DefaultOverlapNumber), 0)
	c.Query = strings.TrimRight(c.Query, "; \t\r\n")
	return c
}

// validate says what of a filled configuration cannot be.
func (c Config) validate() error {
	switch {
	case c.DSN == "" && c.DSNFile == "":
		return errors.New("no dsn and no file with one: say where the server is")
	case c.DSN != "" && c.DSNFile != "":
		return errors.New("a dsn and a file with one: give one of them")
	case c.Query == "":
		return errors.New("no query")
	case strings.ContainsRune(c.Query, 0) || strings.ContainsRune(c.Watermark, 0):
		return errors.New("a NUL in the query or in the name of the watermark")
	case c.Watermark == "":
		return errors.New("no watermark: name the column of the result that grows whenever a row is written")
	case c.Now == nil:
		return errors.New("no clock")
	case c.Every < time.Millisecond:
		return fmt.Errorf("every %v: at least 1ms", c.Every)
	case c.Timeout < time.Millisecond || c.Timeout > math.MaxInt32*time.Millisecond:
		return fmt.Errorf("timeout %v: at least 1ms, at most 24 days", c.Timeout)
	case c.Page < 1:
		return fmt.Errorf("page of %d rows: at least 1", c.Page)
	case c.Zone == "Local":
		return errors.New(`zone "Local": name the zone, such as Asia/Shanghai`)
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return fmt.Errorf("zone: %w", err)
	}
	_, err := c.connection()
	return err
}

// errDSN says no more, because the text may hold a password wherever it is wrong.
var errDSN = errors.New("read the dsn: want a URL such as postgres://user@host:5432/database?sslmode=verify-full, or host=… dbname=… user=…, with a valid sslmode and files that exist")

// connection reads what a connection is made of, with the files as they are now.
func (c Config) connection() (*pgconn.Config, error) {
	dsn := c.DSN
	if c.DSNFile != "" {
		text, err := os.ReadFile(c.DSNFile)
		if err != nil {
			return nil, fmt.Errorf("read the dsn: %w", err)
		}
		if dsn = strings.TrimSpace(string(text)); dsn == "" {
			return nil, fmt.Errorf("read the dsn: %s is empty", c.DSNFile)
		}
	}
	connection, err := pgconn.ParseConfig(dsn)
	if err != nil {
		return nil, errDSN
	}
	if c.PasswordFile != "" {
		text, err := os.ReadFile(c.PasswordFile)
		if err != nil {
			return nil, fmt.Errorf("read the password: %w", err)
		}
		connection.Password = strings.TrimRight(string(text), "\r\n")
	}
	if connection.RuntimeParams["application_name"] == "" {
		connection.RuntimeParams["application_name"] = "saidi"
	}
	return connection, nil
}
