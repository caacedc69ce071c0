package push

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// An Unreadable is a body that cannot be read as a whole: of no known format, or
// broken off inside. The sender is shown Err.
type Unreadable struct{ Err error }

func (e *Unreadable) Error() string { return "unreadable: " + e.Err.Error() }
func (e *Unreadable) Unwrap() error { return e.Err }

// A BadParameter is a parameter that the body's reader does not understand, such
// as a period that ends before it begins. The sender is shown Err.
type BadParameter struct {
	Name string
	Err  error
}

func (e *BadParameter) Error() string { return "parameter " + e.Name + ": " + e.Err.Error() }
func (e *BadParameter) Unwrap() error { return e.Err }

// A Refused is a body that could be read and of which nothing is kept: a base
// that contradicts itself, or a strict delivery with a rejected row. The sender
// is shown Err and the rejections.
type Refused struct {
	Err        error
	Rejections []Rejection
	LeftOut    int // how many more there are
}

func (e *Refused) Error() string { return "refused: " + e.Err.Error() }
func (e *Refused) Unwrap() error { return e.Err }

// A Busy is a store that cannot take anything now. Err is not shown.
type Busy struct {
	RetryAfter time.Duration
	Err        error
}

func (e *Busy) Error() string { return fmt.Sprintf("busy: %v", e.Err) }
func (e *Busy) Unwrap() error { return e.Err }

// A Full is a store without room. Err is not shown.
type Full struct{ Err error }

func (e *Full) Error() string { return fmt.Sprintf("full: %v", e.Err) }
func (e *Full) Unwrap() error { return e.Err }

// A fault is an answer other than that the delivery is stored.
type fault struct {
	status     int
	code       string // from a closed list, see web/openapi.yaml
	message    string // what is wrong and what to do, for the sender
	header     map[string]string
	rejections []Rejection
	leftOut    int
}

func (f *fault) Error() string { return f.code + ": " + f.message }

// faultf makes a fault with a message.
func faultf(status int, code, format string, args ...any) *fault {
	return &fault{status: status, code: code, message: fmt.Sprintf(format, args...), header: map[string]string{}}
}

// statusOf is the status of the answer; no fault is none.
func (f *fault) statusOf() int {
	if f == nil {
		return http.StatusOK
	}
	return f.status
}

// with adds a header.
func (f *fault) with(name, value string) *fault {
	f.header[name] = value
	return f
}

// retry says when it may be tried again: in whole seconds, one at least.
func (f *fault) retry(after time.Duration) *fault {
	return f.with("Retry-After", strconv.FormatInt(max(1, int64(math.Ceil(after.Seconds()))), 10))
}

// busyTime is after how long to try again where nothing tells better.
const busyTime = 5 * time.Second

// faultOf words an error of whoever takes bodies in. What it does not know is
// shown without its text, which may tell of the inside.
func faultOf(err error) *fault {
	if f, ok := errors.AsType[*fault](err); ok {
		return f
	}
	if e, ok := errors.AsType[*Unreadable](err); ok {
		return faultf(http.StatusBadRequest, "unreadable", "nothing is stored, as the body cannot be read: %v", e.Err)
	}
	if e, ok := errors.AsType[*BadParameter](err); ok {
		return badParameter(e.Name, "%v", e.Err)
	}
	if e, ok := errors.AsType[*Refused](err); ok {
		f := faultf(http.StatusUnprocessableEntity, "refused", "nothing is stored: %v", e.Err)
		f.rejections, f.leftOut = shownRejections(e.Rejections, e.LeftOut)
		return f
	}
	if e, ok := errors.AsType[*Busy](err); ok {
		return faultf(http.StatusServiceUnavailable, "busy", "nothing is stored, as the store cannot take it now: send it again later").retry(e.RetryAfter)
	}
	if _, ok := errors.AsType[*Full](err); ok {
		return faultf(http.StatusInsufficientStorage, "full", "nothing is stored, as the store has no room: make room on its disk, then send it again")
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return stopping()
	}
	return faultf(http.StatusInternalServerError, "internal",
		"something went wrong inside, and nothing is acknowledged: send it again, and if it stays so, look at the log of the program")
}

func stopping() *fault {
	return faultf(http.StatusServiceUnavailable, "stopping", "nothing is acknowledged, as the work was interrupted: send it again").retry(busyTime)
}

func badParameter(name, format string, args ...any) *fault {
	return faultf(http.StatusBadRequest, "bad-parameter", "%s: %s", name, fmt.Sprintf(format, args...))
}

// A failure is a fault in JSON.
type failure struct {
	SchemaVersion int         `json:"schema_version"`
	Error         failed      `json:"error"`
	Rejections    []Rejection `json:"rejections,omitempty"`
	LeftOut       int         `json:"rejections_left_out,omitempty"`
}

type failed struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// shown is the fault as it goes out.
func (f *fault) shown() *failure {
	return &failure{SchemaVersion, failed{f.code, strings.ToValidUTF8(shorten(f.message, longestMessage), "\uFFFD")}, f.rejections, f.leftOut}
}
