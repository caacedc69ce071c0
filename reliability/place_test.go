package reliability_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// A naming is where a row says that its customers are.
type naming struct{ unit, feeder, area, class string }

func (n naming) claim(b *reliability.Base, start int64) reliability.Claim {
	return reliability.Claim{
		Unit: b.UnitNumber(n.unit), Feeder: b.FeederNumber(n.feeder),
		Area: b.AreaNumber(outage.Area(n.area)), Class: b.ClassNumber(outage.Class(n.class)),
		NamesUnit: n.unit != "", NamesArea: n.area != "", NamesFeed: n.feeder != "", Start: start,
	}
}

// describe puts a place into words: its unit, its cells with the customers by
// which they are weighed, or its stratum.
func describe(b *reliability.Base, p *reliability.Place) string {
	text := ""
	if p.Unit != reliability.Nowhere {
		text += "unit " + b.UnitName(int(p.Unit)) + " "
	}
	for i, c := range p.Cells {
		cell := &b.Cells()[c]
		text += fmt.Sprintf("%s/%s/%s:%d ", cell.Feeder, cell.Area, cell.Class, p.Weights[i]/reliability.Milli)
	}
	if p.Stratum != reliability.Nowhere {
		area, class := b.Stratum(int(p.Stratum))
		text += fmt.Sprintf("uncapped %s/%s ", area, class)
	}
	for _, code := range p.Flags.Codes() {
		text += "!" + code + " "
	}
	return text
}

// The base: two feeders of several cells, units on a third and in an area
// without feeders, and feeders that are in service at some time, or never.
func placeBase(t *testing.T) *reliability.Base {
	t.Helper()
	return newBase(t,
		served("f1", "a", "rural", "", 20), served("f1", "a", "town", "", 10), served("f1", "b", "town", "", 5),
		served("f2", "a", "rural", "u1", 4, valid(100, 200)), served("f2", "b", "town", "u1", 6, valid(300, 400)),
		served("f3", "a", "rural", "", 7, valid(100, 200)), served("f3", "a", "town", "", 8, valid(500, 600)), served("f3", "b", "town", "", 9, valid(500, 600)),
		served("f4", "a", "rural", "", 0), served("f4", "a", "town", "", 0),
		served("", "free", "rural", "", 30), served("", "free", "town", "", 3), served("", "free", "urban", "u2", 2),
		served("", "mixed", "rural", "", 40), served("f5", "mixed", "town", "", 1),
	)
}

