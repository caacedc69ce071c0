package ingest

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What several goroutines give is taken in the order of the portions, up to the
// first error, wherever it comes from.
func TestInOrder(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong")
	rapid.Check(t, func(t *rapid.T) {
		portions := rapid.SliceOfN(rapid.IntRange(0, 200), 0, 30).Draw(t, "pieces of each portion")
		broken := rapid.IntRange(-1, 2*len(portions)).Draw(t, "portion that ends in an error")
		refused := rapid.IntRange(-1, 500).Draw(t, "piece that is refused")
		var want, got []string
		var wantErr error
		for i, n := range portions {
			for k := range n {
				if wantErr == nil {
					want = append(want, fmt.Sprint(i, k))
					if len(want)-1 == refused {
						wantErr = wrong
					}
				}
			}
			if i == broken && wantErr == nil {
				wantErr = wrong
			}
		}
		at := 0
		next := func() (int, error) {
			if at == len(portions) {
				return 0, io.EOF
			}
			at++
			return at - 1, nil
		}
		read := func(_ int, i int, give func(string) error) error {
			for k := range portions[i] {
				if err := give(fmt.Sprint(i, k)); err != nil {
					return err
				}
			}
			if i == broken {
				return wrong
			}
			return nil
		}
		err := inOrder(rapid.IntRange(1, 5).Draw(t, "workers"), next, read, func(s string) error {
			got = append(got, s)
			if len(got)-1 == refused {
				return wrong
			}
			return nil
		})
		if !errors.Is(err, wantErr) || !slices.Equal(got, want) {
			t.Fatalf("took %v with error %v, want %v and %v", got, err, want, wantErr)
		}
	})
}

// A source that breaks off ends the reading behind what came before.
func TestInOrderBrokenSource(t *testing.T) {
	t.Parallel()
	broken, n := errors.New("broken"), 0
	var got []int
	next := func() (int, error) {
		if n++; n > 3 {
			return 0, broken
		}
		return n, nil
	}
	err := inOrder(2, next, func(_ int, i int, give func(int) error) error { return give(i) }, func(i int) error {
		got = append(got, i)
		return nil
	})
	if !errors.Is(err, broken) || !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("took %v with error %v, want 1 to 3 and the source's own", got, err)
	}
}

// A panic reaches the caller, who may recover.
func TestInOrderPanic(t *testing.T) {
	t.Parallel()
	defer func() {
		if got := recover(); got != "slip" {
			t.Errorf("recovered %v, want the panic of the reading", got)
		}
	}()
	n := 0
	next := func() (int, error) { n++; return n, nil }
	err := inOrder(2, next, func(int, int, func(int) error) error { panic("slip") }, func(int) error { return nil })
	t.Errorf("no panic, and error %v", err)
}
