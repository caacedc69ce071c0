package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// OpenParquet begins to read a Parquet file of size bytes. Nothing needs to be
// closed; the file must stay readable as long as the reader is used.
//
// Timestamps of the withdrawn type INT96 are taken for UTC, which Spark and
// Hive write; Impala's local times cannot be told from them.
func OpenParquet(r io.ReaderAt, size int64, limits Limits) (reader *Reader, err error) {
	defer guard(&err, parquetFormat)
	limits = limits.withDefaults()
	p := &parquetFile{src: r, limits: limits, budget: newBudget(limits.Memory), unpackers: newUnpackers()}
	if p.meta, p.size, err = readFooter(r, size, p.budget, limits); err != nil {
		return nil, fmt.Errorf("%s: %w", parquetFormat, broken(err))
	}
	columns, skipped, err := p.columns()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", parquetFormat, err)
	}
	p.until = len(p.meta.RowGroups)
	return open(parquetFormat, limits, p, columns, skipped), nil
}

const (
	parquetFormat = "parquet"
	parquetMagic  = "PAR1"
)

// readFooter reads what a file says of itself, which lies at its end, and where
// that begins.
func readFooter(r io.ReaderAt, size int64, b *budget, limits Limits) (*metadata.FileMetaData, int64, error) {
	var head [4]byte
	var tail [8]byte
	if size < int64(len(head)+len(tail)) {
		return nil, 0, fmt.Errorf("a file of %d bytes is too short", size)
	}
	if err := readAt(r, head[:], 0); err != nil {
		return nil, 0, err
	}
	if err := readAt(r, tail[:], size-int64(len(tail))); err != nil {
		return nil, 0, err
	}
	if string(tail[4:]) == "PARE" {
		return nil, 0, errors.New("the file is encrypted")
	}
	if string(head[:]) != parquetMagic || string(tail[4:]) != parquetMagic {
		return nil, 0, errors.New("the file does not begin and end with " + parquetMagic)
	}
	length := int64(binary.LittleEndian.Uint32(tail[:]))
	if length > size-int64(len(head)+len(tail)) || length > limits.largestBlock() {
		return nil, 0, fmt.Errorf("a footer of %d bytes does not fit", length)
	}
	start := size - int64(len(tail)) - length
	meta, err := parseFooter(r, start, length, b, limits)
	return meta, start, err
}

func parseFooter(r io.ReaderAt, start, length int64, b *budget, limits Limits) (*metadata.FileMetaData, error) {
	if err := b.take(length); err != nil {
		return nil, err
	}
	footer := make([]byte, length)
	if err := readAt(r, footer, start); err != nil {
		return nil, err
	}
	if err := checkFooter(footer, b, limits); err != nil {
		return nil, fmt.Errorf("footer: %w", err)
	}
	meta, err := metadata.NewFileMetaData(footer, nil)
	if err != nil {
		return nil, fmt.Errorf("footer: %w", err)
	}
	if meta.IsSetEncryptionAlgorithm() {
		return nil, errors.New("the file is encrypted")
	}
	return meta, nil
}

// readAt fills a buffer. An end of file behind the last byte is none.
func readAt(r io.ReaderAt, buf []byte, from int64) error {
	n, err := r.ReadAt(buf, from)
	if n == len(buf) {
		return nil
	}
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read %d bytes at %d: %w", len(buf), from, err)
}

// perStruct is about what the library takes for one structure of a footer, in
// bytes.
const perStruct = 256

// checkFooter walks over a footer before the library does, which believes the
// lengths of lists and goes down as deep as the columns are nested.
func checkFooter(footer []byte, b *budget, limits Limits) error {
	c := &compact{data: footer}
	var nesting []int
	c.fields(0, func(id int16, kind byte) bool {
		if id != 2 || kind != thriftList {
			return false
		}
		n, of := c.list()
		if of != thriftStruct || n > 16*limits.Columns {
			c.fail(fmt.Errorf("a schema of %d columns and groups, more than the limit of %d", n, 16*limits.Columns))
			return true
		}
		for range n {
			nesting = nest(c, nesting)
		}
		return true
	})
	if c.err != nil {
		return c.err
	}
	return b.take(int64(c.structs) * perStruct)
}

// nest reads one element of a schema. The stack says how many children of each
// open group are still to come.
func nest(c *compact, stack []int) []int {
	children := int64(0)
	c.fields(1, func(id int16, kind byte) bool {
		if id != 5 || kind != thriftI32 {
			return false
		}
		children = c.integer()
		return true
	})
	for len(stack) > 0 && stack[len(stack)-1] == 0 {
		stack = stack[:len(stack)-1]
	}
	if len(stack) > 0 {
		stack[len(stack)-1]--
	}
	if children < 0 || children > int64(len(c.data)) || len(stack) > deepest {
		c.fail(errors.New("the schema is nested too deep or broken"))
		return stack
	}
	if children > 0 {
		stack = append(stack, int(children))
	}
	return stack
}

