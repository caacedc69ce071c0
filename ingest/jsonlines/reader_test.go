package jsonlines

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var testLimits = Limits{Record: 1 << 20, Columns: 1000}

// An object is what Read gave: the values by key, or that it was malformed.
type object struct {
	Row       int
	Values    map[string]string
	Malformed bool
}

func readAll(src io.Reader, array bool, limits Limits) ([]object, error) {
	r := NewReader(src, array, limits)
	var objects []object
	for {
		row, cells, err := r.Read()
		var m *Malformed
		switch {
		case errors.Is(err, io.EOF):
			return objects, nil
		case errors.As(err, &m):
			objects = append(objects, object{Row: m.Row, Malformed: true})
			continue
		case err != nil:
			return objects, err
		}
		values := map[string]string{}
		for i, cell := range cells {
			if cell != nil {
				values[r.Keys()[i]] = string(cell)
			}
		}
		objects = append(objects, object{Row: row, Values: values})
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		array      bool
		want       []object
	}{
		{"lines", "{\"a\":1}\n\n{\"b\":\"x\"}\n", false, []object{{1, map[string]string{"a": "1"}, false}, {3, map[string]string{"b": "x"}, false}}},
		{"big ids keep their digits", `{"id":12345678901234567890,"n":1.50}`, false, []object{{1, map[string]string{"id": "12345678901234567890", "n": "1.50"}, false}}},
		{"escapes", `{"a":"x\n\"\u5e02\ud83d\ude00"}`, false, []object{{1, map[string]string{"a": "x\n\"市😀"}, false}}},
		{"the last of two keys", `{"a":1,"a":2}`, false, []object{{1, map[string]string{"a": "2"}, false}}},
		{"null, true, nested, array", `{"a":null,"b":true,"c":{"d":1},"e":[{"at":1}]}`, false, []object{{1, map[string]string{"b": "true", "e": `[{"at":1}]`}, false}}},
		{"not objects", "{\"a\":1}\n[1]\n7\n{\"a\"\n{\"a\":1} x\n{\"a\":2}\n", false, []object{{1, map[string]string{"a": "1"}, false}, {2, nil, true}, {3, nil, true}, {4, nil, true}, {5, nil, true}, {6, map[string]string{"a": "2"}, false}}},
		{"array", "[{\"a\":\"]},{\"},\n {\"a\":2}\n]\n", true, []object{{1, map[string]string{"a": "]},{"}, false}, {2, map[string]string{"a": "2"}, false}}},
		{"array with others in it", "[{\"a\":1},7,\n[{}],{\"a\":}]", true, []object{{1, map[string]string{"a": "1"}, false}, {1, nil, true}, {2, nil, true}, {2, nil, true}}},
		{"empty array", " [ ] ", true, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := readAll(strings.NewReader(tt.text), tt.array, testLimits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		array      bool
		limits     Limits
		want       string
	}{
		{"array breaks off", "[{\"a\":1},\n{\"a\"", true, testLimits, "line 2: the array breaks off"},
		{"text behind the array", "[{\"a\":1}] x", true, testLimits, "behind the end"},
		{"long line", `{"a":"` + strings.Repeat("x", 200), false, Limits{100, 10}, "line 1 is longer than the limit of 100 bytes"},
		{"long element", `[{"a":"` + strings.Repeat("x", 200), true, Limits{100, 10}, "line 1 is longer than the limit of 100 bytes"},
		{"many keys", `{"a":1,"b":2,"c":3}`, false, Limits{100, 2}, "limit of 2 different keys"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := readAll(strings.NewReader(tt.text), tt.array, tt.limits)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// Reading ends, rows ascend, and lines are neither lost nor made up.
func FuzzJSONLines(f *testing.F) {
	for _, seed := range []string{"", "{\"a\":1}\n{\"b\":[1]}\n", "[{\"a\":\"\\u5e02\"},2,]", "{\"a\":{\"b\":null}}x\n7", "[[}]"} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, array bool) {
		objects, err := readAll(bytes.NewReader(text), array, testLimits)
		last := 0
		for _, o := range objects {
			if o.Row < last {
				t.Fatalf("row %d after row %d", o.Row, last)
			}
			last = o.Row
		}
		if array || err != nil {
			return
		}
		lines := 0
		for part := range bytes.SplitSeq(text, []byte("\n")) {
			if len(bytes.TrimSpace(part)) > 0 {
				lines++
			}
		}
		if len(objects) != lines {
			t.Fatalf("%d rows from %d lines", len(objects), lines)
		}
	})
}
