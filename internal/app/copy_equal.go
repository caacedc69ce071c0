package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"reflect"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// An Equality is what became of holding two stores against each other.
type Equality struct {
	Deliveries, Rows int64    // that were held against each other
	Last             int64    // sequence
	SHA256           string   // of all rows in order, base and events
	Different        []string // in words; nothing where the stores are equal
}

// Equal reads two stores, the first up to a sequence (0: all of it), and says in what
// they differ: deliveries, withdrawals, streams, positions, the base and every row in
// its place, those of deliveries that were withdrawn since, too.
func Equal(ctx context.Context, x, y store.Keeper, until int64) (*Equality, error) {
	e := &Equality{Last: cmp.Or(until, x.Last())}
	if got := y.Last(); got != e.Last {
		e.differ("the last sequence is %d there and %d here", e.Last, got)
		return e, nil
	}
	sum := sha256.New()
	err := eachPage(ctx, x, e.Last, func(page []store.DeliveryInfo) error { return e.page(ctx, x, y, page, sum) })
	if err != nil {
		return nil, err
	}
	e.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if err := e.streams(ctx, x, y); err != nil {
		return nil, err
	}
	return e, e.positions(ctx, x, y)
}

func (e *Equality) differ(format string, args ...any) {
	if len(e.Different) < mostDifferent {
		e.Different = append(e.Different, fmt.Sprintf(format, args...))
	}
}

// mostDifferent bounds the differences that are told.
const mostDifferent = 20

// page holds some deliveries against each other.
func (e *Equality) page(ctx context.Context, x, y store.Keeper, page []store.DeliveryInfo, sum hash.Hash) error {
	there, err := y.Deliveries(ctx, store.Query{After: page[0].ID - 1, Limit: len(page)})
	if err != nil {
		return err
	}
	for i := range page {
		if i >= len(there) || !sameDelivery(&page[i], &there[i]) {
			e.differ("delivery %d: what is known of it differs", page[i].ID)
		}
	}
	e.Deliveries += int64(len(page))
	one, err := digestsOf(ctx, x, page)
	if err != nil {
		return err
	}
	other, err := digestsOf(ctx, y, page)
	if err != nil {
		return err
	}
	for i := range page {
		if one[i] != other[i] {
			e.differ("delivery %d: its rows differ", page[i].ID)
		}
		e.Rows += int64(page[i].Stored + page[i].Rejected)
		_, _ = sum.Write(one[i][:]) // a hash never fails
	}
	return nil
}

// digestsOf are those of the rows of each of some deliveries, as they were known
// when they were told.
func digestsOf(ctx context.Context, st store.Keeper, page []store.DeliveryInfo) ([][sha256.Size]byte, error) {
	sums := make([]hash.Hash, len(page))
	for i := range page {
		sums[i] = sha256.New()
		if page[i].Kind != store.Base {
			continue
		}
		rows, err := baseOf(ctx, st, &page[i])
		if err != nil {
			return nil, err
		}
		if err := json.NewEncoder(sums[i]).Encode(rows); err != nil {
			return nil, err
		}
	}
	for _, run := range readable(page) {
		list := page[run[0]:run[1]]
		if !anyRows(list) {
			continue
		}
		err := st.Read(ctx, list[0].First-1, list[len(list)-1].Last, func(c *store.Chunk) error {
			for i := range c.Parts {
				p := &c.Parts[i]
				if at := p.Delivery - page[0].ID; at >= 0 && at < int64(len(page)) {
					addRows(sums[at], c.Batch, p)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	digests := make([][sha256.Size]byte, len(page))
	for i := range sums {
		sums[i].Sum(digests[i][:0])
	}
	return digests, nil
}

// readable cuts deliveries into runs, from and to, of which nothing withdraws any of
// them: what is withdrawn by then cannot be read.
func readable(list []store.DeliveryInfo) (runs [][2]int) {
	for from := 0; from < len(list); {
		to, bound := from, int64(0)
		for ; to < len(list) && (bound == 0 || list[to].ID < bound); to++ {
			if by := list[to].WithdrawnBy; by != 0 && (bound == 0 || by < bound) {
				bound = by
			}
		}
		runs = append(runs, [2]int{from, to})
		from = to
	}
	return runs
}

// addRows adds the rows of a part to a sum, each in one way of writing.
func addRows(sum hash.Hash, b *outage.Batch, p *store.Part) {
	for i := p.Rows[0]; i < p.Rows[1]; i++ {
		e := b.Event(i)
		addEvent(sum, &e)
	}
	for i := p.Rejected[0]; i < p.Rejected[1]; i++ {
		r := &b.Rejected[i]
		addEvent(sum, &r.Event)
		_, _ = fmt.Fprintf(sum, "%q %q %q\n", r.Reason, r.Column, r.Value)
	}
}

func addEvent(sum hash.Hash, e *outage.Event) {
	_, _ = fmt.Fprintf(sum, "%d %q %q %q %q %q %q %q %q %q %d %d %d %d %d %t %d %v %v %d\n",
		e.Row, e.ID, e.Source, e.Feeder, e.Unit, e.Area, e.Class, e.Cause, e.TechnicalCause, e.Stage,
		e.Start, e.End, e.Customers, e.Revision, e.Nature, e.Cancelled, e.Flags, e.Steps, e.CapacityKVA, e.Served)
}

// streams holds what the streams add up to against each other.
func (e *Equality) streams(ctx context.Context, x, y store.Keeper) error {
	one, err := x.Streams(ctx, 0, e.Last)
	if err != nil {
		return err
	}
	other, err := y.Streams(ctx, 0, e.Last)
	if err != nil {
		return err
	}
	if len(one) != len(other) {
		e.differ("%d streams there and %d here", len(one), len(other))
		return nil
	}
	for i := range one {
		if !sameStream(one[i], other[i]) {
			e.differ("stream %q of source %q differs", one[i].Name, one[i].Source)
		}
	}
	return nil
}

func sameStream(x, y store.StreamSum) bool {
	if !x.FirstReceived.Equal(y.FirstReceived) || !x.LastReceived.Equal(y.LastReceived) {
		return false
	}
	x.FirstReceived, x.LastReceived = y.FirstReceived, y.LastReceived
	return reflect.DeepEqual(x, y)
}

// positions holds what is remembered of each source against each other.
func (e *Equality) positions(ctx context.Context, x, y store.Keeper) error {
	one, err := positionsOf(ctx, x, e.Last)
	if err != nil {
		return err
	}
	other, err := positionsOf(ctx, y, e.Last)
	if err != nil {
		return err
	}
	for _, source := range slices.Sorted(maps.Keys(one.tables)) {
		if is, was := other.tables[source], one.tables[source]; is != was {
			e.differ("the position of source %q is %q there and %q here", source, was, is)
		}
	}
	if !reflect.DeepEqual(one.files, other.files) {
		e.differ("the positions of files that were told again differ")
	}
	return nil
}
