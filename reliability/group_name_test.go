package reliability_test

import (
	"slices"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

func TestGroupName(t *testing.T) {
	t.Parallel()
	row := func(feeder, unit, area string, from, to int64) outage.Customers {
		return outage.Customers{Feeder: feeder, Unit: unit, Area: outage.Area(area), Class: "rural", Customers: 5, ValidFrom: from, ValidTo: to}
	}
	always := func(feeder, unit, area string) outage.Customers {
		return row(feeder, unit, area, outage.AlwaysFrom, outage.AlwaysTo)
	}
	base, err := reliability.NewBase([]outage.Customers{
		always("f1", "", "a"),
		row("f3", "u1", "a", outage.AlwaysFrom, 100), row("f2", "u1", "a", 100, outage.AlwaysTo), always("f3", "u2", "a"),
		always("", "", "b"),
		row("f4", "u3", "a", outage.AlwaysFrom, 100), row("", "u3", "c", 100, outage.AlwaysTo),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, feeder, unit, area, want string }{
		{"a feeder", "f1", "", "a", "f1"},
		{"a feeder that shares a unit with one before it", "f3", "", "a", "f2"},
		{"a unit goes before a feeder", "f1", "u2", "", "f2"},
		{"a unit that the base does not know", "f1", "nobody's", "", "f1"},
		{"a feeder that the base does not know", "f9", "", "a", ""},
		{"an area without feeders", "", "", "b", ""},
		{"an area alone", "", "", "a", ""},
		{"a feeder that shares a unit with an area without feeders", "f4", "", "a", ""},
		{"such a unit", "", "u3", "", ""},
		{"nothing", "", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := base.GroupName(tt.feeder, tt.unit, outage.Area(tt.area)); got != tt.want {
				t.Errorf("the group is %q, want %q", got, tt.want)
			}
		})
	}
	names := base.GroupNames()
	if len(names) != base.Groups() {
		t.Fatalf("%d names of %d groups", len(names), base.Groups())
	}
	if got, want := slices.Sorted(slices.Values(names)), []string{"", "", "f1", "f2"}; !slices.Equal(got, want) {
		t.Errorf("the groups are %q, want %q", got, want)
	}
}
