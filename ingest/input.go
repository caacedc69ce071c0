package ingest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// An input is one delivery that can be read from the front again and again: the
// caller's reader if it can seek, else a temporary copy of it.
type input struct {
	survey
	seek   io.ReadSeeker
	from   int64  // where the delivery begins in seek
	file   string // a file with the bytes as they came, empty if there is none
	temps  []*os.File
	limits Limits

	looking func(int64) // told while the input is only looked at; may be nil
}

// openInput surveys a delivery. The input must be closed, also after an error.
//
// progress, which may be nil, is told of nothing taken for as long as the input
// is only looked at, so that whoever waits knows that it answers.
func openInput(r io.Reader, file, encoding string, limits Limits, progress func(int64)) (in *input, err error) {
	in = &input{limits: limits, file: file}
	if progress != nil {
		in.looking = func(int64) { progress(0) }
	}
	var src io.Reader = &counting{Reader: r, tell: in.looking}
	if seek, ok := r.(io.ReadSeeker); ok && seekable(seek, &in.from) {
		in.seek = seek
	} else {
		temp, err := in.temp()
		if err != nil {
			return in, err
		}
		in.seek, in.file = temp, temp.Name()
		src = &spooling{src: src, to: temp, room: limits.Decompressed}
	}
	in.survey, err = take(src, encoding, limits)
	return in, err
}

// seekable says whether seek works, which it does not on a pipe.
func seekable(seek io.ReadSeeker, from *int64) bool {
	at, err := seek.Seek(0, io.SeekCurrent)
	*from = at
	return err == nil
}

// temp makes a temporary file that close removes.
func (in *input) temp() (*os.File, error) {
	file, err := os.CreateTemp("", "saidi-ingest-")
	if err != nil {
		return nil, noCopy(err)
	}
	in.temps = append(in.temps, file)
	return file, nil
}

// ErrTemporary says that a temporary file could not be written.
var ErrTemporary = errors.New("make a temporary copy")

// noCopy is the error of a temporary copy that could not be made, for want of room
// or because the delivery could not be read.
func noCopy(err error) error {
	if file, ok := errors.AsType[*fs.PathError](err); ok && (file.Op == "open" || file.Op == "write") {
		return fmt.Errorf("%w: %w; make room there, or set TMPDIR to where there is some", ErrTemporary, err)
	}
	return fmt.Errorf("make a temporary copy: %w", err)
}

// close removes the temporary files.
func (in *input) close() error {
	var errs []error
	for _, file := range in.temps {
		errs = append(errs, file.Close(), os.Remove(file.Name()))
	}
	return errors.Join(errs...)
}

// open reads the unpacked bytes from the front.
func (in *input) open(progress func(int64)) (io.Reader, func(), error) {
	if _, err := in.seek.Seek(in.from, io.SeekStart); err != nil {
		return nil, nil, fmt.Errorf("read again from the front: %w", err)
	}
	raw := &counting{Reader: io.LimitReader(naming{in.seek, "read"}, in.raw), tell: progress}
	if in.compression == noCompression {
		return raw, func() {}, nil
	}
	unpacked, closing, err := decompress(bufio.NewReaderSize(raw, 1<<16), in.compression)
	if err != nil {
		return nil, nil, err
	}
	return &bounded{Reader: unpacked, packed: raw, limits: in.limits}, closing, nil
}

// unpackedFile is a file with the unpacked bytes.
func (in *input) unpackedFile() (string, error) {
	if in.compression == noCompression && in.file != "" {
		return in.file, nil
	}
	temp, _, err := in.unpack()
	if err != nil {
		return "", err
	}
	return temp.Name(), nil
}

// unpack copies the unpacked bytes into a temporary file and counts them.
func (in *input) unpack() (temp *os.File, size int64, err error) {
	src, closing, err := in.open(in.looking)
	if err != nil {
		return nil, 0, err
	}
	defer closing()
	if temp, err = in.temp(); err != nil {
		return nil, 0, err
	}
	if size, err = io.Copy(temp, src); err != nil {
		return nil, 0, noCopy(err)
	}
	return temp, size, nil
}

// anywhere gives the unpacked bytes at any place, and their number.
func (in *input) anywhere() (io.ReaderAt, int64, error) {
	if at, ok := in.seek.(io.ReaderAt); ok && in.compression == noCompression {
		return io.NewSectionReader(at, in.from, in.raw), in.raw, nil
	}
	return in.unpack()
}

// spooling copies what is read into a file.
type spooling struct {
	src  io.Reader
	to   io.Writer
	room int64 // bytes that still fit
}

func (s *spooling) Read(p []byte) (int, error) {
	n, err := s.src.Read(p)
	if s.room -= int64(n); s.room < 0 {
		return 0, errors.New("more input than the limit for a temporary copy")
	}
	if n > 0 {
		if _, err := s.to.Write(p[:n]); err != nil {
			return 0, noCopy(err)
		}
	}
	return n, err
}

// openFile opens a file to be read; a directory is none.
func openFile(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w; check the path", err)
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s: a directory, not a file; name the files in it", path)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
