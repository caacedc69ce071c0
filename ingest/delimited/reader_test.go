package delimited

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

var testLimits = Limits{Record: 4 << 20, Columns: 1000}

// A line is what Read gave: a row, or the problem in its place.
type line struct {
	Row     int
	Cells   []string
	Problem string
}

func readAll(t testing.TB, src io.Reader, comma byte, limits Limits) ([]line, error) {
	t.Helper()
	return readLines(NewReader(src, comma, limits))
}

// readPieces reads the text byte by byte, so that every record meets the end of
// the buffer.
func readPieces(t testing.TB, text string, comma byte) ([]line, error) {
	t.Helper()
	r := NewReader(iotest.OneByteReader(strings.NewReader(text)), comma, testLimits)
	r.chunk = 1
	return readLines(r)
}

func readLines(r *Reader) ([]line, error) {
	var lines []line
	for {
		row, cells, err := r.Read()
		var m *Malformed
		switch {
		case errors.Is(err, io.EOF):
			return lines, nil
		case errors.As(err, &m):
			lines = append(lines, line{Row: m.Row, Problem: m.Problem})
			continue
		case err != nil:
			return lines, err
		}
		var texts []string
		for _, cell := range cells {
			texts = append(texts, string(cell))
		}
		lines = append(lines, line{Row: row, Cells: texts})
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	const behind, never = "text behind a closing quote", "an opening quote is never closed"
	tests := []struct {
		name, text string
		want       []line
	}{
		{"empty", "", nil},
		{"no line end at the end", "a,b", []line{{1, []string{"a", "b"}, ""}}},
		{"three line ends", "a\nb\r\nc\rd\n", []line{{1, []string{"a"}, ""}, {2, []string{"b"}, ""}, {3, []string{"c"}, ""}, {4, []string{"d"}, ""}}},
		{"blank lines keep the numbers", "a\n\n\r\nb\n", []line{{1, []string{"a"}, ""}, {4, []string{"b"}, ""}}},
		{"empty fields", ",,\n", []line{{1, []string{"", "", ""}, ""}}},
		{"empty last field at the end", "a,", []line{{1, []string{"a", ""}, ""}}},
		{"quoted", "\"a\",\"b\"\n", []line{{1, []string{"a", "b"}, ""}}},
		{"delimiter in quotes", "\"a,b\",c\n", []line{{1, []string{"a,b", "c"}, ""}}},
		{"doubled quotes", "\"say \"\"x\"\"\",\"\"\"\"\n", []line{{1, []string{`say "x"`, `"`}, ""}}},
		{"lines in quotes", "\"a\nb\r\nc\rd\",e\nf\n", []line{{1, []string{"a\nb\r\nc\rd", "e"}, ""}, {5, []string{"f"}, ""}}},
		{"quote in the middle is text", "5\" pipe,b\"\n", []line{{1, []string{`5" pipe`, `b"`}, ""}}},
		{"text behind a closing quote", "\"a\"b,c\nd,e\n", []line{{1, nil, behind}, {2, []string{"d", "e"}, ""}}},
		{"never closed loses one line", "a,\"b\nc,d\n", []line{{1, nil, never}, {2, []string{"c", "d"}, ""}}},
		{"never closed at the very end", "a\n\"", []line{{1, []string{"a"}, ""}, {2, nil, never}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			whole, err := readAll(t, strings.NewReader(tt.text), ',', testLimits)
			pieces, errPieces := readPieces(t, tt.text, ',')
			if err != nil || errPieces != nil {
				t.Fatal(err, errPieces)
			}
			if diff := cmp.Diff(tt.want, whole); diff != "" {
				t.Errorf("at once (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, pieces); diff != "" {
				t.Errorf("byte by byte (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"long record", strings.Repeat("x", 200), "longer than the limit of 100 bytes"},
		{"many columns", strings.Repeat(",", 20), "21 columns, more than the limit of 10"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := readAll(t, strings.NewReader(tt.text), ',', Limits{Record: 100, Columns: 10})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// A quote that nothing closes within the length of a record costs its line only.
func TestStrayQuoteInLongFile(t *testing.T) {
	t.Parallel()
	text := "a,\"b\n" + strings.Repeat("c,d\n", 3<<20/4)
	got, err := readAll(t, strings.NewReader(text), ',', Limits{Record: 1 << 20, Columns: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1+3<<20/4 || got[0].Problem == "" || got[1].Row != 2 {
		t.Errorf("%d rows, the first %+v; want every line, the first malformed", len(got), got[0])
	}
}

func TestBrokenStream(t *testing.T) {
	t.Parallel()
	broken := errors.New("the wire is cut")
	_, err := readAll(t, io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)), ',', testLimits)
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error %v, want the broken stream and its line", err)
	}
}

func TestDelimiter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, head string
		want       byte
	}{
		{"comma", "a,b,c\n1,2,3\n", ','},
		{"semicolon with decimal commas", "a;b;c\n1,5;2;3\n1;2,5;3,5\n", ';'},
		{"tab", "a\tb\n1\t2\n", '\t'},
		{"bar", "a|b|c\n1|2|3\n", '|'},
		{"delimiters in quotes do not count", "\"a;b;c;d\",x\n\"a;b;c;d\",y\n", ','},
		{"title above", "停电统计表 (a;b;c)\nx,y,z\n1,2,3\n", ','},
		{"one column", "a\nb\n", ','},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Delimiter([]byte(tt.head)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Every line of the text is in some row, in order, and reading ends.
func FuzzDelimited(f *testing.F) {
	for _, seed := range []string{"", "a,b\n1,2\n", "\"a\"\"b\",c\r\n", "\"a\nb\"x\n,\"", "a\r\rb", "\"\n\"\"\n\""} {
		f.Add([]byte(seed), byte(','))
	}
	f.Fuzz(func(t *testing.T, text []byte, comma byte) {
		if len(text) > 10_000 || comma == '"' || comma == '\n' || comma == '\r' {
			return
		}
		whole, err := readAll(t, bytes.NewReader(text), comma, testLimits)
		if err != nil {
			return // beyond the limits
		}
		last := 0
		for _, l := range whole {
			if l.Row <= last || l.Row > lineEnds(text)+1 {
				t.Fatalf("row %d after row %d in a text of %d lines", l.Row, last, lineEnds(text)+1)
			}
			last = l.Row
		}
		pieces, err := readPieces(t, string(text), comma)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole, pieces); diff != "" {
			t.Fatalf("byte by byte (-whole +pieces):\n%s", diff)
		}
	})
}

func BenchmarkDelimited(b *testing.B) {
	row := "2021-000123,10kV城东线,630102001,西宁市,市区,2021-01-05 08:03:00,2021-01-05 09:41:30,125,计划检修,配网检修\n"
	quoted := "\"" + strings.ReplaceAll(strings.TrimSpace(row), ",", "\",\"") + "\"\n"
	for name, line := range map[string]string{"plain": row, "quoted": quoted} {
		for _, rows := range []int{100, 10_000, 100_000} {
			b.Run(name+"/"+map[int]string{100: "100", 10_000: "10k", 100_000: "100k"}[rows], func(b *testing.B) {
				text := strings.Repeat(line, rows)
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					r := NewReader(strings.NewReader(text), ',', testLimits)
					for {
						if _, _, err := r.Read(); err != nil {
							break
						}
					}
				}
			})
		}
	}
}
