package store

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A progression is the integers first, first + step, …
type progression struct{ first, step int64 }

// stamp gives a Parquet file another end, in which some columns of integers,
// null so far, hold progressions. A long file can thereby be written before its
// numbers are known: what it has already is left alone, the progressions, which
// take a few bytes a hundred rows, and the new footer stand behind it.
//
// The old end is what stands from from on: the footer, its length and the magic
// word.
func stamp(old []byte, from int64, groups []int64, columns map[int]progression) (end []byte, err error) {
	if len(old) < 8 {
		return nil, errors.New("the footer is too short")
	}
	r := thriftReader{data: old[:len(old)-8]}
	footer := r.fields()
	list, ok := footer.list(4)
	if r.err != nil || !ok || len(list.values) != len(groups) {
		return nil, errors.Join(r.err, fmt.Errorf("the footer is not that of %d row groups", len(groups)))
	}
	before := int64(0)
	for g, group := range list.values {
		fields, _ := group.(thriftFields)
		chunks, ok := fields.list(1)
		if !ok {
			return nil, errors.New("a row group without columns")
		}
		for column := range len(chunks.values) {
			p, ok := columns[column]
			if !ok {
				continue
			}
			chunk, ok := chunks.values[column].(thriftFields)
			if !ok {
				return nil, errors.New("a column that is none")
			}
			page := p.from(before).page(int(groups[g]))
			stamped, err := stampChunk(chunk, from+int64(len(end)), int64(len(page)), groups[g])
			if err != nil {
				return nil, err
			}
			chunks.values[column] = stamped
			end = append(end, page...)
			fields.add(2, int64(len(page)))
			fields.add(6, int64(len(page)))
		}
		before += groups[g]
	}
	behind := len(end)
	end = appendFields(end, footer)
	end = binary.LittleEndian.AppendUint32(end, uint32(len(end)-behind))
	return append(end, "PAR1"...), nil
}

// stampChunk says of a column chunk that it is one page of so many bytes.
func stampChunk(chunk thriftFields, at, size, rows int64) (thriftFields, error) {
	meta, ok := chunk.of(3).(thriftFields)
	if !ok {
		return nil, errors.New("a column without data about it")
	}
	return thriftFields{
		{2, thriftInt64, at},
		{3, thriftStruct, thriftFields{
			{1, thriftInt32, meta.of(1)},
			{2, thriftList, thriftValues{thriftInt32, []any{int64(encodingDelta), int64(encodingRuns)}}},
			{3, thriftList, meta.of(3)},
			{4, thriftInt32, int64(0)}, // not packed
			{5, thriftInt64, rows},
			{6, thriftInt64, size},
			{7, thriftInt64, size},
			{9, thriftInt64, at},
		}},
	}, nil
}

// The encodings of Parquet that a page has.
const (
	encodingRuns  = 3
	encodingDelta = 5
)

// from is the rest of the progression behind n of its numbers.
func (p progression) from(n int64) progression { return progression{p.first + n*p.step, p.step} }

// page is a data page of n rows, none of them null.
func (p progression) page(n int) []byte {
	levels := append(binary.AppendUvarint(nil, uint64(n)<<1), 1) // n times one
	body := append(binary.LittleEndian.AppendUint32(nil, uint32(len(levels))), levels...)
	body = p.delta(body, n)
	head := appendFields(nil, thriftFields{
		{1, thriftInt32, int64(0)},
		{2, thriftInt32, int64(len(body))},
		{3, thriftInt32, int64(len(body))},
		{5, thriftStruct, thriftFields{
			{1, thriftInt32, int64(n)}, {2, thriftInt32, int64(encodingDelta)}, {3, thriftInt32, int64(encodingRuns)}, {4, thriftInt32, int64(encodingRuns)},
		}},
	})
	return append(head, body...)
}

// delta appends n numbers in the encoding DELTA_BINARY_PACKED: blocks of 128
// differences, all of them the step, so that their rests take no bits.
func (p progression) delta(dst []byte, n int) []byte {
	const block, parts = 128, 4
	dst = binary.AppendUvarint(dst, block)
	dst = binary.AppendUvarint(dst, parts)
	dst = binary.AppendUvarint(dst, uint64(n))
	dst = binary.AppendVarint(dst, p.first)
	for left := n - 1; left > 0; left -= block {
		dst = binary.AppendVarint(dst, p.step)
		dst = append(dst, make([]byte, parts)...)
	}
	return dst
}
