package snapshot_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// The policies of the gap cases: 11.5 h are met or missed by a cap of 12 h or
// 11 h, and by 8 % less than 12.5 h or 12 h.
const (
	cap12 = "targets: [{scope: a, class: rural, cap: 12h, strength: duty, deadline: 2022-12-31}]\n"
	cap10 = "targets: [{scope: a, class: rural, cap: 10h, strength: duty, deadline: 2022-12-31}]\n"
	duty2 = "targets: [{scope: a, class: rural, cap: 12h, strength: duty, deadline: 2022-12-31}, {scope: b, class: rural, cap: 12h, strength: duty, deadline: 2022-12-31}]\n"
)

// A gap in the year blocks met and on-track, one in the base year a reduction's
// missed; no other. In 2022 the whole of January is missing, 31 of 365 days.
func TestCoverageGapsBlock(t *testing.T) {
	t.Parallel()
	const whole, noJanuary, noJanuary2021 = "2021-01-01 2023-01-01\n", "2021-01-01 2022-01-01\n2022-02-01 2023-01-01\n", "2021-02-01 2023-01-01\n"
	closed := func(policy, events, covers string) story {
		return story{policy: policy, base: hundred, events: events, covers: covers, asOf: "2023-06-01", year: 2022}
	}
	met, missed := base125+value115, base125+value115+oneMore
	gapA := []map[string]string{{"gaps": "a"}}
	checkTargets(t, []targetCase{
		{"no gap", closed(eight, met, whole), []string{"a rural reduction 2022 met: 11.500000 of 11.500000: within-limit"}, []map[string]string{{"gaps": ""}}},
		{"a gap in the year, met", closed(eight, met, noJanuary), []string{"a rural reduction 2022 cannot-tell: 11.500000 of 11.500000: coverage-gap within-limit"}, gapA},
		{"a gap in the year, missed", closed(eight, missed, noJanuary), []string{"a rural reduction 2022 missed: 11.500003 of 11.500000: over-limit coverage-gap"}, gapA},
		{"a gap in the base year, met", closed(eight, met, noJanuary2021), []string{"a rural reduction 2022 met: 11.500000 of 11.500000: within-limit base-coverage-gap"}, gapA},
		{"a gap in the base year, missed", closed(eight, missed, noJanuary2021), []string{"a rural reduction 2022 cannot-tell: 11.500003 of 11.500000: base-coverage-gap over-limit"}, gapA},
		{"a gap in the base year does not concern a cap", closed(cap10, met, noJanuary2021), []string{"a rural cap 2022 missed: 11.500000 of 10.000000: over-limit"}, []map[string]string{{"gaps": ""}}},
		{"a gap in the year, cap met", closed(cap12, met, noJanuary), []string{"a rural cap 2022 cannot-tell: 11.500000 of 12.000000: coverage-gap within-limit"}, gapA},
		{"a gap elsewhere", closed(cap12, met, "2021-01-01 2023-01-01 a\n2021-01-01 2022-01-01 b\n"), []string{"a rural cap 2022 met: 11.500000 of 12.000000: within-limit"}, nil},
		// 99 % of 365 days is all but 3 days 15:36: exactly so much is enough.
		{"the minimum exactly", closed(cap12, met, "2021-01-01 2022-12-28T08:24:00\n"), []string{"a rural cap 2022 met: 11.500000 of 12.000000: within-limit"}, nil},
		{"a second less", closed(cap12, met, "2021-01-01 2022-12-28T08:23:59\n"), []string{"a rural cap 2022 cannot-tell: 11.500000 of 12.000000: coverage-gap within-limit"}, gapA},
		{"undeclared", closed(cap12, met, ""), []string{"a rural cap 2022 met: 11.500000 of 12.000000: within-limit coverage-unknown"}, nil},
		{"another area is declared", closed(cap12, met, "2021-01-01 2022-01-01 b"), []string{"a rural cap 2022 met: 11.500000 of 12.000000: within-limit coverage-unknown"}, nil},
		// Touching and overlapping periods, in any order, are one.
		{"in pieces", closed(cap12, met, "2022-06-01 2023-01-01 a b\n2022-01-01 2022-03-01\n2022-02-01 2022-06-01 a\n"), []string{"a rural cap 2022 met: 11.500000 of 12.000000: within-limit"}, nil},
	})
}

