package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/saidi-exporter/saidi/outage"
)

// notText begins a text that is no valid UTF-8, or begins so itself: it is kept
// quoted, so that every JSON and Parquet reader can take it.
const notText = "\uFFFF"

// sealed makes a text valid UTF-8, in a way that unsealed undoes.
func sealed(text string) string {
	if utf8.ValidString(text) && !strings.HasPrefix(text, notText) {
		return text
	}
	return notText + strconv.QuoteToASCII(text)
}

// unsealed gives the text that was sealed.
func unsealed(text string) string {
	rest, ok := strings.CutPrefix(text, notText)
	if !ok {
		return text
	}
	if plain, err := strconv.Unquote(rest); err == nil {
		return plain
	}
	return text
}

// appendText appends a field of a JSON object, nothing for an empty text.
func appendText(dst []byte, name, text string) []byte {
	if text == "" {
		return dst
	}
	return appendQuoted(appendName(dst, name), sealed(text))
}

func appendName(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	return append(append(dst, name...), '"', ':')
}

// appendQuoted appends valid UTF-8 as a JSON string.
func appendQuoted(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

func appendInteger(dst []byte, name string, n int64) []byte {
	return strconv.AppendInt(appendName(dst, name), n, 10)
}

// appendEvent appends a row without its closing brace.
func appendEvent(dst []byte, e *outage.Event) []byte {
	dst = append(dst, '{')
	dst = appendText(dst, "event_id", e.ID)
	dst = appendText(dst, "source", e.Source)
	dst = appendText(dst, "feeder_id", e.Feeder)
	dst = appendText(dst, "unit_id", e.Unit)
	dst = appendText(dst, "area", e.Area)
	dst = appendText(dst, "class", e.Class)
	dst = appendInteger(dst, "start", e.Start)
	if e.End != outage.Open {
		dst = appendInteger(dst, "end", e.End)
	}
	if e.Customers != outage.Missing {
		dst = appendInteger(dst, "customers", e.Customers)
	}
	dst = appendText(dst, "nature", e.Nature.String())
	dst = appendText(dst, "cause", e.Cause)
	dst = appendText(dst, "technical_cause", e.TechnicalCause)
	dst = appendText(dst, "stage", e.Stage)
	if len(e.Steps) > 0 {
		dst = appendSteps(appendName(dst, "steps"), e.Steps)
	}
	if e.Revision != 0 {
		dst = appendInteger(dst, "revision", e.Revision)
	}
	if e.Cancelled {
		dst = append(appendName(dst, "cancelled"), "true"...)
	}
	if e.CapacityKVA != 0 {
		dst = appendFloat(appendName(dst, "capacity_kva"), e.CapacityKVA)
	}
	if e.Flags != 0 {
		dst = appendInteger(dst, "flags", int64(e.Flags))
	}
	return appendInteger(dst, "row", int64(e.Row))
}

// appendFloat writes what JSON has no number for as a text.
func appendFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return strconv.AppendQuote(dst, strconv.FormatFloat(f, 'g', -1, 64))
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}

func appendSteps(dst []byte, steps []outage.Step) []byte {
	dst = append(dst, '[')
	for i, s := range steps {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendInteger(append(dst, '{'), "at", s.At)
		dst = append(appendInteger(dst, "restored", s.Restored), '}')
	}
	return append(dst, ']')
}

// appendRow appends a readable row as a line.
func appendRow(dst []byte, e *outage.Event) []byte { return append(appendEvent(dst, e), '}', '\n') }

// appendRejection appends a rejected row as a line.
func appendRejection(dst []byte, r *outage.Rejection) []byte {
	dst = appendEvent(dst, &r.Event)
	dst = appendQuoted(appendName(dst, "reason"), sealed(string(r.Reason)))
	dst = appendText(dst, "reason_column", r.Column)
	dst = appendText(dst, "reason_value", r.Value)
	return append(dst, '}', '\n')
}

