package columnar

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// codec is how a block of bytes is packed.
type codec uint8

// The codecs. The numbers of the first eight are those of Parquet.
const (
	codecNone codec = iota
	codecSnappy
	codecGzip
	codecLZO
	codecBrotli
	codecHadoopLZ4 // withdrawn from Parquet, because nobody wrote what was specified
	codecZstd
	codecRawLZ4
	codecFrameLZ4 // Arrow's
)

// unpackers are what has to be made once for a file.
type unpackers struct {
	zstd func() (*zstd.Decoder, error)
}

// newUnpackers makes what stays in the goroutine of its caller and takes no
// more memory than it is given.
func newUnpackers() *unpackers {
	return &unpackers{zstd: sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxWindow(128<<20))
	})}
}

// tightest is how many times its size a block may unpack to at most.
func tightest(c codec) int64 {
	switch c {
	case codecSnappy:
		return 64
	case codecRawLZ4, codecFrameLZ4:
		return 256
	case codecGzip:
		return 1040
	}
	return 1 << 16
}

// checkRatio refuses a block that cannot be as large as it says, before memory
// is taken for it.
func checkRatio(c codec, packed, size int64) error {
	if size < 0 || size > 4096+packed*tightest(c) {
		return fmt.Errorf("a block of %d bytes cannot hold the %d that it says", packed, size)
	}
	return nil
}

// unpack fills dst, whose length is the size that the file says.
func (u *unpackers) unpack(c codec, dst, src []byte) error {
	got, err := u.decode(c, dst, src)
	if err != nil {
		return fmt.Errorf("decompress: %w", broken(err))
	}
	if got != len(dst) {
		return fmt.Errorf("decompress: %d bytes instead of the %d that the file says", got, len(dst))
	}
	return nil
}

func (u *unpackers) decode(c codec, dst, src []byte) (int, error) {
	switch c {
	case codecNone:
		if len(src) != len(dst) {
			return len(src), nil
		}
		return copy(dst, src), nil
	case codecSnappy:
		return unpackSnappy(dst, src)
	case codecZstd:
		decoder, err := u.zstd()
		if err != nil {
			return 0, err
		}
		out, err := decoder.DecodeAll(src, dst[:0:len(dst)])
		return len(out), err
	case codecRawLZ4:
		return lz4.UncompressBlock(src, dst)
	}
	stream, err := unpackStream(c, src)
	if err != nil {
		return 0, err
	}
	n, err := io.ReadFull(stream, dst)
	if errors.Is(err, io.EOF) && len(dst) == 0 {
		err = nil
	}
	return n, err
}

func unpackSnappy(dst, src []byte) (int, error) {
	n, err := snappy.DecodedLen(src)
	if err != nil || n != len(dst) {
		return n, err
	}
	_, err = snappy.Decode(dst, src)
	return n, err
}

// unpackStream is for the codecs that have no form for whole blocks.
func unpackStream(c codec, src []byte) (io.Reader, error) {
	switch c {
	case codecGzip:
		return gzip.NewReader(bytes.NewReader(src))
	case codecBrotli:
		brotli, err := compress.GetCodec(compress.Codecs.Brotli)
		if err != nil {
			return nil, err
		}
		return brotli.NewReader(bytes.NewReader(src)), nil
	case codecFrameLZ4:
		return lz4.NewReader(bytes.NewReader(src)), nil
	}
	return nil, fmt.Errorf("the codec %d is not known", c)
}