// While the year runs a gap blocks on-track, and neither at-risk nor off-track.
// On 1 July 181 of 365 days have passed, so 11.5 h are on track for 24 h, at
// risk for 23 h (11.5 / (23 × 181 / 365) = 1.008) and far above for 12 h.
func TestCoverageGapsWhileTheYearRuns(t *testing.T) {
	t.Parallel()
	running := func(hours int) story {
		return story{policy: fmt.Sprintf("targets: [{scope: a, class: rural, cap: %dh, strength: duty, deadline: 2022-12-31}]\n", hours),
			base: hundred, events: value115, covers: "2022-02-01 2022-12-01\n", asOf: "2022-07-01"}
	}
	checkTargets(t, []targetCase{
		{"on track", running(24), []string{"a rural cap 2022 cannot-tell provisional: 11.500000 of 24.000000: coverage-gap pace-within share-of-time"}, nil},
		{"at risk", running(23), []string{"a rural cap 2022 at-risk provisional: 11.500000 of 23.000000: pace-above coverage-gap share-of-time"}, nil},
		{"far above", running(12), []string{"a rural cap 2022 off-track provisional: 11.500000 of 12.000000: pace-far-above coverage-gap share-of-time"}, nil},
		{"limit passed", running(11), []string{"a rural cap 2022 off-track provisional: 11.500000 of 11.000000: limit-passed coverage-gap"}, nil},
	})
}

// An outage where the base has nobody yet is above the base as much as one of more
// customers than it has: 1 row of 2.
func TestNobodyInServiceIsAboveTheBase(t *testing.T) {
	t.Parallel()
	events := "A F1 - - 2022-02-01T10:00 2022-02-10T10:00 10\nB F2 - - 2022-01-05T10:00 2022-01-05T10:30 5\n"
	of := func(base string) story {
		return story{policy: cap12, base: base, events: events, covers: "2022-01-01 2023-01-01\n", asOf: "2023-06-01", year: 2022}
	}
	checkTargets(t, []targetCase{
		{"too few", of("F1 a rural 1\nF2 a rural 10\n"), []string{"a rural cap 2022 missed: 19.863636 of 12.000000: over-limit too-many-uncounted"}, nil},
		{"nobody", of("F1 a rural 10 2022-07-01\nF2 a rural 10\n"), []string{"a rural cap 2022 cannot-tell: 0.166211 of 12.000000: too-many-uncounted within-limit"}, nil},
	})
}

// rows makes n rows of no customers in area b or a, which count and change no
// value.
func rows(n int, feeder, year string) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, "%s%s-%d %s - - %s-06-01T00:00 %s-06-01T01:00 0\n", feeder, year, i, feeder, year, year)
	}
	return all.String()
}

