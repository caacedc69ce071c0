package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// largestMeta bounds the bytes of a message's description.
const largestMeta = 32 << 20

// goesOn stands before each message since Arrow 0.15; before that, the length
// did.
const goesOn = 0xFFFFFFFF

var errMessage = errors.New("a message is broken")

// messageSize reads the length of a description out of what stands before it,
// and how many bytes that took.
func messageSize(head []byte) (size int64, took int) {
	first := binary.LittleEndian.Uint32(head)
	if first != goesOn {
		return int64(first), 4
	}
	return int64(binary.LittleEndian.Uint32(head[4:])), 8
}

// arrowStream reads messages one after the other.
type arrowStream struct {
	src    io.Reader
	budget *budget
	limits Limits
	meta   []byte
	pack   []byte
	size   int64 // bytes of the present body that are not read
}

func (s *arrowStream) next() (m message, err error) {
	if err := s.pass(); err != nil {
		return m, err
	}
	var head [8]byte
	if _, err := io.ReadFull(s.src, head[:4]); err != nil {
		return m, err // io.EOF: a stream may end without saying so
	}
	if binary.LittleEndian.Uint32(head[:]) == goesOn {
		if _, err := io.ReadFull(s.src, head[4:]); err != nil {
			return m, broken(err)
		}
	}
	size, _ := messageSize(head[:])
	if size == 0 {
		return m, io.EOF
	}
	if size < 4 || size > largestMeta {
		return m, errMessage
	}
	if s.meta, err = s.read(s.meta, size); err != nil {
		return m, broken(err)
	}
	m.table = rootOf(s.meta)
	m.body = s
	if s.size = m.long(3); s.size < 0 {
		return m, errMessage
	}
	return m, nil
}

// pass leaves a body out.
func (s *arrowStream) pass() error {
	n, err := io.CopyN(io.Discard, s.src, s.size)
	s.size -= n
	if err != nil {
		return broken(err)
	}
	return nil
}

func (s *arrowStream) load() (err error) {
	if s.size > s.limits.Memory {
		return fmt.Errorf("a message of %d bytes, more than the limit of %d", s.size, s.limits.Memory)
	}
	s.pack, err = s.read(s.pack, s.size)
	s.size = 0
	return err
}

// firstPart is how many bytes of a message are believed in at first.
const firstPart = 1 << 20

// read reads n bytes and takes memory only as they come, because a broken
// length may say anything.
func (s *arrowStream) read(buf []byte, n int64) ([]byte, error) {
	for have := int64(0); have < n; {
		part := min(n, max(firstPart, 2*have, int64(cap(buf))))
		if part > int64(cap(buf)) {
			larger, err := s.budget.resize(nil, part)
			if err != nil {
				return nil, err
			}
			copy(larger, buf[:have])
			s.budget.give(int64(cap(buf)))
			buf = larger
		}
		buf = buf[:part]
		if _, err := io.ReadFull(s.src, buf[have:]); err != nil {
			return nil, broken(err)
		}
		have = part
	}
	return buf[:n], nil
}

func (s *arrowStream) buffer(from, size int64, _ []byte) ([]byte, error) {
	if from < 0 || size < 0 || from > int64(len(s.pack)) || size > int64(len(s.pack))-from {
		return nil, errMessage
	}
	return s.pack[from : from+size], nil
}

// arrowFile reads the messages of a file: first the schema, then all
// dictionaries, wherever they lie, then the rows.
type arrowFile struct {
	src    io.ReaderAt
	size   int64
	budget *budget
	limits Limits

	begun  bool
	blocks []int64 // where the messages lie: the schema, dictionaries, rows
	counts []int64 // rows of each message of rows
	bulk   int64   // bytes of the largest of them
	at     int     // the next message
	until  int     // the one to stop before
	meta   []byte
	body   int64 // where the present body begins
	length int64
}

const arrowMagic = "ARROW1"

func (f *arrowFile) next() (m message, err error) {
	if !f.begun {
		f.begun = true
		if err := f.survey(); err != nil {
			return m, broken(err)
		}
	}
	if f.at == f.until {
		return m, io.EOF
	}
	f.at++
	m, _, err = f.message(f.blocks[f.at-1])
	return m, err
}

// survey goes over the heads of all messages.
func (f *arrowFile) survey() error {
	end, err := f.end()
	if err != nil {
		return err
	}
	var dictionaries, rows []int64
	for at := int64(8); at < end; {
		m, next, err := f.message(at)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if next > end {
			return errMessage
		}
		switch kind := m.byte(1); {
		case len(f.blocks) == 0:
			f.blocks = append(f.blocks, at)
		case kind == messageDictionary:
			dictionaries = append(dictionaries, at)
		case kind == messageRows:
			rows = append(rows, at)
			head, _ := m.table.table(2)
			f.counts, f.bulk = append(f.counts, head.long(0)), max(f.bulk, f.length)
		}
		at = next
	}
	f.blocks = append(append(f.blocks, dictionaries...), rows...)
	f.until = len(f.blocks)
	return nil
}

// fork begins behind the schema.
func (f *arrowFile) fork() *arrowFile {
	return &arrowFile{
		src: f.src, size: f.size, budget: f.budget, limits: f.limits,
		begun: true, blocks: f.blocks, counts: f.counts, bulk: f.bulk, at: 1, until: len(f.blocks),
	}
}

// rows is the first message of rows.
func (f *arrowFile) rows() int { return len(f.blocks) - len(f.counts) }

// end is where the footer begins.
func (f *arrowFile) end() (int64, error) {
	var head [8]byte
	var tail [10]byte
	if f.size < int64(len(head)+len(tail)) {
		return 0, fmt.Errorf("a file of %d bytes is too short", f.size)
	}
	if err := readAt(f.src, head[:], 0); err != nil {
		return 0, err
	}
	if err := readAt(f.src, tail[:], f.size-int64(len(tail))); err != nil {
		return 0, err
	}
	if string(head[:6]) != arrowMagic || string(tail[4:]) != arrowMagic {
		return 0, errors.New("the file does not begin and end with " + arrowMagic)
	}
	end := f.size - int64(len(tail)) - int64(binary.LittleEndian.Uint32(tail[:]))
	if end < int64(len(head)) {
		return 0, errors.New("a footer larger than the file")
	}
	return end, nil
}

// message reads the description of the message at a place, and where the next
// one lies. It is io.EOF where there is none.
func (f *arrowFile) message(at int64) (m message, next int64, err error) {
	var head [8]byte
	if err := readAt(f.src, head[:], at); err != nil {
		return m, 0, broken(err)
	}
	size, took := messageSize(head[:])
	if size == 0 {
		return m, 0, io.EOF
	}
	at += int64(took)
	if size < 4 || size > largestMeta || size > f.size-at {
		return m, 0, errMessage
	}
	if f.meta, err = f.budget.resize(f.meta, size); err != nil {
		return m, 0, err
	}
	if err := readAt(f.src, f.meta, at); err != nil {
		return m, 0, broken(err)
	}
	m.table, m.body = rootOf(f.meta), f
	f.body, f.length = at+size, m.long(3)
	if f.length < 0 || f.length > f.size-f.body {
		return m, 0, errMessage
	}
	return m, f.body + f.length, nil
}

func (f *arrowFile) load() error { return nil }

func (f *arrowFile) buffer(from, size int64, store []byte) ([]byte, error) {
	if from < 0 || size < 0 || from > f.length || size > f.length-from {
		return nil, errMessage
	}
	store, err := f.budget.resize(store, size)
	if err != nil {
		return nil, err
	}
	return store, readAt(f.src, store, f.body+from)
}
