package shard

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Shown is a report, as far as it is looked into.
type shown struct {
	text       []byte
	Provenance struct {
		AsOf    string `json:"as_of"`
		KnownAt int64  `json:"known_at"`
	}
	Indices []json.RawMessage
	Quality struct {
		Rows, Accepted, Rejected int
	}
}

// report gives what an exporter shows, once it is as known at a sequence.
func (x *exporter) report(ctx context.Context, known int64) (*shown, error) {
	text, err := x.get(ctx, "/api/v1/report")
	if err != nil {
		return nil, err
	}
	s := &shown{text: text}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, err
	}
	if s.Provenance.KnownAt != known {
		return s, fmt.Errorf("the report is as known at %d, not yet at %d", s.Provenance.KnownAt, known)
	}
	return s, nil
}

// sameInstant says whether two reports are of one moment.
func (s *shown) sameInstant(o *shown) error {
	if s.Provenance != o.Provenance {
		return fmt.Errorf("one report is of %v, the other of %v", s.Provenance, o.Provenance)
	}
	return nil
}

// instant is what makes a command say what the report says.
func (s *shown) instant() []string {
	return []string{"--format", "json", "--as-of", s.Provenance.AsOf, "--known-at", fmt.Sprint(s.Provenance.KnownAt)}
}

// same holds two reports in JSON against each other: everything in them is equal.
func same(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) || len(want) == 0 {
		compare(t, what, decoded(t, got), decoded(t, want))
	}
}

// sameShown holds what an exporter shows against what the command says: all is
// equal but the numbers of distinct customers, which an exporter does not show.
func sameShown(t *testing.T, what string, got, want []byte) {
	t.Helper()
	a, b := decoded(t, got), decoded(t, want)
	for _, report := range []map[string]any{a, b} {
		withoutDistinct(report["indices"])
	}
	compare(t, what, a, b)
}

// withoutDistinct takes the numbers of distinct customers out of indices.
func withoutDistinct(indices any) {
	list, _ := indices.([]any)
	for _, index := range list {
		of, _ := index.(map[string]any)
		for _, name := range []string{"ctaidi_hours", "caifi", "cemi", "celid"} {
			delete(of, name)
		}
	}
}

func compare(t *testing.T, what string, got, want map[string]any) {
	t.Helper()
	if len(want) < 5 {
		t.Fatalf("%s: a report of %d fields", what, len(want))
	}
	if list := differences(nil, "", got, want); len(list) > 0 {
		t.Errorf("%s differ in %d places, such as:\n%s", what, len(list), strings.Join(list[:min(len(list), mostShown)], "\n"))
	}
}

// mostShown is how many differences are shown at most.
const mostShown = 12

// differences adds where two pieces of JSON are not equal, in order.
func differences(list []string, path string, got, want any) []string {
	switch w := want.(type) {
	case map[string]any:
		g, _ := got.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(w)) {
			list = differences(list, path+"/"+name, g[name], w[name])
		}
		if len(g) > len(w) {
			list = append(list, fmt.Sprintf("%s: %d fields, want %d", path, len(g), len(w)))
		}
	case []any:
		g, _ := got.([]any)
		if len(g) != len(w) {
			return append(list, fmt.Sprintf("%s: %d elements, want %d", path, len(g), len(w)))
		}
		for i := range w {
			list = differences(list, fmt.Sprintf("%s/%d%s", path, i, nameOf(w[i])), g[i], w[i])
		}
	default:
		if got != want {
			list = append(list, fmt.Sprintf("%s: %v, want %v", path, got, want))
		}
	}
	return list
}

// nameOf says which index an element is.
func nameOf(element any) string {
	of, _ := element.(map[string]any)
	if of["scope"] == nil {
		return ""
	}
	return fmt.Sprintf("(%v %v %v)", of["scope"], of["class"], of["window"])
}

// decoded is a report with its numbers as they are written.
func decoded(t *testing.T, text []byte) (v map[string]any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("a report: %v in %.500s", err, text)
	}
	return v
}

// A sample is one line of /metrics.
type sample struct {
	series, value string
}

// samples are the lines of /metrics, in order.
func (x *exporter) samples(ctx context.Context) (list []sample, err error) {
	text, err := x.get(ctx, "/metrics")
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if at := bytes.LastIndexByte(line, ' '); at > 0 && line[0] != '#' {
			list = append(list, sample{string(line[:at]), string(line[at+1:])})
		}
	}
	return list, nil
}
