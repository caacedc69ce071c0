package reliability_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// served is a row of a base for all time.
func served(feeder, area, class, unit string, customers int64, changes ...func(*outage.Customers)) outage.Customers {
	row := outage.Customers{
		Feeder: feeder, Area: outage.Area(area), Class: outage.Class(class), Unit: unit, Customers: customers,
		ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo,
	}
	for _, change := range changes {
		change(&row)
	}
	return row
}

// valid bounds a row of a base.
func valid(from, to int64) func(*outage.Customers) {
	return func(row *outage.Customers) { row.ValidFrom, row.ValidTo = from, to }
}

// of is a kind of customers.
func of(kind outage.Kind) func(*outage.Customers) {
	return func(row *outage.Customers) { row.Kind = kind }
}

// capacity tells rows apart.
func capacity(kva float64) func(*outage.Customers) {
	return func(row *outage.Customers) { row.CapacityKVA = kva }
}

func newBase(t *testing.T, rows ...outage.Customers) *reliability.Base {
	t.Helper()
	base, err := reliability.NewBase(rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// What contradicts itself is an error that names both places and the trouble;
// what follows on in time is none.
func TestNewBaseContradictions(t *testing.T) {
	t.Parallel()
	const now = 1000
	tests := []struct {
		name string
		rows [2]outage.Customers
		want string // part of the error, or none
	}{
		{"feeder beside its unit", [2]outage.Customers{served("f", "a", "rural", "", 10), served("f", "a", "rural", "u", 1)}, "a row without unit and rows of units at one time"},
		{"feeder until its units", [2]outage.Customers{served("f", "a", "rural", "", 10, valid(outage.AlwaysFrom, now)), served("f", "a", "rural", "u", 1, valid(now, outage.AlwaysTo))}, ""},
		{"feeder beside a unit of another class", [2]outage.Customers{served("f", "a", "rural", "", 10), served("f", "a", "town", "u", 1)}, ""},
		{"area beside its unit", [2]outage.Customers{served("", "a", "rural", "", 10), served("", "a", "rural", "u", 1)}, "a row without unit and rows of units at one time"},
		{"unit on two feeders", [2]outage.Customers{served("f", "a", "rural", "u", 1), served("g", "a", "rural", "u", 1)}, `unit "u" has two rows at one time`},
		{"unit with two numbers", [2]outage.Customers{served("f", "a", "rural", "u", 1), served("f", "a", "rural", "u", 2)}, `unit "u" has two rows at one time`},
		{"unit that moves", [2]outage.Customers{served("f", "a", "rural", "u", 1, valid(outage.AlwaysFrom, now)), served("g", "a", "rural", "u", 1, valid(now, outage.AlwaysTo))}, ""},
		{"unit that moves a second late", [2]outage.Customers{served("f", "a", "rural", "u", 1, valid(outage.AlwaysFrom, now+1)), served("g", "a", "rural", "u", 1, valid(now, outage.AlwaysTo))}, `unit "u" has two rows at one time`},
		{"unit equal in every field", [2]outage.Customers{served("f", "a", "rural", "u", 1), served("f", "a", "rural", "u", 1)}, ""},
		{"area and class by feeder and as a whole", [2]outage.Customers{served("f", "a", "rural", "", 1), served("", "a", "rural", "", 9)}, `area "a", class "rural" are given by feeder and as a whole at one time`},
		{"by unit of a feeder and as a whole", [2]outage.Customers{served("f", "a", "rural", "u", 1), served("", "a", "rural", "", 9)}, `area "a", class "rural" are given by feeder and as a whole at one time`},
		{"without class by feeder and as a whole", [2]outage.Customers{served("f", "a", "", "", 1), served("", "a", "unclassified", "", 9)}, `class "unclassified" are given by feeder and as a whole at one time`},
		{"another class as a whole", [2]outage.Customers{served("f", "a", "rural", "", 1), served("", "a", "town", "", 9)}, ""},
		{"as a whole until by feeder", [2]outage.Customers{served("f", "a", "rural", "", 1, valid(now, outage.AlwaysTo)), served("", "a", "rural", "", 9, valid(outage.AlwaysFrom, now))}, ""},
		{"equal in every field", [2]outage.Customers{served("f", "a", "rural", "", 1), served("f", "a", "rural", "", 1)}, "two rows without unit are equal in every field"},
		{"equal but for the capacity", [2]outage.Customers{served("f", "a", "rural", "", 1), served("f", "a", "rural", "", 1, capacity(5))}, ""},
		{"medium and low voltage", [2]outage.Customers{served("f", "a", "rural", "", 1, of(outage.MediumVoltage)), served("g", "a", "rural", "", 1, of(outage.LowVoltage))}, "never both"},
		{"medium voltage and not said", [2]outage.Customers{served("f", "a", "rural", "", 1, of(outage.MediumVoltage)), served("g", "a", "rural", "", 1)}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, order := range [][]int{{0, 1}, {1, 0}} {
				checkContradiction(t, placed(tt.rows, order), tt.want)
			}
		})
	}
}

// placed puts the rows in an order and tells where each was read.
func placed(rows [2]outage.Customers, order []int) []outage.Customers {
	first, second := rows[order[0]], rows[order[1]]
	first.Path, first.Row = "customers.csv", 2
	second.Path, second.Sheet, second.Row = "more.xlsx", "二月", 3
	return []outage.Customers{first, second}
}

func checkContradiction(t *testing.T, rows []outage.Customers, want string) {
	t.Helper()
	_, err := reliability.NewBase(rows, nil)
	if want == "" {
		if err != nil {
			t.Errorf("got %v, want no error", err)
		}
		return
	}
	var contradiction *reliability.BaseError
	if !errors.As(err, &contradiction) || contradiction.Other == nil {
		t.Fatalf("got %v, want a BaseError of two rows", err)
	}
	for _, part := range []string{want, "customers.csv, row 2", "more.xlsx, sheet 二月, row 3"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

// Customers in service over time: rows add up, and one that repeats a unit is
// dropped.
func TestBaseInService(t *testing.T) {
	t.Parallel()
	base := newBase(t,
		served("f", "a", "rural", "", 100), served("f", "a", "rural", "", 10, valid(100, 300)), served("f", "a", "rural", "", 7, valid(200, 300)),
		served("g", "a", "town", "u", 3, valid(100, 200)), served("g", "a", "town", "u", 3, valid(100, 200)), served("g", "a", "town", "v", 4, valid(250, outage.AlwaysTo)),
	)
	if base.Duplicates != 1 {
		t.Errorf("%d rows dropped, want 1", base.Duplicates)
	}
	got := map[string][]int64{}
	for i := range base.Cells() {
		c := &base.Cells()[i]
		for _, at := range []int64{0, 99, 100, 199, 200, 299, 300, 1e9} {
			got[c.Feeder] = append(got[c.Feeder], c.InService(at)/reliability.Milli)
		}
	}
	want := map[string][]int64{"f": {100, 100, 110, 110, 117, 117, 100, 100}, "g": {0, 0, 3, 3, 0, 4, 4, 4}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in service (-want +got):\n%s", diff)
	}
	seconds := map[string]int64{}
	for s, n := range base.ServiceSeconds(50, 350) {
		area, class := base.Stratum(s)
		seconds[string(area)+" "+string(class)] = n
	}
	if diff := cmp.Diff(map[string]int64{"a rural": 300*100 + 200*10 + 100*7, "a town": 100*3 + 100*4, "a unclassified": 0}, seconds); diff != "" {
		t.Errorf("customer-seconds in service (-want +got):\n%s", diff)
	}
}

// Feeders that ever share a unit are one allocation group, also over others.
func TestBaseGroups(t *testing.T) {
	t.Parallel()
	base := newBase(t,
		served("f1", "a", "rural", "", 1), served("f1", "b", "town", "", 1),
		served("f2", "a", "rural", "u", 1, valid(0, 10)), served("f3", "a", "rural", "u", 1, valid(10, 20)),
		served("f3", "a", "rural", "v", 1, valid(0, 10)), served("f4", "a", "rural", "v", 1, valid(10, 20)),
		served("", "c", "rural", "", 1), served("", "c", "town", "", 1), served("", "d", "town", "", 1),
	)
	groups := map[int][]string{}
	for _, c := range base.Cells() {
		groups[c.Group] = append(groups[c.Group], c.Feeder+"/"+string(c.Area))
	}
	want := map[int][]string{0: {"/c", "/c"}, 1: {"/d"}, 2: {"f1/a", "f1/b"}, 3: {"f2/a", "f3/a", "f4/a"}}
	if diff := cmp.Diff(want, groups); diff != "" || base.Groups() != len(want) {
		t.Errorf("%d groups (-want +got):\n%s", base.Groups(), diff)
	}
}
