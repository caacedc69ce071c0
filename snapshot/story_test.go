package snapshot_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A story is a small case as tables of text. Times are local to the policy's
// zone; "-" stands for what is not given.
type story struct {
	policy string // targets and other keys, beside those of [story.yaml]
	zone   string // empty: Asia/Shanghai
	base   string // lines of feeder, area, class, customers, and at will the days from and to which they are served
	events string // lines of id, feeder, area, class, start, end or "open", customers, and at will "pre-arranged", "excluded" or why it is rejected
	covers string // lines of from, to, and areas; none means all
	asOf   string
	year   int // 0: that of the instant before as-of
}

// yaml is a policy of the areas a, b, c and d, the group g of the first three,
// and the classes rural and town.
func (s *story) yaml() string {
	zone := s.zone
	if zone == "" {
		zone = "Asia/Shanghai"
	}
	return "id: story\nzone: " + zone + "\nareas: [{id: a}, {id: b}, {id: c}, {id: d}]\n" +
		"groups: [{id: g, areas: [a, b, c]}, {id: pair, areas: [a, b]}]\nclasses: [{id: rural}, {id: town}]\n" + s.policy
}

func (s *story) parsed(t testing.TB) *policy.Policy {
	t.Helper()
	p, err := policy.Parse("story.yaml", []byte(s.yaml()))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tell loads the story and builds the answer.
func (s *story) tell(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	p := s.parsed(t)
	var o snapshot.Options
	if s.year != 0 {
		o.Year = &s.year
	}
	return snapshot.Build(s.engine(t, p), p, o)
}

func (s *story) engine(t testing.TB, p *policy.Policy) *engine.Engine {
	t.Helper()
	r := storyReader{t: t, zone: p.Zone}
	base, err := reliability.NewBase(r.base(s.base), []outage.Class{"rural", "town"})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, engine.Options{Zone: p.Zone, Workers: 1})
	batch, skipped := r.events(s.events)
	load := e.Begin()
	if err := load.Add(batch); err != nil {
		t.Fatal(err)
	}
	d := &outage.Delivery{Path: "events", Rows: batch.Len() + len(batch.Rejected) + skipped, Skipped: skipped, Covers: r.covers(s.covers)}
	if err := load.Commit(d); err != nil {
		t.Fatal(err)
	}
	e.Advance(r.at(s.asOf))
	return e
}

// A storyReader turns the tables of a story into values.
type storyReader struct {
	t    testing.TB
	zone *time.Location
}

// at reads a local date, with a clock at will.
func (r storyReader) at(text string) int64 {
	r.t.Helper()
	for _, form := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339} {
		if at, err := time.ParseInLocation(form, text, r.zone); err == nil {
			return at.Unix()
		}
	}
	r.t.Fatalf("%q is no time", text)
	return 0
}

func (r storyReader) number(text string) int64 {
	r.t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// tableOf splits a table into the words of its lines.
func tableOf(text string) (lines [][]string) {
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		for i, w := range words {
			if w == "-" {
				words[i] = ""
			}
		}
		if len(words) > 0 {
			lines = append(lines, words)
		}
	}
	return lines
}

func (r storyReader) base(table string) (rows []outage.Customers) {
	r.t.Helper()
	for _, words := range tableOf(table) {
		row := outage.Customers{
			Feeder: words[0], Area: outage.Area(words[1]), Class: outage.Class(words[2]), Customers: r.number(words[3]),
			ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo,
		}
		if len(words) > 4 && words[4] != "" {
			row.ValidFrom = r.at(words[4])
		}
		if len(words) > 5 {
			row.ValidTo = r.at(words[5])
		}
		rows = append(rows, row)
	}
	return rows
}

func (r storyReader) events(table string) (b *outage.Batch, skipped int) {
	r.t.Helper()
	b = outage.NewBatch(outage.NewDict())
	for i, words := range tableOf(table) {
		if words[0] == "title" {
			skipped++
			continue
		}
		e := outage.Event{
			Row: outage.Row(i + 2), ID: words[0], Feeder: words[1], Area: words[2], Class: words[3], End: outage.Open,
			Customers: r.number(words[6]), Served: outage.Missing,
		}
		if words[4] != "" {
			e.Start = r.at(words[4])
		}
		if words[5] != "open" {
			e.End = r.at(words[5])
		}
		switch {
		case len(words) < 8:
			b.Append(&e)
		case words[7] == "pre-arranged":
			e.Nature = outage.PlannedMaintenance
			b.Append(&e)
		case words[7] == "excluded":
			e.Nature = outage.NotAnOutage
			b.Append(&e)
		default:
			b.Rejected = append(b.Rejected, outage.Rejection{Event: e, Column: "customers", Value: "-3", Reason: outage.Reason(words[7])})
		}
	}
	return b, skipped
}

func (r storyReader) covers(table string) (all []outage.Covers) {
	r.t.Helper()
	for _, words := range tableOf(table) {
		c := outage.Covers{Period: period.Period{From: r.at(words[0]), To: r.at(words[1])}}
		for _, area := range words[2:] {
			c.Areas = append(c.Areas, outage.Area(area))
		}
		all = append(all, c)
	}
	return all
}

// hoursOf writes hours with six decimals, and "null" where there are none.
func hoursOf(v *float64) string {
	if v == nil {
		return "null"
	}
	return strconv.FormatFloat(*v, 'f', 6, 64)
}

// verdictOf writes what matters most of a target: scope, class, rule and year;
// the verdict; value and limit in hours; the reasons, the one that decides
// first and the others in the order of the alphabet.
func verdictOf(target *snapshot.Target) string {
	reasons := slices.Clone(target.Reasons)
	if len(reasons) > 1 {
		slices.Sort(reasons[1:])
	}
	provisional := ""
	if target.Provisional {
		provisional = " provisional"
	}
	return fmt.Sprintf("%s %s %s %d %s%s: %s of %s: %s", target.Scope, target.Class, target.Rule, target.Year, target.Verdict, provisional,
		hoursOf(target.ValueHours), hoursOf(target.LimitHours), strings.Join(reasons, " "))
}

// detailsOf writes the rest of a target.
func detailsOf(target *snapshot.Target) map[string]string {
	year := "null"
	if target.BaseYear != nil {
		year = strconv.Itoa(*target.BaseYear)
	}
	return map[string]string{
		"strength": target.Strength, "after": strconv.FormatBool(target.AfterDeadline), "base year": year,
		"base": hoursOf(target.BaseHours), "reduction": hoursOf(target.Reduction), "required": hoursOf(target.RequiredReduction),
		"share": hoursOf(target.ExpectedShare), "pace": hoursOf(target.Pace), "without": strings.Join(target.WithoutData, " "),
		"gaps": strings.Join(target.Gaps, " "), "through": target.DataThrough, "from": target.From, "to": target.To,
	}
}

// indexOf finds the entry of a scope, class and window.
func indexOf(s *snapshot.Snapshot, scope, class, window string) *snapshot.Entry {
	for i := range s.Indices {
		if e := &s.Indices[i]; e.Scope == scope && e.Class == class && e.Window == window {
			return e
		}
	}
	return nil
}
