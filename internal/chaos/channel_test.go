package chaos

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"
)

// A publisher sends messages, which count once the server has them.
type publisher struct {
	*run
	rng *rand.Rand
}

// payloads are the messages, of which equal ones are stored once.
type payloads struct {
	mu   sync.Mutex
	seen map[[sha256.Size]byte]bool
	rows int // of all of them, each once
}

func (p *payloads) add(data []byte, rows int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if sum := sha256.Sum256(data); !p.seen[sum] {
		p.seen[sum] = true
		p.rows += rows
	}
}

// turn sends some messages.
func (p *publisher) turn(ctx context.Context) error {
	for range 1 + p.rng.IntN(20) {
		n := 1
		if p.rng.IntN(10) == 0 {
			n = size(p.rng)
		}
		list := p.author.batch(n)
		if p.rng.IntN(20) == 0 {
			list = append(list, p.author.rejected(1, endsBeforeStart, unknownPlace)...)
		}
		data, rows := form(p.rng.IntN(int(forms))).write(list), len(list)
		if p.rng.IntN(100) == 0 { // no message at all: one rejected row
			list, rows = nil, 1
			data = fmt.Appendf(nil, `{"event_id": %d`, p.rng.Uint64())
		}
		if _, err := p.js.Publish(ctx, "outage.told", data); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("publish: %w", err)
		}
		p.payloads.add(data, rows)
		p.model.tell("nats", list)
	}
	return nil
}

// A clerk writes rows into a table, which count once they are committed.
type clerk struct {
	*run
	rng  *rand.Rand
	conn *pgx.Conn
	rows []row // that it wrote lately
}

// A row is a record in the table.
type row struct {
	number int64
	record
}

