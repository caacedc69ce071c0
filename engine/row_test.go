package engine

import (
	"testing"
	"unsafe"
)

// A row at rest has 48 bytes; the text of its event id comes on top.
func TestRowSize(t *testing.T) {
	t.Parallel()
	if got := unsafe.Sizeof(row{}); got != 48 {
		t.Errorf("a row has %d bytes, want 48", got)
	}
}
