package delimited

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// readPortions reads a text as several goroutines would, one portion after the
// other, with the memory of each for the one after the next.
func readPortions(r *Reader, size int) ([]line, error) {
	var lines []line
	helper := r.Helper()
	var spare []byte
	for {
		p, ok := r.Portion(size, spare)
		if ok {
			helper.Take(p)
			more, err := readLines(helper)
			lines = append(lines, more...)
			if err != nil {
				return lines, err
			}
			spare = p.Text
			continue
		}
		row, cells, err := r.Read()
		var m *Malformed
		switch {
		case errors.Is(err, io.EOF):
			return lines, nil
		case errors.As(err, &m):
			lines = append(lines, line{Row: m.Row, Problem: m.Problem})
		case err != nil:
			return lines, err
		default:
			lines = append(lines, line{Row: row, Cells: texts(cells)})
		}
	}
}

func texts(cells [][]byte) []string {
	var texts []string
	for _, cell := range cells {
		texts = append(texts, string(cell))
	}
	return texts
}

// A text read in portions is what it is read at once: every record, line number,
// malformed line and error, wherever quotes, line ends and the buffer fall.
func TestPortions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SampledFrom([]string{"a", "b", ",", ",", `"`, `"`, `""`, `,"`, `",`, "\n", "\n", "\r", "\r\n", "x\r\n", "中", strings.Repeat("y", 40)})
		text := strings.Join(rapid.SliceOfN(words, 0, 120).Draw(t, "words"), "")
		limits := Limits{Record: rapid.IntRange(1, 200).Draw(t, "limit"), Columns: rapid.IntRange(1, 30).Draw(t, "columns")}
		buffer := rapid.SampledFrom([]int{1, 8, 64, 1024}).Draw(t, "buffer")
		broken := rapid.Bool().Draw(t, "broken")
		source := rapid.SampledFrom([]func(io.Reader) io.Reader{
			func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader,
		}).Draw(t, "source")
		open := func() *Reader {
			var src io.Reader = strings.NewReader(text)
			if broken {
				src = io.MultiReader(src, iotest.ErrReader(errors.New("the wire is cut")))
			}
			r := NewReader(source(src), ',', limits)
			r.buf, r.chunk = make([]byte, buffer), 1
			return r
		}
		want, wantErr := readLines(open())
		r := open()
		before := rapid.IntRange(0, min(3, len(want))).Draw(t, "records read before")
		for range before {
			_, _, _ = r.Read()
		}
		got, err := readPortions(r, rapid.IntRange(1, 2*len(text)+1).Draw(t, "size"))
		if diff := cmp.Diff(want[before:], append([]line{}, got...)); diff != "" && len(got)+len(want[before:]) > 0 {
			t.Fatalf("%q (-whole +portions):\n%s", text, diff)
		}
		if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
			t.Fatalf("%q: error %v, want %v", text, err, wantErr)
		}
	})
}

// Portions are about as long as they are asked for, and end where a line does.
func TestPortionSizes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		size       int
		want       []Portion
	}{
		{"lines", "a\nb\nc\nd\n", 4, []Portion{{[]byte("a\nb\n"), 1}, {[]byte("c\nd\n"), 3}}},
		{"a longer line", "aaaa\nb\n", 2, []Portion{{[]byte("aaaa\n"), 1}, {[]byte("b\n"), 2}}},
		{"no line end at the end", "a\nb", 9, []Portion{{[]byte("a\nb"), 1}}},
		{"quotes across lines", "a\n\"b\nb\"\nc\n", 4, []Portion{{[]byte("a\n\"b\nb\"\n"), 1}, {[]byte("c\n"), 4}}},
		{"CR and CRLF", "a\rb\r\nc\rd", 4, []Portion{{[]byte("a\rb\r\n"), 1}, {[]byte("c\rd"), 3}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := NewReader(strings.NewReader(tt.text), ',', testLimits)
			var got []Portion
			for {
				p, ok := r.Portion(tt.size, nil)
				if !ok {
					break
				}
				got = append(got, p)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("portions (-want +got):\n%s", diff)
			}
		})
	}
}

// BenchmarkPortion is what one goroutine does before others take the records
// apart.
func BenchmarkPortion(b *testing.B) {
	row := "E0001234567,F001234,63010004217-3,2021-01-05 08:03:00,2021-01-05 09:41:30,planned_maintenance,配网检修\n"
	quoted := "\"" + strings.ReplaceAll(strings.TrimSpace(row), ",", "\",\"") + "\"\n"
	for name, line := range map[string]string{"plain": row, "quoted": quoted} {
		b.Run(name, func(b *testing.B) {
			text := strings.Repeat(line, 100_000)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r := NewReader(strings.NewReader(text), ',', testLimits)
				var spare []byte
				for p, ok := r.Portion(1<<20, spare); ok; p, ok = r.Portion(1<<20, spare) {
					spare = p.Text
				}
			}
		})
	}
}
