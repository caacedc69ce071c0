package columnar

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pierrec/lz4/v4"
	"pgregory.net/rapid"
)

// Numbers of any width come back from packed bits and run lengths.
func TestHybrid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(0, 32).Draw(t, "width")
		var data []byte
		var want []uint32
		for range rapid.IntRange(1, 5).Draw(t, "runs") {
			number := rapid.Uint32Max(uint32(uint64(1)<<width - 1))
			if rapid.Bool().Draw(t, "repeated") {
				n, v := rapid.IntRange(1, 30).Draw(t, "n"), number.Draw(t, "value")
				data = binary.AppendUvarint(data, uint64(n)<<1)
				data = append(data, binary.LittleEndian.AppendUint32(nil, v)[:(width+7)/8]...)
				for range n {
					want = append(want, v)
				}
				continue
			}
			groups := rapid.IntRange(1, 4).Draw(t, "groups")
			numbers := rapid.SliceOfN(number, 8*groups, 8*groups).Draw(t, "values")
			data = append(binary.AppendUvarint(data, uint64(groups)<<1|1), packed(numbers, width)...)
			want = append(want, numbers...)
		}
		got := make([]uint32, len(want))
		h := &hybrid{data: data, width: uint(width)}
		cut := rapid.IntRange(0, len(want)).Draw(t, "cut")
		for _, part := range [][]uint32{got[:cut], got[cut:]} {
			if err := h.read(part); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("numbers differ (-want +got):\n%s", diff)
		}
		if err := h.read(make([]uint32, 1)); err == nil {
			t.Error("a number was read behind the end")
		}
	})
}

// packed lays numbers bit by bit, the lowest first.
func packed(numbers []uint32, width int) []byte {
	data := make([]byte, (len(numbers)*width+7)/8)
	for i, n := range numbers {
		for k := range width {
			at := i*width + k
			data[at/8] |= byte(n>>k&1) << (at % 8)
		}
	}
	return data
}

// Bits of any width up to 64 are found wherever they lie.
func TestBitsAt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "data")
		at, width := rapid.UintRange(0, 90).Draw(t, "at"), rapid.UintRange(0, 64).Draw(t, "width")
		var want uint64
		for k := range width {
			want |= uint64(data[(at+k)/8]>>((at+k)%8)&1) << k
		}
		if got := bitsAt(data, at, width); got != want {
			t.Errorf("got %x, want %x", got, want)
		}
	})
}

// BYTE_STREAM_SPLIT, which the library does not write.
func TestJoined(t *testing.T) {
	t.Parallel()
	if got, want := joined([]byte("adgbehcfi"), 3), []byte("abcdefghi"); !bytes.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// LZ4 blocks, which the library does not write, are unpacked, and a block that
// is not as long as the file says is an error in every codec.
func TestUnpack(t *testing.T) {
	t.Parallel()
	want := bytes.Repeat([]byte("outage "), 500)
	block := make([]byte, lz4.CompressBlockBound(len(want)))
	n, err := lz4.CompressBlock(want, block, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(want))
	u := newUnpackers()
	if err := u.unpack(codecRawLZ4, got, block[:n]); err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %.20q and the error %v", got, err)
	}
	for c := codecNone; c <= codecFrameLZ4; c++ {
		if err := u.unpack(c, got, []byte("no block at all")); err == nil {
			t.Errorf("codec %d: no error", c)
		}
	}
	if err := checkRatio(codecSnappy, 100, 1<<30); err == nil {
		t.Error("100 bytes were let unpack to a gigabyte")
	}
}