// Rejected rows and rows over the base count against the areas and years in
// which they may lie. More than one in a hundred block.
func TestUncountedRows(t *testing.T) {
	t.Parallel()
	all := rows(98, "F1", "2022") + rows(99, "F2", "2022") + value115 // 99 rows of a, 99 of b
	closed := func(events string) story {
		return story{policy: duty2, base: fourFeeds, events: all + events, covers: "2021-01-01 2023-01-01", asOf: "2023-06-01", year: 2022}
	}
	const (
		metA = "a rural cap 2022 met: 11.500000 of 12.000000: within-limit"
		metB = "b rural cap 2022 met: 0.000000 of 12.000000: within-limit zero-value"
		noA  = "a rural cap 2022 cannot-tell: 11.500000 of 12.000000: too-many-uncounted within-limit"
		noB  = "b rural cap 2022 cannot-tell: 0.000000 of 12.000000: too-many-uncounted within-limit zero-value"
	)
	rejected := func(id, feeder, area, start string) string {
		return id + " " + feeder + " " + area + " - " + start + " open 1 bad-customers\n"
	}
	checkTargets(t, []targetCase{
		{"one in a hundred", closed(rejected("R", "F1", "-", "2022-05-01")), []string{metA, metB}, nil},
		{"two in a hundred and one, of a's feeder", closed(rejected("R", "F1", "-", "2022-05-01") + rejected("S", "F1", "-", "2022-05-01")), []string{noA, metB}, nil},
		{"of a, without feeder", closed(rejected("R", "-", "a", "2022-05-01") + rejected("S", "-", "a", "2022-05-01")), []string{noA, metB}, nil},
		{"of a, its feeder unknown", closed(rejected("R", "F9", "a", "2022-05-01") + rejected("S", "F9", "a", "2022-05-01")), []string{noA, metB}, nil},
		{"of nobody knows where", closed(rejected("R", "-", "-", "2022-05-01") + rejected("S", "F9", "-", "2022-05-01")), []string{noA, noB}, nil},
		{"of another year", closed(rejected("R", "F1", "-", "2021-05-01") + rejected("S", "F1", "-", "2021-05-01")), []string{metA, metB}, nil},
		{"of nobody knows when", closed(rejected("R", "F1", "-", "-") + rejected("S", "F1", "-", "-")), []string{noA, metB}, nil},
		{"of a year that cannot be", closed("R F1 - - 1987-05-01 open 1 implausible-year\nS F1 - - 1987-05-01 open 1 implausible-year\n"), []string{noA, metB}, nil},
		{"over the base", closed("O F1 - - 2022-07-01 2022-07-01 101\nP F1 - - 2022-07-02 2022-07-02 101\n"), []string{noA, metB}, nil},
		{"all of the base", closed("O F1 - - 2022-07-01 2022-07-01 100\nP F1 - - 2022-07-02 2022-07-02 100\n"), []string{metA, metB}, nil},
		{"excluded rows dilute nothing", closed(rejected("R", "F1", "-", "2022-05-01") + rejected("S", "F1", "-", "2022-05-01") + strings.NewReplacer("F12022", "X", " 0\n", " 0 excluded\n").Replace(rows(200, "F1", "2022"))), []string{noA, metB}, nil},
		{"title rows dilute nothing", closed(rejected("R", "F1", "-", "2022-05-01") + rejected("S", "F1", "-", "2022-05-01") + strings.Repeat("title\n", 200)), []string{noA, metB}, nil},
		{"told twice dilutes nothing", closed(rejected("R", "F1", "-", "2022-05-01") + rejected("S", "F1", "-", "2022-05-01") + rows(98, "F1", "2022") + value115), []string{noA, metB}, nil},
		{"what has not begun dilutes nothing", closed(rejected("R", "F1", "-", "2022-05-01") + rejected("S", "F1", "-", "2022-05-01") + strings.ReplaceAll(rows(200, "F1", "2022"), "2022-06-01T", "2023-07-01T")), []string{noA, metB}, nil},
		{"nor does it block", closed(rejected("R", "F1", "-", "2023-07-01") + rejected("S", "F1", "-", "2023-07-01") + "O F1 - - 2023-07-01 2023-07-01 101\nP F1 - - 2023-07-02 2023-07-02 101\n"), []string{metA, metB}, nil},
	})
}

