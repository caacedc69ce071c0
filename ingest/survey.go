package ingest

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// A survey is what the first reading of a delivery finds out.
type survey struct {
	sha256      string
	raw         int64 // bytes as they came
	compression compression
	format      format
	head        []byte // the first bytes, unpacked
	badUTF8     int64  // offset of the first byte that is not UTF-8, -1 where all are
}

// errEmpty is a delivery without a byte.
var errEmpty = errors.New("the file is empty")

// take reads src to its end and finds out what it is.
func take(src io.Reader, encoding string, limits Limits) (survey, error) {
	hash := sha256.New()
	raw := &counting{Reader: naming{src, "read"}}
	buffered := bufio.NewReaderSize(raw, 1<<16)
	magic, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return survey{}, err
	}
	if len(magic) == 0 {
		return survey{}, errEmpty
	}
	s := survey{compression: compressionOf(magic), badUTF8: -1}
	var unpackedHash io.Writer = hash // of bytes that come as they are
	if s.compression != noCompression {
		unpackedHash = nil
		hashRest(buffered, raw, hash)
	}
	unpacked, closing, err := decompress(buffered, s.compression)
	if err != nil {
		return survey{}, err
	}
	defer closing()
	if err := s.read(&bounded{Reader: unpacked, packed: raw, limits: limits}, unpackedHash, encoding, limits); err != nil {
		return survey{}, err
	}
	if _, err := io.Copy(io.Discard, buffered); err != nil {
		return survey{}, err
	}
	s.raw, s.sha256 = raw.n, hex.EncodeToString(hash.Sum(nil))
	return s, nil
}

// hashRest hashes what buffered holds of raw already and what raw has yet to give.
func hashRest(buffered *bufio.Reader, raw *counting, hash io.Writer) {
	held, _ := buffered.Peek(buffered.Buffered()) // which it holds
	_, _ = hash.Write(held)                       // a hash takes anything
	raw.Reader = io.TeeReader(raw.Reader, hash)
}

// read goes through the unpacked bytes, which hash takes too unless it is nil.
func (s *survey) read(src io.Reader, hash io.Writer, encoding string, limits Limits) (err error) {
	head := make([]byte, headSize)
	n, ended, err := readFull(src, head)
	s.head = head[:n:n]
	switch {
	case err != nil:
		return err
	case n == 0:
		return errEmpty
	}
	if s.format, err = formatOf(s.head, encoding); err != nil {
		return err
	}
	watch := utf8Watch{bad: -1}
	takers := []func([]byte){watch.add}
	if hash != nil {
		takers = append(takers, func(text []byte) { _, _ = hash.Write(text) })
	}
	for _, take := range takers {
		take(s.head)
	}
	line := lineWatch{limit: limits.Record, lines: s.format == formatDelimited || s.format == formatLines}
	if err := line.add(s.head); err != nil {
		return err
	}
	if !ended {
		if err := share(src, line.add, takers...); err != nil {
			return err
		}
	}
	watch.end()
	s.badUTF8 = watch.bad
	return nil
}

// readFull fills p unless src ends before. Unlike [io.ReadFull] it tells an end
// from a stream that breaks off, which some readers report as the same error.
func readFull(src io.Reader, p []byte) (n int, ended bool, err error) {
	for n < len(p) {
		k, err := src.Read(p[n:])
		n += k
		if err == io.EOF {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

// A lineWatch looks for lines that are far beyond the limit of a record.
type lineWatch struct {
	limit int
	lines bool  // the text has lines
	size  int64 // of the line in which what was looked at ends
}

// add looks at the next bytes of the text.
func (w *lineWatch) add(text []byte) error {
	if w.size = lastLine(w.size, text); w.lines && w.size > 2*int64(w.limit) {
		return fmt.Errorf("a line is longer than the limit of %d bytes", w.limit)
	}
	return nil
}

// lastLine is the length of the line that chunk ends in.
func lastLine(before int64, chunk []byte) int64 {
	if i := bytes.LastIndexByte(chunk, '\n'); i >= 0 {
		return int64(len(chunk) - i - 1)
	}
	if i := bytes.LastIndexByte(chunk, '\r'); i >= 0 {
		return int64(len(chunk) - i - 1)
	}
	return before + int64(len(chunk))
}

// textEncoding decides the encoding of a text; open reads it from the front.
func (s *survey) textEncoding(asserted string, open func() (io.Reader, func(), error)) (string, error) {
	named := bomEncoding(s.head)
	if asserted != "" {
		named = asserted
	}
	switch {
	case named == encodingUTF8 && s.badUTF8 >= 0:
		return "", fmt.Errorf("the text should be UTF-8, and the byte at offset %d is wrong: mend it, or name the encoding in a mapping, such as encoding: gb18030", s.badUTF8)
	case named != "" && named != encodingGB18030:
		return named, nil
	case named == "" && s.badUTF8 < 0:
		return encodingUTF8, nil
	}
	src, closing, err := open()
	if err != nil {
		return "", err
	}
	defer closing()
	bad, err := badGB18030(src)
	switch {
	case err != nil:
		return "", err
	case bad < 0:
		return encodingGB18030, nil
	case named != "":
		return "", fmt.Errorf("the mapping says encoding: gb18030, and the byte at offset %d is wrong: name another encoding", bad)
	}
	return "", badEncoding(s.badUTF8, bad)
}