// turn writes some rows, rolls some back, or writes over one.
func (c *clerk) turn(ctx context.Context) error {
	var err error
	switch x := c.rng.IntN(10); {
	case x == 0:
		err = c.rollBack(ctx)
	case x < 4 && len(c.rows) > 0:
		err = c.overwrite(ctx)
	default:
		err = c.insert(ctx)
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

const insertion = `INSERT INTO outage (event_id, source, feeder_id, started, ended, customers, nature, cause, revision, cancelled)
	VALUES ($1, $2, $3, to_timestamp($4::float8), to_timestamp($5::float8), $6, $7, $8, $9, $10) RETURNING number`

// values are those of a row.
func values(r *record) []any {
	var end *int64
	if r.end != open {
		end = &r.end
	}
	return []any{r.id, source, r.place(), r.start, end, r.customers, r.nature, r.cause, r.revision, r.cancelled}
}

// insert writes rows in one transaction.
func (c *clerk) insert(ctx context.Context) error {
	list := c.author.batch(size(c.rng))
	if c.rng.IntN(5) == 0 {
		list = append(list, c.author.rejected(1, endsBeforeStart, unknownPlace)...)
	}
	err := pgx.BeginFunc(ctx, c.conn, func(tx pgx.Tx) error { return c.write(ctx, tx, list, true) })
	if err != nil {
		return fmt.Errorf("insert: %w", err)
	}
	c.model.tell("sql", list)
	if len(c.rows) > 500 {
		c.rows = c.rows[len(c.rows)-500:]
	}
	return nil
}

func (c *clerk) write(ctx context.Context, tx pgx.Tx, list []record, keep bool) error {
	for i := range list {
		var number int64
		if err := tx.QueryRow(ctx, insertion, values(&list[i])...).Scan(&number); err != nil {
			return err
		}
		if keep && list[i].wrong == fine {
			c.rows = append(c.rows, row{number, list[i]})
		}
	}
	return nil
}

// rollBack writes rows that must never count.
func (c *clerk) rollBack(ctx context.Context) error {
	list := c.author.ghost(1 + c.rng.IntN(20))
	err := pgx.BeginFunc(ctx, c.conn, func(tx pgx.Tx) error {
		if err := c.write(ctx, tx, list, false); err != nil {
			return err
		}
		return errRollBack
	})
	if !errors.Is(err, errRollBack) {
		return fmt.Errorf("roll back: %w", err)
	}
	c.count("transactions rolled back")
	return nil
}

// errRollBack ends a transaction that was never to be committed.
var errRollBack = errors.New("as planned")

// overwrite puts the next revision of an event over a row of it.
func (c *clerk) overwrite(ctx context.Context) error {
	k := c.rng.IntN(len(c.rows))
	next, ok := c.author.correct(&c.rows[k].record)
	if !ok {
		return nil
	}
	_, err := c.conn.Exec(ctx, `UPDATE outage SET (event_id, source, feeder_id, started, ended, customers, nature, cause, revision, cancelled, changed_at)
		= ($1, $2, $3, to_timestamp($4::float8), to_timestamp($5::float8), $6, $7, $8, $9, $10, clock_timestamp()) WHERE number = $11`,
		append(values(&next), c.rows[k].number)...)
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	c.rows[k].record = next
	c.model.tell("sql", []record{next})
	c.count("rows of the table overwritten")
	return nil
}

// end is up to where there are rows.
func (c *clerk) end(ctx context.Context) (at time.Time, err error) {
	err = c.conn.QueryRow(ctx, "SELECT coalesce(max(changed_at), 'epoch') FROM outage").Scan(&at)
	return at, err
}

// A dropper puts files into a folder, which count once they have their names.
type dropper struct {
	*run
	rng   *rand.Rand
	files []*file
}

// A file is one of the folder.
type file struct {
	name   string
	form   form
	list   []record
	sha256 [sha256.Size]byte
}

// turn drops a file, or puts a longer one in the place of another.
func (d *dropper) turn(context.Context) error {
	if len(d.files) > 0 && d.rng.IntN(12) == 0 {
		f := d.files[len(d.files)-1-d.rng.IntN(min(len(d.files), 20))]
		if len(f.list) < 1000 {
			return d.put(f, d.author.batch(size(d.rng)))
		}
	}
	f := &file{form: form(d.rng.IntN(int(forms)))}
	f.name = fmt.Sprintf("%05d%s", len(d.files), f.form.extension())
	list := d.author.batch(size(d.rng))
	if d.rng.IntN(10) == 0 {
		list = append(list, d.author.rejected(1+d.rng.IntN(3), endsBeforeStart, unknownPlace)...)
	}
	return d.put(f, list)
}

// bigRows are enough for a segment of its own.
const bigRows = 66_000

// big drops a file that becomes a segment of its own.
func (d *dropper) big() error {
	f := &file{form: commas, name: fmt.Sprintf("%05d%s", len(d.files), commas.extension())}
	d.count("big files")
	return d.put(f, d.author.big(bigRows))
}

// put writes a file with further records and renames it into place.
func (d *dropper) put(f *file, list []record) error {
	all := append(f.list[:len(f.list):len(f.list)], list...)
	data := f.form.write(all)
	stage := filepath.Join(d.exporter.dir, "stage")
	if err := os.WriteFile(stage, data, 0o600); err != nil {
		return err
	}
	if err := os.Rename(stage, filepath.Join(d.exporter.dir, "drop", f.name)); err != nil {
		return err
	}
	if len(f.list) == 0 {
		d.files = append(d.files, f)
	} else {
		d.count("files replaced")
	}
	f.list, f.sha256 = all, sha256.Sum256(data)
	d.model.tell("files", list)
	return nil
}

// pending is how many messages the exporter has not yet acknowledged.
func pending(ctx context.Context, js jetstream.JetStream) (uint64, error) {
	consumer, err := js.Consumer(ctx, stream, durable)
	if err != nil {
		return 0, err
	}
	info, err := consumer.Info(ctx)
	if err != nil {
		return 0, err
	}
	return info.NumPending + uint64(info.NumAckPending), nil
}