// A member whose rows do not count is not made good by the others.
func TestUncountedRowsOfAMember(t *testing.T) {
	t.Parallel()
	policy := "targets: [{scope: pair, class: rural, cap: 12h, strength: duty, deadline: 2022-12-31}]\n"
	s := story{policy: policy, base: fourFeeds, covers: "2021-01-01 2023-01-01", asOf: "2023-06-01", year: 2022,
		events: rows(1000, "F1", "2022") + rows(3, "F2", "2022") + "R F2 - - 2022-05-01 open 1 bad-customers\n"}
	checkTargets(t, []targetCase{{"one of four rows", s, []string{"pair rural cap 2022 cannot-tell: 0.000000 of 12.000000: too-many-uncounted within-limit zero-value"}, []map[string]string{{"gaps": "b"}}}})
}

// The same holds of the base year, where it blocks a reduction's missed only.
func TestUncountedRowsOfTheBaseYear(t *testing.T) {
	t.Parallel()
	one := "R F1 - - 2021-05-01 open 1 bad-customers\n"
	closed := func(events string) story {
		return story{policy: eight, base: hundred, events: base125 + value115 + events, covers: "2021-01-01 2023-01-01", asOf: "2023-06-01", year: 2022}
	}
	unknown := "R F1 - - - open 1 bad-time\n"
	checkTargets(t, []targetCase{
		{"met", closed(one), []string{"a rural reduction 2022 met: 11.500000 of 11.500000: within-limit base-too-many-uncounted"}, nil},
		{"missed", closed(one + oneMore), []string{"a rural reduction 2022 cannot-tell: 11.500003 of 11.500000: base-too-many-uncounted over-limit"}, nil},
		{"nobody knows when, met", closed(unknown), []string{"a rural reduction 2022 cannot-tell: 11.500000 of 11.500000: too-many-uncounted base-too-many-uncounted within-limit"}, nil},
		{"nobody knows when, missed", closed(unknown + oneMore), []string{"a rural reduction 2022 cannot-tell: 11.500003 of 11.500000: base-too-many-uncounted over-limit too-many-uncounted"}, nil},
	})
}

// A rejected row of a file that names its area counts there, whether the base
// has feeders or not.
func TestUncountedRowsOfAFile(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"- a rural 100\n- b rural 100\n", "F1 a rural 100\nF2 b rural 100\n"} {
		s := story{policy: duty2, base: base, asOf: "2023-06-01", year: 2022}
		p := s.parsed(t)
		r := storyReader{t: t, zone: p.Zone}
		served, err := reliability.NewBase(r.base(base), nil)
		if err != nil {
			t.Fatal(err)
		}
		e := engine.New(served, engine.Options{Zone: p.Zone, Workers: 1})
		load := e.Begin()
		file := "event_id,area,class,start,end,customers\n1,a,rural,2022-03-01 00:00,2022-03-01 01:00,10\n2,b,rural,2022-03-01 00:00,2022-03-01 01:00,10\n3,a,rural,2022-04-01 00:00,2022-03-01 01:00,10\n"
		d, err := ingest.Events("events.csv", strings.NewReader(file), ingest.Options{Names: p.Names(), Zone: p.Zone}, load.Add)
		if err != nil {
			t.Fatal(err)
		}
		if err := load.Commit(d); err != nil {
			t.Fatal(err)
		}
		e.Advance(r.at(s.asOf))
		got := snapshot.Build(e, p, snapshot.Options{Year: &s.year})
		if a, b := got.Targets[0].Verdict, got.Targets[1].Verdict; a != "cannot-tell" || b != "met" || got.Quality.Rejected != 1 {
			t.Errorf("base %q: a is %s %v, b %s %v, %d rejected; the only rejected row is of a, so want cannot-tell, met, 1",
				base, a, got.Targets[0].Reasons, b, got.Targets[1].Reasons, got.Quality.Rejected)
		}
	}
}

