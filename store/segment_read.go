package store

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// A segmentFile is a segment whose sum is right and that is being read.
type segmentFile struct {
	*segment
	file             *os.File
	reader           *columnar.Reader
	groups           []int64          // rows of each row group
	columns          []int            // that are read, and
	places           [columnCount]int // where they stand in a batch, less one
	stream, received int64            // of a segment of one delivery
	users            atomic.Int32

	mu    sync.Mutex
	forks []*columnar.Reader // that nobody uses just now
}

func (f *segmentFile) hold() { f.users.Add(1) }

// release closes the file when nobody reads it any more.
func (f *segmentFile) release() {
	if f.users.Add(-1) == 0 {
		_ = f.file.Close()
	}
}

// open checks a segment and begins to read it.
func (r *reading) open(seg *segment) (*segmentFile, error) {
	path := filepath.Join(r.store.folder(), seg.name)
	f := &segmentFile{segment: seg}
	if seg.filled&isSingle != 0 {
		d, err := r.single(seg.from)
		if err != nil {
			return nil, err
		}
		f.stream, f.received = d.stream, d.received
	}
	file, err := openChecked(path, seg.sums)
	if err != nil {
		return nil, err
	}
	f.file = file
	f.hold()
	if err := f.begin(r.dict, r.after >= seg.first); err != nil {
		f.release()
		return nil, damaged(path, err.Error())
	}
	return f, nil
}

// single is the delivery that a segment is of.
func (r *reading) single(id int64) (deliveryRow, error) {
	v, err := r.store.view(r.store.stopping)
	if err != nil {
		return deliveryRow{}, err
	}
	defer v.close()
	d, _, err := v.delivery(r.store.stopping, id)
	return d, err
}

// begin selects the columns that say anything.
func (f *segmentFile) begin(dict *outage.Dict, sequences bool) error {
	var err error
	if f.reader, err = columnar.OpenParquet(f.file, f.bytes, trusted()); err != nil {
		return err
	}
	if got, want := f.reader.Columns(), segmentColumns(); len(got) != len(want) {
		return fmt.Errorf("it has %d columns, want %d", len(got), len(want))
	}
	for i := range columnCount {
		numbers := i >= columnSequence && f.filled&isSingle == 0 && (i != columnSequence || sequences)
		if numbers || i < columnSequence && f.filled&(1<<i) != 0 {
			f.columns = append(f.columns, i)
			f.places[i] = len(f.columns)
		}
	}
	if err := f.reader.Select(f.columns, columnID, columnSteps, columnReasonValue); err != nil {
		return err
	}
	f.reader.Share(dict)
	f.groups = f.reader.Groups()
	sum := int64(0)
	for _, n := range f.groups {
		if n < 0 || n > groupRows {
			return fmt.Errorf("a row group of %d rows", n)
		}
		sum += n
	}
	if sum != f.rows {
		return fmt.Errorf("it has %d rows, want %d", sum, f.rows)
	}
	return nil
}

// reaches says whether a row group may have rows with a sequence behind one.
func (f *segmentFile) reaches(group int, after int64) bool {
	if f.filled&isSingle == 0 {
		return f.last > after
	}
	return f.first+f.before(group+1)-1 > after
}

// before is the number of rows before a row group.
func (f *segmentFile) before(group int) (n int64) {
	for _, rows := range f.groups[:group] {
		n += rows
	}
	return n
}

// fork is a reader for one goroutine.
func (f *segmentFile) fork() (*columnar.Reader, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(f.forks); n > 0 {
		r := f.forks[n-1]
		f.forks = f.forks[:n-1]
		return r, nil
	}
	return f.reader.Fork()
}

func (f *segmentFile) join(r *columnar.Reader) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forks = append(f.forks, r)
}

// decode fills a chunk with the rows of a row group that count.
func (f *segmentFile) decode(r *reading, group int, chunk *Chunk) error {
	err := f.decodeGroup(r, group, chunk)
	if err != nil && !errors.Is(err, ErrCorrupt) {
		return damaged(f.file.Name(), err.Error())
	}
	return err
}

func (f *segmentFile) decodeGroup(r *reading, group int, chunk *Chunk) error {
	reader, err := f.fork()
	if err != nil {
		return err
	}
	if err := reader.Group(group); err != nil {
		return err
	}
	row := f.before(group)
	for {
		b, err := reader.Next()
		if errors.Is(err, io.EOF) {
			f.join(reader)
			return nil
		}
		if err != nil {
			return err
		}
		g := &decoding{segmentFile: f, reading: r, in: b, chunk: chunk, row: row}
		if err := g.take(); err != nil {
			return err
		}
		row += int64(b.Rows)
	}
}

// A decoding turns rows of columns into those of a chunk.
type decoding struct {
	*segmentFile
	reading *reading
	in      *columnar.Batch
	chunk   *Chunk
	row     int64 // of the segment, with which the columns begin
}

