package columnar_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/ingest/columnar"
)

// Forked readers give, group by group in any order, the rows that one reader
// gives one after the other, whether texts come coded or as they are.
func TestGroups(t *testing.T) {
	t.Parallel()
	writers := map[string]format{
		"parquet": {"parquet", func(w io.Writer, c []columnar.Column) (columnar.Writer, error) {
			return columnar.NewParquetGroupWriter(w, c, 9)
		}, openParquet},
		"arrow": {"arrow file", columnar.NewArrowFileWriter, openArrowFile},
	}
	for name, f := range writers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { checkGroups(t, f) })
		})
	}
}

func checkGroups(t *rapid.T, f format) {
	columns, dict := every(), columnar.NewDict(columnar.Limits{})
	var out bytes.Buffer
	w, err := f.write(&out, columns)
	if err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(1, 4).Draw(t, "batches") {
		if err := w.Write(drawBatch(t, columns, dict)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole, forked := opened(t, f, out.Bytes()), opened(t, f, out.Bytes())
	want, err := texts(whole)
	if err != nil {
		t.Fatal(err)
	}
	if err := forked.Select([]int{0, 2, 3}, 0); err != nil {
		t.Fatal(err)
	}
	want = [][]string{want[0], want[2], want[3]}
	workers := []*columnar.Reader{fork(t, forked), fork(t, forked)}
	groups := forked.Groups()
	parts := make([][][]string, len(groups))
	for _, g := range rapid.Permutation(indices(len(groups))).Draw(t, "order") {
		r := workers[rapid.IntRange(0, 1).Draw(t, "worker")]
		if err := r.Group(g); err != nil {
			t.Fatal(err)
		}
		if parts[g], err = texts(r); err != nil {
			t.Fatal(err)
		}
		if int64(len(parts[g][0])) != groups[g] {
			t.Fatalf("group %d has %d rows, want %d", g, len(parts[g][0]), groups[g])
		}
	}
	got := make([][]string, len(want))
	for i := range got {
		for _, part := range parts {
			got[i] = append(got[i], part[i]...)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-whole +groups):\n%s", diff)
	}
}

func opened(t *rapid.T, f format, data []byte) *columnar.Reader {
	r, err := f.open(data)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func fork(t *rapid.T, r *columnar.Reader) *columnar.Reader {
	f, err := r.Fork()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func indices(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// Of a stream no groups are known, and a group that is not there is an error.
func TestNoGroups(t *testing.T) {
	t.Parallel()
	for _, f := range formats() {
		r, err := f.open(written(t, f, 10))
		if err != nil {
			t.Fatal(err)
		}
		if f.name == "arrow stream" {
			if _, err := r.Fork(); err == nil || r.Groups() != nil || r.Abreast(8) != 1 {
				t.Errorf("%s: groups %v, error %v", f.name, r.Groups(), err)
			}
			continue
		}
		forked, err := r.Fork()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := forked.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: rows before a group is named, error %v", f.name, err)
		}
		for _, g := range []int{-1, 1} {
			other, err := r.Fork()
			if err != nil {
				t.Fatal(err)
			}
			if err := other.Group(g); err == nil {
				t.Errorf("%s: no error for group %d of %v", f.name, g, r.Groups())
			}
		}
	}
}

// All readers of a file share the limit of its memory, and as many read at once
// as it allows.
func TestMemoryIsShared(t *testing.T) {
	t.Parallel()
	data := written(t, formats()[0], 300_000)
	limits := columnar.Limits{Memory: 48 << 20}
	r, err := columnar.OpenParquet(bytes.NewReader(data), int64(len(data)), limits)
	if err != nil {
		t.Fatal(err)
	}
	few := r.Abreast(64)
	if few < 1 || few > 16 {
		t.Errorf("%d readers abreast in 48 MiB", few)
	}
	roomy, err := openParquet(data)
	if err != nil {
		t.Fatal(err)
	}
	if many := roomy.Abreast(64); many <= few {
		t.Errorf("%d readers abreast in the default memory, and %d in 48 MiB", many, few)
	}
	var failed error
	for range 12 {
		f, err := r.Fork()
		if err != nil {
			t.Fatal(err)
		}
		if failed = errors.Join(failed, f.Group(0)); failed == nil {
			_, failed = f.Next()
		}
	}
	if failed == nil {
		t.Error("any number of readers take any memory")
	}
}