// An outage that has been open for more than three days blocks missed and the
// limit passed, unless the limit is exceeded without it, and no other; of whole years nothing newer that is open is
// judged but by its pace, of which all is expected by then.
func TestOpenOutages(t *testing.T) {
	t.Parallel()
	closed := func(limit, events, asOf string) story {
		return story{policy: "settle: 1d\ntargets: [{scope: a, class: rural, cap: " + limit + ", strength: duty, deadline: 2022-12-31}]\n",
			base: fourFeeds, events: events, covers: "2021-01-01 2024-01-01", asOf: asOf, year: 2022}
	}
	shortless := func(s story) story { s.policy = "index: saidi-4\n" + s.policy; return s }
	// 10 of 100 customers: on 1 January a day is 2.4 h, three days are 7.2 h, and
	// 10 days 24 h.
	const day, three, more, ten = "E F1 - - 2022-12-31 open 10\n", "E F1 - - 2022-12-29 open 10\n", "E F1 - - 2022-12-28T23:59:59 open 10\n", "E F1 - - 2022-12-22 open 10\n"
	checkTargets(t, []targetCase{
		{"stale, met", closed("24h", ten, "2023-01-01"), []string{"a rural cap 2022 met provisional: 24.000000 of 24.000000: within-limit not-settled stale-open-outages"}, nil},
		{"stale, settled, met", closed("24h", ten, "2023-06-01"), []string{"a rural cap 2022 met provisional: 24.000000 of 24.000000: within-limit stale-open-outages"}, nil},
		{"stale, missed", closed("23.9h", ten, "2023-01-01"), []string{"a rural cap 2022 cannot-tell provisional: 24.000000 of 23.900000: stale-open-outages not-settled over-limit"}, nil},
		// Without the stale outage 11.5 h are left, above 11 h but not above 11.5 h.
		{"stale, missed without it", closed("11h", value115+"E F1 - - 2022-12-22 open 1\n", "2023-06-01"), []string{"a rural cap 2022 missed provisional: 13.900000 of 11.000000: over-limit stale-open-outages"}, nil},
		{"stale, met without it", closed("11.5h", value115+"E F1 - - 2022-12-22 open 1\n", "2023-06-01"), []string{"a rural cap 2022 cannot-tell provisional: 13.900000 of 11.500000: stale-open-outages over-limit"}, nil},
		// Where what is short does not count, nobody can say what would be left.
		{"stale, an index without the momentary", shortless(closed("11h", value115+"E F1 - - 2022-12-22 open 1\n", "2023-06-01")), []string{"a rural cap 2022 cannot-tell provisional: 13.900000 of 11.000000: stale-open-outages over-limit"}, nil},
		{"stale of nobody", closed("11h", value115+"E F1 - - 2022-12-22 open 0\n", "2023-06-01"), []string{"a rural cap 2022 missed provisional: 11.500000 of 11.000000: over-limit stale-open-outages"}, nil},
		{"stale elsewhere", closed("11h", "E F2 - - 2022-12-22 open 10\n"+value115, "2023-06-01"), []string{"a rural cap 2022 missed: 11.500000 of 11.000000: over-limit"}, nil},
		{"stale, limit passed", closed("2h", "E F1 - - 2022-06-01 open 10\n", "2022-06-05"), []string{"a rural cap 2022 cannot-tell provisional: 9.600000 of 2.000000: stale-open-outages limit-passed"}, nil},
		{"three days exactly are not stale", closed("8h", three, "2023-01-01"), []string{"a rural cap 2022 on-track provisional: 7.200000 of 8.000000: pace-within outages-still-open share-of-time"}, []map[string]string{{"share": "1.000000", "pace": "0.900000"}}},
		{"a second more is", closed("8h", more, "2023-01-01"), []string{"a rural cap 2022 met provisional: 7.200028 of 8.000000: within-limit not-settled stale-open-outages"}, nil},
		{"open, the limit exactly", closed("2.4h", day, "2023-01-01"), []string{"a rural cap 2022 on-track provisional: 2.400000 of 2.400000: pace-within outages-still-open share-of-time"}, []map[string]string{{"share": "1.000000", "pace": "1.000000"}}},
		{"open, limit passed", closed("2h", day, "2023-01-01"), []string{"a rural cap 2022 off-track provisional: 2.400000 of 2.000000: limit-passed outages-still-open"}, nil},
		{"open elsewhere", closed("12h", value115+"E F2 - - 2022-12-31 open 10\n", "2023-01-01"), []string{"a rural cap 2022 met provisional: 11.500000 of 12.000000: within-limit not-settled"}, nil},
		// What begins in 2023 is nothing to 2022, not even at its first instant.
		{"open since the new year", closed("12h", value115+"E F1 - - 2023-01-01 open 10\n", "2023-01-02T12:00"), []string{"a rural cap 2022 met: 11.500000 of 12.000000: within-limit"}, nil},
		{"stale since the new year", closed("11h", value115+"E F1 - - 2023-01-01 open 10\n", "2023-02-01"), []string{"a rural cap 2022 missed: 11.500000 of 11.000000: over-limit"}, nil},
		{"open since last year", closed("12h", value115+"E F1 - - 2022-12-31T23:00 open 10\n", "2023-01-02T12:00"), []string{"a rural cap 2022 on-track provisional: 11.600000 of 12.000000: pace-within outages-still-open share-of-time"}, nil},
		{"over by now", closed("12h", value115+"E F1 - - 2022-12-31T23:00 2023-01-02 10\n", "2023-01-02T12:00"), []string{"a rural cap 2022 met: 11.600000 of 12.000000: within-limit"}, nil},
	})
}