// A parquetFile reads row group after row group, all selected columns at once.
type parquetFile struct {
	src       io.ReaderAt
	size      int64 // where the footer begins
	limits    Limits
	budget    *budget
	unpackers *unpackers
	meta      *metadata.FileMetaData
	shapes    []shape // of the columns that can be read

	packed  []byte // a page as it lies in the file, shared by all columns
	cursors []*cursor
	group   int    // the next row group
	until   int    // the row group to stop before
	left    int64  // rows still to come in the present one
	texts   *texts // that all columns share, nil where each has its own
}

// groups are the rows that the footer says are in each row group.
func (p *parquetFile) groups() []int64 {
	rows := make([]int64, len(p.meta.RowGroups))
	for i := range rows {
		rows[i] = p.meta.RowGroups[i].NumRows
	}
	return rows
}

// fork shares the footer, which is only read.
func (p *parquetFile) fork() (grouped, error) {
	return &parquetFile{
		src: p.src, size: p.size, limits: p.limits, budget: p.budget, unpackers: newUnpackers(), meta: p.meta, shapes: p.shapes, texts: p.texts,
	}, nil
}

func (p *parquetFile) share(t *texts) { p.texts = t }

// A text in a dictionary takes about so many times what it takes in the file.
const dictFactor = 7

// need adds up the pages of all columns, which are small, and the dictionaries,
// each as if no text of the group came twice.
func (p *parquetFile) need() (most int64) {
	for i := range p.meta.RowGroups {
		need := int64(0)
		for _, c := range p.cursors {
			need += 1 << 20
			if columns := p.meta.RowGroups[i].Columns; c.page.Dict != nil && c.leaf < len(columns) && columns[c.leaf].MetaData != nil {
				need += dictFactor * max(0, min(columns[c.leaf].MetaData.TotalUncompressedSize, p.limits.Memory))
			}
		}
		most = max(most, need)
	}
	return most
}

func (p *parquetFile) turnTo(group int) error {
	if group < 0 || group >= len(p.meta.RowGroups) {
		return fmt.Errorf("row group %d of %d does not exist", group, len(p.meta.RowGroups))
	}
	p.group, p.until, p.left = group, group+1, 0
	return nil
}

// columns sorts the columns at the top into those that can be read and the
// names of the others.
func (p *parquetFile) columns() (columns []Column, skipped []string, err error) {
	root := p.meta.Schema.Root()
	if root.NumFields() > p.limits.Columns {
		return nil, nil, fmt.Errorf("%d columns, more than the limit of %d", root.NumFields(), p.limits.Columns)
	}
	leaf := 0
	for i := range root.NumFields() {
		field := root.Field(i)
		s, ok := shapeOf(field)
		s.leaf = leaf
		leaf += leaves(field)
		if !ok {
			skipped = append(skipped, field.Name())
			continue
		}
		p.shapes, columns = append(p.shapes, s), append(columns, s.Column)
	}
	return columns, skipped, nil
}

// leaves counts the columns in the file that make up a column of the schema.
func leaves(n schema.Node) int {
	group, ok := n.(*schema.GroupNode)
	if !ok {
		return 1
	}
	sum := 0
	for i := range group.NumFields() {
		sum += leaves(group.Field(i))
	}
	return sum
}

// use makes a cursor for each selected column.
func (p *parquetFile) use(columns, plain []int) {
	p.cursors = make([]*cursor, len(columns))
	for i, c := range columns {
		s := p.shapes[c]
		cur := &cursor{file: p, shape: s}
		cur.page.Column = s.Column
		if s.Kind == Text && !slices.Contains(plain, c) {
			cur.page.Dict = newDict(p.limits, p.budget, p.texts)
		}
		p.cursors[i] = cur
	}
}

// fill reads the next rows of the present row group.
func (p *parquetFile) fill(b *Batch) error {
	for p.left == 0 {
		if p.group >= p.until {
			return io.EOF
		}
		if err := p.begin(p.group); err != nil {
			return fmt.Errorf("row group %d: %w", p.group, broken(err))
		}
		p.group++
	}
	b.Rows = int(min(p.left, largestBatch))
	for i, c := range p.cursors {
		b.Columns[i].Dict = c.page.Dict
		if err := c.read(&b.Columns[i], b.Rows); err != nil {
			return fmt.Errorf("row group %d, column %q: %w", p.group-1, c.Name, broken(err))
		}
	}
	p.left -= int64(b.Rows)
	return nil
}

// begin places the cursors at the beginning of a row group.
func (p *parquetFile) begin(group int) error {
	g := p.meta.RowGroup(group)
	p.left = g.NumRows()
	if p.left < 0 {
		return fmt.Errorf("%d rows", p.left)
	}
	for _, c := range p.cursors {
		if c.leaf >= g.NumColumns() {
			return fmt.Errorf("column %q is missing", c.Name)
		}
		chunk, err := g.ColumnChunk(c.leaf)
		if err != nil {
			return fmt.Errorf("column %q: %w", c.Name, err)
		}
		if err := c.begin(chunk, p.left); err != nil {
			return fmt.Errorf("column %q: %w", c.Name, err)
		}
	}
	return nil
}
