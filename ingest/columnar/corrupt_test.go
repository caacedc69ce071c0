package columnar_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/ingest/columnar"
)

// What a broken file may cost at most.
const (
	mostHeap = 1 << 30
	mostTime = 5 * time.Second // for the race detector on a busy machine
)

// Three thousand broken files end in an error or in rows, in time and in
// memory. The libraries below must not start what could crash the process.
func TestBroken(t *testing.T) {
	seeds := brokenSeeds(t)
	random := rand.New(rand.NewPCG(7, 11))
	var read, refused int
	for i := range 3000 {
		seed := seeds[i%len(seeds)]
		data := damage(random, bytes.Clone(seed.data))
		begun := time.Now()
		_, err := readAll(seed.open, data)
		if took := time.Since(begun); took > mostTime {
			t.Errorf("file %d (%s): took %v", i, seed.name, took)
		}
		if err == nil {
			read++
		} else {
			refused++
		}
		if i%16 == 0 {
			checkHeap(t, i)
		}
	}
	if read == 0 || refused < 1000 {
		t.Errorf("%d files were read and %d refused: that is no damage", read, refused)
	}
	t.Logf("%d read, %d refused", read, refused)
}

// checkHeap looks at what is held, garbage and all.
func checkHeap(t *testing.T, i int) {
	t.Helper()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapSys-m.HeapReleased > mostHeap {
		t.Fatalf("file %d: the heap has grown to %d MiB", i, (m.HeapSys-m.HeapReleased)>>20)
	}
}

// readAll reads all columns of a file as texts.
func readAll(open func([]byte) (*columnar.Reader, error), data []byte) (n int, err error) {
	r, err := open(data)
	if err != nil {
		return 0, err
	}
	var text []byte
	for {
		b, err := r.Next()
		if err != nil {
			return n, unlessEnd(err)
		}
		n += b.Rows
		for i := range b.Columns {
			for k := range min(b.Rows, 200) {
				text = b.Columns[i].AppendText(text[:0], k)
			}
		}
	}
}

// damage breaks a file: bytes flipped, the end cut off, a length changed, or a
// part moved.
func damage(random *rand.Rand, data []byte) []byte {
	n := len(data)
	at := random.IntN(n)
	if random.IntN(2) == 0 { // most lengths stand near the end, or the beginning
		at = max(0, n-1-random.IntN(min(n, 600)))
	}
	switch random.IntN(6) {
	case 0:
		return data[:at]
	case 1:
		if at+8 <= n {
			binary.LittleEndian.PutUint32(data[at:], random.Uint32())
		}
	case 2:
		if at+8 <= n {
			binary.LittleEndian.PutUint64(data[at:], 1<<random.IntN(63))
		}
	case 3:
		copy(data[at:], data[random.IntN(n):])
	case 4:
		data[at] = 0xFF
	default:
		for range 1 + random.IntN(8) {
			data[random.IntN(n)] ^= 1 << random.IntN(8)
		}
		data[at] ^= byte(1 + random.IntN(255))
	}
	return data
}

type brokenSeed struct {
	name string
	open func([]byte) (*columnar.Reader, error)
	data []byte
}

// brokenSeeds are whole files of each format.
func brokenSeeds(t *testing.T) []brokenSeed {
	t.Helper()
	var seeds []brokenSeed
	for _, f := range formats() {
		seeds = append(seeds, brokenSeed{f.name, f.open, written(t, f, 300)}, brokenSeed{f.name, f.open, written(t, f, 2000)})
	}
	for _, f := range libraryFiles(t) {
		seeds = append(seeds, brokenSeed{f.name, f.open, f.data})
	}
	return seeds
}

// unlessEnd is nil at the end of a file.
func unlessEnd(err error) error {
	if err == io.EOF { //nolint:errorlint // a wrapped one is a file that breaks off
		return nil
	}
	return err
}

func FuzzParquet(f *testing.F) { fuzz(f, formats()[0]) }

func FuzzArrowStream(f *testing.F) { fuzz(f, formats()[1]) }

func FuzzArrowFile(f *testing.F) { fuzz(f, formats()[2]) }

// fuzz reads whatever comes; to come back is all that is asked.
func fuzz(f *testing.F, of format) {
	f.Add(written(f, of, 50))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = readAll(of.open, data) })
}