// Feeders may span areas. A row that names none is split over them, so of each
// of them something is known: 150 customers for 2 h are 100 in a and 50 in b.
func TestARowOfTwoAreas(t *testing.T) {
	t.Parallel()
	s := story{policy: duty2, base: "F1 a rural 200\nF1 b rural 100\n", events: "E F1 - - 2022-03-01T00:00 2022-03-01T02:00 150\n", asOf: "2023-06-01", year: 2022}
	checkTargets(t, []targetCase{{"split", s, []string{
		"a rural cap 2022 met: 1.000000 of 12.000000: within-limit coverage-unknown",
		"b rural cap 2022 met: 1.000000 of 12.000000: within-limit coverage-unknown",
	}, nil}})
}

// Coverage of last year that is declared later may bring its course to light:
// the expected share is then no longer that of the time. What was at risk can
// turn out on track, which a gap in the year blocks. The more is known the less
// may be told: the specification wants it so.
func TestMoreCoverageMayUnsayAPace(t *testing.T) {
	t.Parallel()
	// On 1 July: 11.5 h of 23 h, and last year all of its 12.5 h by then.
	s := story{policy: "targets: [{scope: a, class: rural, cap: 23h, strength: duty, deadline: 2022-12-31}]\n", base: hundred, events: base125 + value115, asOf: "2022-07-01"}
	before, after := s, s
	before.covers, after.covers = "2021-02-01 2022-06-01\n", "2021-01-01 2022-06-01\n"
	checkTargets(t, []targetCase{
		{"before", before, []string{"a rural cap 2022 at-risk provisional: 11.500000 of 23.000000: pace-above coverage-gap share-of-time"}, nil},
		{"after", after, []string{"a rural cap 2022 cannot-tell provisional: 11.500000 of 23.000000: coverage-gap pace-within share-of-last-year"}, nil},
	})
}

// A period of no length declares nothing: such as that of a day that a zone
// leaves out, 30 December 2011 in Apia.
func TestEmptyDeclaredPeriod(t *testing.T) {
	t.Parallel()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("a declared period of no length: panic: %v", r)
		}
	}()
	c := targetCase{story: story{policy: cap12, base: hundred, events: value115, covers: "2022-01-01 2022-01-01\n", asOf: "2023-06-01", year: 2022}}
	c.want = []string{"a rural cap 2022 met: 11.500000 of 12.000000: within-limit coverage-unknown"}
	c.check(t)
}
