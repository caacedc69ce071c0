package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// A compression is what a delivery as a whole is packed in.
type compression string

const (
	noCompression compression = ""
	compressGzip  compression = "gzip"
	compressZstd  compression = "zstd"
)

// largestWindow bounds the memory in bytes that a zstd stream may ask for.
const largestWindow = 128 << 20

// compressionOf recognises a compression by the first bytes.
func compressionOf(head []byte) compression {
	switch {
	case bytes.HasPrefix(head, []byte{0x1F, 0x8B}):
		return compressGzip
	case bytes.HasPrefix(head, []byte{0x28, 0xB5, 0x2F, 0xFD}):
		return compressZstd
	}
	return noCompression
}

// decompress unpacks src; closing frees what that took.
func decompress(src io.Reader, c compression) (r io.Reader, closing func(), err error) {
	switch c {
	case compressGzip:
		unpacked, err := gzip.NewReader(src)
		if err != nil {
			return nil, nil, fmt.Errorf("decompress gzip: %w", err)
		}
		return naming{unpacked, "decompress gzip"}, func() { _ = unpacked.Close() }, nil
	case compressZstd:
		unpacked, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(largestWindow))
		if err != nil {
			return nil, nil, fmt.Errorf("decompress zstd: %w", err)
		}
		return naming{unpacked, "decompress zstd"}, unpacked.Close, nil
	}
	return src, func() {}, nil
}

// naming names the step in a reader's errors.
type naming struct {
	io.Reader
	step string
}

func (n naming) Read(p []byte) (int, error) {
	k, err := n.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%s: %w", n.step, err)
	}
	return k, err
}

// counting counts the bytes that pass.
type counting struct {
	io.Reader
	n    int64
	tell func(int64) // may be nil
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	if c.tell != nil && n > 0 {
		c.tell(c.n)
	}
	return n, err
}

// bounded stops what unpacks to more than the limits.
type bounded struct {
	io.Reader
	packed *counting
	limits Limits
	n      int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.n += int64(n)
	switch {
	case b.n > b.limits.Decompressed:
		return 0, fmt.Errorf("more than the limit of %d bytes after decompression", b.limits.Decompressed)
	case b.n > b.limits.RatioFrom && b.n/b.limits.Ratio > b.packed.n:
		return 0, fmt.Errorf("decompresses to more than the limit of %d times its size", b.limits.Ratio)
	}
	return n, err
}