// column is a column, nil where it says nothing.
func (g *decoding) column(i int) *columnar.Values {
	if g.places[i] == 0 {
		return nil
	}
	return &g.in.Columns[g.places[i]-1]
}

// take takes the rows delivery by delivery.
func (g *decoding) take() error {
	if g.filled&isSingle != 0 {
		from := int(min(max(0, g.reading.after+1-g.first-g.row), int64(g.in.Rows)))
		return g.part(Part{Delivery: g.from, Stream: g.stream, Received: seconds(g.received)}, from, g.in.Rows)
	}
	delivery, stream, received := g.column(columnDelivery).Int, g.column(columnStream).Int, g.column(columnReceived).Int
	for from := 0; from < g.in.Rows; {
		to := from + 1
		for to < g.in.Rows && delivery[to] == delivery[from] {
			to++
		}
		if g.reading.counts(delivery[from]) {
			begin := from
			if s := g.column(columnSequence); s != nil {
				for begin < to && s.Int[begin] <= g.reading.after {
					begin++
				}
			}
			if err := g.part(Part{Delivery: delivery[from], Stream: stream[from], Received: received[from]}, begin, to); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// part appends the rows from from, before to, readable ones first.
func (g *decoding) part(p Part, from, to int) error {
	if from == to {
		return nil
	}
	rejected := to
	if reason := g.column(columnReason); reason != nil {
		for rejected = from; rejected < to && reason.IsNull(rejected); rejected++ {
		}
	}
	b := g.chunk.Batch
	p.Rows, p.Rejected = [2]int{b.Len()}, [2]int{len(b.Rejected)}
	if err := g.rows(b, from, rejected); err != nil {
		return err
	}
	for i := rejected; i < to; i++ {
		e, err := g.rejection(i)
		if err != nil {
			return err
		}
		b.Rejected = append(b.Rejected, e)
	}
	p.Rows[1], p.Rejected[1] = b.Len(), len(b.Rejected)
	g.chunk.Parts = append(g.chunk.Parts, p)
	return nil
}

// rows appends readable rows, column by column.
func (g *decoding) rows(b *outage.Batch, from, to int) error {
	if from == to {
		return nil
	}
	at := b.Len()
	var err error
	if b.Row, err = numbersOf(b.Row, g.column(columnRow), from, to, math.MaxUint32); err != nil {
		return err
	}
	if b.Flags, err = numbersOf(b.Flags, g.column(columnFlags), from, to, math.MaxUint16); err != nil {
		return err
	}
	g.ids(&b.ID, from, to)
	for _, c := range []struct {
		to     *[]outage.Ref
		column int
	}{
		{&b.Source, columnSource}, {&b.Feeder, columnFeeder}, {&b.Unit, columnUnit}, {&b.Area, columnArea}, {&b.Class, columnClass},
		{&b.Cause, columnCause}, {&b.Technical, columnTechnical}, {&b.Stage, columnStage},
	} {
		*c.to = g.refs(*c.to, b.Dict, c.column, from, to)
	}
	b.Start = integers(b.Start, g.column(columnStart), from, to, outage.Open)
	b.End = integers(b.End, g.column(columnEnd), from, to, outage.Open)
	b.Customers = integers(b.Customers, g.column(columnCustomers), from, to, outage.Missing)
	b.Revision = integers(b.Revision, g.column(columnRevision), from, to, 0)
	b.Cancelled = bools(b.Cancelled, g.column(columnCancelled), from, to)
	if b.Nature, err = g.natures(b.Nature, from, to); err != nil {
		return err
	}
	return g.rare(b, at, from, to)
}

// ids appends the texts of the column event_id.
func (g *decoding) ids(dst *outage.Texts, from, to int) {
	v := g.column(columnID)
	for i := from; i < to; i++ {
		switch {
		case v == nil || v.IsNull(i):
			dst.AppendBytes(nil)
		case g.filled&isSealed != 0:
			dst.Append(unsealed(string(v.AppendText(nil, i))))
		case v.Dict == nil:
			dst.AppendBytes(v.Plain(i))
		default:
			dst.Append(v.Dict.Text(v.Text[i]))
		}
	}
}

// refs appends the texts of a column as references into the dictionary, which
// its codes are already.
func (g *decoding) refs(dst []outage.Ref, d *outage.Dict, column, from, to int) []outage.Ref {
	v := g.column(column)
	at := len(dst)
	dst = slices.Grow(dst, to-from)[:at+to-from]
	out := dst[at:]
	switch {
	case v == nil:
		clear(out)
	case v.Dict.Dict != d || g.filled&isSealed != 0:
		for i := range out {
			out[i] = 0
			if !v.IsNull(from + i) {
				out[i] = d.Intern(unsealed(v.Dict.Text(v.Text[from+i])))
			}
		}
	default:
		for i, code := range v.Text[from:to] {
			out[i] = outage.Ref(code) // 0 where it is null
		}
	}
	return dst
}

// text is one text, empty where there is none.
func (g *decoding) text(column, i int) string {
	v := g.column(column)
	if v == nil || v.IsNull(i) {
		return ""
	}
	if v.Dict == nil {
		return unsealed(string(v.Plain(i)))
	}
	return strings.Clone(unsealed(v.Dict.Text(v.Text[i])))
}

// integers appends numbers; a null stands for none.
func integers(dst []int64, v *columnar.Values, from, to int, none int64) []int64 {
	at := len(dst)
	if v != nil {
		dst = append(dst, v.Int[from:to]...)
		for i := from; v.Null != nil && i < to; i++ {
			if v.Null[i] {
				dst[at+i-from] = none
			}
		}
		return dst
	}
	dst = slices.Grow(dst, to-from)[:at+to-from]
	for i := range dst[at:] {
		dst[at+i] = none
	}
	return dst
}

// numbersOf appends numbers from 0 to the most; a column that says nothing is
// all 0.
func numbersOf[T ~uint16 | ~uint32](dst []T, v *columnar.Values, from, to int, most int64) ([]T, error) {
	at := len(dst)
	dst = slices.Grow(dst, to-from)[:at+to-from]
	out := dst[at:]
	if v == nil {
		clear(out)
		return dst, nil
	}
	for i, n := range v.Int[from:to] {
		if n < 0 || n > most {
			return dst, fmt.Errorf("column %s: %d is not from 0 to %d", v.Name, n, most)
		}
		out[i] = T(n)
	}
	return dst, nil
}

func bools(dst []bool, v *columnar.Values, from, to int) []bool {
	at := len(dst)
	dst = slices.Grow(dst, to-from)[:at+to-from]
	out := dst[at:]
	if v == nil {
		clear(out)
		return dst
	}
	for i, n := range v.Int[from:to] {
		out[i] = n != 0
	}
	return dst
}

// natures appends natures; each word is looked up where it differs from that
// before it.
func (g *decoding) natures(dst []outage.Nature, from, to int) ([]outage.Nature, error) {
	v := g.column(columnNature)
	known := map[uint32]outage.Nature{}
	last, n := uint32(math.MaxUint32), outage.Unknown
	for i := from; i < to; i++ {
		if v == nil || v.IsNull(i) {
			return dst, fmt.Errorf("row %d has no nature", g.row+int64(i))
		}
		if code := v.Text[i]; code != last {
			var ok bool
			if n, ok = known[code]; !ok {
				var err error
				if n, err = nature(v.Dict.Text(code)); err != nil {
					return dst, err
				}
				known[code] = n
			}
			last = code
		}
		dst = append(dst, n)
	}
	return dst, nil
}

// nature is that of a name.
func nature(name string) (outage.Nature, error) {
	n, ok := outage.ParseNature(name)
	if !ok || n.String() != name {
		return n, fmt.Errorf("the nature %q is not known", name)
	}
	return n, nil
}

// rare sets what few rows have, from row at of the batch on.
func (g *decoding) rare(b *outage.Batch, at, from, to int) error {
	if v := g.column(columnSteps); v != nil {
		for i := from; i < to; i++ {
			if v.IsNull(i) {
				continue
			}
			steps, err := parseSteps(v.AppendText(nil, i))
			if err != nil {
				return err
			}
			b.Steps[at+i-from] = steps
		}
	}
	if v := g.column(columnCapacity); v != nil {
		for i := from; i < to; i++ {
			if !v.IsNull(i) {
				b.Capacity[at+i-from] = v.Float[i]
			}
		}
	}
	return nil
}

// rejection is a rejected row.
func (g *decoding) rejection(i int) (r outage.Rejection, err error) {
	number := func(column int, none int64) int64 {
		v := g.column(column)
		if v == nil || v.IsNull(i) {
			return none
		}
		return v.Int[i]
	}
	r = outage.Rejection{Column: g.text(columnReasonColumn, i), Value: g.text(columnReasonValue, i), Reason: outage.Reason(g.text(columnReason, i))}
	r.Event = outage.Event{
		Row: outage.Row(number(columnRow, 0)), Source: g.text(columnSource, i), ID: g.text(columnID, i), Feeder: g.text(columnFeeder, i),
		Unit: g.text(columnUnit, i), Area: g.text(columnArea, i), Class: g.text(columnClass, i), Cause: g.text(columnCause, i),
		TechnicalCause: g.text(columnTechnical, i), Stage: g.text(columnStage, i), Start: number(columnStart, outage.Open),
		End: number(columnEnd, outage.Open), Customers: number(columnCustomers, outage.Missing), Revision: number(columnRevision, 0),
		Cancelled: number(columnCancelled, 0) != 0, Flags: outage.Flags(number(columnFlags, 0)), Served: outage.Missing,
	}
	if v := g.column(columnCapacity); v != nil && !v.IsNull(i) {
		r.CapacityKVA = v.Float[i]
	}
	if text := g.text(columnSteps, i); text != "" {
		if r.Steps, err = parseSteps([]byte(text)); err != nil {
			return r, err
		}
	}
	r.Nature, err = nature(g.text(columnNature, i))
	return r, err
}
