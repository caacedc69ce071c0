package report

import (
	"encoding/csv"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A csvWriter writes CSV that a spreadsheet can open: no field becomes a formula.
// All that this package writes as CSV goes through it.
type csvWriter struct{ *csv.Writer }

func newCSV(w io.Writer) csvWriter { return csvWriter{csv.NewWriter(w)} }

// Write writes a line.
func (w csvWriter) Write(fields []string) error {
	safe := make([]string, len(fields))
	for i, field := range fields {
		safe[i] = inert(field)
	}
	return w.Writer.Write(safe)
}

// WriteAll writes lines, and all that waits to be written.
func (w csvWriter) WriteAll(lines [][]string) error {
	for _, line := range lines {
		if err := w.Write(line); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// decimal matches a number.
var decimal = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// signs begin what a spreadsheet takes for a formula or a command; those of full
// width do where it runs in Chinese or Japanese.
const signs = "=+-@＝＋－＠"

// behindEnd matches a sign behind what some spreadsheets take for the end of a field
// or a line, whatever quotes stand around it.
var behindEnd = regexp.MustCompile(`([;\t\r\n][" ]*)([=+\-@＝＋－＠])`)

// inert puts an apostrophe before a text that a spreadsheet would take for a formula
// or a command: one that begins with one of the [signs], a tab or the end of a line,
// as identifiers and words of any input may, and before a sign inside a text that
// follows a semicolon, a tab or the end of a line, at which a spreadsheet may divide
// it. Numbers stay, negative ones too.
func inert(field string) string {
	if strings.ContainsAny(field, ";\t\r\n") {
		field = behindEnd.ReplaceAllString(field, "$1'$2")
	}
	first, _ := utf8.DecodeRuneInString(field)
	if field == "" || !strings.ContainsRune(signs+"\t\r\n", first) || decimal.MatchString(field) {
		return field
	}
	return "'" + field
}

// CSV writes the indices of a snapshot, one line a scope, class and window. A
// value that does not exist is an empty field.
func CSV(w io.Writer, s *snapshot.Snapshot) error {
	out := newCSV(w)
	header := []string{
		"scope", "level", "class", "window", "from", "to", "customer_seconds", "interruptions", "momentary_interruptions", "events",
		"equivalent_customers", "saidi_hours", "saifi", "maifi", "caidi_hours", "asai", "ctaidi_hours", "caifi",
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, e := range s.Indices {
		if err := out.Write([]string{
			e.Scope, e.Level, e.Class, e.Window, e.From, e.To, e.CustomerSeconds.String(), e.Interruptions.String(),
			e.MomentaryInterruption.String(), strconv.FormatInt(e.Events, 10), exact(&e.EquivalentCustomers), exact(e.SAIDIHours),
			exact(e.SAIFI), exact(e.MAIFI), exact(e.CAIDIHours), exact(e.ASAI), exact(e.CTAIDIHours), exact(e.CAIFI),
		}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// TargetsCSV writes the verdicts of a snapshot, one line a target and year, with
// what is left of its budget and where the year will end. Several reasons or
// members stand between spaces.
func TargetsCSV(w io.Writer, s *snapshot.Snapshot) error {
	out := newCSV(w)
	rows := [][]string{append([]string{
		"scope", "class", "rule", "strength", "deadline", "year", "limit_hours", "value_hours", "base_hours", "reduction", "verdict", "provisional",
		"reasons", "arithmetic", "after_deadline", "expected_share", "pace", "without_data", "data_through", "from", "to", "clause",
	}, outlookFields()...)}
	for i := range s.Targets {
		t := &s.Targets[i]
		rows = append(rows, append([]string{
			t.Scope, t.Class, t.Rule, t.Strength, t.Deadline, strconv.Itoa(t.Year), exact(t.LimitHours), exact(t.ValueHours), exact(t.BaseHours), exact(t.Reduction),
			t.Verdict, strconv.FormatBool(t.Provisional), strings.Join(t.Reasons, " "), t.Arithmetic, strconv.FormatBool(t.AfterDeadline),
			exact(t.ExpectedShare), exact(t.Pace), strings.Join(t.WithoutData, " "), t.DataThrough, t.From, t.To, t.Clause,
		}, outlookValues(t)...))
	}
	return out.WriteAll(rows)
}

// delivery is the number of one to a store, empty for a file.
func delivery(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func exact(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

// Rejects writes the rows that could not be counted, each with its place, the
// reason and, in words, what to do.
func Rejects(w io.Writer, rejects []snapshot.Reject, language wording.Language) error {
	out := newCSV(w)
	if err := out.Write([]string{"file", "sheet", "row", "event_id", "column", "value", "reason", "what_to_do", "delivery"}); err != nil {
		return err
	}
	for _, r := range rejects {
		if err := out.Write([]string{r.Path, r.Sheet, strconv.Itoa(r.Row), r.EventID, r.Column, r.Value, r.Reason, language.Word(wording.Advice, r.Reason), delivery(r.Delivery)}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