// A line is a row as it is stored in the tail.
type line struct {
	ID           string   `json:"event_id"`
	Source       string   `json:"source"`
	Feeder       string   `json:"feeder_id"`
	Unit         string   `json:"unit_id"`
	Area         string   `json:"area"`
	Class        string   `json:"class"`
	Start        int64    `json:"start"`
	End          *int64   `json:"end"`
	Customers    *int64   `json:"customers"`
	Nature       string   `json:"nature"`
	Cause        string   `json:"cause"`
	Technical    string   `json:"technical_cause"`
	Stage        string   `json:"stage"`
	Steps        []step   `json:"steps"`
	Revision     int64    `json:"revision"`
	Cancelled    bool     `json:"cancelled"`
	Capacity     capacity `json:"capacity_kva"`
	Flags        uint16   `json:"flags"`
	Row          uint32   `json:"row"`
	Reason       *string  `json:"reason"`
	ReasonColumn string   `json:"reason_column"`
	ReasonValue  string   `json:"reason_value"`
}

type step struct {
	At       int64 `json:"at"`
	Restored int64 `json:"restored"`
}

// A capacity is a number that JSON may not have.
type capacity float64

func (c *capacity) UnmarshalJSON(text []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 64)
	*c = capacity(f)
	return err
}

// parseSteps reads what appendSteps wrote.
func parseSteps(text []byte) ([]outage.Step, error) {
	var stored []step
	if err := json.Unmarshal(text, &stored); err != nil {
		return nil, fmt.Errorf("steps: %w", err)
	}
	return stepsOf(stored), nil
}

func stepsOf(stored []step) []outage.Step {
	if len(stored) == 0 {
		return nil
	}
	steps := make([]outage.Step, len(stored))
	for i, s := range stored {
		steps[i] = outage.Step(s)
	}
	return steps
}

// event is the row that a line says.
func (l *line) event() (outage.Event, error) {
	nature, err := nature(l.Nature)
	if err != nil {
		return outage.Event{}, err
	}
	e := outage.Event{
		Row: outage.Row(l.Row), Source: unsealed(l.Source), ID: unsealed(l.ID), Feeder: unsealed(l.Feeder), Unit: unsealed(l.Unit),
		Area: unsealed(l.Area), Class: unsealed(l.Class), Start: l.Start, End: outage.Open, Customers: outage.Missing, Nature: nature,
		Cause: unsealed(l.Cause), TechnicalCause: unsealed(l.Technical), Stage: unsealed(l.Stage), Steps: stepsOf(l.Steps), Revision: l.Revision,
		Cancelled: l.Cancelled, CapacityKVA: float64(l.Capacity), Served: outage.Missing, Flags: outage.Flags(l.Flags),
	}
	if l.End != nil {
		e.End = *l.End
	}
	if l.Customers != nil {
		e.Customers = *l.Customers
	}
	return e, nil
}

// decodeRows appends the rows of the tail to a batch, rejected ones to its
// rejections.
func decodeRows(b *outage.Batch, data []byte) error {
	var s scan
	for n := 1; len(data) > 0; n++ {
		text, rest, ok := bytes.Cut(data, []byte{'\n'})
		if !ok {
			return fmt.Errorf("line %d: %w", n, errors.New("it breaks off"))
		}
		if !s.row(b, text) {
			if err := decodeRow(b, text); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
		}
		data = rest
	}
	return nil
}

// decodeRow appends the row of a line that may be any JSON: that of an earlier
// version of this program, or made by hand.
func decodeRow(b *outage.Batch, text []byte) error {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return err
	}
	e, err := l.event()
	if err != nil {
		return err
	}
	if l.Reason == nil {
		b.Append(&e)
		return nil
	}
	b.Rejected = append(b.Rejected, outage.Rejection{
		Event: e, Column: unsealed(l.ReasonColumn), Value: unsealed(l.ReasonValue), Reason: outage.Reason(unsealed(*l.Reason)),
	})
	return nil
}
