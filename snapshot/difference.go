package snapshot

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
)

// A Difference is what was told between two points changed, counted to the same
// instant. The moves of a number, with its rest, add up to the change of its
// customer-seconds exactly.
type Difference struct {
	SchemaVersion int    `json:"schema_version"`
	Program       string `json:"program"`
	Policy        Digest `json:"policy"`
	Index         string `json:"index"`
	AsOf          string `json:"as_of"` // RFC 3339
	Zone          string `json:"zone"`
	From          Known  `json:"from"`
	To            Known  `json:"to"`

	Targets []TargetChange `json:"targets"`
	Numbers []Number       `json:"numbers"`
	Notes   []outage.Note  `json:"notes"`
}

// Known is a point up to which a store was told.
type Known struct {
	KnownAt    int64  `json:"known_at"` // the sequence
	Delivery   int64  `json:"delivery"` // the last one that counts
	Received   string `json:"received"` // of it, RFC 3339
	BaseSHA256 string `json:"base_sha256"`
}

// A TargetChange is a target before and after. Hours that do not exist are null.
type TargetChange struct {
	Scope         string   `json:"scope"`
	Class         string   `json:"class"`
	Rule          string   `json:"rule"`
	Strength      string   `json:"strength"`
	Deadline      string   `json:"deadline"`
	Year          int      `json:"year"`
	BaseYear      *int     `json:"base_year"`
	ValueBefore   *float64 `json:"value_hours_before"`
	ValueAfter    *float64 `json:"value_hours_after"`
	LimitBefore   *float64 `json:"limit_hours_before"`
	LimitAfter    *float64 `json:"limit_hours_after"`
	VerdictBefore string   `json:"verdict_before"`
	VerdictAfter  string   `json:"verdict_after"`

	Target *Target `json:"-"` // as it is after
}

// Moved says whether anything of the target changed.
func (t *TargetChange) Moved() bool {
	return !same(t.ValueBefore, t.ValueAfter) || !same(t.LimitBefore, t.LimitAfter) || t.VerdictBefore != t.VerdictAfter
}

func same(x, y *float64) bool {
	return x == nil && y == nil || x != nil && y != nil && *x == *y
}

// A Number is the sum behind an index before and after, with the records that
// moved it.
type Number struct {
	Scope  string `json:"scope"`
	Level  string `json:"level"`
	Class  string `json:"class"`
	Year   int    `json:"year"`
	Window string `json:"window"` // ytd or year
	From   string `json:"from"`
	To     string `json:"to"`
	Before Amount `json:"before"`
	After  Amount `json:"after"`
	Change Milli  `json:"customer_seconds_change"`
	// The change in hours, of which the records bring about what the customer-seconds
	// change by at the customers of before, and the base the rest. Null where there
	// are no hours on either side.
	HoursChange *float64 `json:"saidi_hours_change"`
	ByRecords   *float64 `json:"saidi_hours_by_records"`
	ByBase      *float64 `json:"saidi_hours_by_base"`
	Records     []Move   `json:"records"` // the largest first
	Rest        MoveRest `json:"rest"`

	Name      policy.Text `json:"-"`
	ClassName policy.Text `json:"-"`
}

// Moved says whether anything of the number changed.
func (n *Number) Moved() bool {
	known := n.Before.SAIDIHours != nil || n.After.SAIDIHours != nil
	return !same(n.Before.SAIDIHours, n.After.SAIDIHours) || known && n.Before.EquivalentCustomers != n.After.EquivalentCustomers ||
		len(n.Records)+n.Rest.Records > 0
}

// An Amount is what an index divides. Hours that do not exist are null.
type Amount struct {
	CustomerSeconds     Milli    `json:"customer_seconds"`
	Interruptions       Milli    `json:"interruptions"`
	EquivalentCustomers float64  `json:"equivalent_customers"`
	SAIDIHours          *float64 `json:"saidi_hours"`
}

// What moved a record.
const (
	ByTold         = "told"           // a delivery told of it
	ByWithdrawn    = "withdrawn"      // the delivery that told of it was withdrawn, or replaced
	ByBase         = "base"           // another base knows its place, or knows it no more
	ByOthers       = "others"         // nothing was told of it: others share its customers
	ByBaseOrOthers = "base-or-others" // nothing was told of it, and the base is another
)

// A Move is what one record adds to a number, before and after. A record is what
// its source tells under one event, feeder, unit and stage; without an event, one
// row.
type Move struct {
	Before              Milli  `json:"customer_seconds_before"`
	After               Milli  `json:"customer_seconds_after"`
	Change              Milli  `json:"customer_seconds_change"`
	InterruptionsBefore Milli  `json:"interruptions_before"`
	InterruptionsAfter  Milli  `json:"interruptions_after"`
	Source              string `json:"source"`
	EventID             string `json:"event_id"`
	Feeder              string `json:"feeder_id"`
	Unit                string `json:"unit_id"`
	Stage               string `json:"stage"`
	By                  string `json:"by"`       // what moved it, see the constants
	Delivery            int64  `json:"delivery"` // that told of it, or withdrew it; 0 where nothing was told of it
	Received            string `json:"received"` // RFC 3339: when; empty where nothing was told of it
	Path                string `json:"path"`     // of the row that told of it; where none did, of the record as it is, or as it was
	Sheet               string `json:"sheet"`
	Row                 int    `json:"row"`
	InDelivery          int64  `json:"in_delivery"` // that path and row are of
}

// A MoveRest is the moves beyond the largest ones.
type MoveRest struct {
	Records             int   `json:"records"`
	Before              Milli `json:"customer_seconds_before"`
	After               Milli `json:"customer_seconds_after"`
	Change              Milli `json:"customer_seconds_change"`
	InterruptionsBefore Milli `json:"interruptions_before"`
	InterruptionsAfter  Milli `json:"interruptions_after"`
}

func (r *MoveRest) add(m *Move) {
	r.Records++
	r.Before += m.Before
	r.After += m.After
	r.Change += m.Change
	r.InterruptionsBefore += m.InterruptionsBefore
	r.InterruptionsAfter += m.InterruptionsAfter
}

// targetChanges pairs the targets of two answers of one policy.
func targetChanges(before, after []Target, shown func(scope, class string) bool) []TargetChange {
	all := []TargetChange{}
	for i := range after {
		t := &after[i]
		k := slices.IndexFunc(before, func(o Target) bool {
			return o.Scope == t.Scope && o.Class == t.Class && o.Rule == t.Rule && o.Strength == t.Strength && o.Deadline == t.Deadline && o.Year == t.Year && o.Clause == t.Clause
		})
		if k < 0 || !shown(t.Scope, t.Class) {
			continue
		}
		was := &before[k]
		all = append(all, TargetChange{
			Scope: t.Scope, Class: t.Class, Rule: t.Rule, Strength: t.Strength, Deadline: t.Deadline, Year: t.Year, BaseYear: t.BaseYear,
			ValueBefore: was.ValueHours, ValueAfter: t.ValueHours, LimitBefore: was.LimitHours, LimitAfter: t.LimitHours,
			VerdictBefore: was.Verdict, VerdictAfter: t.Verdict, Target: t,
		})
	}
	return all
}