func TestPlace(t *testing.T) {
	t.Parallel()
	base := placeBase(t)
	tests := []struct {
		name  string
		row   naming
		start int64
		want  string // empty where the place is unknown
	}{
		{"a unit", naming{unit: "u1"}, 150, "unit u1 "},
		{"a unit, all else right", naming{"u1", "f2", "a", "rural"}, 150, "unit u1 "},
		{"a unit after its move", naming{"u1", "f2", "b", "town"}, 300, "unit u1 "},
		{"a unit of another feeder", naming{"u1", "f1", "", ""}, 150, "unit u1 !contradicts-base "},
		{"a unit of a feeder unknown", naming{"u1", "f9", "", ""}, 150, "unit u1 !contradicts-base "},
		{"a unit of another area", naming{"u1", "", "b", ""}, 150, "unit u1 !contradicts-base "},
		{"a unit of an area unknown", naming{"u1", "", "nowhere", ""}, 150, "unit u1 !contradicts-base "},
		{"a unit of another class", naming{"u1", "", "", "town"}, 150, "unit u1 !contradicts-base "},
		{"a unit of a class unknown", naming{"u1", "", "", "suburb"}, 150, "unit u1 "},
		{"a unit before its service", naming{unit: "u1"}, 99, "unit u1 !nobody-in-service "},
		{"a unit between its spells, by the next", naming{"u1", "", "b", ""}, 200, "unit u1 !nobody-in-service "},
		{"a unit after its service, by the last", naming{"u1", "", "b", ""}, 400, "unit u1 !nobody-in-service "},
		{"a unit without feeder, a feeder is a label", naming{"u2", "label", "free", "urban"}, 0, "unit u2 "},

		{"a feeder", naming{feeder: "f1"}, 0, "f1/a/rural:20 f1/a/town:10 f1/b/town:5 "},
		{"a feeder, one area", naming{feeder: "f1", area: "a"}, 0, "f1/a/rural:20 f1/a/town:10 "},
		{"a feeder, one class", naming{feeder: "f1", class: "town"}, 0, "f1/a/town:10 f1/b/town:5 "},
		{"a feeder, area and class", naming{feeder: "f1", area: "a", class: "town"}, 0, "f1/a/town:10 "},
		{"the area goes before the class", naming{feeder: "f1", area: "b", class: "rural"}, 0, "f1/b/town:5 !contradicts-base "},
		{"a feeder, another area", naming{feeder: "f1", area: "free"}, 0, "f1/a/rural:20 f1/a/town:10 f1/b/town:5 !contradicts-base "},
		{"a feeder, an area unknown", naming{feeder: "f1", area: "nowhere", class: "rural"}, 0, "f1/a/rural:20 !contradicts-base "},
		{"a feeder, another class", naming{feeder: "f1", class: "urban"}, 0, "f1/a/rural:20 f1/a/town:10 f1/b/town:5 !contradicts-base "},
		{"a feeder, a class unknown", naming{feeder: "f1", class: "suburb"}, 0, "f1/a/rural:20 f1/a/town:10 f1/b/town:5 "},
		{"a feeder, a unit unknown", naming{unit: "u9", feeder: "f1", area: "b"}, 0, "f1/b/town:5 !unknown-unit "},
		{"only cells in service", naming{feeder: "f3"}, 150, "f3/a/rural:7 "},
		{"a feeder between its spells, by the next", naming{feeder: "f3"}, 200, "f3/a/town:8 f3/b/town:9 !nobody-in-service "},
		{"a feeder after its service", naming{feeder: "f3"}, 600, "f3/a/rural:0 !nobody-in-service "},
		{"a feeder never in service", naming{feeder: "f4"}, 0, "f4/a/rural:0 !nobody-in-service "},

		{"an area without feeders", naming{area: "free"}, 0, "/free/rural:30 /free/town:3 /free/urban:2 "},
		{"its feeders are labels", naming{feeder: "label", area: "free"}, 0, "/free/rural:30 /free/town:3 /free/urban:2 "},
		{"one of its classes", naming{area: "free", class: "town"}, 0, "/free/town:3 "},
		{"a class that it lacks", naming{area: "free", class: "unclassified"}, 0, "/free/rural:30 /free/town:3 /free/urban:2 !contradicts-base "},

		{"a feeder unknown", naming{feeder: "f9", area: "a", class: "rural"}, 0, "uncapped a/rural !unknown-feeder "},
		{"a feeder unknown, no class", naming{feeder: "f9", area: "b"}, 0, "uncapped b/unclassified !unknown-feeder "},
		{"a feeder unknown, a class unknown", naming{feeder: "f9", area: "b", class: "suburb"}, 0, "uncapped b/unclassified !unknown-feeder "},
		{"a feeder unknown, a unit unknown", naming{"u9", "f9", "a", "town"}, 0, "uncapped a/town !unknown-feeder !unknown-unit "},
		{"no feeder where the area has some", naming{area: "a"}, 0, "uncapped a/unclassified !unknown-feeder "},
		{"no feeder where the area has some and a rest", naming{area: "mixed", class: "rural"}, 0, "uncapped mixed/rural !unknown-feeder "},

		{"nothing named", naming{}, 0, ""},
		{"nothing known", naming{"u9", "f9", "nowhere", "rural"}, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var p reliability.Place
			got := ""
			if base.Place(tt.row.claim(base, tt.start), &p) {
				got = describe(base, &p)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	const most = outage.MaxCustomers * reliability.Milli
	tests := []struct {
		name    string
		weights []int64
		milli   int64
		want    []int64
	}{
		{"one cell", []int64{7}, 1000, []int64{1000}},
		{"one cell of nobody", []int64{0}, 1000, []int64{1000}},
		{"two thirds", []int64{20, 10}, 1000, []int64{666, 334}},
		{"three thirds", []int64{1, 1, 1}, 1000, []int64{333, 333, 334}},
		{"sevenths", []int64{1, 2, 4}, 1000, []int64{142, 286, 572}},
		{"nobody anywhere goes to the first", []int64{0, 0}, 1000, []int64{1000}},
		{"nobody out", []int64{3, 4}, 0, []int64{0, 0}},
		{"more than there are", []int64{1000, 3000}, 8000, []int64{2000, 6000}},
		{"the most there can be", []int64{most, most, most}, most, []int64{most / 3, most / 3, most - 2*(most/3)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []int64
			place(tt.weights).Split(tt.milli, func(_ int32, milli int64) { got = append(got, milli) })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("shares (-want +got):\n%s", diff)
			}
		})
	}
}

func place(weights []int64) *reliability.Place {
	p := &reliability.Place{Weights: weights}
	for i := range weights {
		p.Cells = append(p.Cells, int32(i))
	}
	return p
}

// Shares add up to the whole, and up to every cell they are the exact share
// rounded down.
func TestLawSplit(t *testing.T) {
	t.Parallel()
	const most = outage.MaxCustomers * reliability.Milli
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(1, most), 2, 6).Draw(t, "weights")
		milli := rapid.Int64Range(0, most).Draw(t, "milli")
		p := place(weights)
		total := big.NewInt(p.Total())
		var given, weight int64
		p.Split(milli, func(cell int32, share int64) {
			given += share
			weight += weights[cell]
			exact := new(big.Int).Mul(big.NewInt(milli), big.NewInt(weight))
			if exact.Quo(exact, total); given != exact.Int64() {
				t.Fatalf("up to cell %d: %d, want %s", cell, given, exact)
			}
		})
		if given != milli {
			t.Fatalf("shares add up to %d, want %d", given, milli)
		}
	})
}
