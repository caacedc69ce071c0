package clickhouse

import (
	"context"
	"slices"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
)

// at is an event of a feeder with a revision.
func at(id, feeder, unit string, revision int64) row {
	r := event(id, 1_700_000_000)
	r.Feeder, r.Unit, r.Revision = feeder, unit, revision
	return r
}

// names are the names of groups.
func names(list []Group) []string {
	all := make([]string, len(list))
	for i, g := range list {
		all[i] = g.Name
	}
	slices.Sort(all)
	return all
}

// readGroup reads the rows of a group: the feeders and units of its own, and of
// foreign ones.
func readGroup(t *testing.T, s *Store, name string, until int64) (native, foreign []string) {
	t.Helper()
	var list []given
	err := s.ReadGroups(context.Background(), []Group{s.groupOf(name)}, until, func(c *Chunk) (err error) {
		list, err = gather(list, c.Batch, c.Parts)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range list {
		for i := range g.Rows {
			text := g.Rows[i].ID + " " + g.Rows[i].Feeder + g.Rows[i].Unit
			if g.Foreign {
				foreign = append(foreign, text)
			} else {
				native = append(native, text)
			}
		}
	}
	return native, foreign
}

// A row with a revision goes with the rows of its event in other groups, and
// changes those.
func TestRevisedElsewhere(t *testing.T) {
	t.Parallel()
	s := opened(t, shared(t).URL(database()), Options{Slots: 9})
	defer closed(t, s)
	ctx := context.Background()
	putBase(t, s, "base", baseOf("A", "B", "C"))
	first := put(t, s, head("1"), []row{at("x", "A", "", 0), at("y", "B", "", 0), at("z", "C", "", 3)})
	second := put(t, s, head("2"), []row{at("x", "B", "", 1)})
	tests := []struct {
		group           string
		until           int64
		native, foreign []string
	}{
		{"A", first.Last, []string{"x A"}, nil},
		{"A", 0, []string{"x A"}, []string{"x B"}},
		{"B", 0, []string{"y B", "x B"}, nil},
		{"C", 0, []string{"z C"}, nil},
	}
	for _, tt := range tests {
		if native, foreign := readGroup(t, s, tt.group, tt.until); !slices.Equal(native, tt.native) || !slices.Equal(foreign, tt.foreign) {
			t.Errorf("group %s as known at %d: %v, foreign %v; want %v, foreign %v", tt.group, tt.until, native, foreign, tt.native, tt.foreign)
		}
	}
	changed, err := s.Changed(ctx, first.Last, second.Last, 0)
	if err != nil || !slices.Equal(names(changed), []string{"A", "B"}) {
		t.Errorf("changed: %v, %v; want A, too", changed, err)
	}
	if of, err := s.GroupsOf(ctx, "scada", "x", 0); err != nil || !slices.Equal(names(of), []string{"A", "B"}) {
		t.Errorf("groups of x: %v, %v; want A and B", of, err)
	}
	if _, err := s.Withdraw(ctx, second.Delivery, "me", "why"); err != nil {
		t.Fatal(err)
	}
	if native, foreign := readGroup(t, s, "A", 0); !slices.Equal(native, []string{"x A"}) || len(foreign) > 0 {
		t.Errorf("once it is withdrawn: %v, foreign %v", native, foreign)
	}
}

// Rows that were stored by an earlier base, or without one, are read as the
// present one has them.
func TestBaseChanges(t *testing.T) {
	t.Parallel()
	s := opened(t, shared(t).URL(database()), Options{Slots: 9})
	defer closed(t, s)
	ctx := context.Background()
	rows := []row{at("a", "A", "", 0), at("b", "B", "", 0), at("u", "", "u1", 0), at("c", "X", "", 0)}
	told := put(t, s, head("1"), rows)
	era, err := s.Era(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	joined := append(baseOf("A", "B"), []outage.Customers{
		{Path: "base.csv", Row: 8, Feeder: "A", Unit: "u1", Area: "haidong", Class: "rural", Customers: 3, ValidFrom: outage.AlwaysFrom, ValidTo: 1_650_000_000},
		{Path: "base.csv", Row: 9, Feeder: "B", Unit: "u1", Area: "haidong", Class: "rural", Customers: 3, ValidFrom: 1_650_000_000, ValidTo: outage.AlwaysTo},
	}...)
	based := putBase(t, s, "base", joined)
	tests := []struct {
		group  string
		until  int64
		native []string
	}{
		{"A", told.Last, []string{"a A"}}, // without a base a row is of its feeder
		{"B", told.Last, []string{"b B"}},
		{"", told.Last, []string{"u u1"}},
		{"X", told.Last, []string{"c X"}},
		{"A", 0, []string{"a A", "b B", "u u1"}}, // a unit that moves joins two feeders
		{"B", 0, nil},
		{"", 0, []string{"c X"}}, // the base does not know the feeder
		{"X", 0, nil},
	}
	for _, tt := range tests {
		if native, foreign := readGroup(t, s, tt.group, tt.until); !slices.Equal(native, tt.native) || len(foreign) > 0 {
			t.Errorf("group %q as known at %d: %v, foreign %v; want %v", tt.group, tt.until, native, foreign, tt.native)
		}
	}
	sizes, err := s.Groups(ctx, slots(s), 0)
	want := []GroupSize{{s.groupOf(""), 1}, {s.groupOf("A"), 3}}
	if d := diff(want, sizes); err != nil || d != "" {
		t.Errorf("groups: %v (-want +got):\n%s", err, d)
	}
	changed, err := s.Changed(ctx, 0, 0, 0)
	if err != nil || !slices.Equal(names(changed), []string{"", "A"}) {
		t.Errorf("changed: %v, %v", changed, err)
	}
	if now, err := s.Era(ctx, 0); err != nil || now <= era {
		t.Errorf("era %d, %v; that before the base was %d", now, err, era)
	}
	if before, err := s.Era(ctx, based.First-1); err != nil || before != era {
		t.Errorf("era %d before the base, %v; want %d", before, err, era)
	}
}

// Rows that were inserted twice, or in vain, count as if they had not been.
func TestInsertedTwice(t *testing.T) {
	t.Parallel()
	s := opened(t, shared(t).URL(database()), Options{Slots: 9})
	defer closed(t, s)
	ctx := context.Background()
	p := parcelOf(t, s, eventsOf(50, "a"), 7).(*parcel)
	if err := s.insertBlocks(ctx, p.filling); err != nil { // and again when it is put
		t.Fatal(err)
	}
	vain := parcelOf(t, s, eventsOf(30, "v"), 7).(*parcel)
	if err := s.insertBlocks(ctx, vain.filling); err != nil {
		t.Fatal(err)
	}
	vain.Discard()
	list, err := s.Put(ctx, toldOf("1", p))
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]int64{"gathered": defaultReadAtOnce, "put in order by the servers": 1} {
		s.readAtOnce = read
		if all := readAll(t, s, 0, 0); len(all) != 1 || all[0].Delivery != list[0].Delivery || diff(eventsOf(50, "a"), all[0].Rows) != "" {
			t.Errorf("%s: %d deliveries", name, len(all))
		}
	}
	rows := 0
	for g := range 17 {
		native, _ := readGroup(t, s, eventsOf(50, "a")[g].Feeder, 0)
		rows += len(native)
	}
	if rows != 50 {
		t.Errorf("%d rows in groups, want 50", rows)
	}
	if findings, err := s.Verify(ctx); err != nil || len(findings) > 0 {
		t.Errorf("verify: %v, %v", findings, err)
	}
}

// Rows that are not there are an error and a finding, never a smaller number.
func TestRowsMissing(t *testing.T) {
	t.Parallel()
	s := opened(t, shared(t).URL(database()), Options{Slots: 9})
	defer closed(t, s)
	ctx := context.Background()
	base := putBase(t, s, "base", baseOf("F-1", "F-2"))
	put(t, s, head("1"), eventsOf(50, "a"))
	for _, l := range s.cluster.shards {
		if err := l.exec(ctx, "DROP TABLE row_here"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.cluster.home.exec(ctx, "DROP TABLE base_row"); err != nil {
		t.Fatal(err)
	}
	if err := s.cluster.ensure(ctx, toldTables()); err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]int64{"gathered": defaultReadAtOnce, "put in order by the servers": 1} {
		s.readAtOnce = read
		if err := s.Read(ctx, base.Last, 0, ignore); !isCorrupt(err) {
			t.Errorf("%s: error %v, want one of damage", name, err)
		}
	}
	if _, err := s.Base(ctx, 0); !isCorrupt(err) {
		t.Errorf("base: error %v, want one of damage", err)
	}
	if findings, err := s.Verify(ctx); err != nil || len(findings) != 2 {
		t.Errorf("verify: %v, %v; want two findings", findings, err)
	}
}

// What changed may be asked for in groups by a base that came later, in which all
// rows of a delivery are then.
func TestChangedByLaterBase(t *testing.T) {
	t.Parallel()
	s := opened(t, shared(t).URL(database()), Options{Slots: 9})
	defer closed(t, s)
	ctx := context.Background()
	first := putBase(t, s, "base", baseOf("A", "B", "C"))
	told := put(t, s, head("1"), []row{at("b", "B", "", 0), at("c", "C", "", 0)})
	later := baseOf("A", "C")
	moved := baseOf("B")[0]
	moved.Unit, later[0].Unit = "u", "u" // which moves from A to B
	moved.ValidFrom, later[0].ValidTo = 1_000_000_000, 1_000_000_000
	putBase(t, s, "base again", append(later, moved))
	tests := []struct {
		at   int64
		want []string
	}{{first.Last, []string{"B", "C"}}, {told.Last, []string{"B", "C"}}, {0, []string{"A", "C"}}, {s.Last(), []string{"A", "C"}}}
	for _, tt := range tests {
		groups, err := s.Changed(ctx, told.First-1, told.Last, tt.at)
		if got := names(groups); err != nil || !slices.Equal(slices.Sorted(slices.Values(got)), tt.want) {
			t.Errorf("by the base at %d: %v, %v; want %v", tt.at, got, err, tt.want)
		}
		of, err := s.GroupsOf(ctx, "scada", "b", tt.at)
		if got := names(of); err != nil || !slices.Equal(got, tt.want[:1]) {
			t.Errorf("groups of b by the base at %d: %v, %v; want %v", tt.at, got, err, tt.want[:1])
		}
	}
}

// Rows that were withdrawn are neither counted nor read, wherever they are stored.
func TestWithdrawnNotRead(t *testing.T) {
	t.Parallel()
	s := opened(t, shared(t).URL(database()), Options{Slots: 9})
	defer closed(t, s)
	ctx := context.Background()
	gone := put(t, s, head("1"), eventsOf(40, "a"))
	known := put(t, s, head("2"), eventsOf(10, "a"))
	rows := func(until int64) (n int64) {
		sizes, err := s.Groups(ctx, slots(s), until)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range sizes {
			n += g.Rows
		}
		return n
	}
	if _, err := s.Withdraw(ctx, gone.Delivery, "me", "why"); err != nil {
		t.Fatal(err)
	}
	if now, before := rows(0), rows(known.Last); now != 10 || before != 50 {
		t.Errorf("%d rows, and %d before; want 10 and 50", now, before)
	}
	putBase(t, s, "base", baseOf(eventsOf(1, "a")[0].Feeder)) // most belong to no feeder now
	if now := rows(0); now != 10 {
		t.Errorf("%d rows by another base, want 10", now)
	}
}
