package clickhouse

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/store"
)

// A pen is the right to write entries into the catalogue. It is a view named
// pen_N that says who made it: only one of several that make it at one time can.
// It begins where its seal says: a view named after both.
type pen struct {
	number uint64
	holder string // a word that nobody else has
}

// What pens and seals are named.
const (
	penPrefix  = "pen_"
	sealPrefix = "seal_"
)

// keptPens is how many pens there are at most before the first of them are
// dropped; the highest one never is.
const keptPens = 32

// isGone says whether a server does not know a view any more.
func isGone(err error) bool { return codeOf(err) == codeUnknownTable }

// highestPen is the last pen that was made, the zero pen where none was.
func (s *Store) highestPen(ctx context.Context) (pen, error) {
	for {
		numbers, err := s.pens(ctx)
		if err != nil || len(numbers) == 0 {
			return pen{}, err
		}
		last := numbers[len(numbers)-1]
		if last <= s.ledger.pen { // it is sealed: who holds it does not matter
			return pen{number: last}, nil
		}
		p, err := s.penOf(ctx, last)
		if !isGone(err) {
			return p, err
		}
	}
}

// pens lists the numbers of all pens, ascending.
func (s *Store) pens(ctx context.Context) (numbers []uint64, err error) {
	names, err := s.views(ctx, penPrefix)
	for _, name := range names {
		if n, err := strconv.ParseUint(strings.TrimPrefix(name, penPrefix), 10, 64); err == nil {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, err
}

// views lists the views whose names begin in some way. A server may refuse to list
// what is dropped at that moment.
func (s *Store) views(ctx context.Context, prefix string) (names []string, err error) {
	for range 100 {
		names, err = queryAll(ctx, s.cluster.home, func(rows driver.Rows, name *string) error { return rows.Scan(name) },
			"SELECT name FROM system.tables WHERE database = ? AND startsWith(name, ?)", s.cluster.database, prefix)
		if !isGone(err) {
			break
		}
	}
	return names, err
}

// penOf is the pen of a number.
func (s *Store) penOf(ctx context.Context, number uint64) (pen, error) {
	holder, err := queryAll(ctx, s.cluster.home, func(rows driver.Rows, holder *string) error { return rows.Scan(holder) },
		fmt.Sprintf("SELECT holder FROM %s%d", penPrefix, number))
	if err == nil && len(holder) != 1 {
		err = fmt.Errorf("%s%d names no holder", penPrefix, number)
	}
	if err != nil {
		return pen{}, err
	}
	return pen{number, holder[0]}, nil
}

// seal decides where a pen begins, unless somebody did: behind all that is in the
// catalogue once the pen is there. Whoever wrote before looks for the pen before
// it says that something is stored, and so either has written already, or learns
// from the seal what counts.
func (s *Store) seal(ctx context.Context, p pen) error {
	behind, err := s.lastEntry(ctx)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s%d_%s", sealPrefix, p.number, p.holder)
	err = s.cluster.home.exec(ctx, fmt.Sprintf("CREATE VIEW IF NOT EXISTS %s AS SELECT toUInt64(%d) AS entry", name, behind+1))
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	begins, err := queryAll(ctx, s.cluster.home, func(rows driver.Rows, n *uint64) error { return rows.Scan(n) }, "SELECT entry FROM "+name)
	if isGone(err) {
		return nil // it was sealed long ago, and the catalogue says so
	}
	if err == nil && len(begins) != 1 {
		err = fmt.Errorf("%s says nothing", name)
	}
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	if now, err := s.penOf(ctx, p.number); isGone(err) || err == nil && now != p {
		return nil // so this seal may be another one, made too late: a pen is dropped before its seal
	} else if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	return s.insertEntries(ctx, []entry{{number: begins[0], pen: p.number, what: isSeal}})
}

// sealOrWait seals a pen, or waits a little for who has it, where this process may
// not make views; not for ever.
func (s *Store) sealOrWait(ctx context.Context, p pen, tries int) error {
	err := s.seal(ctx, p)
	if !s.options.ReadOnly || !errors.Is(err, store.ErrReadOnly) || time.Duration(tries)*courtesy > s.cluster.timeout {
		return err
	}
	pause(ctx, courtesy)
	return ctx.Err()
}

// lastEntry is the number of the last entry that counts, or may.
func (s *Store) lastEntry(ctx context.Context) (uint64, error) {
	last := s.ledger.entry
	for {
		list, err := s.entriesBehind(ctx, last)
		if err != nil || len(list) == 0 {
			return last, err
		}
		cutOff := len(list) == entriesAtOnce
		if list = counting(list, s.ledger.pen); len(list) == 0 {
			return last, nil
		}
		if !cutOff {
			return list[len(list)-1].number, nil
		}
		last = list[len(list)/2].number
	}
}

// takePen makes a new pen and takes in all that counts before it.
func (s *Store) takePen(ctx context.Context) error {
	for {
		highest, err := s.settle(ctx)
		if err != nil {
			return err
		}
		p := pen{max(highest.number, s.ledger.pen) + 1, newWord()}
		mine, err := s.makePen(ctx, p)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		if err := s.seal(ctx, p); err != nil {
			return err
		}
		if _, err := s.follow(ctx); err != nil {
			return err
		}
		if s.ledger.pen == p.number {
			s.pen = p
			s.dropPens(ctx)
			return nil
		}
	}
}

// settle makes sure that the last pen is sealed, takes in all that is sure to
// count, and gives that pen.
func (s *Store) settle(ctx context.Context) (pen, error) {
	for {
		if _, err := s.follow(ctx); err != nil {
			return pen{}, err
		}
		highest, err := s.highestPen(ctx)
		if err != nil || highest.number <= s.ledger.pen {
			return highest, err
		}
		if err := s.seal(ctx, highest); err != nil {
			return pen{}, err
		}
	}
}

// makePen tries to make a pen, and says whether it is there, is that of the
// holder, and is the highest.
func (s *Store) makePen(ctx context.Context, p pen) (mine bool, err error) {
	err = s.cluster.home.exec(ctx, fmt.Sprintf("CREATE VIEW %s%d AS SELECT '%s' AS holder", penPrefix, p.number, p.holder))
	if err != nil && codeOf(err) != codeTableExists {
		return false, fmt.Errorf("take the pen: %w", err)
	}
	highest, err := s.highestPen(ctx)
	return highest == p, err
}

// dropPens drops the pens that nobody asks for any more, and then their seals.
func (s *Store) dropPens(ctx context.Context) {
	numbers, err := s.pens(ctx)
	if err != nil || len(numbers) <= keptPens {
		return // it will be tried again, as with all that follows
	}
	numbers = numbers[:len(numbers)-keptPens/2]
	for _, n := range numbers {
		if s.cluster.home.exec(ctx, fmt.Sprintf("DROP TABLE IF EXISTS %s%d", penPrefix, n)) != nil {
			return
		}
	}
	seals, _ := s.views(ctx, sealPrefix)
	for _, seal := range seals {
		text, _, _ := strings.Cut(strings.TrimPrefix(seal, sealPrefix), "_")
		if n, err := strconv.ParseUint(text, 10, 64); err == nil && n <= numbers[len(numbers)-1] {
			_ = s.cluster.home.exec(ctx, "DROP TABLE IF EXISTS "+seal)
		}
	}
}

// errLost says that somebody took the pen.
var errLost = errors.New("the pen was taken")

// newWord is a word that nobody else has.
func newWord() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
