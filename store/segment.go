package store

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"strings"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// The folders of a store.
const (
	segmentFolder = "segments"
	unusedFolder  = "unused"
)

// temporary ends the name of a file that is not yet whole.
const temporary = ".tmp"

// sums are what the catalogue says of a file.
type sums struct {
	bytes  int64
	crc    int64
	sha256 string
}

// A columnFile is a Parquet file that is being written.
type columnFile struct {
	path    string // where it lies now
	file    *os.File
	out     *bufio.Writer
	writer  columnar.Writer
	table   *table
	rows    int64
	groups  []int64 // rows of each row group
	prefix  int64   // bytes before the footer
	footer  []byte  // and what stands behind it
	crc     uint32  // of the prefix
	sha     hash.Hash
	stamped int64 // bytes of the whole file
}

// createFile begins a file with a temporary name.
func createFile(folder, pattern string, columns []columnar.Column) (*columnFile, error) {
	file, err := os.CreateTemp(folder, pattern+"-*.parquet"+temporary)
	if err != nil {
		return nil, fmt.Errorf("write a segment: %w", fileError(err))
	}
	c := &columnFile{path: file.Name(), file: file, out: bufio.NewWriterSize(file, 1<<20), table: newTable(columns)}
	if err = file.Chmod(0o644); err == nil {
		c.writer, err = columnar.NewParquetGroupWriter(c.out, columns, groupRows)
	}
	if err != nil {
		c.discard()
		return nil, fmt.Errorf("write a segment: %w", fileError(err))
	}
	return c, nil
}

// discard removes the file, unless it has a name already: then the next start
// finds out whether it belongs to the store.
func (c *columnFile) discard() {
	_ = c.file.Close()
	if strings.HasSuffix(c.path, temporary) {
		_ = os.Remove(c.path)
	}
}

// add puts a readable row whose numbers the store does not know yet.
func (c *columnFile) add(b *outage.Batch, i int) error {
	if err := c.table.add(b, i); err != nil {
		return fmt.Errorf("write a segment: %w", err)
	}
	return c.unnumbered()
}

// reject puts a rejected row whose numbers the store does not know yet.
func (c *columnFile) reject(r *outage.Rejection) error {
	if err := c.table.reject(r); err != nil {
		return fmt.Errorf("write a segment: %w", err)
	}
	return c.unnumbered()
}

func (c *columnFile) unnumbered() error {
	for i := columnSequence; i < columnCount; i++ {
		c.table.none(i)
	}
	return c.turn()
}

// turn writes a row group where there are the rows of one.
func (c *columnFile) turn() error {
	if c.table.Rows < groupRows {
		return nil
	}
	return c.flush()
}

func (c *columnFile) flush() error {
	n := c.table.Rows
	if n == 0 {
		return nil
	}
	if err := c.writer.Write(c.table.finished()); err != nil {
		return fmt.Errorf("write a segment: %w", fileError(err))
	}
	c.rows += int64(n)
	c.groups = append(c.groups, int64(n))
	c.table.reset()
	return nil
}

// finish writes what is left, so that all of it is on the disk.
func (c *columnFile) finish() error {
	if err := c.flush(); err != nil {
		return err
	}
	err := c.writer.Close()
	if err == nil {
		err = c.out.Flush()
	}
	if err == nil {
		err = c.file.Sync()
	}
	if err == nil {
		err = c.measure()
	}
	if err != nil {
		return fmt.Errorf("write a segment: %w", fileError(err))
	}
	return nil
}

// measure takes the footer off and adds up what stands before it.
func (c *columnFile) measure() error {
	info, err := c.file.Stat()
	if err != nil {
		return err
	}
	var end [8]byte
	if _, err := c.file.ReadAt(end[:], info.Size()-int64(len(end))); err != nil {
		return err
	}
	c.prefix = info.Size() - int64(len(end)) - int64(binary.LittleEndian.Uint32(end[:]))
	if c.prefix < 4 {
		return errors.New("its footer is longer than itself")
	}
	c.stamped = info.Size()
	c.footer = make([]byte, info.Size()-c.prefix)
	if _, err := c.file.ReadAt(c.footer, c.prefix); err != nil {
		return err
	}
	c.sha = sha256.New()
	c.crc, err = addUp(io.NewSectionReader(c.file, 0, c.prefix), c.sha)
	return err
}

// addUp gives the CRC-32C of what is read, and adds it to another sum, too.
func addUp(r io.Reader, also io.Writer) (uint32, error) {
	crc := crc32.New(castagnoli())
	out := io.Writer(crc)
	if also != nil {
		out = io.MultiWriter(crc, also)
	}
	_, err := io.CopyBuffer(struct{ io.Writer }{out}, struct{ io.Reader }{r}, make([]byte, 256<<10))
	return crc.Sum32(), err
}

// sums are those of the file with an end, which stands behind the prefix.
func (c *columnFile) sums(end []byte) (sums, error) {
	state, err := c.sha.(interface{ MarshalBinary() ([]byte, error) }).MarshalBinary()
	if err != nil {
		return sums{}, err
	}
	whole := sha256.New()
	if err := whole.(interface{ UnmarshalBinary([]byte) error }).UnmarshalBinary(state); err != nil {
		return sums{}, err
	}
	whole.Write(end)
	return sums{
		bytes: c.prefix + int64(len(end)), crc: int64(crc32.Update(c.crc, castagnoli(), end)), sha256: hex.EncodeToString(whole.Sum(nil)),
	}, nil
}

// numbered makes the file that of one delivery: its rows get the sequences from
// first on. It may be done again with other numbers.
func (c *columnFile) numbered(first, received, delivery, stream int64) (sums, error) {
	end, err := stamp(c.footer, c.prefix, c.groups, map[int]progression{
		columnSequence: {first, 1}, columnReceived: {received, 0}, columnDelivery: {delivery, 0}, columnStream: {stream, 0},
	})
	if err != nil {
		return sums{}, fmt.Errorf("number a segment: %w", err)
	}
	if err := c.file.Truncate(c.prefix); err != nil {
		return sums{}, fmt.Errorf("number a segment: %w", fileError(err))
	}
	if _, err = c.file.WriteAt(end, c.prefix); err == nil {
		err = c.file.Sync()
	}
	if err != nil {
		return sums{}, fmt.Errorf("number a segment: %w", fileError(err))
	}
	return c.sums(end)
}

// move gives the file another name.
func (c *columnFile) move(path string) error {
	if err := os.Rename(c.path, path); err != nil {
		return fmt.Errorf("name a segment: %w", fileError(err))
	}
	c.path = path
	return nil
}

// syncFolder makes the names of a folder durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("write to the disk: %w", err)
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return fmt.Errorf("write %s to the disk: %w", path, fileError(err))
	}
	return nil
}
