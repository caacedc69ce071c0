package clickhouse

import (
	"context"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// A Moment is an instant that members work out: what was told up to a sequence, as
// of a time.
type Moment struct {
	ID      uint64 // grows
	Setting uint64 // of the members that work it out: what they count by
	Told    uint64 // base and withdrawals, see [Store.Era]
	Era     uint64 // of its shares: they add up with those of the same era only
	AsOf    int64  // UTC seconds
	Known   int64  // the last sequence that counts
	Ask     string // what its shares hold, as JSON
	Refused []int64
	// Generation is one more whenever shares are made anew although nothing that
	// they hold has changed: what was there is lost, or of a time yet to come.
	Generation uint64
	// Complete is the last moment before it of which all slots were done when it
	// was written, 0 if none was.
	Complete uint64
	// Ahead says that nobody waits for it: it makes shares of a new era while
	// answers are still made of those of the last.
	Ahead bool
	By    string // the member that wrote it
}

func momentColumns() []column {
	return []column{
		{"setting", "UInt64"}, {"id", "UInt64"}, {"told", "UInt64"}, {"era", "UInt64"}, {"as_of", "Int64"}, {"known", "Int64"}, {"ask", "String"},
		{"refused", "Array(Int64)"}, {"generation", "UInt64"}, {"complete", "UInt64"}, {"ahead", "UInt8"}, {"by_member", "String"}, {"at", "DateTime DEFAULT now()"},
	}
}

// AddMoment writes a moment.
func (s *Store) AddMoment(ctx context.Context, m *Moment) error {
	columns := (&table{columns: momentColumns()}).names()
	return s.cluster.home.insert(ctx, momentTable, columns[:len(columns)-1], func(b driver.Batch) error {
		refused := m.Refused
		if refused == nil {
			refused = []int64{}
		}
		return b.Append(m.Setting, m.ID, m.Told, m.Era, m.AsOf, m.Known, m.Ask, refused, m.Generation, m.Complete, bit(m.Ahead), m.By)
	})
}

func scanMoment(rows driver.Rows, m *Moment) error {
	var ahead uint8
	err := rows.Scan(&m.Setting, &m.ID, &m.Told, &m.Era, &m.AsOf, &m.Known, &m.Ask, &m.Refused, &m.Generation, &m.Complete, &ahead, &m.By)
	m.Ahead = ahead != 0
	return err
}

const selectMoment = "SELECT setting, id, told, era, as_of, known, ask, refused, generation, complete, ahead, by_member FROM moment WHERE setting = ? AND "

// A Newest names the newest moments, by the clock of home.
type Newest struct {
	Now, Ahead uint64 // that somebody waits for, and that nobody does; 0 where there is none
	Clock      int64  // UTC seconds
	Written    int64  // when the last was written that somebody waits for, UTC seconds
}

// Newest names the newest moments; [Store.MomentOf] gives them.
func (s *Store) Newest(ctx context.Context, setting uint64) (n Newest, err error) {
	scan := func(rows driver.Rows, n *Newest) error { return rows.Scan(&n.Now, &n.Ahead, &n.Written, &n.Clock) }
	list, err := queryAll(ctx, s.cluster.home, scan, `SELECT maxIf(id, ahead = 0), maxIf(id, ahead != 0), toInt64(maxIf(toUInt32(at), ahead = 0)), toInt64(toUInt32(now()))
		FROM moment WHERE setting = ?`, setting)
	if err != nil || len(list) == 0 {
		return n, err
	}
	return list[0], nil
}

// MomentOf gives a moment by its number; nil where there is none.
func (s *Store) MomentOf(ctx context.Context, setting, id uint64) (*Moment, error) {
	list, err := queryAll(ctx, s.cluster.home, scanMoment, selectMoment+"id = ? LIMIT 1", setting, id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func doneColumns() []column {
	return []column{
		{"setting", "UInt64"}, {"era", "UInt64"}, {"moment", "UInt64"}, {"known", "Int64"}, {"as_of", "Int64"}, {"member", "String"}, {"slots", "Array(UInt16)"},
	}
}

// AddDone notes that all groups of some slots are worked out for a moment.
func (s *Store) AddDone(ctx context.Context, m *Moment, member string, slots []int) error {
	if len(slots) == 0 {
		return nil
	}
	list := make([]uint16, len(slots))
	for i, slot := range slots {
		list[i] = uint16(slot)
	}
	return s.cluster.home.insert(ctx, doneTable, (&table{columns: doneColumns()}).names(), func(b driver.Batch) error {
		return b.Append(m.Setting, m.Era, m.ID, m.Known, m.AsOf, member, list)
	})
}

// DoneSlots lists the slots that are done of a moment.
func (s *Store) DoneSlots(ctx context.Context, m *Moment) ([]int, error) {
	list, err := queryAll(ctx, s.cluster.home, func(rows driver.Rows, slots *[]uint16) error { return rows.Scan(slots) },
		"SELECT slots FROM done WHERE setting = ? AND moment = ?", m.Setting, m.ID)
	var all []int
	for _, slots := range list {
		for _, slot := range slots {
			all = append(all, int(slot))
		}
	}
	slices.Sort(all)
	return slices.Compact(all), err
}

// A DoneUpTo says up to which moment of an era a slot was done.
type DoneUpTo struct {
	Slot   int
	Moment uint64
	Known  int64
}

// LastDone gives for every slot the last moment of an era, up to one, for which it
// is done.
func (s *Store) LastDone(ctx context.Context, setting, era, until uint64) ([]DoneUpTo, error) {
	scan := func(rows driver.Rows, d *DoneUpTo) error {
		var slot uint16
		err := rows.Scan(&slot, &d.Moment, &d.Known)
		d.Slot = int(slot)
		return err
	}
	return queryAll(ctx, s.cluster.home, scan, `SELECT slot, last.1, last.2 FROM (SELECT slot, max((moment, known)) AS last FROM done ARRAY JOIN slots AS slot
		WHERE setting = ? AND era = ? AND moment <= ? GROUP BY slot) ORDER BY slot`, setting, era, until)
}

// A Refusal is a delivery that cannot be counted.
type Refusal struct {
	Delivery int64
	Reason   string
}

// Refuse notes deliveries that cannot be counted with a base and withdrawals.
func (s *Store) Refuse(ctx context.Context, setting, told uint64, list []Refusal) error {
	return s.cluster.home.insert(ctx, refusedTable, []string{"setting", "told", "delivery", "reason"}, func(b driver.Batch) error {
		for _, r := range list {
			if err := b.Append(setting, told, r.Delivery, r.Reason); err != nil {
				return err
			}
		}
		return nil
	})
}

// Refusals lists the deliveries that cannot be counted with a base and
// withdrawals.
func (s *Store) Refusals(ctx context.Context, setting, told uint64) ([]Refusal, error) {
	scan := func(rows driver.Rows, r *Refusal) error { return rows.Scan(&r.Delivery, &r.Reason) }
	return queryAll(ctx, s.cluster.home, scan, "SELECT delivery, min(reason) FROM refused WHERE setting = ? AND told = ? GROUP BY delivery ORDER BY delivery", setting, told)
}

// Lose notes that shares of an era are gone, so that it is begun anew.
func (s *Store) Lose(ctx context.Context, setting, era uint64, reason string) error {
	return s.cluster.home.insert(ctx, lostTable, []string{"setting", "era", "reason"}, func(b driver.Batch) error { return b.Append(setting, era, reason) })
}

// IsLost says whether shares of an era are gone.
func (s *Store) IsLost(ctx context.Context, setting, era uint64) (bool, error) {
	scan := func(rows driver.Rows, n *uint64) error { return rows.Scan(n) }
	list, err := queryAll(ctx, s.cluster.home, scan, "SELECT count() FROM lost WHERE setting = ? AND era = ?", setting, era)
	return len(list) > 0 && list[0] > 0, err
}
