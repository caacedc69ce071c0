package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// zoned compares time zones by name.
func zoned(a, b *time.Location) bool { return a.String() == b.String() }

const small = `id: small
zone: UTC
areas: [{id: north}, {id: south, name: South, match: [S]}]
`

func TestParseDefaults(t *testing.T) {
	t.Parallel()
	got, err := Parse("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(small))
	want := &Policy{
		ID: "small", Title: Text{"small", "small"}, Zone: time.UTC,
		Index:     "saidi-1",
		Indices:   []string{"saidi-1", "saidi-2", "saidi-3", "saidi-4", "saidi-s", "saidi-f", "saidi-u", "ieee", "ieee-ex-med"},
		Momentary: 180, Settle: 45 * 86400,
		Valid: Validity{AlwaysFrom, AlwaysUntil},
		Areas: []Area{
			{ID: "north", Name: Text{"north", "north"}},
			{ID: "south", Name: Text{"South", "South"}, Match: []string{"S"}},
		},
		Whole:         Group{ID: "whole", Name: Text{"small", "small"}, Areas: []outage.Area{"north", "south"}},
		AfterDeadline: Informative,
		Coverage:      Demand{Minimum: Fraction{99, 100}, Rejected: Fraction{1, 100}},
		Risk:          Risk{AtRisk: Fraction{1, 5}, OffTrack: Fraction{4, 5}, PaceAtRisk: Fraction{1, 1}, PaceOffTrack: Fraction{6, 5}, BurnDay: Fraction{1, 50}, BurnWeek: Fraction{1, 20}, BurnMonth: Fraction{1, 10}},
		RepeatRules:   DefaultRepeatRules(),
		SHA256:        hex.EncodeToString(sum[:]),
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(zoned)); diff != "" {
		t.Errorf("policy differs (-want +got):\n%s", diff)
	}
}

func TestParseEverything(t *testing.T) {
	t.Parallel()
	text := `id: full
title: {en: Full, zh: 全}
source: nowhere
zone: America/Belem
index: ieee
indices: [saidi-1, ieee]
momentary: 5m
year_start: 04-01
settle: 1.5d
valid: {from: 2021-02-22}
areas: [&a {id: a, name: {zh: 甲}}, {id: b}]
groups: [{id: g, areas: [b]}]
whole: {id: all-of-it, name: All of it}
classes: [{id: c}, {id: d}]
class_groups: [{id: both, name: Both, classes: [d, c]}]
targets:
  - {scope: a, class: c, cap: 2.73h, strength: aspiration, deadline: 2023-03-31, clause: two}
  - {scope: g, class: both, reduction: 8%, strength: duty, deadline: 2023-03-31}
  - {scope: all-of-it, reduction: 0.125, base: 2019, base_value: 10.2h, strength: informative, deadline: 2023-03-31}
after_deadline: none
coverage: {minimum: 95%, rejected: 0}
risk: {at_risk: 0, off_track: 1, pace_at_risk: 0.5, pace_off_track: 0.5, burn_24h: 5%, burn_30d: 0.25}
repeat_rules:
  - {id: often, name: {en: Often}, more_than: 2, within: 30d, nature: pre-arranged}
  - {id: never, more_than: 0, within: year}
prearranged_share: 60%
`
	got, err := Parse("full.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	belem, err := time.LoadLocation("America/Belem")
	if err != nil {
		t.Fatal(err)
	}
	march31 := period.DayOfDate(2023, time.March, 31)
	want := &Policy{
		ID: "full", Title: Text{"全", "Full"}, Source: "nowhere", Zone: belem,
		Index: "ieee", Indices: []string{"saidi-1", "ieee"},
		Momentary: 300, YearStart: period.YearStart{Month: time.April, Day: 1}, Settle: 129600,
		Valid:       Validity{period.DayOfDate(2021, time.February, 22), AlwaysUntil},
		Areas:       []Area{{ID: "a", Name: Text{"甲", "甲"}}, {ID: "b", Name: Text{"b", "b"}}},
		Groups:      []Group{{ID: "g", Name: Text{"g", "g"}, Areas: []outage.Area{"b"}}},
		Whole:       Group{ID: "all-of-it", Name: Text{"All of it", "All of it"}, Areas: []outage.Area{"a", "b"}},
		Classes:     []Class{{ID: "c", Name: Text{"c", "c"}}, {ID: "d", Name: Text{"d", "d"}}},
		ClassGroups: []ClassGroup{{ID: "both", Name: Text{"Both", "Both"}, Classes: []outage.Class{"d", "c"}}},
		Targets: []Target{
			{Scope: "a", Class: "c", Rule: Cap, Cap: 9828, Strength: Aspiration, Deadline: march31, Clause: "two"},
			{Scope: "g", Class: "both", Rule: Reduction, Reduction: Fraction{2, 25}, Strength: Duty, Deadline: march31},
			{Scope: "all-of-it", Class: "all", Rule: Reduction, Reduction: Fraction{1, 8}, BaseYear: 2019, BaseValue: 36720, Strength: Informative, Deadline: march31},
		},
		Coverage: Demand{Minimum: Fraction{19, 20}, Rejected: Fraction{0, 1}},
		Risk:     Risk{AtRisk: Fraction{0, 1}, OffTrack: Fraction{1, 1}, PaceAtRisk: Fraction{1, 2}, PaceOffTrack: Fraction{1, 2}, BurnDay: Fraction{1, 20}, BurnWeek: Fraction{1, 20}, BurnMonth: Fraction{1, 4}},
		RepeatRules: []RepeatRule{
			{ID: "often", Name: Text{"Often", "Often"}, RepeatRule: reliability.RepeatRule{MoreThan: 2, Within: 30 * 86400, PreArranged: true}},
			{ID: "never", Name: Text{"never", "never"}},
		},
		PreArrangedShare: &Fraction{3, 5},
		SHA256:           got.SHA256,
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(zoned)); diff != "" {
		t.Errorf("policy differs (-want +got):\n%s", diff)
	}
}

func TestQinghai(t *testing.T) {
	t.Parallel()
	p := Qinghai()
	if got, want := p.ID, "qinghai-2021-101"; got != want {
		t.Errorf("id = %q, want %q", got, want)
	}
	if got, want := p.Zone.String(), "Asia/Shanghai"; got != want {
		t.Errorf("zone = %q, want %q", got, want)
	}
	var areas []outage.Area
	for _, a := range p.Areas {
		areas = append(areas, a.ID)
	}
	want := []outage.Area{"xining", "haidong", "haixi", "huangnan", "hainan", "haibei", "golog", "yushu"}
	if diff := cmp.Diff(want, areas); diff != "" {
		t.Errorf("areas differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[2:], p.Groups[0].Areas); diff != "" {
		t.Errorf("six prefectures differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Group{ID: "qinghai", Name: Text{"青海省", "Qinghai"}, Areas: want}, p.Whole); diff != "" {
		t.Errorf("whole differs (-want +got):\n%s", diff)
	}
	if got := p.Momentary; got != reliability.DefaultBands().Momentary {
		t.Errorf("momentary = %d s, want the default of the counting rules", got)
	}
}

func TestQinghaiValid(t *testing.T) {
	t.Parallel()
	tests := []struct {
		day  period.Day
		want bool
	}{
		{period.DayOfDate(2021, time.February, 21), false},
		{period.DayOfDate(2021, time.February, 22), true},
		{period.DayOfDate(2026, time.February, 21), true},
		{period.DayOfDate(2026, time.February, 22), false},
	}
	for _, tt := range tests {
		t.Run(tt.day.String(), func(t *testing.T) {
			t.Parallel()
			if got := Qinghai().Valid.Holds(tt.day); got != tt.want {
				t.Errorf("in force = %t, want %t", got, tt.want)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "small.yaml")
	if err := os.WriteFile(path, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := Parse("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(zoned)); diff != "" {
		t.Errorf("the file differs from its bytes (-want +got):\n%s", diff)
	}
	_, err = Load(path + "x")
	if err == nil || !strings.HasPrefix(err.Error(), "read policy: ") {
		t.Errorf("a missing file: got %v, want an error that names the step", err)
	}
}

func TestTextIn(t *testing.T) {
	t.Parallel()
	text := Text{Zh: "西宁市", En: "Xining"}
	tests := []struct{ lang, want string }{{"zh", "西宁市"}, {"en", "Xining"}, {"", "Xining"}}
	for _, tt := range tests {
		t.Run(tt.lang, func(t *testing.T) {
			t.Parallel()
			if got := text.In(tt.lang); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestZoneNames(t *testing.T) {
	t.Parallel()
	names := zoneNames()
	if len(names) < 400 {
		t.Errorf("%d zones are known, want the whole database", len(names))
	}
	for _, name := range names {
		if _, ok := loadZone(name); !ok {
			t.Errorf("zone %q is suggested and cannot be loaded", name)
		}
	}
}
