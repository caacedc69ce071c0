package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"

	native "github.com/ClickHouse/clickhouse-go/v2"

	"github.com/saidi-exporter/saidi/store"
)

// A ShardError says that a shard does not answer.
type ShardError struct {
	Shard   int    // from 1
	Address string // of its server
	Err     error
}

// Error names the shard.
func (e *ShardError) Error() string {
	return fmt.Sprintf("shard %d (%s) does not answer: %v", e.Shard, e.Address, e.Err)
}

// Unwrap is what went wrong.
func (e *ShardError) Unwrap() error { return e.Err }

// What the servers say by number.
const (
	codeUnknownTable    = 60
	codeTableExists     = 57
	codeUnknownDatabase = 81
	codeReadOnly        = 164
	codeNoSpace         = 243
	codeDenied          = 497
)

// passing are the numbers of what passes by itself: too many parts or queries at
// this moment, no memory left, a replica that is behind, another server that does
// not answer.
func passing() []int32 {
	return []int32{159, 202, 203, 209, 210, 225, 241, 242, 252, 279, 286, 289, 999}
}

// codeOf is the number by which a server refused something; 0 where no server
// said anything.
func codeOf(err error) int32 {
	if said, ok := errors.AsType[*native.Exception](err); ok {
		return said.Code
	}
	return 0
}

// isUnknown says whether a server refused something as there is no such table or
// database.
func isUnknown(err error) bool {
	code := codeOf(err)
	return code == codeUnknownTable || code == codeUnknownDatabase
}

// mayPass says whether it is worth trying again.
func mayPass(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, errTaken) {
		return false
	}
	code := codeOf(err)
	return code == 0 || slices.Contains(passing(), code)
}

// errTaken marks an error of who takes the rows, not of the server.
var errTaken = errors.New("rows were not taken")

// A takingError is an error of who takes the rows of a query.
type takingError struct{ error }

func (e *takingError) Unwrap() error        { return e.error }
func (e *takingError) Is(target error) bool { return target == errTaken }

// kindOf gives an error that a server said its kind.
func kindOf(err error) error {
	switch codeOf(err) {
	case codeNoSpace:
		return fmt.Errorf("%w: %w", store.ErrFull, err)
	case codeReadOnly, codeDenied:
		return fmt.Errorf("%w: %w", store.ErrReadOnly, err)
	}
	return err
}

// A fault is an error of a kind that callers branch on, with words of its own.
type fault struct {
	kind error
	text string
}

func (f *fault) Error() string { return f.text }
func (f *fault) Unwrap() error { return f.kind }

func faultf(kind error, format string, args ...any) error {
	return &fault{kind, fmt.Sprintf(format, args...)}
}

func isCorrupt(err error) bool { return errors.Is(err, store.ErrCorrupt) }
